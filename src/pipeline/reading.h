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

/* A CSV that is read in chunks, by all who have time. */
struct xd_csv_job;
struct xd_csv_scratch;

/* Begins with a document of which more is to come. NULL when too little has come yet, or it can
 * only be read as a whole; then what `reading` found means nothing. */
struct xd_csv_job *xd_csv_job_follow(struct xd_reading_job *reading);

/* More of the text has come; false when it has a fault, so that more changes nothing. */
bool xd_csv_job_grow(struct xd_csv_job *job, struct xd_slice text);

/* Parses and checks chunks until there are none to be had now. */
void xd_csv_job_work(struct xd_csv_job *job, struct xd_csv_scratch *scratch, unsigned worker);

/* What xd_csv_job_follow needs at least. */
#define XD_FOLLOW_LEAST (4 * XD_CHUNK_BYTES)

/* Cuts the CSV into chunks and lets all workers parse and check them; goes on from where `followed`
 * has come, or begins when it is NULL. */
bool xd_read_csv(struct xd_reading_job *reading, struct xd_csv_job *followed);

/* An empty reading, and one that gives back all it read. */
void xd_reading_open(struct xd_reading_job *reading, struct xd_intake *intake,
                     struct xd_document *document, struct xd_findings *findings,
                     struct xd_error *err);
void xd_reading_drop(struct xd_reading_job *reading);

/* Forgets what was read: the document is read once more. */
void xd_reading_restart(struct xd_reading_job *reading);

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
