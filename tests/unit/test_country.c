/* Countries and currencies: every spelling from a table, and exact codes against the whole list. */
#include "table_test.h"

#include "reference/country.h"
#include "reference/currency.h"

static struct xd_countries countries;
static struct xd_currencies currencies;
static struct xd_arena arena;

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_countries_load(&countries, &tables, &arena, &err) ||
        !xd_currencies_load(&currencies, &tables, &arena, &err)) {
        fail_msg("%s", err.text);
    }
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
country_row(const struct xd_slice *cells, const char *where)
{
    static const char *const MATCHES[] = {"unknown", "exact", "case",      "alpha3",   "numeric",
                                          "name",    "wrong", "territory", "withdrawn"};
    struct xd_country_guess guess = xd_country_guess(&countries, cells[0]);
    struct xd_slice code =
        guess.country == XD_COUNTRY_NONE ? XD_NONE : countries.of[guess.country].alpha2;

    if (!xd_slice_eq(code, cells[1]) ||
        !xd_slice_eq(cells[2], xd_slice_str(MATCHES[guess.match]))) {
        fail_msg("%s: got \"%.*s\" %s", where, XD_FMT(code), MATCHES[guess.match]);
    }
    if (guess.match >= XD_COUNTRY_WRONG && guess.note.len == 0) {
        fail_msg("%s: a wrong code must say what is right", where);
    }
}

static void
test_country_table(void **state)
{
    static const char *const COLUMNS[] = {"written", "country", "match"};

    (void)state;
    each_table_row("country", COLUMNS, 3, country_row);
}

static void
test_country_exact(void **state)
{
    (void)state;
    assert_true(countries.count >= 252);
    for (uint16_t i = 0; i < countries.count; i++) {
        assert_int_equal(xd_country_find(&countries, countries.of[i].alpha2), i);
        if (countries.of[i].alpha3.len) {
            assert_int_equal(xd_country_guess(&countries, countries.of[i].alpha3).country, i);
            assert_int_equal(xd_country_guess(&countries, countries.of[i].numeric).country, i);
        }
        assert_int_equal(xd_country_guess(&countries, countries.of[i].name).country, i);
    }
    assert_int_equal(xd_country_find(&countries, XD_LIT("de")), XD_COUNTRY_NONE);
    assert_int_equal(xd_country_find(&countries, XD_LIT("DEU")), XD_COUNTRY_NONE);
}

static void
currency_row(const struct xd_slice *cells, const char *where)
{
    uint16_t at = xd_currency_guess(&currencies, cells[0]);
    uint64_t units = 0;

    if (at == XD_CURRENCY_NONE) {
        if (cells[1].len) {
            fail_msg("%s: not found", where);
        }
        return;
    }
    if (!xd_slice_eq(currencies.of[at].code, cells[1]) || !xd_slice_u64(cells[2], &units) ||
        currencies.of[at].minor_units != units ||
        currencies.of[at].payable != xd_slice_eq(cells[3], XD_LIT("yes"))) {
        fail_msg("%s: got %.*s with %u decimals", where, XD_FMT(currencies.of[at].code),
                 currencies.of[at].minor_units);
    }
}

static void
test_currency_table(void **state)
{
    static const char *const COLUMNS[] = {"written", "code", "minor_units", "payable"};

    (void)state;
    each_table_row("currency", COLUMNS, 4, currency_row);
}

static void
test_currency_days(void **state)
{
    uint16_t lev = xd_currency_find(&currencies, XD_LIT("BGN"));
    xd_date day = 0;

    (void)state;
    assert_true(xd_date_parse(XD_LIT("2026-01-01"), &day));
    assert_true(currencies.of[lev].effective_until == day - 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_country_table),
        cmocka_unit_test(test_country_exact),
        cmocka_unit_test(test_currency_table),
        cmocka_unit_test(test_currency_days),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
