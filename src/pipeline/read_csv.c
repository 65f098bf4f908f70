/*
 * Every worker takes the next chunk under the lock, which only means finding the record border
 * behind it, and parses it alone. Borders come from the parity of quotes, which is right as long as
 * no quote is wrong; so when a chunk turns out faulty, all chunks in front of it are right, its
 * fault is the first of the document, and what lies behind is thrown away.
 */
#include "pipeline/reading.h"
#include "pipeline/workers.h"
#include "reader/csv.h"
#include "reader/delimiter.h"
#include "reader/dialect.h"
#include "reader/guard.h"

struct csv_job {
    struct xd_reading_job *reading;
    struct xd_csv csv;
    struct xd_header header;
    size_t cursor; /* start of the next chunk; guarded by the lock of the batches */
    size_t faulty; /* lowest place of a chunk with a fault, SIZE_MAX while there is none */
    struct xd_csv_fault fault; /* of that chunk; without a code when its encoding is at fault */
    uint32_t faulty_row;       /* of the fault, counted from the first row of that chunk */
    size_t faulty_from;        /* where that chunk lies */
    size_t faulty_to;
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

static bool
take_chunk(struct csv_job *job, size_t *at, size_t *from, size_t *to)
{
    struct xd_batches *batches = &job->reading->batches;
    bool taken = false;

    (void)pthread_mutex_lock(&batches->lock);
    if (job->cursor < job->csv.document->text.len && job->faulty == SIZE_MAX && !batches->failed) {
        *from = job->cursor;
        *to = job->header.serial ? job->csv.document->text.len
                                 : xd_csv_cut(&job->csv, *from, XD_CHUNK_BYTES);
        *at = xd_batches_reserve(batches);
        job->cursor = *to;
        taken = *at != SIZE_MAX;
    }
    (void)pthread_mutex_unlock(&batches->lock);
    return taken;
}

static void
note_fault(struct csv_job *job, size_t at, size_t from, size_t to, const struct xd_csv_fault *fault,
           uint32_t row)
{
    struct xd_batches *batches = &job->reading->batches;

    (void)pthread_mutex_lock(&batches->lock);
    if (at < job->faulty) {
        job->faulty = at;
        job->fault = *fault;
        job->faulty_row = row;
        job->faulty_from = from;
        job->faulty_to = to;
    }
    (void)pthread_mutex_unlock(&batches->lock);
}

/* Rows of a layout that writes its values in another way. Such a document with cells to be carried
 * down is one chunk, so nothing is carried from one call to the next. */
static bool
convert_rows(const struct csv_job *job, struct xd_batch *batch, size_t keep)
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
parse_chunk(struct csv_job *job, struct xd_csv_scratch *scratch, unsigned worker,
            struct xd_batch *batch, size_t at, size_t from, size_t to)
{
    struct xd_reading_job *reading = job->reading;
    struct xd_charset_fault damage;
    struct xd_csv_fault fault;
    size_t keep = xd_batches_keep(&reading->batches);

    if (!xd_csv_parse(&job->csv, scratch, from, to, &batch->arena, &batch->rows, &fault)) {
        return false;
    }
    if (!xd_charset_check(job->csv.document->text, from, to, &damage) &&
        (fault.code == XD_F_NONE || damage.offset < fault.offset)) {
        fault.code = XD_F_NONE;
        note_fault(job, at, from, to, &fault, batch->rows.count);
        return true;
    }
    if (fault.code != XD_F_NONE) {
        note_fault(job, at, from, to, &fault, batch->rows.count);
        return true;
    }
    return convert_rows(job, batch, keep) && xd_batch_check(reading->intake, worker, batch, keep);
}

static void
work(void *argument, unsigned worker)
{
    struct csv_job *job = argument;
    struct xd_arena own;
    struct xd_csv_scratch *scratch;
    size_t at;
    size_t from;
    size_t to;

    xd_arena_init(&own, 1 << 12, 0);
    scratch = xd_csv_scratch_new(&own);
    while (scratch && take_chunk(job, &at, &from, &to)) {
        struct xd_batch *batch = xd_batch_new();
        if (!batch || !parse_chunk(job, scratch, worker, batch, at, from, to)) {
            job->reading->batches.failed = true;
        }
        if (!batch) {
            break;
        }
        xd_batches_done(&job->reading->batches, at, batch);
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
open_csv(struct csv_job *job)
{
    struct xd_reading_job *reading = job->reading;
    struct xd_intake *intake = reading->intake;
    struct xd_slice *cells = xd_arena_array(intake->arena, XD_COLUMNS_MAX, sizeof(*cells));
    struct xd_csv_shape shape;
    struct xd_csv_fault fault;
    size_t count = 0;

    xd_csv_shape_find(&intake->tables->dialects, reading->document->text, &shape);
    if (shape.formulas && !xd_unguard_document(reading->document, shape.delimiter, intake->arena)) {
        reading->batches.failed = true;
        return false;
    }
    if (shape.mixed_ends) {
        note_line_ends(reading);
    }
    job->csv = (struct xd_csv){.document = reading->document,
                               .limits = &intake->tables->limits,
                               .columns = &job->header.columns,
                               .delimiter = shape.delimiter,
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
                                .formulas = shape.formulas,
                                .apostrophes = shape.apostrophes,
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
describe(struct csv_job *job)
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
    document->header_count = (uint16_t)job->header.count;
    document->column_of = column_of;
    document->dialect = job->header.dialect->name;
    document->reason = job->header.reason;
    return true;
}

bool
xd_read_csv(struct xd_reading_job *reading)
{
    struct csv_job *job =
        xd_arena_alloc(reading->intake->arena, sizeof(*job)); /* rows point to its columns */

    if (!job) {
        return false;
    }
    job->reading = reading;
    job->faulty = SIZE_MAX;
    if (!open_csv(job)) {
        return !reading->batches.failed;
    }
    if (!describe(job)) {
        return false;
    }
    xd_workers_run(job->header.serial ? 1 : reading->intake->threads, work, job);
    if (job->faulty != SIZE_MAX && job->fault.code == XD_F_NONE) {
        reading->refused = !xd_source_check(reading->document, job->faulty_from, job->faulty_to,
                                            reading->findings);
    } else if (job->faulty != SIZE_MAX) {
        reading->row =
            reading->batches.first_row + (uint32_t)reading->batches.rows + job->faulty_row;
        refuse_fault(reading, &job->fault);
    }
    return !reading->batches.failed;
}
