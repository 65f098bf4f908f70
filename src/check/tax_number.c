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

/* Whether `kind` is one of a list such as "ioss|vat"; an empty list holds all. */
static bool
is_kind(struct xd_slice kinds, struct xd_slice kind)
{
    struct xd_slice word;

    if (kinds.len == 0) {
        return true;
    }
    while (xd_slice_next(&kinds, '|', &word)) {
        if (xd_slice_eq(word, kind)) {
            return true;
        }
    }
    return false;
}

/* Which of two faults says more: a wrong check digit more than a wrong shape, and of two wrong
 * shapes that whose prefix stands there. */
static unsigned
weight_of(enum xd_tax_status status, bool prefixed)
{
    return (unsigned)status * 2 + prefixed;
}

static bool
is_candidate(const struct xd_tax_scheme *scheme, struct xd_slice kinds, uint16_t country)
{
    return is_kind(kinds, scheme->kind) &&
           (country == XD_COUNTRY_NONE || scheme->country == XD_COUNTRY_NONE ||
            scheme->country == country);
}

/* Tries one scheme on the letters and digits of a number (empty: it has none, or too many) and
 * keeps what it says in *result when that says more than what stands there. */
static void
weigh_scheme(const struct xd_tax_scheme *scheme, bool named, uint16_t country,
             struct xd_slice number, struct xd_tax_result *result)
{
    bool known = country != XD_COUNTRY_NONE && scheme->country == country;
    bool prefixed = scheme->prefix.len && xd_slice_starts(number, scheme->prefix);
    enum xd_tax_status status = XD_TAX_STATUS_NO_SCHEME;

    if (number.len) {
        status = try_both(scheme, known || scheme->prefix.len == 0, number, result);
    }
    if (status == XD_TAX_STATUS_NO_SCHEME && (named || number.len == 0) &&
        (known || country == XD_COUNTRY_NONE)) {
        status = XD_TAX_STATUS_FORMAT; /* the kind is known, so a missing prefix is a fault */
    }
    if (status == XD_TAX_STATUS_OK ||
        weight_of(status, prefixed) > weight_of(result->status, result->prefixed)) {
        result->status = status;
        result->prefixed = prefixed;
        result->scheme = scheme;
    }
}

enum xd_tax_status
xd_tax_number_check(const struct xd_tax_schemes *schemes, struct xd_slice kinds, uint16_t country,
                    struct xd_slice written, struct xd_tax_result *result)
{
    char text[XD_TAX_TEXT];
    size_t len = 0;
    size_t bad = 0;
    struct xd_slice number = reduce(written, text, &len, &bad) ? xd_slice_of(text, len) : XD_NONE;

    *result = (struct xd_tax_result){.status = XD_TAX_STATUS_NO_SCHEME,
                                     .span = {(uint32_t)bad, (uint32_t)(written.len - bad)}};
    for (size_t i = 0; i < schemes->count; i++) {
        if (!is_candidate(&schemes->of[i], kinds, country)) {
            continue;
        }
        weigh_scheme(&schemes->of[i], kinds.len > 0, country, number, result);
        if (result->status == XD_TAX_STATUS_OK) {
            result->span = (struct xd_span){0, 0};
            break;
        }
    }
    return result->status;
}

void
xd_tax_number_diagnose(const struct xd_tax_result *result, struct xd_diagnosis *out)
{
    char kind[XD_TAX_TEXT];
    size_t len = 0;

    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    if (result->status < XD_TAX_STATUS_FORMAT) {
        return;
    }
    for (; len < result->scheme->kind.len && len < sizeof(kind); len++) {
        kind[len] = xd_to_upper(result->scheme->kind.ptr[len]);
    }
    xd_diagnose(out,
                result->status == XD_TAX_STATUS_FORMAT ? XD_F_TAX_NUMBER_FORMAT
                                                       : XD_F_TAX_NUMBER_CHECK_DIGIT,
                result->span.off, result->span.len, "%.*s numbers look like %.*s", (int)len, kind,
                XD_FMT(result->scheme->example));
}

/* The numbers that a field may hold. */
static struct xd_slice
kinds_of(enum xd_field field)
{
    switch (field) {
    case XD_FIELD_REGISTRATION_NUMBER:
        return XD_LIT("ioss|vat|voec|gst|abn|arn");
    case XD_FIELD_CUSTOMER_TAX_ID:
        return XD_LIT("tax");
    case XD_FIELD_SENDER_EORI:
    case XD_FIELD_RECIPIENT_EORI:
        return XD_LIT("eori");
    default:
        return XD_NONE;
    }
}

/* A buyer writes many kinds of numbers; one that starts as the VAT numbers of the country is held
 * to be one. */
static void
check_buyer(const struct xd_tax_schemes *schemes, uint16_t destination, struct xd_slice written,
            struct xd_tax_result *result)
{
    struct xd_tax_result vat;

    if (destination == XD_COUNTRY_NONE ||
        xd_tax_number_check(schemes, kinds_of(XD_FIELD_CUSTOMER_TAX_ID), destination, written,
                            result) == XD_TAX_STATUS_OK) {
        return;
    }
    (void)xd_tax_number_check(schemes, XD_LIT("vat"), destination, written, &vat);
    if (vat.prefixed) {
        *result = vat;
    }
}

/* A seller may use its registration of another country than the destination, told by its prefix. */
static void
check_seller(const struct xd_tax_schemes *schemes, uint16_t destination, struct xd_slice written,
             struct xd_tax_result *result)
{
    struct xd_slice kinds = kinds_of(XD_FIELD_REGISTRATION_NUMBER);
    struct xd_tax_result any;

    if (destination == XD_COUNTRY_NONE ||
        xd_tax_number_check(schemes, kinds, destination, written, result) == XD_TAX_STATUS_OK) {
        return;
    }
    (void)xd_tax_number_check(schemes, kinds, XD_COUNTRY_NONE, written, &any);
    if (any.prefixed && !result->prefixed) {
        *result = any;
    }
}

void
xd_tax_field_check(const struct xd_tax_schemes *schemes, enum xd_field field, uint16_t destination,
                   struct xd_slice written, struct xd_diagnosis *out)
{
    struct xd_tax_result result = {.status = XD_TAX_STATUS_NO_SCHEME};

    switch (field) {
    case XD_FIELD_REGISTRATION_NUMBER:
        check_seller(schemes, destination, written, &result);
        break;
    case XD_FIELD_CUSTOMER_TAX_ID:
        check_buyer(schemes, destination, written, &result);
        break;
    default:
        (void)xd_tax_number_check(schemes, kinds_of(field), XD_COUNTRY_NONE, written, &result);
        break;
    }
    xd_tax_number_diagnose(&result, out);
}
