/*
 * A CSV is parsed behind whoever unpacks it, or sends it by a pipe: the workers take the chunks
 * that are there. Nothing of it counts before the input has ended well; what is read then goes on
 * from where they have come.
 */
#ifndef XD_PIPELINE_FOLLOW_H
#define XD_PIPELINE_FOLLOW_H

#include "pipeline/reading.h"

/* Opens the input as xd_source_open does, with workers behind it. *follow is what they have begun:
 * for xd_follow_take. */
struct xd_follow;
bool xd_follow_open(struct xd_follow **follow, struct xd_intake *intake, struct xd_source *source,
                    struct xd_source_options *options, const char *path, struct xd_error *err);

/* What was begun of the document, which the caller takes over with its batches, and *job to go on
 * with. NULL when nothing was begun, or not with this text. */
struct xd_reading_job *xd_follow_take(struct xd_follow *follow, struct xd_document *document,
                                      struct xd_csv_job **job);

/* Forgets what nobody took. */
void xd_follow_close(struct xd_follow *follow);

#endif
