/*
 * GS1 application identifiers as schemas/reference/gs1_ai.tsv describes them: formats, rules of
 * content, what must and must not stand beside them.
 */
#ifndef XD_REFERENCE_GS1_AI_H
#define XD_REFERENCE_GS1_AI_H

#include "base/hash.h"
#include "reference/embedded.h"

#define XD_GS1_COMPONENTS 5
#define XD_GS1_RULES      3 /* rules of one component */
#define XD_GS1_AI_NONE    UINT16_MAX

/* Rules of content, by their names in the table. */
#define XD_GS1_RULE_NAMES(X)                                                                       \
    X(CHECK, "check")                                                                              \
    X(CHECK_PAIR, "check-pair")                                                                    \
    X(PREFIX1, "prefix1")                                                                          \
    X(PREFIX2, "prefix2")                                                                          \
    X(COUNTRY, "country")                                                                          \
    X(COUNTRY_OR_999, "country-or-999")                                                            \
    X(COUNTRY2, "country2")                                                                        \
    X(CURRENCY, "currency")                                                                        \
    X(IBAN, "iban")                                                                                \
    X(DATE, "date")                                                                                \
    X(DATE0, "date0")                                                                              \
    X(DAY, "day")                                                                                  \
    X(HOUR, "hour")                                                                                \
    X(MINUTE, "minute")                                                                            \
    X(SECOND, "second")                                                                            \
    X(TIME, "time")                                                                                \
    X(FLAG, "flag")                                                                                \
    X(MINUS, "minus")                                                                              \
    X(LATITUDE, "latitude")                                                                        \
    X(LONGITUDE, "longitude")                                                                      \
    X(MEDIA, "media")                                                                              \
    X(PACKAGE, "package")                                                                          \
    X(PIECE, "piece")                                                                              \
    X(SEQUENCE, "sequence")                                                                        \
    X(WINDING, "winding")                                                                          \
    X(SEX, "sex")                                                                                  \
    X(ZERO, "zero")                                                                                \
    X(NONZERO, "nonzero")                                                                          \
    X(NO_LEAD_ZERO, "no-lead-zero")                                                                \
    X(NONDIGIT, "nondigit")                                                                        \
    X(IMPORTER, "importer")                                                                        \
    X(PERCENT, "percent")                                                                          \
    X(COUPON, "coupon")                                                                            \
    X(COUPON_OFFER, "coupon-offer")

enum xd_gs1_rule {
#define X(upper, lower) XD_GS1_RULE_##upper,
    XD_GS1_RULE_NAMES(X)
#undef X
        XD_GS1_RULE_COUNT
};

struct xd_gs1_component {
    char type; /* n, x, y or z */
    bool optional;
    uint8_t shortest;
    uint8_t longest;
    uint8_t rules;
    uint8_t rule[XD_GS1_RULES]; /* enum xd_gs1_rule */
    struct xd_slice field;      /* "city"; empty when it means nothing in a manifest */
};

struct xd_gs1_ai {
    struct xd_slice from; /* "3100": the row's first */
    struct xd_slice title;
    bool fixed;     /* no FNC1 has to follow */
    bool attribute; /* may stand in the query of a Digital Link URI */
    bool key;       /* begins the path of a Digital Link URI */
    uint8_t components;
    uint8_t shortest; /* of all components */
    uint8_t longest;
    struct xd_gs1_component component[XD_GS1_COMPONENTS];
    struct xd_slice needs;      /* "01,8006;21" */
    struct xd_slice not_with;   /* "310n" */
    struct xd_slice qualifiers; /* "22,10,21|235" */
};

struct xd_gs1_ais {
    struct xd_gs1_ai *list;
    uint16_t count;
    uint16_t two[100]; /* by number: index of the list, or XD_GS1_AI_NONE */
    uint16_t three[1000];
    uint16_t four[10000];
};

/* Loads reference/gs1_ai.tsv into the arena. */
bool xd_gs1_ais_load(struct xd_gs1_ais *ais, const struct xd_tables *tables, struct xd_arena *arena,
                     struct xd_error *err);

/* The identifier that `text` begins with and its length in *len; XD_GS1_AI_NONE when there is none.
 */
uint16_t xd_gs1_ai_at(const struct xd_gs1_ais *ais, struct xd_slice text, size_t *len);

/* True when `ai` matches `pattern`, in which n stands for any digit. */
bool xd_gs1_ai_matches(struct xd_slice pattern, struct xd_slice ai);

#endif
