/*
 * Can this text be printed on a label and read by a courier? Garbled conversions, invisible
 * characters, words that mix scripts, and scripts that nobody reads at the destination.
 */
#ifndef XD_CHECK_TEXT_H
#define XD_CHECK_TEXT_H

#include "base/slice.h"

enum xd_text_fault {
    XD_TEXT_GARBLED, /* UTF-8 read as something else, replacement characters, runs of question marks
                      */
    XD_TEXT_INVISIBLE,      /* control, bidirectional, zero-width characters, emoji */
    XD_TEXT_MIXED,          /* one word of two scripts */
    XD_TEXT_FOREIGN,        /* a script that is not among the allowed */
    XD_TEXT_NOT_NORMALIZED, /* accents written apart (not NFC) */
    XD_TEXT_FAULTS,
};

struct xd_text_report {
    bool found[XD_TEXT_FAULTS];
    struct xd_span span[XD_TEXT_FAULTS]; /* the first of each */
};

/* What a character does to a text wherever it stands. */
struct xd_text_trait {
    uint8_t script; /* enum xd_script; XD_SCRIPT_OTHER when it is no letter */
    bool trouble;   /* garbled, invisible or a mark that stands apart */
    bool garbles;   /* may be the first half of mojibake */
};

struct xd_text_trait xd_text_trait(int32_t c);

/* Checks UTF-8 `text`; `scripts` are bits of enum xd_script. Pure; for plain ASCII it only looks
 * for controls and question marks. */
void xd_text_check(struct xd_slice text, uint32_t scripts, struct xd_text_report *report);

#endif
