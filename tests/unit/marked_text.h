/*
 * Texts of test tables in which *...* marks the bytes that a finding must underline and \xNN is a
 * byte.
 */
#ifndef XD_MARKED_TEXT_H
#define XD_MARKED_TEXT_H

#include "table_test.h"

struct marked {
    char text[1200];
    size_t len;
    struct xd_span span; /* between the two stars */
    bool has_span;
};

static inline unsigned
marked_hex(char c)
{
    return (unsigned)(xd_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

static inline void
read_marked(struct xd_slice cell, struct marked *out)
{
    size_t stars = 0;

    out->len = 0;
    out->span = (struct xd_span){0, 0};
    for (size_t i = 0; i < cell.len; i++) {
        assert_true(out->len < sizeof(out->text));
        if (cell.ptr[i] == '*') {
            if (stars++ == 0) {
                out->span.off = (uint32_t)out->len;
            } else {
                out->span.len = (uint32_t)out->len - out->span.off;
            }
        } else if (cell.ptr[i] == '\\' && i + 3 < cell.len && cell.ptr[i + 1] == 'x') {
            out->text[out->len++] =
                (char)(marked_hex(cell.ptr[i + 2]) * 16 + marked_hex(cell.ptr[i + 3]));
            i += 3;
        } else {
            out->text[out->len++] = cell.ptr[i];
        }
    }
    out->has_span = stars == 2;
    assert_true(stars == 0 || stars == 2);
}

#endif
