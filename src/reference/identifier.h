/*
 * The identifiers of parcels and of trade, as schemas/reference/identifiers.tsv describes them:
 * which characters stand where, what a check character covers, what the canonical form keeps. A
 * scheme is data here; only the arithmetic of a check character is code, and that is in check/.
 */
#ifndef XD_REFERENCE_IDENTIFIER_H
#define XD_REFERENCE_IDENTIFIER_H

#include "base/bytes.h"
#include "base/hash.h"
#include "reference/code_list.h"
#include "reference/embedded.h"
#include "reference/gs1_ai.h"
#include "reference/look_alike.h"

#define XD_IDENTIFIER_TEXT 64  /* characters that any shape can have, cleaned */
#define XD_CODE_TEXT       512 /* characters of a GS1 element string that are read */
#define XD_SCHEMES_MAX     128
#define XD_SCHEME_NONE     UINT16_MAX
#define XD_ID_CARRIER_NONE UINT16_MAX

/* How a check character comes about; the table names them after the '!'. */
#define XD_CHECK_FAMILIES(X)                                                                       \
    X(GS1, "gs1")                                                                                  \
    X(UPS, "ups")                                                                                  \
    X(FEDEX, "fedex")                                                                              \
    X(S10, "s10")                                                                                  \
    X(MOD7, "mod7")                                                                                \
    X(MOD37_36, "mod37-36")                                                                        \
    X(LUHN, "luhn")                                                                                \
    X(DEUTSCHE_POST, "deutsche-post")                                                              \
    X(GLS, "gls")                                                                                  \
    X(COLISSIMO, "colissimo")                                                                      \
    X(MONDIAL_RELAY, "mondial-relay")                                                              \
    X(ISO6346, "iso6346")                                                                          \
    X(PARCELFORCE, "parcelforce")

enum xd_check_family {
#define X(upper, lower) XD_CHECK_##upper,
    XD_CHECK_FAMILIES(X)
#undef X
        XD_CHECK_FAMILY_COUNT
};

/* "mod37-36" for XD_CHECK_MOD37_36; a literal. */
const char *xd_check_family_name(enum xd_check_family family);

enum xd_scheme_rule {
    XD_RULE_NONE,
    XD_RULE_S10,            /* service indicator and country are looked up */
    XD_RULE_ELEMENT_STRING, /* no shape: read by check/gs1.c */
    XD_RULE_KEEP_CASE,      /* letters of either case and punctuation belong to it */
};

/* Positions count characters of the cleaned text: from its start when >= 0 (`from`, `at`) or > 0
 * (`to`), else from its end, so that a shape of variable length has them fixed. */
struct xd_shape_check {
    uint8_t family; /* enum xd_check_family */
    int8_t from;    /* first character covered */
    int8_t to;      /* behind the last one */
    int8_t at;      /* the check character; meaningless when the shape appends it */
    uint8_t prefix_len;
    char prefix[4]; /* counted as if it stood before the covered part */
};

#define XD_SHAPE_CHECKS  2
#define XD_SPECIALS_MAX  6
#define XD_SPECIALS_NONE 0xff

/* One alternative of one scheme. */
struct xd_shape {
    uint16_t scheme;
    uint8_t score;    /* 0: never found by detection */
    uint8_t shortest; /* characters */
    uint8_t longest;
    uint8_t head;             /* positions of `symbols` before the repeated element */
    uint8_t tail;             /* positions behind it */
    uint8_t checks;           /* 0..XD_SHAPE_CHECKS */
    bool appends;             /* check[0] is not in the text; the canonical form gets it */
    int8_t keep_from;         /* the canonical form starts here */
    int8_t keep_to;           /* and ends before this; <= 0 counts from the end */
    uint64_t repeated;        /* symbols of the element whose count varies */
    const uint64_t *symbols;  /* head + tail sets of symbols, one a position */
    struct xd_slice excluded; /* the text does not begin so */
    struct xd_slice added;    /* the canonical form begins so */
    struct xd_shape_check check[XD_SHAPE_CHECKS];
};

/* A shape at one length, as bits by place: where digits and where letters may stand, and the few
 * places that take only some of them. `specials` is XD_SPECIALS_NONE when those are too many. */
struct xd_shape_key {
    uint64_t digit_places;
    uint64_t letter_places;
    uint16_t shape;
    uint16_t scheme;
    uint8_t score;
    uint8_t specials;
    uint8_t special[XD_SPECIALS_MAX];
    /* the check, when there is one at most and nothing is put in front: xd_check_family, or one of
     * the two below */
    uint8_t family;
    uint8_t from; /* first character covered */
    uint8_t to;   /* behind the last one */
    uint8_t at;   /* the check character */
};

#define XD_KEY_NO_CHECK      0xfe /* every text that fits is right */
#define XD_KEY_LOOK_AT_SHAPE 0xff /* the shape's own list of checks tells */

struct xd_shape_list {
    const struct xd_shape_key *keys;
    uint16_t count;
};

enum { XD_BEGINS_OTHERWISE, XD_BEGINS_WITH_DIGIT, XD_BEGINS_COUNT };

struct xd_scheme {
    struct xd_slice name;    /* "upu-s10" */
    struct xd_slice title;   /* "UPU S10 item identifier" */
    struct xd_slice pattern; /* PCRE2, of the cleaned text; empty for element strings */
    enum xd_scheme_rule rule;
    uint8_t score;
    uint16_t first_shape;
    uint16_t shapes;
    const struct xd_shape_key *keys; /* of all its shapes, by length, best score first */
    uint16_t key_from[XD_IDENTIFIER_TEXT +
                      2]; /* by length: the first; the next length's first ends them */
};

#define XD_CARRIER_SCHEMES 24

/* A carrier of carriers.tsv that has tracking schemes, or one of its aliases that has more. */
struct xd_identifier_carrier {
    struct xd_slice code; /* as in the table: "royal-mail" */
    struct xd_slice key;  /* lower-case letters and digits of it: "royalmail" */
    uint16_t schemes[XD_CARRIER_SCHEMES];
    uint16_t count;
    bool uses[XD_SCHEMES_MAX]; /* by scheme: the same again */
};

#define XD_CARRIER_SLOTS 256

/* A carrier by its exact code, which is nearly always what a manifest has. */
struct xd_carrier_slot {
    struct xd_bytes16 code;
    uint32_t carrier; /* with one added; 0: none */
};

struct xd_s10_indicators {
    uint8_t status[26][26]; /* enum xd_s10_status by the two letters */
};

enum xd_s10_status { XD_S10_UNASSIGNED, XD_S10_ASSIGNED, XD_S10_BILATERAL, XD_S10_FORBIDDEN };

struct xd_identifiers {
    struct xd_scheme *schemes;
    uint16_t scheme_count;
    struct xd_shape *shapes;
    uint16_t shape_count;
    /* shapes that a cleaned text can have, best score first: by what it begins with, then by length
     */
    struct xd_shape_list by_length[XD_BEGINS_COUNT][XD_IDENTIFIER_TEXT + 1];
    struct xd_identifier_carrier *carriers;
    uint16_t carrier_count;
    struct xd_carrier_slot carrier_slots[XD_CARRIER_SLOTS];
    struct xd_map scheme_map;
    struct xd_map carrier_map; /* by code and by key */
    uint8_t symbol[256];       /* byte -> symbol 0..63; XD_SYMBOL_NONE for what no shape allows */
    struct xd_look_alikes look_alikes;
    struct xd_s10_indicators s10;
    struct xd_code_lists codes;
    struct xd_gs1_ais gs1;
};

/* Symbols: digits 0..9, letters 10..35, then these. A set of symbols is one 64-bit number. */
#define XD_SYMBOL_LOWER 36 /* any lower-case letter */
#define XD_SYMBOL_PUNCT 37 /* any other character of GS1 CSET 82 but parentheses */
#define XD_SYMBOL_OPEN  38 /* ( */
#define XD_SYMBOL_CLOSE 39 /* ) */
#define XD_SYMBOL_NONE  63

#define XD_SYMBOLS_DIGIT ((uint64_t)0x3ff)
#define XD_SYMBOLS_ALPHA ((uint64_t)0x3ffffff << 10)

/* A place in a text of `len` characters, as struct xd_shape_check counts it. */
static inline size_t
xd_shape_place(int8_t at, size_t len)
{
    return at < 0 ? (size_t)((int)len + at) : (size_t)at;
}

static inline size_t
xd_shape_end(int8_t to, size_t len)
{
    return to <= 0 ? (size_t)((int)len + to) : (size_t)to;
}

/* The symbols allowed at a place of a text of `len` characters, which the shape can have. */
static inline uint64_t
xd_shape_symbols(const struct xd_shape *shape, size_t at, size_t len)
{
    if (at < shape->head) {
        return shape->symbols[at];
    }
    size_t from_end = len - at; /* 1 for the last */
    return from_end <= shape->tail ? shape->symbols[shape->head + shape->tail - from_end]
                                   : shape->repeated;
}

/* The shapes worth trying on a cleaned text; empty when it is too long for all. */
static inline struct xd_shape_list
xd_shapes_for(const struct xd_identifiers *ids, struct xd_slice text)
{
    if (text.len == 0 || text.len > XD_IDENTIFIER_TEXT) {
        return (struct xd_shape_list){NULL, 0};
    }
    return ids->by_length[xd_is_digit(text.ptr[0])][text.len];
}

/* Loads identifiers.tsv, carriers.tsv and the tables they refer to. Everything lives in `arena`,
 * tables included; const afterwards. */
bool xd_identifiers_load(struct xd_identifiers *ids, const struct xd_tables *tables,
                         struct xd_arena *arena, struct xd_error *err);

/* By exact name; XD_SCHEME_NONE. */
uint16_t xd_scheme_find(const struct xd_identifiers *ids, struct xd_slice name);

/* By code or by a name that begins with one ("UPS Standard" is ups), letters of either case,
 * punctuation and blanks ignored; XD_ID_CARRIER_NONE. */
uint16_t xd_identifier_carrier_find(const struct xd_identifiers *ids, struct xd_slice carrier);

#endif
