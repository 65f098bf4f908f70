/*
 * The layouts of CSV that merchants send, as tables: which headers give a layout away, what each
 * column means there, and in which unit or order of day and month it is written. A new layout is
 * rows of schemas/manifest/, no code.
 */
#ifndef XD_READER_DIALECT_TABLE_H
#define XD_READER_DIALECT_TABLE_H

#include "base/hash.h"
#include "base/tsv.h"
#include "model/field.h"
#include "reference/country.h"
#include "reference/embedded.h"

/* What the rows of a document are for. */
enum xd_use {
    XD_USE_MANIFEST = 1,
    XD_USE_ORDERS = 2,
};

enum xd_conversion_kind {
    XD_CONVERT_COPY,       /* the bytes as they stand */
    XD_CONVERT_NUMBER,     /* a number in the unit of its field */
    XD_CONVERT_WEIGHT,     /* times numerator / denominator, to whole grams */
    XD_CONVERT_LENGTH,     /* the same, to whole millimetres */
    XD_CONVERT_DATE,       /* read in `order`, told as YYYY-MM-DD */
    XD_CONVERT_JOIN,       /* the columns of one field, joined by a blank */
    XD_CONVERT_LINE_TOTAL, /* divided by the quantity of the row */
    XD_CONVERT_LINES,      /* cut into address1 and address2 */
    XD_CONVERT_FLAG,       /* yes and no in their spellings, to 1 and 0 */
    XD_CONVERT_DUTIES,     /* the same, to DDP and DAP: whether duties were guaranteed */
    XD_CONVERT_COUNTRY,    /* a name or a three-letter code, to the two-letter code */
    XD_CONVERT_GUARDED, /* the apostrophe or formula taken off that keeps a spreadsheet from reading
                           a number */
    XD_CONVERSION_KINDS,
};

struct xd_conversion {
    struct xd_slice name; /* "kg" */
    enum xd_conversion_kind kind;
    int64_t numerator;
    int64_t denominator;
    char order[4];        /* "ymd", "dmy" or "mdy" */
    bool comma;           /* its numbers have a decimal comma; others are refused */
    struct xd_slice text; /* "kilograms to grams" */
};

/* What the absence of a column means. */
enum xd_presence {
    XD_PRESENCE_REQUIRED, /* the file is refused */
    XD_PRESENCE_EITHER,   /* one of these must be there */
    XD_PRESENCE_OPTIONAL, /* noted */
    XD_PRESENCE_LINE,     /* noted, unless all of them are missing: one row is a whole order then */
    XD_PRESENCE_EXTRA,    /* nothing */
    XD_PRESENCE_SPARE,    /* nothing; and beside another column of its field it is not read */
    XD_PRESENCE_COUNT,
};

struct xd_dialect_column {
    struct xd_slice header; /* as its owner spells it */
    struct xd_slice key;    /* the letters and digits of it, lower case */
    enum xd_field field;    /* XD_FIELD_NONE: known and deliberately not read */
    const struct xd_conversion *conversion;
    enum xd_presence presence;
};

#define XD_DELIMITERS      ",;\t|"
#define XD_FINGERPRINT_MAX 8

struct xd_dialect {
    struct xd_slice name;  /* "global-e-eod" */
    struct xd_slice title; /* "Global-e end-of-day manifest" */
    unsigned use;          /* XD_USE_ bits */
    /* Headers that must all be there; each a list of keys with '|' between spellings of which one
     * is enough. */
    struct xd_slice fingerprint[XD_FINGERPRINT_MAX];
    size_t fingerprint_count; /* 0: never chosen by itself */
    char delimiters[5];       /* those it allows, as characters; NUL-terminated */
    enum xd_field carry_by;   /* field that groups the rows of an order, or XD_FIELD_NONE */
    enum xd_field
        parcel_from; /* field that is the parcel code where no column says it, or XD_FIELD_NONE */
    bool literal_quotes;       /* of files with tabs: a quote may be a character like any other */
    struct xd_slice file_name; /* "{merchant}Manifest_{ddmmyyyyhhmm}", or empty */
    const struct xd_dialect_column *columns;
    size_t column_count;
};

/* A header that means something by itself, or, being ambiguous, several things of which none is
 * taken. */
struct xd_alias {
    enum xd_field field; /* XD_FIELD_NONE when ambiguous */
    const struct xd_conversion *conversion;
    struct xd_slice choices; /* "order_id|recipient_name" when ambiguous */
};

#define XD_DIALECTS_MAX    32
#define XD_CONVERSIONS_MAX 32

struct xd_dialects {
    struct xd_dialect list[XD_DIALECTS_MAX];
    size_t count;
    struct xd_conversion conversions[XD_CONVERSIONS_MAX];
    size_t conversion_count;
    const struct xd_conversion *copy;
    struct xd_alias *aliases;
    struct xd_map alias_keys; /* key -> place in aliases */
    const struct xd_countries
        *countries; /* for XD_CONVERT_COUNTRY; the caller sets it, NULL leaves names as they are */
};

/* Loads the four tables of schemas/manifest/; everything lives in `arena`. `countries`, which must
 * outlive them, is what country names are looked up in; NULL leaves names as they are. False with
 * EX_CONFIG in *err. */
bool xd_dialects_load(struct xd_dialects *dialects, const struct xd_tables *tables,
                      const struct xd_countries *countries, struct xd_arena *arena,
                      struct xd_error *err);

/* Bytes that a key may need at most; a longer header has no key. */
#define XD_HEADER_KEY_MAX 128

/* The letters and digits of a header in lower case, without anything else (quotes, byte order mark,
 * blanks, dashes): what headers are compared by. Empty when there are none or too many. */
struct xd_slice xd_header_key(struct xd_slice header, char out[XD_HEADER_KEY_MAX]);

/* The layout for rows of that use when no fingerprint fits: there is always one. */
const struct xd_dialect *xd_dialect_generic(const struct xd_dialects *dialects, enum xd_use use);

/* By name, or NULL. */
const struct xd_conversion *xd_conversion_find(const struct xd_dialects *dialects,
                                               struct xd_slice name);

/* The conversion to the same unit from numbers with a decimal comma: kg-decimal-comma for kg. NULL
 * when there is none, or `from` is one. */
const struct xd_conversion *xd_conversion_comma(const struct xd_dialects *dialects,
                                                const struct xd_conversion *from);

/* True when the conversion makes sense for the field: grams for a weight, a date for a date. */
bool xd_conversion_fits(const struct xd_conversion *conversion, enum xd_field field);

/* Reads what a column means from two cells of a table: a field ("-" or empty: not read) and a
 * conversion (empty: copy), which must fit each other. False with the place in *err. */
bool xd_meaning_read(const struct xd_dialects *dialects, const struct xd_tsv *tsv,
                     struct xd_slice name, struct xd_slice word, enum xd_field *field,
                     const struct xd_conversion **conversion, struct xd_error *err);

#endif
