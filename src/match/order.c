/*
 * An order has a line or two as a rule and ten thousand once a year, so everything here is linear
 * in its rows: parcels and SKUs are found through maps as soon as a walk would be longer. The rows
 * of the orders lie anywhere in memory, so they are fetched some orders ahead.
 */
#include "match/order.h"

#include "base/hash.h"
#include "check/parcel_code.h"
#include "check/row.h"

/* A row of the order with a SKU, and how many pieces of it are still to ship. */
struct ordered {
    const struct xd_batch *batch;
    uint32_t row;
    struct xd_slice sku;
    int64_t open;
    uint32_t next; /* the order's next row with this SKU, or XD_LINE_NONE */
    uint32_t last; /* of the first row with a SKU: the last one */
};

struct ordered_lines {
    struct ordered *list;
    uint32_t count;
    struct xd_map by_sku;
};

static struct xd_slice
get(const struct xd_match_ctx *ctx, const struct xd_batch *batch, uint32_t row, enum xd_field field)
{
    return xd_slice_trim(xd_rows_get(&batch->rows, row, field, ctx->arena));
}

static void
report(const struct xd_match_ctx *ctx, const struct xd_match_line *line, enum xd_field field,
       enum xd_finding_code code)
{
    xd_report_code(&ctx->reporter, line->batch, line->row, field, code);
}

static void
report_all(const struct xd_match_ctx *ctx, const struct xd_match *match, enum xd_field field,
           enum xd_finding_code code)
{
    for (uint32_t i = 0; i < match->line_count; i++) {
        report(ctx, &match->lines[i], field, code);
    }
}

static void
add_to_parcel(struct xd_match *match, uint32_t parcel, uint32_t line)
{
    struct xd_match_parcel *to = &match->parcels[parcel];

    match->lines[line].parcel = parcel;
    if (to->lines++) {
        match->lines[to->last].next = line;
    } else {
        to->first = line;
    }
    to->last = line;
}

static void
sort_only_line(const struct xd_match_ctx *ctx, struct xd_match *match)
{
    struct xd_match_line *line = &match->lines[0];

    match->parcels[0].code = get(ctx, line->batch, line->row, XD_FIELD_PARCEL_CODE);
    if (match->parcels[0].code.len) {
        match->parcel_count = 1;
        add_to_parcel(match, 0, 0);
    }
}

static bool
sort_parcels(const struct xd_match_ctx *ctx, struct xd_match *match)
{
    struct xd_map codes;

    match->parcels = xd_arena_array(ctx->arena, match->line_count, sizeof(*match->parcels));
    if (match->parcels && match->line_count == 1) {
        sort_only_line(ctx, match);
        return true;
    }
    if (!match->parcels || !xd_map_init(&codes, ctx->arena, match->line_count, false)) {
        return false;
    }
    for (uint32_t i = 0; i < match->line_count; i++) {
        struct xd_match_line *line = &match->lines[i];
        struct xd_slice code = get(ctx, line->batch, line->row, XD_FIELD_PARCEL_CODE);
        struct xd_slice key = xd_parcel_code_key(ctx->identifiers, code, ctx->arena);
        uint32_t at = code.len ? xd_map_get(&codes, key) : XD_MAP_NONE;
        if (code.len == 0) {
            continue;
        }
        if (at == XD_MAP_NONE) {
            at = match->parcel_count++;
            match->parcels[at].code = code;
            if (!xd_map_put(&codes, key, at, NULL)) {
                return false;
            }
        }
        add_to_parcel(match, at, i);
    }
    return true;
}

static bool
collect_lines(const struct xd_match_ctx *ctx, const struct xd_group *group, struct xd_match *match)
{
    struct xd_row_ref ref = group->first;

    match->lines = xd_arena_array(ctx->arena, group->rows, sizeof(*match->lines));
    if (!match->lines) {
        return false;
    }
    for (uint32_t i = 0; i < group->rows; i++) {
        struct xd_match_line *line = &match->lines[i];
        line->batch = ctx->batches[ref.batch];
        line->row = ref.row;
        line->parcel = XD_LINE_NONE;
        line->next = XD_LINE_NONE;
        line->sku = get(ctx, line->batch, line->row, XD_FIELD_SKU);
        (void)xd_read_quantity(get(ctx, line->batch, line->row, XD_FIELD_QUANTITY),
                               &line->quantity);
        ref = line->batch->facts[line->row].next;
    }
    match->line_count = group->rows;
    return sort_parcels(ctx, match);
}

/* The hit was found by hash; only equal text makes it this order. */
static bool
is_order(const struct xd_match_ctx *ctx, const struct xd_hit *hit, struct xd_slice id)
{
    const struct xd_batch *orders = ctx->orders[hit->order_row.batch];

    return xd_slice_eq(get(ctx, orders, hit->order_row.row, XD_FIELD_ORDER_ID), id) ||
           xd_slice_eq(get(ctx, orders, hit->order_row.row, XD_FIELD_MERCHANT_ORDER_ID), id);
}

static bool
same_field(const struct xd_match_ctx *ctx, const struct xd_match *match, const struct xd_hit *hit,
           enum xd_field field)
{
    return xd_slice_eq(get(ctx, match->order_batch, match->order_row, field),
                       get(ctx, ctx->orders[hit->order_row.batch], hit->order_row.row, field));
}

static bool
add_ordered(const struct xd_match_ctx *ctx, struct ordered_lines *ordered, const struct xd_hit *hit)
{
    const struct xd_batch *batch = ctx->orders[hit->order_row.batch];
    struct xd_slice sku = get(ctx, batch, hit->order_row.row, XD_FIELD_SKU);
    struct ordered *line = &ordered->list[ordered->count];
    uint32_t quantity = 0;
    uint32_t first;

    if (sku.len == 0) {
        return true;
    }
    (void)xd_read_quantity(get(ctx, batch, hit->order_row.row, XD_FIELD_QUANTITY), &quantity);
    *line =
        (struct ordered){batch, hit->order_row.row, sku, quantity, XD_LINE_NONE, ordered->count};
    first = xd_map_get(&ordered->by_sku, sku);
    if (first == XD_MAP_NONE) {
        if (!xd_map_put(&ordered->by_sku, sku, ordered->count, NULL)) {
            return false;
        }
    } else {
        ordered->list[ordered->list[first].last].next = ordered->count;
        ordered->list[first].last = ordered->count;
    }
    ordered->count++;
    return true;
}

/* An orders file of whole orders has no column for SKUs; then there is nothing to look up. */
static bool
says_skus(const struct xd_match_ctx *ctx, const struct xd_group *group)
{
    for (uint32_t at = group->hits; at != XD_HIT_NONE; at = ctx->groups->hits[at].next) {
        const struct xd_batch *orders = ctx->orders[ctx->groups->hits[at].order_row.batch];
        if (orders->rows.columns->of_field[XD_FIELD_SKU] != XD_FIELD_NONE) {
            return true;
        }
    }
    return false;
}

/* The rows of the order: which is its first, whether they are of one order, and its lines. */
static bool
collect_order(const struct xd_match_ctx *ctx, const struct xd_group *group, struct xd_match *match,
              struct ordered_lines *ordered)
{
    struct xd_slice id =
        xd_row_order_id(&match->lines[0].batch->rows, match->lines[0].row, ctx->arena);
    bool ambiguous = false;
    uint32_t count = 0;

    for (uint32_t at = group->hits; at != XD_HIT_NONE; at = ctx->groups->hits[at].next) {
        count++;
    }
    ordered->list = xd_arena_array(ctx->arena, count, sizeof(*ordered->list));
    if (!ordered->list ||
        (says_skus(ctx, group) && !xd_map_init(&ordered->by_sku, ctx->arena, count, false))) {
        return false;
    }
    for (uint32_t at = group->hits; at != XD_HIT_NONE; at = ctx->groups->hits[at].next) {
        const struct xd_hit *hit = &ctx->groups->hits[at];
        if (!is_order(ctx, hit, id)) {
            continue;
        }
        if (!match->order_batch) {
            match->order_batch = ctx->orders[hit->order_row.batch];
            match->order_row = hit->order_row.row;
        }
        ambiguous |= !same_field(ctx, match, hit, XD_FIELD_ORDER_ID) ||
                     !same_field(ctx, match, hit, XD_FIELD_MERCHANT_ID);
        if (!add_ordered(ctx, ordered, hit)) {
            return false;
        }
    }
    if (ambiguous) {
        report_all(ctx, match, XD_FIELD_ORDER_ID, XD_F_ORDER_AMBIGUOUS);
    } else if (!match->order_batch) {
        report_all(ctx, match, XD_FIELD_ORDER_ID, XD_F_ORDER_NOT_FOUND);
    } else if (ordered->count == 0) {
        report(ctx, &match->lines[0], XD_FIELD_ORDER_ID, XD_F_ORDER_WITHOUT_LINES);
    }
    return true;
}

/* Takes the pieces of a line from the order's rows of its SKU, the one with most open pieces first
 * found. */
static void
match_line(const struct xd_match_ctx *ctx, struct ordered_lines *ordered,
           struct xd_match_line *line)
{
    uint32_t at = xd_map_get(&ordered->by_sku, line->sku);
    int64_t wanted = line->quantity;

    if (at == XD_MAP_NONE) {
        report(ctx, line, XD_FIELD_SKU, XD_F_SKU_NOT_IN_ORDER);
        return;
    }
    line->order_batch = ordered->list[at].batch;
    line->order_row = ordered->list[at].row;
    for (; at != XD_LINE_NONE && wanted > 0; at = ordered->list[at].next) {
        struct ordered *from = &ordered->list[at];
        int64_t taken = wanted < from->open ? wanted : from->open;
        if (taken > 0) {
            line->order_batch = from->batch;
            line->order_row = from->row;
        }
        from->open -= taken;
        wanted -= taken;
    }
    if (wanted > 0) {
        report(ctx, line, XD_FIELD_QUANTITY, XD_F_QUANTITY_OVER_ORDER);
    }
}

/* What the order's goods are worth, for sharing out what was agreed for the order as a whole. */
static int64_t
goods_value(const struct xd_match_ctx *ctx, const struct ordered_lines *ordered)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < ordered->count; i++) {
        const struct ordered *line = &ordered->list[i];
        struct xd_decimal price;
        int64_t milli;
        if (xd_read_amount(get(ctx, line->batch, line->row, XD_FIELD_UNIT_PRICE), 3, &price) !=
                XD_F_NONE ||
            !xd_decimal_rescale(price, 3, XD_ROUND_HALF_UP, &milli) ||
            __builtin_mul_overflow(milli, line->open, &milli) ||
            __builtin_add_overflow(sum, milli, &sum)) {
            return 0;
        }
    }
    return sum;
}

static void
match_lines(const struct xd_match_ctx *ctx, struct ordered_lines *ordered, struct xd_match *match)
{
    bool says_completed =
        match->lines[0].batch->rows.columns->of_field[XD_FIELD_IS_COMPLETED] != XD_FIELD_NONE;
    int64_t missing = 0;

    for (uint32_t i = 0; i < match->line_count; i++) {
        if (match->lines[i].sku.len) {
            match_line(ctx, ordered, &match->lines[i]);
        }
    }
    for (uint32_t i = 0; i < ordered->count; i++) {
        missing += ordered->list[i].open;
    }
    if (missing > 0 && says_completed && match->complete) {
        report(ctx, &match->lines[match->line_count - 1], XD_FIELD_IS_COMPLETED, XD_F_ORDER_SHORT);
    }
}

/* All rows of an order must agree on whether it is complete; an incomplete one waits. */
static void
check_completed(const struct xd_match_ctx *ctx, struct xd_match *match)
{
    bool first = true;
    bool differs = false;

    for (uint32_t i = 0; i < match->line_count; i++) {
        const struct xd_match_line *line = &match->lines[i];
        struct xd_slice value = get(ctx, line->batch, line->row, XD_FIELD_IS_COMPLETED);
        bool flag;
        if (xd_read_flag(value, true, &flag) != XD_F_NONE) {
            report(ctx, line, XD_FIELD_IS_COMPLETED, XD_F_FLAG_MALFORMED);
        }
        differs |= i > 0 && flag != first;
        first = i ? first : flag;
    }
    match->complete = first;
    if (differs) {
        report_all(ctx, match, XD_FIELD_IS_COMPLETED, XD_F_COMPLETED_FLAGS_DIFFER);
    } else if (!first) {
        report_all(ctx, match, XD_FIELD_IS_COMPLETED, XD_F_ORDER_INCOMPLETE);
    }
}

static void
check_status(const struct xd_match_ctx *ctx, const struct xd_match *match)
{
    struct xd_slice text = get(ctx, match->order_batch, match->order_row, XD_FIELD_STATUS);
    const struct xd_order_status *status = xd_order_status_find(ctx->routing, text);
    struct xd_diagnosis diagnosis = {.code = XD_F_NONE};

    if (text.len == 0) {
        return;
    }
    diagnosis.code = status ? status->finding : XD_F_ORDER_STATUS_UNKNOWN;
    for (uint32_t i = 0; diagnosis.code != XD_F_NONE && i < match->line_count; i++) {
        xd_report(&ctx->reporter, match->lines[i].batch, match->lines[i].row, XD_FIELD_STATUS,
                  &diagnosis, &text);
    }
}

bool
xd_match_order(const struct xd_match_ctx *ctx, const struct xd_group *group, struct xd_match *match)
{
    struct ordered_lines ordered = {0};

    *match = (struct xd_match){.merchant = xd_merchant_find(ctx->routing, XD_NONE)};
    if (!collect_lines(ctx, group, match)) {
        return false;
    }
    check_completed(ctx, match);
    if (!ctx->orders) {
        return true;
    }
    if (!collect_order(ctx, group, match, &ordered)) {
        return false;
    }
    if (group->two_names) {
        report_all(ctx, match, XD_FIELD_ORDER_ID, XD_F_ORDER_NAMED_TWICE);
    }
    if (match->order_batch) {
        match->merchant = xd_merchant_find(
            ctx->routing, get(ctx, match->order_batch, match->order_row, XD_FIELD_MERCHANT_ID));
        check_status(ctx, match);
        if (ordered.count) {
            match->goods_milli = goods_value(ctx, &ordered);
            match_lines(ctx, &ordered, match);
        }
    }
    return true;
}

/* How many groups ahead the hit of a group, where its row lies, and the row itself are fetched. */
#define HIT_AHEAD   24
#define PLACE_AHEAD 16
#define ROW_AHEAD   8

static const struct xd_hit *
first_hit(const struct xd_match_ctx *ctx, uint32_t place)
{
    const struct xd_groups *groups = ctx->groups;

    return place < groups->count && groups->list[place].hits != XD_HIT_NONE
               ? &groups->hits[groups->list[place].hits]
               : NULL;
}

void
xd_match_ahead(const struct xd_match_ctx *ctx, uint32_t place)
{
    const struct xd_hit *far = ctx->orders ? first_hit(ctx, place + HIT_AHEAD) : NULL;
    const struct xd_hit *near = ctx->orders ? first_hit(ctx, place + PLACE_AHEAD) : NULL;
    const struct xd_hit *next = ctx->orders ? first_hit(ctx, place + ROW_AHEAD) : NULL;

    if (far) {
        __builtin_prefetch(far);
    }
    if (near) {
        const struct xd_rows *rows = &ctx->orders[near->order_row.batch]->rows;
        __builtin_prefetch(rows->starts ? (const void *)&rows->starts[near->order_row.row] : rows);
        if (rows->ends) {
            __builtin_prefetch(&rows->ends[(size_t)near->order_row.row * rows->columns->count]);
        }
    }
    if (next) {
        const struct xd_rows *rows = &ctx->orders[next->order_row.batch]->rows;
        if (rows->starts) {
            __builtin_prefetch(rows->text + rows->starts[next->order_row.row]);
            __builtin_prefetch(rows->text + rows->starts[next->order_row.row] + 64);
        }
    }
}
