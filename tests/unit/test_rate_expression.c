/*
 * Duty expressions: how they are read and what they come to, by the rows of
 * tests/tables/rate_expression.tsv.
 */
#include "duty/work.h"
#include "duty_fixture.h"

static struct duty_fixture fixture;
static unsigned wrong_rows; /* one does not hide the next */

static void
put_row_in_tariff(const struct xd_rate_expression *rate, struct xd_slice text)
{
    struct xd_tariff *tariff = &fixture.rules.tariff;

    for (size_t i = 0; i < tariff->count; i++) {
        if (tariff->rows[i].market == XD_ALPHA2('G', 'B') && tariff->rows[i].digits == 4) {
            tariff->rows[i].rate = *rate;
            tariff->rows[i].text = text;
        }
    }
}

static struct xd_landed_cost
quote_thousand(void)
{
    struct xd_duty_line line = {.number = 1,
                                .hs_code = XD_LIT("610910"),
                                .origin = XD_ALPHA2('C', 'N'),
                                .quantity = {40, 0},
                                .unit_price = {25, 0},
                                .net_kg = {true, {250, 0}}};
    struct xd_consignment c = {.destination = XD_ALPHA2('G', 'B'),
                               .date = 20000,
                               .currency = XD_ALPHA3('G', 'B', 'P'),
                               .lines = &line,
                               .line_count = 1};
    struct xd_landed_cost cost;

    assert_true(xd_duty_quote(&fixture.rules, &c, &fixture.ctx, &cost));
    return cost;
}

static void
check_result(const char *where, struct xd_slice expected)
{
    struct xd_landed_cost cost = quote_thousand();
    bool missing = false;
    char text[XD_DECIMAL_TEXT];

    for (size_t i = 0; i < cost.finding_count; i++) {
        missing |= cost.findings[i].code == XD_F_DT_QUANTITY_MISSING;
    }
    if (missing != xd_slice_eq(expected, XD_LIT("-"))) {
        fail_msg("%s: a quantity is %smissing", where, missing ? "" : "not ");
    }
    if (missing) {
        return;
    }
    /* Display rounding leaves the exact duty in the working figures. */
    size_t len = xd_decimal_format(xd_amount_decimal(fixture.ctx.work[0].duty, 6), text);
    if (!xd_slice_eq(expected, xd_slice_of(text, len))) {
        fail_msg("%s: %.*s, not %.*s", where, (int)len, text, XD_FMT(expected));
    }
}

static void
read_row(const struct xd_slice *cells, const char *where)
{
    struct xd_rate_term terms[XD_RATE_TERMS_MAX];
    struct xd_rate_expression rate;
    size_t bad = 0;
    bool read = xd_rate_expression_parse(cells[0], terms, &rate, &bad);

    if (read != xd_slice_eq(cells[1], XD_LIT("read"))) {
        fail_msg("%s: was %sread, byte %zu", where, read ? "" : "not ", bad);
    }
    if (!read) {
        uint64_t expected = 0;
        assert_int_equal(rate.shape, XD_RATE_PROSE);
        assert_true(xd_slice_u64(cells[2], &expected));
        if (bad != expected) {
            print_error("%s: reading stopped at byte %zu\n", where, bad);
            wrong_rows++;
        }
        return;
    }
    put_row_in_tariff(&rate, cells[0]);
    check_result(where, cells[3]);
}

static void
test_rate_expressions(void **state)
{
    static const char *const COLUMNS[] = {"expression", "status", "bad", "result"};

    (void)state;
    each_table_row("rate_expression", COLUMNS, 4, read_row);
    assert_int_equal(wrong_rows, 0);
}

static int
load(void **state)
{
    struct xd_error err = {0};
    struct xd_duty_tables given = {.tariff_name = "given"};

    (void)state;
    xd_arena_init(&fixture.arena, 1 << 20, 0);
    xd_arena_init(&fixture.scratch, 1 << 16, 0);
    fixture.ctx.arena = &fixture.scratch;
    given.tariff = XD_LIT("market\ths_code\texpression\nGB\t6109\t1 %\n");
    struct xd_tables tables = {NULL, &fixture.arena};
    return xd_duty_rules_load(&fixture.rules, &tables, &given, &err) ? 0 : -1;
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rate_expressions)};

    return cmocka_run_group_tests(tests, load, unload);
}
