/* JSON that is written as it goes must be what a JSON reader reads: jansson is the witness. */
#include "table_test.h"

#include <jansson.h>

#include "base/json.h"

static void
test_nesting(void **state)
{
    struct xd_buf buf;
    struct xd_json json;

    (void)state;
    xd_buf_init(&buf, 4096);
    xd_json_init(&json, &buf, false);
    xd_json_object(&json, NULL);
    xd_json_text(&json, "a", XD_LIT("x"));
    xd_json_array(&json, "list");
    xd_json_u64(&json, NULL, UINT64_MAX);
    xd_json_i64(&json, NULL, INT64_MIN);
    xd_json_end(&json);
    xd_json_object(&json, "none");
    xd_json_end(&json);
    xd_json_bool(&json, "yes", true);
    xd_json_null(&json, "null");
    xd_json_end(&json);
    assert_true(xd_slice_eq(xd_buf_slice(&buf),
                            XD_LIT("{\n  \"a\": \"x\",\n  \"list\": [\n    18446744073709551615,\n"
                                   "    -9223372036854775808\n  ],\n  \"none\": {},\n  \"yes\": "
                                   "true,\n  \"null\": null\n}\n")));
    xd_buf_free(&buf);
}

static void
test_compact(void **state)
{
    struct xd_buf buf;
    struct xd_json json;

    (void)state;
    xd_buf_init(&buf, 4096);
    xd_json_init(&json, &buf, true);
    xd_json_object(&json, NULL);
    xd_json_text(&json, "a", XD_LIT("x\ny"));
    xd_json_array(&json, "b");
    xd_json_end(&json);
    xd_json_end(&json);
    assert_true(xd_slice_eq(xd_buf_slice(&buf), XD_LIT("{\"a\":\"x\\ny\",\"b\":[]}\n")));
    xd_buf_free(&buf);
}

/* Reads `quoted` back; the text that a JSON reader sees. */
static void
assert_reads_back(struct xd_slice value, struct xd_slice expected)
{
    struct xd_buf buf;
    json_error_t error;
    json_t *read;

    xd_buf_init(&buf, 1 << 16);
    xd_json_quote(&buf, value);
    read = json_loadb(buf.ptr, buf.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!read) {
        fail_msg("%.*s: %s", XD_FMT(xd_buf_slice(&buf)), error.text);
    }
    assert_true(
        xd_slice_eq(expected, xd_slice_of(json_string_value(read), json_string_length(read))));
    json_decref(read);
    xd_buf_free(&buf);
}

static void
test_every_byte(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        char text[3] = {'a', (char)c, 'b'};
        assert_reads_back(xd_slice_of(text, 3), c < 0x80 ? xd_slice_of(text, 3)
                                                         : XD_LIT("a\xef\xbf\xbd"
                                                                  "b"));
    }
}

static void
test_utf8(void **state)
{
    static const struct {
        struct xd_slice value;
        struct xd_slice expected;
    } CASES[] = {
        {{"M\xc3\xbcller \xe6\x9d\xb1 \xf0\x9f\x93\xa6", 16},
         {"M\xc3\xbcller \xe6\x9d\xb1 \xf0\x9f\x93\xa6", 16}},
        {{"\xc0\xaf", 2}, {"\xef\xbf\xbd\xef\xbf\xbd", 6}},                 /* overlong */
        {{"\xed\xa0\x80", 3}, {"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 9}}, /* surrogate */
        {{"\xf4\x90\x80\x80", 4}, {"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 12}},
        {{"\xe6\x9d", 2}, {"\xef\xbf\xbd\xef\xbf\xbd", 6}}, /* cut off */
        {{"", 0}, {"", 0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        assert_reads_back(CASES[i].value, CASES[i].expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_compact),
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
