/*
 * Exchange rates as their publishers quote them: units of a currency for one unit of the
 * publisher's base (ECB: EUR, HMRC: GBP), or the other way round, valid for the days that the law
 * gives them. A cross rate is made from the two unrounded quotes of one publisher on one day, never
 * from rounded results.
 */
#ifndef XD_REFERENCE_FX_H
#define XD_REFERENCE_FX_H

#include "base/date.h"
#include "base/decimal.h"
#include "reference/alpha.h"
#include "reference/embedded.h"

struct xd_fx_quote {
    xd_alpha source; /* "ecb", "hmrc", "ioss" ... */
    xd_alpha base;
    xd_alpha currency;
    bool bundled; /* of the table inside the program: indicative */
    bool in_base; /* the rate is units of the base for one unit of the currency */
    struct xd_decimal rate;
    xd_date from;
    xd_date until; /* inclusive */
    struct xd_slice note;
};

struct xd_fx {
    struct xd_fx_quote *quotes; /* sorted: given before bundled, then source, currency, date */
    size_t count;
    xd_alpha sources[64]; /* those present, given ones first */
    size_t source_count;
};

/*
 * Loads the rows of `given` (columns source, base, currency, rate, valid_from, valid_until and,
 * where there, quote: "per-base" or "in-base"; may be empty) and then reference/fx.tsv.
 */
bool xd_fx_load(struct xd_fx *fx, const struct xd_tables *tables, struct xd_slice given,
                const char *given_name, struct xd_error *err);

/* amount in `to` = amount in `from` * numerator / denominator. */
struct xd_fx_rate {
    xd_alpha from;
    xd_alpha to;
    xd_alpha source;
    bool bundled;    /* indicative: not an official publication given by the operator */
    bool prescribed; /* of a source that was asked for */
    int64_t numerator;
    int64_t denominator;
    const struct xd_fx_quote *from_quote; /* NULL for the base itself */
    const struct xd_fx_quote *to_quote;
};

/*
 * The rate on `date` from the first of the three `sources` (0: none) that quotes both currencies, a
 * given table before the bundled one; then from any other source, in the same order. False when no
 * source has both.
 */
bool xd_fx_find(const struct xd_fx *fx, const xd_alpha *sources, xd_alpha from, xd_alpha to,
                xd_date date, struct xd_fx_rate *out);

#endif
