/*
 * The conversions behind charset.h, apart from it because they are tables and loops while that is
 * decisions.
 */
#ifndef XD_SOURCE_ENCODING_H
#define XD_SOURCE_ENCODING_H

#include "source/charset.h"

/*
 * Turns `body`, whose encoding text->encoding names, into UTF-8 in text->region. A one-byte
 * encoding that uses nothing beyond ASCII stays where it is. False with *fault set (an unpaired
 * surrogate, half a character, an unassigned byte; its offset counts from the start of the
 * original), and nothing is left open.
 */
bool xd_charset_transcode(struct xd_slice body, struct xd_text *text,
                          struct xd_charset_fault *fault);

#endif
