/*
 * What the content of a GS1 component must be, beyond its characters and length: one small function
 * a rule. Inside check/ only.
 */
#ifndef XD_CHECK_GS1_RULE_H
#define XD_CHECK_GS1_RULE_H

#include "reference/code_list.h"
#include "reference/gs1_ai.h"

/*
 * NULL when `value` follows the rule; otherwise what was expected ("a day that exists"), a literal,
 * and in *bad the bytes of the value that break it. Digits have been checked before where the
 * component is numeric.
 */
const char *xd_gs1_rule_check(const struct xd_code_lists *codes, enum xd_gs1_rule rule,
                              struct xd_slice value, struct xd_span *bad);

/* True when every character is of the set: n digits, x CSET 82, y CSET 39, z base64url. Else *at is
 * the first that is not. */
bool xd_gs1_characters(char type, struct xd_slice value, size_t *at);

/* North American coupon codes, AI 8110 and AI 8112: lengths are told by digits inside. As
 * xd_gs1_rule_check. */
const char *xd_gs1_coupon(struct xd_slice value, struct xd_span *bad);
const char *xd_gs1_coupon_offer(struct xd_slice value, struct xd_span *bad);

#endif
