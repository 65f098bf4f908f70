/*
 * Where orders come from, a file or a store, ends here: both become batches of rows that the groups
 * of the manifest have looked through.
 */
#ifndef XD_PIPELINE_ORDER_ROWS_H
#define XD_PIPELINE_ORDER_ROWS_H

#include "match/groups.h"
#include "pipeline/intake.h"
#include "store/store.h"

/* Reads the files that `intake` is set up for and asks each batch. */
bool xd_order_rows_read(struct xd_intake *intake, struct xd_groups *groups,
                        const char *const *paths, size_t count, struct xd_error *err);

/* Fetches from the store what the groups ask for, into one batch of `intake`: by look-ups for a
 * small manifest, by one scan for a large one. */
bool xd_order_rows_fetch(struct xd_intake *intake, struct xd_groups *groups,
                         struct xd_batch *const *manifests, const struct xd_store_kind *kind,
                         struct xd_store *store, struct xd_error *err);

#endif
