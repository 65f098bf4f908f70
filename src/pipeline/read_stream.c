/*
 * Formats that only make sense from their beginning are read by one worker; the rows it hands on
 * are checked by the others meanwhile, and by itself when it has nothing left to read. So are the
 * characters of the text: when one turns out to be none, what was read of it is forgotten.
 */
#include "base/region.h"
#include "pipeline/reading.h"
#include "pipeline/workers.h"

#define PIECE_BYTES ((uint64_t)1 << 20)

/* A part of the text, from one character to another. */
struct piece {
    uint64_t from;
    uint64_t to;
};

struct stream_job {
    struct xd_reading_job *reading;
    const struct xd_reader *reader;
    struct xd_reading request;
    struct xd_buf
        pending;   /* struct xd_batch *: taken, but may be called back; the reader's alone */
    size_t next;   /* batch to be checked next; guarded by the lock of the batches */
    bool finished; /* the reader gives no more */
    bool ok;
    bool forgotten;      /* nothing that was taken counts */
    uint64_t unseen;     /* byte from which on nobody has looked at the characters; guarded, too */
    struct piece faulty; /* the first that is known to be; from UINT64_MAX for none */
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
    added = added && job->faulty.from == UINT64_MAX; /* else reading on is in vain */
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

/* Takes the next part of the text that nobody looked at; false when there is none, or a fault in
 * front of it. */
static bool
next_piece(struct stream_job *job, struct piece *piece)
{
    struct xd_batches *batches = &job->reading->batches;
    struct xd_slice text = job->reading->document->text;
    bool more;

    (void)pthread_mutex_lock(&batches->lock);
    more = job->unseen < text.len && job->unseen < job->faulty.from;
    if (more) {
        *piece = (struct piece){job->unseen, job->unseen + PIECE_BYTES};
        while (piece->to < text.len && ((unsigned char)text.ptr[piece->to] & 0xc0) == 0x80) {
            piece->to++; /* not between the bytes of a character */
        }
        piece->to = piece->to < text.len ? piece->to : text.len;
        job->unseen = piece->to;
    }
    (void)pthread_mutex_unlock(&batches->lock);
    return more;
}

static void
check_text(struct stream_job *job)
{
    struct xd_batches *batches = &job->reading->batches;
    struct xd_slice text = job->reading->document->text;
    struct xd_charset_fault fault;
    struct piece piece;

    while (next_piece(job, &piece)) {
        xd_pages_want(xd_slice_sub(text, piece.from, piece.to - piece.from));
        if (!xd_charset_check(text, piece.from, piece.to, &fault)) {
            (void)pthread_mutex_lock(&batches->lock);
            job->faulty = piece.from < job->faulty.from ? piece : job->faulty;
            (void)pthread_mutex_unlock(&batches->lock);
        }
    }
}

static void
forget(void *taker)
{
    struct stream_job *job = taker;
    struct xd_findings *findings = job->reading->findings;

    xd_findings_init(findings, findings->arena, findings->keep);
    job->reading->document->dialect = XD_NONE;
    job->forgotten = true;
}

/* The text is no text: what came of it is as if it had not been read. */
static void
refuse_text(struct stream_job *job)
{
    struct xd_reading_job *reading = job->reading;

    forget(job);
    reading->refused =
        !xd_source_check(reading->document, job->faulty.from, job->faulty.to, reading->findings);
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
    check_text(job);
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
    bool ok;
    struct stream_job job = {
        .reading = reading,
        .reader = reader,
        .request = {.document = reading->document,
                    .limits = &intake->tables->limits,
                    .tables = &intake->tables->source,
                    .findings = reading->findings,
                    .arena = intake->arena,
                    .err = reading->err,
                    .checked = reader->checks && intake->threads > 1,
                    .interchanges = intake->interchanges,
                    .take = take,
                    .recall = recall,
                    .settle = settle,
                    .forget = forget},
        .ok = true,
        .faulty = {UINT64_MAX, UINT64_MAX},
    };

    job.unseen = job.request.checked ? 0 : UINT64_MAX;
    job.request.taker = &job;
    xd_buf_init(&job.pending, SIZE_MAX);
    reading->batches.first_row = 1;
    xd_workers_run(intake->threads, work, &job);
    recall(&job, pending_count(&job)); /* where reading was broken off */
    xd_buf_free(&job.pending);
    reading->refused |= job.request.refused;
    intake->interchanges = job.request.interchanges;
    ok = job.ok && !reading->batches.failed;
    if (ok && job.faulty.from != UINT64_MAX) {
        refuse_text(&job);
    }
    if (ok && job.forgotten) {
        xd_reading_drop(reading);
        xd_batches_open(&reading->batches, &intake->tables->limits, 1);
    }
    return ok;
}
