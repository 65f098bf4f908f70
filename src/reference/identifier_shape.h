/*
 * Reads the shape language of identifiers.tsv. Apart from the loader because a language wants its
 * own place: the header of the table says what it can express.
 */
#ifndef XD_REFERENCE_IDENTIFIER_SHAPE_H
#define XD_REFERENCE_IDENTIFIER_SHAPE_H

#include "reference/identifier.h"

/*
 * Compiles one alternative, `text`, behind the lead-in `lead` (may be empty), into *shape; of a
 * text with choices (=A/B) the one at `choice`. Symbol sets and texts go to `arena`. NULL, or what
 * is wrong with the text. *choices is how many there are.
 */
const char *xd_shape_compile(struct xd_slice lead, struct xd_slice text, size_t choice,
                             struct xd_arena *arena, struct xd_shape *shape, size_t *choices);

/* The shape at one of its lengths, by place. */
void xd_shape_index(const struct xd_shape *shape, size_t len, struct xd_shape_key *key);

/* The symbol of a byte, as shapes count it. */
uint8_t xd_symbol_of(char c);

#endif
