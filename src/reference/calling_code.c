/* One row a country, straight into an array: there is nothing to look up but the country itself. */
#include "reference/calling_code.h"

#include "base/tsv.h"

bool
xd_calling_codes_load(struct xd_calling_codes *codes, const struct xd_countries *countries,
                      const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"country", "code", "trunk"};
    struct xd_slice cells[3];
    struct xd_slice text;
    struct xd_tsv tsv;

    *codes = (struct xd_calling_codes){0};
    if (!xd_tables_get(tables, "reference/calling_codes.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/calling_codes.tsv", text, COLUMNS, 3, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        uint16_t country = xd_country_find(countries, cells[0]);
        if (country == XD_COUNTRY_NONE || !xd_slice_digits(cells[1]) || cells[1].len > 3 ||
            (cells[2].len && !xd_slice_digits(cells[2]))) {
            return xd_tsv_fail(&tsv, err, "the country or its codes cannot be read:", cells[0]);
        }
        codes->of[country] = (struct xd_calling_code){cells[1], cells[2]};
    }
    return err->status == 0;
}
