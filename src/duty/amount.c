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
multiply(xd_amount a, xd_amount b, xd_amount *out)
{
    if (bits(a) + bits(b) > 126) {
        return false;
    }
    *out = a * b;
    return true;
}

bool
xd_amount_product_wide(struct xd_decimal a, struct xd_decimal b, xd_amount *out)
{
    unsigned scale = (unsigned)a.scale + b.scale;
    xd_amount product;

    if (!multiply(a.units, b.units, &product)) {
        return false;
    }
    if (scale > XD_AMOUNT_SCALE) {
        xd_amount excess = xd_pow10(scale - XD_AMOUNT_SCALE);
        *out = product / excess;
        return product % excess == 0 && xd_amount_in_range(*out);
    }
    return multiply(product, xd_pow10(XD_AMOUNT_SCALE - scale), out) && xd_amount_in_range(*out);
}

bool
xd_amount_ratio_wide(xd_amount amount, int64_t numerator, int64_t denominator, xd_amount *out)
{
    xd_amount product;

    if (!multiply(amount, numerator, &product)) {
        return false;
    }
    *out = xd_div_round(product, denominator, XD_ROUND_HALF_UP);
    return xd_amount_in_range(*out);
}

xd_amount
xd_amount_share(xd_amount total, xd_amount part, xd_amount whole)
{
    xd_amount product;

    if (xd_amount_is_narrow(total) && xd_amount_is_narrow(part)) {
        return (xd_amount)(int64_t)total * (int64_t)part / whole;
    }
    /* Both sides lose the same low bits until the product fits; a parcel's sums never come near
     * that. */
    while (!multiply(total, part, &product)) {
        part >>= 8;
        whole >>= 8;
    }
    return product / whole;
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

/* Parcels have few lines: up to here sorting in place beats a call for each comparison. */
#define SORTED_IN_PLACE 16

static void
sort_rests(struct xd_share *shares, size_t count)
{
    if (count > SORTED_IN_PLACE) {
        qsort(shares, count, sizeof(*shares), compare_rests);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct xd_share moved = shares[i];
        size_t at = i;
        for (; at > 0 && compare_rests(&moved, &shares[at - 1]) < 0; at--) {
            shares[at] = shares[at - 1];
        }
        shares[at] = moved;
    }
}

void
xd_amount_give(xd_amount left, xd_amount step, struct xd_share *shares, size_t count)
{
    if (left <= 0) {
        return;
    }
    sort_rests(shares, count);
    for (size_t i = 0; left > 0 && i < count; i++, left -= step) {
        shares[i].share += step;
    }
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
    xd_amount_give(left, step, shares, count);
}
