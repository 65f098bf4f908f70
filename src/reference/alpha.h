/*
 * Country, currency and source codes as small integers. A quote compares dozens of them per line,
 * and a compared integer needs no table: what a code means is other tables' business.
 */
#ifndef XD_REFERENCE_ALPHA_H
#define XD_REFERENCE_ALPHA_H

#include "base/slice.h"

/* Up to four ASCII letters or digits, upper-cased, first letter in the highest byte used: "gb" is
 * 0x4742. 0 is none. */
typedef uint32_t xd_alpha;

#define XD_ALPHA2(a, b)    ((xd_alpha)(((unsigned char)(a) << 8) | (unsigned char)(b)))
#define XD_ALPHA3(a, b, c) ((xd_alpha)((XD_ALPHA2(a, b) << 8) | (unsigned char)(c)))
#define XD_ALPHA_TEXT      5 /* bytes that xd_alpha_text writes at most, with the NUL */

/* 0 when `s` is empty, longer than four bytes or holds anything but letters and digits. */
static inline xd_alpha
xd_alpha_of(struct xd_slice s)
{
    xd_alpha code = 0;

    if (s.len > 4) {
        return 0;
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = xd_to_upper(s.ptr[i]);
        if (!xd_is_upper(c) && !xd_is_digit(c)) {
            return 0;
        }
        code = (code << 8) | (unsigned char)c;
    }
    return code;
}

/* Writes the letters and a NUL into `out`; returns their number. */
static inline size_t
xd_alpha_text(xd_alpha code, char out[XD_ALPHA_TEXT])
{
    size_t len = 0;

    for (int shift = 24; shift >= 0; shift -= 8) {
        if ((code >> shift) & 0xff) {
            out[len++] = (char)((code >> shift) & 0xff);
        }
    }
    out[len] = '\0';
    return len;
}

#endif
