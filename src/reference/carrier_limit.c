/*
 * A carrier that names only some of its widths gets the others from "*", which therefore must be
 * the first carrier of the table.
 */
#include "reference/carrier_limit.h"

#include <sysexits.h>

#include "base/tsv.h"

static int
field_index(struct xd_slice name)
{
    static const char *const NAMES[XD_WIDTH_COUNT] = {
        "name", "company", "address", "city", "region", "postal_code", "phone", "email",
    };

    for (int i = 0; i < XD_WIDTH_COUNT; i++) {
        if (xd_slice_eq(name, xd_slice_str(NAMES[i]))) {
            return i;
        }
    }
    return -1;
}

static struct xd_carrier_limit *
row_of(struct xd_carrier_limits *limits, struct xd_slice carrier)
{
    uint32_t at = xd_map_get(&limits->carriers, carrier);

    if (at == XD_MAP_NONE) {
        if (limits->count == XD_CARRIER_LIMITS_MAX ||
            !xd_map_put(&limits->carriers, carrier, limits->count, NULL)) {
            return NULL;
        }
        at = limits->count++;
        limits->of[at] = limits->of[0];
    }
    return &limits->of[at];
}

bool
xd_carrier_limits_load(struct xd_carrier_limits *limits, const struct xd_tables *tables,
                       struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"carrier", "field", "max_chars", "max_lines"};
    struct xd_slice cells[4];
    struct xd_slice text;
    struct xd_tsv tsv;

    *limits = (struct xd_carrier_limits){0};
    if (!xd_tables_get(tables, "reference/carrier_limits.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/carrier_limits.tsv", text, COLUMNS, 4, err)) {
        return false;
    }
    if (!xd_map_init(&limits->carriers, arena, XD_CARRIER_LIMITS_MAX, true)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the carriers' limits");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        int field = field_index(cells[1]);
        uint64_t chars = 0;
        uint64_t lines = 0;
        struct xd_carrier_limit *row;
        if (limits->count == 0 && !xd_slice_eq(cells[0], XD_LIT("*"))) {
            return xd_tsv_fail(&tsv, err, "the rows of \"*\" come first, not", cells[0]);
        }
        row = row_of(limits, cells[0]);
        if (!row || field < 0 || !xd_slice_u64(cells[2], &chars) || chars > UINT16_MAX ||
            !xd_slice_u64(cells[3], &lines) || lines == 0 || lines > 8) {
            return xd_tsv_fail(&tsv, err, "the field or its limits cannot be read:", cells[1]);
        }
        row->chars[field] = (uint16_t)chars;
        row->lines = field == XD_WIDTH_ADDRESS ? (uint8_t)lines : row->lines;
    }
    return err->status == 0;
}

const struct xd_carrier_limit *
xd_carrier_limit_find(const struct xd_carrier_limits *limits, struct xd_slice carrier)
{
    uint32_t at = carrier.len ? xd_map_get(&limits->carriers, carrier) : 0;

    return &limits->of[at == XD_MAP_NONE ? 0 : at];
}
