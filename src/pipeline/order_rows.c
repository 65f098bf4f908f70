/*
 * A store holds more orders than a manifest names. A few are looked up one by one; many are found
 * sooner by reading all and asking each, which is what a file of orders does anyway.
 */
#include "pipeline/order_rows.h"

#include <sysexits.h>

#include "pipeline/batches.h"

/* Groups up to this many are looked up; about an eighth of what a scan passes in the same time. */
#define LOOK_UPS_MOST 4096

struct ask {
    struct xd_intake *intake;
    struct xd_groups *groups;
};

static void
ask(void *ctx, unsigned worker, struct xd_batch *batch)
{
    const struct ask *job = ctx;
    struct xd_reporter reporter = {job->intake->tables->texts, &batch->findings, &batch->scratch};

    (void)worker;
    for (uint32_t i = 0; i < batch->rows.ragged_count; i++) {
        xd_report_ragged(&reporter, batch, &batch->rows.ragged[i]);
    }
    xd_report_misfits(&reporter, batch);
    xd_groups_ask(job->groups, batch);
}

bool
xd_order_rows_read(struct xd_intake *intake, struct xd_groups *groups, const char *const *paths,
                   size_t count, struct xd_error *err)
{
    struct ask job = {intake, groups};
    bool read;

    intake->check = ask;
    intake->ctx = &job;
    read = xd_intake_read(intake, paths, count, err);
    intake->ctx = NULL; /* the job ends with this function */
    return read && (xd_groups_link(groups, intake->batches, intake->batch_count, intake->arena)
                        ? true
                        : xd_error_set(err, EX_OSERR, "not enough memory for the orders"));
}

struct fetch {
    struct xd_row_builder builder;
    struct xd_columns columns;
    struct xd_document document;
};

/* Turns an order into the rows that a file of order lines would have. */
static bool
add_order(void *data, const struct xd_order *order)
{
    struct xd_row_builder *builder = &((struct fetch *)data)->builder;

    memset(builder->values, 0, sizeof(builder->values));
    for (unsigned i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
        xd_row_builder_set(builder, xd_order_fields[i], order->value[i], 0);
    }
    for (size_t line = 0; line < order->line_count; line++) {
        for (unsigned i = 0; i < XD_ORDER_LINE_FIELD_COUNT; i++) {
            xd_row_builder_set(builder, xd_order_line_fields[i], order->lines[line].value[i], 0);
        }
        xd_row_builder_add(builder, 0);
    }
    if (order->line_count == 0) {
        xd_row_builder_add(builder, 0);
    }
    return !builder->failed;
}

static bool
look_up(struct xd_groups *groups, struct xd_batch *const *manifests,
        const struct xd_store_kind *kind, struct xd_store *store, struct xd_order_taker taker,
        struct xd_error *err)
{
    for (uint32_t i = 0; i < groups->count; i++) {
        struct xd_row_ref first = groups->list[i].first;
        struct xd_batch *batch = manifests[first.batch];
        struct xd_slice id = xd_row_order_id(&batch->rows, first.row, &batch->scratch);
        if (!kind->find(store, id, taker, err)) {
            return false;
        }
    }
    return true;
}

bool
xd_order_rows_fetch(struct xd_intake *intake, struct xd_groups *groups,
                    struct xd_batch *const *manifests, const struct xd_store_kind *kind,
                    struct xd_store *store, struct xd_error *err)
{
    struct fetch *fetch = xd_arena_alloc(intake->arena, sizeof(*fetch));
    struct xd_batch *batch = fetch ? xd_batch_new() : NULL;
    struct xd_order_taker taker = {add_order, fetch};

    if (!batch || !xd_intake_keep(intake, batch)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the orders");
    }
    xd_columns_all(&fetch->columns);
    fetch->document.file = XD_LIT("the store");
    xd_row_builder_init(&fetch->builder, &batch->arena, &fetch->document, &fetch->columns, 1);
    if (groups->count <= LOOK_UPS_MOST) {
        if (!look_up(groups, manifests, kind, store, taker, err)) {
            return false;
        }
    } else if (!kind->scan(store, true, taker, err)) {
        return false;
    }
    batch->rows = fetch->builder.rows;
    xd_groups_ask(groups, batch);
    return !fetch->builder.failed &&
                   xd_groups_link(groups, intake->batches, intake->batch_count, intake->arena)
               ? true
               : xd_error_set(err, EX_OSERR, "not enough memory for the orders");
}
