/*
 * The codes with which a finding about an EDI document is told to the partner: one table for
 * CONTRL, 997, 999 and TA1.
 */
#ifndef XD_REFERENCE_EDI_CODES_H
#define XD_REFERENCE_EDI_CODES_H

#include "finding_codes.h"
#include "reference/embedded.h"

/* Each is empty when that acknowledgement has no code for the finding. */
struct xd_edi_code {
    struct xd_slice contrl;  /* 0085 */
    struct xd_slice segment; /* AK304, IK304 */
    struct xd_slice element; /* AK403, IK403 */
    struct xd_slice set;     /* AK502, IK502 */
    struct xd_slice group;   /* AK905 */
    struct xd_slice ta1;     /* TA105 */
};

struct xd_edi_codes {
    struct xd_edi_code of[XD_F_COUNT];
    bool reject[XD_F_COUNT]; /* the finding refuses the message (or interchange) it is about */
};

/* Loads edi/errors.tsv and, for `reject`, the effects of reference/findings.tsv. */
bool xd_edi_codes_load(struct xd_edi_codes *codes, const struct xd_tables *tables,
                       struct xd_error *err);

#endif
