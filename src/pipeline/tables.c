/*
 * A broken table stops the run before the first byte of a manifest is read: half a rate table is
 * worse than none.
 */
#include "pipeline/tables.h"

#include <sysexits.h>

#include "check/tax_number.h"

/* A registration of ours that its own office would not know: every parcel under it would be taxed
 * twice, so it stops the run. */
static bool
check_registrations(const struct xd_run_tables *tables, struct xd_error *err)
{
    for (size_t i = 0; i < tables->registrations.count; i++) {
        const struct xd_registration *row = &tables->registrations.of[i];
        char letters[XD_ALPHA_TEXT];
        size_t len = xd_alpha_text(row->market, letters);
        uint16_t country = xd_country_find(tables->countries, xd_slice_of(letters, len));
        struct xd_tax_result result;
        enum xd_tax_status status = XD_TAX_STATUS_OK;
        if (row->kind.len) {
            status =
                xd_tax_number_check(&tables->tax_numbers, row->kind, country, row->number, &result);
        }
        if (status != XD_TAX_STATUS_OK) {
            return xd_error_set(err, EX_CONFIG,
                                "reference/registrations.tsv:%zu: %s %.*s number: \"%.*s\"",
                                row->line,
                                status == XD_TAX_STATUS_CHECK_DIGIT ? "wrong check digit in the"
                                                                    : "not the shape of a",
                                XD_FMT(row->kind), XD_FMT(row->number));
        }
    }
    return true;
}

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
           xd_registrations_load(&tables->registrations, &tables->source, as_of, arena, err) &&
           check_registrations(tables, err) &&
           xd_layouts_load(&tables->layouts, &tables->source, arena, err) &&
           xd_duty_rules_load(&tables->duty, &tables->source, &(struct xd_duty_tables){0}, err);
}

void
xd_run_tables_free(struct xd_run_tables *tables)
{
    xd_arena_free(&tables->arena);
}
