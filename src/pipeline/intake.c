/*
 * Documents are read one after the other, each by all workers: the order of the input is the order
 * of everything that comes out, and memory is needed for one document at a time beside the rows
 * that are kept.
 */
#include "pipeline/intake.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/hash.h"
#include "pipeline/follow.h"
#include "reader/delimiter.h"
#include "reader/reader.h"

void
xd_refuse_document(struct xd_reading_job *job, enum xd_finding_code code, uint64_t offset,
                   const char *detail)
{
    struct xd_finding finding = {.code = code,
                                 .document = job->document->index,
                                 .field = XD_FIELD_NONE,
                                 .row = job->row,
                                 .offset = offset,
                                 .detail = xd_slice_str(detail)};

    xd_findings_add(job->findings, &finding);
    xd_interchanges_refuse(job->intake->interchanges, job->document->index, code,
                           job->intake->arena);
    job->refused = true;
}

void
xd_refuse_limit_hit(struct xd_reading_job *job, enum xd_finding_code code, uint64_t offset,
                    enum xd_limit limit)
{
    const struct xd_limit_row *row = &job->intake->tables->limits.of[limit];
    char detail[160];

    (void)snprintf(detail, sizeof(detail), "the limit %.*s is %llu %.*s", XD_FMT(row->name),
                   (unsigned long long)row->value, XD_FMT(row->unit));
    xd_refuse_document(job, code, offset, detail);
}

/* A text in an archive counts as a CSV manifest only when two of its columns have names that we
 * know. */
static bool
has_known_columns(const struct xd_dialects *dialects, struct xd_slice head)
{
    struct xd_csv_shape shape;
    char key[XD_HEADER_KEY_MAX];
    struct xd_slice line;
    struct xd_slice cell;
    unsigned known = 0;

    xd_csv_shape_find(dialects, head, &shape);
    head = xd_slice_sub(head, shape.header_at, SIZE_MAX);
    line = xd_slice_sub(head, 0, xd_slice_find(head, '\n'));
    while (xd_slice_next(&line, shape.delimiter, &cell)) {
        struct xd_slice name = xd_header_key(cell, key);
        known += name.len && xd_map_get(&dialects->alias_keys, name) != XD_MAP_NONE;
    }
    return known >= 2;
}

static bool
is_manifest(void *ctx, struct xd_slice head)
{
    const struct xd_intake *intake = ctx;
    const char *reason = "";
    const struct xd_reader *reader = xd_reader_choose(head, &reason);

    return reader && (reader->read || has_known_columns(&intake->tables->dialects, head));
}

/* Appends a pointer to an array of pointers that grows. */
static bool
keep_pointer(struct xd_buf *array, const void *pointer)
{
    array->max = SIZE_MAX;
    xd_buf_put(array, xd_slice_of((const char *)&pointer, sizeof(pointer)));
    return !array->failed;
}

static bool
keep_document(struct xd_intake *intake, struct xd_document *document)
{
    if (!keep_pointer(&intake->document_list, document)) {
        return false;
    }
    intake->documents = (struct xd_document **)(void *)intake->document_list.ptr;
    intake->document_count++;
    return true;
}

bool
xd_intake_keep(struct xd_intake *intake, struct xd_batch *batch)
{
    if (!keep_pointer(&intake->batch_list, batch)) {
        xd_batch_free(batch);
        return false;
    }
    intake->batches = (struct xd_batch **)(void *)intake->batch_list.ptr;
    intake->batch_count++;
    return true;
}

/* Takes over the batches of a document; those that found no room are freed. */
static bool
keep_batches(struct xd_intake *intake, struct xd_batches *batches)
{
    bool ok = true;

    for (size_t i = 0; i < batches->count; i++) {
        struct xd_batch_slot *slot = xd_batches_slot(batches, i);
        ok = xd_intake_keep(intake, slot->batch) && ok;
        slot->batch = NULL;
    }
    return ok;
}

static void
drop_batches(struct xd_batches *batches)
{
    for (size_t i = 0; i < batches->count; i++) {
        if (xd_batches_slot(batches, i)->batch) {
            xd_batch_free(xd_batches_slot(batches, i)->batch);
        }
    }
}

/* What a document of no rows or too many is told; a refused one was told already. */
static void
judge_rows(struct xd_reading_job *job)
{
    const struct xd_limits *limits = &job->intake->tables->limits;
    uint64_t most = xd_limit(limits, XD_LIMIT_ROWS);

    if (job->refused) {
        return;
    }
    job->row = 0;
    if (job->batches.rows == 0) {
        xd_refuse_document(job, XD_F_CSV_HEADER_ONLY, 0, NULL);
    } else if (job->batches.rows > most) {
        xd_refuse_limit_hit(job, XD_F_CSV_TOO_MANY_ROWS, 0, XD_LIMIT_ROWS);
    }
}

/* Whether a document that should hold orders names parcels: matched with itself, every manifest
 * would be right. */
static bool
is_manifest_for_orders(const struct xd_reading_job *job)
{
    struct xd_slice field = xd_slice_str(xd_field_name(XD_FIELD_PARCEL_CODE));
    const struct xd_document *document = job->document;
    char wanted[XD_HEADER_KEY_MAX];
    char key[XD_HEADER_KEY_MAX];

    if (job->intake->use != XD_USE_ORDERS || job->batches.count == 0) {
        return false;
    }
    for (uint16_t i = 0; i < document->header_count; i++) {
        if (xd_slice_eq(xd_header_key(document->header[i], key), xd_header_key(field, wanted))) {
            return true;
        }
    }
    struct xd_batch *first = xd_batches_slot(&job->batches, 0)->batch;
    return document->header_count == 0 && first->rows.count > 0 &&
           xd_rows_get(&first->rows, 0, XD_FIELD_PARCEL_CODE, &first->scratch).len > 0;
}

#define ENDS ((size_t)4 << 10) /* of a text, that tell it from most others */

/* Remembers a document by the hash of its ends. True when one with the same ends came before, or
 * memory ran out and nobody can tell. */
static bool
ends_seen(struct xd_intake *intake, const struct xd_document *document)
{
    struct xd_slice text = document->text;
    size_t tail = text.len > ENDS ? text.len - ENDS : 0;
    uint64_t hashes[] = {xd_hash(xd_slice_sub(text, 0, ENDS)),
                         xd_hash(xd_slice_sub(text, tail, ENDS)), text.len};
    struct xd_slice key =
        xd_arena_copy(intake->arena, xd_slice_of((const char *)hashes, sizeof(hashes)));
    uint32_t earlier = XD_MAP_NONE;

    return (!intake->ends.entries && !xd_map_init(&intake->ends, intake->arena, 64, false)) ||
           !key.ptr || !xd_map_put(&intake->ends, key, document->index, &earlier) ||
           earlier != XD_MAP_NONE;
}

/* Whether the text of an earlier document is the same. */
static bool
read_before(struct xd_intake *intake, const struct xd_document *document)
{
    if (!ends_seen(intake, document)) {
        return false;
    }
    for (size_t i = 0; i < intake->document_count && intake->documents[i] != document; i++) {
        const struct xd_document *earlier = intake->documents[i];
        if (earlier->use == XD_DOCUMENT_READ && xd_slice_eq(earlier->text, document->text)) {
            return true;
        }
    }
    return false;
}

static bool
finish_document(struct xd_reading_job *job)
{
    struct xd_intake *intake = job->intake;

    judge_rows(job);
    if (!job->refused && is_manifest_for_orders(job)) {
        job->row = 0;
        xd_refuse_document(job, XD_F_MANIFEST_FOR_ORDERS, 0, NULL);
    }
    if (!job->refused && read_before(intake, job->document)) {
        job->row = 0;
        xd_refuse_document(job, XD_F_INPUT_TWICE, 0, NULL);
        job->document->use = XD_DOCUMENT_LISTED;
        drop_batches(&job->batches);
        return true;
    }
    intake->rows_read += job->batches.rows;
    if (job->refused) {
        job->document->use = XD_DOCUMENT_REFUSED;
        intake->rows_refused += job->batches.rows;
        intake->refused++;
        drop_batches(&job->batches);
        return true;
    }
    xd_findings_merge(intake->findings, &job->batches.findings);
    return keep_batches(intake, &job->batches);
}

void
xd_reading_open(struct xd_reading_job *reading, struct xd_intake *intake,
                struct xd_document *document, struct xd_findings *findings, struct xd_error *err)
{
    *reading = (struct xd_reading_job){
        .intake = intake, .document = document, .findings = findings, .err = err};
    xd_batches_open(&reading->batches, &intake->tables->limits, 1);
}

void
xd_reading_drop(struct xd_reading_job *reading)
{
    drop_batches(&reading->batches);
    xd_batches_close(&reading->batches);
}

void
xd_reading_restart(struct xd_reading_job *reading)
{
    xd_reading_drop(reading);
    xd_findings_init(reading->findings, reading->findings->arena, reading->findings->keep);
    xd_reading_open(reading, reading->intake, reading->document, reading->findings, reading->err);
}

/* A title above the header of a CSV hides the format. */
static void
refuse_format(struct xd_reading_job *job)
{
    uint32_t below = xd_csv_header_below(&job->intake->tables->dialects, job->document->text);
    char detail[80];

    (void)snprintf(detail, sizeof(detail), "row %u looks like a header: delete the rows above",
                   (unsigned)below);
    xd_refuse_document(job, XD_F_INPUT_FORMAT_UNKNOWN, 0, below ? detail : NULL);
}

static bool
read_document(struct xd_intake *intake, struct xd_document *document, struct xd_follow *follow,
              struct xd_error *err)
{
    const char *reason = "";
    const struct xd_reader *reader = xd_reader_choose(document->text, &reason);
    struct xd_csv_job *followed = NULL;
    struct xd_findings findings; /* of the document; one that is read twice starts anew */
    struct xd_reading_job own;
    struct xd_reading_job *job = xd_follow_take(follow, document, &followed);
    bool ok = true;

    if (!job) {
        job = &own;
        xd_findings_init(&findings, intake->arena, intake->findings->keep);
        xd_reading_open(job, intake, document, &findings, err);
    }
    document->format = reader ? xd_slice_str(reader->name) : XD_NONE;
    if (document->text.len == 0) {
        xd_refuse_document(job, XD_F_INPUT_EMPTY, 0, NULL);
    } else if (!reader) {
        refuse_format(job);
    } else if (reader->read) {
        document->reason = xd_slice_str(reason);
        ok = xd_read_stream(job, reader);
    } else {
        document->reason = followed ? document->reason : xd_slice_str(reason);
        ok = xd_read_csv(job, followed);
    }
    xd_findings_merge(intake->findings, job->findings);
    job->findings = intake->findings;
    ok = ok && finish_document(job);
    if (!ok) {
        drop_batches(&job->batches);
        xd_error_set(err, EX_OSERR, "not enough memory for %.*s", XD_FMT(document->file));
    }
    xd_batches_close(&job->batches);
    return ok;
}

/* The documents of an input that ended well. */
static bool
read_documents(struct xd_intake *intake, const struct xd_source *source, struct xd_follow *follow,
               struct xd_error *err)
{
    for (size_t i = 0; i < source->count; i++) {
        struct xd_document *document = &source->documents[i];
        if (intake->first_document + intake->document_count == UINT16_MAX) {
            return xd_error_set(err, EX_USAGE, "one run takes no more than %d manifests",
                                UINT16_MAX);
        }
        if (!keep_document(intake, document)) {
            return xd_error_set(err, EX_OSERR, "not enough memory for %.*s",
                                XD_FMT(document->file));
        }
        intake->refused += document->use == XD_DOCUMENT_REFUSED;
        if (document->use == XD_DOCUMENT_READ && !read_document(intake, document, follow, err)) {
            return false;
        }
    }
    return true;
}

static bool
read_input(struct xd_intake *intake, const char *path, struct xd_error *err)
{
    struct xd_source *source = &intake->sources[intake->source_count++];
    struct xd_source_options options = {
        .limits = &intake->tables->limits,
        .encoding = intake->encoding,
        .arena = intake->arena,
        .findings = intake->findings,
        .first_document = (uint16_t)(intake->first_document + intake->document_count),
        .is_manifest = is_manifest,
        .ctx = intake,
    };
    struct xd_follow *follow;
    bool ok = xd_follow_open(&follow, intake, source, &options, path, err) &&
              read_documents(intake, source, follow, err);

    xd_follow_close(follow);
    return ok;
}

bool
xd_intake_read(struct xd_intake *intake, const char *const *paths, size_t count,
               struct xd_error *err)
{
    intake->sources = xd_arena_array(intake->arena, count, sizeof(*intake->sources));
    if (!intake->sources) {
        return xd_error_set(err, EX_OSERR, "not enough memory");
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_input(intake, paths[i], err)) {
            return false;
        }
    }
    return true;
}

void
xd_intake_close(struct xd_intake *intake)
{
    for (size_t i = 0; i < intake->batch_count; i++) {
        xd_batch_free(intake->batches[i]);
    }
    for (size_t i = 0; i < intake->source_count; i++) {
        xd_source_close(&intake->sources[i]);
    }
    xd_buf_free(&intake->batch_list);
    xd_buf_free(&intake->document_list);
    *intake = (struct xd_intake){0};
}

void
xd_intake_release_all(const struct xd_intake *intake)
{
    for (size_t i = 0; i < intake->source_count; i++) {
        for (size_t k = 0; k < intake->sources[i].count; k++) {
            xd_source_release(&intake->sources[i], intake->sources[i].documents[k].text);
        }
    }
}

void
xd_intake_release(const struct xd_intake *intake, struct xd_slice text)
{
    for (size_t i = 0; i < intake->source_count; i++) {
        xd_source_release(&intake->sources[i], text);
    }
}
