/* Shapes stay text: a number of a trader is checked once a manifest, not once a row. */
#include "reference/tax_number.h"

#include <sysexits.h>

#include "base/tsv.h"

static bool
parse_check(struct xd_slice text, enum xd_tax_check *check)
{
    static const char *const NAMES[XD_TAX_CHECK_COUNT] = {
#define X(upper, name) name,
        XD_TAX_CHECKS(X)
#undef X
    };

    for (int i = 0; i < XD_TAX_CHECK_COUNT; i++) {
        if (xd_slice_eq(text, xd_slice_str(NAMES[i]))) {
            *check = (enum xd_tax_check)i;
            return true;
        }
    }
    return false;
}

static bool
parse_weights(struct xd_slice text, struct xd_tax_scheme *scheme)
{
    struct xd_slice word;
    uint64_t weight;

    while (xd_slice_next(&text, ' ', &word)) {
        if (scheme->weight_count == XD_TAX_WEIGHTS || !xd_slice_u64(word, &weight) ||
            weight > 1024) {
            return false;
        }
        scheme->weights[scheme->weight_count++] = (uint16_t)weight;
    }
    return true;
}

static bool
load_row(struct xd_tax_scheme *scheme, const struct xd_countries *countries,
         const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_error *err)
{
    uint64_t modulus = 0;

    *scheme = (struct xd_tax_scheme){
        .country = xd_country_find(countries, cells[0]),
        .kind = cells[1],
        .prefix = cells[2],
        .shapes = cells[3],
        .example = cells[7],
    };
    if (scheme->country == XD_COUNTRY_NONE && cells[0].len) {
        return xd_tsv_fail(tsv, err, "the country is unknown:", cells[0]);
    }
    if (!parse_check(cells[4], &scheme->check) || !parse_weights(cells[5], scheme) ||
        (cells[6].len && (!xd_slice_u64(cells[6], &modulus) || modulus == 0 || modulus > 97))) {
        return xd_tsv_fail(tsv, err,
                           "the algorithm, its weights or its modulus is unknown:", cells[4]);
    }
    scheme->modulus = (uint16_t)modulus;
    return true;
}

bool
xd_tax_schemes_load(struct xd_tax_schemes *schemes, const struct xd_countries *countries,
                    const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"country", "kind",    "prefix",  "shapes",
                                          "check",   "weights", "modulus", "example"};
    struct xd_slice cells[8];
    struct xd_slice text;
    struct xd_tsv tsv;

    *schemes = (struct xd_tax_schemes){0};
    if (!xd_tables_get(tables, "reference/tax_numbers.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/tax_numbers.tsv", text, COLUMNS, 8, err)) {
        return false;
    }
    schemes->of = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*schemes->of));
    if (!schemes->of) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the tax numbers");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_row(&schemes->of[schemes->count++], countries, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0;
}
