/* The shape of a CSV from its first bytes, from tests/tables/delimiter.tsv, and the guards against
 * spreadsheets. */
#include "dialect_test.h"

#include "reader/delimiter.h"
#include "reader/guard.h"

static struct xd_slice
unescape(struct xd_slice cell, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.ptr[i];
        if (c == '\\' && i + 1 < cell.len) {
            c = cell.ptr[++i];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
        }
        out[len++] = c;
    }
    return xd_slice_of(out, len);
}

static void
shape_row(const struct xd_slice *cells, const char *where)
{
    char text[1024];
    char got[64];
    char room[8];
    char wanted[64];
    struct xd_csv_shape shape;

    xd_csv_shape_find(&g_dialects, unescape(cells[0], text), &shape);
    (void)snprintf(got, sizeof(got), "%s %zu %u %s", xd_delimiter_name(shape.delimiter, room),
                   shape.header_at, shape.header_row, shape.mixed_ends ? "yes" : "no");
    (void)snprintf(wanted, sizeof(wanted), "%.*s %.*s %.*s %.*s", XD_FMT(cells[1]),
                   XD_FMT(cells[2]), XD_FMT(cells[3]), XD_FMT(cells[4]));
    if (strcmp(got, wanted) != 0) {
        fail_msg("%s: got %s", where, got);
    }
    (void)snprintf(wanted, sizeof(wanted), "%.*s", XD_FMT(cells[5]));
    if (!strstr(shape.reason, wanted)) {
        fail_msg("%s: reason is \"%s\"", where, shape.reason);
    }
}

static void
test_delimiter_table(void **state)
{
    static const char *const COLUMNS[] = {"text",       "delimiter", "header_at",
                                          "header_row", "mixed",     "reason"};

    (void)state;
    each_table_row("delimiter", COLUMNS, 6, shape_row);
}

static void
test_unguard(void **state)
{
    static const struct {
        const char *value;
        const char *bare;
        bool guarded;
    } CASES[] = {
        {"'00123", "00123", true}, {"=\"00123\"", "00123", true},
        {"00123", "00123", false}, {"'", "'", false},
        {"=\"\"", "", true},       {"=\"", "=\"", false},
        {"=A1", "=A1", false},     {"", "", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct xd_slice value = xd_slice_str(CASES[i].value);
        assert_int_equal(xd_unguard(&value), CASES[i].guarded);
        assert_true(xd_slice_eq(value, xd_slice_str(CASES[i].bare)));
    }
}

static void
test_unguard_text(void **state)
{
    static const struct {
        const char *text;
        const char *readable;
        size_t count;
    } CASES[] = {
        {"a,b\n=\"001\",=\"2\"\n", "a,b\n\"'001\",\"'2\"\n", 2},
        {"a,b\n1,=\"2\"", "a,b\n1,\"'2\"", 1},
        {"a,b\n1,=\"2", "a,b\n1,=\"2", 0},
        {"a,b\n1,x=\"2\"\n", "a,b\n1,x=\"2\"\n", 0},
        {"a,b\n1,=\"2\"x\n", "a,b\n1,=\"2\"x\n", 0},
        {"a,b\n1,\"=\"\"2\"\"\"\n", "a,b\n1,\"=\"\"2\"\"\"\n", 0},
        {"=\"1\"\r\n", "\"'1\"\r\n", 1},
        {"=\"", "=\"", 0},
        {"", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[64];
        size_t len = strlen(CASES[i].text);
        memcpy(text, CASES[i].text, len + 1);
        assert_int_equal(xd_has_formulas(xd_slice_of(text, len), ','), CASES[i].count > 0);
        assert_int_equal(xd_unguard_text(text, len, ','), CASES[i].count);
        assert_string_equal(text, CASES[i].readable);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_delimiter_table),
                                       cmocka_unit_test(test_unguard),
                                       cmocka_unit_test(test_unguard_text)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
