/*
 * Money while it is being computed: an integer count of 10^-12 of a currency unit in 128 bits.
 * Twelve decimals hold every product of a price, a rate and a share that occurs in a tariff
 * exactly, so that rounding happens where a law says so and nowhere else. What does not fit is
 * reported, never wrapped.
 */
#ifndef XD_DUTY_AMOUNT_H
#define XD_DUTY_AMOUNT_H

#include "base/decimal.h"

typedef __int128 xd_amount; /* 10^-12 of a unit of a currency that the context names */

#define XD_AMOUNT_SCALE 12
#define XD_AMOUNT_UNIT  ((xd_amount)1000000000000)

/* The largest sum that is accepted: 10^13 units, beyond every parcel and far from overflow in a
 * product. */
#define XD_AMOUNT_MAX (XD_AMOUNT_UNIT * 10000000000000)

/* False beyond XD_AMOUNT_MAX. */
bool xd_amount_of(struct xd_decimal value, xd_amount *out);

/* a * b, exact: a price and a quantity. False beyond XD_AMOUNT_MAX or when twelve decimals do not
 * hold it. */
bool xd_amount_product(struct xd_decimal a, struct xd_decimal b, xd_amount *out);

/* amount * numerator / denominator, half away from zero at the twelfth decimal. False beyond
 * XD_AMOUNT_MAX. */
bool xd_amount_ratio(xd_amount amount, int64_t numerator, int64_t denominator, xd_amount *out);

/* amount * percent / 100. */
bool xd_amount_percent(xd_amount amount, struct xd_decimal percent, xd_amount *out);

/* To a multiple of `step` (a positive amount). */
xd_amount xd_amount_round(xd_amount amount, xd_amount step, enum xd_rounding mode);

/* part / whole of `total`, rounded down at the twelfth decimal. `whole` > 0, 0 <= part <= whole. */
xd_amount xd_amount_share(xd_amount total, xd_amount part, xd_amount whole);

/* The units at `scale` decimals (0..12); exact when the amount was rounded to it, otherwise
 * half-up. */
struct xd_decimal xd_amount_decimal(xd_amount amount, unsigned scale);

/* A thing that shares in a sum: its weight, the tie-breaker (lower first) and the share it got. */
struct xd_share {
    xd_amount weight; /* >= 0 */
    xd_amount share;
    xd_amount rest; /* private: what rounding down took */
    uint32_t number;
    uint32_t index; /* the caller's: which thing this is */
};

/*
 * Shares `total`, a multiple of `step`, among `count` things in proportion to their weights: each
 * share is a multiple of `step` and they add up to `total`. What is left after rounding down goes
 * by the largest remainder, then by the lowest number. Without any weight all count the same. The
 * order of `shares` is lost.
 */
void xd_amount_allot(xd_amount total, xd_amount step, struct xd_share *shares, size_t count);

#endif
