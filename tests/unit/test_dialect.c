/* Values and rows of layouts that are converted, from tests/tables/convert.tsv and dialect.tsv, and
 * the exactness of units. */
#include "dialect_test.h"

#include "base/buf.h"
#include "base/decimal.h"
#include "base/decimal_comma.h"
#include "reader/convert.h"
#include "reader/csv.h"
#include "reader/delimiter.h"
#include "reader/dialect.h"
#include "reader/guard.h"

static void
convert_row(const struct xd_slice *cells, const char *where)
{
    const struct xd_conversion *conversion = xd_conversion_find(&g_dialects, cells[0]);
    struct xd_slice result = XD_NONE;
    struct xd_decimal_comma number = {.len = 0};

    assert_non_null(conversion);
    if (conversion->comma) {
        bool read = xd_decimal_comma_read(cells[1], &number);
        result = read ? xd_slice_of(number.plain, number.len) : XD_LIT("refused");
        result = conversion->kind == XD_CONVERT_NUMBER
                     ? result
                     : xd_convert_measure(conversion, result, &g_arena);
    } else if (conversion->kind == XD_CONVERT_DATE) {
        result = xd_convert_date(conversion, cells[1], &g_arena);
    } else if (conversion->kind == XD_CONVERT_FLAG) {
        result = xd_convert_flag(cells[1]);
    } else if (conversion->kind == XD_CONVERT_DUTIES) {
        result = xd_convert_duties(cells[1]);
    } else {
        result = xd_convert_measure(conversion, cells[1], &g_arena);
    }
    if (!xd_slice_eq(result, cells[2])) {
        fail_msg("%s: got \"%.*s\"", where, XD_FMT(result));
    }
}

static void
test_convert_table(void **state)
{
    static const char *const COLUMNS[] = {"conversion", "value", "result"};

    (void)state;
    each_table_row("convert", COLUMNS, 3, convert_row);
}

static struct xd_slice
unescape(struct xd_slice cell)
{
    char *out = xd_arena_alloc(&g_arena, cell.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < cell.len; i++) {
        bool breaks = cell.ptr[i] == '\\' && i + 1 < cell.len && cell.ptr[i + 1] == 'n';
        out[len++] = breaks ? '\n' : cell.ptr[i];
        i += breaks;
    }
    return xd_slice_of(out, len);
}

struct document_read {
    struct xd_document document;
    struct xd_header header;
    struct xd_rows raw;
    struct xd_rows rows;
    struct xd_findings findings;
};

/* What the pipeline does with a chunk. */
static void
apply(struct document_read *read, struct xd_carry *carry, struct xd_arena *scratch)
{
    if (!read->header.convert) {
        read->rows = read->raw;
        return;
    }
    assert_true(xd_dialect_apply(&read->header, &read->raw, carry, &g_arena, scratch, &read->rows,
                                 &read->findings));
}

/* Reads the text in two chunks, or in one, so that what is carried crosses a
 * border. */
static void
read_document(struct document_read *read, struct xd_slice text, char delimiter, bool in_two)
{
    struct xd_csv csv = {.document = &read->document, .limits = &g_limits, .delimiter = delimiter};
    struct xd_csv_scratch *scratch = xd_csv_scratch_new(&g_arena);
    struct xd_slice cells[XD_COLUMNS_MAX];
    struct xd_csv_fault fault;
    struct xd_arena row_scratch;
    struct xd_carry carry = {0};
    bool apostrophes = xd_has_apostrophes(text, delimiter);
    size_t count;
    size_t end;

    memset(read, 0, sizeof(*read));
    read->document = (struct xd_document){.file = XD_LIT("-"), .text = text};
    xd_findings_init(&read->findings, &g_arena, 100);
    xd_arena_init(&row_scratch, 1 << 12, 0);
    assert_true(xd_csv_header(&csv, 0, cells, &count, &end, &fault));
    struct xd_header_ask ask = {.document = &read->document,
                                .cells = cells,
                                .count = count,
                                .delimiter = delimiter,
                                .apostrophes = apostrophes,
                                .row = 1,
                                .use = XD_USE_MANIFEST,
                                .limits = &g_limits};
    assert_true(xd_header_map(&g_dialects, &ask, &g_arena, &read->header, &read->findings));
    csv.columns = &read->header.columns;
    if (in_two) {
        size_t middle = xd_csv_cut(&csv, end, 1);
        assert_true(xd_csv_parse(&csv, scratch, end, middle, &g_arena, &read->raw, &fault));
        read->raw.first_row = 2;
        apply(read, &carry, &row_scratch);
        end = middle;
    }
    uint32_t first = 2 + (in_two ? read->rows.count : 0);
    assert_true(xd_csv_parse(&csv, scratch, end, text.len, &g_arena, &read->raw, &fault));
    assert_int_equal(fault.code, XD_F_NONE);
    read->raw.first_row = first;
    apply(read, &carry, &row_scratch);
    assert_int_equal(read->rows.count, read->raw.count);
    xd_arena_free(&row_scratch);
    xd_csv_scratch_close(scratch);
}

static void
tell_row(const struct document_read *read, uint32_t row, struct xd_buf *out)
{
    for (unsigned field = 0; field < XD_FIELD_COUNT; field++) {
        struct xd_slice value = xd_rows_get(&read->rows, row, (enum xd_field)field, &g_arena);
        if (value.len) {
            xd_buf_printf(out, "%s%s=%.*s", out->len ? " " : "",
                          xd_field_name((enum xd_field)field), XD_FMT(value));
        }
    }
}

/* Where a value was copied, the document holds it at the position that the row names. */
static void
check_positions(const struct document_read *read, uint32_t row, const char *where)
{
    struct xd_slice text = read->document.text;

    for (unsigned i = 0; i < read->rows.columns->count; i++) {
        unsigned field = read->rows.columns->field_of[i];
        unsigned column = read->header.column_of[field] - 1u;
        struct xd_slice value = xd_rows_value(&read->rows, row, i, &g_arena);
        uint64_t at = xd_rows_value_offset(&read->rows, row, i);
        if (read->header.column[column].conversion->kind != XD_CONVERT_COPY || value.len == 0 ||
            read->header.column[column].whole || read->header.column[column].guarded) {
            continue;
        }
        at += text.ptr[at] == '"';
        size_t same = xd_slice_find(value, '"');
        if (!xd_slice_eq(xd_slice_sub(text, at, same), xd_slice_sub(value, 0, same))) {
            fail_msg("%s: %s does not stand at byte %llu", where,
                     xd_field_name((enum xd_field)field), (unsigned long long)at);
        }
    }
}

static void
dialect_row(const struct xd_slice *cells, const char *where)
{
    struct xd_slice text = unescape(cells[0]);
    uint64_t row;

    assert_true(xd_slice_u64(cells[1], &row));
    for (int in_two = 0; in_two < 2; in_two++) {
        struct document_read read;
        struct xd_buf got;
        read_document(&read, text, ',', in_two);
        assert_true(read.header.convert);
        if (row < read.rows.first_row) {
            continue; /* it is in the first of the two chunks */
        }
        xd_buf_init(&got, 1 << 16);
        tell_row(&read, (uint32_t)row - read.rows.first_row, &got);
        if (!xd_slice_eq(cells[2], xd_buf_slice(&got))) {
            fail_msg("%s: got %.*s", where, (int)got.len, got.ptr);
        }
        got.len = 0;
        for (size_t i = 0; i < read.findings.count; i++) {
            const struct xd_finding *finding = &read.findings.list[i];
            if (finding->row > 1) {
                xd_buf_printf(&got, "%s@%u", slug_of(finding->code), finding->column);
                assert_int_equal(finding->row, row);
            }
        }
        if (!xd_slice_eq(cells[3], xd_buf_slice(&got))) {
            fail_msg("%s: found %.*s", where, (int)got.len, got.ptr);
        }
        check_positions(&read, (uint32_t)row - read.rows.first_row, where);
        xd_buf_free(&got);
    }
}

static void
test_dialect_table(void **state)
{
    static const char *const COLUMNS[] = {"text", "row", "values", "finding"};

    (void)state;
    each_table_row("dialect", COLUMNS, 4, dialect_row);
}

/* Whole grams and back: |grams - pounds x 453.59237| is never more than half a gram, computed in
 * integers. */
static void
test_pounds_are_exact(void **state)
{
    const struct xd_conversion *lb = xd_conversion_find(&g_dialects, XD_LIT("lb"));
    uint64_t seed = 20261122;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct xd_arena arena;
        char text[32];
        uint64_t grams;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint64_t thousandths = (seed >> 33) % 200000;
        int len =
            snprintf(text, sizeof(text), "%llu.%03llu", (unsigned long long)thousandths / 1000,
                     (unsigned long long)thousandths % 1000);
        xd_arena_init(&arena, 1 << 10, 0);
        assert_true(
            xd_slice_u64(xd_convert_measure(lb, xd_slice_of(text, (size_t)len), &arena), &grams));
        /* In hundred-millionths of a gram: 1 lb = 45359237000 of them, a thousandth = 45359237. */
        int64_t off = (int64_t)(grams * 100000000) - (int64_t)(thousandths * 45359237);
        assert_true(off <= 50000000 && off > -50000000);
        xd_arena_free(&arena);
    }
}

static void
test_line_totals(void **state)
{
    static const struct {
        const char *total;
        const char *quantity;
        const char *price;
        bool even;
    } CASES[] = {
        {"37.00", "2", "18.50", true},
        {"10.00", "3", "3.33", false},
        {"0.05", "2", "0.03", false},
        {"1500", "1", "1500", true},
        {"abc", "2", "abc", true},
        {"10.00", "0", "10.00", true},
        {"10.00", "-1", "10.00", true},
        {"10.00", "", "10.00", true},
        {"", "2", "", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        bool even;
        struct xd_slice price = xd_convert_line_total(
            xd_slice_str(CASES[i].total), xd_slice_str(CASES[i].quantity), &g_arena, &even);
        assert_true(xd_slice_eq(price, xd_slice_str(CASES[i].price)));
        assert_int_equal(even, CASES[i].even);
    }
}

static void
test_address_lines(void **state)
{
    struct xd_slice first;
    struct xd_slice second;

    (void)state;
    xd_convert_lines(XD_LIT("221 Baker Street\nFlat B, rear"), &first, &second);
    assert_true(xd_slice_eq(first, XD_LIT("221 Baker Street")));
    assert_true(xd_slice_eq(second, XD_LIT("Flat B, rear")));
    xd_convert_lines(XD_LIT("221 Baker Street, Flat B, rear"), &first, &second);
    assert_true(xd_slice_eq(second, XD_LIT("Flat B, rear")));
    xd_convert_lines(XD_LIT("12,5 km post"), &first, &second);
    assert_true(xd_slice_eq(first, XD_LIT("12,5 km post")));
    assert_int_equal(second.len, 0);
}

/* A row of the sample manifest says this of the field in every layout that has a column for it. */
static void
compare_row(const struct document_read *manifest, const struct document_read *read, uint32_t row,
            const char *name)
{
    bool one_parcel =
        read->header.column_of[XD_FIELD_PARCEL_CODE] == read->header.column_of[XD_FIELD_ORDER_ID];

    for (unsigned i = 0; i < read->rows.columns->count; i++) {
        enum xd_field field = (enum xd_field)read->rows.columns->field_of[i];
        struct xd_slice value = xd_rows_value(&read->rows, row, i, &g_arena);
        struct xd_slice wanted =
            xd_rows_get(&manifest->rows, row,
                        field == XD_FIELD_MERCHANT_ORDER_ID ? XD_FIELD_ORDER_ID : field, &g_arena);
        bool shared = manifest->header.column_of[field] || field == XD_FIELD_MERCHANT_ORDER_ID;
        bool whole_order =
            one_parcel && (field == XD_FIELD_PARCEL_CODE || field == XD_FIELD_WEIGHT_G);
        if (!shared || whole_order || (field == XD_FIELD_ORDER_ID && value.len == 0)) {
            continue;
        }
        if (!xd_slice_eq(value, wanted)) {
            fail_msg("%s, row %u, %s: \"%.*s\" instead of \"%.*s\"", name, row + 2,
                     xd_field_name(field), XD_FMT(value), XD_FMT(wanted));
        }
    }
}

static void
read_sample(struct document_read *read, const char *name, bool convert)
{
    const char *root = getenv("XD_ROOT");
    struct xd_csv_shape shape;
    struct xd_error err = {0};
    struct xd_slice text;
    char path[1024];

    (void)snprintf(path, sizeof(path), "%s/samples/%s", root ? root : ".", name);
    assert_true(xd_file_read(path, &g_arena, 1 << 20, &text, &err));
    xd_csv_shape_find(&g_dialects, text, &shape);
    read_document(read, text, shape.delimiter, false);
    assert_int_equal(read->header.convert, convert);
}

static void
test_samples_say_the_same(void **state)
{
    static const struct {
        const char *name;
        const char *layout;
        bool convert;
    } SAMPLES[] = {
        {"dialects/NorthlaneManifest_221120261730.csv", "global-e-eod", true},
        {"dialects/shopify.csv", "shopify", true},
        {"dialects/shipstation.csv", "shipstation", true},
        {"dialects/amazon.txt", "amazon", true},
        {"dialects/outvio.csv", "outvio", true},
        {"dialects/global-connect.csv", "global-connect", true},
        {"dialects/royal-mail.csv", "royal-mail", true},
    };
    static struct document_read manifest;

    (void)state;
    read_sample(&manifest, "manifest.csv", false);
    assert_int_equal(manifest.rows.count, 11);
    for (size_t i = 0; i < sizeof(SAMPLES) / sizeof(SAMPLES[0]); i++) {
        static struct document_read read;
        read_sample(&read, SAMPLES[i].name, SAMPLES[i].convert);
        assert_true(xd_slice_eq(read.header.dialect->name, xd_slice_str(SAMPLES[i].layout)));
        assert_int_equal(read.rows.count, manifest.rows.count);
        for (uint32_t row = 0; row < read.rows.count; row++) {
            compare_row(&manifest, &read, row, SAMPLES[i].name);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_convert_table),    cmocka_unit_test(test_dialect_table),
        cmocka_unit_test(test_pounds_are_exact), cmocka_unit_test(test_line_totals),
        cmocka_unit_test(test_address_lines),    cmocka_unit_test(test_samples_say_the_same),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
