/*
 * A country has a handful of rows at most, so the most specific one is found by looking at all of
 * them; the order of the table does not matter, and 97133 cannot be shadowed by 971.
 */
#include "reference/territory.h"

#include <sysexits.h>

#include "base/fold.h"
#include "base/tsv.h"

#define KEY_MAX 66

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
parse_days(struct xd_slice from, struct xd_slice until, xd_date *first, xd_date *last)
{
    *first = XD_DATE_MIN;
    *last = XD_DATE_MAX;
    return (from.len == 0 || xd_date_parse(from, first)) &&
           (until.len == 0 || xd_date_parse(until, last));
}

static bool
in_force(xd_date from, xd_date until, xd_date day)
{
    return from <= day && day <= until;
}

/* Counts the row for its country; false when the country's rows do not stand together. */
static bool
count_row(struct xd_row_range *range, uint16_t at)
{
    if (range->count == 0) {
        range->first = at;
    }
    return range->first + range->count++ == at;
}

/* Adds the first two characters of a row's codes to those of its country; a prefix of one character
 * goes on with any. */
static void
add_starts(struct xd_row_range *range, const struct xd_prefixes *prefixes)
{
    bool any = prefixes->count == 0;

    for (unsigned i = 0; i < prefixes->count; i++) {
        const struct xd_prefix *prefix = &prefixes->list[i];
        unsigned shift = 8U * (prefix->len - 2U);
        any |= prefix->len < 2;
        for (uint64_t two = any ? 1 : prefix->low >> shift; !any && two <= prefix->high >> shift;
             two++) {
            unsigned bit = xd_territory_start(two);
            range->starts[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
    }
    if (any) {
        memset(range->starts, 0xff, sizeof(range->starts));
    }
}

static bool
load_territory(struct xd_territories *territories, const struct xd_countries *countries,
               const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_arena *arena,
               struct xd_error *err)
{
    static const char *const PARTS[] = {"", "no", "yes", "goods", "union"};
    uint16_t country = xd_country_find(countries, cells[0]);
    struct xd_territory *row = &territories->of[territories->count];
    int parts[3];

    for (int i = 0; i < 3; i++) {
        parts[i] = word_index(cells[5 + i], PARTS, 5);
        if (parts[i] < 0) {
            return xd_tsv_fail(tsv, err, "yes, no, goods, union or nothing was expected, not",
                               cells[5 + i]);
        }
    }
    *row = (struct xd_territory){
        .name = cells[3],
        .code = cells[4],
        .town = cells[2],
        .note = cells[10],
        .customs = (enum xd_eu_part)parts[0],
        .vat = (enum xd_eu_part)parts[1],
        .excise = (enum xd_eu_part)parts[2],
    };
    if (country == XD_COUNTRY_NONE || !count_row(&territories->rows[country], territories->count)) {
        return xd_tsv_fail(tsv, err, "the rows of a known country must stand together, not",
                           cells[0]);
    }
    if (!xd_prefixes_parse(cells[1], arena, &row->prefixes) ||
        !parse_days(cells[8], cells[9], &row->from, &row->until)) {
        return xd_tsv_fail(tsv, err, "the prefixes or the days cannot be read:", cells[1]);
    }
    add_starts(&territories->rows[country], &row->prefixes);
    territories->count++;
    return true;
}

static bool
add_name(struct xd_territories *territories, const struct xd_tsv *tsv, const struct xd_slice *cells,
         struct xd_arena *arena, struct xd_error *err)
{
    char key[KEY_MAX];
    struct xd_slice copy;

    memcpy(key, cells[0].ptr, 2);
    copy = xd_arena_copy(arena, xd_slice_of(key, 2 + xd_fold_key(cells[2], key + 2, KEY_MAX - 2)));
    if (!copy.ptr ||
        !xd_map_put(&territories->embargo_names, copy, territories->embargo_count, NULL)) {
        return xd_tsv_fail(tsv, err, "memory ran out at", cells[2]);
    }
    return true;
}

static bool
load_embargo(struct xd_territories *territories, const struct xd_countries *countries,
             const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_arena *arena,
             struct xd_error *err)
{
    static const char *const EFFECTS[] = {"", "review", "reject"};
    static const char *const BY[] = {"country", "postal", "name"};
    uint16_t country = xd_country_find(countries, cells[0]);
    struct xd_embargo *row = &territories->embargoes[territories->embargo_count];
    int effect = word_index(cells[5], EFFECTS, 3);
    int by = word_index(cells[1], BY, 3);

    if (effect < 1 || by < 0) {
        return xd_tsv_fail(tsv, err, "the row is not by country, postal or name, or its effect is",
                           cells[5]);
    }
    *row = (struct xd_embargo){
        .region = cells[4],
        .regime = cells[8],
        .by_name = by == 2,
        .effect = (enum xd_embargo_effect)effect,
    };
    if (country == XD_COUNTRY_NONE ||
        !count_row(&territories->embargo_rows[country], territories->embargo_count)) {
        return xd_tsv_fail(tsv, err, "the rows of a known country must stand together, not",
                           cells[0]);
    }
    if (!xd_prefixes_parse(by == 1 ? cells[2] : XD_NONE, arena, &row->prefixes) ||
        !xd_prefixes_parse(cells[3], arena, &row->except) ||
        !parse_days(cells[6], cells[7], &row->from, &row->until)) {
        return xd_tsv_fail(tsv, err, "the prefixes or the days cannot be read:", cells[2]);
    }
    if (row->by_name && !add_name(territories, tsv, cells, arena, err)) {
        return false;
    }
    territories->embargo_count++;
    return true;
}

static bool
open_territories(struct xd_territories *territories, const struct xd_tables *tables,
                 struct xd_arena *arena, struct xd_tsv *tsv, struct xd_error *err)
{
    static const char *const COLUMNS[] = {
        "country",        "prefixes",        "town",   "name",
        "code",           "eu_customs",      "eu_vat", "eu_excise",
        "effective_from", "effective_until", "note",
    };
    struct xd_slice text;

    if (!xd_tables_get(tables, "reference/territories.tsv", &text, err) ||
        !xd_tsv_open(tsv, "reference/territories.tsv", text, COLUMNS, 11, err)) {
        return false;
    }
    territories->of = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*territories->of));
    return territories->of || xd_error_set(err, EX_OSERR, "not enough memory for territories");
}

static bool
open_embargoes(struct xd_territories *territories, const struct xd_tables *tables,
               struct xd_arena *arena, struct xd_tsv *tsv, struct xd_error *err)
{
    static const char *const COLUMNS[] = {
        "country",         "by",     "value", "except", "region", "effect", "effective_from",
        "effective_until", "regime",
    };
    struct xd_slice text;
    size_t rows;

    if (!xd_tables_get(tables, "reference/embargoes.tsv", &text, err) ||
        !xd_tsv_open(tsv, "reference/embargoes.tsv", text, COLUMNS, 9, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    territories->embargoes = xd_arena_array(arena, rows + 1, sizeof(*territories->embargoes));
    if (!territories->embargoes || !xd_map_init(&territories->embargo_names, arena, rows, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for embargoes");
    }
    return true;
}

bool
xd_territories_load(struct xd_territories *territories, const struct xd_countries *countries,
                    const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    struct xd_slice cells[11];
    struct xd_tsv tsv;

    *territories = (struct xd_territories){0};
    if (!open_territories(territories, tables, arena, &tsv, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_territory(territories, countries, &tsv, cells, arena, err)) {
            return false;
        }
    }
    if (err->status != 0 || !open_embargoes(territories, tables, arena, &tsv, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_embargo(territories, countries, &tsv, cells, arena, err)) {
            return false;
        }
    }
    return err->status == 0;
}

static bool
town_matches(struct xd_slice town, struct xd_slice city)
{
    char folded[64];
    size_t len = xd_fold_key(city, folded, sizeof(folded));

    return len >= town.len && memmem(folded, len, town.ptr, town.len) != NULL;
}

/* The most specific row of the code and city: of those in force on `day`, or of those that ended
 * before it. */
static const struct xd_territory *
most_specific(const struct xd_territories *territories, uint16_t country,
              struct xd_packed_code code, struct xd_slice city, xd_date day, bool ended)
{
    const struct xd_row_range *range = &territories->rows[country];
    const struct xd_territory *found = NULL;
    unsigned best = 0;

    for (unsigned i = 0; i < range->count; i++) {
        const struct xd_territory *row = &territories->of[range->first + i];
        unsigned weight = 1 + xd_prefixes_match(&row->prefixes, code) + (row->town.len ? 16 : 0);
        if ((row->prefixes.count && weight % 16 == 1) || weight <= best ||
            !(ended ? row->until < day : in_force(row->from, row->until, day))) {
            continue;
        }
        if (row->town.len == 0 || town_matches(row->town, city)) {
            found = row;
            best = weight;
        }
    }
    return found;
}

const struct xd_territory *
xd_territory_find(const struct xd_territories *territories, uint16_t country,
                  struct xd_packed_code code, struct xd_slice city, xd_date day)
{
    return most_specific(territories, country, code, city, day, false);
}

const struct xd_territory *
xd_territory_ended(const struct xd_territories *territories, uint16_t country,
                   struct xd_packed_code code, struct xd_slice city, xd_date day)
{
    return most_specific(territories, country, code, city, day, true);
}

static const struct xd_embargo *
stricter(const struct xd_embargo *a, const struct xd_embargo *b)
{
    return !a || b->effect > a->effect ? b : a;
}

static const struct xd_embargo *
find_by_name(const struct xd_territories *territories, struct xd_slice alpha2,
             struct xd_packed_code code, struct xd_slice name, xd_date day)
{
    const struct xd_embargo *row;
    char key[KEY_MAX];
    uint32_t at;

    memcpy(key, alpha2.ptr, 2);
    at = xd_map_get(&territories->embargo_names,
                    xd_slice_of(key, 2 + xd_fold_key(name, key + 2, KEY_MAX - 2)));
    if (at == XD_MAP_NONE) {
        return NULL;
    }
    row = &territories->embargoes[at];
    if (!in_force(row->from, row->until, day) || xd_prefixes_match(&row->except, code)) {
        return NULL;
    }
    return row;
}

const struct xd_embargo *
xd_embargo_find(const struct xd_territories *territories, const struct xd_countries *countries,
                uint16_t country, struct xd_packed_code code, struct xd_slice city,
                struct xd_slice region, xd_date day)
{
    const struct xd_row_range *range = &territories->embargo_rows[country];
    struct xd_slice names[2] = {city, region};
    const struct xd_embargo *found = NULL;

    for (unsigned i = 0; i < range->count; i++) {
        const struct xd_embargo *row = &territories->embargoes[range->first + i];
        if (!row->by_name && in_force(row->from, row->until, day) &&
            (row->prefixes.count == 0 || xd_prefixes_match(&row->prefixes, code))) {
            found = stricter(found, row);
        }
    }
    for (unsigned i = 0; i < 2 && range->count; i++) {
        const struct xd_embargo *row =
            find_by_name(territories, countries->of[country].alpha2, code, names[i], day);
        found = row ? stricter(found, row) : found;
    }
    return found;
}
