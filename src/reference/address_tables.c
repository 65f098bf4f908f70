/* One call for the nine tables: whoever checks addresses needs them all. */
#include "reference/address_tables.h"

#include <sysexits.h>

const struct xd_address_tables *
xd_address_tables_load(const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    struct xd_address_tables *all = xd_arena_alloc(arena, sizeof(*all));

    if (!all) {
        (void)xd_error_set(err, EX_OSERR, "not enough memory for the address tables");
        return NULL;
    }
    if (!xd_countries_load(&all->countries, tables, arena, err) ||
        !xd_postal_rules_load(&all->postal, &all->countries, tables, arena, err) ||
        !xd_subregions_load(&all->subregions, &all->countries, tables, arena, err) ||
        !xd_territories_load(&all->territories, &all->countries, tables, arena, err) ||
        !xd_address_words_load(&all->words, &all->countries, tables, arena, err) ||
        !xd_calling_codes_load(&all->calling, &all->countries, tables, err) ||
        !xd_carrier_limits_load(&all->limits, tables, arena, err) ||
        !xd_transliteration_load(&all->transliteration, &all->countries, tables, arena, err) ||
        !xd_finding_texts_load(&all->findings, tables, err)) {
        return NULL;
    }
    return all;
}
