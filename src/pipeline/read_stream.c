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
    size_t next;   /* batch to be checked next; guarded by the lock of the batches */
    bool finished; /* the reader gives no more */
    bool ok;
};

static bool
take(void *taker, struct xd_rows *rows)
{
    struct stream_job *job = taker;
    struct xd_batches *batches = &job->reading->batches;
    struct xd_batch *batch = xd_batch_new();
    bool taken = false;

    (void)pthread_mutex_lock(&batches->lock);
    if (batch) {
        size_t at = xd_batches_reserve(batches);
        batch->rows = *rows;
        batch->rows.first_row = 0;
        if (at != SIZE_MAX) {
            xd_batches_slot(batches, at)->batch = batch;
            taken = true;
        }
    }
    batches->failed |= !taken;
    (void)pthread_cond_broadcast(&batches->changed);
    (void)pthread_mutex_unlock(&batches->lock);
    return taken;
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
                    .take = take},
        .ok = true,
    };

    job.request.taker = &job;
    reading->batches.first_row = 1;
    xd_workers_run(intake->threads, work, &job);
    reading->refused |= job.request.refused;
    intake->interchanges = job.request.interchanges;
    return job.ok && !reading->batches.failed;
}
