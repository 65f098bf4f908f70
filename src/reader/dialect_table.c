/*
 * Reads the tables of layouts. A row that names a field, conversion or layout which does not exist
 * stops the run: a column that is silently not read would ship parcels with half their data.
 */
#include "reader/dialect_table.h"

#include <sysexits.h>

#include "base/tsv.h"

/* Times the 10^12 of the finest decimal it still fits 63 bits. */
#define DENOMINATOR_MAX 9000000

static const char *const KINDS[XD_CONVERSION_KINDS] = {
    [XD_CONVERT_COPY] = "copy",       [XD_CONVERT_NUMBER] = "number",
    [XD_CONVERT_WEIGHT] = "weight",   [XD_CONVERT_LENGTH] = "length",
    [XD_CONVERT_DATE] = "date",       [XD_CONVERT_JOIN] = "join",
    [XD_CONVERT_LINES] = "lines",     [XD_CONVERT_LINE_TOTAL] = "line-total",
    [XD_CONVERT_FLAG] = "flag",       [XD_CONVERT_DUTIES] = "duties",
    [XD_CONVERT_COUNTRY] = "country", [XD_CONVERT_GUARDED] = "guarded",
};

static const char *const PRESENCES[XD_PRESENCE_COUNT] = {
    [XD_PRESENCE_REQUIRED] = "required", [XD_PRESENCE_EITHER] = "either",
    [XD_PRESENCE_OPTIONAL] = "optional", [XD_PRESENCE_LINE] = "line",
    [XD_PRESENCE_EXTRA] = "extra",       [XD_PRESENCE_SPARE] = "spare",
};

/* The place of `word` in a list, or `count`. */
static size_t
word_index(struct xd_slice word, const char *const *words, size_t count)
{
    size_t i = 0;

    while (i < count && !xd_slice_eq(word, xd_slice_str(words[i]))) {
        i++;
    }
    return i;
}

struct xd_slice
xd_header_key(struct xd_slice header, char out[XD_HEADER_KEY_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < header.len; i++) {
        char c = xd_to_lower(header.ptr[i]);
        if (!xd_is_lower(c) && !xd_is_digit(c)) {
            continue;
        }
        if (len == XD_HEADER_KEY_MAX) {
            return XD_NONE;
        }
        out[len++] = c;
    }
    return xd_slice_of(out, len);
}

const struct xd_dialect *
xd_dialect_generic(const struct xd_dialects *dialects, enum xd_use use)
{
    for (size_t i = 0; i < dialects->count; i++) {
        if (dialects->list[i].fingerprint_count == 0 && (dialects->list[i].use & use)) {
            return &dialects->list[i];
        }
    }
    return NULL;
}

const struct xd_conversion *
xd_conversion_find(const struct xd_dialects *dialects, struct xd_slice name)
{
    for (size_t i = 0; i < dialects->conversion_count; i++) {
        if (xd_slice_eq(dialects->conversions[i].name, name)) {
            return &dialects->conversions[i];
        }
    }
    return NULL;
}

const struct xd_conversion *
xd_conversion_comma(const struct xd_dialects *dialects, const struct xd_conversion *from)
{
    enum xd_conversion_kind kind = from->kind == XD_CONVERT_COPY ? XD_CONVERT_NUMBER : from->kind;

    for (size_t i = 0; !from->comma && i < dialects->conversion_count; i++) {
        const struct xd_conversion *one = &dialects->conversions[i];
        if (one->comma && one->kind == kind && one->numerator == from->numerator &&
            one->denominator == from->denominator) {
            return one;
        }
    }
    return NULL;
}

static bool
is_length(enum xd_field field)
{
    return field == XD_FIELD_LENGTH_MM || field == XD_FIELD_WIDTH_MM || field == XD_FIELD_HEIGHT_MM;
}

static bool
is_date(enum xd_field field)
{
    return field == XD_FIELD_SHIP_DATE || field == XD_FIELD_ORDER_DATE ||
           field == XD_FIELD_BACKORDER_DATE;
}

bool
xd_conversion_fits(const struct xd_conversion *conversion, enum xd_field field)
{
    switch (conversion->kind) {
    case XD_CONVERT_NUMBER:
        return xd_field_is_number(field);
    case XD_CONVERT_WEIGHT:
        return field == XD_FIELD_WEIGHT_G;
    case XD_CONVERT_LENGTH:
        return is_length(field);
    case XD_CONVERT_DATE:
        return is_date(field);
    case XD_CONVERT_LINE_TOTAL:
        return field == XD_FIELD_UNIT_PRICE;
    case XD_CONVERT_COUNTRY:
        return field == XD_FIELD_COUNTRY || field == XD_FIELD_ORIGIN_COUNTRY;
    case XD_CONVERT_LINES:
        return field == XD_FIELD_ADDRESS1;
    default:
        return true;
    }
}

/* True when a conversion of that kind may say how its numbers are written. */
static bool
is_of_numbers(size_t kind)
{
    return kind == XD_CONVERT_NUMBER || kind == XD_CONVERT_WEIGHT || kind == XD_CONVERT_LENGTH ||
           kind == XD_CONVERT_LINE_TOTAL;
}

/* The ratio of a unit; 1 for kinds that have none. */
static bool
read_ratio(size_t kind, const struct xd_slice *cells, uint64_t *numerator, uint64_t *denominator)
{
    *numerator = 1;
    *denominator = 1;
    return (kind != XD_CONVERT_WEIGHT && kind != XD_CONVERT_LENGTH) ||
           (xd_slice_u64(cells[2], numerator) && xd_slice_u64(cells[3], denominator) &&
            *numerator != 0 && *denominator != 0 && *denominator <= DENOMINATOR_MAX);
}

static bool
load_conversion(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_conversion *to,
                struct xd_error *err)
{
    size_t kind = word_index(cells[1], KINDS, XD_CONVERSION_KINDS);
    bool comma = xd_slice_eq(cells[6], XD_LIT("comma"));
    uint64_t numerator;
    uint64_t denominator;

    if (kind == XD_CONVERSION_KINDS) {
        return xd_tsv_fail(tsv, err, "there is no kind of conversion", cells[1]);
    }
    if (!read_ratio(kind, cells, &numerator, &denominator)) {
        return xd_tsv_fail(tsv, err, "not a ratio of a unit:", cells[0]);
    }
    if (kind == XD_CONVERT_DATE && cells[4].len != 3) {
        return xd_tsv_fail(tsv, err, "not an order of day, month and year:", cells[4]);
    }
    if (cells[6].len && (!comma || !is_of_numbers(kind))) {
        return xd_tsv_fail(tsv, err, "decimal is comma, for a number, or empty, not", cells[6]);
    }
    *to = (struct xd_conversion){.name = cells[0],
                                 .kind = (enum xd_conversion_kind)kind,
                                 .numerator = (int64_t)numerator,
                                 .denominator = (int64_t)denominator,
                                 .comma = comma,
                                 .text = cells[5]};
    memcpy(to->order, "ymd", 4);
    if (cells[4].len == 3) {
        memcpy(to->order, cells[4].ptr, 3);
    }
    return true;
}

static bool
load_conversions(struct xd_dialects *dialects, const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"name",  "kind", "numerator", "denominator",
                                          "order", "text", "?decimal"};
    struct xd_slice cells[7];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "manifest/conversions.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "manifest/conversions.tsv", text, COLUMNS, 7, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (dialects->conversion_count == XD_CONVERSIONS_MAX) {
            return xd_tsv_fail(&tsv, err, "too many conversions at", cells[0]);
        }
        if (!load_conversion(&tsv, cells, &dialects->conversions[dialects->conversion_count++],
                             err)) {
            return false;
        }
    }
    dialects->copy = xd_conversion_find(dialects, XD_LIT("copy"));
    return err->status == 0 &&
           (dialects->copy ||
            xd_tsv_fail(&tsv, err, "the table lacks the conversion", XD_LIT("copy")));
}

/* A field by its name; "-" or nothing gives XD_FIELD_NONE. */
static bool
read_field(const struct xd_tsv *tsv, struct xd_slice name, enum xd_field *field,
           struct xd_error *err)
{
    *field = XD_FIELD_NONE;
    if (name.len == 0 || xd_slice_eq(name, XD_LIT("-"))) {
        return true;
    }
    *field = xd_field_find(name);
    return *field != XD_FIELD_NONE || xd_tsv_fail(tsv, err, "there is no field", name);
}

static struct xd_slice
key_in(struct xd_arena *arena, struct xd_slice header)
{
    char key[XD_HEADER_KEY_MAX];

    return xd_arena_copy(arena, xd_header_key(header, key));
}

/* "Global-e Order ID|Order" to "globaleorderid|order". */
static struct xd_slice
keys_in(struct xd_arena *arena, struct xd_slice spellings)
{
    char *out = xd_arena_alloc(arena, spellings.len + 1);
    char key[XD_HEADER_KEY_MAX];
    struct xd_slice one;
    size_t len = 0;

    while (out && xd_slice_next(&spellings, '|', &one)) {
        struct xd_slice found = xd_header_key(one, key);
        if (len) {
            out[len++] = '|';
        }
        memcpy(out + len, key, found.len);
        len += found.len;
    }
    return xd_slice_of(out, out ? len : 0);
}

static bool
read_use(struct xd_slice word, unsigned *use)
{
    static const char *const WORDS[] = {"", "manifest", "orders", "both"};
    size_t at = word_index(word, WORDS, 4);

    *use = (unsigned)at;
    return at > 0 && at < 4;
}

static bool
read_delimiters(struct xd_slice words, char *out)
{
    static const char *const WORDS[] = {"comma", "semicolon", "tab", "pipe"};
    struct xd_slice word;
    size_t count = 0;

    if (xd_slice_eq(words, XD_LIT("any"))) {
        memcpy(out, XD_DELIMITERS, 5);
        return true;
    }
    while (xd_slice_next(&words, ' ', &word)) {
        size_t at = word_index(word, WORDS, 4);
        if (at == 4 || count == 4) {
            return false;
        }
        out[count++] = XD_DELIMITERS[at];
    }
    return count > 0;
}

static bool
load_dialect(const struct xd_tsv *tsv, struct xd_slice *cells, struct xd_arena *arena,
             struct xd_dialect *to, struct xd_error *err)
{
    struct xd_slice part;

    *to = (struct xd_dialect){.name = cells[0], .title = cells[1], .file_name = cells[7]};
    if (!read_use(cells[2], &to->use)) {
        return xd_tsv_fail(tsv, err, "not a use of a layout:", cells[2]);
    }
    while (xd_slice_next(&cells[3], ';', &part)) {
        if (to->fingerprint_count == XD_FINGERPRINT_MAX) {
            return xd_tsv_fail(tsv, err, "too many headers in the fingerprint of", to->name);
        }
        to->fingerprint[to->fingerprint_count++] = keys_in(arena, part);
    }
    if (!read_delimiters(cells[4], to->delimiters)) {
        return xd_tsv_fail(tsv, err, "not a list of delimiters:", cells[4]);
    }
    to->literal_quotes = xd_slice_eq(cells[8], XD_LIT("literal"));
    if (cells[8].len && !to->literal_quotes) {
        return xd_tsv_fail(tsv, err, "quotes are literal or empty, not", cells[8]);
    }
    return read_field(tsv, cells[5], &to->carry_by, err) &&
           read_field(tsv, cells[6], &to->parcel_from, err);
}

static bool
load_dialects(struct xd_dialects *dialects, const struct xd_tables *tables, struct xd_arena *arena,
              struct xd_error *err)
{
    static const char *const COLUMNS[] = {"name",        "title",      "use",
                                          "fingerprint", "delimiters", "carry_by",
                                          "parcel_from", "file_name",  "quotes"};
    struct xd_slice cells[9];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "manifest/dialects.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "manifest/dialects.tsv", text, COLUMNS, 9, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (dialects->count == XD_DIALECTS_MAX) {
            return xd_tsv_fail(&tsv, err, "too many layouts at", cells[0]);
        }
        if (!load_dialect(&tsv, cells, arena, &dialects->list[dialects->count++], err)) {
            return false;
        }
    }
    for (unsigned use = XD_USE_MANIFEST; err->status == 0 && use <= XD_USE_ORDERS; use++) {
        if (!xd_dialect_generic(dialects, (enum xd_use)use)) {
            return xd_tsv_fail(&tsv, err, "the table lacks a layout without fingerprint for",
                               XD_NONE);
        }
    }
    return err->status == 0;
}

bool
xd_meaning_read(const struct xd_dialects *dialects, const struct xd_tsv *tsv, struct xd_slice name,
                struct xd_slice word, enum xd_field *field, const struct xd_conversion **conversion,
                struct xd_error *err)
{
    *conversion = word.len ? xd_conversion_find(dialects, word) : dialects->copy;
    if (!*conversion) {
        return xd_tsv_fail(tsv, err, "there is no conversion", word);
    }
    if (!read_field(tsv, name, field, err)) {
        return false;
    }
    return *field == XD_FIELD_NONE || xd_conversion_fits(*conversion, *field) ||
           xd_tsv_fail(tsv, err, "the conversion does not fit the field", name);
}

static bool
load_column(const struct xd_dialects *dialects, const struct xd_tsv *tsv,
            const struct xd_slice *cells, struct xd_arena *arena, struct xd_dialect_column *to,
            struct xd_error *err)
{
    size_t presence = word_index(cells[4], PRESENCES, XD_PRESENCE_COUNT);

    *to = (struct xd_dialect_column){.header = cells[1], .key = key_in(arena, cells[1])};
    if (presence == XD_PRESENCE_COUNT) {
        return xd_tsv_fail(tsv, err, "not a presence of a column:", cells[4]);
    }
    to->presence = (enum xd_presence)presence;
    if (to->key.len == 0) {
        return xd_tsv_fail(tsv, err, "a header without letters or digits:", cells[1]);
    }
    return xd_meaning_read(dialects, tsv, cells[2], cells[3], &to->field, &to->conversion, err);
}

/* The rows of a layout stand together, so each layout points at its stretch of the array. */
static bool
load_columns(struct xd_dialects *dialects, const struct xd_tables *tables, struct xd_arena *arena,
             struct xd_error *err)
{
    static const char *const COLUMNS[] = {"dialect", "header", "field", "conversion", "presence"};
    struct xd_dialect_column *columns;
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "manifest/dialect_columns.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "manifest/dialect_columns.tsv", text, COLUMNS, 5, err)) {
        return false;
    }
    columns = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*columns));
    if (!columns) {
        return xd_error_set(err, EX_OSERR, "no memory for manifest/dialect_columns.tsv");
    }
    for (; xd_tsv_next(&tsv, cells, err); columns++) {
        struct xd_dialect *owner = NULL;
        for (size_t i = 0; !owner && i < dialects->count; i++) {
            owner = xd_slice_eq(dialects->list[i].name, cells[0]) ? &dialects->list[i] : NULL;
        }
        if (!owner) {
            return xd_tsv_fail(&tsv, err, "there is no layout", cells[0]);
        }
        owner->columns = owner->column_count ? owner->columns : columns;
        if (owner->columns + owner->column_count++ != columns) {
            return xd_tsv_fail(&tsv, err, "the rows of a layout must stand together:", cells[0]);
        }
        if (!load_column(dialects, &tsv, cells, arena, columns, err)) {
            return false;
        }
    }
    return err->status == 0;
}

/* "order_id|weight_g:kg": every one must be a field, with a conversion that fits it. */
static bool
check_choices(const struct xd_dialects *dialects, const struct xd_tsv *tsv, struct xd_slice choices,
              struct xd_error *err)
{
    const struct xd_conversion *conversion;
    struct xd_slice one;
    struct xd_slice name;
    enum xd_field field;

    while (xd_slice_next(&choices, '|', &one)) {
        if (!xd_slice_next(&one, ':', &name) ||
            !xd_meaning_read(dialects, tsv, name, one, &field, &conversion, err)) {
            return false;
        }
    }
    return true;
}

static bool
load_alias(struct xd_dialects *dialects, const struct xd_tsv *tsv, const struct xd_slice *cells,
           uint32_t at, struct xd_error *err)
{
    struct xd_alias *alias = &dialects->aliases[at];
    char key[XD_HEADER_KEY_MAX];
    uint32_t old;

    alias->choices = xd_slice_find(cells[1], '|') < cells[1].len ? cells[1] : XD_NONE;
    if (!xd_slice_eq(xd_header_key(cells[0], key), cells[0])) {
        return xd_tsv_fail(tsv, err, "an alias is letters and digits in lower case, not", cells[0]);
    }
    if (alias->choices.len ? !check_choices(dialects, tsv, alias->choices, err)
                           : !xd_meaning_read(dialects, tsv, cells[1], cells[2], &alias->field,
                                              &alias->conversion, err)) {
        return false;
    }
    if (alias->choices.len) {
        alias->field = XD_FIELD_NONE;
        alias->conversion = dialects->copy;
    }
    if (!xd_map_put(&dialects->alias_keys, cells[0], at, &old)) {
        return xd_error_set(err, EX_OSERR, "no memory for manifest/aliases.tsv");
    }
    return old == XD_MAP_NONE || xd_tsv_fail(tsv, err, "the alias is there twice:", cells[0]);
}

static bool
load_aliases(struct xd_dialects *dialects, const struct xd_tables *tables, struct xd_arena *arena,
             struct xd_error *err)
{
    static const char *const COLUMNS[] = {"alias", "field", "conversion"};
    struct xd_slice cells[3];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t count;

    if (!xd_tables_get(tables, "manifest/aliases.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "manifest/aliases.tsv", text, COLUMNS, 3, err)) {
        return false;
    }
    count = xd_tsv_count(text);
    dialects->aliases = xd_arena_array(arena, count + 1, sizeof(*dialects->aliases));
    if (!dialects->aliases || !xd_map_init(&dialects->alias_keys, arena, count + 1, false)) {
        return xd_error_set(err, EX_OSERR, "no memory for manifest/aliases.tsv");
    }
    for (uint32_t at = 0; xd_tsv_next(&tsv, cells, err); at++) {
        if (!load_alias(dialects, &tsv, cells, at, err)) {
            return false;
        }
    }
    return err->status == 0;
}

bool
xd_dialects_load(struct xd_dialects *dialects, const struct xd_tables *tables,
                 const struct xd_countries *countries, struct xd_arena *arena, struct xd_error *err)
{
    *dialects = (struct xd_dialects){.countries = countries};
    return load_conversions(dialects, tables, err) && load_dialects(dialects, tables, arena, err) &&
           load_columns(dialects, tables, arena, err) && load_aliases(dialects, tables, arena, err);
}
