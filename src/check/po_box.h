/*
 * Post office boxes, parcel lockers and military mail in a line of an address, in any of the
 * table's languages and in either case.
 */
#ifndef XD_CHECK_PO_BOX_H
#define XD_CHECK_PO_BOX_H

#include "check/letter.h"

struct xd_box_hit {
    enum xd_box_kind kind;
    struct xd_span span; /* the phrase and the number behind it */
};

/* The first phrase of `line` that means a box in that country. Pure. */
bool xd_box_find(const struct xd_address_words *words, uint16_t country, struct xd_slice line,
                 struct xd_box_hit *hit);

/*
 * May be true of a line of 1 to 64 bytes in which xd_box_find() finds nothing, and is true of each
 * in which it finds something; at a fraction of the price. `kinds` are those of the line's bytes.
 * Asks of the starts of words only: a line with an XD_LETTER_ANYWHERE is for the caller to tell.
 */
bool xd_box_possible(struct xd_letters *letters, uint16_t country, struct xd_slice line,
                     const struct xd_byte_kinds *kinds);

#endif
