/*
 * An order with a row that cannot be read is left out as a whole: with a line less than the shopper
 * bought it would be priced and shipped as if it were right.
 */
#include "pipeline/orders.h"

#include <sysexits.h>

#include "base/hash.h"

/* The rows of one order in a document, linked by their facts. */
struct order_rows {
    struct xd_row_ref first;
    struct xd_row_ref last;
    uint32_t count;
    bool rejected;
};

struct grouping {
    struct xd_orders_loading *loading;
    struct xd_arena arena; /* of one document */
    struct xd_map places;  /* merchant and order id -> place in list */
    struct xd_buf list;    /* struct order_rows */
    struct xd_order_taker taker;
    struct xd_error *err;
};

#define GROUPS_MAX ((size_t)1 << 32)

/* Called by the workers for each batch. */
static void
check_rows(void *ctx, unsigned worker, struct xd_batch *batch)
{
    const struct xd_orders_loading *loading = ctx;
    struct xd_reporter reporter = {loading->tables->texts, &batch->findings, &batch->scratch};

    (void)worker;
    batch->facts = xd_arena_array(&batch->arena, batch->rows.count, sizeof(*batch->facts));
    if (!batch->facts) {
        batch->findings.failed = true;
        return;
    }
    for (uint32_t i = 0; i < batch->rows.ragged_count; i++) {
        xd_report_ragged(&reporter, batch, &batch->rows.ragged[i]);
    }
    xd_report_misfits(&reporter, batch);
    for (uint32_t row = 0; row < batch->rows.count; row++) {
        if (batch->facts[row].disposition != XD_REJECT &&
            xd_row_order_id(&batch->rows, row, &batch->scratch).len == 0) {
            xd_report_code(&reporter, batch, row, XD_FIELD_ORDER_ID, XD_F_REQUIRED_MISSING);
        }
    }
}

static bool
out_of_memory(struct xd_error *err)
{
    return xd_error_set(err, EX_OSERR, "not enough memory for the orders");
}

bool
xd_orders_read(struct xd_orders_loading *loading, const char *const *paths, size_t count,
               struct xd_error *err)
{
    struct xd_intake *intake = &loading->intake;
    struct xd_summary *summary = &loading->summary;
    struct xd_document *documents;

    xd_arena_init(&loading->arena, 1 << 16, 0);
    xd_findings_init(&loading->findings, &loading->arena,
                     (size_t)xd_limit(&loading->tables->limits, XD_LIMIT_FINDINGS_KEPT));
    *intake = (struct xd_intake){.tables = loading->tables,
                                 .arena = &loading->arena,
                                 .findings = &loading->findings,
                                 .threads = loading->threads,
                                 .use = XD_USE_ORDERS,
                                 .encoding = loading->encoding,
                                 .check = check_rows,
                                 .ctx = loading};
    if (!xd_intake_read(intake, paths, count, err)) {
        return false;
    }
    documents = xd_arena_array(&loading->arena, intake->document_count, sizeof(*documents));
    if (!documents || loading->findings.failed) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < intake->document_count; i++) {
        documents[i] = *intake->documents[i];
    }
    *summary = (struct xd_summary){.command = "orders import",
                                   .documents = documents,
                                   .document_count = intake->document_count,
                                   .rows_read = intake->rows_read,
                                   .rows[XD_REJECT] = intake->rows_refused,
                                   .refused = intake->refused,
                                   .findings = &loading->findings};
    return true;
}

/* Adds what the row says of the order and is not yet said. */
static void
add_values(struct xd_order *order, struct xd_batch *batch, uint32_t row)
{
    for (unsigned i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
        if (order->value[i].len == 0) {
            order->value[i] =
                xd_slice_trim(xd_rows_get(&batch->rows, row, xd_order_fields[i], &batch->scratch));
        }
    }
}

/* The line that a row is; false when it says nothing of any goods. */
static bool
read_line(struct xd_batch *batch, uint32_t row, struct xd_order_line *line)
{
    size_t said = 0;

    for (unsigned i = 0; i < XD_ORDER_LINE_FIELD_COUNT; i++) {
        line->value[i] =
            xd_slice_trim(xd_rows_get(&batch->rows, row, xd_order_line_fields[i], &batch->scratch));
        said += line->value[i].len;
    }
    return said > 0;
}

/* Hands on one order that is all in one row. */
static bool
take_row(struct grouping *grouping, struct xd_batch *batch, uint32_t row)
{
    struct xd_orders_loading *loading = grouping->loading;
    bool rejected = batch->facts[row].disposition == XD_REJECT;
    struct xd_order order = {0};

    loading->summary.rows[rejected ? XD_REJECT : XD_HANDOFF]++;
    loading->rejected += rejected;
    if (rejected) {
        return true;
    }
    loading->orders++;
    add_values(&order, batch, row);
    return grouping->taker.take(grouping->taker.data, &order);
}

/* Hands on one order whose lines lie in several rows. */
static bool
take_rows(struct grouping *grouping, const struct order_rows *rows)
{
    struct xd_orders_loading *loading = grouping->loading;
    struct xd_batch *const *batches = loading->intake.batches;
    struct xd_order_line *lines = xd_arena_array(&grouping->arena, rows->count, sizeof(*lines));
    struct xd_row_ref at = rows->first;
    struct xd_order order = {.lines = lines};

    loading->summary.rows[rows->rejected ? XD_REJECT : XD_HANDOFF] += rows->count;
    loading->rejected += rows->rejected;
    if (rows->rejected) {
        return true;
    }
    if (!lines) {
        return out_of_memory(grouping->err);
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        struct xd_batch *batch = batches[at.batch];
        add_values(&order, batch, at.row);
        order.line_count += read_line(batch, at.row, &lines[order.line_count]);
        at = batch->facts[at.row].next;
    }
    order.has_lines = order.line_count > 0;
    loading->orders++;
    return grouping->taker.take(grouping->taker.data, &order);
}

/* Merchant and order id, a byte between them that neither can hold. */
static struct xd_slice
group_key(struct grouping *grouping, struct xd_batch *batch, uint32_t row)
{
    struct xd_slice merchant =
        xd_slice_trim(xd_rows_get(&batch->rows, row, XD_FIELD_MERCHANT_ID, &batch->scratch));
    struct xd_slice id = xd_row_order_id(&batch->rows, row, &batch->scratch);
    char *key = xd_arena_alloc(&grouping->arena, merchant.len + id.len + 1);

    if (!key) {
        return XD_NONE;
    }
    memcpy(key, id.ptr ? id.ptr : "", id.len);
    key[id.len] = '\n';
    memcpy(key + id.len + 1, merchant.ptr ? merchant.ptr : "", merchant.len);
    return xd_slice_of(key, merchant.len + id.len + 1);
}

/* Adds a row to its order, or makes it the first of a new one. */
static bool
group_row(struct grouping *grouping, struct xd_row_ref at)
{
    struct xd_batch *const *batches = grouping->loading->intake.batches;
    struct xd_batch *batch = batches[at.batch];
    bool rejected = batch->facts[at.row].disposition == XD_REJECT;
    struct xd_slice key = group_key(grouping, batch, at.row);
    uint32_t place = (uint32_t)(grouping->list.len / sizeof(struct order_rows));
    uint32_t known;

    if (!key.ptr) {
        return false;
    }
    known = xd_map_get(&grouping->places, key);
    if (known != XD_MAP_NONE) {
        struct order_rows *rows = (struct order_rows *)(void *)grouping->list.ptr + known;
        batches[rows->last.batch]->facts[rows->last.row].next = at;
        rows->last = at;
        rows->count++;
        rows->rejected = rows->rejected || rejected;
        return true;
    }
    struct order_rows rows = {at, at, 1, rejected};
    xd_buf_put(&grouping->list, xd_slice_of((const char *)&rows, sizeof(rows)));
    return !grouping->list.failed && xd_map_put(&grouping->places, key, place, NULL);
}

/* The batches [from, to) of a document with lines. */
static bool
take_lines(struct grouping *grouping, uint32_t from, uint32_t to)
{
    const struct xd_intake *intake = &grouping->loading->intake;
    const struct order_rows *list;

    xd_arena_reset(&grouping->arena);
    grouping->list.len = 0;
    if (!xd_map_init(&grouping->places, &grouping->arena, 1024, false)) {
        return out_of_memory(grouping->err);
    }
    for (uint32_t batch = from; batch < to; batch++) {
        for (uint32_t row = 0; row < intake->batches[batch]->rows.count; row++) {
            if (!group_row(grouping, (struct xd_row_ref){batch, row})) {
                return out_of_memory(grouping->err);
            }
        }
    }
    list = (const struct order_rows *)(const void *)grouping->list.ptr;
    for (size_t i = 0; i < grouping->list.len / sizeof(*list); i++) {
        if (!take_rows(grouping, &list[i])) {
            return false;
        }
    }
    return true;
}

static bool
take_documents(struct grouping *grouping)
{
    const struct xd_intake *intake = &grouping->loading->intake;
    uint32_t to;

    for (uint32_t from = 0; from < intake->batch_count; from = to) {
        const struct xd_rows *rows = &intake->batches[from]->rows;
        for (to = from;
             to < intake->batch_count && intake->batches[to]->rows.document == rows->document;
             to++) {
        }
        if (rows->columns->of_field[XD_FIELD_SKU] != XD_FIELD_NONE) {
            if (!take_lines(grouping, from, to)) {
                return false;
            }
            continue;
        }
        for (uint32_t batch = from; batch < to; batch++) {
            for (uint32_t row = 0; row < intake->batches[batch]->rows.count; row++) {
                if (!take_row(grouping, intake->batches[batch], row)) {
                    return false;
                }
            }
        }
    }
    return true;
}

bool
xd_orders_each(struct xd_orders_loading *loading, struct xd_order_taker taker, struct xd_error *err)
{
    struct grouping grouping = {.loading = loading, .taker = taker, .err = err};
    bool taken;

    xd_arena_init(&grouping.arena, 1 << 16, 0);
    xd_buf_init(&grouping.list, GROUPS_MAX);
    taken = take_documents(&grouping);
    xd_buf_free(&grouping.list);
    xd_arena_free(&grouping.arena);
    return taken;
}

void
xd_orders_close(struct xd_orders_loading *loading)
{
    xd_intake_close(&loading->intake);
    xd_arena_free(&loading->arena);
}
