/*
 * A broken table stops the run before the first byte of a manifest is read: half a rate table is
 * worse than none.
 */
#include "pipeline/tables.h"

bool
xd_run_tables_load(struct xd_run_tables *tables, const char *dir, xd_date as_of,
                   struct xd_error *err)
{
    struct xd_arena *arena = &tables->arena;

    xd_arena_init(arena, 1 << 18, 0);
    tables->source = (struct xd_tables){dir, arena};
    tables->addresses = xd_address_tables_load(&tables->source, arena, err);
    if (!tables->addresses) {
        return false;
    }
    tables->texts = &tables->addresses->findings;
    tables->countries = &tables->addresses->countries;
    return xd_limits_load(&tables->limits, &tables->source, err) &&
           xd_currencies_load(&tables->currencies, &tables->source, arena, err) &&
           xd_carriers_load(&tables->carriers, &tables->source, as_of, arena, err) &&
           xd_routing_load(&tables->routing, &tables->source, tables->countries, as_of, arena,
                           err) &&
           xd_dialects_load(&tables->dialects, &tables->source, tables->countries, arena, err) &&
           xd_identifiers_load(&tables->identifiers, &tables->source, arena, err) &&
           xd_customs_rules_load(&tables->customs, tables->countries, &tables->source, arena,
                                 err) &&
           xd_tax_schemes_load(&tables->tax_numbers, tables->countries, &tables->source, arena,
                               err) &&
           xd_layouts_load(&tables->layouts, &tables->source, arena, err) &&
           xd_duty_rules_load(&tables->duty, &tables->source, &(struct xd_duty_tables){0}, err);
}

void
xd_run_tables_free(struct xd_run_tables *tables)
{
    xd_arena_free(&tables->arena);
}
