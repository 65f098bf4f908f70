/* The address checks through the published header alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

#include "crossdock/address.h"

static void
test_public(void **state)
{
    struct crossdock_addresses *tables;
    struct crossdock_address_checker *checker;
    struct crossdock_address_result result;
    struct crossdock_address address = {.address1 = "Calle Mayor 3",
                                        .city = "Las Palmas",
                                        .region = "GC",
                                        .postal_code = "35001",
                                        .country = "Spain",
                                        .phone = "928 123 456"};
    char message[256];

    (void)state;
    assert_int_equal(crossdock_addresses_open(NULL, &tables, message, sizeof(message)), 0);
    checker = crossdock_address_checker_new(tables);
    assert_non_null(checker);
    assert_int_equal(crossdock_address_check(checker, &address, "2026-11-22", NULL, &result), 0);
    assert_int_equal(result.verdict, CROSSDOCK_ADDRESS_VALID);
    assert_string_equal(result.country, "ES");
    assert_string_equal(result.postal_code, "35001");
    assert_string_equal(result.region, "ES-GC");
    assert_string_equal(result.territory, "IC");
    assert_string_equal(result.phone, "+34928123456");
    address.postal_code = "3500X";
    assert_int_equal(crossdock_address_check(checker, &address, "2026-11-22", NULL, &result), 0);
    assert_int_equal(result.verdict, CROSSDOCK_ADDRESS_INVALID);
    assert_string_equal(result.problems[1].field, "postal_code");
    assert_string_equal(result.problems[1].problem, "format");
    assert_string_equal(result.problems[1].code, "XD-ADR-001");
    assert_int_equal(result.problems[1].span_offset, 4);
    assert_int_equal(result.problems[1].span_length, 1);
    assert_true(crossdock_address_check(checker, &address, "yesterday", NULL, &result) != 0);
    crossdock_address_checker_free(checker);
    crossdock_addresses_close(tables);
}

static void
test_bad_folder(void **state)
{
    struct crossdock_addresses *tables;
    char message[256] = "";

    (void)state;
    /* A folder that was mistyped must not mean the built-in tables. */
    assert_int_equal(crossdock_addresses_open("/nowhere", &tables, message, sizeof(message)),
                     EX_NOINPUT);
    assert_null(tables);
    assert_non_null(strstr(message, "/nowhere"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_bad_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
