/*
 * The table of identifiers in memory: every alternative of every scheme compiled, and listed by the
 * length of text that it can fit, because a number of unknown origin has nothing else to begin
 * with.
 */
#include "reference/identifier.h"

#include <sysexits.h>

#include "base/tsv.h"
#include "reference/identifier_shape.h"

#define SHAPES_MAX   400
#define CARRIERS_MAX 120

static const char *const TABLE = "reference/identifiers.tsv";
static const char *const INDICATORS = "reference/s10_indicators.tsv";

struct loader {
    struct xd_identifiers *ids;
    struct xd_arena *arena;
    struct xd_tsv tsv;
    struct xd_error *err;
};

enum { SCHEME, NAME, CARRIERS, LEAD, SHAPE, RULE, SCORE, PATTERN, COLUMN_COUNT };

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

static struct xd_slice
carrier_key(struct xd_slice name, char *out, size_t cap)
{
    size_t len = 0;

    for (size_t i = 0; i < name.len && len < cap; i++) {
        if (xd_is_digit(name.ptr[i]) || xd_is_alpha(name.ptr[i])) {
            out[len++] = xd_to_lower(name.ptr[i]);
        }
    }
    return xd_slice_of(out, len);
}

/* The slot that holds the code, or the free one where it belongs. There are more slots than
 * carriers.
 */
static const struct xd_carrier_slot *
slot_of(const struct xd_identifiers *ids, struct xd_bytes16 code)
{
    size_t at = (code.low ^ code.high) * UINT64_C(0x9e3779b97f4a7c15) >> 56;

    while (ids->carrier_slots[at].carrier && (ids->carrier_slots[at].code.low != code.low ||
                                              ids->carrier_slots[at].code.high != code.high)) {
        at = (at + 1) % XD_CARRIER_SLOTS;
    }
    return &ids->carrier_slots[at];
}

static void
fill_slot(struct xd_identifiers *ids, struct xd_slice code, uint16_t index)
{
    if (code.len <= 16) {
        struct xd_bytes16 bytes = xd_bytes16(code);
        size_t at = (size_t)(slot_of(ids, bytes) - ids->carrier_slots);
        ids->carrier_slots[at] = (struct xd_carrier_slot){bytes, index + 1U};
    }
}

static struct xd_identifier_carrier *
carrier_of(struct loader *l, struct xd_slice code)
{
    char buffer[64];
    struct xd_slice key = carrier_key(code, buffer, sizeof(buffer));
    uint32_t at = xd_map_get(&l->ids->carrier_map, key);

    if (at != XD_MAP_NONE) {
        return &l->ids->carriers[at];
    }
    if (l->ids->carrier_count == CARRIERS_MAX) {
        return NULL;
    }
    struct xd_identifier_carrier *carrier = &l->ids->carriers[l->ids->carrier_count];
    uint16_t index = l->ids->carrier_count++;
    carrier->code = code;
    carrier->key = xd_arena_copy(l->arena, key);
    fill_slot(l->ids, code, index);
    return xd_map_put(&l->ids->carrier_map, carrier->code, index, NULL) &&
                   xd_map_put(&l->ids->carrier_map, carrier->key, index, NULL)
               ? carrier
               : NULL;
}

static bool
add_carriers(struct loader *l, struct xd_slice codes)
{
    struct xd_slice code;

    while (xd_slice_next(&codes, ' ', &code)) {
        struct xd_identifier_carrier *carrier = carrier_of(l, code);
        if (!carrier || carrier->count == XD_CARRIER_SCHEMES) {
            return xd_tsv_fail(&l->tsv, l->err, "too many carriers, or too many schemes of", code);
        }
        carrier->schemes[carrier->count++] = l->ids->scheme_count;
        carrier->uses[l->ids->scheme_count] = true;
    }
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
    if (!add_carriers(l, cells[CARRIERS])) {
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
    ids->carriers = xd_arena_array(l->arena, CARRIERS_MAX, sizeof(*ids->carriers));
    return ids->schemes && ids->shapes && ids->carriers &&
           xd_map_init(&ids->scheme_map, l->arena, schemes, false) &&
           xd_map_init(&ids->carrier_map, l->arena, CARRIERS_MAX, false);
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
    static const char *const COLUMNS[] = {"scheme", "name", "carriers", "lead",
                                          "shape",  "rule", "score",    "pattern"};
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
    if (!load_schemes(&l, tables) || !load_indicators(&l, tables) ||
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

static uint16_t
find_written(const struct xd_identifiers *ids, struct xd_slice carrier)
{
    char buffer[64];
    uint32_t at = xd_map_get(&ids->carrier_map, carrier);
    size_t longest = 0;
    uint16_t found = XD_ID_CARRIER_NONE;

    if (at != XD_MAP_NONE) {
        return (uint16_t)at;
    }
    struct xd_slice key = carrier_key(carrier, buffer, sizeof(buffer));
    at = xd_map_get(&ids->carrier_map, key);
    if (at != XD_MAP_NONE) {
        return (uint16_t)at;
    }
    for (uint16_t i = 0; i < ids->carrier_count; i++) {
        struct xd_slice known = ids->carriers[i].key;
        if (known.len > longest && xd_slice_starts(key, known)) {
            longest = known.len;
            found = i;
        }
    }
    return found;
}

uint16_t
xd_identifier_carrier_find(const struct xd_identifiers *ids, struct xd_slice carrier)
{
    const struct xd_carrier_slot *slot;

    if (carrier.len == 0) {
        return XD_ID_CARRIER_NONE;
    }
    if (carrier.len <= 16) {
        slot = slot_of(ids, xd_bytes16(carrier));
        if (slot->carrier) {
            return (uint16_t)(slot->carrier - 1);
        }
    }
    return find_written(ids, carrier);
}
