/* Manifests as trees: XML and JSON give the rows of the CSV, positions point at the value, and what
 * breaks the schema is refused by the code and the byte that its test names. */
#include "source_test.h"

static void
test_samples_agree(void **state)
{
    static const char *const FILES[] = {"samples/manifest.json"};
    struct opened xml;

    (void)state;
    opened_init(&xml);
    open_file(&xml, "samples/manifest.xml");
    assert_string_equal(found(&xml), "");
    assert_int_equal(xml.row_count, 11);
    printf("%s", dumped(&xml));
    for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
        struct opened other;
        opened_init(&other);
        open_file(&other, FILES[i]);
        assert_string_equal(found(&other), "");
        assert_string_equal(dumped(&other), dumped(&xml));
        opened_free(&other);
    }
    opened_free(&xml);
}

static void
test_dispatch_agree(void **state)
{
    struct opened xml;
    struct opened json;

    (void)state;
    opened_init(&xml);
    opened_init(&json);
    open_file(&xml, "samples/dispatch.xml");
    open_file(&json, "samples/dispatch.json");
    printf("%s", dumped(&xml));
    assert_string_equal(found(&xml), "");
    assert_string_equal(found(&json), "");
    assert_string_equal(dumped(&json), dumped(&xml));
    opened_free(&xml);
    opened_free(&json);
    opened_init(&json);
    open_file(&json, "samples/orders.json");
    printf("%s", dumped(&json));
    opened_free(&json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_agree),
        cmocka_unit_test(test_dispatch_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
