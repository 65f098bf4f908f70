/*
 * Rows as every reader gives them: many at a time, each a run of values side by side in one text.
 * For a CSV that text is the input itself and the rows only know where its fields end; other
 * readers write their values one behind the other. Either way a row costs two bytes a column and no
 * allocation.
 */
#ifndef XD_MODEL_ROWS_H
#define XD_MODEL_ROWS_H

#include "base/arena.h"
#include "model/document.h"
#include "model/field.h"

#define XD_COLUMNS_MAX 256

/* Which field stands in which column: one for all rows of a document. */
struct xd_columns {
    uint8_t of_field[XD_FIELD_COUNT]; /* column from 0, or XD_FIELD_NONE when the document does not
                                         say it */
    uint8_t field_of[XD_COLUMNS_MAX]; /* enum xd_field of each column, or XD_FIELD_NONE */
    uint16_t count;
};

#define XD_ASIDE UINT16_MAX

/* A value that was rewritten to be read (escapes, another unit), or is very long. */
struct xd_aside {
    struct xd_slice value;
    uint64_t offset; /* byte of the document of what it was made from */
};

/* A row that has another number of columns than the header: what it holds means nothing. */
struct xd_ragged {
    uint32_t row;
    uint32_t columns; /* that it has */
    uint32_t wanted;  /* that the header has */
};

/* Blank lines: a spreadsheet shows each as a row of its own, a reader passes them over. */
struct xd_gap {
    uint32_t row;    /* the row behind them */
    uint32_t blanks; /* in front of it, since row 0 of these rows */
};

/* A value that is not written as a person said of its column. What it seems to say does not count:
 * its row says nothing of the field. */
struct xd_misfit {
    uint32_t row;
    uint8_t field;         /* enum xd_field */
    struct xd_slice value; /* as it stands in the document */
};

struct xd_rows {
    const struct xd_document *document;
    const struct xd_columns *columns;
    const char *text;   /* values lie in here; the builder writes it through its own pointer */
    uint32_t count;     /* rows */
    uint32_t first_row; /* number of the first line of these rows; the header is row 1 */
    uint32_t *starts;   /* [count] byte of `text` at which a row starts */
    uint16_t *ends; /* [count * columns->count] where each value ends, counted from the row's start;
                       the next value starts one byte behind it. NULL when `wide_ends` is used */
    uint32_t *wide_ends;      /* the same for rows beyond 64 KiB */
    struct xd_ragged *ragged; /* ascending */
    uint32_t ragged_count;
    struct xd_misfit *misfits; /* rows ascending */
    uint32_t misfit_count;
    struct xd_gap *gaps; /* ascending */
    uint32_t gap_count;
    uint32_t blanks;      /* blank lines in front of, between and behind the rows */
    bool quoted;          /* values may be quoted as in RFC 4180 */
    uint64_t text_offset; /* byte of the document at which `text` starts, when text is part of the
                             document */
    /* What a builder gives instead of starts and ends: values that lie anywhere in the document. */
    uint64_t *row_offsets; /* [count] byte of the document for each row; else NULL */
    uint16_t
        *value_lengths; /* [count * columns->count]; XD_ASIDE for what is not in the document so */
    int32_t *value_places; /* the same: its byte counted from the offset of row 0, before it when
                              an outer element said the value; or which of the asides it is */
    struct xd_aside *asides;
    uint32_t aside_count;
};

/* The slow ends of xd_rows_raw and xd_rows_unquote. */
struct xd_slice xd_rows_raw_elsewhere(const struct xd_rows *rows, uint32_t row, size_t at);
struct xd_slice xd_rows_undouble(struct xd_slice inner, struct xd_arena *scratch);

/* The bytes between the separators: quotes still on. */
static inline struct xd_slice
xd_rows_raw(const struct xd_rows *rows, uint32_t row, unsigned column)
{
    size_t at = (size_t)row * rows->columns->count + column;
    uint32_t begin;

    if (!rows->ends) {
        return xd_rows_raw_elsewhere(rows, row, at);
    }
    begin = column ? rows->ends[at - 1] + 1u : 0;
    return xd_slice_of(rows->text + rows->starts[row] + begin, rows->ends[at] - begin);
}

/* The value of raw bytes that xd_rows_raw gave; `scratch` as for xd_rows_get. */
static inline struct xd_slice
xd_rows_unquote(const struct xd_rows *rows, struct xd_slice raw, struct xd_arena *scratch)
{
    if (!rows->quoted || raw.len < 2 || raw.ptr[0] != '"') {
        return raw;
    }
    raw = xd_slice_of(raw.ptr + 1, raw.len - 2);
    return memchr(raw.ptr, '"', raw.len) ? xd_rows_undouble(raw, scratch) : raw;
}

/*
 * The value of a field: without its quotes, inner quotes single. Empty when the document has no
 * such column. `scratch` is used only for a value that holds doubled quotes; the slice lives as
 * long as the rows and the scratch.
 */
static inline struct xd_slice
xd_rows_get(const struct xd_rows *rows, uint32_t row, enum xd_field field, struct xd_arena *scratch)
{
    uint8_t column = rows->columns->of_field[field];

    return column == XD_FIELD_NONE ? XD_NONE
                                   : xd_rows_unquote(rows, xd_rows_raw(rows, row, column), scratch);
}

/* The same by column. */
static inline struct xd_slice
xd_rows_value(const struct xd_rows *rows, uint32_t row, unsigned column, struct xd_arena *scratch)
{
    return xd_rows_unquote(rows, xd_rows_raw(rows, row, column), scratch);
}

/* The number that a spreadsheet shows for the row. */
uint32_t xd_rows_number(const struct xd_rows *rows, uint32_t row);

/* Byte of the document at which the row, or a value of it, starts. */
uint64_t xd_rows_offset(const struct xd_rows *rows, uint32_t row);
uint64_t xd_rows_value_offset(const struct xd_rows *rows, uint32_t row, unsigned column);

/*
 * Builds rows for a reader whose values do not lie side by side in its input. Values set stay for
 * the next row too until they are cleared: a parcel's address is set once and holds for each of its
 * lines. A value that lies in the document where its offset says is not copied.
 */
struct xd_row_builder {
    struct xd_rows rows;
    struct xd_arena *arena; /* the rows live here */
    uint32_t expect;        /* rows to make room for at first; 0 when not known */
    uint32_t row_cap;
    uint32_t aside_cap;
    struct xd_slice values[XD_FIELD_COUNT]; /* borrowed until the next xd_row_builder_add */
    uint64_t offsets[XD_FIELD_COUNT];       /* byte of the document of each value */
    /* Every change of a value goes through xd_row_builder_set: then a row starts as a copy of the
     * one before. */
    bool keeps;
    uint64_t changed; /* fields set since the last row */
    bool failed;      /* memory ran out */
};

/* `columns` must hold every field the reader sets (see xd_columns_all). */
void xd_row_builder_init(struct xd_row_builder *builder, struct xd_arena *arena,
                         const struct xd_document *document, const struct xd_columns *columns,
                         uint32_t first_row);

static inline void
xd_row_builder_set(struct xd_row_builder *builder, enum xd_field field, struct xd_slice value,
                   uint64_t offset)
{
    builder->values[field] = value;
    builder->offsets[field] = offset;
    builder->changed |= 1ull << field;
}

/* Goes on with other columns, which must hold every field of the old ones; the rows that are there
 * get them, too. A field may share a column with others while none of them is said. */
void xd_row_builder_widen(struct xd_row_builder *builder, const struct xd_columns *columns);

/* Forgets the values of a set of fields, a bit each. */
static inline void
xd_row_builder_clear(struct xd_row_builder *builder, uint64_t fields)
{
    builder->changed |= fields;
    for (; fields; fields &= fields - 1) {
        builder->values[__builtin_ctzll(fields)].len = 0;
    }
}

/* Adds a row of the values as they stand; `offset` is the byte of the document at which the row
 * starts. */
void xd_row_builder_add(struct xd_row_builder *builder, uint64_t offset);

/* Takes the first `count` rows out into *head, which stays where it is, and goes on with the others
 * in `arena`. */
void xd_row_builder_split(struct xd_row_builder *builder, uint32_t count, struct xd_arena *arena,
                          struct xd_rows *head);

/* Starts the next batch, values as they stand, with as much room as the last one took. */
void xd_row_builder_next(struct xd_row_builder *builder, uint32_t first_row);

/* Every field in the order of the enum. */
void xd_columns_all(struct xd_columns *columns);

#endif
