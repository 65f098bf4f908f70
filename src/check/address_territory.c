/*
 * Where an address lies for customs and tax, once its country, region and postal code are known:
 * the territory, whether it was written in place of the country, and embargoes on it.
 */
#include "check/address_parts.h"

/*
 * Some write the territory in place of the country (XI, IC): then the postal code must lie there.
 * And a region that ISO knows as a country of its own (Hong Kong in CN) is a country for customs.
 */
static void
check_country_agrees(struct address_check *check)
{
    struct xd_slice written = check->of[XD_ADDRESS_COUNTRY];
    const struct xd_address_tables *tables = check->tables;
    struct xd_address_result *result = check->result;
    const struct xd_row_range *rows = &tables->territories.rows[result->country];
    uint32_t region = result->region;

    if (region != XD_SUBREGION_NONE &&
        tables->subregions.of[region].own_country != XD_COUNTRY_NONE) {
        uint16_t own = tables->subregions.of[region].own_country;
        result->effective_country = own;
        xd_address_report(check, XD_ADDRESS_COUNTRY, XD_PROBLEM_MISMATCH, XD_F_COUNTRY_MISMATCH,
                          whole(written), "customs wants %.*s",
                          XD_FMT(tables->countries.of[own].alpha2));
    }
    if (written.len != 2 || check->code.len == 0 || ((check->fine >> XD_ADDRESS_COUNTRY) & 1) ||
        xd_slice_ieq(written, tables->countries.of[result->country].alpha2)) {
        return;
    }
    for (unsigned i = 0; i < rows->count; i++) {
        const struct xd_territory *row = &tables->territories.of[rows->first + i];
        if (xd_slice_ieq(row->code, written) &&
            (!result->territory || !xd_slice_ieq(result->territory->code, written))) {
            xd_address_report(check, XD_ADDRESS_COUNTRY, XD_PROBLEM_MISMATCH, XD_F_COUNTRY_MISMATCH,
                              whole(written), "%.*s does not lie in %.*s", (int)result->postal.len,
                              result->postal.text, XD_FMT(row->code));
            return;
        }
    }
}

/* The postal code of a territory that has got another one. */
static void
check_withdrawn(struct address_check *check)
{
    const struct xd_territory *gone =
        check->result->territory
            ? NULL
            : xd_territory_ended(&check->tables->territories, check->result->country, check->code,
                                 check->of[XD_ADDRESS_CITY], check->options->as_of);

    if (gone) {
        xd_address_report(check, XD_ADDRESS_POSTAL_CODE, XD_PROBLEM_FORMAT,
                          XD_F_POSTAL_CODE_WITHDRAWN, whole(check->of[XD_ADDRESS_POSTAL_CODE]),
                          "%.*s: %.*s", XD_FMT(gone->name), XD_FMT(gone->note));
    }
}

void
xd_address_check_territory(struct address_check *check)
{
    struct xd_address_result *result = check->result;
    const struct xd_address_tables *tables = check->tables;
    struct xd_slice city = check->of[XD_ADDRESS_CITY];
    uint16_t own;

    result->territory = xd_territory_find(&tables->territories, result->country, check->code, city,
                                          check->options->as_of);
    check_withdrawn(check);
    if (result->territory) {
        own = xd_country_find(&tables->countries, result->territory->code);
        result->effective_country = own == XD_COUNTRY_NONE ? result->country : own;
    }
    check_country_agrees(check);
    if (!xd_embargo_possible(&tables->territories, result->country)) {
        return;
    }
    result->embargo =
        xd_embargo_find(&tables->territories, &tables->countries, result->country, check->code,
                        city, check->of[XD_ADDRESS_REGION], check->options->as_of);
    if (result->embargo) {
        enum xd_address_field field = result->embargo->by_name          ? XD_ADDRESS_CITY
                                      : result->embargo->prefixes.count ? XD_ADDRESS_POSTAL_CODE
                                                                        : XD_ADDRESS_COUNTRY;
        xd_address_report(check, field, XD_PROBLEM_EMBARGO,
                          result->embargo->effect == XD_EMBARGO_REJECT ? XD_F_EMBARGO
                                                                       : XD_F_EMBARGO_REVIEW,
                          whole(check->of[field]), "%.*s: %.*s", XD_FMT(result->embargo->region),
                          XD_FMT(result->embargo->regime));
    }
}
