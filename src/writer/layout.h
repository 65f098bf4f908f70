/*
 * A layout says how a carrier wants its file: columns, widths, separator, encoding. It is loaded
 * from schemas/handoff and drives everything made from it (header, rows, checks, Table Schema), so
 * what a carrier is promised is what it gets.
 */
#ifndef XD_WRITER_LAYOUT_H
#define XD_WRITER_LAYOUT_H

#include "base/buf.h"
#include "base/date.h"
#include "model/finding.h"
#include "model/handoff.h"
#include "reference/embedded.h"
#include "source/code_page.h"
#include "writer/block.h"

enum xd_layout_type {
    XD_LAYOUT_STRING,
    XD_LAYOUT_INTEGER, /* digits */
    XD_LAYOUT_NUMBER,  /* digits with an optional sign and decimals */
    XD_LAYOUT_DATE,    /* YYYY-MM-DD */
    XD_LAYOUT_WEIGHT,  /* grams inside; written in the layout's unit */
    XD_LAYOUT_TYPE_COUNT,
};

enum xd_layout_chars {
    XD_LAYOUT_ANY, /* all but control characters */
    XD_LAYOUT_ASCII,
    XD_LAYOUT_DIGITS,
    XD_LAYOUT_UPPER,
    XD_LAYOUT_CODE, /* A-Z and 0-9 */
    XD_LAYOUT_CHARS_COUNT,
};

enum xd_layout_quoting {
    XD_LAYOUT_QUOTE_MINIMAL, /* where RFC 4180 demands it */
    XD_LAYOUT_QUOTE_ALL,
    XD_LAYOUT_QUOTE_NONE, /* a value that would need quotes is refused by xd_layout_check */
};

struct xd_layout_column {
    struct xd_slice name;
    unsigned
        value; /* enum xd_field or enum xd_value; XD_VALUE_COUNT: `constant` stands in every row */
    struct xd_slice constant;
    enum xd_layout_type type;
    enum xd_layout_chars chars;
    bool required;
    uint32_t min_length;     /* characters */
    uint32_t max_length;     /* characters; UINT32_MAX when there is no limit */
    struct xd_slice allowed; /* values parted by '|'; empty: any */
    struct xd_slice description;
    struct xd_slice example;
};

/*
 * What a million rows ask of a column, made from its description: its bytes stand sixteen times
 * each, as they are compared. A value of min_length to max_length bytes that are all in
 * low..low+span and not in `except` has nothing wrong, when `settles`.
 */
struct xd_layout_screen {
    xd_block low;
    xd_block span;
    xd_block except[2];
    uint32_t min_length;
    uint32_t max_length;
    uint16_t value; /* as the column's */
    bool settles;
    bool may_miss; /* an empty value is fine */
    bool weight;   /* of type XD_LAYOUT_WEIGHT */
};

struct xd_layout {
    struct xd_slice name;
    struct xd_slice version;     /* semantic version of the layout */
    struct xd_slice description; /* one sentence */
    struct xd_slice source;
    struct xd_slice file_name; /* with {carrier}, {date} and {part} */
    struct xd_slice encoding;  /* "utf-8", "windows-1252", ... */
    struct xd_slice line_end;
    char delimiter;
    enum xd_layout_quoting quoting;
    bool utf8;
    bool latin; /* has columns that do not take every letter */
    bool header;
    bool per_parcel; /* a row a parcel; else a row a line of a parcel */
    bool weight_in_kg;
    uint8_t weight_decimals; /* of a weight in kg */
    uint64_t max_rows;       /* of one file; UINT64_MAX when there is no limit */
    struct xd_layout_column *columns;
    struct xd_layout_screen *screens; /* [count] */
    size_t count;
    struct xd_code_page page; /* of an 8-bit encoding */
};

struct xd_layouts {
    struct xd_layout *list;
    size_t count;
};

#define XD_LAYOUT_COLUMNS_MAX 128

/* Columns of a row whose values need a second look: column i is bit i % 64 of word i / 64. */
struct xd_layout_doubt {
    uint64_t columns[XD_LAYOUT_COLUMNS_MAX / 64];
};

#define XD_LAYOUT_DOUBT_ALL ((struct xd_layout_doubt){{UINT64_MAX, UINT64_MAX}})

/* Loads schemas/handoff/layouts.tsv and the columns of each layout; everything lives in the arena.
 * False with *err. */
bool xd_layouts_load(struct xd_layouts *layouts, const struct xd_tables *tables,
                     struct xd_arena *arena, struct xd_error *err);

/* The layout of that name, or NULL. */
const struct xd_layout *xd_layout_find(const struct xd_layouts *layouts, struct xd_slice name);

/* Appends the name of a handoff file: carrier code, day of the run, number of the part from 1. */
void xd_layout_file_name(const struct xd_layout *layout, struct xd_slice carrier, xd_date day,
                         unsigned part, struct xd_buf *buf);

/* Appends the header line; nothing when the layout has none. */
void xd_layout_header(const struct xd_layout *layout, struct xd_buf *buf);

/*
 * Appends one row with its line end, in the layout's encoding. A layout of a row a parcel writes
 * only the line with line_number 1. *doubt is set to the columns that only xd_layout_check can
 * clear; a row where it finds something must not leave, and what does not fit the encoding is '?'
 * in it.
 */
void xd_layout_row(const struct xd_layout *layout, const struct xd_handoff *handoff,
                   struct xd_buf *buf, struct xd_layout_doubt *doubt);

/*
 * Says what the carrier would refuse. Looks at the columns in doubt from `from` on and returns the
 * index of the first that is at fault, with code, span within the value and detail in *diagnosis;
 * layout->count when the rest is good.
 */
size_t xd_layout_check(const struct xd_layout *layout, const struct xd_handoff *handoff,
                       const struct xd_layout_doubt *doubt, size_t from,
                       struct xd_diagnosis *diagnosis);

/* Appends the layout as a Frictionless Table Schema (JSON), with the file's dialect and our version
 * beside it. */
void xd_layout_schema(const struct xd_layout *layout, struct xd_buf *buf);

#endif
