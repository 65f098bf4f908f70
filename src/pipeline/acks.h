/*
 * What EDI partners are told, always and by itself: whether their interchanges could be read, and
 * what became of the parcels in them.
 */
#ifndef XD_PIPELINE_ACKS_H
#define XD_PIPELINE_ACKS_H

#include "pipeline/run.h"

/* Appends the syntax acknowledgements of all interchanges of the run, as `validate` shows them;
 * nothing when there were none. False with *err set. */
bool xd_acks_show(struct xd_run *run, struct xd_buf *out, struct xd_error *err);

/* Adds every acknowledgement that the run owes to its outputs, one file a kind. False with *err
 * set. */
bool xd_acks_publish(struct xd_run *run);

#endif
