/*
 * Slices are compared and cut here, byte by byte and without the locale, because the same manifest
 * must read the same on a Turkish laptop and on a hub server in C.
 */
#include "base/slice.h"

bool
xd_slice_ieq(struct xd_slice a, struct xd_slice b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (xd_to_lower(a.ptr[i]) != xd_to_lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

int
xd_slice_cmp(struct xd_slice a, struct xd_slice b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool
xd_slice_ends(struct xd_slice s, struct xd_slice suffix)
{
    return s.len >= suffix.len &&
           xd_slice_eq(xd_slice_sub(s, s.len - suffix.len, suffix.len), suffix);
}

size_t
xd_slice_find(struct xd_slice s, char c)
{
    const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;

    return hit ? (size_t)(hit - s.ptr) : s.len;
}

bool
xd_slice_digits(struct xd_slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!xd_is_digit(s.ptr[i])) {
            return false;
        }
    }
    return s.len > 0;
}

bool
xd_slice_next(struct xd_slice *rest, char separator, struct xd_slice *part)
{
    if (rest->len == 0) {
        return false;
    }
    size_t cut = xd_slice_find(*rest, separator);
    *part = xd_slice_sub(*rest, 0, cut);
    *rest = xd_slice_sub(*rest, cut + 1, SIZE_MAX);
    return true;
}

bool
xd_slice_u64(struct xd_slice s, uint64_t *out)
{
    uint64_t value = 0;

    if (s.len == 0 || s.len > 18) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!xd_is_digit(s.ptr[i])) {
            return false;
        }
        value = value * 10 + (uint64_t)(s.ptr[i] - '0');
    }
    *out = value;
    return true;
}
