/*
 * What a word was perhaps meant to be: for slips of the finger in headers, options and names.
 */
#ifndef XD_BASE_NEAR_H
#define XD_BASE_NEAR_H

#include "base/slice.h"

#define XD_NEAR_NOT 3 /* and more: another word */

/* Letters to insert, drop or replace to make one word of the other, counted up to XD_NEAR_NOT.
 * Words longer than 32 bytes are not compared. */
unsigned xd_near_distance(struct xd_slice a, struct xd_slice b);

/* Distances below this are a slip in a word of that length. */
static inline unsigned
xd_near_limit(struct xd_slice word)
{
    return word.len > 4 ? XD_NEAR_NOT : 2;
}

#endif
