/*
 * Duty expressions as tariffs print them: "8 %", "35.10 GBP/100 kg", "4.2 % + 1.20 EUR/pair",
 * "13.80 % MIN 13.00 GBP/100 kg MAX 15.00 GBP/100 kg - 7.00 GBP/100 kg". They are read once into
 * terms; what a term comes to for a line is the duty room's business.
 *
 * MIN and MAX bind as the UK's published calculator does: the expression is cut at its last MIN or
 * MAX first, so that everything behind it, a trailing minus too, belongs to that floor or cap.
 */
#ifndef XD_REFERENCE_RATE_EXPRESSION_H
#define XD_REFERENCE_RATE_EXPRESSION_H

#include "base/decimal.h"
#include "reference/alpha.h"

/* What a specific duty counts. */
enum xd_unit {
    XD_UNIT_NONE,
    XD_UNIT_KG,   /* net mass, or gross where the market says so */
    XD_UNIT_ITEM, /* pieces */
    XD_UNIT_PAIR,
    XD_UNIT_LITRE,
    XD_UNIT_M,
    XD_UNIT_M2,
    XD_UNIT_M3,
    XD_UNIT_CARAT,
    XD_UNIT_ASV_HL, /* per cent of alcohol by volume and hectolitre */
    XD_UNIT_COUNT,
};

enum xd_term_join {
    XD_JOIN_PLUS,
    XD_JOIN_MINUS,
    XD_JOIN_MIN, /* starts a floor: the result is at least what follows */
    XD_JOIN_MAX, /* starts a cap: the result is at most what follows */
};

enum xd_term_kind {
    XD_TERM_PERCENT,  /* of the duty base */
    XD_TERM_SPECIFIC, /* amount for `per` of `unit` */
    XD_TERM_AMOUNT,   /* amount for the consignment */
};

struct xd_rate_term {
    uint8_t join; /* enum xd_term_join */
    uint8_t kind; /* enum xd_term_kind */
    uint8_t unit; /* enum xd_unit */
    xd_alpha currency;
    struct xd_decimal value;
    struct xd_decimal per; /* 100 of "per 100 kg" */
};

enum xd_rate_shape {
    XD_RATE_TERMS,  /* the terms are the duty; none is free */
    XD_RATE_TOP_UP, /* what lacks of the target: at least 0 */
    XD_RATE_RANGE,  /* two terms, lowest and highest: the figure itself is not held */
    XD_RATE_PROSE,  /* words that no calculator reads: "see chapter 99" */
};

#define XD_RATE_TERMS_MAX 12

struct xd_rate_expression {
    uint8_t shape; /* enum xd_rate_shape */
    uint8_t count;
    const struct xd_rate_term *terms;
};

/*
 * Reads "Free", "NIHIL", sums, MIN, MAX, "TOPUP 10 %", "RANGE 0 % TO 12 %". Units are those of the
 * tariffs ("kg", "100 kg", "100 kg / net", "item", "p/st", "pair", "NPR", "DTN" ...); letters of
 * either case. False when it is none of that; *bad is then the byte where reading stopped and *out
 * is XD_RATE_PROSE. The terms lie in the caller's `terms`.
 */
bool xd_rate_expression_parse(struct xd_slice text, struct xd_rate_term terms[XD_RATE_TERMS_MAX],
                              struct xd_rate_expression *out, size_t *bad);

/* "kg", "item", "pair" ... */
const char *xd_unit_name(enum xd_unit unit);

/* A unit as written with the multiple that it stands for ("DTN" is 100 kg, "g" is 0.001 kg). False
 * when unknown. */
bool xd_unit_find(struct xd_slice word, enum xd_unit *unit, struct xd_decimal *per);

/* True when the expression needs no quantity and no currency: percentages only. */
bool xd_rate_is_ad_valorem(const struct xd_rate_expression *expression);

#endif
