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

/* GS1 General Specifications 7.9: weights 3, 1 from the right, modulo 10. */
char xd_check_gs1(struct xd_slice body);
/* UPS: weights 1, 2 from the left, modulo 10, letters as (code - 63) modulo 10. */
char xd_check_ups(struct xd_slice body);
/* FedEx: weights 1, 3, 7 from the right, modulo 11, 10 becomes 0. */
char xd_check_fedex(struct xd_slice body);
/* UPU S10-12: eight digits, weights 8 6 4 2 3 5 9 7, 11 minus the remainder, 10 becomes 0, 11
 * becomes 5. */
char xd_check_s10(struct xd_slice body);
/* The number modulo 7: air waybills, DHL Express, Japanese parcels. Never 7, 8 or 9. */
char xd_check_mod7(struct xd_slice body);
/* ISO 7064 mod 37,36: DPD. */
char xd_check_mod37_36(struct xd_slice body);
/* ISO/IEC 7812 annex B: doubles every second digit from the right. */
char xd_check_luhn(struct xd_slice body);
/* Deutsche Post Identcode and Leitcode: weights 4, 9 from the left, modulo 10. */
char xd_check_deutsche_post(struct xd_slice body);
/* GLS: weights 3, 1 from the left, plus one, modulo 10. */
char xd_check_gls(struct xd_slice body);
/* Colissimo: weights 1, 3 from the left, modulo 10. */
char xd_check_colissimo(struct xd_slice body);
/* Mondial Relay: weights 2..7 in turn from the right, 11 minus the remainder, 10 and 11 become 0.
 */
char xd_check_mondial_relay(struct xd_slice body);
/* ISO 6346: letters 10..38 without the multiples of 11, weights 1, 2, 4 ..., modulo 11, modulo 10.
 */
char xd_check_iso6346(struct xd_slice body);
/* Parcelforce consignment: six digits, weights 4 2 3 5 9 7, else as S10. */
char xd_check_parcelforce(struct xd_slice body);

#endif
