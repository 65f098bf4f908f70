/*
 * Text that people see. What a merchant sent can hold bytes that move a cursor, turn a line round
 * or show nothing at all; a report shows them as signs instead of obeying them.
 */
#ifndef XD_BASE_UTF8_H
#define XD_BASE_UTF8_H

#include "base/arena.h"
#include "base/buf.h"

/* Bytes of the UTF-8 sequence at `at`, which is inside the text, and its code point; 1 and U+FFFD
 * for what is no UTF-8. */
size_t xd_utf8_at(struct xd_slice text, size_t at, uint32_t *code_point);

/* Writes the code point, at most U+10FFFF, as one to four bytes and returns the place behind. */
static inline char *
xd_utf8_put(char *out, uint32_t code_point)
{
    if (code_point < 0x80) {
        *out++ = (char)code_point;
        return out;
    }
    if (code_point < 0x800) {
        *out++ = (char)(0xc0 | code_point >> 6);
    } else {
        if (code_point < 0x10000) {
            *out++ = (char)(0xe0 | code_point >> 12);
        } else {
            *out++ = (char)(0xf0 | code_point >> 18);
            *out++ = (char)(0x80 | (code_point >> 12 & 0x3f));
        }
        *out++ = (char)(0x80 | (code_point >> 6 & 0x3f));
    }
    *out++ = (char)(0x80 | (code_point & 0x3f));
    return out;
}

/*
 * Appends `s` as one line of visible text: controls become their pictures (U+2400 ..), characters
 * that are not seen or change direction become <U+202E>, bytes that are not UTF-8 become U+FFFD.
 * Returns the columns it takes on a terminal: two for a wide character, none for a combining one.
 */
size_t xd_utf8_visible(struct xd_slice s, struct xd_buf *buf);

/* Place of the first character that nobody sees (general category Cf: zero width, directional
 * marks, soft hyphen), its length in bytes to *len and its code point to *point; s.len when there
 * is none. ASCII costs a look at each byte. */
size_t xd_utf8_invisible(struct xd_slice s, size_t *len, uint32_t *point);

/* The first `most` bytes at most, without the character that would be cut in two. */
struct xd_slice xd_utf8_cut(struct xd_slice text, size_t most);

/*
 * The same text with letters and their accents joined (normalisation form C), so that two ways to
 * write one id are equal. ASCII, and what is not UTF-8, comes back as it is; anything else is a
 * copy in `arena`, or the text itself when memory ran out.
 */
struct xd_slice xd_utf8_compose(struct xd_slice s, struct xd_arena *arena);

/* What the character beyond ASCII at `at` stands for in a code or number: a full-width form for its
 * ASCII twin, a dash or blank of any width for ' ', anything else for 0. *step: its bytes. */
char xd_utf8_narrow(struct xd_slice text, size_t at, size_t *step);

#endif
