/*
 * The carriers' files of a run: one each, or several where a carrier takes only so many rows at a
 * time, with the schema and the control totals beside every one.
 */
#ifndef XD_PIPELINE_HANDOFF_FILES_H
#define XD_PIPELINE_HANDOFF_FILES_H

#include "pipeline/decide.h"
#include "writer/output.h"

struct xd_handoff_file {
    struct xd_output *output; /* NULL until the carrier gets its first row */
    struct xd_totals totals;
    unsigned part; /* from 1 */
};

struct xd_handoff_files {
    const struct xd_deciding *deciding;
    struct xd_output_set *outputs;
    struct xd_arena *arena;
    struct xd_handoff_file *open; /* [carriers.count] the file being written */
    struct xd_summary_carrier *done;
    size_t done_count;
    size_t done_room;
};

bool xd_handoff_files_open(struct xd_handoff_files *files, const struct xd_deciding *deciding,
                           struct xd_output_set *outputs, struct xd_arena *arena);

/* Appends what a range of orders has for each carrier. */
bool xd_handoff_files_add(struct xd_handoff_files *files, const struct xd_decided *decided,
                          struct xd_error *err);

/* Finishes all files and writes what stands beside them; `done` then lists every file, by carrier
 * and part. */
bool xd_handoff_files_finish(struct xd_handoff_files *files, struct xd_error *err);

#endif
