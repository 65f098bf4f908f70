/*
 * Products go through 128 bits and are rounded once, by a rounding that the caller names: where a
 * figure is rounded twice, two people redo it on paper and get two results.
 */
#include "base/decimal.h"

const int64_t XD_POWERS_OF_TEN[19] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

/* Appends the digits from *at on to *units and counts them in *kept; those behind the `keep`-th
 * must be zeros. */
static enum xd_decimal_status
take_digits(struct xd_slice text, size_t keep, size_t *at, int64_t *units, size_t *kept)
{
    for (*kept = 0; *at < text.len && xd_is_digit(text.ptr[*at]); (*at)++) {
        int digit = text.ptr[*at] - '0';
        if (*kept == keep && digit != 0) {
            return XD_DECIMAL_TOO_FINE;
        }
        if (*kept == keep) {
            continue;
        }
        if (*units >= XD_POWERS_OF_TEN[17]) {
            return XD_DECIMAL_TOO_LARGE;
        }
        *units = *units * 10 + digit;
        (*kept)++;
    }
    return XD_DECIMAL_OK;
}

enum xd_decimal_status
xd_decimal_parse(struct xd_slice text, unsigned scale_max, struct xd_decimal *out)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    size_t at = negative || (text.len > 0 && text.ptr[0] == '+') ? 1 : 0;
    int64_t units = 0;
    size_t whole = 0;
    size_t scale = 0;

    if (text.len == 0) {
        return XD_DECIMAL_EMPTY;
    }
    enum xd_decimal_status status = take_digits(text, SIZE_MAX, &at, &units, &whole);
    if (status != XD_DECIMAL_OK) {
        return status;
    }
    if (whole == 0) {
        return XD_DECIMAL_MALFORMED;
    }
    if (at + 1 < text.len && text.ptr[at] == '.') {
        at++;
        status = take_digits(text, scale_max, &at, &units, &scale);
    }
    if (status != XD_DECIMAL_OK) {
        return status;
    }
    if (at != text.len) {
        return XD_DECIMAL_MALFORMED;
    }
    *out = (struct xd_decimal){negative ? -units : units, (uint8_t)scale};
    return XD_DECIMAL_OK;
}

__int128
xd_div_round_wide(__int128 a, __int128 divisor, enum xd_rounding rounding)
{
    __int128 quotient = a / divisor;
    __int128 rest = a - quotient * divisor;
    __int128 left = rest < 0 ? -rest : rest;
    __int128 other = divisor - left;

    if (rest == 0 || !xd_rounds_away(left > other, left == other, quotient & 1, rounding)) {
        return quotient;
    }
    return a < 0 ? quotient - 1 : quotient + 1;
}

static bool
narrow(__int128 wide, int64_t *out)
{
    if (wide > INT64_MAX || wide < INT64_MIN) {
        return false;
    }
    *out = (int64_t)wide;
    return true;
}

bool
xd_mul_div(int64_t a, int64_t b, int64_t divisor, enum xd_rounding rounding, int64_t *out)
{
    __int128 product = (__int128)a * b;

    if (divisor == 0) {
        return false;
    }
    if (divisor < 0) {
        return narrow(xd_div_round(-product, -(__int128)divisor, rounding), out);
    }
    return narrow(xd_div_round(product, divisor, rounding), out);
}

bool
xd_decimal_rescale(struct xd_decimal value, unsigned scale, enum xd_rounding rounding,
                   int64_t *units)
{
    if (scale >= value.scale) {
        return narrow((__int128)value.units * xd_pow10(scale - value.scale), units);
    }
    return narrow(xd_div_round(value.units, xd_pow10(value.scale - scale), rounding), units);
}

int
xd_decimal_cmp(struct xd_decimal a, struct xd_decimal b)
{
    __int128 left = (__int128)a.units * xd_pow10(b.scale);
    __int128 right = (__int128)b.units * xd_pow10(a.scale);

    return (left > right) - (left < right);
}

/* Writes the digits of `value`, at least `least` of them, up to `end`; gives where they start. */
static char *
put_digits_before(char *end, uint64_t value, unsigned least)
{
    char *at = end;

    for (; value >= 100; value /= 100) {
        unsigned pair = (unsigned)(value % 100);
        *--at = (char)('0' + pair % 10);
        *--at = (char)('0' + pair / 10);
    }
    for (; value; value /= 10) {
        *--at = (char)('0' + value % 10);
    }
    while (end - at < (ptrdiff_t)least) {
        *--at = '0';
    }
    return at;
}

size_t
xd_decimal_format(struct xd_decimal value, char *out)
{
    char digits[24];
    char *end = digits + sizeof(digits);
    uint64_t units = value.units < 0 ? 0 - (uint64_t)value.units : (uint64_t)value.units;
    char *at = put_digits_before(end, units, value.scale + 1u);
    size_t whole = (size_t)(end - at) - value.scale;
    size_t len = 0;

    if (value.units < 0) {
        out[len++] = '-';
    }
    memcpy(out + len, at, whole);
    len += whole;
    if (value.scale) {
        out[len++] = '.';
        memcpy(out + len, at + whole, value.scale);
        len += value.scale;
    }
    return len;
}
