/*
 * What must hold for every consignment, whatever its figures: lines add up, the order of lines and
 * the day within a rule's period change nothing, finer rounding moves a total by no more than the
 * rounding itself, and what a context remembers changes nothing.
 */
#include "duty_fixture.h"

#define CONSIGNMENTS 100000
#define LINES_MAX    5

static struct duty_fixture fixture;
static struct duty_fixture finer; /* the same rules with ten times finer rounding */
static struct xd_arena clean;     /* of a context that has seen nothing */
static uint64_t seed = 20261122;

static uint32_t
pick(uint32_t below)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(seed >> 33) % below;
}

static struct xd_slice
pick_code(void)
{
    static const char *const CODES[] = {"610910", "620342", "640399", "420221", "711319", "330300",
                                        "490110", "851713", "910211", "950300", "847130", "90",
                                        "",       "999999", "170490", "7323"};

    return xd_slice_str(CODES[pick(16)]);
}

static xd_alpha
pick_country(void)
{
    static const char *const COUNTRIES[] = {"CN", "US", "FR", "GB", "CA", "JP", "VN", "BR", ""};

    return xd_alpha_of(xd_slice_str(COUNTRIES[pick(9)]));
}

static void
make_line(struct xd_duty_line *line, uint32_t number)
{
    *line = (struct xd_duty_line){
        .number = number,
        .hs_code = pick_code(),
        .description = XD_LIT("goods"),
        .origin = pick_country(),
        .quantity = {1 + pick(4), 0},
        .unit_price = {1 + pick(pick(2) ? 3000 : 60000), 2},
        .gross_kg = {true, {1 + pick(5000), 3}},
        .net_kg = {pick(2) == 1, {1 + pick(4000), 3}},
        .preference = pick(8) ? XD_NONE : XD_LIT("USMCA"),
    };
}

static void
make_consignment(struct xd_consignment *c, struct xd_duty_line *lines)
{
    static const char *const CURRENCIES[] = {"EUR", "USD", "GBP", "SEK"};
    static const char *const NUMBERS[] = {"", "IM1234567890", "GB123456789", "1234567"};
    const struct xd_markets *markets = &fixture.rules.markets;
    const struct xd_market_rule *rule = &markets->rules[pick((uint32_t)markets->count)];

    *c = (struct xd_consignment){
        .destination = rule->market,
        .dispatch = pick_country(),
        .date = rule->from + (xd_date)pick(500),
        .currency = pick(3) ? xd_alpha_of(xd_slice_str(CURRENCIES[pick(4)])) : rule->currency,
        .freight = {pick(2) ? pick(5000) : 0, 2},
        .insurance = {pick(4) ? 0 : pick(500), 2},
        .incoterm = (enum xd_incoterm)pick(5),
        .channel = (enum xd_channel)pick(4),
        .by_air = pick(8) == 0,
        .registration_number = xd_slice_str(NUMBERS[pick(4)]),
        .allot_by_weight = pick(2) == 1,
        .lines = lines,
        .line_count = 1 + pick(LINES_MAX),
    };
    for (uint32_t i = 0; i < c->line_count; i++) {
        make_line(&lines[i], i + 1);
    }
}

static void
check_sums(const struct xd_landed_cost *cost, size_t count)
{
    struct xd_landed_amounts sum = {0};

    for (size_t i = 0; i < count; i++) {
        const struct xd_landed_amounts *line = &cost->lines[i].amounts;
        assert_true(line->duty >= 0 && line->tax >= 0 && line->fees >= 0);
        assert_true(cost->lines[i].duty_low <= cost->lines[i].duty_high);
        assert_int_equal(line->total, line->duty + line->tax + line->fees);
        sum.customs_value += line->customs_value;
        sum.duty += line->duty;
        sum.tax += line->tax;
        sum.fees += line->fees;
        sum.total += line->total;
    }
    assert_memory_equal(&sum, &cost->amounts, sizeof(sum));
}

/* The amounts of a quote by line number, to be compared with another quote's. */
static void
keep(const struct xd_consignment *c, const struct xd_landed_cost *cost,
     struct xd_landed_amounts *of)
{
    of[0] = cost->amounts;
    for (size_t i = 0; i < c->line_count; i++) {
        of[c->lines[i].number] = cost->lines[i].amounts;
    }
}

static void
check_permutation(const struct xd_consignment *c, const struct xd_landed_amounts *expected)
{
    struct xd_landed_amounts got[LINES_MAX + 1];
    struct xd_duty_line turned[LINES_MAX];
    struct xd_consignment other = *c;
    struct xd_landed_cost cost;
    size_t turn = pick((uint32_t)c->line_count);

    for (size_t i = 0; i < c->line_count; i++) {
        turned[i] = c->lines[c->line_count - 1 - (i + turn) % c->line_count];
    }
    other.lines = turned;
    assert_true(xd_duty_quote(&fixture.rules, &other, &fixture.ctx, &cost));
    keep(&other, &cost, got);
    assert_memory_equal(got, expected, (c->line_count + 1) * sizeof(*got));
}

/* No row of any table begins on the day or ended the day before. */
static bool
is_plain_day(xd_date day)
{
    const struct xd_duty_rules *r = &fixture.rules;
    bool edge = false;

    for (size_t i = 0; i < r->markets.count; i++) {
        edge |= r->markets.rules[i].from == day || r->markets.rules[i].until == day - 1;
    }
    for (size_t i = 0; i < r->tariff.count; i++) {
        edge |= r->tariff.rows[i].from == day || r->tariff.rows[i].until == day - 1;
    }
    for (size_t i = 0; i < r->tax_rates.count; i++) {
        edge |= r->tax_rates.rows[i].from == day || r->tax_rates.rows[i].until == day - 1;
    }
    for (size_t i = 0; i < r->fees.count; i++) {
        edge |= r->fees.rows[i].from == day || r->fees.rows[i].until == day - 1;
    }
    for (size_t i = 0; i < r->air_freight.count; i++) {
        edge |= r->air_freight.rows[i].from == day || r->air_freight.rows[i].until == day - 1;
    }
    for (size_t i = 0; i < r->fx.count; i++) {
        edge |= r->fx.quotes[i].from == day || r->fx.quotes[i].until == day - 1;
    }
    return !edge;
}

static void
check_later_day(const struct xd_consignment *c, const struct xd_landed_amounts *expected)
{
    struct xd_landed_amounts got[LINES_MAX + 1];
    struct xd_consignment other = *c;
    struct xd_landed_cost cost;

    other.date++;
    if (!is_plain_day(other.date)) {
        return;
    }
    assert_true(xd_duty_quote(&fixture.rules, &other, &fixture.ctx, &cost));
    keep(&other, &cost, got);
    assert_memory_equal(got, expected, (c->line_count + 1) * sizeof(*got));
}

/* What a context has looked up before changes nothing but the time. */
static void
check_without_memory(const struct xd_consignment *c, const struct xd_landed_amounts *expected)
{
    struct xd_landed_amounts got[LINES_MAX + 1];
    struct xd_duty_ctx fresh = {.arena = &clean};
    struct xd_landed_cost cost;

    xd_arena_reset(&clean);
    assert_true(xd_duty_quote(&fixture.rules, c, &fresh, &cost));
    keep(c, &cost, got);
    assert_memory_equal(got, expected, (c->line_count + 1) * sizeof(*got));
}

static int64_t
coarsest_step(const struct xd_landed_cost *cost)
{
    const struct xd_market_rule *rule = cost->rule;
    const struct xd_round_rule *rounds[] = {&rule->round_value, &rule->round_duty,
                                            &rule->round_tax};
    int64_t coarsest = 1;

    for (size_t i = 0; i < 3; i++) {
        xd_amount step;
        assert_true(xd_amount_of(rounds[i]->step, &step));
        int64_t units = xd_amount_decimal(step, cost->decimals).units;
        coarsest = units > coarsest ? units : coarsest;
    }
    return coarsest;
}

/* Thresholds that are tested on a rounded amount may tip over: only that may move a total further.
 */
static bool
tests_amounts(const struct xd_landed_cost *cost)
{
    return cost->rule->duty_relief.basis >= XD_BASIS_TAX ||
           cost->rule->tax_relief.basis >= XD_BASIS_TAX ||
           cost->tax_rule->tax_relief.basis >= XD_BASIS_TAX;
}

static void
check_refinement(const struct xd_consignment *c, const struct xd_landed_cost *coarse)
{
    struct xd_landed_cost fine;

    if (tests_amounts(coarse)) {
        return;
    }
    assert_true(xd_duty_quote(&finer.rules, c, &finer.ctx, &fine));
    int64_t moved = fine.amounts.total - coarse->amounts.total * 10;
    int64_t allowed = (int64_t)c->line_count * 4 * coarsest_step(coarse) * 10;
    if (moved > allowed || moved < -allowed) {
        fail_msg("%.*s: finer rounding moves the total by %lld, allowed %lld",
                 XD_FMT(coarse->rule->id), (long long)moved, (long long)allowed);
    }
}

static void
test_properties_of_random_consignments(void **state)
{
    struct xd_landed_amounts amounts[LINES_MAX + 1];
    struct xd_duty_line lines[LINES_MAX];
    struct xd_consignment c;
    struct xd_landed_cost cost;
    unsigned quoted = 0;

    (void)state;
    for (unsigned i = 0; i < CONSIGNMENTS; i++) {
        make_consignment(&c, lines);
        if (!xd_duty_quote(&fixture.rules, &c, &fixture.ctx, &cost)) {
            continue; /* the market has no rule on that day */
        }
        quoted++;
        check_sums(&cost, c.line_count);
        keep(&c, &cost, amounts);
        check_refinement(&c, &cost);
        check_permutation(&c, amounts);
        check_later_day(&c, amounts);
        if (i % 50 == 0) {
            check_without_memory(&c, amounts);
        }
    }
    assert_true(quoted > CONSIGNMENTS * 3 / 4);
}

static void
refine(struct xd_round_rule *rule)
{
    rule->step.scale++;
}

static int
load(void **state)
{
    (void)state;
    duty_fixture_open(&fixture, false);
    duty_fixture_open(&finer, false);
    xd_arena_init(&clean, 1 << 19, 0);
    for (size_t i = 0; i < finer.rules.markets.count; i++) {
        struct xd_market_rule *rule = &finer.rules.markets.rules[i];
        rule->decimals++;
        refine(&rule->round_value);
        refine(&rule->round_duty);
        refine(&rule->round_tax);
    }
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_arena_free(&clean);
    duty_fixture_close(&finer);
    duty_fixture_close(&fixture);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_properties_of_random_consignments)};

    return cmocka_run_group_tests(tests, load, unload);
}
