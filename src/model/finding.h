/*
 * A finding says what is wrong with the merchant's data, where, what was seen and what to do. Its
 * code, severity and texts are a row of schemas/reference/findings.tsv; this is one occurrence of
 * it.
 */
#ifndef XD_MODEL_FINDING_H
#define XD_MODEL_FINDING_H

#include "base/arena.h"
#include "base/slice.h"
#include "finding_codes.h"
#include "model/field.h"

enum xd_severity {
    XD_SEVERITY_NOTE,    /* worth knowing, nothing to do */
    XD_SEVERITY_WARNING, /* the parcel ships, look at it */
    XD_SEVERITY_ERROR,   /* the parcel does not ship as it is */
};

/*
 * What a pure check says of one value. `detail` completes the finding's sentence with what is
 * particular to this value ("the check digit must be 4", "digits 3 and 4 look swapped"); empty when
 * the table's text says it all.
 */
struct xd_diagnosis {
    enum xd_finding_code code; /* XD_F_NONE: nothing wrong */
    struct xd_span span;       /* the faulty bytes of the value */
    char detail[120];          /* NUL-terminated, plain text */
};

struct xd_finding {
    enum xd_finding_code code;
    uint16_t document; /* index of the document (file or archive member) in the run */
    uint8_t field;     /* enum xd_field, or XD_FIELD_NONE */
    uint16_t column;   /* from 1; 0 when the finding is not about one column */
    uint32_t
        row; /* from 1, the header being row 1 as a spreadsheet counts; 0 when about the document */
    bool placed;     /* `offset` says where although there is no row: a fault of the text itself */
    uint64_t offset; /* byte of the document where the value or the record starts */
    struct xd_span span;    /* faulty bytes within the value; len 0: all of it */
    struct xd_slice value;  /* as seen */
    struct xd_slice detail; /* completes the sentence; may be empty */
    struct xd_slice order;  /* order id, where known */
    struct xd_slice parcel; /* parcel code, where known */
};

/*
 * Findings of one chunk or one run, in input order. Beyond `keep` they are counted and not kept: a
 * file in which every row is wrong costs no more memory than one with ten thousand faults.
 */
struct xd_findings {
    struct xd_finding *list;
    size_t count; /* kept */
    size_t cap;
    size_t keep;
    uint64_t totals[XD_F_COUNT]; /* of each code, kept or not */
    struct xd_arena *arena;      /* holds the list and the copies of value and detail */
    bool failed;                 /* memory ran out */
};

void xd_findings_init(struct xd_findings *findings, struct xd_arena *arena, size_t keep);

/* Adds a finding; the slices are copied when it is kept. */
void xd_findings_add(struct xd_findings *findings, const struct xd_finding *finding);

/* True when a further finding would only be counted: its words need not be put together. */
static inline bool
xd_findings_full(const struct xd_findings *findings)
{
    return findings->count >= findings->keep;
}

/* Appends all of `from` behind `to`, copying what is kept. */
void xd_findings_merge(struct xd_findings *to, const struct xd_findings *from);

/* A diagnosis without span. `format` is a printf format for its detail. */
void xd_diagnose(struct xd_diagnosis *out, enum xd_finding_code code, size_t off, size_t len,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
