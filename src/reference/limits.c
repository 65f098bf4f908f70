/*
 * Limits are data: an operator with a large partner raises one number and does not wait for a
 * release.
 */
#include "reference/limits.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/tsv.h"

enum { NAME, DEFAULT, MOST, UNIT, WHAT, COUNT };

static const char *const NAMES[XD_LIMIT_COUNT] = {
#define X(upper, name) [XD_LIMIT_##upper] = name,
    XD_LIMITS(X)
#undef X
};

static struct xd_limit_row *
find(struct xd_limits *limits, struct xd_slice name)
{
    for (size_t i = 0; i < XD_LIMIT_COUNT; i++) {
        if (xd_slice_eq(xd_slice_str(NAMES[i]), name)) {
            return &limits->of[i];
        }
    }
    return NULL;
}

bool
xd_limits_load(struct xd_limits *limits, const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"name", "default", "most", "unit", "what"};
    struct xd_slice cells[COUNT];
    struct xd_slice text;
    struct xd_tsv tsv;

    *limits = (struct xd_limits){0};
    if (!xd_tables_get(tables, "reference/limits.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/limits.tsv", text, COLUMNS, COUNT, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_limit_row *row = find(limits, cells[NAME]);
        if (!row) {
            return xd_tsv_fail(&tsv, err, "there is no limit", cells[NAME]);
        }
        *row = (struct xd_limit_row){cells[NAME], 0, UINT64_MAX, cells[UNIT], cells[WHAT]};
        if (cells[MOST].len && !xd_slice_u64(cells[MOST], &row->most)) {
            return xd_tsv_fail(&tsv, err, "not a number:", cells[MOST]);
        }
        if (!xd_slice_u64(cells[DEFAULT], &row->value) || row->value == 0 ||
            row->value > row->most) {
            return xd_tsv_fail(&tsv, err,
                               "not a number from 1 to the most it may be:", cells[DEFAULT]);
        }
    }
    for (size_t i = 0; err->status == 0 && i < XD_LIMIT_COUNT; i++) {
        if (limits->of[i].value == 0) {
            return xd_tsv_fail(&tsv, err, "the table lacks the limit", xd_slice_str(NAMES[i]));
        }
    }
    return err->status == 0;
}

bool
xd_limits_set(struct xd_limits *limits, const char *assignment, struct xd_error *err)
{
    struct xd_slice rest = xd_slice_str(assignment);
    struct xd_slice name = XD_NONE;
    struct xd_limit_row *row;
    uint64_t value;

    (void)xd_slice_next(&rest, '=', &name);
    row = find(limits, name);
    if (!row || !xd_slice_u64(rest, &value) || value == 0) {
        return xd_error_set(err, EX_USAGE,
                            "--limit takes NAME=NUMBER as `crossdock limits` lists them, not %s",
                            assignment);
    }
    if (value > row->most) {
        return xd_error_set(err, EX_USAGE, "--limit %.*s goes no higher than %" PRIu64,
                            XD_FMT(row->name), row->most);
    }
    row->value = value;
    return true;
}
