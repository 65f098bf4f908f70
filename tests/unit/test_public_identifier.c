/*
 * The identifier checks through the published header alone, and one handle shared by threads: run
 * it with MODE=tsan as well.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#include "crossdock/identifier.h"

static struct crossdock_identifiers *tables;

static int
open_tables(void **state)
{
    char message[256];

    (void)state;
    if (crossdock_identifiers_open(NULL, &tables, message, sizeof(message)) != 0) {
        print_error("%s\n", message);
        return -1;
    }
    return 0;
}

static int
close_tables(void **state)
{
    (void)state;
    crossdock_identifiers_close(tables);
    crossdock_identifiers_close(NULL);
    return 0;
}

static enum crossdock_identifier_verdict
check(const char *scheme, const char *carrier, const char *number,
      struct crossdock_identifier_result *result)
{
    return crossdock_identifier_check(tables, scheme, carrier, number, strlen(number), result);
}

static void
test_results(void **state)
{
    struct crossdock_identifier_result result;

    (void)state;
    assert_int_equal(check("sscc", NULL, "(00) 340123451234567895", &result),
                     CROSSDOCK_IDENTIFIER_VALID);
    assert_string_equal(result.scheme, "sscc");
    assert_string_equal(result.canonical, "340123451234567895");
    assert_string_equal(result.code, "");
    assert_string_equal(result.detail, "");
    assert_int_equal(check("sscc", NULL, "340123451234567896", &result),
                     CROSSDOCK_IDENTIFIER_INVALID);
    assert_string_equal(result.code, "XD-ID-001");
    assert_string_equal(result.detail, "Character 18 must be 5, not 6.");
    assert_int_equal(result.span_offset, 17);
    assert_int_equal(result.span_length, 1);
    assert_string_equal(result.canonical, "");
    assert_int_equal(check(NULL, "UPS Standard", "1z 999 aa1 01 2345 6784", &result),
                     CROSSDOCK_IDENTIFIER_VALID);
    assert_string_equal(result.canonical, "1Z999AA10123456784");
    assert_int_equal(check(NULL, "nobody", "1Z999AA10123456784", &result),
                     CROSSDOCK_IDENTIFIER_VALID);
    assert_int_equal(check(NULL, NULL, "200961185434", &result), CROSSDOCK_IDENTIFIER_VALID);
    assert_int_equal(result.match_count, 2);
    assert_string_equal(result.matches[0].scheme, "dp-identcode");
    assert_string_equal(result.matches[1].scheme, "yamato-12");
    assert_true(result.matches[0].score >= result.matches[1].score && result.matches[1].score > 0);
    assert_int_equal(check("no-such", NULL, "1", &result), CROSSDOCK_IDENTIFIER_UNKNOWN);
    assert_string_equal(result.scheme, "");
    assert_int_equal(crossdock_identifier_check(tables, "sscc", NULL, NULL, 0, &result),
                     CROSSDOCK_IDENTIFIER_INVALID);
}

static void
test_parcel_code(void **state)
{
    char out[32];

    (void)state;
    assert_int_equal(crossdock_parcel_code(tables, "jd 1", 4, out, sizeof(out)), 4);
    assert_string_equal(out, "JJD1");
    assert_int_equal(crossdock_parcel_code(tables, "jd 1", 4, out, 4), -1);
    assert_int_equal(crossdock_parcel_code(tables, "ge175560201gb", 13, out, sizeof(out)), 13);
    assert_string_equal(out, "GE175560201GB");
    assert_int_equal(crossdock_parcel_code(tables, "", 0, out, sizeof(out)), 0);
    assert_string_equal(out, "");
}

static void
test_names(void **state)
{
    struct crossdock_identifier_result result;
    size_t count = 0;

    (void)state;
    for (const char *name; (name = crossdock_scheme_name(tables, count)) != NULL; count++) {
        (void)check(name, NULL, "1", &result);
        assert_string_equal(result.scheme, name);
    }
    assert_true(count >= 62);
}

static void
test_gs1(void **state)
{
    static const char TEXT[] = "(00)340123451234567895(4300)ACME+Ltd(4301)Zo%C3%AB(4302)1%20High%20"
                               "St(4303)Flat+2(4304)Soho(4305)London(4306)ENG(4307)GB(4308)44201234"
                               "(420)SW1A1AA";
    struct crossdock_elements elements;

    (void)state;
    assert_int_equal(crossdock_gs1_read(tables, TEXT, strlen(TEXT), &elements), 0);
    assert_int_equal(elements.count, 11);
    assert_string_equal(elements.element[0].code, "00");
    assert_string_equal(elements.element[0].title, "SSCC");
    assert_string_equal(elements.element[0].value, "340123451234567895");
    assert_int_equal(elements.element[0].span_offset, 4);
    assert_int_equal(elements.element[0].span_length, 18);
    assert_string_equal(elements.element[1].value, "ACME+Ltd");
    assert_string_equal(elements.ship_to.company, "ACME Ltd");
    assert_string_equal(elements.ship_to.name, "Zo\xc3\xab");
    assert_string_equal(elements.ship_to.address1, "1 High St");
    assert_string_equal(elements.ship_to.address2, "Flat 2");
    assert_string_equal(elements.ship_to.address3, "Soho");
    assert_string_equal(elements.ship_to.city, "London");
    assert_string_equal(elements.ship_to.region, "ENG");
    assert_string_equal(elements.ship_to.postal_code, "SW1A1AA");
    assert_string_equal(elements.ship_to.country, "GB");
    assert_string_equal(elements.ship_to.phone, "44201234");
    assert_int_equal(crossdock_gs1_read(tables, TEXT, 21, &elements), EX_DATAERR);
}

/* The longest values that the identifiers allow come out whole. */
static void
test_gs1_longest(void **state)
{
    struct crossdock_elements elements;
    char text[256];

    (void)state;
    for (size_t len = 69; len <= 70; len++) {
        int size = snprintf(text, sizeof(text), "(00)340123451234567895(4302)%0*d", (int)len, 0);
        assert_int_equal(crossdock_gs1_read(tables, text, (size_t)size, &elements), 0);
        assert_int_equal(strlen(elements.ship_to.address1), len);
    }
    int size = snprintf(text, sizeof(text), "(91)%090d", 0);
    assert_int_equal(crossdock_gs1_read(tables, text, (size_t)size, &elements), 0);
    assert_int_equal(strlen(elements.element[0].value), 90);
}

/* --- one handle, many threads --- */

#define THREADS 4
#define ROUNDS  400

static const char *const NUMBERS[] = {
    "340123451234567895",
    "340123451234567896",
    "1Z999AA10123456784",
    "1Z999AA1O123456784",
    "RB123456785GB",
    "GE175560201GB",
    "3.40123E+17",
    "JD0002254405060992",
    "201298452277",
    "(01)09506000134352(10)A",
    "hello",
    "\xff",
};

#define NUMBER_COUNT (sizeof(NUMBERS) / sizeof(NUMBERS[0]))

struct worker {
    pthread_t thread;
    const struct crossdock_identifier_result *expected;
    size_t start;
    size_t wrong;
};

static bool
same_result(const struct crossdock_identifier_result *a,
            const struct crossdock_identifier_result *b)
{
    return a->verdict == b->verdict && a->scheme == b->scheme && a->code == b->code &&
           a->span_offset == b->span_offset && a->span_length == b->span_length &&
           a->match_count == b->match_count && strcmp(a->detail, b->detail) == 0 &&
           strcmp(a->canonical, b->canonical) == 0;
}

static void *
work(void *argument)
{
    struct worker *worker = argument;
    struct crossdock_identifier_result result;

    for (size_t i = 0; i < ROUNDS * NUMBER_COUNT; i++) {
        size_t at = (worker->start + i) % NUMBER_COUNT;
        (void)check(NULL, NULL, NUMBERS[at], &result);
        worker->wrong += !same_result(&result, &worker->expected[at]);
    }
    return NULL;
}

static void
test_threads(void **state)
{
    struct crossdock_identifier_result expected[NUMBER_COUNT];
    struct worker workers[THREADS];

    (void)state;
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        (void)check(NULL, NULL, NUMBERS[i], &expected[i]);
    }
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.expected = expected, .start = i * 3};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_int_equal(workers[i].wrong, 0);
    }
}

/* A folder without tables was mistyped, and a table that cannot be read is told, cut to the room
 * for it. */
static void
test_bad_table(void **state)
{
    struct crossdock_identifiers *none = tables;
    char folder[] = "/tmp/crossdock-XXXXXX";
    char path[64];
    char message[16] = "";

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(crossdock_identifiers_open(folder, &none, message, sizeof(message)),
                     EX_NOINPUT);
    assert_null(none);
    assert_true(message[0] && memchr(message, 0, sizeof(message)));
    (void)snprintf(path, sizeof(path), "%s/reference", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/reference/identifiers.tsv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("no\ttable\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    none = tables;
    assert_int_equal(crossdock_identifiers_open(folder, &none, message, sizeof(message)),
                     EX_CONFIG);
    assert_null(none);
    assert_true(message[0] && memchr(message, 0, sizeof(message)));
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof(path), "%s/reference", folder);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),     cmocka_unit_test(test_parcel_code),
        cmocka_unit_test(test_names),       cmocka_unit_test(test_gs1),
        cmocka_unit_test(test_gs1_longest), cmocka_unit_test(test_threads),
        cmocka_unit_test(test_bad_table),
    };

    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
