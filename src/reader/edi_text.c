/*
 * From the partner's bytes to UTF-8. Most values are plain ASCII and stay where they are; only what
 * holds a release character or a byte from 0x80 is written anew, into room that the field keeps for
 * the next such value.
 */
#include "reader/edi.h"

#include "base/utf8.h"
#include "source/charset.h"

/* The longest UTF-8 form of one byte of an eight-bit set. */
#define GROWTH 3

char *
xd_edi_own_room(struct xd_edi *edi, struct xd_edi_own *own, size_t size)
{
    size_t cap = own->cap ? own->cap : 64;

    if (size <= own->cap) {
        return own->ptr;
    }
    while (cap < size) {
        cap *= 2;
    }
    own->ptr = xd_arena_alloc(&edi->work, cap);
    own->cap = own->ptr ? cap : 0;
    return own->ptr;
}

/* Without release characters, which is all there is to do. */
static size_t
unescape(struct xd_slice raw, char release, char *out)
{
    const char *end = raw.ptr + raw.len;
    const char *from = raw.ptr;
    size_t len = 0;

    for (;;) {
        const char *mark = memchr(from, release, (size_t)(end - from));
        size_t run = (size_t)((mark && mark + 1 < end ? mark : end) - from);
        memcpy(out + len, from, run);
        len += run;
        if (from + run == end) {
            return len;
        }
        out[len++] = mark[1];
        from = mark + 2;
    }
}

static size_t
decode(const struct xd_edi *edi, struct xd_slice raw, char *out)
{
    char release = edi->scan.release;
    size_t len = 0;

    for (size_t i = 0; i < raw.len; i++) {
        unsigned char c;
        i += release && raw.ptr[i] == release && i + 1 < raw.len;
        c = (unsigned char)raw.ptr[i];
        if (c >= 0xa0 && edi->charset.encoding == XD_EDI_SINGLE) {
            len = (size_t)(xd_utf8_put(out + len, edi->charset.high[c - 0xa0]) - out);
        } else {
            out[len++] = (char)c;
        }
    }
    return len;
}

struct xd_slice
xd_edi_value(struct xd_edi *edi, unsigned element, unsigned component, struct xd_edi_own *own)
{
    struct xd_slice raw = xd_edi_raw(edi, element, component);
    const struct xd_edi_scan *scan = &edi->scan;
    char *out;

    if (raw.len == 0) {
        return XD_NONE;
    }
    if (!scan->odd && !scan->wrapped && !xd_edi_is_escaped(scan, raw)) {
        return raw;
    }
    out = xd_edi_own_room(edi, own, raw.len * GROWTH);
    if (!out) {
        return XD_NONE;
    }
    return xd_slice_of(out, scan->odd ? decode(edi, raw, out) : unescape(raw, scan->release, out));
}

size_t
xd_edi_length(const struct xd_edi *edi, struct xd_slice part)
{
    char release = edi->scan.release;
    size_t length = 0;

    for (size_t i = 0; i < part.len; i++) {
        i += release && part.ptr[i] == release && i + 1 < part.len;
        length += edi->charset.encoding != XD_EDI_UTF8 || (part.ptr[i] & 0xc0) != 0x80;
    }
    return length;
}

static bool
in_level(char c, char repertoire)
{
    static const char SIGNS[] = " .,-()/=!\"%&*;<>'+:?";

    return xd_is_digit(c) || xd_is_upper(c) || memchr(SIGNS, c, sizeof(SIGNS) - 1) ||
           (repertoire == 'B' && xd_is_lower(c));
}

static bool
is_utf8(struct xd_slice text)
{
    struct xd_charset_fault fault;

    return xd_charset_check(text, 0, text.len, &fault);
}

enum xd_edi_text_status
xd_edi_text_check(const struct xd_edi *edi, struct xd_slice part)
{
    const struct xd_edi_charset *charset = &edi->charset;
    enum xd_edi_text_status status = XD_EDI_TEXT_OK;
    bool high = false;

    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.ptr[i];
        bool mapped = charset->encoding == XD_EDI_SINGLE && c >= 0xa0 && charset->high[c - 0xa0];
        if (c < 0x20 || c == 0x7f) {
            return XD_EDI_TEXT_INVALID;
        }
        if (c >= 0x80) {
            high = true;
            if (charset->encoding != XD_EDI_UTF8 && !mapped) {
                return XD_EDI_TEXT_INVALID;
            }
        } else if (charset->repertoire != 'a' && !in_level((char)c, charset->repertoire)) {
            status = XD_EDI_TEXT_OUTSIDE_LEVEL;
        }
    }
    return high && charset->encoding == XD_EDI_UTF8 && !is_utf8(part) ? XD_EDI_TEXT_INVALID
                                                                      : status;
}
