/*
 * Exact codes are one array access, because every row of a manifest asks. All other spellings share
 * one map of folded names, filled from ISO's names and from country_aliases.tsv; a spelling that
 * two countries claim is refused at load, so a guess is never a toss-up.
 */
#include "reference/country.h"

#include <sysexits.h>

#include "base/fold.h"
#include "base/tsv.h"

#define KEY_MAX 96

static uint16_t *
slot(struct xd_countries *countries, struct xd_slice alpha2)
{
    if (alpha2.len != 2 || !xd_is_upper(alpha2.ptr[0]) || !xd_is_upper(alpha2.ptr[1])) {
        return NULL;
    }
    return &countries->by_alpha2[(alpha2.ptr[0] - 'A') * 26 + (alpha2.ptr[1] - 'A')];
}

/* Makes `written` mean the alias. A code wins over a name that folds to the same key; the first of
 * equals stays. */
static bool
add_alias(struct xd_countries *countries, struct xd_slice written, uint16_t country,
          enum xd_country_match match, struct xd_slice note)
{
    char folded[KEY_MAX];
    struct xd_slice key = {folded, xd_fold_key(written, folded, sizeof(folded))};

    uint32_t old = xd_map_get(&countries->names, key);

    if (key.len == 0 || old != XD_MAP_NONE) {
        return key.len == 0 || countries->aliases[old].country == country;
    }
    key = xd_arena_copy(countries->names.arena, key);
    if (!key.ptr) {
        return false;
    }
    countries->aliases[countries->alias_count] =
        (struct xd_country_alias){written, country, match, note};
    return xd_map_put(&countries->names, key, (uint32_t)countries->alias_count++, NULL);
}

static bool
add_country(struct xd_countries *countries, const struct xd_tsv *tsv, const struct xd_slice *cells,
            struct xd_error *err)
{
    uint16_t *place = slot(countries, cells[0]);

    if (!place || *place != XD_COUNTRY_NONE) {
        return xd_tsv_fail(tsv, err, "a new code of two capital letters was expected, not",
                           cells[0]);
    }
    if (countries->count == XD_COUNTRY_MAX) {
        return xd_tsv_fail(tsv, err, "there are too many countries at", cells[0]);
    }
    countries->of[countries->count] = (struct xd_country){cells[0], cells[1], cells[2], cells[3]};
    *place = countries->count++;
    return true;
}

static bool
load_iso(struct xd_countries *countries, struct xd_slice text, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"alpha2", "alpha3",        "numeric",
                                          "name",   "official_name", "common_name"};
    struct xd_slice cells[6];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, "reference/countries.tsv", text, COLUMNS, 6, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        uint16_t at = countries->count;
        if (!add_country(countries, &tsv, cells, err)) {
            return false;
        }
        if (!add_alias(countries, cells[1], at, XD_COUNTRY_ALPHA3, XD_NONE) ||
            !add_alias(countries, cells[2], at, XD_COUNTRY_NUMERIC, XD_NONE) ||
            !add_alias(countries, cells[3], at, XD_COUNTRY_NAME, XD_NONE) ||
            !add_alias(countries, cells[4], at, XD_COUNTRY_NAME, XD_NONE) ||
            !add_alias(countries, cells[5], at, XD_COUNTRY_NAME, XD_NONE)) {
            return xd_tsv_fail(
                &tsv, err, "the spelling belongs to two countries, or memory ran out:", cells[0]);
        }
    }
    return err->status == 0;
}

static bool
parse_kind(struct xd_slice kind, enum xd_country_match *match)
{
    static const struct {
        struct xd_slice word;
        enum xd_country_match match;
    } KINDS[] = {
        {{"own", 3}, XD_COUNTRY_EXACT},           {{"alpha3", 6}, XD_COUNTRY_ALPHA3},
        {{"name", 4}, XD_COUNTRY_NAME},           {{"wrong", 5}, XD_COUNTRY_WRONG},
        {{"territory", 9}, XD_COUNTRY_TERRITORY}, {{"withdrawn", 9}, XD_COUNTRY_WITHDRAWN},
    };

    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        if (xd_slice_eq(kind, KINDS[i].word)) {
            *match = KINDS[i].match;
            return true;
        }
    }
    return false;
}

static bool
load_alias(struct xd_countries *countries, const struct xd_tsv *tsv, const struct xd_slice *cells,
           struct xd_error *err)
{
    enum xd_country_match match;
    uint16_t country;

    if (!parse_kind(cells[2], &match)) {
        return xd_tsv_fail(tsv, err, "there is no such kind of alias:", cells[2]);
    }
    if (match == XD_COUNTRY_EXACT) {
        struct xd_slice own[4] = {cells[0], XD_NONE, XD_NONE, cells[3]};
        return add_country(countries, tsv, own, err) &&
               add_alias(countries, cells[3], (uint16_t)(countries->count - 1), XD_COUNTRY_NAME,
                         XD_NONE);
    }
    country = xd_country_find(countries, cells[1]);
    if (country == XD_COUNTRY_NONE && !(match == XD_COUNTRY_WITHDRAWN && cells[1].len == 0)) {
        return xd_tsv_fail(tsv, err, "the alias stands for an unknown country:", cells[1]);
    }
    return add_alias(countries, cells[0], country, match, cells[3]) ||
           xd_tsv_fail(tsv, err,
                       "the spelling belongs to two countries, or memory ran out:", cells[0]);
}

static bool
load_aliases(struct xd_countries *countries, struct xd_slice text, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"written", "country", "kind", "note"};
    struct xd_slice cells[4];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, "reference/country_aliases.tsv", text, COLUMNS, 4, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_alias(countries, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0;
}

bool
xd_countries_load(struct xd_countries *countries, const struct xd_tables *tables,
                  struct xd_arena *arena, struct xd_error *err)
{
    struct xd_slice iso;
    struct xd_slice own;
    size_t room;

    *countries = (struct xd_countries){0};
    memset(countries->by_alpha2, 0xff, sizeof(countries->by_alpha2));
    if (!xd_tables_get(tables, "reference/countries.tsv", &iso, err) ||
        !xd_tables_get(tables, "reference/country_aliases.tsv", &own, err)) {
        return false;
    }
    room = xd_tsv_count(iso) * 5 + xd_tsv_count(own);
    countries->aliases = xd_arena_array(arena, room + 1, sizeof(*countries->aliases));
    if (!countries->aliases || !xd_map_init(&countries->names, arena, room, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the countries");
    }
    return load_iso(countries, iso, err) && load_aliases(countries, own, err);
}

static struct xd_country_guess
guess_code(const struct xd_countries *countries, struct xd_slice code)
{
    char upper[2] = {xd_to_upper(code.ptr[0]), xd_to_upper(code.ptr[1])};
    uint16_t country = xd_country_find(countries, xd_slice_of(upper, 2));

    return (struct xd_country_guess){
        country == XD_COUNTRY_NONE ? XD_COUNTRY_UNKNOWN : XD_COUNTRY_CASE, country, XD_NONE};
}

struct xd_country_guess
xd_country_guess(const struct xd_countries *countries, struct xd_slice written)
{
    static const char ZEROS[] = "000";
    struct xd_country_guess guess = {XD_COUNTRY_EXACT, xd_country_find(countries, written),
                                     XD_NONE};
    char key[KEY_MAX];
    size_t len;
    uint32_t at;

    if (guess.country != XD_COUNTRY_NONE) {
        return guess;
    }
    written = xd_slice_trim(written);
    if (written.len == 2) {
        guess = guess_code(countries, written);
        if (guess.country != XD_COUNTRY_NONE) {
            return guess;
        }
    }
    len = xd_fold_key(written, key, sizeof(key));
    if (len > 0 && len < 3 && xd_slice_digits(xd_slice_of(key, len))) {
        memmove(key + 3 - len, key, len);
        memcpy(key, ZEROS, 3 - len);
        len = 3;
    }
    at = xd_map_get(&countries->names, xd_slice_of(key, len));
    if (at == XD_MAP_NONE) {
        return (struct xd_country_guess){XD_COUNTRY_UNKNOWN, XD_COUNTRY_NONE, XD_NONE};
    }
    return (struct xd_country_guess){countries->aliases[at].match, countries->aliases[at].country,
                                     countries->aliases[at].note};
}
