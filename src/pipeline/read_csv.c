/*
 * Every worker takes the next chunk under the lock, which only means finding the record border
 * behind it, and parses it alone. Borders come from the parity of quotes, which is right as long as
 * no quote is wrong; so when a chunk turns out faulty, all chunks in front of it are right, its
 * fault is the first of the document, and what lies behind is thrown away.
 */
#include "base/region.h"
#include "pipeline/reading.h"
#include "pipeline/workers.h"
#include "reader/csv.h"
#include "reader/delimiter.h"
#include "reader/dialect.h"
#include "reader/guard.h"

/* A piece of the text for one worker. */
struct chunk {
    size_t at; /* place among the chunks of the document */
    size_t from;
    size_t to;
    struct xd_document view; /* the text as it was known when the chunk was cut */
};

/* Guards against the spreadsheet that a file uses, and quotes that are no quoting, as bits. */
enum { GUARD_FORMULA = 1, GUARD_APOSTROPHE = 2, QUOTES_LITERAL = 4 };

struct xd_csv_job {
    struct xd_reading_job *reading;
    struct xd_csv csv;
    struct xd_header header;
    unsigned guards;
    /* Guarded by the lock of the batches. */
    struct xd_slice text; /* of the document, as far as it has come */
    bool whole;           /* that is all of it */
    size_t cursor;        /* start of the next chunk */
    size_t faulty;        /* lowest place of a chunk with a fault, SIZE_MAX while there is none */
    struct xd_csv_fault fault; /* of that chunk; without a code when its encoding is at fault */
    struct chunk faulty_chunk;
    size_t unguarded; /* lowest place of a chunk with a guard that is not in `guards`; SIZE_MAX */
    unsigned unguarded_by;
};

/* Which limit a fault names, or XD_LIMIT_COUNT. */
static enum xd_limit
limit_of(enum xd_finding_code code)
{
    switch (code) {
    case XD_F_CSV_FIELD_TOO_LONG:
        return XD_LIMIT_CSV_FIELD_BYTES;
    case XD_F_CSV_RECORD_TOO_LONG:
        return XD_LIMIT_CSV_RECORD_BYTES;
    case XD_F_CSV_TOO_MANY_COLUMNS:
        return XD_LIMIT_CSV_COLUMNS;
    default:
        return XD_LIMIT_COUNT;
    }
}

static void
refuse_fault(struct xd_reading_job *reading, const struct xd_csv_fault *fault)
{
    enum xd_limit limit = limit_of(fault->code);

    if (limit == XD_LIMIT_COUNT) {
        xd_refuse_document(reading, fault->code, fault->offset, NULL);
    } else {
        xd_refuse_limit_hit(reading, fault->code, fault->offset, limit);
    }
}

/* Whether the next chunk would be cut as if the whole text were there. */
static bool
can_cut(const struct xd_csv_job *job)
{
    size_t left = job->text.len - job->cursor;
    uint64_t record = xd_limit(job->csv.limits, XD_LIMIT_CSV_RECORD_BYTES);

    return job->whole ? left > 0 : left > XD_CHUNK_BYTES + 4 && left - XD_CHUNK_BYTES - 4 > record;
}

static bool
take_chunk(struct xd_csv_job *job, struct chunk *chunk)
{
    struct xd_batches *batches = &job->reading->batches;
    bool taken = false;

    (void)pthread_mutex_lock(&batches->lock);
    if (can_cut(job) && job->faulty == SIZE_MAX && job->unguarded == SIZE_MAX && !batches->failed) {
        struct xd_csv csv = job->csv;
        xd_pages_want(xd_slice_sub(job->text, job->cursor, XD_CHUNK_BYTES));
        *chunk = (struct chunk){.from = job->cursor, .view = {.text = job->text}};
        csv.document = &chunk->view;
        chunk->to =
            job->header.serial ? job->text.len : xd_csv_cut(&csv, job->cursor, XD_CHUNK_BYTES);
        chunk->at = xd_batches_reserve(batches);
        job->cursor = chunk->to;
        taken = chunk->at != SIZE_MAX;
    }
    (void)pthread_mutex_unlock(&batches->lock);
    return taken;
}

static void
note_fault(struct xd_csv_job *job, const struct chunk *chunk, const struct xd_csv_fault *fault)
{
    struct xd_batches *batches = &job->reading->batches;

    (void)pthread_mutex_lock(&batches->lock);
    if (chunk->at < job->faulty) {
        job->faulty = chunk->at;
        job->fault = *fault;
        job->faulty_chunk = *chunk;
    }
    (void)pthread_mutex_unlock(&batches->lock);
}

static void
note_guard(struct xd_csv_job *job, const struct chunk *chunk, unsigned guard)
{
    struct xd_batches *batches = &job->reading->batches;

    (void)pthread_mutex_lock(&batches->lock);
    job->unguarded_by |= guard;
    job->unguarded = chunk->at < job->unguarded ? chunk->at : job->unguarded;
    (void)pthread_mutex_unlock(&batches->lock);
}

/* An apostrophe and a digit at the start of a value that is no free text. */
static bool
holds_apostrophe(const struct xd_csv_job *job, const struct xd_rows *rows)
{
    for (unsigned i = 0; i < job->header.count; i++) {
        enum xd_field field = job->header.column[i].field;
        if (field == XD_FIELD_NONE || !xd_is_guardable(field) || job->header.column[i].guarded) {
            continue;
        }
        for (uint32_t row = 0; row < rows->count; row++) {
            struct xd_slice raw = xd_rows_raw(rows, row, i);
            size_t quote = raw.len && raw.ptr[0] == '"';
            if (raw.len > quote + 1 && raw.ptr[quote] == '\'' &&
                xd_is_guarded_start(raw.ptr[quote + 1])) {
                return true;
            }
        }
    }
    return false;
}

/* Which guard the chunk uses although the head of the file did not. */
static unsigned
new_guard(const struct xd_csv_job *job, const struct chunk *chunk, const struct xd_rows *rows,
          const struct xd_csv_fault *fault)
{
    struct xd_slice text = xd_slice_sub(chunk->view.text, chunk->from, chunk->to - chunk->from);
    char delimiter = job->csv.delimiter;

    if (fault->code == XD_F_CSV_STRAY_QUOTE && !(job->guards & GUARD_FORMULA) &&
        xd_has_formulas(text, delimiter)) {
        return GUARD_FORMULA;
    }
    if (fault->code == XD_F_CSV_STRAY_QUOTE || fault->code == XD_F_CSV_UNCLOSED_QUOTE) {
        bool literal = job->header.dialect->literal_quotes && delimiter == '\t';
        return literal && !(job->guards & QUOTES_LITERAL) ? QUOTES_LITERAL : 0;
    }
    return fault->code == XD_F_NONE && !(job->guards & GUARD_APOSTROPHE) &&
                   xd_has_apostrophes(text, delimiter) && holds_apostrophe(job, rows)
               ? GUARD_APOSTROPHE
               : 0;
}

/* Rows of a layout that writes its values in another way. Such a document with cells to be carried
 * down is one chunk, so nothing is carried from one call to the next. */
static bool
convert_rows(const struct xd_csv_job *job, struct xd_batch *batch, size_t keep)
{
    struct xd_rows raw = batch->rows;
    struct xd_carry carry = {0};
    struct xd_arena scratch;
    bool done;

    if (!job->header.convert) {
        return true;
    }
    xd_findings_init(&batch->findings, &batch->scratch, keep);
    xd_arena_init(&scratch, 1 << 12, 0);
    done = xd_dialect_apply(&job->header, &raw, &carry, &batch->arena, &scratch, &batch->rows,
                            &batch->findings);
    xd_arena_free(&scratch);
    return done;
}

static bool
parse_chunk(struct xd_csv_job *job, struct xd_csv_scratch *scratch, unsigned worker,
            struct xd_batch *batch, const struct chunk *chunk)
{
    struct xd_reading_job *reading = job->reading;
    struct xd_csv csv = job->csv;
    struct xd_charset_fault damage;
    struct xd_csv_fault fault;
    size_t keep = xd_batches_keep(&reading->batches);
    unsigned guard;

    csv.document = &chunk->view;
    if (!xd_csv_parse(&csv, scratch, chunk->from, chunk->to, &batch->arena, &batch->rows, &fault)) {
        return false;
    }
    batch->rows.document = reading->document;
    guard = new_guard(job, chunk, &batch->rows, &fault);
    if (guard) {
        note_guard(job, chunk, guard);
        return true;
    }
    if (!xd_charset_check(chunk->view.text, chunk->from, chunk->to, &damage) &&
        (fault.code == XD_F_NONE || damage.offset <= fault.offset)) {
        fault.code = XD_F_NONE;
        note_fault(job, chunk, &fault);
        return true;
    }
    if (fault.code != XD_F_NONE) {
        note_fault(job, chunk, &fault);
        return true;
    }
    return convert_rows(job, batch, keep) && xd_batch_check(reading->intake, worker, batch, keep);
}

void
xd_csv_job_work(struct xd_csv_job *job, struct xd_csv_scratch *scratch, unsigned worker)
{
    struct xd_batches *batches = &job->reading->batches;
    struct chunk chunk;

    while (take_chunk(job, &chunk)) {
        struct xd_batch *batch = xd_batch_new();
        if (!batch || !parse_chunk(job, scratch, worker, batch, &chunk)) {
            xd_batches_fail(batches);
        }
        if (!batch) {
            break;
        }
        xd_batches_done(batches, chunk.at, batch);
    }
}

static void
work(void *argument, unsigned worker)
{
    struct xd_csv_job *job = argument;
    struct xd_arena own;
    struct xd_csv_scratch *scratch;

    xd_arena_init(&own, 1 << 12, 0);
    scratch = xd_csv_scratch_new(&own);
    if (scratch) {
        xd_csv_job_work(job, scratch, worker);
    } else if (worker == 0) {
        xd_batches_fail(&job->reading->batches);
    }
    xd_csv_scratch_close(scratch);
    xd_arena_free(&own);
}

static void
note_line_ends(struct xd_reading_job *reading)
{
    struct xd_finding finding = {.code = XD_F_CSV_LINE_ENDS_MIXED,
                                 .document = reading->document->index,
                                 .field = XD_FIELD_NONE};

    xd_findings_add(reading->findings, &finding);
}

/* Finds delimiter and header and what the columns mean. False when the document is refused or
 * empty. */
static bool
open_csv(struct xd_csv_job *job)
{
    struct xd_reading_job *reading = job->reading;
    struct xd_intake *intake = reading->intake;
    struct xd_slice *cells = xd_arena_array(intake->arena, XD_COLUMNS_MAX, sizeof(*cells));
    struct xd_csv_shape shape;
    struct xd_csv_fault fault;
    size_t count = 0;

    xd_csv_shape_find(&intake->tables->dialects, reading->document->text, &shape);
    job->guards |= shape.formulas ? GUARD_FORMULA : 0u; /* apostrophes are seen in the values */
    if (job->guards & GUARD_FORMULA) {
        if (!job->whole) {
            return false; /* the text has to be copied, and it is not all there */
        }
        if (!xd_unguard_document(reading->document, shape.delimiter, intake->arena)) {
            reading->batches.failed = true;
            return false;
        }
        job->text = reading->document->text;
    }
    if (shape.mixed_ends) {
        note_line_ends(reading);
    }
    job->csv = (struct xd_csv){.document = reading->document,
                               .limits = &intake->tables->limits,
                               .columns = &job->header.columns,
                               .delimiter = shape.delimiter,
                               .sheet = true,
                               .trailing = shape.trailing};
    if (!cells || !xd_csv_header(&job->csv, shape.header_at, cells, &count, &job->cursor, &fault)) {
        if (cells) {
            reading->row = shape.header_row;
            refuse_fault(reading, &fault);
        }
        return false;
    }
    if (!xd_source_check(reading->document, 0, job->cursor, reading->findings)) {
        reading->refused = true;
        return false;
    }
    struct xd_header_ask ask = {.document = reading->document,
                                .cells = cells,
                                .count = count,
                                .offset = shape.header_at,
                                .delimiter = shape.delimiter,
                                .delimiter_reason = shape.reason,
                                .formulas = job->guards & GUARD_FORMULA,
                                .apostrophes = job->guards & GUARD_APOSTROPHE,
                                .row = shape.header_row,
                                .use = intake->use,
                                .mapping = intake->mapping,
                                .limits = &intake->tables->limits};
    if (!xd_header_map(&intake->tables->dialects, &ask, intake->arena, &job->header,
                       reading->findings)) {
        reading->refused = true;
        return false;
    }
    reading->batches.first_row = shape.header_row + 1;
    return true;
}

/* Lets the reports name columns and say why the document was read as it was. */
static bool
describe(struct xd_csv_job *job)
{
    struct xd_document *document = job->reading->document;
    struct xd_arena *arena = job->reading->intake->arena;
    struct xd_slice *names = xd_arena_array(arena, job->header.count, sizeof(*names));
    uint16_t *column_of = xd_arena_alloc(arena, sizeof(job->header.column_of));

    if (!names || !column_of) {
        return false;
    }
    for (size_t i = 0; i < job->header.count; i++) {
        names[i] = job->header.column[i].name;
    }
    memcpy(column_of, job->header.column_of, sizeof(job->header.column_of));
    document->header = names;
    document->header_offset = job->header.column[0].offset;
    document->delimiter = job->csv.delimiter;
    document->literal_quotes = job->guards & QUOTES_LITERAL;
    job->csv.literal = document->literal_quotes;
    document->header_count = (uint16_t)job->header.count;
    document->column_of = column_of;
    document->dialect = job->header.dialect->name;
    document->reason = job->header.reason;
    return true;
}

static struct xd_csv_job *
new_job(struct xd_reading_job *reading, unsigned guards, bool whole)
{
    struct xd_csv_job *job =
        xd_arena_alloc(reading->intake->arena, sizeof(*job)); /* rows point to its columns */

    if (job) {
        job->reading = reading;
        job->guards = guards;
        job->text = reading->document->text;
        job->whole = whole;
        job->faulty = SIZE_MAX;
        job->unguarded = SIZE_MAX;
    }
    return job;
}

struct xd_csv_job *
xd_csv_job_follow(struct xd_reading_job *reading)
{
    uint64_t record = xd_limit(&reading->intake->tables->limits, XD_LIMIT_CSV_RECORD_BYTES);
    struct xd_csv_job *job;

    /* Enough that delimiter and header are what they would be with the whole text. */
    if (reading->document->text.len < XD_FOLLOW_LEAST ||
        reading->document->text.len - XD_CHUNK_BYTES < record) {
        return NULL;
    }
    job = new_job(reading, 0, false);
    return job && open_csv(job) && !job->header.serial && describe(job) ? job : NULL;
}

bool
xd_csv_job_grow(struct xd_csv_job *job, struct xd_slice text)
{
    struct xd_batches *batches = &job->reading->batches;
    bool fine;

    (void)pthread_mutex_lock(&batches->lock);
    job->text = text;
    fine = job->faulty == SIZE_MAX;
    (void)pthread_mutex_unlock(&batches->lock);
    return fine;
}

/* What lies behind the fault was read by chance; rows and findings of it do not count. */
static void
count_to_fault(struct xd_csv_job *job)
{
    struct xd_batches *batches = &job->reading->batches;

    batches->rows = 0;
    batches->blanks = 0;
    for (size_t i = 0; i <= job->faulty; i++) {
        const struct xd_batch *batch = xd_batches_slot(batches, i)->batch;
        batches->rows += batch ? batch->rows.count : 0;
        batches->blanks += batch ? batch->rows.blanks : 0;
    }
}

static void
tell_fault(struct xd_csv_job *job)
{
    struct xd_reading_job *reading = job->reading;
    const struct xd_batches *batches = &reading->batches;

    count_to_fault(job);
    if (job->fault.code == XD_F_NONE) {
        reading->refused = !xd_source_check(reading->document, job->faulty_chunk.from,
                                            job->faulty_chunk.to, reading->findings);
        return;
    }
    reading->row = batches->first_row + (uint32_t)(batches->rows + batches->blanks);
    refuse_fault(reading, &job->fault);
}

/* Reads the document, from its start or on from where `job` has come. *again are the guards to read
 * it with once more, when it turned out that it uses them. */
static bool
read_once(struct xd_reading_job *reading, struct xd_csv_job *job, unsigned *again)
{
    if (!job) {
        job = new_job(reading, *again, true);
        *again = 0;
        if (!job || !open_csv(job)) {
            return job && !reading->batches.failed;
        }
        if (!describe(job)) {
            return false;
        }
    }
    *again = 0;
    job->text = reading->document->text;
    job->whole = true;
    xd_workers_run(job->header.serial ? 1 : reading->intake->threads, work, job);
    if (reading->batches.failed) {
        return false;
    }
    if (job->unguarded < job->faulty) {
        *again = job->guards | job->unguarded_by;
    } else if (job->faulty != SIZE_MAX) {
        tell_fault(job);
    }
    return true;
}

bool
xd_read_csv(struct xd_reading_job *reading, struct xd_csv_job *followed)
{
    unsigned again = 0;
    bool ok = read_once(reading, followed, &again);

    while (ok && again) {
        xd_reading_restart(reading);
        ok = read_once(reading, NULL, &again);
    }
    return ok;
}
