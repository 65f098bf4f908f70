/* Rejected rows go back as they came, with the reasons in columns that any CSV reader sees as cells
 * of their own. */
#include "table_test.h"

#include <csv.h>

#include "writer/rejects.h"

static struct xd_finding_texts texts;
static struct xd_arena arena;

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_finding_texts_load(&texts, &tables, &err)) {
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
test_rows(void **state)
{
    static const struct xd_finding FINDINGS[] = {
        {.code = XD_F_NUMBER_MALFORMED,
         .field = XD_FIELD_QUANTITY,
         .detail = {"\"2\" is\nquoted", 13}},
        {.code = XD_F_REQUIRED_MISSING, .field = XD_FIELD_NONE}};
    struct xd_rejects rejects = {&texts, ';'};
    struct xd_buf buf;

    (void)state;
    xd_buf_init(&buf, 1 << 16);
    xd_rejects_header(&rejects, XD_LIT("sku;quantity\r\n"), &buf);
    xd_rejects_row(&rejects, XD_LIT("\"a;\"\"b\";two\r\n"), 7, FINDINGS, 2, &buf);
    xd_buf_char(&buf, '\0');
    assert_string_equal(
        buf.ptr,
        "sku;quantity;_xd_line;_xd_code;_xd_message;_xd_expected;_xd_fix\n"
        "\"a;\"\"b\";two;7;\"XD-FLD-002 | XD-FLD-001\";"
        "\"quantity: The value is not a plain number. (\"\"2\"\" is quoted) | A required value is "
        "missing.\";"
        "\"digits with an optional decimal point, without grouping, sign or unit | a value\";"
        "\"Write the number as 1234.50. | Fill in the field.\"\n");
    xd_buf_free(&buf);
}

struct seen {
    size_t cells;
    size_t rows;
    char first[512];
    size_t first_len;
};

static void
on_cell(void *bytes, size_t len, void *data)
{
    struct seen *seen = data;

    if (seen->cells++ == 7) {
        memcpy(seen->first, bytes, len);
        seen->first_len = len;
    }
}

static void
on_row(int c, void *data)
{
    struct seen *seen = data;

    (void)c;
    seen->rows++;
    assert_int_equal(seen->cells, seen->rows * 7);
}

/* Whatever a detail says, the row has its own columns and five more, and the original cell comes
 * back equal. */
static void
hostile_row(const struct xd_slice *cells, const char *where)
{
    struct xd_finding finding = {
        .code = XD_F_NUMBER_MALFORMED, .field = XD_FIELD_NONE, .detail = cells[0]};
    struct xd_rejects rejects = {&texts, ','};
    struct csv_parser parser;
    struct seen seen = {0};
    struct xd_buf raw;
    struct xd_buf buf;

    xd_buf_init(&raw, 1 << 16);
    xd_buf_init(&buf, 1 << 16);
    xd_buf_char(&raw, '"');
    for (size_t i = 0; i < cells[0].len; i++) {
        xd_buf_str(&raw, cells[0].ptr[i] == '"' ? "\"" : "");
        xd_buf_char(&raw, cells[0].ptr[i]);
    }
    xd_buf_str(&raw, "\",x\n");
    xd_rejects_header(&rejects, XD_LIT("a,b"), &buf);
    xd_rejects_row(&rejects, xd_buf_slice(&raw), 2, &finding, 1, &buf);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    if (csv_parse(&parser, buf.ptr, buf.len, on_cell, on_row, &seen) != buf.len) {
        fail_msg("%s: not a CSV", where);
    }
    assert_int_equal(csv_fini(&parser, on_cell, on_row, &seen), 0);
    csv_free(&parser);
    assert_int_equal(seen.rows, 2);
    assert_true(xd_slice_eq(cells[0], xd_slice_of(seen.first, seen.first_len)));
    xd_buf_free(&raw);
    xd_buf_free(&buf);
}

static void
test_hostile_values(void **state)
{
    static const char *const NAMES[] = {"value"};

    (void)state;
    each_table_row("hostile_values", NAMES, 1, hostile_row);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_hostile_values),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
