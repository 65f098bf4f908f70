/*
 * The run in numbers. Every row that was read ends in exactly one of three places, and the summary
 * shows that the sum is right: an operator who trusts it looks at nothing else.
 */
#ifndef XD_MODEL_SUMMARY_H
#define XD_MODEL_SUMMARY_H

#include "base/date.h"
#include "model/disposition.h"
#include "model/document.h"
#include "model/finding.h"
#include "model/handoff.h"

/* What went into one handoff file. */
struct xd_summary_carrier {
    struct xd_slice code;
    struct xd_slice file; /* name of the handoff file; empty when nothing was written (validate) */
    struct xd_totals totals;
};

struct xd_summary {
    const char *command; /* "process" or "validate" */
    xd_date as_of;
    const struct xd_document *documents;
    size_t document_count;
    uint64_t rows_read; /* rows of all documents, headers not counted */
    uint64_t rows[XD_DISPOSITION_COUNT];
    uint64_t orders;  /* distinct orders named by the manifests */
    uint64_t parcels; /* distinct parcels */
    uint64_t parcels_by[XD_DISPOSITION_COUNT];
    uint64_t routes[XD_ROUTE_COUNT]; /* parcels handed off, by model */
    struct xd_summary_carrier *carriers;
    size_t carrier_count;
    uint64_t refused;                   /* documents of which nothing could be used */
    const struct xd_findings *findings; /* kept list in input order, totals of all */
};

/* "hub", "wyol-partial", ...; "handoff", "hold", "reject": the words of every report. */
const char *xd_route_name(enum xd_route route);
const char *xd_disposition_name(enum xd_disposition disposition);

#endif
