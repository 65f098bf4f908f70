/*
 * Findings are merged as soon as everything in front of them is, and counted only once enough are
 * kept: a manifest of a million faulty rows holds ten thousand findings in memory at a time, not
 * three million.
 */
#include "pipeline/batches.h"

void
xd_batches_open(struct xd_batches *batches, const struct xd_limits *limits, uint32_t first_row)
{
    *batches = (struct xd_batches){.first_row = first_row};
    (void)pthread_mutex_init(&batches->lock, NULL);
    (void)pthread_cond_init(&batches->changed, NULL);
    xd_buf_init(&batches->slots, SIZE_MAX);
    xd_arena_init(&batches->notes, 1 << 16, 0);
    xd_findings_init(&batches->findings, &batches->notes,
                     (size_t)xd_limit(limits, XD_LIMIT_FINDINGS_KEPT));
}

void
xd_batches_close(struct xd_batches *batches)
{
    (void)pthread_mutex_destroy(&batches->lock);
    (void)pthread_cond_destroy(&batches->changed);
    xd_arena_free(&batches->notes);
    xd_buf_free(&batches->slots);
}

size_t
xd_batches_reserve(struct xd_batches *batches)
{
    struct xd_batch_slot slot = {NULL, false};

    xd_buf_put(&batches->slots, xd_slice_of((const char *)&slot, sizeof(slot)));
    if (batches->slots.failed) {
        batches->failed = true;
        return SIZE_MAX;
    }
    return batches->count++;
}

struct xd_batch *
xd_batch_new(void)
{
    struct xd_arena arena;
    struct xd_batch *batch;

    xd_arena_init(&arena, 1 << 12, 0);
    batch = xd_arena_alloc(&arena, sizeof(*batch));
    if (batch) {
        batch->arena = arena;
        xd_arena_init(&batch->scratch, 1 << 14, 0);
    }
    return batch;
}

void
xd_batch_free(struct xd_batch *batch)
{
    struct xd_arena arena = batch->arena; /* the batch lies in it */

    xd_buf_free(&batch->hits);
    xd_arena_free(&batch->scratch);
    xd_arena_free(&arena);
}

static void
merge(struct xd_batches *batches, struct xd_batch *batch)
{
    batch->rows.first_row = batches->first_row + (uint32_t)(batches->rows + batches->blanks);
    for (size_t i = 0; i < batch->findings.count; i++) {
        batch->findings.list[i].row += batch->rows.first_row;
    }
    xd_findings_merge(&batches->findings, &batch->findings);
    batches->failed |= batches->findings.failed;
    batches->rows += batch->rows.count;
    batches->blanks += batch->rows.blanks;
    xd_arena_free(&batch->scratch);
}

void
xd_batches_done(struct xd_batches *batches, size_t at, struct xd_batch *batch)
{
    (void)pthread_mutex_lock(&batches->lock);
    *xd_batches_slot(batches, at) = (struct xd_batch_slot){batch, true};
    while (batches->merged < batches->count && xd_batches_slot(batches, batches->merged)->done) {
        merge(batches, xd_batches_slot(batches, batches->merged++)->batch);
    }
    (void)pthread_cond_broadcast(&batches->changed);
    (void)pthread_mutex_unlock(&batches->lock);
}

void
xd_batches_fail(struct xd_batches *batches)
{
    (void)pthread_mutex_lock(&batches->lock);
    batches->failed = true;
    (void)pthread_cond_broadcast(&batches->changed);
    (void)pthread_mutex_unlock(&batches->lock);
}

size_t
xd_batches_keep(struct xd_batches *batches)
{
    size_t keep;

    (void)pthread_mutex_lock(&batches->lock);
    keep = batches->findings.keep - batches->findings.count;
    (void)pthread_mutex_unlock(&batches->lock);
    return keep;
}

bool
xd_batch_check(const struct xd_intake *intake, unsigned worker, struct xd_batch *batch, size_t keep)
{
    if (intake->use == XD_USE_MANIFEST) {
        batch->facts = xd_arena_array(&batch->arena, batch->rows.count, sizeof(*batch->facts));
        if (!batch->facts) {
            return false;
        }
    }
    if (!batch->findings.arena) { /* else the reader has found something already */
        xd_findings_init(&batch->findings, &batch->scratch, keep);
    }
    intake->check(intake->ctx, worker, batch);
    return !batch->findings.failed;
}
