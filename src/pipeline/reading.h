/*
 * The two ways to read a document into batches; intake.c chooses.
 */
#ifndef XD_PIPELINE_READING_H
#define XD_PIPELINE_READING_H

#include "pipeline/batches.h"
#include "reader/reader.h"

/* What both ways work on. */
struct xd_reading_job {
    struct xd_intake *intake;
    struct xd_document *document;
    struct xd_findings *findings; /* about the document as a whole */
    struct xd_batches batches;
    struct xd_error *err;
    uint32_t row; /* spreadsheet row that a refusal is about; 0: the document as a whole */
    bool refused;
};

/* Cuts the CSV into chunks and lets all workers parse and check them. */
bool xd_read_csv(struct xd_reading_job *job);

/* Lets one worker read while the others check what it hands on. */
bool xd_read_stream(struct xd_reading_job *job, const struct xd_reader *reader);

/* Adds a finding about the document, or about byte `offset` of it, and refuses it. `detail` may be
 * NULL. */
void xd_refuse_document(struct xd_reading_job *job, enum xd_finding_code code, uint64_t offset,
                        const char *detail);

/* The finding that a limit was hit, which names it. */
void xd_refuse_limit_hit(struct xd_reading_job *job, enum xd_finding_code code, uint64_t offset,
                         enum xd_limit limit);

#endif
