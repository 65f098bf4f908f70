/*
 * A row holds the countries of a zone as the annex lists them; they are scanned, since few parcels
 * say that they fly.
 */
#include "reference/air_freight.h"

#include <sysexits.h>

#include "base/tsv.h"

enum {
    C_ID,
    C_REGIME,
    C_DISPATCH,
    C_PERCENT,
    C_FROM,
    C_UNTIL,
    C_CONFIDENCE,
    C_SOURCE,
    C_SOURCE_DATE,
    C_COUNT
};

static bool
parse_share(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_air_share *row,
            struct xd_error *err)
{
    *row = (struct xd_air_share){.id = cells[C_ID],
                                 .regime = xd_alpha_of(cells[C_REGIME]),
                                 .dispatch = cells[C_DISPATCH],
                                 .until = XD_DATE_MAX,
                                 .confidence = xd_confidence_parse(cells[C_CONFIDENCE]),
                                 .source = cells[C_SOURCE],
                                 .source_date = cells[C_SOURCE_DATE]};
    if (!row->regime || !row->dispatch.len) {
        return xd_tsv_fail(tsv, err, "regime and dispatch are both needed at", cells[C_ID]);
    }
    if (xd_decimal_parse(cells[C_PERCENT], 6, &row->percent) != XD_DECIMAL_OK ||
        xd_decimal_cmp(row->percent, (struct xd_decimal){0, 0}) < 0 ||
        xd_decimal_cmp(row->percent, (struct xd_decimal){100, 0}) > 0) {
        return xd_tsv_fail(tsv, err, "not a share in per cent:", cells[C_PERCENT]);
    }
    if (!xd_date_parse(cells[C_FROM], &row->from) ||
        (cells[C_UNTIL].len && !xd_date_parse(cells[C_UNTIL], &row->until))) {
        return xd_tsv_fail(tsv, err, "not a date:", cells[C_FROM]);
    }
    return true;
}

bool
xd_air_freight_load(struct xd_air_freight *table, const struct xd_tables *tables,
                    struct xd_error *err)
{
    static const char *const COLUMNS[C_COUNT] = {"row_id",     "regime",         "dispatch",
                                                 "percent",    "effective_from", "effective_until",
                                                 "confidence", "source",         "source_date"};
    static const char NAME[] = "reference/air_freight.tsv";
    struct xd_slice cells[C_COUNT];
    struct xd_slice text;
    struct xd_tsv tsv;

    *table = (struct xd_air_freight){0};
    if (!xd_tables_get(tables, NAME, &text, err) ||
        !xd_tsv_open(&tsv, NAME, text, COLUMNS, C_COUNT, err)) {
        return false;
    }
    table->rows = xd_arena_array(tables->arena, xd_tsv_count(text) + 1, sizeof(*table->rows));
    if (!table->rows) {
        return xd_error_set(err, EX_OSERR, "no memory for the shares of air freight");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!parse_share(&tsv, cells, &table->rows[table->count++], err)) {
            return false;
        }
    }
    return err->status == 0;
}

static bool
flies_from(const struct xd_air_share *row, xd_alpha dispatch)
{
    struct xd_slice rest = row->dispatch;
    struct xd_slice word;

    if (xd_slice_eq(rest, XD_LIT("*"))) {
        return true;
    }
    while (xd_slice_next(&rest, ' ', &word)) {
        if (dispatch && xd_alpha_of(word) == dispatch) {
            return true;
        }
    }
    return false;
}

const struct xd_air_share *
xd_air_share_find(const struct xd_air_freight *table, xd_alpha regime, xd_alpha dispatch,
                  xd_date date)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct xd_air_share *row = &table->rows[i];
        if (row->regime == regime && date >= row->from && date <= row->until &&
            flies_from(row, dispatch)) {
            return row;
        }
    }
    return NULL;
}
