/*
 * A merchant has a handful of rows, chained; rows that are not in force on the day of the run do
 * not exist, so nobody asks for a date later.
 */
#include "reference/registration.h"

#include "base/tsv.h"

static struct xd_slice
number_in(const struct xd_registrations *registrations, struct xd_slice merchant_id,
          xd_alpha market)
{
    uint32_t at = xd_map_get(&registrations->by_merchant, merchant_id);

    for (; at != XD_MAP_NONE; at = registrations->of[at].next) {
        if (registrations->of[at].market == market) {
            return registrations->of[at].number;
        }
    }
    return XD_NONE;
}

struct xd_slice
xd_registration_find(const struct xd_registrations *registrations, struct xd_slice merchant_id,
                     xd_alpha market)
{
    struct xd_slice number =
        merchant_id.len ? number_in(registrations, merchant_id, market) : XD_NONE;

    return number.len ? number : number_in(registrations, XD_LIT("*"), market);
}

/* Chains the row in front of its merchant's others. False without memory or when the merchant has
 * a number for the market already. */
static bool
add(struct xd_registrations *registrations, const struct xd_registration *row)
{
    uint32_t at = (uint32_t)registrations->count;
    uint32_t old = XD_MAP_NONE;

    if (number_in(registrations, row->merchant_id, row->market).len ||
        !xd_map_put(&registrations->by_merchant, row->merchant_id, at, &old)) {
        return false;
    }
    registrations->of[at] = *row;
    registrations->of[at].next = old;
    registrations->count++;
    return true;
}

bool
xd_registrations_load(struct xd_registrations *registrations, const struct xd_tables *tables,
                      xd_date as_of, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"merchant_id", "market",         "kind",
                                          "number",      "effective_from", "effective_until"};
    struct xd_slice cells[6];
    struct xd_slice text;
    struct xd_tsv tsv;

    *registrations = (struct xd_registrations){0};
    if (!xd_tables_get(tables, "reference/registrations.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/registrations.tsv", text, COLUMNS, 6, err)) {
        return false;
    }
    registrations->of = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*registrations->of));
    if (!registrations->of || !xd_map_init(&registrations->by_merchant, arena, 16, false)) {
        return xd_tsv_fail(&tsv, err, "not enough memory", XD_NONE);
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_registration row = {.merchant_id = cells[0],
                                      .market = xd_alpha_of(cells[1]),
                                      .kind = cells[2],
                                      .number = cells[3],
                                      .line = tsv.line};
        xd_date from;
        xd_date until = XD_DATE_MAX;
        if (!row.market || !row.merchant_id.len || !row.number.len) {
            return xd_tsv_fail(&tsv, err, "merchant, market and number are all needed at",
                               cells[0]);
        }
        if (!xd_date_parse(cells[4], &from) || (cells[5].len && !xd_date_parse(cells[5], &until))) {
            return xd_tsv_fail(&tsv, err, "not a date:", cells[4]);
        }
        if (from <= as_of && as_of <= until && !add(registrations, &row)) {
            return xd_tsv_fail(&tsv, err, "a second number in force for the merchant:", cells[0]);
        }
    }
    return err->status == 0;
}
