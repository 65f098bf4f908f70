/*
 * Every line of a manifest names a currency, so the exact code is one array access. The decimals
 * come from currency_units.tsv: most currencies have two, and only the others are rows there.
 */
#include "reference/currency.h"

#include <sysexits.h>

#include "base/tsv.h"

static uint16_t *
slot(struct xd_currencies *currencies, struct xd_slice code)
{
    if (code.len != 3 || !xd_is_upper(code.ptr[0]) || !xd_is_upper(code.ptr[1]) ||
        !xd_is_upper(code.ptr[2])) {
        return NULL;
    }
    return &currencies->by_code[((code.ptr[0] - 'A') * 26 + (code.ptr[1] - 'A')) * 26 +
                                (code.ptr[2] - 'A')];
}

static bool
add(struct xd_currencies *currencies, const struct xd_tsv *tsv, struct xd_slice code,
    struct xd_slice name, struct xd_error *err)
{
    uint16_t *place = slot(currencies, code);

    if (!place || *place != XD_CURRENCY_NONE || currencies->count == XD_CURRENCY_MAX) {
        return xd_tsv_fail(tsv, err, "a new code of three capital letters was expected, not", code);
    }
    currencies->of[currencies->count] = (struct xd_currency){.code = code,
                                                             .name = name,
                                                             .minor_units = 2,
                                                             .cash_step = 1,
                                                             .payable = true,
                                                             .effective_from = XD_DATE_MIN,
                                                             .effective_until = XD_DATE_MAX};
    *place = currencies->count++;
    return true;
}

static bool
load_iso(struct xd_currencies *currencies, struct xd_slice text, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"code", "numeric", "name"};
    struct xd_slice cells[3];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, "reference/currencies.tsv", text, COLUMNS, 3, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        uint16_t at = currencies->count;
        if (!add(currencies, &tsv, cells[0], cells[2], err) ||
            !xd_map_put(&currencies->aliases, cells[1], at, NULL) ||
            !xd_map_put(&currencies->aliases, cells[0], at, NULL)) {
            return false;
        }
    }
    return err->status == 0;
}

static bool
parse_day(struct xd_slice text, xd_date otherwise, xd_date *out)
{
    *out = otherwise;
    return text.len == 0 || xd_date_parse(text, out);
}

static bool
set_units(struct xd_currencies *currencies, const struct xd_tsv *tsv, const struct xd_slice *cells,
          struct xd_error *err)
{
    uint16_t at = xd_currency_find(currencies, cells[0]);
    struct xd_slice aliases = cells[5];
    struct xd_slice alias;
    uint64_t units = 0;
    uint64_t step = 1;

    if (at == XD_CURRENCY_NONE) {
        at = currencies->count;
        if (!add(currencies, tsv, cells[0], cells[6], err) ||
            !xd_map_put(&currencies->aliases, cells[0], at, NULL)) {
            return false;
        }
    }
    currencies->of[at].payable = !xd_slice_eq(cells[1], XD_LIT("-"));
    if ((currencies->of[at].payable && (!xd_slice_u64(cells[1], &units) || units > 4)) ||
        !xd_slice_u64(cells[2], &step) || step == 0 || step > 1000) {
        return xd_tsv_fail(tsv, err, "the decimals or the cash step are out of range of", cells[0]);
    }
    currencies->of[at].minor_units = (uint8_t)units;
    currencies->of[at].cash_step = (uint16_t)step;
    if (!parse_day(cells[3], XD_DATE_MIN, &currencies->of[at].effective_from) ||
        !parse_day(cells[4], XD_DATE_MAX, &currencies->of[at].effective_until)) {
        return xd_tsv_fail(tsv, err, "a day was expected as YYYY-MM-DD in the row of", cells[0]);
    }
    while (xd_slice_next(&aliases, ' ', &alias)) {
        if (!xd_map_put(&currencies->aliases, alias, at, NULL)) {
            return xd_tsv_fail(tsv, err, "memory ran out at", cells[0]);
        }
    }
    return true;
}

static bool
load_units(struct xd_currencies *currencies, struct xd_slice text, struct xd_error *err)
{
    static const char *const COLUMNS[] = {
        "code", "minor_units", "cash_step", "effective_from", "effective_until", "aliases", "name",
    };
    struct xd_slice cells[7];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, "reference/currency_units.tsv", text, COLUMNS, 7, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!set_units(currencies, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0;
}

bool
xd_currencies_load(struct xd_currencies *currencies, const struct xd_tables *tables,
                   struct xd_arena *arena, struct xd_error *err)
{
    struct xd_slice iso;
    struct xd_slice units;

    memset(currencies->by_code, 0xff, sizeof(currencies->by_code));
    currencies->count = 0;
    if (!xd_tables_get(tables, "reference/currencies.tsv", &iso, err) ||
        !xd_tables_get(tables, "reference/currency_units.tsv", &units, err)) {
        return false;
    }
    if (!xd_map_init(&currencies->aliases, arena, xd_tsv_count(iso) * 3, true)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the currencies");
    }
    return load_iso(currencies, iso, err) && load_units(currencies, units, err);
}

uint16_t
xd_currency_guess(const struct xd_currencies *currencies, struct xd_slice written)
{
    uint16_t exact = xd_currency_find(currencies, written);
    uint32_t at;

    if (exact != XD_CURRENCY_NONE) {
        return exact;
    }
    at = xd_map_get(&currencies->aliases, xd_slice_trim(written));
    return at == XD_MAP_NONE ? XD_CURRENCY_NONE : (uint16_t)at;
}
