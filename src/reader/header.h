/*
 * From the first row of a CSV to the fields of the manifest. The layout is decided once, here, so
 * that nothing is asked again for each row; what is not certain is said and left out, never
 * guessed.
 */
#ifndef XD_READER_HEADER_H
#define XD_READER_HEADER_H

#include "model/document.h"
#include "model/finding.h"
#include "model/rows.h"
#include "reader/dialect_table.h"
#include "reference/limits.h"

/* A person's word on what columns mean: `--map FILE`, one row a column. It goes before every table.
 */
struct xd_mapping {
    struct xd_mapping_row {
        struct xd_slice header;
        struct xd_slice key;
        enum xd_field field; /* XD_FIELD_NONE: do not read it */
        const struct xd_conversion *conversion;
    } * rows;
    size_t count;
};

/* Reads the rows "header<TAB>field<TAB>conversion" below that header line. `name` is for messages;
 * `text` must outlive the mapping. False with EX_CONFIG in *err. */
bool xd_mapping_load(struct xd_mapping *mapping, const struct xd_dialects *dialects,
                     const char *name, struct xd_slice text, struct xd_arena *arena,
                     struct xd_error *err);

/* Why a column is read as it is. */
enum xd_why {
    XD_WHY_UNKNOWN,   /* not read: nobody knows it */
    XD_WHY_MAPPING,   /* --map says so */
    XD_WHY_DIALECT,   /* the layout says so */
    XD_WHY_ALIAS,     /* the table of aliases says so */
    XD_WHY_AMBIGUOUS, /* not read: it can mean several things */
    XD_WHY_NAMELESS,  /* not read: it has no name */
    XD_WHY_SPARE,     /* not read: another column says it better */
    XD_WHY_VALUES,    /* proposed: its values can be read in no other way */
};

struct xd_header_column {
    struct xd_slice name; /* as spelled, without quotes */
    uint64_t offset;      /* byte of the document */
    enum xd_field field;  /* XD_FIELD_NONE: not read */
    enum xd_why why;
    bool guarded; /* an apostrophe or formula around its values is taken off */
    bool whole;   /* the other columns of its field, which are joined, count only where this one is
                     blank */
    const struct xd_conversion *conversion;
    const struct xd_dialect_column *known; /* as the layout has it, or NULL */
    struct xd_slice choices;               /* when ambiguous */
};

struct xd_header {
    const struct xd_dialect *dialect;
    struct xd_slice reason; /* one clause: why it was taken for this layout; lives in the arena */
    struct xd_header_column *column; /* [count] */
    size_t count;
    const struct xd_countries *countries; /* of the tables, for conversions */
    /* Rows are read by these as they stand, unless `convert`. */
    struct xd_columns columns;
    bool convert; /* rows go through xd_dialect_apply */
    bool serial;  /* and one chunk after the other, because empty cells take the value of an earlier
                     row */
    bool has_lines; /* one row is a line of an order, not a whole order */
    /* With `convert`: the columns of the converted rows. */
    struct xd_columns converted;
    /* Column of the file, from 1, in which the value of a field stands; 0 when it has none. What
     * findings name. */
    uint16_t column_of[XD_FIELD_COUNT];
    uint16_t ordered_at; /* column of the pieces that were ordered, from 1, where the layout keeps
                            them apart from those that are sent; else 0 */
};

/* What is known when the header is read. */
struct xd_header_ask {
    const struct xd_document *document;
    const struct xd_slice *cells; /* of the header row, with or without their quotes */
    size_t count;
    uint64_t offset;  /* byte of the document at which the header row starts */
    char delimiter;   /* that the cells were cut at */
    bool formulas;    /* as in struct xd_csv_shape; the text went through xd_unguard_text */
    bool apostrophes; /* as in struct xd_csv_shape */
    const char *delimiter_reason; /* why the cells were cut there, or NULL */
    uint32_t row;                 /* spreadsheet row of the header: 1, or 2 below a "sep=" line */
    enum xd_use use;
    const struct xd_mapping *mapping; /* or NULL */
    const struct xd_limits *limits;
};

/*
 * Decides the layout and the meaning of every column. Findings: a required column that is missing,
 * two columns of one field, a delimiter that the layout forbids, a header that nobody knows
 * (errors); an unknown or ambiguous column, a file name with an impossible date (warnings); a
 * missing optional column, another file name (notes). False when no row can be read by this header
 * (an error finding says why) or when memory ran out.
 */
bool xd_header_map(const struct xd_dialects *dialects, const struct xd_header_ask *ask,
                   struct xd_arena *arena, struct xd_header *header, struct xd_findings *findings);

/* "by the layout", "by its name", ...: a literal for listings. */
const char *xd_why_text(enum xd_why why);

#endif
