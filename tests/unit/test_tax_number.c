/*
 * Tax numbers: a table of worked examples, the example of every row, and mutation: each algorithm
 * catches the changes of a single digit that it promises to catch, counted over all examples.
 */
#include "table_test.h"

#include "check/tax_digit.h"
#include "check/tax_number.h"

static struct xd_countries countries;
static struct xd_tax_schemes schemes;
static struct xd_arena arena;

static const char *const STATUSES[] = {"ok", "none", "format", "check-digit"};

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_countries_load(&countries, &tables, &arena, &err) ||
        !xd_tax_schemes_load(&schemes, &countries, &tables, &arena, &err)) {
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
tax_row(const struct xd_slice *cells, const char *where)
{
    uint16_t country = xd_country_find(&countries, cells[0]);
    struct xd_tax_result result;
    struct xd_diagnosis diagnosis;

    xd_tax_number_check(&schemes, cells[1], country, cells[2], &result);
    if (!xd_slice_eq(cells[3], xd_slice_str(STATUSES[result.status])) ||
        !xd_slice_eq(cells[4], xd_slice_of(result.text, result.len))) {
        fail_msg("%s: got %s \"%.*s\"", where, STATUSES[result.status], result.len, result.text);
    }
    xd_tax_number_diagnose(&result, &diagnosis);
    assert_true((diagnosis.code == XD_F_NONE) == (result.status <= XD_TAX_STATUS_NO_SCHEME));
}

static void
test_tax_table(void **state)
{
    static const char *const COLUMNS[] = {"country", "kind", "written", "status", "canonical"};

    (void)state;
    each_table_row("tax_number", COLUMNS, 5, tax_row);
}

static void
test_examples(void **state)
{
    struct xd_tax_result result;

    (void)state;
    for (size_t i = 0; i < schemes.count; i++) {
        const struct xd_tax_scheme *scheme = &schemes.of[i];
        xd_tax_number_check(&schemes, scheme->kind, scheme->country, scheme->example, &result);
        if (result.status != XD_TAX_STATUS_OK) {
            fail_msg("%.*s %.*s: %s", XD_FMT(scheme->kind), XD_FMT(scheme->example),
                     STATUSES[result.status]);
        }
    }
}

/* Changes every digit of the example to every other; the number that passes. */
static unsigned
surviving(const struct xd_tax_scheme *scheme, unsigned *tried)
{
    char text[32];
    struct xd_slice number = xd_slice_starts(scheme->example, scheme->prefix)
                                 ? xd_slice_sub(scheme->example, scheme->prefix.len, SIZE_MAX)
                                 : scheme->example;
    unsigned passed = 0;

    memcpy(text, number.ptr, number.len);
    for (size_t i = 0; i < number.len; i++) {
        for (char c = '0'; xd_is_digit(number.ptr[i]) && c <= '9'; c++) {
            if (c == number.ptr[i]) {
                continue;
            }
            text[i] = c;
            passed += xd_tax_digit_fits(scheme, xd_slice_of(text, number.len));
            *tried += 1;
        }
        text[i] = number.ptr[i];
    }
    return passed;
}

/* ISO 7064, Luhn and weights prime to a prime modulus catch all; what leaves digits out of the sum
 * is not held to that. */
static void
test_single_digit_changes(void **state)
{
    unsigned strict = 0;
    unsigned all = 0;
    unsigned passed = 0;

    (void)state;
    for (size_t i = 0; i < schemes.count; i++) {
        const struct xd_tax_scheme *scheme = &schemes.of[i];
        unsigned tried = 0;
        unsigned survived;
        if (scheme->check == XD_TAX_NONE) {
            continue;
        }
        survived = surviving(scheme, &tried);
        if (scheme->check == XD_TAX_ISO7064 || scheme->check == XD_TAX_MOD97_BE ||
            scheme->check == XD_TAX_ABN || scheme->check == XD_TAX_WHOLE ||
            scheme->check == XD_TAX_AT || scheme->check == XD_TAX_CPF ||
            scheme->check == XD_TAX_CNPJ || scheme->check == XD_TAX_TCKN ||
            scheme->check == XD_TAX_COMPLEMENT_STRICT) {
            assert_int_equal(survived, 0);
            strict++;
        }
        all += tried;
        passed += survived;
    }
    print_message("tax numbers: %u of %u single-digit changes caught\n", all - passed, all);
    assert_true(strict > 12);
    assert_true(all > 3000 && passed * 100 < all * 5);
}

/* Neighbours swapped: what weights that differ, ISO 7064 and mod 97 promise. */
static void
test_neighbour_swaps(void **state)
{
    unsigned all = 0;
    unsigned passed = 0;

    (void)state;
    for (size_t i = 0; i < schemes.count; i++) {
        const struct xd_tax_scheme *scheme = &schemes.of[i];
        struct xd_slice number = xd_slice_starts(scheme->example, scheme->prefix)
                                     ? xd_slice_sub(scheme->example, scheme->prefix.len, SIZE_MAX)
                                     : scheme->example;
        char text[32];
        if (scheme->check == XD_TAX_NONE) {
            continue;
        }
        memcpy(text, number.ptr, number.len);
        for (size_t k = 0; k + 1 < number.len; k++) {
            if (!xd_is_digit(text[k]) || !xd_is_digit(text[k + 1]) || text[k] == text[k + 1]) {
                continue;
            }
            text[k] = number.ptr[k + 1];
            text[k + 1] = number.ptr[k];
            passed += xd_tax_digit_fits(scheme, xd_slice_of(text, number.len));
            all++;
            text[k] = number.ptr[k];
            text[k + 1] = number.ptr[k + 1];
        }
    }
    print_message("tax numbers: %u of %u neighbour swaps caught\n", all - passed, all);
    assert_true(all > 250 && passed * 100 < all * 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tax_table),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_single_digit_changes),
        cmocka_unit_test(test_neighbour_swaps),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
