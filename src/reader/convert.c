/*
 * Conversions are exact: the pound is 45359237/100000 of a gram, never 453.6. What is rounded is
 * rounded once, at the end, half up, because a declared weight may be a gram too much but not
 * systematically too little.
 */
#include "reader/convert.h"

#include "base/date.h"
#include "base/decimal.h"

static struct xd_slice
decimal_text(struct xd_decimal value, struct xd_arena *arena)
{
    char text[XD_DECIMAL_TEXT];

    return xd_arena_copy(arena, xd_slice_of(text, xd_decimal_format(value, text)));
}

struct xd_slice
xd_convert_measure(const struct xd_conversion *conversion, struct xd_slice value,
                   struct xd_arena *arena)
{
    struct xd_decimal parsed;
    int64_t whole;

    if (xd_decimal_parse(value, XD_DECIMAL_SCALE_MAX, &parsed) != XD_DECIMAL_OK ||
        !xd_mul_div(parsed.units, conversion->numerator,
                    conversion->denominator * xd_pow10(parsed.scale), XD_ROUND_HALF_UP, &whole)) {
        return value;
    }
    return decimal_text((struct xd_decimal){whole, 0}, arena);
}

struct xd_slice
xd_convert_date(const struct xd_conversion *conversion, struct xd_slice value,
                struct xd_arena *arena)
{
    const char *order = conversion->order;
    int numbers[3];
    size_t digits[3];
    size_t read = xd_date_numbers(value, numbers, digits);
    int parts[128] = {0};
    char text[XD_DATE_TEXT];
    xd_date day;

    if (read == 0 || !xd_date_ends(value, read)) {
        return value;
    }
    order = digits[0] == 4 ? "ymd" : order;
    for (unsigned i = 0; i < 3; i++) {
        bool is_year = order[i] == 'y';
        if (is_year ? digits[i] != 4 && digits[i] != 2 : digits[i] > 2) {
            return value;
        }
        parts[(unsigned char)order[i] & 127] = numbers[i] + (is_year && digits[i] == 2 ? 2000 : 0);
    }
    if (!xd_date_make(parts['y'], parts['m'], parts['d'], &day)) {
        return value;
    }
    xd_date_format(day, text);
    return xd_arena_copy(arena, xd_slice_of(text, sizeof(text)));
}

struct xd_slice
xd_convert_flag(struct xd_slice value)
{
    static const char *const YES[] = {"1", "yes", "y", "true", "t"};
    static const char *const NO[] = {"0", "no", "n", "false", "f"};
    struct xd_slice word = xd_slice_trim(value);

    for (size_t i = 0; i < sizeof(YES) / sizeof(YES[0]); i++) {
        if (xd_slice_ieq(word, xd_slice_str(YES[i]))) {
            return XD_LIT("1");
        }
        if (xd_slice_ieq(word, xd_slice_str(NO[i]))) {
            return XD_LIT("0");
        }
    }
    return value;
}

struct xd_slice
xd_convert_duties(struct xd_slice value)
{
    struct xd_slice flag = xd_convert_flag(value);

    if (flag.len != 1 || (flag.ptr[0] != '0' && flag.ptr[0] != '1')) {
        return value;
    }
    return flag.ptr[0] == '1' ? XD_LIT("DDP") : XD_LIT("DAP");
}

struct xd_slice
xd_convert_line_total(struct xd_slice total, struct xd_slice quantity, struct xd_arena *arena,
                      bool *even)
{
    struct xd_decimal sum;
    uint64_t pieces;
    int64_t each;

    *even = true;
    if (xd_decimal_parse(total, XD_DECIMAL_SCALE_MAX, &sum) != XD_DECIMAL_OK ||
        !xd_slice_u64(quantity, &pieces) || pieces == 0 ||
        !xd_mul_div(sum.units, 1, (int64_t)pieces, XD_ROUND_HALF_UP, &each)) {
        return total;
    }
    *even = sum.units % (int64_t)pieces == 0;
    return decimal_text((struct xd_decimal){each, sum.scale}, arena);
}

void
xd_convert_lines(struct xd_slice value, struct xd_slice *first, struct xd_slice *second)
{
    size_t cut = xd_slice_find(value, '\n');

    for (size_t i = 0; cut == value.len && i + 1 < value.len; i++) {
        if (value.ptr[i] == ',' && value.ptr[i + 1] == ' ') {
            cut = i;
        }
    }
    *first = xd_slice_trim(xd_slice_sub(value, 0, cut));
    *second = xd_slice_trim(xd_slice_sub(value, cut + 1, SIZE_MAX));
}
