/*
 * The batches of one document while it is read: taken up in any order by the workers, merged in the
 * order of the document. Shared by the two ways to read, chunk by chunk and in one stream.
 */
#ifndef XD_PIPELINE_BATCHES_H
#define XD_PIPELINE_BATCHES_H

#include <pthread.h>

#include "pipeline/intake.h"

struct xd_batch_slot {
    struct xd_batch *batch; /* NULL until it is parsed */
    bool done;              /* checked */
};

struct xd_batches {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct xd_buf slots; /* struct xd_batch_slot; grows under the lock */
    size_t count;
    size_t merged;               /* batches in front of which everything is done */
    uint64_t rows;               /* of the merged ones */
    uint64_t blanks;             /* blank lines between them */
    struct xd_findings findings; /* of the merged ones */
    struct xd_arena notes;       /* holds them */
    uint32_t first_row;          /* number of the document's first row */
    bool failed;                 /* memory ran out */
};

void xd_batches_open(struct xd_batches *batches, const struct xd_limits *limits,
                     uint32_t first_row);

/* Frees everything but the batches that were handed to the intake. */
void xd_batches_close(struct xd_batches *batches);

/* The slot at a place below `count`. Call with the lock held, or when nobody adds slots any more.
 */
static inline struct xd_batch_slot *
xd_batches_slot(const struct xd_batches *batches, size_t at)
{
    return (struct xd_batch_slot *)(void *)batches->slots.ptr + at;
}

/* A place for the next batch of the document; SIZE_MAX when memory ran out. Call with the lock
 * held. */
size_t xd_batches_reserve(struct xd_batches *batches);

/* An empty batch in an arena of its own; NULL when memory ran out. */
struct xd_batch *xd_batch_new(void);
void xd_batch_free(struct xd_batch *batch);

/* Puts the batch into its place and merges what is complete: row numbers, findings, sums. Takes the
 * lock. */
void xd_batches_done(struct xd_batches *batches, size_t at, struct xd_batch *batch);

/* Notes that memory ran out: nothing more is taken up. Takes the lock. */
void xd_batches_fail(struct xd_batches *batches);

/* How many findings a batch may keep now: none when enough are kept already. Takes the lock. */
size_t xd_batches_keep(struct xd_batches *batches);

/* Gives the facts of a batch their memory and runs the check of the intake over it. */
bool xd_batch_check(const struct xd_intake *intake, unsigned worker, struct xd_batch *batch,
                    size_t keep);

#endif
