/*
 * Lists of postal code beginnings, as "01 020-027 =BF12AT": what regions, territories and embargoes
 * are recognised by. A code is compared without blanks and hyphens, eight characters packed into
 * one number.
 */
#ifndef XD_REFERENCE_PREFIX_H
#define XD_REFERENCE_PREFIX_H

#include "base/arena.h"

struct xd_prefix {
    uint64_t low; /* characters packed big-endian, `len` of them */
    uint64_t high;
    uint8_t len;
    bool whole; /* the code ends here too */
};

struct xd_prefixes {
    const struct xd_prefix *list;
    uint16_t count;
};

/* A postal code ready for comparing. */
struct xd_packed_code {
    uint64_t packed; /* the first eight letters and digits */
    uint8_t len;     /* letters and digits in all */
};

/* Reads a list; false when a word is longer than eight characters, its ends differ in length, or
 * memory ran out. */
bool xd_prefixes_parse(struct xd_slice text, struct xd_arena *arena, struct xd_prefixes *out);

struct xd_packed_code xd_packed_code(struct xd_slice canonical);

/* Length of the longest prefix of the list that `code` starts with; 0 when there is none. */
static inline unsigned
xd_prefixes_match(const struct xd_prefixes *prefixes, struct xd_packed_code code)
{
    unsigned best = 0;

    for (unsigned i = 0; i < prefixes->count; i++) {
        const struct xd_prefix *p = &prefixes->list[i];
        uint64_t start = code.packed >> (8 * (8 - p->len));
        if (p->len > best && code.len >= p->len && start >= p->low && start <= p->high &&
            (!p->whole || code.len == p->len)) {
            best = p->len;
        }
    }
    return best;
}

#endif
