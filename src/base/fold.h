/*
 * Keys for comparing what people type: "Île-de-France", "ILE DE FRANCE" and "ile de france" are one
 * name. Case, accents, width, blanks and punctuation go; letters and digits of every script stay.
 */
#ifndef XD_BASE_FOLD_H
#define XD_BASE_FOLD_H

#include "base/slice.h"

/*
 * Writes the key of `text` into `out` (`cap` bytes, no NUL) and returns its length. What does not
 * fit is left out, so two very long names may share a key. Bytes that are not UTF-8 are skipped.
 */
size_t xd_fold_key(struct xd_slice text, char *out, size_t cap);

#endif
