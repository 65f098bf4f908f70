/*
 * A test row marks the faulty part of a value between two stars, as in "RH6 *O*HP", so that every
 * position that a check reports is held to what a person would underline.
 */
#ifndef XD_TEST_MARKED_H
#define XD_TEST_MARKED_H

#include "base/slice.h"

struct marked {
    char text[512];
    struct xd_slice value; /* without the stars */
    struct xd_span span;   /* between them */
    bool has_span;
};

static inline void
marked_read(struct marked *m, struct xd_slice cell)
{
    size_t stars = 0;

    m->value = xd_slice_of(m->text, 0);
    m->span = (struct xd_span){0, 0};
    for (size_t i = 0; i < cell.len && m->value.len < sizeof(m->text); i++) {
        if (cell.ptr[i] != '*') {
            m->text[m->value.len++] = cell.ptr[i];
        } else if (stars++ == 0) {
            m->span.off = (uint32_t)m->value.len;
        } else {
            m->span.len = (uint32_t)m->value.len - m->span.off;
        }
    }
    m->has_span = stars == 2;
}

#endif
