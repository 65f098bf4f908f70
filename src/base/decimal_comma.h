/*
 * Numbers as most of Europe writes them: 1.234,50. Nothing is read so by itself, because to others
 * the same signs say a thousandth or a thousandfold of it; the caller knows that a person said so.
 */
#ifndef XD_BASE_DECIMAL_COMMA_H
#define XD_BASE_DECIMAL_COMMA_H

#include "base/slice.h"

#define XD_DECIMAL_COMMA_TEXT 48

struct xd_decimal_comma {
    char plain[XD_DECIMAL_COMMA_TEXT]; /* as xd_decimal_parse reads it, without a NUL */
    size_t len;                        /* of plain, in bytes */
    size_t fault;                      /* byte of the text at which it stops being such a number */
    bool certain; /* it has a comma, and with a decimal point it could not be read at all */
};

/*
 * Reads an optional sign, digits, and an optional comma with digits behind it: "1234,50" gives
 * "1234.50". The whole part may stand in groups, a point, a blank, a no-break space or a narrow one
 * between them, the same throughout: one to three digits that do not start with 0, then three in
 * each. "1.234" is 1234, and "1.23", "0.541" and "1,2,3" are none. False when the text is no such
 * number, or longer than any that is computed with; out->fault says from where on.
 */
bool xd_decimal_comma_read(struct xd_slice text, struct xd_decimal_comma *out);

/* True when the text starts with one of the marks between groups. */
bool xd_decimal_comma_groups(struct xd_slice text);

#endif
