/* Exact decimals: reading, rounding and comparing, from a table and at the edges of 64 bits. */
#include "table_test.h"

#include "base/decimal.h"
#include "base/decimal_comma.h"
#include "marked.h"

static void
parse_row(const struct xd_slice *cells, const char *where)
{
    struct xd_decimal value = {0};
    char text[XD_DECIMAL_TEXT];
    uint64_t scale = 0;
    static const char *const NAMES[] = {"ok", "empty", "malformed", "too-large", "too-fine"};

    assert_true(xd_slice_u64(cells[1], &scale));
    enum xd_decimal_status status = xd_decimal_parse(cells[0], (unsigned)scale, &value);
    if (!xd_slice_eq(cells[2], xd_slice_str(NAMES[status]))) {
        fail_msg("%s: got %s", where, NAMES[status]);
    }
    if (status == XD_DECIMAL_OK) {
        size_t len = xd_decimal_format(value, text);
        if (!xd_slice_eq(cells[3], xd_slice_of(text, len))) {
            fail_msg("%s: got %.*s", where, (int)len, text);
        }
    }
}

static void
test_decimal_table(void **state)
{
    static const char *const COLUMNS[] = {"text", "scale_max", "status", "formatted"};

    (void)state;
    each_table_row("decimal", COLUMNS, 4, parse_row);
}

static void
comma_row(const struct xd_slice *cells, const char *where)
{
    struct xd_decimal_comma got;
    struct marked text;
    bool read;

    marked_read(&text, cells[0]);
    read = xd_decimal_comma_read(text.value, &got);
    assert_true(read || text.has_span);
    if (read == text.has_span || (!read && got.fault != text.span.off) ||
        (read && (!xd_slice_eq(cells[1], xd_slice_of(got.plain, got.len)) ||
                  got.certain != xd_slice_eq(cells[2], XD_LIT("yes"))))) {
        fail_msg("%s: got %.*s, wrong from byte %zu%s", where, (int)got.len, got.plain, got.fault,
                 got.certain ? ", certain" : "");
    }
}

static void
test_decimal_comma_table(void **state)
{
    static const char *const COLUMNS[] = {"text", "plain", "certain"};

    (void)state;
    each_table_row("decimal_comma", COLUMNS, 3, comma_row);
}

/* Whatever is read is a decimal to the rest of the program, and more digits than fit are none. */
static void
test_decimal_comma_length(void **state)
{
    char text[XD_DECIMAL_COMMA_TEXT + 8];
    struct xd_decimal_comma got;

    (void)state;
    memset(text, '7', sizeof(text));
    for (size_t len = 1; len <= sizeof(text); len++) {
        for (size_t comma = 1; comma < len; comma++) {
            text[comma] = ',';
            bool read = xd_decimal_comma_read(xd_slice_of(text, len), &got);
            assert_int_equal(read, len <= XD_DECIMAL_COMMA_TEXT && comma + 1 < len);
            assert_true(got.len <= sizeof(got.plain) && got.fault <= len);
            text[comma] = '7';
        }
    }
}

static void
test_rounding(void **state)
{
    int64_t out = 0;

    (void)state;
    assert_true(xd_mul_div(5, 1, 2, XD_ROUND_HALF_UP, &out) && out == 3);
    assert_true(xd_mul_div(-5, 1, 2, XD_ROUND_HALF_UP, &out) && out == -3);
    assert_true(xd_mul_div(5, 1, 2, XD_ROUND_HALF_EVEN, &out) && out == 2);
    assert_true(xd_mul_div(7, 1, 2, XD_ROUND_HALF_EVEN, &out) && out == 4);
    assert_true(xd_mul_div(5, 1, 2, XD_ROUND_DOWN, &out) && out == 2);
    assert_true(xd_mul_div(1, 1, 3, XD_ROUND_UP, &out) && out == 1);
    assert_true(xd_mul_div(INT64_MAX, INT64_MAX, INT64_MAX, XD_ROUND_DOWN, &out) &&
                out == INT64_MAX);
    assert_false(xd_mul_div(INT64_MAX, 2, 1, XD_ROUND_DOWN, &out));
    assert_false(xd_mul_div(1, 1, 0, XD_ROUND_DOWN, &out));
}

static void
test_compare(void **state)
{
    (void)state;
    assert_int_equal(xd_decimal_cmp((struct xd_decimal){150, 2}, (struct xd_decimal){15, 1}), 0);
    assert_true(xd_decimal_cmp((struct xd_decimal){-1, 0}, (struct xd_decimal){1, 12}) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal_table),
        cmocka_unit_test(test_decimal_comma_table),
        cmocka_unit_test(test_decimal_comma_length),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
