/*
 * The road of a manifest, step by step. Findings never stop it; a failure of our surroundings stops
 * it before the first file is published, and what was written so far disappears with its temporary
 * names.
 */
#include "pipeline/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "pipeline/acks.h"
#include "pipeline/order_rows.h"
#include "pipeline/ranges.h"
#include "pipeline/rejected.h"
#include "writer/report.h"

#define REPORT_MAX ((size_t)1 << 30)

static bool
out_of_memory(struct xd_run *run)
{
    return xd_error_set(run->err, EX_OSERR, "not enough memory for the run");
}

static void
check_rows(void *ctx, unsigned worker, struct xd_batch *batch)
{
    const struct xd_run *run = ctx;
    const struct xd_run_tables *from = run->tables;
    struct xd_row_tables tables = {.texts = from->texts,
                                   .countries = from->countries,
                                   .currencies = &from->currencies,
                                   .identifiers = &from->identifiers,
                                   .sscc = xd_scheme_find(&from->identifiers, XD_LIT("sscc")),
                                   .gtin = xd_scheme_find(&from->identifiers, XD_LIT("gtin")),
                                   .as_of = run->options->as_of};
    struct xd_row_ctx row = {.tables = &tables};

    (void)worker;
    xd_rows_check(&row, batch);
}

static void
prepare_intake(struct xd_run *run, struct xd_intake *intake, enum xd_use use)
{
    *intake = (struct xd_intake){.tables = run->tables,
                                 .arena = &run->arena,
                                 .findings = &run->findings,
                                 .threads = run->options->threads,
                                 .use = use,
                                 .encoding = run->options->encoding};
}

static bool
has_orders(const struct xd_run *run)
{
    return run->options->order_count || run->options->store;
}

#define KEPT_TEXT ((size_t)192 << 20)

/* Whether the text of the manifests is given back as soon as it is read: orders need the memory,
 * and a large text needs too much of it. Else giving it back would only mean to read it once more.
 */
static bool
gives_back(const struct xd_run *run)
{
    size_t bytes = 0;

    for (size_t i = 0; i < run->manifests.document_count; i++) {
        bytes += run->manifests.documents[i]->text.len;
    }
    return has_orders(run) || bytes > KEPT_TEXT;
}

static bool
read_manifests(struct xd_run *run)
{
    prepare_intake(run, &run->manifests, XD_USE_MANIFEST);
    run->manifests.mapping = run->options->mapping;
    run->manifests.check = check_rows;
    run->manifests.ctx = run;
    if (!xd_intake_read(&run->manifests, run->options->manifests, run->options->manifest_count,
                        run->err)) {
        return false;
    }
    run->gives_back = gives_back(run);
    if (run->gives_back) {
        xd_intake_release_all(&run->manifests);
    }
    return true;
}

/* Brings the rows of orders and the parcels together; codes that two orders use are found out. */
static bool
group_rows(struct xd_run *run)
{
    const struct xd_intake *from = &run->manifests;
    struct xd_arena codes;
    struct xd_reporter reporter = {run->tables->texts, &run->findings, &run->arena};
    bool ok;

    xd_arena_init(&codes, 1 << 16, 0);
    ok = xd_groups_build(&run->groups, from->batches, from->batch_count, &run->arena) &&
         xd_parcels_check(from->batches, from->batch_count, (size_t)from->rows_read,
                          &run->tables->identifiers, &reporter, &codes);
    xd_arena_free(&codes);
    return ok ? true : out_of_memory(run);
}

static bool
read_orders(struct xd_run *run)
{
    prepare_intake(run, &run->orders, XD_USE_ORDERS);
    run->orders.first_document = (uint16_t)run->manifests.document_count;
    if (run->options->order_count) {
        return xd_order_rows_read(&run->orders, &run->groups, run->options->orders,
                                  run->options->order_count, run->err);
    }
    return !run->options->store ||
           xd_order_rows_fetch(&run->orders, &run->groups, run->manifests.batches,
                               run->options->store_kind, run->options->store, run->err);
}

static bool
choose_layouts(struct xd_run *run, const struct xd_layout ***out)
{
    const struct xd_carriers *carriers = &run->tables->carriers;

    *out = xd_arena_array(&run->arena, carriers->count, sizeof(**out));
    for (uint32_t i = 0; *out && i < carriers->count; i++) {
        (*out)[i] = xd_layout_find(&run->tables->layouts, carriers->list[i].layout);
        if (!(*out)[i]) {
            return xd_error_set(run->err, EX_CONFIG, "carrier %.*s: there is no layout %.*s",
                                XD_FMT(carriers->list[i].code), XD_FMT(carriers->list[i].layout));
        }
    }
    return *out ? true : out_of_memory(run);
}

#define RELEASE_STEP ((uint64_t)4 << 20)

/* Orders are decided in the order of their first rows, so what lies in front of the next one is
 * hardly looked at again. */
static void
release_decided(struct xd_run *run, uint32_t upto)
{
    const struct xd_batch *batch;
    const struct xd_document *document;
    struct xd_row_ref next;
    uint64_t offset;

    if (upto >= run->groups.count || !run->gives_back) {
        return;
    }
    next = run->groups.list[upto].first;
    batch = run->manifests.batches[next.batch];
    document = batch->rows.document;
    offset = xd_rows_offset(&batch->rows, next.row);
    if (document != run->released) {
        run->released = document;
        run->released_to = 0;
    }
    if (offset >= run->released_to + RELEASE_STEP) {
        xd_intake_release(&run->manifests, xd_slice_sub(document->text, run->released_to,
                                                        offset - run->released_to));
        run->released_to = offset;
    }
}

static bool
take_range(void *taker, struct xd_decided *decided)
{
    struct xd_run *run = taker;

    release_decided(run, decided->upto);
    xd_findings_merge(&run->findings, &decided->findings);
    run->summary.parcels += decided->parcels;
    for (unsigned i = 0; i < XD_DISPOSITION_COUNT; i++) {
        run->summary.parcels_by[i] += decided->parcels_by[i];
    }
    for (unsigned i = 0; i < XD_ROUTE_COUNT; i++) {
        run->summary.routes[i] += decided->routes[i];
    }
    return !run->options->out || xd_handoff_files_add(&run->files, decided, run->err);
}

/* Orders that could not be read are orders that hold none of the manifest's: every parcel waits. */
static struct xd_batch *const *
known_orders(const struct xd_run *run)
{
    static struct xd_batch *const NONE[1];

    return run->orders.batch_count ? run->orders.batches : NONE;
}

static bool
decide_orders(struct xd_run *run)
{
    const struct xd_layout **layouts;

    if (!choose_layouts(run, &layouts)) {
        return false;
    }
    run->deciding = (struct xd_deciding){.tables = run->tables,
                                         .as_of = run->options->as_of,
                                         .batches = run->manifests.batches,
                                         .orders = has_orders(run) ? known_orders(run) : NULL,
                                         .groups = &run->groups,
                                         .layouts = layouts,
                                         .ships = has_orders(run)};
    if (run->options->out &&
        (!xd_output_open(&run->outputs, run->options->out, &run->arena, run->err) ||
         !xd_handoff_files_open(&run->files, &run->deciding, &run->outputs, &run->arena))) {
        return out_of_memory(run);
    }
    struct xd_ranges ranges = {.deciding = &run->deciding,
                               .threads = run->options->threads,
                               .keep = run->findings.keep - run->findings.count,
                               .take = take_range,
                               .taker = run};
    return xd_ranges_run(&ranges) ? true : out_of_memory(run);
}

static void
count_rows(struct xd_run *run)
{
    struct xd_summary *summary = &run->summary;

    summary->rows_read = run->manifests.rows_read;
    summary->rows[XD_REJECT] = run->manifests.rows_refused;
    for (size_t i = 0; i < run->manifests.batch_count; i++) {
        const struct xd_batch *batch = run->manifests.batches[i];
        for (uint32_t row = 0; row < batch->rows.count; row++) {
            summary->rows[batch->facts[row].disposition]++;
        }
    }
}

static int
compare_findings(const void *left, const void *right)
{
    const struct xd_finding *a = left;
    const struct xd_finding *b = right;

    if (a->document != b->document) {
        return a->document < b->document ? -1 : 1;
    }
    if (a->offset != b->offset) {
        return a->offset < b->offset ? -1 : 1;
    }
    if (a->field != b->field) {
        return a->field < b->field ? -1 : 1;
    }
    return (a->code > b->code) - (a->code < b->code);
}

static bool
summarise(struct xd_run *run)
{
    size_t count = run->manifests.document_count + run->orders.document_count;
    struct xd_document *documents = xd_arena_array(&run->arena, count, sizeof(*documents));

    if (!documents) {
        return out_of_memory(run);
    }
    for (size_t i = 0; i < count; i++) {
        documents[i] = i < run->manifests.document_count
                           ? *run->manifests.documents[i]
                           : *run->orders.documents[i - run->manifests.document_count];
    }
    count_rows(run);
    if (run->findings.count) {
        qsort(run->findings.list, run->findings.count, sizeof(*run->findings.list),
              compare_findings);
    }
    run->summary.command = run->options->command;
    run->summary.as_of = run->options->as_of;
    run->summary.documents = documents;
    run->summary.document_count = count;
    run->summary.orders = run->groups.count;
    run->summary.findings = &run->findings;
    run->summary.refused = run->manifests.refused + run->orders.refused;
    return true;
}

/* One report as a file of the run. */
static bool
write_report(struct xd_run *run, const char *name,
             void (*make)(const struct xd_reports *, struct xd_buf *))
{
    struct xd_reports reports = {&run->summary, run->tables->texts};
    struct xd_output *output = xd_output_add(&run->outputs, xd_slice_str(name), run->err);
    struct xd_buf buf;
    bool ok;

    if (!output) {
        return false;
    }
    xd_buf_init(&buf, REPORT_MAX);
    make(&reports, &buf);
    ok = buf.failed ? out_of_memory(run) : xd_output_write(output, xd_buf_slice(&buf), run->err);
    xd_buf_free(&buf);
    return ok;
}

static bool
watch_inputs(struct xd_run *run)
{
    const struct xd_run_options *options = run->options;

    return xd_watch_begin(&run->watched[0], options->manifests, options->manifest_count,
                          &run->arena) &&
                   xd_watch_begin(&run->watched[1], options->orders, options->order_count,
                                  &run->arena)
               ? true
               : out_of_memory(run);
}

static bool
inputs_are_as_read(struct xd_run *run)
{
    return xd_watch_check(&run->watched[0], run->err) && xd_watch_check(&run->watched[1], run->err);
}

static bool
spare(const struct xd_run *run, struct xd_slice name)
{
    char path[4096];

    return snprintf(path, sizeof(path), "%s/%.*s", run->outputs.dir, XD_FMT(name)) >=
               (int)sizeof(path) ||
           (xd_watch_spare(&run->watched[0], path, run->err) &&
            xd_watch_spare(&run->watched[1], path, run->err));
}

/* No file that is written or removed may be one that was read. */
static bool
spare_inputs(const struct xd_run *run)
{
    for (const struct xd_output *output = run->outputs.first; output; output = output->next) {
        if (!spare(run, output->name)) {
            return false;
        }
    }
    for (const struct xd_output_old *old = run->outputs.old; old; old = old->next) {
        if (!spare(run, old->name)) {
            return false;
        }
    }
    return true;
}

static bool
publish(struct xd_run *run)
{
    if (!xd_handoff_files_finish(&run->files, run->err)) {
        return false;
    }
    run->summary.carriers = run->files.done;
    run->summary.carrier_count = run->files.done_count;
    return write_report(run, "exceptions.csv", xd_report_csv) &&
           write_report(run, "exceptions.json", xd_report_json) &&
           write_report(run, "summary.txt", xd_report_summary) && xd_rejected_publish(run) &&
           xd_acks_publish(run) && spare_inputs(run) && inputs_are_as_read(run) &&
           xd_output_commit(&run->outputs, run->err);
}

bool
xd_run(struct xd_run *run, const struct xd_run_options *options, const struct xd_run_tables *tables,
       struct xd_error *err)
{
    *run = (struct xd_run){.options = options, .tables = tables, .err = err};
    xd_arena_init(&run->arena, 1 << 16, 0);
    xd_findings_init(&run->findings, &run->arena,
                     (size_t)xd_limit(&tables->limits, XD_LIMIT_FINDINGS_KEPT));
    if (!watch_inputs(run) || !read_manifests(run) || !group_rows(run) || !read_orders(run) ||
        !decide_orders(run) || !summarise(run)) {
        return false;
    }
    if (run->findings.failed) {
        return out_of_memory(run);
    }
    return options->out ? publish(run) : inputs_are_as_read(run);
}

void
xd_run_close(struct xd_run *run)
{
    if (run->options->out && run->outputs.dir) {
        xd_output_abort(&run->outputs);
    }
    xd_intake_close(&run->orders);
    xd_intake_close(&run->manifests);
    xd_arena_free(&run->arena);
}
