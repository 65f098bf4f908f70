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

static inline bool
xd_amount_in_range(xd_amount amount)
{
    return amount <= XD_AMOUNT_MAX && amount >= -XD_AMOUNT_MAX;
}

/* Whether 64 bits hold it, as they do up to nine million units: the road of nearly every line. */
static inline bool
xd_amount_is_narrow(xd_amount amount)
{
    return amount == (int64_t)amount;
}

/* False beyond XD_AMOUNT_MAX. */
static inline bool
xd_amount_of(struct xd_decimal value, xd_amount *out)
{
    /* 63 bits by 40: the product always fits. */
    *out = (xd_amount)value.units * xd_pow10(XD_AMOUNT_SCALE - value.scale);
    return xd_amount_in_range(*out);
}

/* What the two below do when 64 bits are not enough. */
bool xd_amount_product_wide(struct xd_decimal a, struct xd_decimal b, xd_amount *out);
bool xd_amount_ratio_wide(xd_amount amount, int64_t numerator, int64_t denominator, xd_amount *out);

/* a * b, exact: a price and a quantity. False beyond XD_AMOUNT_MAX or when twelve decimals do not
 * hold it. */
static inline bool
xd_amount_product(struct xd_decimal a, struct xd_decimal b, xd_amount *out)
{
    unsigned scale = (unsigned)a.scale + b.scale;
    int64_t product;

    if (scale > XD_AMOUNT_SCALE || __builtin_mul_overflow(a.units, b.units, &product)) {
        return xd_amount_product_wide(a, b, out);
    }
    *out = (xd_amount)product * xd_pow10(XD_AMOUNT_SCALE - scale);
    return xd_amount_in_range(*out);
}

/* amount * numerator / denominator, half away from zero at the twelfth decimal; denominator > 0.
 * False beyond XD_AMOUNT_MAX. */
static inline bool
xd_amount_ratio(xd_amount amount, int64_t numerator, int64_t denominator, xd_amount *out)
{
    int64_t product;

    if (numerator == denominator || amount == 0) {
        *out = amount;
        return true;
    }
    if (!xd_amount_is_narrow(amount) ||
        __builtin_mul_overflow((int64_t)amount, numerator, &product)) {
        return xd_amount_ratio_wide(amount, numerator, denominator, out);
    }
    *out = xd_div_round_narrow(product, denominator, XD_ROUND_HALF_UP);
    return true;
}

/* amount * percent / 100. */
static inline bool
xd_amount_percent(xd_amount amount, struct xd_decimal percent, xd_amount *out)
{
    return xd_amount_ratio(amount, percent.units, 100 * xd_pow10(percent.scale), out);
}

/* To a multiple of `step` (a positive amount). */
static inline xd_amount
xd_amount_round(xd_amount amount, xd_amount step, enum xd_rounding mode)
{
    return step == 1 ? amount : xd_div_round(amount, step, mode) * step;
}

/* part / whole of `total`, rounded down at the twelfth decimal. `whole` > 0, 0 <= part <= whole. */
xd_amount xd_amount_share(xd_amount total, xd_amount part, xd_amount whole);

/* The units at `scale` decimals (0..12); exact when the amount was rounded to it, otherwise
 * half-up. */
static inline struct xd_decimal
xd_amount_decimal(xd_amount amount, unsigned scale)
{
    xd_amount units = xd_div_round(amount, xd_pow10(XD_AMOUNT_SCALE - scale), XD_ROUND_HALF_UP);

    return (struct xd_decimal){(int64_t)units, (uint8_t)scale};
}

/* A thing that shares in a sum: its weight, the tie-breaker (lower first) and the share it got. */
struct xd_share {
    xd_amount weight; /* >= 0 */
    xd_amount share;
    xd_amount rest; /* what rounding down took */
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

/* The last step of it: gives `left`, at most a step for each, to those of the largest rest, then of
 * the lowest number. The order of `shares` is lost when there is anything to give. */
void xd_amount_give(xd_amount left, xd_amount step, struct xd_share *shares, size_t count);

#endif
