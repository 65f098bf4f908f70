/*
 * The buffer doubles, and stops at its maximum: an output that grows with hostile input must end in
 * a refusal, not in a full machine.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
xd_buf_init(struct xd_buf *buf, size_t max)
{
    *buf = (struct xd_buf){.max = max};
}

void
xd_buf_free(struct xd_buf *buf)
{
    free(buf->ptr);
    *buf = (struct xd_buf){.max = buf->max};
}

char *
xd_buf_grow(struct xd_buf *buf, size_t extra)
{
    size_t cap = buf->cap ? buf->cap : 256;
    char *grown;

    if (buf->failed || extra > buf->max - buf->len) {
        buf->failed = true;
        return NULL;
    }
    if (extra <= buf->cap - buf->len) {
        return buf->ptr + buf->len;
    }
    while (cap < buf->len + extra) {
        cap = cap > buf->max / 2 ? buf->max : cap * 2;
    }
    grown = realloc(buf->ptr, cap);
    if (!grown) {
        buf->failed = true;
        return NULL;
    }
    buf->ptr = grown;
    buf->cap = cap;
    return buf->ptr + buf->len;
}

void
xd_buf_str(struct xd_buf *buf, const char *text)
{
    xd_buf_put(buf, xd_slice_str(text));
}

void
xd_buf_u64(struct xd_buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    xd_buf_put(buf, xd_slice_of(digits + at, sizeof(digits) - at));
}

void
xd_buf_i64(struct xd_buf *buf, int64_t value)
{
    if (value < 0) {
        xd_buf_char(buf, '-');
    }
    xd_buf_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
xd_buf_printf(struct xd_buf *buf, const char *format, ...)
{
    va_list args;
    int need;
    char *room;

    va_start(args, format);
    need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    room = need < 0 ? NULL : xd_buf_reserve(buf, (size_t)need + 1);
    if (!room) {
        buf->failed = true;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(room, (size_t)need + 1, format, args);
    va_end(args);
    buf->len += (size_t)need;
}
