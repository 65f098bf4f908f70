/*
 * One cleaned text against one shape: the inner loop of every check, and the pieces the diagnosis
 * needs of it. Inside check/ only.
 */
#ifndef XD_CHECK_IDENTIFIER_MATCH_H
#define XD_CHECK_IDENTIFIER_MATCH_H

#include <assert.h>

#include "check/check_digit.h"
#include "check/identifier_text.h"

/* True when length and characters fit; the check character is not looked at. Otherwise *at is the
 * first character that does not fit, when it is not the length. */
bool xd_shape_fits(const struct xd_identifiers *ids, const struct xd_shape *shape,
                   struct xd_slice text, size_t *at);

/* The same for a cleaned text of the key's length, by its bits: what every right number takes. No
 * place is told. */
static inline bool
xd_shape_takes(const struct xd_identifiers *ids, const struct xd_shape_key *key,
               const struct xd_clean *clean)
{
    const struct xd_shape *shape;
    size_t at;

    if ((clean->digits & ~key->digit_places) | (clean->letters & ~key->letter_places)) {
        return false;
    }
    shape = &ids->shapes[key->shape];
    if (key->specials == XD_SPECIALS_NONE || !clean->plain) {
        return xd_shape_fits(ids, shape, clean->text, &at);
    }
    for (size_t i = 0; i < key->specials; i++) {
        size_t place = key->special[i];
        unsigned char c = (unsigned char)clean->text.ptr[place];
        if (!(xd_shape_symbols(shape, place, clean->text.len) >> ids->symbol[c] & 1)) {
            return false;
        }
    }
    return shape->excluded.len == 0 || !xd_slice_starts(clean->text, shape->excluded);
}

/* The expected check character of check number `index`. The text fits the shape. */
char xd_shape_expected(const struct xd_shape *shape, size_t index, struct xd_slice text);

/* The first check whose character is wrong, or shape->checks when all are right. */
size_t xd_shape_wrong_check(const struct xd_shape *shape, struct xd_slice text);

/* True when every check character of a text that the key's shape takes is right. */
static inline bool
xd_shape_checks_out(const struct xd_identifiers *ids, const struct xd_shape_key *key,
                    struct xd_slice text)
{
    if (key->family < XD_CHECK_FAMILY_COUNT) {
        struct xd_slice body = {text.ptr + key->from, (size_t)key->to - key->from};
        return xd_check_digit((enum xd_check_family)key->family, body) == text.ptr[key->at];
    }
    if (key->family == XD_KEY_NO_CHECK) {
        return true;
    }
    assert(ids->shapes); /* loaded: where there is a key there is its shape */
    const struct xd_shape *shape = &ids->shapes[key->shape];
    return xd_shape_wrong_check(shape, text) == shape->checks;
}

/* Both: characters and check characters are right. */
bool xd_shape_valid(const struct xd_identifiers *ids, const struct xd_shape *shape,
                    struct xd_slice text);

/* The same by its key. */
static inline bool
xd_shape_right(const struct xd_identifiers *ids, const struct xd_shape_key *key,
               const struct xd_clean *clean)
{
    if (!xd_shape_takes(ids, key, clean)) {
        return false;
    }
    return xd_shape_checks_out(ids, key, clean->text);
}

/* Writes the canonical form of a valid text; returns its length. `out` holds XD_CLEAN_MAX bytes. */
size_t xd_shape_canonical(const struct xd_shape *shape, struct xd_slice text, char *out);

#endif
