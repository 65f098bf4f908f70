/*
 * Every threshold of the market table one minor unit below, at and above; every dated row of every
 * table on the day before, of and after. The tables are walked, so that a row added tomorrow is
 * tested tomorrow.
 */
#include "duty_fixture.h"

static struct duty_fixture fixture;

/* What a rule's own conditions ask for. */
static void
meet_conditions(const struct xd_market_rule *rule, struct xd_consignment *c)
{
    c->destination = rule->market;
    c->dispatch = rule->dispatch[0];
    if (rule->dispatch[0] == XD_ALPHA2('E', 'U')) {
        c->dispatch = XD_ALPHA2('F', 'R');
    }
    for (unsigned channel = 0; channel < 4; channel++) {
        if ((rule->channels >> channel) & 1) {
            c->channel = (enum xd_channel)channel;
        }
    }
    c->registration_number = rule->registered == 1 ? XD_LIT("X") : XD_NONE;
    c->date = rule->from;
}

static const struct xd_market_rule *
rule_on(const struct xd_market_rule *rule, xd_date day)
{
    struct xd_consignment c = {0};

    meet_conditions(rule, &c);
    struct xd_market_query query = {c.destination, c.dispatch, c.channel,
                                    c.registration_number.len > 0, day};
    return xd_market_find(&fixture.rules.markets, &query);
}

static void
test_market_rules_begin_and_end_on_their_days(void **state)
{
    const struct xd_markets *markets = &fixture.rules.markets;

    (void)state;
    for (size_t i = 0; i < markets->count; i++) {
        const struct xd_market_rule *rule = &markets->rules[i];
        assert_ptr_not_equal(rule_on(rule, rule->from - 1), rule);
        assert_ptr_equal(rule_on(rule, rule->from), rule);
        assert_ptr_equal(rule_on(rule, rule->from + 1 <= rule->until ? rule->from + 1 : rule->from),
                         rule);
        assert_ptr_equal(rule_on(rule, rule->until - 1), rule);
        assert_ptr_equal(rule_on(rule, rule->until), rule);
        if (rule->until < XD_DATE_MAX) {
            assert_ptr_not_equal(rule_on(rule, rule->until + 1), rule);
        }
    }
}

static bool
tariff_row_on(const struct xd_tariff_row *row, xd_date day)
{
    struct xd_tariff_hit hit;
    struct xd_tariff_query query = {.market = row->market,
                                    .code = row->code,
                                    .digits = row->digits,
                                    .origin = row->origin,
                                    .date = day};
    xd_tariff_find(&fixture.rules.tariff, &query, &hit);
    return ((hit.found >> row->measure) & 1) && hit.of[row->measure] == row;
}

static void
test_tariff_rows_begin_and_end_on_their_days(void **state)
{
    const struct xd_tariff *tariff = &fixture.rules.tariff;

    (void)state;
    for (size_t i = 0; i < tariff->count; i++) {
        const struct xd_tariff_row *row = &tariff->rows[i];
        assert_false(tariff_row_on(row, row->from - 1));
        assert_true(tariff_row_on(row, row->from));
        assert_true(tariff_row_on(row, row->from + 1));
        assert_true(tariff_row_on(row, row->until));
        if (row->until < XD_DATE_MAX) {
            assert_true(tariff_row_on(row, row->until - 1));
            assert_false(tariff_row_on(row, row->until + 1));
        }
    }
}

static bool
tax_rate_on(const struct xd_tax_rate *row, xd_date day)
{
    struct xd_market_query query = {.market = row->market, .date = 20760};
    const struct xd_market_rule *rule = xd_market_find(&fixture.rules.markets, &query);

    return xd_tax_rate_find(&fixture.rules.tax_rates, rule, row->region,
                            row->hs.count ? row->hs.prefixes[0] : 0, day) == row;
}

static void
test_tax_rates_begin_and_end_on_their_days(void **state)
{
    const struct xd_tax_rates *rates = &fixture.rules.tax_rates;

    (void)state;
    for (size_t i = 0; i < rates->count; i++) {
        const struct xd_tax_rate *row = &rates->rows[i];
        assert_false(tax_rate_on(row, row->from - 1));
        assert_true(tax_rate_on(row, row->from));
        assert_true(tax_rate_on(row, row->from + 1));
        assert_true(tax_rate_on(row, row->until));
        if (row->until < XD_DATE_MAX) {
            assert_false(tax_rate_on(row, row->until + 1));
        }
    }
}

/* Whether goods of that price pay the fee: by that payee's channel, from where it is asked for. */
static bool
fee_charged(const struct xd_fee *fee, xd_date day, struct xd_decimal price)
{
    struct xd_duty_line line = {
        .number = 1, .hs_code = XD_LIT("610910"), .quantity = {1, 0}, .unit_price = price};
    struct xd_consignment c = {.destination = fee->market,
                               .currency = fee->limit.set ? fee->limit.currency : fee->currency,
                               .date = day,
                               .dispatch = fee->dispatch_not ? 0 : fee->dispatch[0],
                               .carrier = fee->carrier,
                               .lines = &line,
                               .line_count = 1};
    struct xd_landed_cost cost;
    bool charged = false;

    c.channel = fee->payee == XD_FEE_POST      ? XD_CHANNEL_POST
                : fee->payee == XD_FEE_COURIER ? XD_CHANNEL_COURIER
                                               : XD_CHANNEL_FREIGHT;
    if (!xd_duty_quote(&fixture.rules, &c, &fixture.ctx, &cost)) {
        return false;
    }
    for (uint8_t i = 0; i < cost.rules.count; i++) {
        charged |= xd_slice_eq(cost.rules.of[i], fee->id);
    }
    for (size_t i = 0; i < cost.finding_count; i++) {
        charged |= fee->unknown && xd_slice_eq(cost.findings[i].subject, fee->id);
    }
    return charged;
}

/* A consignment that pays for every reason there is: dear, unless only cheap ones pay. */
static bool
fee_on(const struct xd_fee *fee, xd_date day)
{
    bool cheap = fee->limit.set && fee->when != XD_FEE_ABOVE;

    return fee_charged(fee, day, (struct xd_decimal){cheap ? 10 : 1000000, 0});
}

static void
test_fees_begin_and_end_on_their_days(void **state)
{
    const struct xd_fees *fees = &fixture.rules.fees;
    unsigned tested = 0;

    (void)state;
    for (size_t i = 0; i < fees->count; i++) {
        const struct xd_fee *fee = &fees->rows[i];
        if (!fee->enabled) {
            assert_false(fee_on(fee, fee->from));
            continue;
        }
        assert_false(fee_on(fee, fee->from - 1));
        if (fee->until < XD_DATE_MAX) {
            assert_true(fee_on(fee, fee->until));
            assert_false(fee_on(fee, fee->until + 1));
        }
        /* A fee that is older than its market's first rule can be seen only under the rule. */
        tested += fee_on(fee, fee->from) && fee_on(fee, fee->from + 1);
    }
    assert_true(tested >= 20);
}

/* The first day on which both the fee and a rule of its market are in force. */
static xd_date
first_day_of(const struct xd_fee *fee)
{
    const struct xd_markets *markets = &fixture.rules.markets;
    xd_date day = XD_DATE_MAX;

    for (size_t i = 0; i < markets->count; i++) {
        xd_date from = markets->rules[i].from > fee->from ? markets->rules[i].from : fee->from;
        if (markets->rules[i].market == fee->market && markets->rules[i].until >= from &&
            from < day) {
            day = from;
        }
    }
    return day;
}

static void
test_fee_limits_to_the_minor_unit(void **state)
{
    const struct xd_fees *fees = &fixture.rules.fees;
    unsigned tested = 0;

    (void)state;
    for (size_t i = 0; i < fees->count; i++) {
        const struct xd_fee *fee = &fees->rows[i];
        int64_t edge;
        if (!fee->enabled || !fee->limit.set) {
            continue;
        }
        assert_true(xd_decimal_rescale(fee->limit.amount, 2, XD_ROUND_DOWN, &edge));
        for (int64_t step = -1; step <= 1; step++) {
            bool within = step < 0 || (step == 0 && fee->limit.inclusive);
            bool charged = fee_charged(fee, first_day_of(fee), (struct xd_decimal){edge + step, 2});
            if (charged != (within == (fee->when != XD_FEE_ABOVE))) {
                fail_msg("%.*s at %lld/100", XD_FMT(fee->id), (long long)(edge + step));
            }
        }
        tested++;
    }
    assert_true(tested >= 12);
}

static void
test_air_shares_begin_and_end_on_their_days(void **state)
{
    const struct xd_air_freight *air = &fixture.rules.air_freight;

    (void)state;
    assert_true(air->count > 10);
    for (size_t i = 0; i < air->count; i++) {
        const struct xd_air_share *row = &air->rows[i];
        xd_alpha from = xd_alpha_of(xd_slice_sub(row->dispatch, 0, 2));
        assert_ptr_not_equal(xd_air_share_find(air, row->regime, from, row->from - 1), row);
        assert_ptr_equal(xd_air_share_find(air, row->regime, from, row->from), row);
        assert_ptr_equal(xd_air_share_find(air, row->regime, from, row->from + 1), row);
        if (row->until < XD_DATE_MAX) {
            assert_ptr_equal(xd_air_share_find(air, row->regime, from, row->until), row);
            assert_ptr_not_equal(xd_air_share_find(air, row->regime, from, row->until + 1), row);
        }
    }
}

/* The verdict that the quote reached on the threshold, by its step: 1 within, 0 beyond, -1 not
 * tested. */
static int
verdict(const struct xd_landed_cost *cost, xd_amount basis, const struct xd_threshold *limit)
{
    xd_amount edge;

    assert_true(xd_amount_of(limit->amount, &edge));
    for (size_t i = 0; i < cost->step_count; i++) {
        const struct xd_duty_step *step = &cost->steps[i];
        if (step->base == basis && step->result == edge && step->currency == limit->currency &&
            step->base_currency == limit->currency && !step->rounding &&
            (xd_slice_starts(step->rate, XD_LIT("within")) ||
             xd_slice_starts(step->rate, XD_LIT("beyond")))) {
            return xd_slice_starts(step->rate, XD_LIT("within"));
        }
    }
    return -1;
}

static unsigned edges_tested;

/* Goods of exactly `price` in the threshold's currency, no freight. */
static void
check_price(const struct xd_market_rule *rule, const struct xd_threshold *limit,
            struct xd_decimal price, bool within)
{
    struct xd_duty_line line = {
        .number = 1, .hs_code = XD_LIT("610910"), .quantity = {1, 0}, .unit_price = price};
    struct xd_consignment c = {.currency = limit->currency, .lines = &line, .line_count = 1};
    struct xd_landed_cost cost;
    xd_amount basis;

    meet_conditions(rule, &c);
    if (rule->group) {
        c.destination = XD_ALPHA2('F', 'R');
        c.date = rule->from > 20000 ? rule->from : 20000;
    }
    assert_true(xd_amount_of(price, &basis));
    xd_arena_reset(&fixture.scratch);
    xd_duty_ctx_reset(&fixture.ctx);
    fixture.ctx.explain = true;
    assert_true(xd_duty_quote(&fixture.rules, &c, &fixture.ctx, &cost));
    fixture.ctx.explain = false;
    int reached = verdict(&cost, basis, limit);
    if (reached != within) {
        fail_msg("%.*s: %lld/10^%u is %s the limit", XD_FMT(rule->id), (long long)price.units,
                 price.scale,
                 reached < 0 ? "never tested against"
                 : reached   ? "within"
                             : "beyond");
    }
    edges_tested++;
}

static void
check_edge(const struct xd_market_rule *rule, const struct xd_threshold *limit, unsigned decimals)
{
    int64_t units;

    if (!limit->set || limit->basis >= XD_BASIS_CUSTOMS) {
        return; /* of computed amounts: rows of tests/tables/landed_cost.tsv */
    }
    assert_true(xd_decimal_rescale(limit->amount, decimals, XD_ROUND_DOWN, &units));
    check_price(rule, limit, (struct xd_decimal){units - 1, (uint8_t)decimals}, true);
    check_price(rule, limit, (struct xd_decimal){units, (uint8_t)decimals}, limit->inclusive);
    check_price(rule, limit, (struct xd_decimal){units + 1, (uint8_t)decimals}, false);
}

static void
test_thresholds_to_the_minor_unit(void **state)
{
    const struct xd_markets *markets = &fixture.rules.markets;

    (void)state;
    for (size_t i = 0; i < markets->count; i++) {
        const struct xd_market_rule *rule = &markets->rules[i];
        unsigned decimals = rule->duty_relief.currency == rule->currency ? rule->decimals : 2;
        if (rule->regime != rule->market) {
            continue;
        }
        check_edge(rule, &rule->scheme_limit, decimals);
        if (!rule->scheme_always) {
            check_edge(rule, &rule->duty_relief, decimals);
            check_edge(rule, &rule->tax_relief, decimals);
        }
        if (rule->fixed.set) {
            check_edge(rule, &rule->fixed.limit, 2);
        }
    }
    assert_true(edges_tested > 150);
}

/* A flat rate applies beyond one threshold and up to another. */
static void
test_bands_to_the_minor_unit(void **state)
{
    const struct xd_duty_rules *rules = &fixture.rules;
    unsigned before = edges_tested;

    (void)state;
    for (size_t i = 0; i < rules->simplified.count; i++) {
        const struct xd_simplified_row *row = &rules->simplified.rows[i];
        for (size_t j = 0; j < rules->markets.count; j++) {
            const struct xd_market_rule *rule = &rules->markets.rules[j];
            if (xd_slice_eq(rule->id, row->rule_id) && row->hs.count == 0 &&
                row->upto.basis != XD_BASIS_NONE) {
                check_edge(rule, &row->upto, 2);
            }
        }
    }
    assert_true(edges_tested > before + 30);
}

/* Rounding-sensitive limits: computed duty, tax and customs value, one minor unit around the edge.
 */
static int64_t
charge_of(const char *destination, const char *date, int64_t price, uint8_t scale,
          enum xd_channel channel)
{
    struct xd_duty_line line = {
        .number = 1, .hs_code = XD_LIT("852580"), .quantity = {1, 0}, .unit_price = {price, scale}};
    struct xd_consignment c = {.destination = xd_alpha_of(xd_slice_str(destination)),
                               .channel = channel,
                               .lines = &line,
                               .line_count = 1};
    struct xd_landed_cost cost;

    assert_true(xd_date_parse(xd_slice_str(date), &c.date));
    struct xd_market_query query = {c.destination, 0, channel, false, c.date};
    c.currency = xd_market_find(&fixture.rules.markets, &query)->currency;
    assert_true(xd_duty_quote(&fixture.rules, &c, &fixture.ctx, &cost));
    return cost.amounts.duty + cost.amounts.tax;
}

static void
test_limits_of_computed_amounts(void **state)
{
    (void)state;
    /* Switzerland: 8.1 % rounded to five rappen is 5.00 up to 62.03 and 5.05 from 62.04 on. */
    assert_int_equal(charge_of("CH", "2024-06-03", 6203, 2, XD_CHANNEL_FREIGHT), 0);
    assert_int_equal(charge_of("CH", "2024-06-03", 6204, 2, XD_CHANNEL_FREIGHT), 505);
    assert_int_equal(charge_of("CH", "2024-06-03", 6205, 2, XD_CHANNEL_FREIGHT), 505);
    /* Japan: 60 % of 16,666 is 9,999.60, of 16,667 is 10,000.20. */
    assert_int_equal(charge_of("JP", "2025-06-03", 16665, 0, XD_CHANNEL_FREIGHT), 0);
    assert_int_equal(charge_of("JP", "2025-06-03", 16666, 0, XD_CHANNEL_FREIGHT), 0);
    assert_true(charge_of("JP", "2025-06-03", 16667, 0, XD_CHANNEL_FREIGHT) > 0);
    /* China by post: 13 % of 384.61 is 50.00, of 384.66 is 50.01. */
    assert_int_equal(charge_of("CN", "2025-06-03", 38461, 2, XD_CHANNEL_POST), 0);
    assert_int_equal(charge_of("CN", "2025-06-03", 38465, 2, XD_CHANNEL_POST), 0);
    assert_int_equal(charge_of("CN", "2025-06-03", 38466, 2, XD_CHANNEL_POST), 5001);
    /* Germany: 19 % of 5.23 is 0.99, of 5.24 is 1.00 and collected. */
    assert_int_equal(charge_of("DE", "2026-06-03", 523, 2, XD_CHANNEL_FREIGHT), 0);
    assert_int_equal(charge_of("DE", "2026-06-03", 524, 2, XD_CHANNEL_FREIGHT), 100);
    assert_int_equal(charge_of("DE", "2026-06-03", 525, 2, XD_CHANNEL_FREIGHT), 100);
}

static int
load(void **state)
{
    (void)state;
    duty_fixture_open(&fixture, false);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    duty_fixture_close(&fixture);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_market_rules_begin_and_end_on_their_days),
        cmocka_unit_test(test_tariff_rows_begin_and_end_on_their_days),
        cmocka_unit_test(test_tax_rates_begin_and_end_on_their_days),
        cmocka_unit_test(test_fees_begin_and_end_on_their_days),
        cmocka_unit_test(test_fee_limits_to_the_minor_unit),
        cmocka_unit_test(test_air_shares_begin_and_end_on_their_days),
        cmocka_unit_test(test_thresholds_to_the_minor_unit),
        cmocka_unit_test(test_bands_to_the_minor_unit),
        cmocka_unit_test(test_limits_of_computed_amounts),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
