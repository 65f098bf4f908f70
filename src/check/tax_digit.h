/* The check digits of tax numbers. Private to tax_number.c and its test. */
#ifndef XD_CHECK_TAX_DIGIT_H
#define XD_CHECK_TAX_DIGIT_H

#include "reference/tax_number.h"

/* Does the check digit fit? `number` is without prefix, separators and small letters, and has one
 * of the scheme's shapes already. Pure. */
bool xd_tax_digit_fits(const struct xd_tax_scheme *scheme, struct xd_slice number);

#endif
