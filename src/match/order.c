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
    uint32_t next;   /* the order's next row with this SKU, or XD_LINE_NONE */
    uint32_t last;   /* of the first row with a SKU: the last one */
    uint32_t unsent; /* the same: the first with open pieces, or XD_LINE_NONE */
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

static const struct xd_document *
document_of(const struct xd_match_line *line)
{
    return line->batch->rows.document;
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

/* Two manifests that name one parcel may mean its lines once or twice; nobody can tell. */
static void
check_one_manifest(const struct xd_match_ctx *ctx, const struct xd_match *match,
                   const struct xd_match_parcel *parcel)
{
    const struct xd_document *document = document_of(&match->lines[parcel->first]);
    bool several = false;

    for (uint32_t at = parcel->first; at != XD_LINE_NONE; at = match->lines[at].next) {
        several |= document_of(&match->lines[at]) != document;
    }
    for (uint32_t at = parcel->first; several && at != XD_LINE_NONE; at = match->lines[at].next) {
        report(ctx, &match->lines[at], XD_FIELD_PARCEL_CODE, XD_F_PARCEL_IN_TWO_MANIFESTS);
    }
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
    for (uint32_t i = 0; i < match->parcel_count; i++) {
        check_one_manifest(ctx, match, &match->parcels[i]);
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

/* Which order is meant. */
struct wanted {
    struct xd_slice id;
    struct xd_slice merchant; /* empty: of whatever merchant */
};

static struct xd_slice
of_hit(const struct xd_match_ctx *ctx, const struct xd_hit *hit, enum xd_field field)
{
    return get(ctx, ctx->orders[hit->order_row.batch], hit->order_row.row, field);
}

/* The hit was found by hash; only equal text makes it this order. */
static bool
is_order(const struct xd_match_ctx *ctx, const struct xd_hit *hit, const struct wanted *wanted)
{
    return (xd_slice_eq(of_hit(ctx, hit, XD_FIELD_ORDER_ID), wanted->id) ||
            xd_slice_eq(of_hit(ctx, hit, XD_FIELD_MERCHANT_ORDER_ID), wanted->id)) &&
           (wanted->merchant.len == 0 ||
            xd_slice_ieq(of_hit(ctx, hit, XD_FIELD_MERCHANT_ID), wanted->merchant));
}

/* Two merchants may number their orders alike; where the manifest names one that has such an order,
 * it is that one. */
static struct wanted
want(const struct xd_match_ctx *ctx, const struct xd_group *group, const struct xd_match *match)
{
    const struct xd_match_line *line = &match->lines[0];
    struct wanted wanted = {.id = xd_row_order_id(&line->batch->rows, line->row, ctx->arena)};
    struct wanted exact = {wanted.id, get(ctx, line->batch, line->row, XD_FIELD_MERCHANT_ID)};

    for (uint32_t at = group->hits; exact.merchant.len && at != XD_HIT_NONE;
         at = ctx->groups->hits[at].next) {
        if (is_order(ctx, &ctx->groups->hits[at], &exact)) {
            return exact;
        }
    }
    return wanted;
}

/* Whether the manifests give orders of several merchants this id. */
static bool
several_merchants(const struct xd_match_ctx *ctx, const struct xd_match *match)
{
    const struct xd_match_line *first = &match->lines[0];
    struct xd_slice merchant = get(ctx, first->batch, first->row, XD_FIELD_MERCHANT_ID);

    for (uint32_t i = 1; i < match->line_count; i++) {
        const struct xd_match_line *line = &match->lines[i];
        struct xd_slice other = get(ctx, line->batch, line->row, XD_FIELD_MERCHANT_ID);
        if (merchant.len && other.len && !xd_slice_ieq(other, merchant)) {
            return true;
        }
    }
    return false;
}

static bool
same_field(const struct xd_match_ctx *ctx, const struct xd_match *match, const struct xd_hit *hit,
           enum xd_field field)
{
    return xd_slice_eq(get(ctx, match->order_batch, match->order_row, field),
                       of_hit(ctx, hit, field));
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
    *line = (struct ordered){batch,        hit->order_row.row, sku,           quantity,
                             XD_LINE_NONE, ordered->count,     ordered->count};
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

/* An order that was exported twice may be cancelled in one row and not in another: what keeps it
 * back counts. */
static void
worsen_status(const struct xd_match_ctx *ctx, struct xd_match *match, const struct xd_hit *hit)
{
    struct xd_slice text = of_hit(ctx, hit, XD_FIELD_STATUS);
    const struct xd_finding_text *of = ctx->reporter.texts->of;
    const struct xd_order_status *status;
    enum xd_finding_code finding;

    if (text.len == 0 || xd_slice_eq(text, match->status)) {
        return;
    }
    status = xd_order_status_find(ctx->routing, text);
    finding = status ? status->finding : XD_F_ORDER_STATUS_UNKNOWN;
    if (match->status.len == 0 || of[finding].effect > of[match->status_finding].effect) {
        match->status = text;
        match->status_finding = finding;
    }
}

static void
report_status(const struct xd_match_ctx *ctx, const struct xd_match *match)
{
    struct xd_diagnosis diagnosis = {.code = match->status_finding};

    for (uint32_t i = 0; diagnosis.code != XD_F_NONE && i < match->line_count; i++) {
        xd_report(&ctx->reporter, match->lines[i].batch, match->lines[i].row, XD_FIELD_STATUS,
                  &diagnosis, &match->status);
    }
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
    struct wanted wanted = want(ctx, group, match);
    bool ambiguous = several_merchants(ctx, match);
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
        if (!is_order(ctx, hit, &wanted)) {
            continue;
        }
        if (!match->order_batch) {
            match->order_batch = ctx->orders[hit->order_row.batch];
            match->order_row = hit->order_row.row;
        }
        ambiguous |= !same_field(ctx, match, hit, XD_FIELD_ORDER_ID) ||
                     !same_field(ctx, match, hit, XD_FIELD_MERCHANT_ID);
        worsen_status(ctx, match, hit);
        if (!add_ordered(ctx, ordered, hit)) {
            return false;
        }
    }
    if (ambiguous) {
        report_all(ctx, match, XD_FIELD_ORDER_ID, XD_F_ORDER_AMBIGUOUS);
        match->order_batch = NULL; /* what one of them says is not what this one says */
        ordered->count = 0;
    } else if (!match->order_batch) {
        report_all(ctx, match, XD_FIELD_ORDER_ID, XD_F_ORDER_NOT_FOUND);
    } else if (ordered->count == 0) {
        report(ctx, &match->lines[0], XD_FIELD_ORDER_ID, XD_F_ORDER_WITHOUT_LINES);
    }
    return true;
}

/* Takes the pieces of a line from the order's rows of its SKU, one after the other. */
static void
match_line(const struct xd_match_ctx *ctx, struct ordered_lines *ordered,
           struct xd_match_line *line)
{
    uint32_t first = xd_map_get(&ordered->by_sku, line->sku);
    int64_t wanted = line->quantity;
    struct ordered *head;

    if (first == XD_MAP_NONE) {
        report(ctx, line, XD_FIELD_SKU, XD_F_SKU_NOT_IN_ORDER);
        return;
    }
    head = &ordered->list[first];
    line->order_batch = head->batch;
    line->order_row = head->row;
    while (head->unsent != XD_LINE_NONE && wanted > 0) {
        struct ordered *from = &ordered->list[head->unsent];
        int64_t taken = wanted < from->open ? wanted : from->open;
        if (taken > 0) {
            line->order_batch = from->batch;
            line->order_row = from->row;
        }
        from->open -= taken;
        wanted -= taken;
        if (from->open == 0) {
            head->unsent = from->next;
        }
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

/* Where all quantities can be read, pieces that a complete order lacks will not come. */
static void
check_short(const struct xd_match_ctx *ctx, const struct ordered_lines *ordered,
            const struct xd_match *match)
{
    const struct xd_match_line *last = &match->lines[match->line_count - 1];
    bool says_completed = false;
    int64_t missing = 0;

    for (uint32_t i = 0; i < match->line_count; i++) {
        const struct xd_columns *columns = match->lines[i].batch->rows.columns;
        says_completed |= columns->of_field[XD_FIELD_IS_COMPLETED] != XD_FIELD_NONE;
        if (match->lines[i].quantity == 0) {
            return;
        }
    }
    for (uint32_t i = 0; i < ordered->count; i++) {
        missing += ordered->list[i].open;
    }
    if (missing > 0 && says_completed && match->complete) {
        report(ctx, last, XD_FIELD_IS_COMPLETED, XD_F_ORDER_SHORT);
    }
}

static void
match_lines(const struct xd_match_ctx *ctx, struct ordered_lines *ordered, struct xd_match *match)
{
    for (uint32_t i = 0; i < match->line_count; i++) {
        if (match->lines[i].sku.len) {
            match_line(ctx, ordered, &match->lines[i]);
        }
    }
    check_short(ctx, ordered, match);
}

/*
 * All rows of an order in one manifest must agree on whether it is complete; an order waits until a
 * manifest says so. One that says it is not is then an earlier one, for nothing follows completion.
 */
static void
check_completed(const struct xd_match_ctx *ctx, struct xd_match *match)
{
    const struct xd_document *document = NULL;
    bool differs = false;
    bool flag = true;

    for (uint32_t i = 0; i < match->line_count; i++) {
        const struct xd_match_line *line = &match->lines[i];
        bool before = flag;
        if (xd_read_flag(get(ctx, line->batch, line->row, XD_FIELD_IS_COMPLETED), true, &flag) !=
            XD_F_NONE) {
            report(ctx, line, XD_FIELD_IS_COMPLETED, XD_F_FLAG_MALFORMED);
        }
        differs |= document_of(line) == document && flag != before;
        document = document_of(line);
        match->complete |= flag;
    }
    if (differs) {
        report_all(ctx, match, XD_FIELD_IS_COMPLETED, XD_F_COMPLETED_FLAGS_DIFFER);
    } else if (!match->complete) {
        report_all(ctx, match, XD_FIELD_IS_COMPLETED, XD_F_ORDER_INCOMPLETE);
    }
}

static struct xd_slice
merchant_of(const struct xd_match_ctx *ctx, const struct xd_match *match)
{
    const struct xd_match_line *line = &match->lines[0];
    struct xd_slice id = get(ctx, match->order_batch, match->order_row, XD_FIELD_MERCHANT_ID);

    return id.len ? id : get(ctx, line->batch, line->row, XD_FIELD_MERCHANT_ID);
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
        match->merchant_id = merchant_of(ctx, match);
        match->merchant = xd_merchant_find(ctx->routing, match->merchant_id);
        report_status(ctx, match);
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
