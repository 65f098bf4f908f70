/*
 * One run, from manifests to committed files: the whole road in the order of this file's steps.
 * `validate` takes the same road and stops before anything is written.
 */
#ifndef XD_PIPELINE_RUN_H
#define XD_PIPELINE_RUN_H

#include "model/summary.h"
#include "pipeline/handoff_files.h"
#include "pipeline/intake.h"
#include "pipeline/watch.h"
#include "store/store.h"

struct xd_run_options {
    const char *command; /* for the summary */
    const char *const *manifests;
    size_t manifest_count;
    const char *const *orders; /* files with orders */
    size_t order_count;
    const struct xd_store_kind *store_kind; /* orders from a store, or NULL */
    struct xd_store *store;
    const char *out; /* folder for the files, or NULL to write none */
    unsigned threads;
    xd_date as_of;
    enum xd_encoding encoding;
    const struct xd_mapping *mapping;
};

struct xd_run {
    const struct xd_run_options *options;
    const struct xd_run_tables *tables;
    struct xd_arena arena;
    struct xd_findings findings; /* by document and place when the run is over */
    struct xd_summary summary;
    /* Private. */
    struct xd_watch watched[2]; /* manifests, orders */
    struct xd_intake manifests;
    struct xd_intake orders;
    struct xd_groups groups;
    struct xd_deciding deciding;
    struct xd_output_set outputs;
    struct xd_handoff_files files;
    bool gives_back;                    /* the text of the manifests, piece by piece */
    const struct xd_document *released; /* whose text is given back in front of released_to */
    uint64_t released_to;
    struct xd_error *err;
};

/* False with *err when our surroundings failed: then nothing was published. The caller closes
 * either way. */
bool xd_run(struct xd_run *run, const struct xd_run_options *options,
            const struct xd_run_tables *tables, struct xd_error *err);
void xd_run_close(struct xd_run *run);

#endif
