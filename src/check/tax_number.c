/*
 * A number is reduced to letters and digits and held against every row of its country and kind; a
 * row whose shape fits but whose check digit does not tells more than one whose shape does not fit,
 * and is kept for the message.
 */
#include "check/tax_number.h"

#include "check/tax_digit.h"

#define ANY_MAX 15 /* of "+x": the EORI, 17 characters with its country */

static bool
in_set(struct xd_slice set, char c)
{
    for (size_t i = 0; i < set.len; i++) {
        if (i + 2 < set.len && set.ptr[i + 1] == '-') {
            if (c >= set.ptr[i] && c <= set.ptr[i + 2]) {
                return true;
            }
            i += 2;
        } else if (c == set.ptr[i]) {
            return true;
        }
    }
    return false;
}

static bool
fits_one(char kind, char c)
{
    switch (kind) {
    case 'n':
        return xd_is_digit(c);
    case 'a':
        return xd_is_upper(c);
    case 'x':
        return xd_is_digit(c) || xd_is_upper(c);
    default:
        return c == kind;
    }
}

static bool
fits_shape(struct xd_slice shape, struct xd_slice number)
{
    size_t at = 0;

    if (shape.len == 2 && shape.ptr[0] == '+') {
        for (; at < number.len && fits_one(shape.ptr[1], number.ptr[at]); at++) {
        }
        return at == number.len && at > 0 && at <= ANY_MAX;
    }
    for (size_t i = 0; i < shape.len; i++, at++) {
        if (at == number.len) {
            return false;
        }
        if (shape.ptr[i] == '[') {
            size_t end = i + xd_slice_find(xd_slice_sub(shape, i, SIZE_MAX), ']');
            if (!in_set(xd_slice_sub(shape, i + 1, end - i - 1), number.ptr[at])) {
                return false;
            }
            i = end;
        } else if (!fits_one(shape.ptr[i], number.ptr[at])) {
            return false;
        }
    }
    return at == number.len;
}

/* Letters and digits of `written`; false when there is anything else than separators, or too much.
 */
static bool
reduce(struct xd_slice written, char *out, size_t *len, size_t *bad)
{
    *len = 0;
    for (size_t i = 0; i < written.len; i++) {
        char c = xd_to_upper(written.ptr[i]);
        if (xd_is_digit(c) || xd_is_upper(c)) {
            if (*len == XD_TAX_TEXT) {
                *bad = i;
                return false;
            }
            out[(*len)++] = c;
        } else if (c != ' ' && c != '.' && c != '-' && c != '/') {
            *bad = i;
            return false;
        }
    }
    *bad = 0;
    return *len > 0;
}

static enum xd_tax_status
try_scheme(const struct xd_tax_scheme *scheme, struct xd_slice number, struct xd_tax_result *result)
{
    struct xd_slice shapes = scheme->shapes;
    struct xd_slice shape;

    while (xd_slice_next(&shapes, '|', &shape)) {
        if (!fits_shape(shape, number)) {
            continue;
        }
        if (!xd_tax_digit_fits(scheme, number)) {
            return XD_TAX_STATUS_CHECK_DIGIT;
        }
        if (scheme->prefix.len + number.len > XD_TAX_TEXT) {
            return XD_TAX_STATUS_FORMAT;
        }
        if (scheme->prefix.len) {
            memcpy(result->text, scheme->prefix.ptr, scheme->prefix.len);
        }
        memcpy(result->text + scheme->prefix.len, number.ptr, number.len);
        result->len = (uint8_t)(scheme->prefix.len + number.len);
        return XD_TAX_STATUS_OK;
    }
    return XD_TAX_STATUS_FORMAT;
}

/* Tries the number without the scheme's prefix, and as it is where the country says which scheme is
 * meant. */
static enum xd_tax_status
try_both(const struct xd_tax_scheme *scheme, bool country_known, struct xd_slice number,
         struct xd_tax_result *result)
{
    enum xd_tax_status status = XD_TAX_STATUS_NO_SCHEME;

    if (xd_slice_starts(number, scheme->prefix)) {
        status = try_scheme(scheme, xd_slice_sub(number, scheme->prefix.len, SIZE_MAX), result);
        if (status == XD_TAX_STATUS_OK || scheme->prefix.len == 0) {
            return status;
        }
    }
    if (country_known) {
        enum xd_tax_status bare = try_scheme(scheme, number, result);
        if (bare == XD_TAX_STATUS_OK || status == XD_TAX_STATUS_NO_SCHEME) {
            return bare;
        }
    }
    return status;
}

enum xd_tax_status
xd_tax_number_check(const struct xd_tax_schemes *schemes, struct xd_slice kind, uint16_t country,
                    struct xd_slice written, struct xd_tax_result *result)
{
    char text[XD_TAX_TEXT];
    size_t len = 0;
    size_t bad = 0;
    bool clean = reduce(written, text, &len, &bad);

    *result = (struct xd_tax_result){.status = XD_TAX_STATUS_NO_SCHEME,
                                     .span = {(uint32_t)bad, (uint32_t)(written.len - bad)}};
    for (size_t i = 0; i < schemes->count; i++) {
        const struct xd_tax_scheme *scheme = &schemes->of[i];
        bool known = country != XD_COUNTRY_NONE && scheme->country == country;
        enum xd_tax_status status;
        if ((kind.len && !xd_slice_eq(scheme->kind, kind)) ||
            (country != XD_COUNTRY_NONE && scheme->country != XD_COUNTRY_NONE && !known)) {
            continue;
        }
        status = clean ? try_both(scheme, known || scheme->prefix.len == 0, xd_slice_of(text, len),
                                  result)
                       : XD_TAX_STATUS_FORMAT;
        if (status == XD_TAX_STATUS_OK) {
            result->scheme = scheme;
            result->span = (struct xd_span){0, 0};
            return result->status = status;
        }
        if (status == XD_TAX_STATUS_NO_SCHEME && kind.len) {
            status = XD_TAX_STATUS_FORMAT; /* the kind is known, so a missing prefix is a fault */
        }
        if (status > result->status) {
            result->status = status;
            result->scheme = scheme;
        }
    }
    return result->status;
}

void
xd_tax_number_diagnose(const struct xd_tax_result *result, struct xd_diagnosis *out)
{
    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    if (result->status == XD_TAX_STATUS_FORMAT) {
        xd_diagnose(out, XD_F_TAX_NUMBER_FORMAT, result->span.off, result->span.len,
                    "a %.*s number looks like %.*s", XD_FMT(result->scheme->kind),
                    XD_FMT(result->scheme->example));
    } else if (result->status == XD_TAX_STATUS_CHECK_DIGIT) {
        xd_diagnose(out, XD_F_TAX_NUMBER_CHECK_DIGIT, result->span.off, result->span.len,
                    "as a %.*s number", XD_FMT(result->scheme->kind));
    }
}
