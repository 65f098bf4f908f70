/*
 * Merchants guard numbers against their spreadsheet: '00123 or ="00123". The guard is no part of
 * the value and is taken off where the first rows of a file show that it is used.
 */
#ifndef XD_READER_GUARD_H
#define XD_READER_GUARD_H

#include "base/arena.h"
#include "model/document.h"
#include "model/field.h"

/* What an apostrophe in front of a value guards: digits, and the plus sign of a telephone number.
 */
static inline bool
xd_is_guarded_start(char c)
{
    return xd_is_digit(c) || c == '+';
}

/* True for identifiers, codes, numbers and dates; an apostrophe in front of a name or address is
 * its own. */
bool xd_is_guardable(enum xd_field field);

/* Takes a leading apostrophe, or ="..." around all of it, off. True when there was one. */
bool xd_unguard(struct xd_slice *value);

/* True when a cell of the text starts with an apostrophe and a digit. */
bool xd_has_apostrophes(struct xd_slice text, char delimiter);

/*
 * ="00123" cannot be read as RFC 4180. True when a cell of the text is such. xd_unguard_text makes
 * "'00123" of each in place, which is of the same length, can be read, and keeps every position; it
 * returns how many there were.
 */
bool xd_has_formulas(struct xd_slice text, char delimiter);
size_t xd_unguard_text(char *text, size_t len, char delimiter);

/* Gives the document a copy of its text, in `arena`, that went through xd_unguard_text. False when
 * memory ran out. */
bool xd_unguard_document(struct xd_document *document, char delimiter, struct xd_arena *arena);

#endif
