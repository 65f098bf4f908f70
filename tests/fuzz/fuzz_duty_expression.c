/*
 * Duty expressions from anywhere: whatever is read must be computable for a line without overflow,
 * and whatever is not must say where reading stopped.
 */
#include <assert.h>

#include "duty/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct xd_arena arena;
static struct xd_arena scratch;
static struct xd_duty_rules rules;

/* The one tariff row that a quote of heading 6109 for GB meets. */
static struct xd_tariff_row *
the_row(void)
{
    static struct xd_tariff_row *row;
    struct xd_duty_tables given = {.tariff = XD_LIT("market\ths_code\texpression\nGB\t6109\t1 %\n"),
                                   .tariff_name = "given"};
    struct xd_error err = {0};

    if (!row) {
        xd_arena_init(&arena, 1 << 20, 0);
        xd_arena_init(&scratch, 1 << 16, 0);
        struct xd_tables tables = {NULL, &arena};
        bool loaded = xd_duty_rules_load(&rules, &tables, &given, &err);
        assert(loaded);
        for (size_t i = 0; i < rules.tariff.count; i++) {
            if (rules.tariff.rows[i].market == XD_ALPHA2('G', 'B') &&
                rules.tariff.rows[i].digits == 4) {
                row = &rules.tariff.rows[i];
            }
        }
    }
    return row;
}

static void
quote_with(const struct xd_rate_expression *rate)
{
    struct xd_duty_line line = {.number = 1,
                                .hs_code = XD_LIT("610910"),
                                .quantity = {3, 0},
                                .unit_price = {123456789, 2},
                                .net_kg = {true, {123456, 3}}};
    struct xd_consignment c = {.destination = XD_ALPHA2('G', 'B'),
                               .date = 20000,
                               .currency = XD_ALPHA3('G', 'B', 'P'),
                               .lines = &line,
                               .line_count = 1};
    static struct xd_duty_ctx ctx;
    struct xd_landed_cost cost;

    ctx.arena = &scratch;
    the_row()->rate = *rate;
    if (xd_duty_quote(&rules, &c, &ctx, &cost)) {
        assert(cost.amounts.duty >= 0);
        assert(cost.amounts.duty + cost.amounts.tax + cost.amounts.fees == cost.amounts.total);
    } else {
        assert(cost.amounts.total == 0 && cost.finding_count > 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xd_rate_term terms[XD_RATE_TERMS_MAX];
    struct xd_rate_expression rate;
    size_t bad = SIZE_MAX;
    struct xd_slice text = xd_slice_of((const char *)data, size);

    (void)the_row();
    if (xd_rate_expression_parse(text, terms, &rate, &bad)) {
        assert(rate.count <= XD_RATE_TERMS_MAX && rate.shape != XD_RATE_PROSE);
        quote_with(&rate);
    } else {
        assert(bad <= size && rate.shape == XD_RATE_PROSE && rate.count == 0);
    }
    return 0;
}
