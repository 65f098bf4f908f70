/*
 * Check characters: one small pure function for each family of algorithms. Each takes the covered
 * characters, digits and capitals only, and gives the check character that belongs behind them;
 * whoever compares it is not its business.
 */
#ifndef XD_CHECK_CHECK_DIGIT_H
#define XD_CHECK_CHECK_DIGIT_H

#include "reference/identifier.h"

/* The expected character, '0'..'9' ('A'..'Z' too for mod37-36). Characters outside a family's
 * alphabet count as whatever their code gives: a shape has kept them out before. */
char xd_check_digit(enum xd_check_family family, struct xd_slice body);

/* The same for XD_CHECK_GS1, which most callers know they want: GS1 General Specifications 7.9,
 * weights 3, 1 from the right, modulo 10. */
char xd_check_gs1(struct xd_slice body);

#endif
