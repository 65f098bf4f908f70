/*
 * Products are bounded before they are made, by the number of bits of their factors: cheaper than a
 * checked multiplication and the same on every compiler.
 */
#include "duty/amount.h"

#include <stdlib.h>

static unsigned
bits(xd_amount value)
{
    unsigned __int128 magnitude = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    uint64_t high = (uint64_t)(magnitude >> 64);
    uint64_t low = (uint64_t)magnitude;

    if (high) {
        return 128U - (unsigned)__builtin_clzll(high);
    }
    return low ? 64U - (unsigned)__builtin_clzll(low) : 0U;
}

static bool
in_range(xd_amount value)
{
    return value <= XD_AMOUNT_MAX && value >= -XD_AMOUNT_MAX;
}

static bool
multiply(xd_amount a, xd_amount b, xd_amount *out)
{
    if (bits(a) + bits(b) > 126) {
        return false;
    }
    *out = a * b;
    return true;
}

bool
xd_amount_of(struct xd_decimal value, xd_amount *out)
{
    return multiply(value.units, xd_pow10(XD_AMOUNT_SCALE - value.scale), out) && in_range(*out);
}

bool
xd_amount_product(struct xd_decimal a, struct xd_decimal b, xd_amount *out)
{
    unsigned scale = (unsigned)a.scale + b.scale;
    xd_amount product;

    if (!multiply(a.units, b.units, &product)) {
        return false;
    }
    if (scale > XD_AMOUNT_SCALE) {
        xd_amount excess = xd_pow10(scale - XD_AMOUNT_SCALE);
        *out = product / excess;
        return product % excess == 0 && in_range(*out);
    }
    return multiply(product, xd_pow10(XD_AMOUNT_SCALE - scale), out) && in_range(*out);
}

bool
xd_amount_ratio(xd_amount amount, int64_t numerator, int64_t denominator, xd_amount *out)
{
    xd_amount product;

    if (numerator == denominator) {
        *out = amount;
        return true;
    }
    if (!multiply(amount, numerator, &product)) {
        return false;
    }
    *out = xd_div_round(product, denominator, XD_ROUND_HALF_UP);
    return in_range(*out);
}

bool
xd_amount_percent(xd_amount amount, struct xd_decimal percent, xd_amount *out)
{
    xd_amount product;

    if (amount == 0 || percent.units == 0) {
        *out = 0;
        return true;
    }
    if (percent.scale == 0 && percent.units == 100) {
        *out = amount;
        return true;
    }
    if (!multiply(amount, percent.units, &product)) {
        return false;
    }
    *out = xd_div_round(product, 100 * (xd_amount)xd_pow10(percent.scale), XD_ROUND_HALF_UP);
    return in_range(*out);
}

xd_amount
xd_amount_round(xd_amount amount, xd_amount step, enum xd_rounding mode)
{
    return xd_div_round(amount, step, mode) * step;
}

xd_amount
xd_amount_share(xd_amount total, xd_amount part, xd_amount whole)
{
    xd_amount product;

    /* Both sides lose the same low bits until the product fits; a parcel's sums never come near
     * that. */
    while (!multiply(total, part, &product)) {
        part >>= 8;
        whole >>= 8;
    }
    return product / whole;
}

struct xd_decimal
xd_amount_decimal(xd_amount amount, unsigned scale)
{
    xd_amount units = xd_div_round(amount, xd_pow10(XD_AMOUNT_SCALE - scale), XD_ROUND_HALF_UP);

    return (struct xd_decimal){(int64_t)units, (uint8_t)scale};
}

/* Largest remainder first, then the lowest number. */
static int
compare_rests(const void *left, const void *right)
{
    const struct xd_share *a = left;
    const struct xd_share *b = right;

    if (a->rest != b->rest) {
        return a->rest > b->rest ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

void
xd_amount_allot(xd_amount total, xd_amount step, struct xd_share *shares, size_t count)
{
    xd_amount weights = 0;
    xd_amount left = total;

    if (count == 1) {
        shares[0].share = total;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        weights += shares[i].weight;
    }
    for (size_t i = 0; i < count; i++) {
        xd_amount exact =
            weights ? xd_amount_share(total, shares[i].weight, weights) : total / (xd_amount)count;
        shares[i].share = xd_amount_round(exact, step, XD_ROUND_DOWN);
        shares[i].rest = exact - shares[i].share;
        left -= shares[i].share;
    }
    if (left == 0) {
        return;
    }
    qsort(shares, count, sizeof(*shares), compare_rests);
    for (size_t i = 0; left > 0 && i < count; i++, left -= step) {
        shares[i].share += step;
    }
}
