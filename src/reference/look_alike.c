/*
 * The look-alikes as sorted ranges: a manifest in which every code is full-width still reads at
 * memory speed, and one in plain ASCII never comes here.
 */
#include "reference/look_alike.h"

#include "base/tsv.h"

static const char *const TABLE = "reference/look_alikes.tsv";

static bool
parse_hex(struct xd_slice text, uint32_t *out)
{
    uint32_t value = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = xd_to_upper(text.ptr[i]);
        if (!xd_is_digit(c) && !(c >= 'A' && c <= 'F')) {
            return false;
        }
        value = value * 16 + (uint32_t)(xd_is_digit(c) ? c - '0' : c - 'A' + 10);
    }
    *out = value;
    return text.len >= 1 && text.len <= 6;
}

static uint8_t
parse_kind(struct xd_slice text)
{
    static const char *const NAMES[] = {
        [XD_LOOK_BLANK] = "blank", [XD_LOOK_HYPHEN] = "hyphen", [XD_LOOK_FULL_WIDTH] = "full-width",
        [XD_LOOK_DIGIT] = "digit", [XD_LOOK_LETTER] = "letter",
    };

    for (uint8_t i = XD_LOOK_BLANK; i <= XD_LOOK_LETTER; i++) {
        if (xd_slice_eq(text, xd_slice_str(NAMES[i]))) {
            return i;
        }
    }
    return XD_LOOK_UNKNOWN;
}

static bool
parse_row(const struct xd_tsv *tsv, const struct xd_slice *cells, uint32_t after,
          struct xd_look_alike *row, struct xd_error *err)
{
    row->kind = parse_kind(cells[2]);
    row->becomes = cells[3].len ? cells[3].ptr[0] : '\0';
    if (!parse_hex(cells[0], &row->from) || !parse_hex(cells[1], &row->to) || row->to < row->from) {
        return xd_tsv_fail(tsv, err, "not a range of hexadecimal code points:", cells[0]);
    }
    if (row->kind == XD_LOOK_UNKNOWN) {
        return xd_tsv_fail(tsv, err, "there is no such kind:", cells[2]);
    }
    if (cells[3].len > 1 || (cells[3].len == 0) != (row->kind == XD_LOOK_BLANK)) {
        return xd_tsv_fail(tsv, err, "all but blanks become one character, not", cells[3]);
    }
    if (row->from < after) {
        return xd_tsv_fail(tsv, err, "the rows are not in order at", cells[0]);
    }
    return true;
}

bool
xd_look_alikes_load(struct xd_look_alikes *looks, const struct xd_tables *tables,
                    struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"from", "to", "kind", "becomes"};
    struct xd_slice cells[4];
    struct xd_look_alike *list;
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t count = 0;

    if (!xd_tables_get(tables, TABLE, &text, err) ||
        !xd_tsv_open(&tsv, TABLE, text, COLUMNS, 4, err)) {
        return false;
    }
    list = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*list));
    if (!list) {
        return xd_tsv_fail(&tsv, err, "no memory for the table", XD_NONE);
    }
    for (; xd_tsv_next(&tsv, cells, err); count++) {
        if (!parse_row(&tsv, cells, count ? list[count - 1].to + 1 : 0, &list[count], err)) {
            return false;
        }
    }
    *looks = (struct xd_look_alikes){list, count};
    return err->status == 0;
}

enum xd_look_alike_kind
xd_look_alike_find(const struct xd_look_alikes *looks, uint32_t code_point, char *becomes)
{
    size_t low = 0;
    size_t high = looks->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct xd_look_alike *row = &looks->list[middle];
        if (code_point < row->from) {
            high = middle;
        } else if (code_point > row->to) {
            low = middle + 1;
        } else {
            bool counts = row->kind == XD_LOOK_FULL_WIDTH || row->kind == XD_LOOK_DIGIT;
            *becomes = (char)(row->becomes + (counts ? (char)(code_point - row->from) : 0));
            return (enum xd_look_alike_kind)row->kind;
        }
    }
    *becomes = '\0';
    return XD_LOOK_UNKNOWN;
}
