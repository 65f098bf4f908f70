/*
 * A growing text with a hard maximum, given when it is made. Failure is remembered, so a writer
 * appends a whole row and asks once at the end.
 */
#ifndef XD_BASE_BUF_H
#define XD_BASE_BUF_H

#include "base/slice.h"

struct xd_buf {
    char *ptr;
    size_t len; /* bytes used */
    size_t cap;
    size_t max;  /* never grows beyond this many bytes */
    bool failed; /* memory or `max` ran out: what was appended since is missing */
};

void xd_buf_init(struct xd_buf *buf, size_t max);
void xd_buf_free(struct xd_buf *buf);

/* The slow end of xd_buf_reserve. */
char *xd_buf_grow(struct xd_buf *buf, size_t extra);

/* Room for `extra` bytes behind the text, or NULL (and failed). The caller adds what it wrote to
 * buf->len. */
static inline char *
xd_buf_reserve(struct xd_buf *buf, size_t extra)
{
    bool fits = buf->ptr && extra <= buf->cap - buf->len && !buf->failed;

    return fits ? buf->ptr + buf->len : xd_buf_grow(buf, extra);
}

static inline void
xd_buf_put(struct xd_buf *buf, struct xd_slice s)
{
    char *room = xd_buf_reserve(buf, s.len);

    if (room && s.len) {
        memcpy(room, s.ptr, s.len);
        buf->len += s.len;
    }
}

static inline void
xd_buf_char(struct xd_buf *buf, char c)
{
    char *room = xd_buf_reserve(buf, 1);

    if (room) {
        *room = c;
        buf->len++;
    }
}

void xd_buf_str(struct xd_buf *buf, const char *text);
void xd_buf_u64(struct xd_buf *buf, uint64_t value);
void xd_buf_i64(struct xd_buf *buf, int64_t value);
void xd_buf_printf(struct xd_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct xd_slice
xd_buf_slice(const struct xd_buf *buf)
{
    return xd_slice_of(buf->ptr, buf->len);
}

#endif
