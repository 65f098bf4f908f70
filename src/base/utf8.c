/*
 * Which characters are seen and how wide they are is Unicode's business and changes with it, so
 * utf8proc is asked.
 */
#include "base/utf8.h"

#include <utf8proc.h>

/* Characters that are not seen but change what is seen: direction marks, zero-width characters, C1
 * controls. */
static bool
is_invisible(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    return category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CC ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
           category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO;
}

static size_t
put_visible(utf8proc_int32_t c, struct xd_slice bytes, struct xd_buf *buf)
{
    if (c < 0x20 || c == 0x7f) {
        /* U+2400.. are pictures of the controls, U+2421 that of DEL */
        char picture[3] = {'\xe2', '\x90', (char)(0x80 + (c == 0x7f ? 0x21 : c))};
        xd_buf_put(buf, xd_slice_of(picture, 3));
        return 1;
    }
    if (c >= 0x80 && is_invisible(c)) {
        size_t before = buf->len;
        xd_buf_printf(buf, "<U+%04X>", (unsigned)c);
        return buf->len - before;
    }
    xd_buf_put(buf, bytes);
    return c < 0x80 ? 1 : (size_t)utf8proc_charwidth(c);
}

/* Bytes at the start of `s` that are seen as they are. */
static size_t
plain_len(struct xd_slice s)
{
    size_t len = 0;

    while (len < s.len && s.ptr[len] >= 0x20 && s.ptr[len] < 0x7f) {
        len++;
    }
    return len;
}

size_t
xd_utf8_visible(struct xd_slice s, struct xd_buf *buf)
{
    size_t width = 0;
    size_t at = 0;

    while (at < s.len) {
        size_t plain = plain_len(xd_slice_sub(s, at, SIZE_MAX));
        utf8proc_int32_t c = -1;
        xd_buf_put(buf, xd_slice_sub(s, at, plain));
        width += plain;
        at += plain;
        if (at == s.len) {
            break;
        }
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                                (utf8proc_ssize_t)(s.len - at), &c);
        if (len <= 0) {
            xd_buf_put(buf, XD_LIT("\xef\xbf\xbd"));
            width++;
            at++;
            continue;
        }
        width += put_visible(c, xd_slice_sub(s, at, (size_t)len), buf);
        at += (size_t)len;
    }
    return width;
}

size_t
xd_utf8_invisible(struct xd_slice s, size_t *len, uint32_t *point)
{
    for (size_t at = 0; at < s.len; at += *len) {
        utf8proc_int32_t found = 0;
        utf8proc_ssize_t step;
        *len = 1;
        if ((unsigned char)s.ptr[at] < 0x80) {
            continue;
        }
        step = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                (utf8proc_ssize_t)(s.len - at), &found);
        *len = step > 0 ? (size_t)step : 1;
        if (step > 0 && utf8proc_category(found) == UTF8PROC_CATEGORY_CF) {
            *point = (uint32_t)found;
            return at;
        }
    }
    return s.len;
}

size_t
xd_utf8_at(struct xd_slice text, size_t at, uint32_t *code_point)
{
    utf8proc_int32_t found = 0;
    size_t left = text.len - at;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at,
                                            (utf8proc_ssize_t)(left > 4 ? 4 : left), &found);

    if (len < 1) {
        *code_point = 0xfffd;
        return 1;
    }
    *code_point = (uint32_t)found;
    return (size_t)len;
}

static bool
is_ascii(struct xd_slice s)
{
    size_t i = 0;

    while (i < s.len && (unsigned char)s.ptr[i] < 0x80) {
        i++;
    }
    return i == s.len;
}

struct xd_slice
xd_utf8_compose(struct xd_slice s, struct xd_arena *arena)
{
    utf8proc_option_t form = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count;
    utf8proc_int32_t *letters;

    if (is_ascii(s)) {
        return s;
    }
    count =
        utf8proc_decompose((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, NULL, 0, form);
    letters = count > 0 ? xd_arena_array(arena, (size_t)count + 1, sizeof(*letters)) : NULL;
    if (!letters || utf8proc_decompose((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len,
                                       letters, count, form) != count) {
        return s;
    }
    count = utf8proc_reencode(letters, count, form); /* in place, a zero byte behind it */
    return count > 0 ? xd_slice_of((const char *)letters, (size_t)count) : s;
}

struct xd_slice
xd_utf8_cut(struct xd_slice text, size_t most)
{
    size_t len = text.len < most ? text.len : most;

    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    return xd_slice_sub(text, 0, len);
}

/* Dashes and blanks beyond ASCII, and the Japanese postal mark: all of them only set parts apart.
 */
static bool
is_separator(unsigned code)
{
    return (code >= 0x2000 && code <= 0x200a) || (code >= 0x2010 && code <= 0x2015) ||
           code == 0x00a0 || code == 0x202f || code == 0x2212 || code == 0x3000 || code == 0x3012 ||
           code == 0x30fc;
}

char
xd_utf8_narrow(struct xd_slice text, size_t at, size_t *step)
{
    const unsigned char *p = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at;
    unsigned code = 0;

    *step = p[0] >= 0xe0 ? 3 : 2;
    if (*step > left) {
        *step = left;
    } else if (*step == 2) {
        code = ((p[0] & 0x1fU) << 6) | (p[1] & 0x3fU);
    } else {
        code = ((p[0] & 0x0fU) << 12) | ((p[1] & 0x3fU) << 6) | (p[2] & 0x3fU);
    }
    if (code >= 0xff01 && code <= 0xff5e) {
        return (char)(code - 0xff01 + '!');
    }
    return is_separator(code) ? ' ' : (char)0;
}
