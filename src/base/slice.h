/*
 * A slice is a borrowed view of bytes: pointer and length, never NUL-terminated, never owned.
 * Fields of a manifest travel as slices into the input itself, so a parcel is read without being
 * copied.
 */
#ifndef XD_BASE_SLICE_H
#define XD_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct xd_slice {
    const char *ptr; /* may be NULL only when len is 0 */
    size_t len;      /* bytes */
};

/* A part of a value, in bytes from its first byte: what a finding underlines. */
struct xd_span {
    uint32_t off;
    uint32_t len;
};

#define XD_LIT(literal) ((struct xd_slice){(literal), sizeof(literal) - 1})
#define XD_NONE         ((struct xd_slice){NULL, 0})

/* Arguments of a "%.*s" conversion. */
#define XD_FMT(s) (int)(s).len, ((s).len ? (s).ptr : "")

static inline struct xd_slice
xd_slice_of(const char *ptr, size_t len)
{
    return (struct xd_slice){ptr, len};
}

static inline struct xd_slice
xd_slice_str(const char *text)
{
    return (struct xd_slice){text, text ? strlen(text) : 0};
}

static inline bool
xd_slice_eq(struct xd_slice a, struct xd_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Part of `s` from byte `off`, `len` bytes at most; what lies outside `s` is cut off. */
static inline struct xd_slice
xd_slice_sub(struct xd_slice s, size_t off, size_t len)
{
    if (!s.ptr) {
        return XD_NONE;
    }
    if (off > s.len) {
        off = s.len;
    }
    if (len > s.len - off) {
        len = s.len - off;
    }
    return (struct xd_slice){s.ptr + off, len};
}

/* ASCII only and free of the locale: the C library's ctype is not. */
static inline bool
xd_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a decimal digit of ASCII stands anywhere in it. */
static inline bool
xd_slice_has_digit(struct xd_slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (xd_is_digit(s.ptr[i])) {
            return true;
        }
    }
    return false;
}

static inline bool
xd_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool
xd_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool
xd_is_alpha(char c)
{
    return xd_is_upper(c) || xd_is_lower(c);
}

static inline bool
xd_is_blank(char c)
{
    return (unsigned char)c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

static inline char
xd_to_lower(char c)
{
    return xd_is_upper(c) ? (char)(c | 0x20) : c;
}

static inline char
xd_to_upper(char c)
{
    return xd_is_lower(c) ? (char)(c & ~0x20) : c;
}

/* Equal when ASCII letters of either case count as the same. */
bool xd_slice_ieq(struct xd_slice a, struct xd_slice b);

/* Order by bytes, a shorter prefix first: <0, 0, >0. */
int xd_slice_cmp(struct xd_slice a, struct xd_slice b);

/* Without blanks, tabs and line ends on either side. */
static inline struct xd_slice
xd_slice_trim(struct xd_slice s)
{
    while (s.len > 0 && xd_is_blank(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && xd_is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

static inline bool
xd_slice_starts(struct xd_slice s, struct xd_slice prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool xd_slice_ends(struct xd_slice s, struct xd_slice suffix);

/* First position of `c`, or s.len. */
size_t xd_slice_find(struct xd_slice s, char c);

/* True when `s` is not empty and every byte is an ASCII digit. */
bool xd_slice_digits(struct xd_slice s);

/*
 * Cuts the next part off `rest` at `separator` and moves `rest` behind it. False when nothing is
 * left, so that "a;b;" gives "a", "b" and no third part, and "" gives none.
 */
bool xd_slice_next(struct xd_slice *rest, char separator, struct xd_slice *part);

/* All digits, at most 18 of them, into *out; false otherwise (sign, blank, empty, overflow). */
bool xd_slice_u64(struct xd_slice s, uint64_t *out);

#endif
