/*
 * Formats that only make sense from their beginning are read by one worker; the rows it hands on
 * are checked by the others meanwhile, and by itself when it has nothing left to read.
 */
#include "pipeline/reading.h"
#include "pipeline/workers.h"

struct stream_job {
    struct xd_reading_job *reading;
    const struct xd_reader *reader;
    struct xd_reading request;
    struct xd_buf
        pending;   /* struct xd_batch *: taken, but may be called back; the reader's alone */
    size_t next;   /* batch to be checked next; guarded by the lock of the batches */
    bool finished; /* the reader gives no more */
    bool ok;
};

/* A batch of rows that live in the run's arena, or in one that is taken over; NULL when memory ran
 * out. */
static struct xd_batch *
make_batch(struct xd_arena *rows_arena, const struct xd_rows *rows)
{
    struct xd_batch *batch =
        rows_arena ? xd_arena_alloc(rows_arena, sizeof(*batch)) : xd_batch_new();

    if (batch && rows_arena) {
        batch->arena = *rows_arena;
        xd_arena_init(rows_arena, rows_arena->block_size, rows_arena->limit);
        xd_arena_init(&batch->scratch, 1 << 14, 0);
    }
    if (batch) {
        batch->rows = *rows;
        batch->rows.first_row = 0;
    }
    return batch;
}

/* Gives a batch, or NULL when memory ran out, to those who check. */
static bool
add_batch(struct stream_job *job, struct xd_batch *batch)
{
    struct xd_batches *batches = &job->reading->batches;
    bool added = false;

    (void)pthread_mutex_lock(&batches->lock);
    if (batch) {
        size_t at = xd_batches_reserve(batches);
        if (at != SIZE_MAX) {
            xd_batches_slot(batches, at)->batch = batch;
            added = true;
        } else {
            xd_batch_free(batch);
        }
    }
    batches->failed |= !added;
    (void)pthread_cond_broadcast(&batches->changed);
    (void)pthread_mutex_unlock(&batches->lock);
    return added;
}

static size_t
pending_count(const struct stream_job *job)
{
    return job->pending.len / sizeof(struct xd_batch *);
}

static struct xd_batch *
pending_at(const struct stream_job *job, size_t at)
{
    return ((struct xd_batch **)(void *)job->pending.ptr)[at];
}

static void
settle(void *taker)
{
    struct stream_job *job = taker;

    for (size_t i = 0; i < pending_count(job); i++) {
        (void)add_batch(job, pending_at(job, i));
    }
    job->pending.len = 0;
}

static void
recall(void *taker, size_t batches)
{
    struct stream_job *job = taker;
    size_t keep = pending_count(job) - batches;

    for (size_t i = keep; i < pending_count(job); i++) {
        xd_batch_free(pending_at(job, i));
    }
    job->pending.len = keep * sizeof(struct xd_batch *);
}

static bool
take(void *taker, struct xd_rows *rows)
{
    struct stream_job *job = taker;
    struct xd_batch *batch = make_batch(job->request.rows_arena, rows);

    if (!batch || !job->request.provisional) {
        return add_batch(job, batch);
    }
    xd_buf_put(&job->pending, xd_slice_of((const char *)&batch, sizeof(batch)));
    if (job->pending.failed) {
        xd_batch_free(batch);
        return add_batch(job, NULL);
    }
    return true;
}

static struct xd_batch *
next_batch(struct stream_job *job, size_t *at)
{
    struct xd_batches *batches = &job->reading->batches;
    struct xd_batch *batch = NULL;

    (void)pthread_mutex_lock(&batches->lock);
    while (job->next == batches->count && !job->finished && !batches->failed) {
        (void)pthread_cond_wait(&batches->changed, &batches->lock);
    }
    if (job->next < batches->count && !batches->failed) {
        *at = job->next++;
        batch = xd_batches_slot(batches, *at)->batch;
    }
    (void)pthread_mutex_unlock(&batches->lock);
    return batch;
}

static void
read_all(struct stream_job *job)
{
    struct xd_batches *batches = &job->reading->batches;

    job->ok = job->reader->read(&job->request);
    (void)pthread_mutex_lock(&batches->lock);
    job->finished = true;
    (void)pthread_cond_broadcast(&batches->changed);
    (void)pthread_mutex_unlock(&batches->lock);
}

static void
work(void *argument, unsigned worker)
{
    struct stream_job *job = argument;
    struct xd_batch *batch;
    size_t at;

    if (worker == 0) {
        read_all(job);
    }
    while ((batch = next_batch(job, &at)) != NULL) {
        size_t keep = xd_batches_keep(&job->reading->batches);
        if (!xd_batch_check(job->reading->intake, worker, batch, keep)) {
            job->reading->batches.failed = true;
        }
        xd_batches_done(&job->reading->batches, at, batch);
    }
}

bool
xd_read_stream(struct xd_reading_job *reading, const struct xd_reader *reader)
{
    struct xd_intake *intake = reading->intake;
    struct stream_job job = {
        .reading = reading,
        .reader = reader,
        .request = {.document = reading->document,
                    .limits = &intake->tables->limits,
                    .tables = &intake->tables->source,
                    .findings = reading->findings,
                    .arena = intake->arena,
                    .err = reading->err,
                    .interchanges = intake->interchanges,
                    .take = take,
                    .recall = recall,
                    .settle = settle},
        .ok = true,
    };

    job.request.taker = &job;
    xd_buf_init(&job.pending, SIZE_MAX);
    reading->batches.first_row = 1;
    xd_workers_run(intake->threads, work, &job);
    recall(&job, pending_count(&job)); /* where reading was broken off */
    xd_buf_free(&job.pending);
    reading->refused |= job.request.refused;
    intake->interchanges = job.request.interchanges;
    return job.ok && !reading->batches.failed;
}
