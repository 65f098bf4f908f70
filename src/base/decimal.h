/*
 * Exact decimals: an integer and a power of ten. Money, weights and rates are never floating point,
 * because a cent that binary fractions cannot hold is a cent that somebody pays.
 */
#ifndef XD_BASE_DECIMAL_H
#define XD_BASE_DECIMAL_H

#include "base/slice.h"

/* value = units / 10^scale; 19.99 is {1999, 2}. */
struct xd_decimal {
    int64_t units;
    uint8_t scale; /* 0 .. XD_DECIMAL_SCALE_MAX */
};

#define XD_DECIMAL_SCALE_MAX 12

enum xd_decimal_status {
    XD_DECIMAL_OK,
    XD_DECIMAL_EMPTY,
    XD_DECIMAL_MALFORMED, /* a character that is no digit, point or leading sign; a second point; no
                             digit */
    XD_DECIMAL_TOO_LARGE, /* more than 18 digits before rounding off trailing zeros */
    XD_DECIMAL_TOO_FINE,  /* more decimals than the caller allows, and they are not zero */
};

/* How a result that falls between two units is settled. Named as ISO 80000 and the customs texts
 * do. */
enum xd_rounding {
    XD_ROUND_HALF_UP,   /* half goes away from zero: what customs sums use */
    XD_ROUND_HALF_EVEN, /* half goes to the even neighbour */
    XD_ROUND_DOWN,      /* toward zero: truncation */
    XD_ROUND_UP,        /* away from zero */
};

/*
 * Reads an optional sign, digits, and an optional point with digits behind it ("12", "-0.50", ".5"
 * is malformed). Grouping, exponents and commas are malformed: what they mean is not guessed.
 * Trailing decimal zeros beyond `scale_max` are dropped.
 */
enum xd_decimal_status xd_decimal_parse(struct xd_slice text, unsigned scale_max,
                                        struct xd_decimal *out);

extern const int64_t XD_POWERS_OF_TEN[19];

/* 10^power for power 0..18. */
static inline int64_t
xd_pow10(unsigned power)
{
    return XD_POWERS_OF_TEN[power > 18 ? 18 : power];
}

/* a * b / divisor, rounded, with a 128-bit product. False (and *out untouched) when divisor is 0 or
 * the result does not fit. */
bool xd_mul_div(int64_t a, int64_t b, int64_t divisor, enum xd_rounding rounding, int64_t *out);

/* Whether a quotient with a rest goes one away from zero. */
static inline bool
xd_rounds_away(bool above_half, bool at_half, bool odd, enum xd_rounding rounding)
{
    switch (rounding) {
    case XD_ROUND_DOWN:
        return false;
    case XD_ROUND_UP:
        return true;
    case XD_ROUND_HALF_EVEN:
        return above_half || (at_half && odd);
    case XD_ROUND_HALF_UP:
        break;
    }
    return above_half || at_half;
}

/* a / divisor, rounded; divisor > 0. */
static inline int64_t
xd_div_round_narrow(int64_t a, int64_t divisor, enum xd_rounding rounding)
{
    int64_t quotient = a / divisor;
    int64_t rest = a % divisor;
    uint64_t left = rest < 0 ? 0 - (uint64_t)rest : (uint64_t)rest;
    uint64_t other = (uint64_t)divisor - left;

    if (rest == 0 || !xd_rounds_away(left > other, left == other, quotient & 1, rounding)) {
        return quotient;
    }
    return a < 0 ? quotient - 1 : quotient + 1;
}

/* The same when the dividend needs more than 64 bits. */
__int128 xd_div_round_wide(__int128 a, __int128 divisor, enum xd_rounding rounding);

/* a / divisor for a 128-bit a, rounded; divisor > 0. Most sums fit 64 bits, whose division is
 * several times as fast. */
static inline __int128
xd_div_round(__int128 a, __int128 divisor, enum xd_rounding rounding)
{
    if (a < INT64_MAX && a > INT64_MIN && divisor <= INT64_MAX) {
        return xd_div_round_narrow((int64_t)a, (int64_t)divisor, rounding);
    }
    return xd_div_round_wide(a, divisor, rounding);
}

/* The units of `value` at another scale, rounded when it becomes coarser. False when the result
 * does not fit. */
bool xd_decimal_rescale(struct xd_decimal value, unsigned scale, enum xd_rounding rounding,
                        int64_t *units);

/* <0, 0, >0, exact whatever the scales. */
int xd_decimal_cmp(struct xd_decimal a, struct xd_decimal b);

/* Writes "-12.50" into `out`, which holds XD_DECIMAL_TEXT bytes, with all `scale` decimals; returns
 * the length. */
#define XD_DECIMAL_TEXT 40
size_t xd_decimal_format(struct xd_decimal value, char *out);

#endif
