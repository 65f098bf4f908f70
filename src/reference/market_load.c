/*
 * The market table. Overriding rows are merged cell by cell before anything is parsed, so that a
 * merchant's table of one changed threshold needs two columns, and both tables pass the same
 * checks.
 */
#include <sysexits.h>

#include "base/tsv.h"
#include "reference/market_row.h"

struct cells {
    struct xd_slice of[XD_MARKET_COLUMN_COUNT];
    size_t line;
    const char *name;
};

static struct cells *
find_cells(struct cells *rows, size_t count, struct xd_slice id)
{
    for (size_t i = 0; i < count; i++) {
        if (xd_slice_eq(rows[i].of[0], id)) {
            return &rows[i];
        }
    }
    return &rows[count];
}

/* Reads one table into `rows`; a row whose id is there already replaces the cells that it has. */
static bool
read_table(struct cells *rows, size_t *count, struct xd_slice text, const char *name,
           struct xd_error *err)
{
    const char *names[XD_MARKET_COLUMN_COUNT];
    struct xd_slice cells[XD_MARKET_COLUMN_COUNT];
    struct xd_tsv tsv;

    for (size_t i = 0; i < XD_MARKET_COLUMN_COUNT; i++) {
        names[i] = XD_MARKET_COLUMNS[i].name;
    }
    if (!xd_tsv_open(&tsv, name, text, names, XD_MARKET_COLUMN_COUNT, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct cells *row = find_cells(rows, *count, cells[0]);
        *count += row == &rows[*count];
        row->line = tsv.line;
        row->name = name;
        for (size_t i = 0; i < XD_MARKET_COLUMN_COUNT; i++) {
            if (cells[i].ptr) {
                row->of[i] = cells[i];
            }
        }
    }
    return err->status == 0;
}

static bool
parse_row(const struct cells *row, struct xd_market_rule *rule, struct xd_error *err)
{
    for (size_t i = 0; i < XD_MARKET_COLUMN_COUNT; i++) {
        if (!XD_MARKET_COLUMNS[i].parse(row->of[i], rule)) {
            return xd_error_set(err, EX_CONFIG, "%s:%zu: %s cannot be \"%.*s\"", row->name,
                                row->line,
                                XD_MARKET_COLUMNS[i].name + (XD_MARKET_COLUMNS[i].name[0] == '?'),
                                XD_FMT(row->of[i]));
        }
    }
    if (rule->until < rule->from) {
        return xd_error_set(err, EX_CONFIG, "%s:%zu: the rule ends before it begins", row->name,
                            row->line);
    }
    return true;
}

bool
xd_markets_load(struct xd_markets *markets, const struct xd_tables *tables,
                struct xd_slice overrides, const char *overrides_name, struct xd_error *err)
{
    struct xd_slice text;
    size_t count = 0;

    if (!xd_tables_get(tables, "reference/markets.tsv", &text, err)) {
        return false;
    }
    size_t room = xd_tsv_count(text) + xd_tsv_count(overrides) + 1;
    struct cells *rows = xd_arena_array(tables->arena, room, sizeof(*rows));
    markets->rules = xd_arena_array(tables->arena, room, sizeof(*markets->rules));
    if (!rows || !markets->rules || room >= UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu market rules", room);
    }
    if (!read_table(rows, &count, text, "reference/markets.tsv", err) ||
        (overrides.len && !read_table(rows, &count, overrides, overrides_name, err))) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!parse_row(&rows[i], &markets->rules[i], err)) {
            return false;
        }
    }
    markets->count = count;
    xd_markets_chain(markets);
    return true;
}
