/*
 * One call that reads every table a quote looks into.
 */
#include <sysexits.h>

#include "duty/quote.h"

/* The measures that a market rule names, as bits: known when the measure table is. */
static bool
resolve_measures(struct xd_duty_rules *rules, struct xd_error *err)
{
    for (size_t i = 0; i < rules->markets.count; i++) {
        struct xd_market_rule *rule = &rules->markets.rules[i];
        if (!xd_measures_bits(&rules->tariff.measures, rule->measure_names, &rule->measures)) {
            return xd_error_set(err, EX_CONFIG, "%.*s: there are no such measures: %.*s",
                                XD_FMT(rule->id), XD_FMT(rule->measure_names));
        }
    }
    return true;
}

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
           xd_air_freight_load(&rules->air_freight, tables, err) &&
           xd_tariff_load(&rules->tariff, tables, own->tariff, own->tariff_name, err) &&
           resolve_measures(rules, err) &&
           xd_fx_load(&rules->fx, tables, own->fx, own->fx_name, err);
}
