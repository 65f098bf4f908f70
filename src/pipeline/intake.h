/*
 * Inputs to batches: opens files and archives, lets the reader that is surest take each document,
 * cuts a CSV into chunks for all workers, and gives the rows back in the order of the input,
 * whoever read them.
 */
#ifndef XD_PIPELINE_INTAKE_H
#define XD_PIPELINE_INTAKE_H

#include "pipeline/tables.h"
#include "reader/header.h"
#include "source/source.h"

/* Bytes of a CSV chunk: small enough to stay in a core's cache, large enough that cutting costs
 * nothing. */
#define XD_CHUNK_BYTES ((size_t)512 << 10)

struct xd_intake {
    /* Given. */
    const struct xd_run_tables *tables;
    const struct xd_mapping *mapping; /* or NULL */
    struct xd_arena *arena;           /* lives as long as the run */
    struct xd_findings *findings;     /* of the run, in input order */
    unsigned threads;
    enum xd_use use;
    enum xd_encoding encoding;
    uint16_t first_document;
    /* Called for each batch by the worker that has it; several at once, each with its own worker
     * number. */
    void (*check)(void *ctx, unsigned worker, struct xd_batch *batch);
    void *ctx;
    /* Result. */
    struct xd_source *sources;
    size_t source_count;
    struct xd_document **documents; /* by index minus first_document */
    size_t document_count;
    struct xd_batch **batches; /* of documents that were not refused, in input order */
    size_t batch_count;
    uint64_t rows_read;    /* also of refused documents, as far as they were read */
    uint64_t rows_refused; /* of refused documents */
    size_t refused;        /* documents */
    struct xd_interchange *interchanges;
    /* Private. */
    struct xd_buf document_list;
    struct xd_buf batch_list;
    struct xd_map ends; /* of the texts that were read, to find copies */
};

/* Reads all `paths`. False with *err when our surroundings failed; what is wrong with the data is
 * in the findings. The caller closes either way. */
bool xd_intake_read(struct xd_intake *intake, const char *const *paths, size_t count,
                    struct xd_error *err);

/* Adds a batch that came from elsewhere than a document; false when memory ran out, and the batch
 * is freed. */
bool xd_intake_keep(struct xd_intake *intake, struct xd_batch *batch);
void xd_intake_close(struct xd_intake *intake);

/* Gives back the memory of a part of a document that nobody needs soon, where its file can be read
 * again. */
void xd_intake_release(const struct xd_intake *intake, struct xd_slice text);

/* The same for all documents. */
void xd_intake_release_all(const struct xd_intake *intake);

#endif
