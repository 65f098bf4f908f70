/*
 * The thread that opens the input is worker 0; what it hears of progress becomes the jobs of the
 * others. A job has a shadow of its document, because the document itself is still being written;
 * the shadow gives way when the input has ended well. A pipe is not read on when a fault is
 * certain: ten gigabytes without a comma are refused for the first 64 KiB, and ten with commas
 * between two quotes for the first three mebibytes.
 */
#include "pipeline/follow.h"

#include <sysexits.h>

#include "pipeline/workers.h"
#include "reader/csv.h"
#include "reader/csv_watch.h"

#define FOLLOW_STEP ((size_t)1 << 20) /* what the workers are called for, at least */

struct followed {
    const struct xd_document *document; /* whose text it is; compared, not read */
    struct xd_document shadow;
    struct xd_reading_job reading;
    struct xd_findings findings;
    struct xd_csv_job *job; /* NULL: not to be followed */
    struct followed *next;
};

struct xd_follow {
    struct xd_intake *intake;
    struct xd_source *source;
    struct xd_source_options *options;
    const char *path;
    struct xd_error *err;
    bool opened;
    struct xd_csv_watch watch;
    const struct xd_document *watched;
    size_t told; /* bytes of it that the workers, or the watch, know of */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Guarded by the lock. */
    struct followed *first;
    struct followed *last;
    uint64_t version; /* counts what has come */
    bool ended;
};

static void
drop(struct followed *followed)
{
    xd_reading_drop(&followed->reading);
    followed->job = NULL;
}

/* Begins with a document when enough of it has come; one that cannot be followed is not tried
 * again.
 */
static struct followed *
begin(struct xd_follow *follow, const struct xd_document *document, struct xd_slice text)
{
    struct xd_intake *intake = follow->intake;
    const char *reason;
    const struct xd_reader *reader = xd_reader_choose(text, &reason);
    struct followed *new = xd_arena_alloc(intake->arena, sizeof(*new));

    if (!new) {
        return NULL;
    }
    new->document = document;
    new->shadow = *document;
    new->shadow.text = text;
    xd_findings_init(&new->findings, intake->arena, intake->findings->keep);
    xd_reading_open(&new->reading, intake, &new->shadow, &new->findings, follow->err);
    if (intake->threads > 1 && reader && !reader->read) {
        new->job = xd_csv_job_follow(&new->reading);
    }
    if (!new->job) {
        drop(new);
    }
    return new;
}

static void
publish(struct xd_follow *follow, struct followed *new)
{
    (void)pthread_mutex_lock(&follow->lock);
    if (new && follow->last) {
        follow->last->next = new;
    } else if (new) {
        follow->first = new;
    }
    follow->last = new ? new : follow->last;
    follow->version++;
    (void)pthread_cond_broadcast(&follow->changed);
    (void)pthread_mutex_unlock(&follow->lock);
}

/* Whether more of a text that no worker follows can change what is said of it. */
static bool
watch(struct xd_follow *follow, struct xd_slice text)
{
    const struct xd_limits *limits = follow->options->limits;
    const char *reason;
    const struct xd_reader *reader = xd_reader_choose(text, &reason);

    if (!reader) {
        return false; /* no format starts so, whatever follows */
    }
    return reader->read ||
           xd_csv_watch(&follow->watch, text,
                        xd_limit(limits, XD_LIMIT_CSV_RECORD_BYTES) + 2 * XD_CHUNK_BYTES);
}

/* Whether the text ends in a field that is too long already. Only a CSV has fields, but a text that
 * is nothing yet will not become anything else. */
static bool
is_lost(struct xd_follow *follow, struct xd_slice text)
{
    const char *reason;
    const struct xd_reader *reader;

    if (xd_csv_watch_field(&follow->watch, text,
                           xd_limit(follow->options->limits, XD_LIMIT_CSV_FIELD_BYTES))) {
        return false;
    }
    reader = xd_reader_choose(text, &reason);
    return !reader || !reader->read;
}

static bool
progress(void *ctx, const struct xd_document *document, struct xd_slice text)
{
    struct xd_follow *follow = ctx;
    struct followed *last = follow->last;
    bool more = true;

    if (follow->watched != document) {
        follow->watched = document;
        follow->watch = (struct xd_csv_watch){0};
        follow->told = 0;
    }
    if (is_lost(follow, text)) {
        return false;
    }
    if (text.len < XD_FOLLOW_LEAST || text.len - follow->told < FOLLOW_STEP) {
        return true;
    }
    follow->told = text.len;
    if (!last || last->document != document) {
        last = begin(follow, document, text);
        publish(follow, last);
    }
    if (last && last->job) {
        more = xd_csv_job_grow(last->job, text);
        publish(follow, NULL);
        return more;
    }
    return watch(follow, text);
}

static struct followed *
next_of(struct xd_follow *follow, const struct followed *at)
{
    struct followed *next;

    (void)pthread_mutex_lock(&follow->lock);
    next = at ? at->next : follow->first;
    (void)pthread_mutex_unlock(&follow->lock);
    return next;
}

/* True when something has come since *seen. */
static bool
wait_for_more(struct xd_follow *follow, uint64_t *seen)
{
    bool ended;

    (void)pthread_mutex_lock(&follow->lock);
    while (follow->version == *seen && !follow->ended) {
        (void)pthread_cond_wait(&follow->changed, &follow->lock);
    }
    *seen = follow->version;
    ended = follow->ended;
    (void)pthread_mutex_unlock(&follow->lock);
    return !ended;
}

static void
follow_text(struct xd_follow *follow, unsigned worker)
{
    struct xd_csv_scratch *scratch;
    struct xd_arena own;
    uint64_t seen = 0;

    xd_arena_init(&own, 1 << 12, 0);
    scratch = xd_csv_scratch_new(&own);
    while (scratch && wait_for_more(follow, &seen)) {
        for (struct followed *at = next_of(follow, NULL); at; at = next_of(follow, at)) {
            if (at->job) {
                xd_csv_job_work(at->job, scratch, worker);
            }
        }
    }
    xd_csv_scratch_close(scratch);
    xd_arena_free(&own);
}

static void
work(void *argument, unsigned worker)
{
    struct xd_follow *follow = argument;

    if (worker > 0) {
        follow_text(follow, worker);
        return;
    }
    follow->opened = xd_source_open(follow->source, follow->options, follow->path, follow->err);
    (void)pthread_mutex_lock(&follow->lock);
    follow->ended = true;
    (void)pthread_cond_broadcast(&follow->changed);
    (void)pthread_mutex_unlock(&follow->lock);
}

bool
xd_follow_open(struct xd_follow **out, struct xd_intake *intake, struct xd_source *source,
               struct xd_source_options *options, const char *path, struct xd_error *err)
{
    struct xd_follow *follow = xd_arena_alloc(intake->arena, sizeof(*follow));

    *out = follow;
    if (!follow) {
        return xd_error_set(err, EX_OSERR, "not enough memory");
    }
    *follow = (struct xd_follow){
        .intake = intake, .source = source, .options = options, .path = path, .err = err};
    options->progress = progress;
    options->follower = follow;
    (void)pthread_mutex_init(&follow->lock, NULL);
    (void)pthread_cond_init(&follow->changed, NULL);
    xd_workers_run(intake->threads, work, follow);
    return follow->opened;
}

/* The document itself takes the place of its shadow. */
static void
unshade(struct followed *followed, struct xd_document *document)
{
    const struct xd_document *shadow = &followed->shadow;
    const struct xd_batches *batches = &followed->reading.batches;

    document->dialect = shadow->dialect;
    document->reason = shadow->reason;
    document->header = shadow->header;
    document->header_count = shadow->header_count;
    document->header_offset = shadow->header_offset;
    document->delimiter = shadow->delimiter;
    document->literal_quotes = shadow->literal_quotes;
    document->column_of = shadow->column_of;
    for (size_t i = 0; i < batches->count; i++) {
        struct xd_batch *batch = xd_batches_slot(batches, i)->batch;
        if (batch) {
            batch->rows.document = document;
        }
    }
}

struct xd_reading_job *
xd_follow_take(struct xd_follow *follow, struct xd_document *document, struct xd_csv_job **job)
{
    for (struct followed *at = follow->first; at; at = at->next) {
        if (at->document == document && at->job && at->shadow.text.ptr == document->text.ptr) {
            unshade(at, document);
            at->reading.document = document;
            *job = at->job;
            at->job = NULL;
            return &at->reading;
        }
    }
    return NULL;
}

void
xd_follow_close(struct xd_follow *follow)
{
    if (!follow) {
        return;
    }
    for (struct followed *at = follow->first; at; at = at->next) {
        if (at->job) {
            drop(at);
        }
    }
    (void)pthread_mutex_destroy(&follow->lock);
    (void)pthread_cond_destroy(&follow->changed);
}
