/*
 * Post office boxes, parcel lockers and military mail in a line of an address, in any of the
 * table's languages and in either case.
 */
#ifndef XD_CHECK_PO_BOX_H
#define XD_CHECK_PO_BOX_H

#include "reference/address_word.h"

struct xd_box_hit {
    enum xd_box_kind kind;
    struct xd_span span; /* the phrase and the number behind it */
};

/* The first phrase of `line` that means a box in that country. Pure. */
bool xd_box_find(const struct xd_address_words *words, uint16_t country, struct xd_slice line,
                 struct xd_box_hit *hit);

#endif
