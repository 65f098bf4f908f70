/*
 * One call that reads every table a quote looks into.
 */
#include "duty/quote.h"

bool
xd_duty_rules_load(struct xd_duty_rules *rules, const struct xd_tables *tables,
                   const struct xd_duty_tables *given, struct xd_error *err)
{
    static const struct xd_duty_tables NOTHING;
    const struct xd_duty_tables *own = given ? given : &NOTHING;

    return xd_markets_load(&rules->markets, tables, own->rules, own->rules_name, err) &&
           xd_tax_rates_load(&rules->tax_rates, &rules->markets, tables, err) &&
           xd_simplified_load(&rules->simplified, &rules->markets, tables, err) &&
           xd_fees_load(&rules->fees, &rules->markets, tables, err) &&
           xd_tariff_load(&rules->tariff, tables, own->tariff, own->tariff_name, err) &&
           xd_fx_load(&rules->fx, tables, own->fx, own->fx_name, err);
}
