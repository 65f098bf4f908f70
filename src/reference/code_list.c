/*
 * The code lists as maps without values. What ISO maintains comes out of the tables of countries
 * and currencies, so that a code is known everywhere or nowhere. A list that the program needs and
 * the table lacks stops the run: an empty list would call every code wrong.
 */
#include "reference/code_list.h"

#include "base/tsv.h"

static const char *const TABLE = "reference/code_lists.tsv";

static const char *const NAMES[XD_CODE_LIST_COUNT] = {
#define X(upper, lower) [XD_CODES_##upper] = lower,
    XD_CODE_LISTS(X)
#undef X
};

static struct xd_map *
list_named(struct xd_code_lists *lists, struct xd_slice name)
{
    for (size_t i = 0; i < XD_CODE_LIST_COUNT; i++) {
        if (xd_slice_eq(name, xd_slice_str(NAMES[i]))) {
            return &lists->of[i];
        }
    }
    return NULL;
}

/* The lists that are a column of a table of their own. */
static const struct column {
    enum xd_code_list list;
    const char *table;
    const char *name;
} COLUMNS_OF[] = {
    {XD_CODES_COUNTRY_ALPHA2, "reference/countries.tsv", "alpha2"},
    {XD_CODES_COUNTRY_NUMERIC, "reference/countries.tsv", "numeric"},
    {XD_CODES_CURRENCY_NUMERIC, "reference/currencies.tsv", "numeric"},
};

static bool
add_codes(struct xd_map *map, struct xd_slice codes, struct xd_arena *arena)
{
    struct xd_slice code;

    if (!map->entries && !xd_map_init(map, arena, codes.len / 3 + 1, false)) {
        return false;
    }
    while (xd_slice_next(&codes, ' ', &code)) {
        if (!xd_map_put(map, code, 0, NULL)) {
            return false;
        }
    }
    return true;
}

static bool
load_column(struct xd_code_lists *lists, const struct column *column,
            const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    struct xd_map *map = &lists->of[column->list];
    struct xd_slice text;
    struct xd_slice code;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, column->table, &text, err) ||
        !xd_tsv_open(&tsv, column->table, text, &column->name, 1, err)) {
        return false;
    }
    if (!xd_map_init(map, arena, xd_tsv_count(text), false)) {
        return xd_tsv_fail(&tsv, err, "no memory for the column", xd_slice_str(column->name));
    }
    while (xd_tsv_next(&tsv, &code, err)) {
        if (code.len && !xd_map_put(map, code, 0, NULL)) {
            return xd_tsv_fail(&tsv, err, "no memory for", code);
        }
    }
    return err->status == 0;
}

static bool
load_rows(struct xd_code_lists *lists, const struct xd_tables *tables, struct xd_arena *arena,
          struct xd_error *err)
{
    static const char *const COLUMNS[] = {"list", "codes"};
    struct xd_slice cells[2];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, TABLE, &text, err) ||
        !xd_tsv_open(&tsv, TABLE, text, COLUMNS, 2, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_map *map = list_named(lists, cells[0]);
        if (!map) {
            return xd_tsv_fail(&tsv, err, "there is no such list:", cells[0]);
        }
        if (!add_codes(map, cells[1], arena)) {
            return xd_tsv_fail(&tsv, err, "no memory for the list", cells[0]);
        }
    }
    for (size_t i = 0; i < XD_CODE_LIST_COUNT && err->status == 0; i++) {
        if (lists->of[i].count == 0) {
            return xd_tsv_fail(&tsv, err, "the table lacks the list", xd_slice_str(NAMES[i]));
        }
    }
    return err->status == 0;
}

bool
xd_code_lists_load(struct xd_code_lists *lists, const struct xd_tables *tables,
                   struct xd_arena *arena, struct xd_error *err)
{
    *lists = (struct xd_code_lists){0};
    for (size_t i = 0; i < sizeof(COLUMNS_OF) / sizeof(COLUMNS_OF[0]); i++) {
        if (!load_column(lists, &COLUMNS_OF[i], tables, arena, err)) {
            return false;
        }
    }
    return load_rows(lists, tables, arena, err);
}

bool
xd_code_list_has(const struct xd_code_lists *lists, enum xd_code_list list, struct xd_slice code)
{
    return xd_map_get(&lists->of[list], code) != XD_MAP_NONE;
}
