/*
 * What a merchant should write instead of a value that failed its check. The check itself stays
 * strict and quick; these words are put together only when there is something to report.
 */
#ifndef XD_CHECK_HINT_H
#define XD_CHECK_HINT_H

#include "model/field.h"
#include "model/finding.h"

/*
 * Fills *diagnosis with `code` and, where the value lets it be told, the detail that completes its
 * sentence: the number without the sign or unit around it, the range that is accepted, the field
 * that is missing. `field` is the value's. The span is the part that does not belong there; length
 * 0 means all of the value.
 */
void xd_hint(enum xd_field field, struct xd_slice value, enum xd_finding_code code,
             struct xd_diagnosis *diagnosis);

/* XD_F_CURRENCY_DECIMALS for an amount with too many decimals: how many there may be, and what
 * 1.234 is when the point groups thousands. */
void xd_hint_decimals(struct xd_slice value, unsigned decimals, struct xd_slice currency,
                      struct xd_diagnosis *diagnosis);

#endif
