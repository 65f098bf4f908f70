/*
 * Headers differ between merchants more than anything else, and a wrong guess moves a phone number
 * into a postal code. So the order is fixed: what a person said, then the layout that the whole
 * header gives away, then aliases that mean one thing only. The rest is reported once, by column,
 * and left unread.
 */
#include "base/buf.h"
#include "base/tsv.h"
#include "reader/delimiter.h"
#include "reader/guard.h"
#include "reader/header_work.h"

const char *
xd_why_text(enum xd_why why)
{
    static const char *const TEXTS[] = {
        [XD_WHY_UNKNOWN] = "not known",     [XD_WHY_MAPPING] = "by the mapping",
        [XD_WHY_DIALECT] = "by the layout", [XD_WHY_ALIAS] = "by its name",
        [XD_WHY_AMBIGUOUS] = "ambiguous",   [XD_WHY_NAMELESS] = "without a name",
        [XD_WHY_SPARE] = "spare",           [XD_WHY_VALUES] = "by its values",
    };

    return TEXTS[why];
}

/* A cell without the quotes, mark and blanks around it. */
static struct xd_slice
cell_name(struct xd_slice cell)
{
    if (xd_slice_starts(cell, XD_LIT("\xef\xbb\xbf"))) {
        cell = xd_slice_sub(cell, 3, SIZE_MAX);
    }
    cell = xd_slice_trim(cell);
    if (cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"') {
        cell = xd_slice_trim(xd_slice_sub(cell, 1, cell.len - 2));
    }
    return cell;
}

/* Byte behind the cell that starts at `at`, its delimiter included. */
static uint64_t
next_cell(const struct xd_header_ask *ask, uint64_t at)
{
    struct xd_slice text = ask->document->text;
    bool quoted = false;

    while (at < text.len && (quoted || text.ptr[at] != ask->delimiter)) {
        quoted ^= text.ptr[at] == '"';
        at++;
    }
    return at + 1;
}

static bool
read_names(struct xd_header_work *ctx)
{
    const struct xd_header_ask *ask = ctx->ask;
    struct xd_header *header = ctx->header;
    char key[XD_HEADER_KEY_MAX];
    uint64_t at = ask->offset;

    header->column = xd_arena_array(ctx->arena, ask->count + 1, sizeof(*header->column));
    ctx->keys = xd_arena_array(ctx->arena, ask->count + 1, sizeof(*ctx->keys));
    if (!header->column || !ctx->keys) {
        return false;
    }
    header->count = ask->count;
    for (size_t i = 0; i < ask->count; i++) {
        struct xd_header_column *column = &header->column[i];
        column->name = cell_name(ask->cells[i]);
        column->offset = at;
        at = next_cell(ask, at);
        column->field = XD_FIELD_NONE;
        column->conversion = ctx->dialects->copy;
        ctx->keys[i] = xd_arena_copy(ctx->arena, xd_header_key(column->name, key));
        if (ask->limits && column->name.len > xd_limit(ask->limits, XD_LIMIT_CSV_HEADER_BYTES)) {
            column->name = xd_slice_sub(column->name, 0, 40);
            xd_header_refuse_limit(ctx, XD_F_CSV_HEADER_TOO_LONG, i, XD_LIMIT_CSV_HEADER_BYTES);
        }
    }
    return true;
}

static bool
has_key(const struct xd_header_work *ctx, struct xd_slice key)
{
    for (size_t i = 0; i < ctx->header->count; i++) {
        if (xd_slice_eq(ctx->keys[i], key)) {
            return true;
        }
    }
    return false;
}

/* The first of the spellings "a|b|c" that the file has. */
static bool
has_one_of(const struct xd_header_work *ctx, struct xd_slice spellings)
{
    struct xd_slice key;

    while (xd_slice_next(&spellings, '|', &key)) {
        if (has_key(ctx, key)) {
            return true;
        }
    }
    return false;
}

static bool
fits(const struct xd_header_work *ctx, const struct xd_dialect *dialect)
{
    if (!(dialect->use & ctx->ask->use) || dialect->fingerprint_count == 0) {
        return false;
    }
    for (size_t i = 0; i < dialect->fingerprint_count; i++) {
        if (!has_one_of(ctx, dialect->fingerprint[i])) {
            return false;
        }
    }
    return true;
}

static const struct xd_dialect_column *
find_column(const struct xd_dialect *dialect, struct xd_slice key)
{
    for (size_t i = 0; i < dialect->column_count; i++) {
        if (xd_slice_eq(dialect->columns[i].key, key)) {
            return &dialect->columns[i];
        }
    }
    return NULL;
}

static size_t
columns_known(const struct xd_header_work *ctx, const struct xd_dialect *dialect)
{
    size_t known = 0;

    for (size_t i = 0; i < ctx->header->count; i++) {
        known += ctx->keys[i].len && find_column(dialect, ctx->keys[i]) != NULL;
    }
    return known;
}

static const struct xd_dialect *
choose_dialect(struct xd_header_work *ctx)
{
    const struct xd_dialect *best = ctx->header->dialect;
    struct xd_buf why;
    size_t most = 0;

    for (size_t i = 0; i < ctx->dialects->count; i++) {
        const struct xd_dialect *dialect = &ctx->dialects->list[i];
        size_t known = fits(ctx, dialect) ? columns_known(ctx, dialect) : 0;
        if (known > most) {
            best = dialect;
            most = known;
        }
    }
    xd_buf_init(&why, 1024);
    if (best->fingerprint_count == 0) {
        xd_buf_str(&why, "no known layout fits its header; columns are read by their names");
    } else {
        xd_buf_printf(&why, "%zu of its %zu columns are those of %.*s", most, ctx->header->count,
                      XD_FMT(best->title));
    }
    if (ctx->ask->delimiter_reason && ctx->ask->delimiter != ',') {
        char room[8];
        xd_buf_printf(&why, "; its cells are cut at the %s: %s",
                      xd_delimiter_name(ctx->ask->delimiter, room), ctx->ask->delimiter_reason);
    }
    ctx->header->reason = xd_arena_copy(ctx->arena, xd_buf_slice(&why));
    xd_buf_free(&why);
    return best;
}

static const struct xd_mapping_row *
find_mapping(const struct xd_mapping *mapping, struct xd_slice key)
{
    for (size_t i = 0; mapping && i < mapping->count; i++) {
        if (xd_slice_eq(mapping->rows[i].key, key)) {
            return &mapping->rows[i];
        }
    }
    return NULL;
}

static void
set_meaning(struct xd_header_column *column, enum xd_why why, enum xd_field field,
            const struct xd_conversion *conversion)
{
    column->why = why;
    column->field = field;
    column->conversion = conversion;
}

static void
find_meaning(const struct xd_header_work *ctx, struct xd_slice key, struct xd_header_column *column)
{
    const struct xd_mapping_row *row = find_mapping(ctx->ask->mapping, key);
    const struct xd_dialect_column *known = find_column(ctx->header->dialect, key);
    uint32_t at;

    if (key.len == 0) {
        column->why = column->name.len ? XD_WHY_UNKNOWN : XD_WHY_NAMELESS;
        return;
    }
    if (row) {
        set_meaning(column, XD_WHY_MAPPING, row->field, row->conversion);
        return;
    }
    if (known) {
        set_meaning(column, XD_WHY_DIALECT, known->field, known->conversion);
        column->known = known;
        return;
    }
    at = xd_map_get(&ctx->dialects->alias_keys, key);
    if (at == XD_MAP_NONE) {
        return;
    }
    column->choices = ctx->dialects->aliases[at].choices;
    set_meaning(column, column->choices.len ? XD_WHY_AMBIGUOUS : XD_WHY_ALIAS,
                ctx->dialects->aliases[at].field, ctx->dialects->aliases[at].conversion);
}

static bool
joins(const struct xd_header_column *column)
{
    return column->conversion->kind == XD_CONVERT_JOIN;
}

/* Senders say some things twice, and their layout tells which counts: any column before a spare
 * one, and of two spare ones the one that its table names first. True when `a` yields to `b`. */
static bool
yields(const struct xd_header_column *a, const struct xd_header_column *b)
{
    if (!a->known || a->known->presence != XD_PRESENCE_SPARE) {
        return false;
    }
    return !b->known || b->known->presence != XD_PRESENCE_SPARE || a->known > b->known;
}

/* Takes its field from a column. */
static void
leave_unread(struct xd_header *header, size_t at)
{
    struct xd_header_column *column = &header->column[at];

    set_meaning(column, XD_WHY_SPARE, XD_FIELD_NONE, column->conversion);
    header->columns.field_of[at] = XD_FIELD_NONE;
}

/*
 * Gives the column to its field, unless another column has it already. A full name and its parts go
 * together: the parts count where the whole is blank. The 256th column has no number that means
 * "here" in struct xd_columns, so rows with one are converted.
 */
static void
place_column(struct xd_header_work *ctx, size_t at)
{
    struct xd_header *header = ctx->header;
    struct xd_header_column *column = &header->column[at];
    uint16_t *first = &header->column_of[column->field];

    if (*first && yields(column, &header->column[*first - 1])) {
        leave_unread(header, at);
        return;
    }
    if (*first && yields(&header->column[*first - 1], column)) {
        leave_unread(header, *first - 1u);
        *first = 0;
    }
    header->columns.field_of[at] = (uint8_t)column->field;
    if (*first == 0) {
        *first = (uint16_t)(at + 1);
        header->columns.of_field[column->field] = (uint8_t)at;
        header->convert |= column->conversion->kind != XD_CONVERT_COPY || at == XD_FIELD_NONE;
        return;
    }
    struct xd_header_column *other = &header->column[*first - 1];
    if (!joins(column) && !joins(other)) {
        xd_header_report_twice(ctx, at);
        return;
    }
    if (!joins(column)) {
        *first = (uint16_t)(at + 1);
        column->whole = true;
    }
    other->whole |= !joins(other);
}

/* The spare columns of the quantity say what was ordered, or else what was sent before. */
static uint16_t
find_ordered(const struct xd_header *header)
{
    const struct xd_dialect_column *first = NULL;
    uint16_t at = 0;

    for (size_t i = 0; i < header->count; i++) {
        const struct xd_dialect_column *known = header->column[i].known;
        if (known && known->presence == XD_PRESENCE_SPARE && known->field == XD_FIELD_QUANTITY &&
            (!first || known < first)) {
            first = known;
            at = (uint16_t)(i + 1);
        }
    }
    return at;
}

/* The columns of the rows that xd_dialect_apply makes: each field once, and the parcel code that
 * the layout derives. */
static void
plan_conversion(struct xd_header_work *ctx)
{
    struct xd_header *header = ctx->header;
    enum xd_field from = header->dialect->parcel_from;
    struct xd_columns *out = &header->converted;

    if (from != XD_FIELD_NONE && !xd_header_has(header, XD_FIELD_PARCEL_CODE) &&
        xd_header_has(header, from)) {
        header->column_of[XD_FIELD_PARCEL_CODE] = header->column_of[from];
        header->convert = true;
    }
    header->serial = header->dialect->carry_by != XD_FIELD_NONE &&
                     xd_header_has(header, header->dialect->carry_by);
    header->convert |= header->serial;
    header->ordered_at = find_ordered(header);
    memset(out, 0xff, sizeof(*out));
    out->count = 0;
    for (unsigned field = 0; field < XD_FIELD_COUNT; field++) {
        uint16_t at = header->column_of[field];
        if (at == 0) {
            continue;
        }
        out->of_field[field] = (uint8_t)out->count;
        out->field_of[out->count++] = (uint8_t)field;
        if (field == XD_FIELD_ADDRESS1 && !xd_header_has(header, XD_FIELD_ADDRESS2) &&
            header->column[at - 1].conversion->kind == XD_CONVERT_LINES) {
            header->column_of[XD_FIELD_ADDRESS2] = at;
        }
    }
}

/* Layouts that guard some columns themselves guard no others, and that is no news. */
static bool
guards_by_itself(const struct xd_header *header)
{
    for (size_t i = 0; i < header->count; i++) {
        if (header->column[i].conversion->kind == XD_CONVERT_GUARDED) {
            return true;
        }
    }
    return false;
}

/* A guard around one value is taken for one around all; a person's name keeps its apostrophe. */
static void
plan_guards(struct xd_header_work *ctx)
{
    struct xd_header *header = ctx->header;
    bool apostrophes = ctx->ask->apostrophes && !guards_by_itself(header);
    bool any = false;

    for (size_t i = 0; i < header->count; i++) {
        struct xd_header_column *column = &header->column[i];
        column->guarded = column->conversion->kind == XD_CONVERT_GUARDED;
        if (column->guarded || column->field == XD_FIELD_NONE) {
            continue;
        }
        column->guarded = ctx->ask->formulas || (apostrophes && xd_is_guardable(column->field));
        any |= column->guarded;
    }
    if (any) {
        header->convert = true;
        xd_header_report(ctx, XD_F_EXCEL_GUARD, header->count, XD_FIELD_NONE, XD_NONE);
    }
}

static size_t
fields_found(const struct xd_header *header)
{
    size_t found = 0;

    for (unsigned field = 0; field < XD_FIELD_COUNT; field++) {
        found += xd_header_has(header, (enum xd_field)field);
    }
    return found;
}

static void
map_columns(struct xd_header_work *ctx)
{
    struct xd_header *header = ctx->header;

    memset(&header->columns, 0xff, sizeof(header->columns));
    header->columns.count = (uint16_t)header->count;
    for (size_t i = 0; i < header->count; i++) {
        find_meaning(ctx, ctx->keys[i], &header->column[i]);
        if (header->column[i].field != XD_FIELD_NONE) {
            place_column(ctx, i);
        }
    }
    header->has_lines =
        xd_header_has(header, XD_FIELD_SKU) || xd_header_has(header, XD_FIELD_QUANTITY) ||
        xd_header_has(header, XD_FIELD_UNIT_PRICE) || xd_header_has(header, XD_FIELD_HS_CODE);
}

bool
xd_header_map(const struct xd_dialects *dialects, const struct xd_header_ask *ask,
              struct xd_arena *arena, struct xd_header *header, struct xd_findings *findings)
{
    struct xd_header_work ctx = {dialects, ask, arena, header, findings, NULL, false};

    memset(header, 0, sizeof(*header));
    header->dialect = xd_dialect_generic(dialects, ask->use);
    header->countries = dialects->countries;
    if (ask->count > XD_COLUMNS_MAX ||
        (ask->limits && ask->count > xd_limit(ask->limits, XD_LIMIT_CSV_COLUMNS))) {
        xd_header_refuse_limit(&ctx, XD_F_CSV_TOO_MANY_COLUMNS, 0, XD_LIMIT_CSV_COLUMNS);
        return false;
    }
    if (!read_names(&ctx)) {
        return false;
    }
    header->dialect = choose_dialect(&ctx);
    map_columns(&ctx);
    if (fields_found(header) < 2) {
        xd_header_refuse_unknown(&ctx);
        return false;
    }
    plan_guards(&ctx);
    plan_conversion(&ctx);
    xd_header_report_all(&ctx);
    return !ctx.refused && !findings->failed;
}

bool
xd_mapping_load(struct xd_mapping *mapping, const struct xd_dialects *dialects, const char *name,
                struct xd_slice text, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"header", "field", "?conversion"};
    char key[XD_HEADER_KEY_MAX];
    struct xd_slice cells[3];
    struct xd_tsv tsv;

    *mapping = (struct xd_mapping){NULL, 0};
    if (!xd_tsv_open(&tsv, name, text, COLUMNS, 3, err)) {
        return false;
    }
    mapping->rows = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*mapping->rows));
    while (mapping->rows && xd_tsv_next(&tsv, cells, err)) {
        struct xd_mapping_row *row = &mapping->rows[mapping->count];
        *row = (struct xd_mapping_row){.header = cells[0]};
        row->key = xd_arena_copy(arena, xd_header_key(cells[0], key));
        if (row->key.len == 0 || find_mapping(mapping, row->key)) {
            return xd_tsv_fail(&tsv, err, "a header without a name, or there twice:", cells[0]);
        }
        if (!xd_meaning_read(dialects, &tsv, cells[1], cells[2], &row->field, &row->conversion,
                             err)) {
            return false;
        }
        mapping->count++;
    }
    return err->status == 0;
}
