/*
 * A test row marks the faulty part of a value between two stars, as in "RH6 *O*HP", so that every
 * position that a check reports is held to what a person would underline. \xNN is a byte.
 */
#ifndef XD_TEST_MARKED_H
#define XD_TEST_MARKED_H

#include "base/slice.h"

struct marked {
    char text[1200];
    struct xd_slice value; /* without the stars */
    struct xd_span span;   /* between them */
    bool has_span;
};

static inline unsigned
marked_hex(char c)
{
    return (unsigned)(xd_is_digit(c) ? c - '0' : xd_to_lower(c) - 'a' + 10);
}

static inline void
marked_read(struct marked *m, struct xd_slice cell)
{
    size_t stars = 0;

    m->value = xd_slice_of(m->text, 0);
    m->span = (struct xd_span){0, 0};
    for (size_t i = 0; i < cell.len && m->value.len < sizeof(m->text); i++) {
        const char *p = cell.ptr + i;
        if (*p == '*' && stars++ == 0) {
            m->span.off = (uint32_t)m->value.len;
        } else if (*p == '*') {
            m->span.len = (uint32_t)m->value.len - m->span.off;
        } else if (*p == '\\' && i + 3 < cell.len && p[1] == 'x') {
            m->text[m->value.len++] = (char)(marked_hex(p[2]) * 16 + marked_hex(p[3]));
            i += 3;
        } else {
            m->text[m->value.len++] = *p;
        }
    }
    m->has_span = stars == 2;
}

#endif
