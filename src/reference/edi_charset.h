/*
 * The character sets that an EDIFACT interchange can declare. Values leave the reader as UTF-8
 * whatever they were.
 */
#ifndef XD_REFERENCE_EDI_CHARSET_H
#define XD_REFERENCE_EDI_CHARSET_H

#include "reference/embedded.h"

enum xd_edi_encoding {
    XD_EDI_ASCII,  /* bytes from 0x80 are no characters */
    XD_EDI_SINGLE, /* one byte a character: `high` says which */
    XD_EDI_UTF8,
};

struct xd_edi_charset {
    struct xd_slice name; /* "ISO 8859-1" */
    enum xd_edi_encoding encoding;
    char repertoire;   /* 'A', 'B' or 'a' (all): the levels of ISO 9735 */
    uint16_t high[96]; /* code points of the bytes 0xA0..0xFF; 0: no character */
};

/* The set of a level such as "UNOC"; *found false when it is not supported. False, with *err set,
 * when the table is wrong. */
bool xd_edi_charset_get(const struct xd_tables *tables, struct xd_slice level,
                        struct xd_edi_charset *charset, bool *found, struct xd_error *err);

#endif
