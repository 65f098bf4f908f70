/*
 * Spreading a street address over the lines that a carrier prints. Lines are cut between words, and
 * never where a house number or a flat would be torn apart.
 */
#ifndef XD_MODEL_ADDRESS_LINES_H
#define XD_MODEL_ADDRESS_LINES_H

#include "base/slice.h"

/*
 * Cuts `text` into at most `lines` parts of at most `chars` bytes each (the text is in the
 * carrier's one-byte letters already). Returns how many parts there are, 0 when it does not fit.
 * The parts are slices of `text`.
 */
size_t xd_address_wrap(struct xd_slice text, size_t chars, size_t lines, struct xd_slice *parts);

#endif
