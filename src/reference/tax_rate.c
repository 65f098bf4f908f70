/*
 * Two small tables read row by row; they are scanned, not indexed, because no market has more than
 * a handful of rows.
 */
#include "reference/tax_rate.h"

#include <sysexits.h>

#include "base/tsv.h"

static bool
open_table(struct xd_tsv *tsv, const struct xd_tables *tables, const char *path,
           const char *const *columns, size_t count, size_t *rows, struct xd_error *err)
{
    struct xd_slice text;

    if (!xd_tables_get(tables, path, &text, err)) {
        return false;
    }
    *rows = xd_tsv_count(text) + 1;
    return xd_tsv_open(tsv, path, text, columns, count, err);
}

static bool
parse_tax_rate(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_tax_rate *row,
               struct xd_error *err)
{
    *row = (struct xd_tax_rate){.id = cells[0],
                                .market = xd_alpha_of(cells[1]),
                                .region = cells[2],
                                .until = XD_DATE_MAX,
                                .confidence = xd_confidence_parse(cells[7]),
                                .source = cells[8],
                                .source_date = cells[9]};
    if (row->market == 0) {
        return xd_tsv_fail(tsv, err, "market is a two-letter code, not", cells[1]);
    }
    if (!xd_hs_set_parse(cells[3], &row->hs)) {
        return xd_tsv_fail(tsv, err, "hs is a list of code prefixes, not", cells[3]);
    }
    if (!xd_date_parse(cells[4], &row->from) ||
        (cells[5].len && !xd_date_parse(cells[5], &row->until))) {
        return xd_tsv_fail(tsv, err, "not a date:", cells[4]);
    }
    if (xd_decimal_parse(cells[6], 6, &row->rate) != XD_DECIMAL_OK || row->rate.units < 0) {
        return xd_tsv_fail(tsv, err, "not a rate in per cent:", cells[6]);
    }
    return true;
}

/* Tells every rule of the row's market that the row is there. */
static bool
note_market(struct xd_markets *markets, xd_alpha market, size_t at)
{
    bool together = true;

    for (size_t i = 0; i < markets->count; i++) {
        if (markets->rules[i].market == market) {
            together &= xd_rows_of_add(&markets->rules[i].tax_rates, at);
        }
    }
    return together;
}

bool
xd_tax_rates_load(struct xd_tax_rates *rates, struct xd_markets *markets,
                  const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {
        "rate_id",         "market",   "region",     "hs",     "effective_from",
        "effective_until", "tax_rate", "confidence", "source", "source_date"};
    struct xd_slice cells[10];
    struct xd_tsv tsv;
    size_t room;

    rates->count = 0;
    if (!open_table(&tsv, tables, "reference/tax_rates.tsv", COLUMNS, 10, &room, err)) {
        return false;
    }
    rates->rows = xd_arena_array(tables->arena, room, sizeof(*rates->rows));
    if (!rates->rows || room > UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu tax rates", room);
    }
    for (; xd_tsv_next(&tsv, cells, err); rates->count++) {
        struct xd_tax_rate *row = &rates->rows[rates->count];
        if (!parse_tax_rate(&tsv, cells, row, err)) {
            return false;
        }
        if (!note_market(markets, row->market, rates->count)) {
            return xd_tsv_fail(&tsv, err, "the rows of a market stand together, not so", cells[0]);
        }
    }
    return err->status == 0;
}

const struct xd_tax_rate *
xd_tax_rate_find(const struct xd_tax_rates *rates, const struct xd_market_rule *rule,
                 struct xd_slice region, uint64_t packed_code, xd_date date)
{
    for (size_t i = 0; i < rule->tax_rates.count; i++) {
        const struct xd_tax_rate *row = &rates->rows[rule->tax_rates.first + i];
        if (date >= row->from && date <= row->until &&
            (row->region.len == 0 || xd_slice_ieq(row->region, region)) &&
            (row->hs.count == 0 || xd_hs_set_has(&row->hs, packed_code))) {
            return row;
        }
    }
    return NULL;
}

static bool
parse_simplified(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_arena *arena,
                 struct xd_simplified_row *row, struct xd_error *err)
{
    struct xd_rate_term terms[XD_RATE_TERMS_MAX];
    size_t bad;

    *row = (struct xd_simplified_row){.id = cells[0],
                                      .rule_id = cells[1],
                                      .text = cells[5],
                                      .combined = xd_slice_eq(cells[6], XD_LIT("combined")),
                                      .confidence = xd_confidence_parse(cells[7]),
                                      .source = cells[8],
                                      .source_date = cells[9]};
    if (!xd_hs_set_parse(cells[2], &row->hs)) {
        return xd_tsv_fail(tsv, err, "hs is a list of code prefixes, not", cells[2]);
    }
    if (!xd_threshold_parse(cells[3], &row->above) || !xd_threshold_parse(cells[4], &row->upto)) {
        return xd_tsv_fail(tsv, err, "not a limit:", cells[3].len ? cells[3] : cells[4]);
    }
    if (!xd_rate_expression_parse(cells[5], terms, &row->rate, &bad)) {
        return xd_tsv_fail(tsv, err, "not a duty expression:", cells[5]);
    }
    if (!row->combined && !xd_slice_eq(cells[6], XD_LIT("duty"))) {
        return xd_tsv_fail(tsv, err, "component is duty or combined, not", cells[6]);
    }
    struct xd_rate_term *kept = xd_arena_array(arena, XD_RATE_TERMS_MAX, sizeof(*kept));
    if (!kept) {
        return xd_error_set(err, EX_OSERR, "no memory for the simplified tariffs");
    }
    memcpy(kept, terms, row->rate.count * sizeof(*kept));
    row->rate.terms = kept;
    return true;
}

static bool
note_rule(struct xd_markets *markets, struct xd_slice rule_id, size_t at)
{
    for (size_t i = 0; i < markets->count; i++) {
        if (xd_slice_eq(markets->rules[i].id, rule_id)) {
            return xd_rows_of_add(&markets->rules[i].simplified, at);
        }
    }
    return false;
}

bool
xd_simplified_load(struct xd_simplified *simplified, struct xd_markets *markets,
                   const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"row_id", "rule_id",    "hs",        "above",
                                          "upto",   "expression", "component", "confidence",
                                          "source", "source_date"};
    struct xd_slice cells[10];
    struct xd_tsv tsv;
    size_t room;

    simplified->count = 0;
    if (!open_table(&tsv, tables, "reference/simplified.tsv", COLUMNS, 10, &room, err)) {
        return false;
    }
    simplified->rows = xd_arena_array(tables->arena, room, sizeof(*simplified->rows));
    if (!simplified->rows || room > UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu simplified tariffs", room);
    }
    for (; xd_tsv_next(&tsv, cells, err); simplified->count++) {
        struct xd_simplified_row *row = &simplified->rows[simplified->count];
        if (!parse_simplified(&tsv, cells, tables->arena, row, err)) {
            return false;
        }
        if (!note_rule(markets, row->rule_id, simplified->count)) {
            return xd_tsv_fail(&tsv, err,
                               "rule_id is a rule of the market table, its rows together, not",
                               cells[1]);
        }
    }
    return err->status == 0;
}
