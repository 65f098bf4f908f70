/*
 * A shape is compiled into one 64-bit set per character, so that checking a postal code is a
 * handful of bit tests and writing its canonical form a copy. The notation is described on top of
 * postal.tsv.
 */
#include "reference/postal_rule.h"

#include <sysexits.h>

#include "base/tsv.h"

static const uint64_t DIGITS = 0x3ff;
static const uint64_t LETTERS = 0x3ffffffULL << 10;

uint8_t
xd_postal_code_of(char c)
{
    if (xd_is_digit(c)) {
        return (uint8_t)(c - '0');
    }
    return xd_is_alpha(c) ? (uint8_t)(xd_to_upper(c) - 'A' + 10) : (uint8_t)0xff;
}

/* Reads "[A-CX]" from its first character on; the position behind it, or 0. */
static size_t
parse_set(struct xd_slice text, size_t at, uint64_t *set)
{
    *set = 0;
    for (at++; at < text.len && text.ptr[at] != ']'; at++) {
        uint8_t first = xd_postal_code_of(text.ptr[at]);
        uint8_t last = first;
        if (at + 2 < text.len && text.ptr[at + 1] == '-') {
            at += 2;
            last = xd_postal_code_of(text.ptr[at]);
        }
        if (first == 0xff || last == 0xff || last < first) {
            return 0;
        }
        for (; first <= last; first++) {
            *set |= 1ULL << first;
        }
    }
    return at < text.len ? at + 1 : 0;
}

/* The set of the next character of a shape; the position behind it, or 0 when the notation is
 * wrong. */
static size_t
parse_character(struct xd_slice text, size_t at, uint64_t *set)
{
    char c = text.ptr[at];
    uint8_t code;

    switch (c) {
    case 'n':
        *set = DIGITS;
        return at + 1;
    case 'a':
        *set = LETTERS;
        return at + 1;
    case 'x':
        *set = DIGITS | LETTERS;
        return at + 1;
    case '[':
        return parse_set(text, at, set);
    default:
        code = xd_postal_code_of(c);
        if (code == 0xff || xd_is_lower(c)) {
            return 0;
        }
        *set = 1ULL << code;
        return at + 1;
    }
}

static bool
parse_shape(struct xd_slice text, struct xd_postal_shape *shape)
{
    char separator = 0;
    bool gap = false;

    *shape = (struct xd_postal_shape){0};
    for (size_t at = 0; at < text.len;) {
        char c = text.ptr[at];
        if (c == ' ' || c == '-' || c == '_') {
            separator = c == '_' ? (char)0 : c;
            gap = true;
            at++;
        } else if (c == '(') {
            at++;
        } else if (c == ')') {
            shape->lead = shape->len;
            gap = true;
            at++;
        } else {
            if (shape->len == XD_POSTAL_CHARS) {
                return false;
            }
            at = parse_character(text, at, &shape->sets[shape->len]);
            if (at == 0) {
                return false;
            }
            shape->before[shape->len] = separator;
            shape->gaps |= gap ? 1U << shape->len : 0;
            shape->len++;
            separator = 0;
            gap = false;
        }
    }
    return shape->len > 0;
}

static uint8_t
code_byte(unsigned code)
{
    return (uint8_t)(code < 10 ? '0' + code : 'A' + (code - 10));
}

/* Writes the characters of a set as a range, and whether the range holds others as well. */
static bool
put_range(uint64_t set, uint8_t *low, uint8_t *high)
{
    unsigned first = (unsigned)__builtin_ctzll(set);
    unsigned last = 63U - (unsigned)__builtin_clzll(set);

    *low = code_byte(first);
    *high = code_byte(last);
    return (set >> first) + 1 != UINT64_C(1) << (last - first + 1) || (first < 10 && last >= 10);
}

/* Shapes of as many characters that are written with the same separators cannot be confused: what
 * is canonical for the later one is what the earlier one would have made of it. */
static bool
same_layout(const struct xd_postal_shape *a, const struct xd_postal_shape *b)
{
    return a->len == b->len && memcmp(a->before, b->before, sizeof(a->before)) == 0;
}

static bool
may_be_read_as(const struct xd_postal_shape *earlier, const struct xd_postal_shape *shape)
{
    return (earlier->len == shape->len || earlier->len - earlier->lead == shape->len) &&
           !same_layout(earlier, shape);
}

static void
make_form(const struct xd_postal_rule *rule, unsigned which, struct xd_postal_form *form)
{
    const struct xd_postal_shape *shape = &rule->shapes[which];
    unsigned separators = 0;
    size_t at = 0;

    *form = (struct xd_postal_form){.separator = 16, .usable = true};
    for (unsigned i = 0; i < which; i++) {
        form->usable &= !may_be_read_as(&rule->shapes[i], shape);
    }
    for (unsigned i = 0; i < shape->len && at < 15; i++, at++) {
        if (shape->before[i]) {
            separators++;
            form->separator = (uint8_t)at;
            form->low[at] = form->high[at] = (uint8_t)shape->before[i];
            at++;
        }
        if (put_range(shape->sets[i], &form->low[at], &form->high[at])) {
            form->gappy |= (uint16_t)(1U << at);
        }
    }
    form->len = (uint8_t)at;
    form->usable &= at < 15 && separators <= 1;
}

static bool
make_forms(struct xd_postal_rule *rule, struct xd_arena *arena)
{
    struct xd_postal_form *forms =
        xd_arena_array(arena, rule->shape_count + 1U, sizeof(*rule->forms));

    for (unsigned i = 0; forms && i < rule->shape_count; i++) {
        make_form(rule, i, &forms[i]);
    }
    rule->forms = forms;
    return forms != NULL;
}

static bool
parse_shapes(struct xd_postal_rule *rule, struct xd_slice text, struct xd_arena *arena)
{
    struct xd_postal_shape *shapes;
    struct xd_slice part;
    size_t count = 1;

    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '|';
    }
    shapes = xd_arena_array(arena, count, sizeof(*shapes));
    if (!shapes || count > UINT8_MAX) {
        return false;
    }
    rule->shapes = shapes;
    for (; xd_slice_next(&text, '|', &part); rule->shape_count++) {
        if (!parse_shape(part, &shapes[rule->shape_count])) {
            return false;
        }
    }
    return true;
}

static bool
parse_parts(struct xd_slice text, uint8_t *parts)
{
    static const struct {
        struct xd_slice name;
        uint8_t part;
    } PARTS[] = {
        {{"address1", 8}, XD_PART_ADDRESS1},
        {{"city", 4}, XD_PART_CITY},
        {{"region", 6}, XD_PART_REGION},
        {{"postal_code", 11}, XD_PART_POSTAL_CODE},
    };
    struct xd_slice word;

    while (xd_slice_next(&text, ' ', &word)) {
        size_t i = 0;
        while (i < 4 && !xd_slice_eq(word, PARTS[i].name)) {
            i++;
        }
        if (i == 4) {
            return false;
        }
        *parts = (uint8_t)(*parts | PARTS[i].part);
    }
    return true;
}

/* The place of `word` among the names, or -1. */
static int
word_index(struct xd_slice word, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (xd_slice_eq(word, xd_slice_str(names[i]))) {
            return i;
        }
    }
    return -1;
}

static bool
parse_scripts(struct xd_slice text, uint32_t *scripts)
{
    static const char *const NAMES[] = {"Latn", "Cyrl", "Grek", "Arab", "Hebr", "Hani",
                                        "Kana", "Hang", "Thai", "Armn", "Geor", "Ethi",
                                        "Indi", "Khmr", "Laoo", "Mymr", "Tibt"};
    struct xd_slice word;

    *scripts = 1U << XD_SCRIPT_LATN;
    while (xd_slice_next(&text, ' ', &word)) {
        int script = word_index(word, NAMES, XD_SCRIPT_OTHER);
        if (script < 0) {
            return false;
        }
        *scripts |= 1U << script;
    }
    return true;
}

enum {
    COL_COUNTRY,
    COL_REQUIRED,
    COL_USED,
    COL_POSTAL,
    COL_SHAPES,
    COL_EXACT,
    COL_AREA,
    COL_PATTERN,
    COL_EXAMPLE,
    COL_STRIP,
    COL_HOUSE_NUMBER,
    COL_PO_BOX,
    COL_POSTAL_NAME,
    COL_REGION_NAME,
    COL_CITY_NAME,
    COL_LANGUAGES,
    COL_SCRIPTS,
    COL_COUNT,
};

static const char *const COLUMNS[COL_COUNT] = {
    "country",     "required",    "used",      "postal",    "shapes",       "exact",
    "area",        "pattern",     "example",   "strip",     "house_number", "po_box",
    "postal_name", "region_name", "city_name", "languages", "scripts",
};

static bool
load_rule(struct xd_postal_rules *rules, const struct xd_tsv *tsv, const struct xd_slice *cells,
          struct xd_arena *arena, struct xd_error *err)
{
    static const char *const NEEDS[] = {"unused", "optional", "required"};
    static const char *const AREAS[] = {"", "letters", "3"};
    uint16_t country = xd_country_find(rules->countries, cells[COL_COUNTRY]);
    int need = word_index(cells[COL_POSTAL], NEEDS, 3);
    int area = word_index(cells[COL_AREA], AREAS, 3);
    struct xd_postal_rule *rule;

    if (country == XD_COUNTRY_NONE || rules->of[country].known) {
        return xd_tsv_fail(tsv, err, "a country that has no row yet was expected, not",
                           cells[COL_COUNTRY]);
    }
    rule = &rules->of[country];
    if (need < 0 || area < 0 || !parse_parts(cells[COL_REQUIRED], &rule->required) ||
        !parse_parts(cells[COL_USED], &rule->used) ||
        !parse_scripts(cells[COL_SCRIPTS], &rule->scripts)) {
        return xd_tsv_fail(tsv, err, "a word of this row is unknown; the country is",
                           cells[COL_COUNTRY]);
    }
    if (!parse_shapes(rule, cells[COL_SHAPES], arena) || !make_forms(rule, arena)) {
        return xd_tsv_fail(tsv, err, "the shapes cannot be read:", cells[COL_SHAPES]);
    }
    rule->known = true;
    rule->exact = xd_slice_eq(cells[COL_EXACT], XD_LIT("yes"));
    rule->house_number = xd_slice_eq(cells[COL_HOUSE_NUMBER], XD_LIT("expected"));
    rule->po_box_normal = xd_slice_eq(cells[COL_PO_BOX], XD_LIT("normal"));
    rule->need = (enum xd_postal_need)need;
    rule->area = (enum xd_postal_area)area;
    rule->pattern = cells[COL_PATTERN];
    rule->example = cells[COL_EXAMPLE];
    rule->strip = cells[COL_STRIP];
    rule->postal_name = cells[COL_POSTAL_NAME];
    rule->region_name = cells[COL_REGION_NAME];
    rule->city_name = cells[COL_CITY_NAME];
    rule->languages = cells[COL_LANGUAGES];
    return true;
}

/* Notes an area of up to three letters and digits where it is found quickest; the map has them all.
 * False when memory ran out. */
static bool
mark_area(struct xd_postal_rules *rules, const struct xd_slice *cells, struct xd_arena *arena)
{
    uint16_t country = xd_country_find(rules->countries, cells[0]);
    uint8_t codes[3];
    uint64_t *bits;
    size_t bit;

    if (country == XD_COUNTRY_NONE || cells[1].len > sizeof(codes)) {
        return true;
    }
    for (size_t i = 0; i < cells[1].len; i++) {
        codes[i] = xd_postal_code_of(cells[1].ptr[i]);
        if (codes[i] == 0xff) {
            return true;
        }
    }
    bits = rules->area_bits[country];
    if (!bits) {
        bits = xd_arena_array(arena, XD_AREA_BITS / 64 + 1, sizeof(*bits));
        rules->area_bits[country] = bits;
    }
    bit = xd_area_bit(codes, cells[1].len);
    if (bits) {
        bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
    return bits != NULL;
}

static bool
load_areas(struct xd_postal_rules *rules, const struct xd_tables *tables, struct xd_arena *arena,
           struct xd_error *err)
{
    static const char *const AREA_COLUMNS[] = {"country", "area"};
    struct xd_slice cells[2];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "reference/postal_areas.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/postal_areas.tsv", text, AREA_COLUMNS, 2, err)) {
        return false;
    }
    if (!xd_map_init(&rules->areas, arena, xd_tsv_count(text), false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the postal areas");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        char key[2 + XD_POSTAL_TEXT];
        struct xd_slice copy;
        if (cells[0].len != 2 || cells[1].len == 0 || cells[1].len > sizeof(key) - 2) {
            return xd_tsv_fail(&tsv, err, "a country and an area were expected, not", cells[1]);
        }
        memcpy(key, cells[0].ptr, 2);
        memcpy(key + 2, cells[1].ptr, cells[1].len);
        copy = xd_arena_copy(arena, xd_slice_of(key, cells[1].len + 2));
        if (!copy.ptr || !xd_map_put(&rules->areas, copy, 1, NULL) ||
            !mark_area(rules, cells, arena)) {
            return xd_tsv_fail(&tsv, err, "memory ran out at", cells[1]);
        }
    }
    return err->status == 0;
}

bool
xd_postal_rules_load(struct xd_postal_rules *rules, const struct xd_countries *countries,
                     const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    struct xd_slice cells[COL_COUNT];
    struct xd_slice text;
    struct xd_tsv tsv;

    *rules = (struct xd_postal_rules){.countries = countries};
    if (!xd_tables_get(tables, "reference/postal.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/postal.tsv", text, COLUMNS, COL_COUNT, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_rule(rules, &tsv, cells, arena, err)) {
            return false;
        }
    }
    return err->status == 0 && load_areas(rules, tables, arena, err);
}
