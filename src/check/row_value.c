/*
 * Numbers are read strictly: what a value might have meant is not guessed, because a comma in the
 * wrong place is a factor of a thousand on a customs form.
 */
#include "check/row.h"

#define HS_LEAST 6

static enum xd_finding_code
read_whole(struct xd_slice value, uint64_t most, uint32_t *out)
{
    uint64_t number;

    if (!xd_slice_digits(value)) {
        struct xd_decimal decimal;
        bool number_like = xd_decimal_parse(value, XD_DECIMAL_SCALE_MAX, &decimal) == XD_DECIMAL_OK;
        return number_like ? XD_F_NUMBER_OUT_OF_RANGE : XD_F_NUMBER_MALFORMED;
    }
    if (!xd_slice_u64(value, &number) || number == 0 || number > most) {
        return XD_F_NUMBER_OUT_OF_RANGE;
    }
    *out = (uint32_t)number;
    return XD_F_NONE;
}

enum xd_finding_code
xd_read_quantity(struct xd_slice value, uint32_t *quantity)
{
    return read_whole(value, XD_QUANTITY_MOST, quantity);
}

enum xd_finding_code
xd_read_weight(struct xd_slice value, uint32_t *grams)
{
    return read_whole(value, XD_WEIGHT_MOST, grams);
}

enum xd_finding_code
xd_read_amount(struct xd_slice value, unsigned decimals, struct xd_decimal *amount)
{
    int64_t minor;

    switch (xd_decimal_parse(value, decimals, amount)) {
    case XD_DECIMAL_OK:
        break;
    case XD_DECIMAL_TOO_FINE:
        return XD_F_CURRENCY_DECIMALS;
    case XD_DECIMAL_TOO_LARGE:
        return XD_F_NUMBER_OUT_OF_RANGE;
    default:
        return XD_F_NUMBER_MALFORMED;
    }
    if (amount->units < 0 || !xd_decimal_rescale(*amount, decimals, XD_ROUND_HALF_UP, &minor) ||
        minor > XD_AMOUNT_MOST) {
        return XD_F_NUMBER_OUT_OF_RANGE;
    }
    return XD_F_NONE;
}

enum xd_finding_code
xd_read_hs_code(struct xd_slice value, char *digits, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '.' || c == ' ') {
            /* Codes go by pairs: a lone digit behind a point is what a program makes of a number.
             */
            if (c == '.' && i + 2 == value.len) {
                return XD_F_HS_CODE_SHAPE;
            }
            continue;
        }
        if (!xd_is_digit(c) || *count == XD_HS_DIGITS) {
            return XD_F_HS_CODE_SHAPE;
        }
        digits[(*count)++] = c;
    }
    return *count >= HS_LEAST ? XD_F_NONE : XD_F_HS_CODE_SHAPE;
}

enum xd_finding_code
xd_read_flag(struct xd_slice value, bool otherwise, bool *flag)
{
    *flag = otherwise;
    if (value.len == 0) {
        return XD_F_NONE;
    }
    if (value.len != 1 || (value.ptr[0] != '0' && value.ptr[0] != '1')) {
        return XD_F_FLAG_MALFORMED;
    }
    *flag = value.ptr[0] == '1';
    return XD_F_NONE;
}
