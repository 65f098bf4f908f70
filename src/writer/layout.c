/*
 * Layouts come from tables, so a carrier that widens a field or wants another separator is served
 * by a changed row. What the tables cannot say twice is checked here: a column that no value stands
 * behind stops the program before it starts.
 */
#include "writer/layout.h"

#include <sysexits.h>

#include "base/tsv.h"

enum {
    L_NAME,
    L_VERSION,
    L_DELIMITER,
    L_QUOTING,
    L_ENCODING,
    L_LINE_END,
    L_HEADER,
    L_WEIGHT_UNIT,
    L_WEIGHT_DECIMALS,
    L_ROWS,
    L_MAX_ROWS,
    L_FILE_NAME,
    L_DESCRIPTION,
    L_SOURCE,
    L_CELLS
};

enum {
    C_NAME,
    C_VALUE,
    C_TYPE,
    C_REQUIRED,
    C_MIN_LENGTH,
    C_MAX_LENGTH,
    C_CHARS,
    C_ENUM,
    C_DESCRIPTION,
    C_EXAMPLE,
    C_CELLS
};

/* The place of `cell` among `words`; fails naming the cell. */
static bool
pick(const struct xd_tsv *tsv, struct xd_slice cell, const char *const *words, unsigned count,
     unsigned *out, struct xd_error *err)
{
    *out = 0;
    for (unsigned i = 0; i < count; i++) {
        if (xd_slice_eq(cell, xd_slice_str(words[i]))) {
            *out = i;
            return true;
        }
    }
    return xd_tsv_fail(tsv, err, "this column does not know the word", cell);
}

/* A whole number; an empty cell gives `otherwise`. */
static bool
number(const struct xd_tsv *tsv, struct xd_slice cell, uint64_t otherwise, uint64_t *out,
       struct xd_error *err)
{
    *out = otherwise;
    return cell.len == 0 || xd_slice_u64(cell, out) || xd_tsv_fail(tsv, err, "not a number:", cell);
}

static bool
learn_encoding(struct xd_layout *layout, const struct xd_tsv *tsv, struct xd_error *err)
{
    layout->utf8 = xd_slice_ieq(layout->encoding, XD_LIT("utf-8"));
    return layout->utf8 || xd_code_page_learn(&layout->page, layout->encoding) ||
           xd_tsv_fail(tsv, err, "there is no encoding", layout->encoding);
}

static bool
parse_column(struct xd_layout_column *column, const struct xd_tsv *tsv,
             const struct xd_slice *cells, struct xd_error *err)
{
    static const char *const TYPES[] = {"string", "integer", "number", "date", "weight"};
    static const char *const CHARS[] = {"any", "ascii", "digits", "upper", "code"};
    static const char *const NO_YES[] = {"no", "yes"};
    unsigned type;
    unsigned chars;
    unsigned required;
    uint64_t least;
    uint64_t most;

    if (!pick(tsv, cells[C_TYPE], TYPES, XD_LAYOUT_TYPE_COUNT, &type, err) ||
        !pick(tsv, cells[C_CHARS], CHARS, XD_LAYOUT_CHARS_COUNT, &chars, err) ||
        !pick(tsv, cells[C_REQUIRED], NO_YES, 2, &required, err) ||
        !number(tsv, cells[C_MIN_LENGTH], 0, &least, err) ||
        !number(tsv, cells[C_MAX_LENGTH], UINT32_MAX, &most, err)) {
        return false;
    }
    if (least > most || most > UINT32_MAX) {
        return xd_tsv_fail(tsv, err, "min_length is more than max_length", cells[C_NAME]);
    }
    *column = (struct xd_layout_column){.name = cells[C_NAME],
                                        .value = XD_VALUE_COUNT,
                                        .type = (enum xd_layout_type)type,
                                        .chars = (enum xd_layout_chars)chars,
                                        .required = required == 1,
                                        .min_length = (uint32_t)least,
                                        .max_length = (uint32_t)most,
                                        .allowed = cells[C_ENUM],
                                        .description = cells[C_DESCRIPTION],
                                        .example = cells[C_EXAMPLE]};
    if (xd_slice_starts(cells[C_VALUE], XD_LIT("="))) {
        column->constant = xd_slice_sub(cells[C_VALUE], 1, SIZE_MAX);
        return true;
    }
    column->value = xd_value_find(cells[C_VALUE]);
    return column->value != XD_VALUE_COUNT ||
           xd_tsv_fail(tsv, err, "no parcel has a value called", cells[C_VALUE]);
}

/* A screen leaves one question open for these: whether the value is a number, a day or a word of
 * the list. */
static bool
screen_settles(const struct xd_layout_column *column)
{
    return column->type != XD_LAYOUT_NUMBER && column->type != XD_LAYOUT_DATE &&
           column->allowed.len == 0 && column->chars != XD_LAYOUT_CODE;
}

/* The bytes of a column that need no second look. */
static void
make_screen(const struct xd_layout *layout, const struct xd_layout_column *column,
            struct xd_layout_screen *screen)
{
    bool quotes = layout->quoting != XD_LAYOUT_QUOTE_NONE;
    bool letters = layout->utf8 && quotes && column->min_length <= 1;
    unsigned char low = 0x20;
    unsigned char high = 0x7e;

    if (column->type == XD_LAYOUT_INTEGER || column->type == XD_LAYOUT_WEIGHT ||
        column->chars == XD_LAYOUT_DIGITS) {
        low = '0';
        high = '9';
    } else if (column->chars == XD_LAYOUT_UPPER) {
        low = 'A';
        high = 'Z';
    } else if (column->chars == XD_LAYOUT_ANY && letters) {
        high = 0xff;
    }
    *screen = (struct xd_layout_screen){
        .min_length = column->min_length,
        .max_length = column->max_length,
        .value = (uint16_t)column->value,
        .low = xd_block_all(low),
        .span = xd_block_all((unsigned char)(high - low)),
        /* among letters beyond ASCII stand DEL and the lead byte of the C1 controls; else a
         * separator that nothing quotes */
        .except = {xd_block_all(quotes ? 0x7f : (unsigned char)layout->delimiter),
                   xd_block_all(quotes ? 0xc2 : '"')},
        .settles = screen_settles(column),
        .may_miss = !column->required,
        .weight = column->type == XD_LAYOUT_WEIGHT,
    };
}

static bool
load_columns(struct xd_layout *layout, const struct xd_tables *tables, struct xd_arena *arena,
             struct xd_error *err)
{
    static const char *const COLUMNS[C_CELLS] = {"name",        "value",      "type",  "required",
                                                 "min_length",  "max_length", "chars", "enum",
                                                 "description", "example"};
    struct xd_slice cells[C_CELLS];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t room;
    struct xd_buf path;
    struct xd_slice kept;

    xd_buf_init(&path, 256);
    xd_buf_printf(&path, "handoff/%.*s.tsv", XD_FMT(layout->name));
    kept = xd_arena_copy(arena, xd_buf_slice(&path));
    xd_buf_free(&path);
    if (!kept.ptr) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the handoff layouts");
    }
    if (!xd_tables_get(tables, kept.ptr, &text, err) ||
        !xd_tsv_open(&tsv, kept.ptr, text, COLUMNS, C_CELLS, err)) {
        return false;
    }
    room = xd_tsv_count(text);
    if (room == 0 || room > XD_LAYOUT_COLUMNS_MAX) {
        return xd_tsv_fail(&tsv, err, "a layout has 1 to 128 columns:", layout->name);
    }
    layout->columns = xd_arena_array(arena, room, sizeof(*layout->columns));
    layout->screens = xd_arena_array(arena, room, sizeof(*layout->screens));
    if (!layout->columns || !layout->screens) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the handoff layouts");
    }
    while (layout->count < room && xd_tsv_next(&tsv, cells, err)) {
        if (!parse_column(&layout->columns[layout->count], &tsv, cells, err)) {
            return false;
        }
        make_screen(layout, &layout->columns[layout->count], &layout->screens[layout->count]);
        layout->latin |= !layout->utf8 || layout->columns[layout->count].chars == XD_LAYOUT_ASCII;
        layout->count++;
    }
    return err->status == 0;
}

static bool
parse_delimiter(struct xd_layout *layout, const struct xd_tsv *tsv, struct xd_slice cell,
                struct xd_error *err)
{
    bool tab = xd_slice_eq(cell, XD_LIT("tab"));

    if (!tab && (cell.len != 1 || (unsigned char)cell.ptr[0] < 0x20 ||
                 (unsigned char)cell.ptr[0] >= 0x7f || cell.ptr[0] == '"')) {
        return xd_tsv_fail(tsv, err, "a delimiter is one visible ASCII character or tab:", cell);
    }
    layout->delimiter = tab ? '\t' : cell.ptr[0];
    return true;
}

static bool
parse_words(struct xd_layout *layout, const struct xd_tsv *tsv, const struct xd_slice *cells,
            struct xd_error *err)
{
    static const char *const QUOTING[] = {"minimal", "all", "none"};
    static const char *const LINE_ENDS[] = {"lf", "crlf"};
    static const char *const NO_YES[] = {"no", "yes"};
    static const char *const UNITS[] = {"g", "kg"};
    static const char *const ROWS[] = {"line", "parcel"};
    unsigned quoting;
    unsigned line_end;
    unsigned header;
    unsigned unit;
    unsigned rows;

    if (!pick(tsv, cells[L_QUOTING], QUOTING, 3, &quoting, err) ||
        !pick(tsv, cells[L_LINE_END], LINE_ENDS, 2, &line_end, err) ||
        !pick(tsv, cells[L_HEADER], NO_YES, 2, &header, err) ||
        !pick(tsv, cells[L_WEIGHT_UNIT], UNITS, 2, &unit, err) ||
        !pick(tsv, cells[L_ROWS], ROWS, 2, &rows, err)) {
        return false;
    }
    layout->quoting = (enum xd_layout_quoting)quoting;
    layout->line_end = line_end ? XD_LIT("\r\n") : XD_LIT("\n");
    layout->header = header == 1;
    layout->weight_in_kg = unit == 1;
    layout->per_parcel = rows == 1;
    return true;
}

static bool
parse_layout(struct xd_layout *layout, const struct xd_tsv *tsv, const struct xd_slice *cells,
             struct xd_error *err)
{
    uint64_t decimals;

    *layout = (struct xd_layout){.name = cells[L_NAME],
                                 .version = cells[L_VERSION],
                                 .encoding = cells[L_ENCODING],
                                 .file_name = cells[L_FILE_NAME],
                                 .description = cells[L_DESCRIPTION],
                                 .source = cells[L_SOURCE]};
    if (!parse_words(layout, tsv, cells, err) ||
        !parse_delimiter(layout, tsv, cells[L_DELIMITER], err) ||
        !number(tsv, cells[L_WEIGHT_DECIMALS], 0, &decimals, err) ||
        !number(tsv, cells[L_MAX_ROWS], UINT64_MAX, &layout->max_rows, err) ||
        !learn_encoding(layout, tsv, err)) {
        return false;
    }
    if (decimals > 6) {
        return xd_tsv_fail(tsv, err, "a weight has at most 6 decimals, not",
                           cells[L_WEIGHT_DECIMALS]);
    }
    layout->weight_decimals = (uint8_t)decimals;
    if (layout->file_name.len == 0 ||
        xd_slice_find(layout->file_name, '/') < layout->file_name.len) {
        return xd_tsv_fail(tsv, err, "not a file name:", layout->file_name);
    }
    return true;
}

bool
xd_layouts_load(struct xd_layouts *layouts, const struct xd_tables *tables, struct xd_arena *arena,
                struct xd_error *err)
{
    static const char *const COLUMNS[L_CELLS] = {
        "layout",   "version",   "delimiter",   "quoting",         "encoding",
        "line_end", "header",    "weight_unit", "weight_decimals", "rows",
        "max_rows", "file_name", "description", "source"};
    static const char TABLE[] = "handoff/layouts.tsv";
    struct xd_slice cells[L_CELLS];
    struct xd_slice text;
    struct xd_tsv tsv;

    *layouts = (struct xd_layouts){0};
    if (!xd_tables_get(tables, TABLE, &text, err) ||
        !xd_tsv_open(&tsv, TABLE, text, COLUMNS, L_CELLS, err)) {
        return false;
    }
    layouts->list = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*layouts->list));
    if (!layouts->list) {
        return xd_error_set(err, EX_OSERR, "not enough memory for %s", TABLE);
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_layout *layout = &layouts->list[layouts->count];
        if (xd_layout_find(layouts, cells[L_NAME])) {
            return xd_tsv_fail(&tsv, err, "the layout is there twice:", cells[L_NAME]);
        }
        if (!parse_layout(layout, &tsv, cells, err) || !load_columns(layout, tables, arena, err)) {
            return false;
        }
        layouts->count++;
    }
    return err->status == 0;
}

const struct xd_layout *
xd_layout_find(const struct xd_layouts *layouts, struct xd_slice name)
{
    for (size_t i = 0; i < layouts->count; i++) {
        if (xd_slice_eq(layouts->list[i].name, name)) {
            return &layouts->list[i];
        }
    }
    return NULL;
}
