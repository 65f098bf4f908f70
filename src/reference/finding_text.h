/*
 * What every finding code means: the one table behind `explain`, the reports and the documentation.
 */
#ifndef XD_REFERENCE_FINDING_TEXT_H
#define XD_REFERENCE_FINDING_TEXT_H

#include "finding_codes.h"
#include "reference/embedded.h"

/* What becomes of the parcel (or document) that the finding is about. */
enum xd_effect {
    XD_EFFECT_NONE,   /* ships */
    XD_EFFECT_HOLD,   /* waits for a person or for more data */
    XD_EFFECT_REJECT, /* goes back to the merchant */
};

struct xd_finding_text {
    struct xd_slice code;     /* XD-CSV-003 */
    struct xd_slice slug;     /* csv-unclosed-quote */
    struct xd_slice severity; /* note, warning or error */
    enum xd_effect effect;
    struct xd_slice text;     /* one sentence: what is wrong */
    struct xd_slice expected; /* what would be right */
    struct xd_slice fix;      /* what to do */
};

struct xd_finding_texts {
    struct xd_finding_text of[XD_F_COUNT]; /* by enum xd_finding_code; [XD_F_NONE] is empty */
};

/* Loads schemas/reference/findings.tsv. Codes and order are compiled in: a newer table may change
 * words, severities and effects only. */
bool xd_finding_texts_load(struct xd_finding_texts *texts, const struct xd_tables *tables,
                           struct xd_error *err);

/* The code of exactly that slug, or XD_F_NONE: for other tables that name findings. */
enum xd_finding_code xd_finding_code_of(struct xd_slice slug);

/* By code or slug, letters of either case; XD_F_NONE when there is none. */
enum xd_finding_code xd_finding_text_find(const struct xd_finding_texts *texts,
                                          struct xd_slice name);

#endif
