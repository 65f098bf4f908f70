/*
 * A parcel's rows are written to a buffer of the order first and move to the carrier's file only
 * when every parcel of the order has been judged: a consolidated carrier takes an order whole or
 * not at all.
 */
#include "pipeline/parcel.h"

/* An order may fill this much at once; a manifest of one order of a million lines does. */
#define ORDER_ROWS_MAX ((size_t)4 << 30)

void
xd_decider_open(struct xd_decider *decider, const struct xd_deciding *shared)
{
    decider->shared = shared;
    xd_arena_init(&decider->arena, 1 << 18, 0);
    xd_arena_init(&decider->duty_arena, 1 << 16, 0);
    decider->duty.arena = &decider->duty_arena;
    xd_buf_init(&decider->rows, ORDER_ROWS_MAX);
    xd_address_ctx_init(&decider->address, shared->tables->addresses);
    decider->match_ctx = (struct xd_match_ctx){.batches = shared->batches,
                                               .orders = shared->orders,
                                               .groups = shared->groups,
                                               .routing = &shared->tables->routing,
                                               .identifiers = &shared->tables->identifiers,
                                               .arena = &decider->arena};
}

void
xd_decider_close(struct xd_decider *decider)
{
    xd_address_ctx_free(&decider->address);
    xd_arena_free(&decider->arena);
    xd_arena_free(&decider->duty_arena);
    xd_buf_free(&decider->rows);
}

void
xd_parcel_report(struct xd_decider *decider, const struct xd_match_line *line, enum xd_field field,
                 const struct xd_diagnosis *diagnosis, const struct xd_slice *value)
{
    xd_report(&decider->match_ctx.reporter, line->batch, line->row, field, diagnosis, value);
}

void
xd_parcel_report_code(struct xd_decider *decider, const struct xd_match_line *line,
                      enum xd_field field, enum xd_finding_code code)
{
    xd_report_code(&decider->match_ctx.reporter, line->batch, line->row, field, code);
}

/* All rows of a parcel share the fate of the worst of them. */
static void
settle_rows(struct xd_decider *decider, struct xd_parcel *parcel)
{
    for (uint32_t at = parcel->match->first; at != XD_LINE_NONE;
         at = decider->match.lines[at].next) {
        const struct xd_match_line *line = &decider->match.lines[at];
        const struct xd_row_fact *fact = &line->batch->facts[line->row];
        if (fact->disposition > parcel->disposition) {
            parcel->disposition = (enum xd_disposition)fact->disposition;
            parcel->reason = fact->reason;
        }
    }
    for (uint32_t at = parcel->match->first; at != XD_LINE_NONE;
         at = decider->match.lines[at].next) {
        const struct xd_match_line *line = &decider->match.lines[at];
        struct xd_row_fact *fact = &line->batch->facts[line->row];
        if (parcel->disposition != XD_HANDOFF && fact->disposition == XD_HANDOFF) {
            xd_parcel_report_code(decider, line, XD_FIELD_PARCEL_CODE, XD_F_PARCEL_GOES_WHOLE);
        }
        xd_row_fact_worsen(fact, (enum xd_finding_code)parcel->reason, parcel->disposition);
    }
}

static bool
consolidated(const struct xd_decider *decider, const struct xd_parcel *parcel)
{
    return parcel->route.carrier != XD_CARRIER_NONE &&
           decider->shared->tables->carriers.list[parcel->route.carrier].consolidated;
}

/* Where a parcel of the order stays behind, those that travel with a consolidated carrier wait for
 * it. */
static void
hold_siblings(struct xd_decider *decider, struct xd_parcel *parcels, uint32_t count)
{
    bool waits = false;

    for (uint32_t i = 0; i < count; i++) {
        waits |= parcels[i].disposition != XD_HANDOFF;
    }
    for (uint32_t i = 0; waits && i < count; i++) {
        if (parcels[i].disposition == XD_HANDOFF && consolidated(decider, &parcels[i])) {
            for (uint32_t k = 0; k < parcels[i].match->lines; k++) {
                xd_parcel_report_code(decider, parcels[i].sources[k], XD_FIELD_PARCEL_CODE,
                                      XD_F_ORDER_WAITS);
            }
            settle_rows(decider, &parcels[i]);
        }
    }
}

/* Remembers where the rows of a parcel end: a file may be cut there. */
static bool
add_piece(struct xd_decider *decider, const struct xd_parcel *parcel, struct xd_buf *pieces)
{
    struct xd_carrier_piece piece = {.bytes = parcel->rows_to - parcel->rows_from};

    if (!xd_totals_reserve(&piece.totals, parcel->totals.currencies, &decider->out->notes) ||
        !xd_totals_add(&piece.totals, &parcel->totals)) {
        return false;
    }
    xd_buf_put(pieces, xd_slice_of((const char *)&piece, sizeof(piece)));
    return !pieces->failed;
}

static void
hand_off(struct xd_decider *decider, const struct xd_parcel *parcel)
{
    struct xd_carrier_rows *to = &decider->out->carriers[parcel->route.carrier];
    const struct xd_layout *layout = decider->shared->layouts[parcel->route.carrier];

    if ((!to->totals.values &&
         !xd_totals_reserve(&to->totals, XD_CURRENCY_MAX, &decider->out->notes)) ||
        (layout->max_rows != UINT64_MAX && !add_piece(decider, parcel, &to->pieces))) {
        decider->failed = true;
        return;
    }
    xd_buf_put(&to->rows, xd_slice_of(decider->rows.ptr + parcel->rows_from,
                                      parcel->rows_to - parcel->rows_from));
    decider->failed |= !xd_totals_add(&to->totals, &parcel->totals) || to->rows.failed;
    decider->out->routes[parcel->route.route]++;
}

/* Examines all parcels, then ships them: a sum of the order is shared out by what each of them is
 * worth. */
static bool
examine_and_ship(struct xd_decider *decider, struct xd_parcel *parcels, uint32_t count)
{
    int64_t before = 0;

    decider->rows.len = 0;
    for (uint32_t i = 0; i < count; i++) {
        parcels[i].match = &decider->match.parcels[i];
        if (!xd_parcel_examine(decider, &parcels[i])) {
            return false;
        }
        parcels[i].goods_before = before;
        if (__builtin_add_overflow(before, parcels[i].goods_milli, &before)) {
            xd_parcel_say_code(decider, &parcels[i], XD_FIELD_UNIT_PRICE, XD_F_DT_OVERFLOW);
            before = parcels[i].goods_before;
            parcels[i].goods_milli = 0;
        }
    }
    if (decider->match.goods_milli < before) {
        decider->match.goods_milli = before;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (xd_decider_ships(decider)) {
            xd_parcel_ship(decider, &parcels[i]);
        }
        settle_rows(decider, &parcels[i]);
    }
    return true;
}

static void
decide_parcels(struct xd_decider *decider)
{
    uint32_t count = decider->match.parcel_count;
    struct xd_parcel *parcels = xd_arena_array(&decider->arena, count, sizeof(*parcels));

    if (!parcels || !examine_and_ship(decider, parcels, count)) {
        decider->failed = true;
        return;
    }
    hold_siblings(decider, parcels, count);
    for (uint32_t i = 0; i < count; i++) {
        decider->out->parcels++;
        decider->out->parcels_by[parcels[i].disposition]++;
        if (parcels[i].disposition == XD_HANDOFF && xd_decider_ships(decider)) {
            hand_off(decider, &parcels[i]);
        }
    }
}

void
xd_decide(struct xd_decider *decider, uint32_t from, uint32_t to, struct xd_decided *out)
{
    decider->out = out;
    out->upto = to;
    decider->match_ctx.reporter =
        (struct xd_reporter){decider->shared->tables->texts, &out->findings, &decider->arena};
    for (uint32_t i = from; i < to && !decider->failed; i++) {
        xd_arena_reset(&decider->arena);
        xd_match_ahead(&decider->match_ctx, i);
        if (!xd_match_order(&decider->match_ctx, &decider->shared->groups->list[i],
                            &decider->match)) {
            decider->failed = true;
            return;
        }
        decide_parcels(decider);
    }
    decider->failed |= out->findings.failed;
}
