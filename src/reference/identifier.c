/*
 * The table of identifiers in memory: every alternative of every scheme compiled, and listed by the
 * length of text that it can fit, because a number of unknown origin has nothing else to begin
 * with.
 */
#include "reference/identifier.h"

#include <sysexits.h>

#include "base/tsv.h"
#include "reference/identifier_carrier.h"
#include "reference/identifier_shape.h"

#define SHAPES_MAX 400

static const char *const TABLE = "reference/identifiers.tsv";
static const char *const INDICATORS = "reference/s10_indicators.tsv";

struct loader {
    struct xd_identifiers *ids;
    struct xd_arena *arena;
    struct xd_tsv tsv;
    struct xd_error *err;
};

enum { SCHEME, NAME, LEAD, SHAPE, RULE, SCORE, PATTERN, COLUMN_COUNT };

static bool
parse_rule(struct xd_slice text, enum xd_scheme_rule *rule)
{
    static const char *const NAMES[] = {"", "s10", "element-string", "keep-case"};

    for (unsigned i = 0; i < 4; i++) {
        if (xd_slice_eq(text, xd_slice_str(NAMES[i]))) {
            *rule = (enum xd_scheme_rule)i;
            return true;
        }
    }
    return false;
}

static bool
add_shape(struct loader *l, struct xd_slice lead, struct xd_slice text, uint8_t score)
{
    size_t choices = 1;

    for (size_t choice = 0; choice < choices; choice++) {
        if (l->ids->shape_count == SHAPES_MAX) {
            return xd_tsv_fail(&l->tsv, l->err, "the table has too many shapes at", text);
        }
        struct xd_shape *shape = &l->ids->shapes[l->ids->shape_count++];
        *shape = (struct xd_shape){.scheme = l->ids->scheme_count, .score = score};
        const char *wrong = xd_shape_compile(lead, text, choice, l->arena, shape, &choices);
        if (wrong) {
            return xd_tsv_fail(&l->tsv, l->err, wrong, text);
        }
    }
    return true;
}

/* Every shape of the row without lead-in, then with each of the lead-ins. */
static bool
add_shapes(struct loader *l, struct xd_slice leads, struct xd_slice shapes, uint8_t score)
{
    struct xd_slice lead = XD_NONE;

    do {
        struct xd_slice rest = shapes;
        struct xd_slice text;
        while (xd_slice_next(&rest, '|', &text)) {
            if (!add_shape(l, xd_slice_trim(lead), xd_slice_trim(text), score)) {
                return false;
            }
        }
    } while (xd_slice_next(&leads, '|', &lead));
    return true;
}

static bool
add_scheme(struct loader *l, const struct xd_slice *cells)
{
    struct xd_scheme *scheme = &l->ids->schemes[l->ids->scheme_count];
    uint64_t score = 0;
    uint32_t old = XD_MAP_NONE;

    *scheme = (struct xd_scheme){.name = cells[SCHEME],
                                 .title = cells[NAME],
                                 .pattern = cells[PATTERN],
                                 .first_shape = l->ids->shape_count};
    if (!parse_rule(cells[RULE], &scheme->rule)) {
        return xd_tsv_fail(&l->tsv, l->err, "there is no such rule:", cells[RULE]);
    }
    if (!xd_slice_u64(cells[SCORE], &score) || score > 100) {
        return xd_tsv_fail(&l->tsv, l->err, "a score is 0 to 100, not", cells[SCORE]);
    }
    scheme->score = (uint8_t)score;
    if (l->ids->scheme_count == XD_SCHEMES_MAX) {
        return xd_tsv_fail(&l->tsv, l->err, "the table has too many schemes at", cells[SCHEME]);
    }
    if (!xd_map_put(&l->ids->scheme_map, scheme->name, l->ids->scheme_count, &old) ||
        old != XD_MAP_NONE) {
        return xd_tsv_fail(&l->tsv, l->err, "the scheme is there twice:", cells[SCHEME]);
    }
    if (scheme->rule != XD_RULE_ELEMENT_STRING &&
        !add_shapes(l, cells[LEAD], cells[SHAPE], scheme->score)) {
        return false;
    }
    scheme->shapes = (uint16_t)(l->ids->shape_count - scheme->first_shape);
    l->ids->scheme_count++;
    return true;
}

static bool
take_memory(struct loader *l, size_t schemes)
{
    struct xd_identifiers *ids = l->ids;

    ids->schemes = xd_arena_array(l->arena, schemes + 1, sizeof(*ids->schemes));
    ids->shapes = xd_arena_array(l->arena, SHAPES_MAX, sizeof(*ids->shapes));
    return ids->schemes && ids->shapes && xd_map_init(&ids->scheme_map, l->arena, schemes, false);
}

/* True when the shape can have a text of `len` characters that begins so. */
static bool
can_have(const struct xd_shape *shape, size_t begins, size_t len)
{
    if (len < shape->shortest || len > shape->longest) {
        return false;
    }
    uint64_t first = xd_shape_symbols(shape, 0, len);
    return begins == XD_BEGINS_WITH_DIGIT ? (first & XD_SYMBOLS_DIGIT) != 0
                                          : (first & ~XD_SYMBOLS_DIGIT) != 0;
}

/* Inserts the shape so that the best score comes first and rows of equal score keep their order. */
static void
insert_by_score(const struct xd_shape *shapes, struct xd_shape_key *list, uint16_t count,
                uint16_t shape, size_t len)
{
    while (count > 0 && list[count - 1].score < shapes[shape].score) {
        list[count] = list[count - 1];
        count--;
    }
    list[count] = (struct xd_shape_key){.shape = shape};
    xd_shape_index(&shapes[shape], len, &list[count]);
}

static bool
index_length(struct xd_identifiers *ids, size_t begins, size_t len, struct xd_arena *arena)
{
    struct xd_shape_list *list = &ids->by_length[begins][len];
    size_t fitting = 0;

    for (uint16_t i = 0; i < ids->shape_count; i++) {
        fitting += can_have(&ids->shapes[i], begins, len);
    }
    struct xd_shape_key *keys = xd_arena_array(arena, fitting + 1, sizeof(*keys));
    if (!keys) {
        return false;
    }
    list->keys = keys;
    for (uint16_t i = 0; i < ids->shape_count; i++) {
        if (can_have(&ids->shapes[i], begins, len)) {
            insert_by_score(ids->shapes, keys, list->count++, i, len);
        }
    }
    return true;
}

/* The keys of one scheme by length, best score first. */
static bool
index_scheme(struct xd_identifiers *ids, struct xd_scheme *row, struct xd_arena *arena)
{
    size_t count = 0;

    for (uint16_t i = 0; i < row->shapes; i++) {
        const struct xd_shape *shape = &ids->shapes[row->first_shape + i];
        count += (size_t)(shape->longest - shape->shortest) + 1;
    }
    struct xd_shape_key *keys = xd_arena_array(arena, count + 1, sizeof(*keys));
    if (!keys) {
        return false;
    }
    row->keys = keys;
    for (size_t len = 0; len <= XD_IDENTIFIER_TEXT; len++) {
        uint16_t from = row->key_from[len];
        row->key_from[len + 1] = from;
        for (uint16_t i = 0; i < row->shapes; i++) {
            uint16_t shape = (uint16_t)(row->first_shape + i);
            if (len >= ids->shapes[shape].shortest && len <= ids->shapes[shape].longest) {
                insert_by_score(ids->shapes, keys + from, (uint16_t)(row->key_from[len + 1] - from),
                                shape, len);
                row->key_from[len + 1]++;
            }
        }
    }
    return true;
}

static bool
index_all(struct xd_identifiers *ids, struct xd_arena *arena)
{
    bool ok = true;

    for (size_t len = 0; len <= XD_IDENTIFIER_TEXT && ok; len++) {
        ok = index_length(ids, XD_BEGINS_OTHERWISE, len, arena) &&
             index_length(ids, XD_BEGINS_WITH_DIGIT, len, arena);
    }
    for (uint16_t i = 0; i < ids->scheme_count && ok; i++) {
        ok = index_scheme(ids, &ids->schemes[i], arena);
    }
    return ok;
}

static bool
parse_status(struct xd_slice text, uint8_t *status)
{
    static const char *const NAMES[] = {"unassigned", "assigned", "bilateral", "forbidden"};

    for (uint8_t i = 0; i < 4; i++) {
        if (xd_slice_eq(text, xd_slice_str(NAMES[i]))) {
            *status = i;
            return true;
        }
    }
    return false;
}

static bool
load_indicators(struct loader *l, const struct xd_tables *tables)
{
    static const char *const COLUMNS[] = {"first", "second_from", "second_to", "status"};
    struct xd_slice cells[4];
    struct xd_slice text;
    uint8_t status = 0;

    if (!xd_tables_get(tables, INDICATORS, &text, l->err) ||
        !xd_tsv_open(&l->tsv, INDICATORS, text, COLUMNS, 4, l->err)) {
        return false;
    }
    while (xd_tsv_next(&l->tsv, cells, l->err)) {
        for (size_t i = 0; i < 3; i++) {
            if (cells[i].len != 1 || !xd_is_upper(cells[i].ptr[0])) {
                return xd_tsv_fail(&l->tsv, l->err, "not one capital letter:", cells[i]);
            }
        }
        if (!parse_status(cells[3], &status)) {
            return xd_tsv_fail(&l->tsv, l->err, "there is no such status:", cells[3]);
        }
        for (char c = cells[1].ptr[0]; c <= cells[2].ptr[0]; c++) {
            l->ids->s10.status[cells[0].ptr[0] - 'A'][c - 'A'] = status;
        }
    }
    return l->err->status == 0;
}

static bool
load_schemes(struct loader *l, const struct xd_tables *tables)
{
    static const char *const COLUMNS[] = {"scheme", "name",  "lead",   "shape",
                                          "rule",   "score", "pattern"};
    struct xd_slice cells[COLUMN_COUNT];
    struct xd_slice text;

    if (!xd_tables_get(tables, TABLE, &text, l->err) ||
        !xd_tsv_open(&l->tsv, TABLE, text, COLUMNS, COLUMN_COUNT, l->err)) {
        return false;
    }
    if (!take_memory(l, xd_tsv_count(text))) {
        return xd_tsv_fail(&l->tsv, l->err, "no memory for the table", XD_NONE);
    }
    while (xd_tsv_next(&l->tsv, cells, l->err)) {
        if (!add_scheme(l, cells)) {
            return false;
        }
    }
    return l->err->status == 0;
}

bool
xd_identifiers_load(struct xd_identifiers *ids, const struct xd_tables *tables,
                    struct xd_arena *arena, struct xd_error *err)
{
    struct loader l = {.ids = ids, .arena = arena, .err = err};

    *ids = (struct xd_identifiers){0};
    for (unsigned c = 0; c < 256; c++) {
        ids->symbol[c] = xd_symbol_of((char)c);
    }
    if (!load_schemes(&l, tables) || !xd_identifier_carriers_load(ids, tables, arena, err) ||
        !load_indicators(&l, tables) ||
        !xd_look_alikes_load(&ids->look_alikes, tables, arena, err) ||
        !xd_code_lists_load(&ids->codes, tables, arena, err) ||
        !xd_gs1_ais_load(&ids->gs1, tables, arena, err)) {
        return false;
    }
    if (!index_all(ids, arena)) {
        return xd_error_set(err, EX_OSERR, "no memory for the table %s", TABLE);
    }
    return true;
}

uint16_t
xd_scheme_find(const struct xd_identifiers *ids, struct xd_slice name)
{
    uint32_t at = xd_map_get(&ids->scheme_map, name);

    return at == XD_MAP_NONE ? XD_SCHEME_NONE : (uint16_t)at;
}
