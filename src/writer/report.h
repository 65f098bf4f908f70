/*
 * What a run has to say, in the form each reader wants: a table to filter (CSV), a document for
 * programs (JSON), a summary and diagnostics for the terminal, one line a finding for editors. All
 * are made from the same summary, so no two of them can disagree.
 */
#ifndef XD_WRITER_REPORT_H
#define XD_WRITER_REPORT_H

#include "base/buf.h"
#include "model/summary.h"
#include "reference/finding_text.h"

struct xd_reports {
    const struct xd_summary *summary;
    const struct xd_finding_texts *texts;
};

/* Exceptions as CSV: a header and a row a kept finding, in input order. Cells are one line each,
 * and none can be taken for a formula by a spreadsheet. */
void xd_report_csv(const struct xd_reports *report, struct xd_buf *buf);

/* The whole report as JSON, by schemas/reports/report.schema.json. */
void xd_report_json(const struct xd_reports *report, struct xd_buf *buf);

/* JSON Lines: an object a kept finding as in the report, and a last one of the counts. */
void xd_report_jsonl(const struct xd_reports *report, struct xd_buf *buf);

/* FILE:LINE:COLUMN: severity: CODE sentence; a line a kept finding. */
void xd_report_short(const struct xd_reports *report, struct xd_buf *buf);

/* Diagnostics over the merchant's own bytes, grouped by code, errors last. `color` adds ANSI
 * colours. */
void xd_report_diagnostics(const struct xd_reports *report, bool color, struct xd_buf *buf);

/* Documents, carriers, counts of findings, and last the line that shows that the rows balance. */
void xd_report_summary(const struct xd_reports *report, struct xd_buf *buf);

/* True when each row that was read ended in exactly one place. */
bool xd_report_balances(const struct xd_summary *summary);

/* ---- one finding, resolved; the parts that the forms above share ---- */

struct xd_report_item {
    const struct xd_finding *finding;
    const struct xd_finding_text *text;
    const struct xd_document *document; /* NULL when the finding is of no document */
    struct xd_place place; /* of the first faulty character; line 0 when there is none */
    struct xd_slice found; /* faulty bytes in document->text; may be empty */
    struct xd_slice
        column_name;        /* as the header spells it; the field's name where there is no header */
    char column_letters[4]; /* "E", "AA"; empty when the finding is of no column */
};

/* Walks over the kept findings in order; counts lines once, however many
 * findings there are. */
struct xd_report_walk {
    const struct xd_reports *report;
    size_t next;
    struct xd_places places; /* of the document of the last finding that has a place */
};

void xd_report_walk_start(struct xd_report_walk *walk, const struct xd_reports *report);
bool xd_report_walk_next(struct xd_report_walk *walk, struct xd_report_item *item);

/* Appends "FILE" or "FILE!MEMBER". */
void xd_report_source(const struct xd_document *document, struct xd_buf *buf);

#endif
