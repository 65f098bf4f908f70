/*
 * What the upper half of an 8-bit encoding means, asked of the system's iconv once. Files are then
 * written without iconv's state, which threads could not share, and without its transliteration,
 * which depends on the locale of whoever started the program.
 */
#ifndef XD_SOURCE_CODE_PAGE_H
#define XD_SOURCE_CODE_PAGE_H

#include "base/slice.h"

struct xd_code_page {
    uint16_t high[128]; /* code point of the bytes 0x80..0xff, 0 where there is none */
};

/* Learns the encoding of that name (as iconv knows it); false when there is none. */
bool xd_code_page_learn(struct xd_code_page *page, struct xd_slice name);

/* The byte for a code point beyond ASCII, or 0 when the encoding lacks it. */
unsigned char xd_code_page_byte(const struct xd_code_page *page, uint32_t code_point);

#endif
