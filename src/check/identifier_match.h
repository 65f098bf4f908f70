/*
 * One cleaned text against one shape: the inner loop of every check, and the pieces the diagnosis
 * needs of it. Inside check/ only.
 */
#ifndef XD_CHECK_IDENTIFIER_MATCH_H
#define XD_CHECK_IDENTIFIER_MATCH_H

#include "check/check_digit.h"
#include "check/identifier_text.h"

/* A place in a text of `len` characters, as struct xd_shape_check counts it. */
static inline size_t
xd_shape_place(int8_t at, size_t len)
{
    return at < 0 ? (size_t)((int)len + at) : (size_t)at;
}

static inline size_t
xd_shape_end(int8_t to, size_t len)
{
    return to <= 0 ? (size_t)((int)len + to) : (size_t)to;
}

static inline uint64_t
xd_shape_symbols(const struct xd_shape *shape, size_t at, size_t len)
{
    if (at < shape->head) {
        return shape->symbols[at];
    }
    size_t from_end = len - at; /* 1 for the last */
    return from_end <= shape->tail ? shape->symbols[shape->head + shape->tail - from_end]
                                   : shape->repeated;
}

/* True when length and characters fit; the check character is not looked at. Otherwise *at is the
 * first character that does not fit, when it is not the length. */
bool xd_shape_fits(const struct xd_identifiers *ids, const struct xd_shape *shape,
                   struct xd_slice text, size_t *at);

/* The expected check character of check number `index`. The text fits the shape. */
char xd_shape_expected(const struct xd_shape *shape, size_t index, struct xd_slice text);

/* The first check whose character is wrong, or shape->checks when all are right. */
size_t xd_shape_wrong_check(const struct xd_shape *shape, struct xd_slice text);

/* Both: characters and check characters are right. */
bool xd_shape_valid(const struct xd_identifiers *ids, const struct xd_shape *shape,
                    struct xd_slice text);

/* Writes the canonical form of a valid text; returns its length. `out` holds XD_CLEAN_MAX bytes. */
size_t xd_shape_canonical(const struct xd_shape *shape, struct xd_slice text, char *out);

#endif
