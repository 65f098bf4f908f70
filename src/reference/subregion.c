/*
 * The spellings are folded when the table is made, not when it is read: folding some thousand names
 * in a dozen scripts would cost more than all the rest of the start. A test holds the folded column
 * to the names.
 */
#include "reference/subregion.h"

#include <sysexits.h>

#include "base/fold.h"
#include "base/tsv.h"

#define KEY_MAX 66 /* two letters of the country and 64 bytes of a folded name */

/* Lets each of the spellings lead to `index`. */
static bool
add_keys(struct xd_map *map, const struct xd_tsv *tsv, struct xd_slice alpha2, struct xd_slice keys,
         uint32_t index, struct xd_error *err)
{
    struct xd_slice word;

    while (xd_slice_next(&keys, ' ', &word)) {
        char key[KEY_MAX];
        struct xd_slice copy;
        uint32_t old = XD_MAP_NONE;
        size_t len = word.len < KEY_MAX - 2 ? word.len : KEY_MAX - 2;
        memcpy(key, alpha2.ptr, 2);
        memcpy(key + 2, word.ptr, len);
        copy = xd_arena_copy(map->arena, xd_slice_of(key, len + 2));
        if (!copy.ptr || !xd_map_put(map, copy, index, &old) || old != XD_MAP_NONE) {
            return xd_tsv_fail(tsv, err, "two regions share a spelling, or memory ran out:", word);
        }
    }
    return true;
}

static bool
load_row(struct xd_subregions *subregions, const struct xd_countries *countries,
         const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_error *err)
{
    uint16_t country = xd_country_find(countries, cells[0]);
    struct xd_subregion *row = &subregions->of[subregions->count];

    if (country == XD_COUNTRY_NONE ||
        (subregions->number[country] &&
         subregions->first[country] + subregions->number[country] != subregions->count)) {
        return xd_tsv_fail(tsv, err, "the regions of a known country must stand together, not",
                           cells[0]);
    }
    if (subregions->number[country]++ == 0) {
        subregions->first[country] = subregions->count;
    }
    *row = (struct xd_subregion){
        .country = country,
        .own_country = xd_country_find(countries, cells[5]),
        .code = cells[1],
        .key = cells[2],
        .name = cells[3],
        .keys = cells[6],
    };
    if (!xd_prefixes_parse(cells[4], subregions->keys.arena, &row->prefixes)) {
        return xd_tsv_fail(tsv, err, "the prefixes cannot be read:", cells[4]);
    }
    if (!add_keys(&subregions->keys, tsv, cells[0], cells[6], subregions->count, err)) {
        return false;
    }
    subregions->count++;
    return true;
}

static bool
load_area(struct xd_subregions *subregions, const struct xd_countries *countries, uint32_t index,
          const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_error *err)
{
    struct xd_slice codes = cells[2];
    struct xd_slice code;
    uint16_t country = xd_country_find(countries, cells[0]);
    uint32_t *members = xd_arena_array(subregions->keys.arena, codes.len + 1, sizeof(*members));
    struct xd_subregion_area *area = &subregions->areas[index];

    *area = (struct xd_subregion_area){.members = members};
    while (members && xd_slice_next(&codes, ' ', &code)) {
        uint32_t region = country == XD_COUNTRY_NONE
                              ? XD_SUBREGION_NONE
                              : xd_subregion_find(subregions, countries, country, code);
        if (region == XD_SUBREGION_NONE) {
            return xd_tsv_fail(tsv, err, "there is no region", code);
        }
        members[area->count++] = region;
    }
    return add_keys(&subregions->area_keys, tsv, cells[0], cells[3], index, err);
}

static bool
load_areas(struct xd_subregions *subregions, const struct xd_countries *countries,
           const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"country", "name", "regions", "keys"};
    struct xd_slice cells[4];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t rows;

    if (!xd_tables_get(tables, "reference/larger_areas.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/larger_areas.tsv", text, COLUMNS, 4, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    subregions->areas = xd_arena_array(arena, rows + 1, sizeof(*subregions->areas));
    if (!subregions->areas || !xd_map_init(&subregions->area_keys, arena, rows * 3, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the larger areas");
    }
    for (uint32_t i = 0; xd_tsv_next(&tsv, cells, err); i++) {
        if (!load_area(subregions, countries, i, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0;
}

bool
xd_subregions_load(struct xd_subregions *subregions, const struct xd_countries *countries,
                   const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"country",  "code",        "key", "name",
                                          "prefixes", "own_country", "keys"};
    struct xd_slice cells[7];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t rows;

    *subregions = (struct xd_subregions){0};
    if (!xd_tables_get(tables, "reference/subregions.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/subregions.tsv", text, COLUMNS, 7, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    subregions->of = xd_arena_array(arena, rows + 1, sizeof(*subregions->of));
    if (!subregions->of || !xd_map_init(&subregions->keys, arena, rows * 5, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the regions");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_row(subregions, countries, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0 && load_areas(subregions, countries, tables, arena, err);
}

/* What the map says of the country's spelling, or XD_MAP_NONE. */
static uint32_t
look_up(const struct xd_map *map, const struct xd_countries *countries, uint16_t country,
        struct xd_slice written)
{
    char key[KEY_MAX];
    size_t len;

    memcpy(key, countries->of[country].alpha2.ptr, 2);
    len = xd_fold_key(written, key + 2, KEY_MAX - 2);
    return len ? xd_map_get(map, xd_slice_of(key, len + 2)) : XD_MAP_NONE;
}

uint32_t
xd_subregion_find(const struct xd_subregions *subregions, const struct xd_countries *countries,
                  uint16_t country, struct xd_slice written)
{
    return look_up(&subregions->keys, countries, country, written);
}

const struct xd_subregion_area *
xd_subregion_area_find(const struct xd_subregions *subregions, const struct xd_countries *countries,
                       uint16_t country, struct xd_slice written)
{
    uint32_t index = look_up(&subregions->area_keys, countries, country, written);

    return index == XD_MAP_NONE ? NULL : &subregions->areas[index];
}

/* The region that claims the code by the longest prefix, so far. */
struct claim {
    uint32_t region;
    unsigned best;
};

static void
let_claim(const struct xd_subregions *subregions, uint32_t region, struct xd_packed_code code,
          struct claim *claim)
{
    unsigned len = xd_prefixes_match(&subregions->of[region].prefixes, code);

    if (len > claim->best) {
        *claim = (struct claim){region, len};
    } else if (len == claim->best) {
        claim->region = XD_SUBREGION_NONE;
    }
}

uint32_t
xd_subregion_of_area(const struct xd_subregions *subregions, const struct xd_subregion_area *area,
                     struct xd_packed_code code, bool *apart)
{
    struct claim claim = {XD_SUBREGION_NONE, 0};

    *apart = code.len > 0;
    for (uint32_t i = 0; i < area->count; i++) {
        let_claim(subregions, area->members[i], code, &claim);
        if (claim.best || subregions->of[area->members[i]].prefixes.count == 0) {
            *apart = false;
        }
    }
    return claim.region;
}

uint32_t
xd_subregion_of_code(const struct xd_subregions *subregions, uint16_t country,
                     struct xd_packed_code code)
{
    struct claim claim = {XD_SUBREGION_NONE, 0};

    for (uint32_t i = 0; i < subregions->number[country]; i++) {
        let_claim(subregions, subregions->first[country] + i, code, &claim);
    }
    return claim.region;
}
