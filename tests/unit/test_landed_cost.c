/*
 * Landed cost against worked examples: every row of tests/tables/landed_cost.tsv is one consignment
 * whose figures somebody else has published, or whose trap somebody has fallen into.
 */
#include "duty/quote.h"
#include "duty_fixture.h"
#include "reference/finding_text.h"

static struct duty_fixture fixture;
static struct xd_finding_texts texts;

enum {
    C_CASE,
    C_AS_OF,
    C_DESTINATION,
    C_REGION,
    C_DISPATCH,
    C_CHANNEL,
    C_INCOTERM,
    C_NUMBER,
    C_CURRENCY,
    C_FREIGHT,
    C_INSURANCE,
    C_LINES,
    C_VALUE,
    C_DUTY,
    C_TAX,
    C_FEES,
    C_COLLECTED,
    C_FINDINGS,
    C_COUNT
};

static struct xd_decimal
decimal_of(struct xd_slice text)
{
    struct xd_decimal value = {0, 0};

    if (text.len && xd_decimal_parse(text, 6, &value) != XD_DECIMAL_OK) {
        fail_msg("not a number: %.*s", XD_FMT(text));
    }
    return value;
}

static struct xd_maybe
maybe_of(struct xd_slice text)
{
    return (struct xd_maybe){text.len > 0, decimal_of(text)};
}

/* "hs:origin:quantity:price:preference:net:gross" */
static void
read_line(struct xd_slice text, struct xd_duty_line *line, uint32_t number)
{
    struct xd_slice part[7] = {{0}};

    for (unsigned i = 0; i < 7 && xd_slice_next(&text, ':', &part[i]); i++) {
    }
    *line = (struct xd_duty_line){.number = number,
                                  .hs_code = part[0],
                                  .description = XD_LIT("goods"),
                                  .origin = xd_alpha_of(part[1]),
                                  .quantity = decimal_of(part[2]),
                                  .unit_price = decimal_of(part[3]),
                                  .preference = part[4],
                                  .net_kg = maybe_of(part[5]),
                                  .gross_kg = maybe_of(part[6])};
}

/* A wrong row does not hide the next one. */
static unsigned wrong_rows;

#define complain(...)                                                                              \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        print_error("\n");                                                                         \
        wrong_rows++;                                                                              \
    } while (0)

static void
expect_amount(const char *where, const char *what, int64_t units, uint8_t decimals,
              struct xd_slice expected)
{
    char text[XD_DECIMAL_TEXT];
    size_t len = xd_decimal_format((struct xd_decimal){units, decimals}, text);

    if (!xd_slice_eq(expected, xd_slice_of(text, len))) {
        complain("%s: %s is %.*s, not %.*s", where, what, (int)len, text, XD_FMT(expected));
    }
}

static bool
has_finding(const struct xd_landed_cost *cost, struct xd_slice slug)
{
    for (size_t i = 0; i < cost->finding_count; i++) {
        if (xd_slice_eq(texts.of[cost->findings[i].code].slug, slug)) {
            return true;
        }
    }
    return false;
}

static void
expect_findings(const char *where, const struct xd_landed_cost *cost, struct xd_slice list)
{
    struct xd_slice slug;

    while (xd_slice_next(&list, ' ', &slug)) {
        bool absent = slug.ptr[0] == '!';
        struct xd_slice name = xd_slice_sub(slug, absent, SIZE_MAX);
        if (xd_finding_text_find(&texts, name) == XD_F_NONE) {
            complain("%s: there is no finding %.*s", where, XD_FMT(name));
        }
        if (has_finding(cost, name) == absent) {
            complain("%s: %.*s is %s", where, XD_FMT(name), absent ? "there" : "missing");
        }
    }
}

static void
expect_collector(const char *where, const struct xd_landed_cost *cost, struct xd_slice expected)
{
    char text[40];
    bool both = cost->tax_collector != XD_COLLECTOR_NONE &&
                cost->duty_collector != XD_COLLECTOR_NONE &&
                cost->tax_collector != cost->duty_collector;
    enum xd_collector one =
        cost->tax_collector != XD_COLLECTOR_NONE ? cost->tax_collector : cost->duty_collector;

    (void)snprintf(text, sizeof(text), "%s%s%s", xd_collector_name(one), both ? "+" : "",
                   both ? xd_collector_name(cost->duty_collector) : "");
    if (expected.len && !xd_slice_eq(expected, xd_slice_str(text))) {
        complain("%s: collected by %s, not %.*s", where, text, XD_FMT(expected));
    }
}

static void
expect_lines_add_up(const char *where, const struct xd_landed_cost *cost, size_t count)
{
    struct xd_landed_amounts sum = {0};

    for (size_t i = 0; i < count; i++) {
        sum.customs_value += cost->lines[i].amounts.customs_value;
        sum.duty += cost->lines[i].amounts.duty;
        sum.tax += cost->lines[i].amounts.tax;
        sum.fees += cost->lines[i].amounts.fees;
        sum.total += cost->lines[i].amounts.total;
    }
    if (memcmp(&sum, &cost->amounts, sizeof(sum)) != 0) {
        complain("%s: the lines do not add up to the consignment", where);
    }
}

static void
quote_row(const struct xd_slice *cells, const char *where)
{
    struct xd_duty_line lines[8];
    struct xd_consignment c = {.destination = xd_alpha_of(cells[C_DESTINATION]),
                               .region = cells[C_REGION],
                               .dispatch = xd_alpha_of(cells[C_DISPATCH]),
                               .currency = xd_alpha_of(cells[C_CURRENCY]),
                               .freight = decimal_of(cells[C_FREIGHT]),
                               .insurance = decimal_of(cells[C_INSURANCE]),
                               .registration_number = cells[C_NUMBER],
                               .lines = lines};
    struct xd_landed_cost cost;
    struct xd_slice list = cells[C_LINES];
    struct xd_slice text;

    assert_true(xd_date_parse(cells[C_AS_OF], &c.date));
    assert_true(xd_channel_parse(cells[C_CHANNEL], &c.channel, &c.by_air));
    assert_true(xd_incoterm_parse(cells[C_INCOTERM], &c.incoterm));
    while (xd_slice_next(&list, ' ', &text)) {
        read_line(text, &lines[c.line_count], (uint32_t)c.line_count + 1);
        c.line_count++;
    }
    bool quoted = xd_duty_quote(&fixture.rules, &c, &fixture.ctx, &cost);
    expect_findings(where, &cost, cells[C_FINDINGS]);
    if (cells[C_DUTY].len == 0) {
        assert_false(quoted);
        assert_int_equal(cost.amounts.total, 0);
        return;
    }
    if (!quoted) {
        complain("%s: no figure could be given", where);
        return;
    }
    expect_amount(where, "customs value", cost.amounts.customs_value, cost.decimals,
                  cells[C_VALUE]);
    expect_amount(where, "duty", cost.amounts.duty, cost.decimals, cells[C_DUTY]);
    expect_amount(where, "tax", cost.amounts.tax, cost.decimals, cells[C_TAX]);
    expect_amount(where, "fees", cost.amounts.fees, cost.decimals, cells[C_FEES]);
    expect_collector(where, &cost, cells[C_COLLECTED]);
    expect_lines_add_up(where, &cost, c.line_count);
}

static void
test_landed_cost_examples(void **state)
{
    static const char *const COLUMNS[] = {
        "case",          "as_of",  "destination", "region",  "dispatch",  "channel",
        "incoterm",      "number", "currency",    "freight", "insurance", "lines",
        "customs_value", "duty",   "tax",         "fees",    "collected", "findings"};

    (void)state;
    each_table_row("landed_cost", COLUMNS, C_COUNT, quote_row);
    assert_int_equal(wrong_rows, 0);
}

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &fixture.arena};
    struct xd_error err = {0};

    (void)state;
    duty_fixture_open(&fixture, true);
    return xd_finding_texts_load(&texts, &tables, &err) ? 0 : -1;
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_landed_cost_examples)};

    return cmocka_run_group_tests(tests, load, unload);
}
