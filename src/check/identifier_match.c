/*
 * A shape is a set of symbols for every place, so that a text is held against it by one table
 * look-up and one bit test a character, whatever the scheme. That makes new schemes rows of a table
 * and still beats a compiled expression.
 */
#include "check/identifier_match.h"

bool
xd_shape_fits(const struct xd_identifiers *ids, const struct xd_shape *shape, struct xd_slice text,
              size_t *at)
{
    *at = 0;
    if (text.len < shape->shortest || text.len > shape->longest) {
        return false;
    }
    if (shape->head == text.len) {
        for (size_t i = 0; i < text.len; i++) {
            if (!(shape->symbols[i] >> ids->symbol[(unsigned char)text.ptr[i]] & 1)) {
                *at = i;
                return false;
            }
        }
    } else {
        for (size_t i = 0; i < text.len; i++) {
            uint64_t symbols = xd_shape_symbols(shape, i, text.len);
            if (!(symbols >> ids->symbol[(unsigned char)text.ptr[i]] & 1)) {
                *at = i;
                return false;
            }
        }
    }
    return shape->excluded.len == 0 || !xd_slice_starts(text, shape->excluded);
}

static char
expected_behind(const struct xd_shape_check *check, struct xd_slice body)
{
    char joined[XD_CLEAN_MAX + sizeof(check->prefix)];

    memcpy(joined, check->prefix, check->prefix_len);
    memcpy(joined + check->prefix_len, body.ptr, body.len);
    return xd_check_digit((enum xd_check_family)check->family,
                          xd_slice_of(joined, check->prefix_len + body.len));
}

char
xd_shape_expected(const struct xd_shape *shape, size_t index, struct xd_slice text)
{
    const struct xd_shape_check *check = &shape->check[index];
    size_t from = xd_shape_place(check->from, text.len);
    struct xd_slice body = {text.ptr + from, xd_shape_end(check->to, text.len) - from};

    if (check->prefix_len) {
        return expected_behind(check, body);
    }
    return check->family == XD_CHECK_GS1
               ? xd_check_gs1(body)
               : xd_check_digit((enum xd_check_family)check->family, body);
}

size_t
xd_shape_wrong_check(const struct xd_shape *shape, struct xd_slice text)
{
    for (size_t i = 0; i < shape->checks && !shape->appends; i++) {
        if (text.ptr[xd_shape_place(shape->check[i].at, text.len)] !=
            xd_shape_expected(shape, i, text)) {
            return i;
        }
    }
    return shape->checks;
}

bool
xd_shape_valid(const struct xd_identifiers *ids, const struct xd_shape *shape, struct xd_slice text)
{
    size_t at;

    return xd_shape_fits(ids, shape, text, &at) &&
           xd_shape_wrong_check(shape, text) == shape->checks;
}

size_t
xd_shape_canonical(const struct xd_shape *shape, struct xd_slice text, char *out)
{
    size_t from = xd_shape_place(shape->keep_from, text.len);
    size_t to = xd_shape_end(shape->keep_to, text.len);
    size_t len = shape->added.len;

    if (len) {
        memcpy(out, shape->added.ptr, len);
    }
    memcpy(out + len, text.ptr + from, to - from);
    len += to - from;
    if (shape->appends) {
        out[len++] = xd_shape_expected(shape, 0, text);
    }
    return len;
}
