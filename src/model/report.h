/*
 * Turns what a check says of a row into a finding with its place, and lets the row bear the
 * consequence. One way for all rooms, so that every finding names file, row, column and byte alike.
 */
#ifndef XD_MODEL_REPORT_H
#define XD_MODEL_REPORT_H

#include "model/batch.h"
#include "reference/finding_text.h"

struct xd_reporter {
    const struct xd_finding_texts *texts;
    struct xd_findings *findings;
    struct xd_arena *scratch; /* values that must be rewritten to be shown */
};

/*
 * Adds a finding about `field` (or XD_FIELD_NONE: the row as a whole) of a row. `value` is what was
 * seen; NULL takes what the row says. The row's disposition becomes at least the finding's effect.
 */
void xd_report(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
               enum xd_field field, const struct xd_diagnosis *diagnosis,
               const struct xd_slice *value);

/* Counts a finding and lets the row bear it, without keeping it. */
void xd_report_count(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
                     enum xd_finding_code code);

/* xd_report for a finding without span and detail; XD_F_NONE adds nothing. */
void xd_report_code(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
                    enum xd_field field, enum xd_finding_code code);

/* The finding about a row that has another number of columns than the header. */
void xd_report_ragged(const struct xd_reporter *reporter, const struct xd_batch *batch,
                      const struct xd_ragged *ragged);

/* True when a further finding would only be counted: its detail need not be put into words. */
static inline bool
xd_report_counts_only(const struct xd_reporter *reporter)
{
    return xd_findings_full(reporter->findings);
}

#endif
