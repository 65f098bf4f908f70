/*
 * The application identifiers in memory, found by their number: an element string is cut by looking
 * up two, three or four digits at a time, so the look-up is an array and not a search.
 */
#include "reference/gs1_ai.h"

#include "base/tsv.h"

static const char *const TABLE = "reference/gs1_ai.tsv";

static const char *const RULES[XD_GS1_RULE_COUNT] = {
#define X(upper, lower) [XD_GS1_RULE_##upper] = lower,
    XD_GS1_RULE_NAMES(X)
#undef X
};

enum { AI, TITLE, DATA, FIXED, NEEDS, NOT_WITH, LINK, FIELD, COLUMN_COUNT };

static bool
parse_rules(struct xd_slice names, struct xd_gs1_component *component)
{
    struct xd_slice name;

    while (xd_slice_next(&names, ',', &name)) {
        uint8_t rule = 0;
        while (rule < XD_GS1_RULE_COUNT && !xd_slice_eq(name, xd_slice_str(RULES[rule]))) {
            rule++;
        }
        if (rule == XD_GS1_RULE_COUNT || component->rules == XD_GS1_RULES) {
            return false;
        }
        component->rule[component->rules++] = rule;
    }
    return true;
}

/* n14:check,prefix2 or [x1-17]. */
static bool
parse_component(struct xd_slice text, struct xd_gs1_component *component)
{
    uint64_t least = 0;
    uint64_t most = 0;

    *component = (struct xd_gs1_component){0};
    if (text.len > 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']') {
        component->optional = true;
        text = xd_slice_sub(text, 1, text.len - 2);
    }
    size_t colon = xd_slice_find(text, ':');
    struct xd_slice range = xd_slice_sub(text, 1, colon ? colon - 1 : 0);
    struct xd_slice rules = xd_slice_sub(text, colon + 1, SIZE_MAX);
    struct xd_slice low = XD_NONE;
    if (!xd_slice_next(&range, '-', &low) || !xd_slice_u64(low, &least)) {
        return false;
    }
    most = least;
    if (range.len && !xd_slice_u64(range, &most)) {
        return false;
    }
    component->type = text.ptr[0];
    component->shortest = (uint8_t)least;
    component->longest = (uint8_t)most;
    return memchr("nxyz", component->type, 4) && least > 0 && least <= most && most <= 90 &&
           parse_rules(rules, component);
}

static bool
parse_data(struct xd_slice text, struct xd_slice fields, struct xd_gs1_ai *ai)
{
    struct xd_slice part;

    while (xd_slice_next(&text, ' ', &part)) {
        if (ai->components == XD_GS1_COMPONENTS) {
            return false;
        }
        struct xd_gs1_component *component = &ai->component[ai->components++];
        if (!parse_component(part, component)) {
            return false;
        }
        (void)xd_slice_next(&fields, ' ', &component->field);
        ai->shortest = (uint8_t)(ai->shortest + (component->optional ? 0 : component->shortest));
        ai->longest = (uint8_t)(ai->longest + component->longest);
    }
    return ai->components > 0;
}

static bool
register_number(struct xd_gs1_ais *ais, size_t digits, uint64_t number, uint16_t index)
{
    uint16_t *slot = digits == 2   ? &ais->two[number]
                     : digits == 3 ? &ais->three[number]
                     : digits == 4 ? &ais->four[number]
                                   : NULL;

    if (!slot || *slot != XD_GS1_AI_NONE) {
        return false;
    }
    *slot = index;
    return true;
}

/* "00" or "3100-3105". */
static bool
register_range(struct xd_gs1_ais *ais, struct xd_slice text, uint16_t index)
{
    struct xd_slice low = XD_NONE;
    uint64_t from = 0;
    uint64_t to = 0;

    if (!xd_slice_next(&text, '-', &low) || low.len > 4 || !xd_slice_u64(low, &from)) {
        return false;
    }
    to = from;
    if (text.len && (text.len != low.len || !xd_slice_u64(text, &to))) {
        return false;
    }
    ais->list[index].from = low;
    for (uint64_t number = from; number <= to; number++) {
        if (!register_number(ais, low.len, number, index)) {
            return false;
        }
    }
    return true;
}

static bool
parse_link(struct xd_slice text, struct xd_gs1_ai *ai)
{
    ai->attribute = xd_slice_eq(text, XD_LIT("attribute"));
    ai->key = xd_slice_starts(text, XD_LIT("key"));
    if (ai->key) {
        ai->qualifiers = xd_slice_trim(xd_slice_sub(text, 3, SIZE_MAX));
    }
    return ai->attribute || ai->key || text.len == 0;
}

static bool
parse_row(struct xd_gs1_ais *ais, const struct xd_tsv *tsv, const struct xd_slice *cells,
          struct xd_error *err)
{
    uint16_t index = ais->count++;
    struct xd_gs1_ai *ai = &ais->list[index];

    *ai = (struct xd_gs1_ai){.title = cells[TITLE],
                             .fixed = xd_slice_eq(cells[FIXED], XD_LIT("fixed")),
                             .needs = cells[NEEDS],
                             .not_with = cells[NOT_WITH]};
    if (!register_range(ais, cells[AI], index)) {
        return xd_tsv_fail(tsv, err, "not an identifier or a range, or there already:", cells[AI]);
    }
    if (!parse_data(cells[DATA], cells[FIELD], ai)) {
        return xd_tsv_fail(tsv, err, "the components cannot be read:", cells[DATA]);
    }
    if (!parse_link(cells[LINK], ai)) {
        return xd_tsv_fail(tsv, err, "link is attribute, key or nothing, not", cells[LINK]);
    }
    if (ai->fixed && ai->shortest != ai->longest) {
        return xd_tsv_fail(tsv, err, "not of fixed length:", cells[DATA]);
    }
    return true;
}

bool
xd_gs1_ais_load(struct xd_gs1_ais *ais, const struct xd_tables *tables, struct xd_arena *arena,
                struct xd_error *err)
{
    static const char *const COLUMNS[] = {"ai",    "title",    "data", "fixed",
                                          "needs", "not_with", "link", "?field"};
    struct xd_slice cells[COLUMN_COUNT];
    struct xd_slice text;
    struct xd_tsv tsv;

    ais->count = 0;
    memset(ais->two, 0xff, sizeof(ais->two)); /* XD_GS1_AI_NONE everywhere */
    memset(ais->three, 0xff, sizeof(ais->three));
    memset(ais->four, 0xff, sizeof(ais->four));
    if (!xd_tables_get(tables, TABLE, &text, err) ||
        !xd_tsv_open(&tsv, TABLE, text, COLUMNS, COLUMN_COUNT, err)) {
        return false;
    }
    ais->list = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*ais->list));
    if (!ais->list) {
        return xd_tsv_fail(&tsv, err, "no memory for the table", XD_NONE);
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!parse_row(ais, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0;
}

uint16_t
xd_gs1_ai_at(const struct xd_gs1_ais *ais, struct xd_slice text, size_t *len)
{
    unsigned number = 0;

    for (size_t i = 0; i < 4 && i < text.len && xd_is_digit(text.ptr[i]); i++) {
        number = number * 10 + (unsigned)(text.ptr[i] - '0');
        uint16_t found = i == 1   ? ais->two[number]
                         : i == 2 ? ais->three[number]
                         : i == 3 ? ais->four[number]
                                  : XD_GS1_AI_NONE;
        if (found != XD_GS1_AI_NONE) {
            *len = i + 1;
            return found;
        }
    }
    *len = 0;
    return XD_GS1_AI_NONE;
}

bool
xd_gs1_ai_matches(struct xd_slice pattern, struct xd_slice ai)
{
    if (pattern.len != ai.len) {
        return false;
    }
    for (size_t i = 0; i < ai.len; i++) {
        if (pattern.ptr[i] != ai.ptr[i] && pattern.ptr[i] != 'n') {
            return false;
        }
    }
    return true;
}
