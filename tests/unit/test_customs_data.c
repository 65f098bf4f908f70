/* Customs data of a line: descriptions and code lengths from tables, plausible numbers at their
 * edges, Windsor data. */
#include "table_test.h"

#include "check/customs_data.h"

static struct xd_countries countries;
static struct xd_currencies currencies;
static struct xd_customs_rules rules;
static struct xd_customs_tables tables = {&rules, &countries, &currencies, 0};
static struct xd_arena arena;

static int
load(void **state)
{
    struct xd_tables source = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_countries_load(&countries, &source, &arena, &err) ||
        !xd_currencies_load(&currencies, &source, &arena, &err) ||
        !xd_customs_rules_load(&rules, &countries, &source, &arena, &err)) {
        fail_msg("%s", err.text);
    }
    assert_true(xd_date_parse(XD_LIT("2026-11-22"), &tables.as_of));
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_arena_free(&arena);
    return 0;
}

static void
description_row(const struct xd_slice *cells, const char *where)
{
    struct xd_diagnosis out;
    const char *got;

    xd_description_check(&rules, cells[0], &out);
    got = out.code == XD_F_NONE                  ? "ok"
          : out.code == XD_F_DESCRIPTION_MISSING ? "missing"
          : out.code == XD_F_DESCRIPTION_VAGUE   ? "vague"
                                                 : "?";
    if (!xd_slice_eq(cells[1], xd_slice_str(got))) {
        fail_msg("%s: got %s", where, got);
    }
}

static void
test_description_table(void **state)
{
    static const char *const COLUMNS[] = {"description", "verdict"};

    (void)state;
    each_table_row("description", COLUMNS, 2, description_row);
}

static void
hs_row(const struct xd_slice *cells, const char *where)
{
    struct xd_customs_tables dated = tables;
    struct xd_diagnosis out;
    const char *got;

    assert_true(xd_date_parse(cells[2], &dated.as_of));
    xd_hs_length_check(&dated, xd_country_find(&countries, cells[0]), cells[1], &out);
    got = out.code == XD_F_NONE                ? "ok"
          : out.code == XD_F_HS_CODE_MISSING   ? "missing"
          : out.code == XD_F_HS_CODE_TOO_SHORT ? "too-short"
          : out.code == XD_F_HS_CODE_TOO_LONG  ? "too-long"
                                               : "?";
    if (!xd_slice_eq(cells[3], xd_slice_str(got))) {
        fail_msg("%s: got %s", where, got);
    }
}

static void
test_hs_table(void **state)
{
    static const char *const COLUMNS[] = {"destination", "hs_code", "day", "verdict"};

    (void)state;
    each_table_row("hs_length", COLUMNS, 4, hs_row);
}

/* The codes that a line gets, in order; 0 fills up. */
static void
expect(struct xd_customs_line line, enum xd_finding_code first, enum xd_finding_code second)
{
    struct xd_customs_result result;
    size_t count =
        xd_customs_line_check(&tables, xd_country_find(&countries, XD_LIT("DE")), &line, &result);
    enum xd_finding_code wanted[2] = {first, second};

    assert_int_equal(count, (first != XD_F_NONE) + (second != XD_F_NONE));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(result.of[i].diagnosis.code, wanted[i]);
    }
}

static void
test_line(void **state)
{
    uint16_t eur = xd_currency_find(&currencies, XD_LIT("EUR"));
    struct xd_customs_line good = {
        XD_LIT("cotton shirt"), XD_LIT("610910"), XD_LIT("CN"), eur, true, 1999, true, 250};
    struct xd_customs_line line = good;

    (void)state;
    expect(good, XD_F_NONE, XD_F_NONE);
    line.origin = XD_NONE;
    expect(line, XD_F_ORIGIN_MISSING, XD_F_NONE);
    line = good;
    line.origin = XD_LIT("Atlantis");
    expect(line, XD_F_COUNTRY_UNKNOWN, XD_F_NONE);
    line = good;
    line.value_minor = 0;
    expect(line, XD_F_VALUE_IMPLAUSIBLE, XD_F_NONE);
    line.value_minor = 1;
    line.weight_g = 100; /* ten cents a kilogram: just plausible */
    expect(line, XD_F_NONE, XD_F_NONE);
    line.weight_g = 112;
    expect(line, XD_F_VALUE_IMPLAUSIBLE, XD_F_NONE);
    line = good;
    line.weight_g = 0;
    expect(line, XD_F_WEIGHT_IMPLAUSIBLE, XD_F_NONE);
    line.weight_g = 100000;
    line.value_minor = 100000;
    expect(line, XD_F_NONE, XD_F_NONE);
    line.weight_g = 100001;
    expect(line, XD_F_WEIGHT_IMPLAUSIBLE, XD_F_NONE);
    line = good;
    line.currency = xd_currency_find(&currencies, XD_LIT("JPY"));
    line.value_minor = 1000000;
    expect(line, XD_F_NONE, XD_F_NONE);
    line.currency = xd_currency_find(&currencies, XD_LIT("BGN"));
    line.value_minor = 1999;
    expect(line, XD_F_CURRENCY_NOT_IN_FORCE, XD_F_NONE);
    line.currency = xd_currency_find(&currencies, XD_LIT("XAU"));
    expect(line, XD_F_CURRENCY_NOT_IN_FORCE, XD_F_NONE);
}

static void
test_windsor(void **state)
{
    static const unsigned CONSUMER = XD_WINDSOR_DESCRIPTION | XD_WINDSOR_WEIGHT | XD_WINDSOR_VALUE;
    static const unsigned BUSINESS = XD_WINDSOR_DESCRIPTION | XD_WINDSOR_WEIGHT |
                                     XD_WINDSOR_SENDER_EORI | XD_WINDSOR_RECEIVER_EORI |
                                     XD_WINDSOR_ORIGIN;
    struct xd_diagnosis out;
    xd_date day = 0;

    (void)state;
    assert_true(xd_date_parse(XD_LIT("2025-05-01"), &day));
    assert_true(xd_windsor_applies(XD_LIT("GB"), XD_LIT("BT1 5GS")));
    assert_false(xd_windsor_applies(XD_LIT("GB"), XD_LIT("B1 1AA")));
    assert_false(xd_windsor_applies(XD_LIT("DE"), XD_LIT("BT1 5GS")));
    (void)xd_windsor_check(&rules, false, CONSUMER, day, 0, &out);
    assert_int_equal(out.code, XD_F_NONE);
    (void)xd_windsor_check(&rules, false, CONSUMER & ~(unsigned)XD_WINDSOR_VALUE, day, 0, &out);
    assert_int_equal(out.code, XD_F_WINDSOR_DATA_MISSING);
    assert_string_equal(out.detail, "the value");
    (void)xd_windsor_check(&rules, false, 0, day - 1, 0, &out);
    assert_int_equal(out.code, XD_F_NONE);
    (void)xd_windsor_check(&rules, true, BUSINESS, day, 0, &out);
    assert_string_equal(out.detail, "the HS code or the UKIMS number");
    (void)xd_windsor_check(&rules, true, BUSINESS | XD_WINDSOR_UKIMS, day, 0, &out);
    assert_int_equal(out.code, XD_F_NONE);
    (void)xd_windsor_check(&rules, true, BUSINESS | XD_WINDSOR_HS_CODE, day, 0, &out);
    assert_int_equal(out.code, XD_F_NONE);
    (void)xd_windsor_check(
        &rules, true, XD_WINDSOR_HS_CODE | (BUSINESS & ~(unsigned)XD_WINDSOR_ORIGIN), day, 0, &out);
    assert_string_equal(out.detail, "the country of origin");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_description_table),
        cmocka_unit_test(test_hs_table),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_windsor),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
