/*
 * A worker that finishes a range takes up all that is complete, one worker at a time, while the
 * others go on. Nobody runs ahead by more than the ring holds, so a slow disk does not fill the
 * memory.
 */
#include "pipeline/ranges.h"

#include <pthread.h>

#include "base/region.h"
#include "pipeline/workers.h"

#define ORDERS_A_RANGE 1024
#define RING           32
#define ROWS_MAX       ((size_t)8 << 30)
#define WANTED_MOST    ((uint64_t)4 << 20)

struct range_job {
    struct xd_ranges *ranges;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t count;                /* ranges in all */
    uint32_t next;                 /* to be decided */
    uint32_t taken;                /* ranges that were taken up */
    struct xd_decided *ring[RING]; /* decided and not taken up */
    size_t kept;                   /* findings of the ranges taken up */
    bool taking;                   /* a worker is at it */
    bool failed;
};

static struct xd_decided *
decided_new(const struct range_job *job, size_t keep)
{
    uint32_t carriers = job->ranges->deciding->tables->carriers.count;
    struct xd_carrier_rows *rows;
    struct xd_decided *decided;
    struct xd_arena notes;

    xd_arena_init(&notes, 1 << 14, 0);
    decided = xd_arena_alloc(&notes, sizeof(*decided));
    rows = xd_arena_array(&notes, carriers, sizeof(*rows));
    if (!decided || !rows) {
        xd_arena_free(&notes);
        return NULL;
    }
    decided->carriers = rows;
    decided->notes = notes;
    for (uint32_t i = 0; i < carriers; i++) {
        xd_buf_init(&decided->carriers[i].rows, ROWS_MAX);
        xd_buf_init(&decided->carriers[i].pieces, ROWS_MAX);
    }
    xd_findings_init(&decided->findings, &decided->notes, keep);
    return decided;
}

static void
decided_free(const struct range_job *job, struct xd_decided *decided)
{
    struct xd_arena notes = decided->notes; /* the range itself lies in it */

    for (uint32_t i = 0; i < job->ranges->deciding->tables->carriers.count; i++) {
        xd_buf_free(&decided->carriers[i].rows);
        xd_buf_free(&decided->carriers[i].pieces);
    }
    xd_arena_free(&notes);
}

/* The next range to decide and how many findings it may keep; false when none is left. */
static bool
begin_range(struct range_job *job, uint32_t *at, size_t *keep)
{
    bool begun = false;

    (void)pthread_mutex_lock(&job->lock);
    while (job->next < job->count && job->next >= job->taken + RING && !job->failed) {
        (void)pthread_cond_wait(&job->changed, &job->lock);
    }
    if (job->next < job->count && !job->failed) {
        *at = job->next++;
        *keep = job->ranges->keep > job->kept ? job->ranges->keep - job->kept : 0;
        begun = true;
    }
    (void)pthread_mutex_unlock(&job->lock);
    return begun;
}

/* Takes up everything that is complete, unless another worker is at it. Called with the lock held.
 */
static void
take_up(struct range_job *job)
{
    if (job->taking) {
        return;
    }
    job->taking = true;
    while (job->ring[job->taken % RING]) {
        struct xd_decided *decided = job->ring[job->taken % RING];
        bool go_on = !job->failed;
        job->ring[job->taken % RING] = NULL;
        (void)pthread_mutex_unlock(&job->lock);
        go_on = go_on && job->ranges->take(job->ranges->taker, decided);
        size_t kept = decided->findings.count;
        decided_free(job, decided);
        (void)pthread_mutex_lock(&job->lock);
        job->failed |= !go_on;
        job->kept += kept;
        job->taken++;
        (void)pthread_cond_broadcast(&job->changed);
    }
    job->taking = false;
}

static void
finish_range(struct range_job *job, uint32_t at, struct xd_decided *decided, bool failed)
{
    (void)pthread_mutex_lock(&job->lock);
    job->failed |= failed || !decided;
    job->ring[at % RING] = decided;
    take_up(job);
    (void)pthread_cond_broadcast(&job->changed);
    (void)pthread_mutex_unlock(&job->lock);
}

/* The rows of a range mostly lie side by side in the text, and what was read once was let go. */
static void
want_text(const struct xd_deciding *deciding, uint32_t from, uint32_t to)
{
    struct xd_row_ref first = deciding->groups->list[from].first;
    struct xd_row_ref last = deciding->groups->list[to - 1].first;
    const struct xd_rows *front = &deciding->batches[first.batch]->rows;
    const struct xd_rows *back = &deciding->batches[last.batch]->rows;
    uint64_t at = xd_rows_offset(front, first.row);
    uint64_t end = xd_rows_offset(back, last.row);

    if (front->document == back->document && end > at && end - at <= WANTED_MOST) {
        xd_pages_want(xd_slice_sub(front->document->text, at, end - at));
    }
}

static void
work(void *argument, unsigned worker)
{
    struct range_job *job = argument;
    const struct xd_deciding *deciding = job->ranges->deciding;
    struct xd_arena own;
    struct xd_decider *decider;
    uint32_t at;
    size_t keep;

    (void)worker;
    xd_arena_init(&own, 1 << 16, 0);
    decider = xd_arena_alloc(&own, sizeof(*decider));
    if (!decider) {
        job->failed = true;
        return;
    }
    xd_decider_open(decider, deciding);
    while (begin_range(job, &at, &keep)) {
        struct xd_decided *decided = decided_new(job, keep);
        uint32_t from = at * ORDERS_A_RANGE;
        uint32_t left = deciding->groups->count - from;
        uint32_t to = from + (left < ORDERS_A_RANGE ? left : ORDERS_A_RANGE);
        if (decided) {
            want_text(deciding, from, to);
            xd_decide(decider, from, to, decided);
        }
        finish_range(job, at, decided, decider->failed);
    }
    xd_decider_close(decider);
    xd_arena_free(&own);
}

bool
xd_ranges_run(struct xd_ranges *ranges)
{
    struct range_job job = {.ranges = ranges};

    job.count = (ranges->deciding->groups->count + ORDERS_A_RANGE - 1) / ORDERS_A_RANGE;
    (void)pthread_mutex_init(&job.lock, NULL);
    (void)pthread_cond_init(&job.changed, NULL);
    xd_workers_run(ranges->threads, work, &job);
    for (size_t i = 0; i < RING; i++) {
        if (job.ring[i]) {
            decided_free(&job, job.ring[i]);
        }
    }
    (void)pthread_cond_destroy(&job.changed);
    (void)pthread_mutex_destroy(&job.lock);
    return !job.failed;
}
