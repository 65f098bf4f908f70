/*
 * Names are brought to one form before they are hashed ("DHL Paket", "dhl_paket" and "DHL-PAKET"
 * are one), because a carrier misspelt in one merchant's export must not become a second handoff
 * file.
 */
#include "reference/carrier.h"

#include <sysexits.h>

#include "base/tsv.h"

static const char TABLE[] = "reference/carriers.tsv";

enum { CODE, NAME, ALIASES, CHANNEL, INTEGRATED, CONSOLIDATED, PO_BOX, LAYOUT, FROM, UNTIL, CELLS };

/* Writes the canonical form into `out`; its length, or 0 when the name is empty or too long to be
 * one. */
static size_t
canonical(struct xd_slice name, char out[XD_CARRIER_NAME_MAX])
{
    size_t len = 0;

    name = xd_slice_trim(name);
    if (name.len > XD_CARRIER_NAME_MAX) {
        return 0;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        out[len++] = c == ' ' || c == '_' || c == '.' ? '-' : xd_to_lower(c);
    }
    return len;
}

uint32_t
xd_carrier_find(const struct xd_carriers *carriers, struct xd_slice name)
{
    char key[XD_CARRIER_NAME_MAX];
    size_t len = canonical(name, key);

    return len ? xd_map_get(&carriers->by_name, xd_slice_of(key, len)) : XD_CARRIER_NONE;
}

static bool
add_name(struct xd_carriers *carriers, const struct xd_tsv *tsv, struct xd_slice name,
         struct xd_error *err)
{
    char key[XD_CARRIER_NAME_MAX];
    size_t len = canonical(name, key);
    uint32_t index = carriers->count;
    uint32_t old;
    struct xd_slice kept;

    if (len == 0) {
        return xd_tsv_fail(tsv, err, "not a usable carrier name:", name);
    }
    kept = xd_arena_copy(carriers->by_name.arena, xd_slice_of(key, len));
    if (!kept.ptr || !xd_map_put(&carriers->by_name, kept, index, &old)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for %s", TABLE);
    }
    if (old != XD_MAP_NONE && old != index) {
        return xd_tsv_fail(tsv, err, "the name already stands for another carrier:", name);
    }
    return true;
}

static bool
add_names(struct xd_carriers *carriers, const struct xd_tsv *tsv, const struct xd_slice *cells,
          struct xd_error *err)
{
    struct xd_slice rest = cells[ALIASES];
    struct xd_slice alias;

    if (!add_name(carriers, tsv, cells[CODE], err) || !add_name(carriers, tsv, cells[NAME], err)) {
        return false;
    }
    while (xd_slice_next(&rest, '|', &alias)) {
        if (!add_name(carriers, tsv, alias, err)) {
            return false;
        }
    }
    return true;
}

static bool
safe_code(struct xd_slice code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (!xd_is_lower(c) && !xd_is_digit(c) && c != '-') {
            return false;
        }
    }
    return code.len > 0;
}

static bool
parse_flag(const struct xd_tsv *tsv, struct xd_slice cell, bool *out, struct xd_error *err)
{
    *out = xd_slice_eq(cell, XD_LIT("yes"));
    return *out || xd_slice_eq(cell, XD_LIT("no")) || xd_tsv_fail(tsv, err, "yes or no, not", cell);
}

static bool
parse_carrier(struct xd_carrier *carrier, const struct xd_tsv *tsv, const struct xd_slice *cells,
              struct xd_error *err)
{
    *carrier = (struct xd_carrier){.code = cells[CODE],
                                   .name = cells[NAME],
                                   .channel = cells[CHANNEL],
                                   .layout = cells[LAYOUT]};
    if (!safe_code(cells[CODE])) {
        return xd_tsv_fail(tsv, err, "a code is lower-case letters, digits and '-':", cells[CODE]);
    }
    if (!xd_slice_eq(cells[CHANNEL], XD_LIT("post")) &&
        !xd_slice_eq(cells[CHANNEL], XD_LIT("courier"))) {
        return xd_tsv_fail(tsv, err, "a channel is post or courier:", cells[CHANNEL]);
    }
    if (cells[LAYOUT].len == 0) {
        return xd_tsv_fail(tsv, err, "the carrier has no layout:", cells[CODE]);
    }
    return parse_flag(tsv, cells[INTEGRATED], &carrier->integrated, err) &&
           parse_flag(tsv, cells[CONSOLIDATED], &carrier->consolidated, err) &&
           parse_flag(tsv, cells[PO_BOX], &carrier->po_box, err);
}

/* Whether the row's dates hold `as_of`: from is inclusive, until too; empty means unbounded. */
static bool
in_force(const struct xd_tsv *tsv, const struct xd_slice *cells, xd_date as_of, bool *out,
         struct xd_error *err)
{
    xd_date from = XD_DATE_MIN;
    xd_date until = XD_DATE_MAX;

    if (cells[FROM].len && !xd_date_parse(cells[FROM], &from)) {
        return xd_tsv_fail(tsv, err, "not a date:", cells[FROM]);
    }
    if (cells[UNTIL].len && !xd_date_parse(cells[UNTIL], &until)) {
        return xd_tsv_fail(tsv, err, "not a date:", cells[UNTIL]);
    }
    *out = as_of >= from && as_of <= until;
    return true;
}

static bool
load_row(struct xd_carriers *carriers, const struct xd_tsv *tsv, const struct xd_slice *cells,
         xd_date as_of, struct xd_error *err)
{
    struct xd_carrier *carrier = &carriers->list[carriers->count];
    bool current = false;

    if (!parse_carrier(carrier, tsv, cells, err) || !in_force(tsv, cells, as_of, &current, err)) {
        return false;
    }
    if (!current) {
        return true;
    }
    if (!add_names(carriers, tsv, cells, err)) {
        return false;
    }
    carriers->count++;
    return true;
}

bool
xd_carriers_load(struct xd_carriers *carriers, const struct xd_tables *tables, xd_date as_of,
                 struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[CELLS] = {
        "code",         "name",   "aliases", "channel",        "integrated",
        "consolidated", "po_box", "layout",  "effective_from", "effective_until"};
    struct xd_slice cells[CELLS];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t rows;

    *carriers = (struct xd_carriers){0};
    if (!xd_tables_get(tables, TABLE, &text, err) ||
        !xd_tsv_open(&tsv, TABLE, text, COLUMNS, CELLS, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    carriers->list = xd_arena_array(arena, rows + 1, sizeof(*carriers->list));
    if (!carriers->list || !xd_map_init(&carriers->by_name, arena, rows * 4, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for %s", TABLE);
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_row(carriers, &tsv, cells, as_of, err)) {
            return false;
        }
    }
    return err->status == 0;
}
