/*
 * Grouping is read as strictly as it is written: whoever types 1.23 into such a column has changed
 * the language of his keyboard, and means another number than the column says.
 */
#include "base/decimal_comma.h"

#define GROUP 3 /* digits behind each grouping mark, and at most in front of the first */

struct reading {
    struct xd_slice text;
    size_t at;
    struct xd_decimal_comma *out;
};

/* Copies the digits that come next, as far as there is room, and counts them. */
static size_t
take_digits(struct reading *reading)
{
    struct xd_decimal_comma *out = reading->out;
    size_t from = reading->at;

    while (reading->at < reading->text.len && xd_is_digit(reading->text.ptr[reading->at]) &&
           out->len < sizeof(out->plain)) {
        out->plain[out->len++] = reading->text.ptr[reading->at++];
    }
    return reading->at - from;
}

static struct xd_slice
rest_of(const struct reading *reading)
{
    return xd_slice_sub(reading->text, reading->at, SIZE_MAX);
}

/* The grouping mark that the text starts with, or nothing. */
static struct xd_slice
mark_of(struct xd_slice text)
{
    static const char *const MARKS[] = {".", " ", "\xc2\xa0", "\xe2\x80\xaf"};

    if (text.len == 0 || text.ptr[0] == ',') {
        return XD_NONE; /* of nearly every number */
    }
    for (size_t i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
        if (xd_slice_starts(text, xd_slice_str(MARKS[i]))) {
            return xd_slice_str(MARKS[i]);
        }
    }
    return XD_NONE;
}

/* The groups behind the first one. Stops in front of a mark that three digits do not follow. */
static bool
take_groups(struct reading *reading, struct xd_slice mark)
{
    while (xd_slice_starts(rest_of(reading), mark)) {
        size_t before = reading->at;
        reading->at += mark.len;
        if (take_digits(reading) != GROUP) {
            reading->at = before;
            return false;
        }
    }
    return true;
}

static bool
read_number(struct reading *reading)
{
    struct xd_slice text = reading->text;
    struct xd_decimal_comma *out = reading->out;
    size_t first = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
    struct xd_slice mark;
    size_t whole;
    bool groupable;

    if (first) {
        out->plain[out->len++] = text.ptr[reading->at++];
    }
    whole = take_digits(reading);
    if (whole == 0) {
        reading->at = 0;
        return false;
    }
    mark = mark_of(rest_of(reading));
    groupable = whole <= GROUP && text.ptr[first] != '0';
    if (mark.len && (!groupable || !take_groups(reading, mark))) {
        return false;
    }
    if (xd_slice_starts(rest_of(reading), XD_LIT(",")) && out->len < sizeof(out->plain)) {
        size_t comma = reading->at++;
        out->plain[out->len++] = '.';
        size_t decimals = take_digits(reading);
        if (decimals == 0) {
            reading->at = comma;
            return false;
        }
        out->certain = mark.len || !groupable || decimals != GROUP;
    }
    return reading->at == text.len;
}

bool
xd_decimal_comma_read(struct xd_slice text, struct xd_decimal_comma *out)
{
    struct reading reading = {text, 0, out};
    bool read;

    out->len = 0;
    out->certain = false;
    read = read_number(&reading);
    out->fault = reading.at;
    return read;
}

bool
xd_decimal_comma_groups(struct xd_slice text)
{
    return mark_of(text).len > 0;
}
