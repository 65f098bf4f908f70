/* Header rows to layouts, columns and findings, from tests/tables/header.tsv and file_name.tsv,
 * against the real tables. */
#include "dialect_test.h"

#include "base/buf.h"
#include "reader/file_name.h"

#define CELLS_MAX 300

static size_t
split(struct xd_slice header, char delimiter, struct xd_slice *cells)
{
    size_t count = 0;

    for (;;) {
        size_t cut = xd_slice_find(header, delimiter);
        cells[count++] = xd_slice_sub(header, 0, cut);
        if (cut == header.len || count == CELLS_MAX) {
            return count;
        }
        header = xd_slice_sub(header, cut + 1, SIZE_MAX);
    }
}

/* "order_id parcel_code weight_g:kg -": one word a column. */
static void
tell_columns(const struct xd_header *header, struct xd_buf *out)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct xd_header_column *column = &header->column[i];
        xd_buf_str(out, i ? " " : "");
        if (column->field == XD_FIELD_NONE) {
            xd_buf_str(out, "-");
            continue;
        }
        xd_buf_str(out, xd_field_name(column->field));
        if (column->conversion->kind != XD_CONVERT_COPY) {
            xd_buf_printf(out, ":%.*s", XD_FMT(column->conversion->name));
        }
    }
}

/* "csv-column-unknown@5 csv-column-missing(phone)": slug, column or field, and the underlined bytes
 * where it has some. */
static void
tell_findings(const struct xd_findings *findings, struct xd_buf *out)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct xd_finding *finding = &findings->list[i];
        xd_buf_printf(out, "%s%s", i ? " " : "", slug_of(finding->code));
        if (finding->column) {
            xd_buf_printf(out, "@%u", finding->column);
        } else if (finding->field != XD_FIELD_NONE) {
            xd_buf_printf(out, "(%s)", xd_field_name((enum xd_field)finding->field));
        }
    }
}

static void
expect(const char *where, const char *what, struct xd_slice wanted, struct xd_buf *got)
{
    if (!xd_slice_eq(wanted, xd_buf_slice(got))) {
        fail_msg("%s: %s: got \"%.*s\"", where, what, (int)got->len, got->len ? got->ptr : "");
    }
    xd_buf_free(got);
    xd_buf_init(got, 1 << 16);
}

static void
header_row(const struct xd_slice *cells, const char *where)
{
    struct xd_slice row = cells[3];
    char delimiter = xd_slice_eq(cells[1], XD_LIT("semicolon")) ? ';' : ',';
    struct xd_slice parts[CELLS_MAX];
    struct xd_document document = {.file = cells[2], .text = row};
    struct xd_header_ask ask = {
        .document = &document,
        .cells = parts,
        .count = split(row, delimiter, parts),
        .delimiter = delimiter,
        .row = 1,
        .use = xd_slice_eq(cells[0], XD_LIT("orders")) ? XD_USE_ORDERS : XD_USE_MANIFEST,
        .limits = &g_limits,
    };
    struct xd_findings findings;
    struct xd_header header;
    struct xd_buf got;

    xd_findings_init(&findings, &g_arena, 100);
    bool read = xd_header_map(&g_dialects, &ask, &g_arena, &header, &findings);
    xd_buf_init(&got, 1 << 16);
    xd_buf_printf(&got, "%.*s", XD_FMT(header.dialect->name));
    expect(where, "layout", cells[4], &got);
    xd_buf_printf(&got, "%s%s%s", read ? "read" : "refused", header.convert ? " convert" : "",
                  header.serial ? " serial" : "");
    expect(where, "outcome", cells[5], &got);
    tell_columns(&header, &got);
    expect(where, "columns", cells[6], &got);
    tell_findings(&findings, &got);
    expect(where, "findings", cells[7], &got);
    xd_buf_free(&got);
}

static void
test_header_table(void **state)
{
    static const char *const COLUMNS[] = {"use",    "delimiter", "file",    "header",
                                          "layout", "outcome",   "columns", "findings"};

    (void)state;
    each_table_row("header", COLUMNS, 8, header_row);
}

static void
file_name_row(const struct xd_slice *cells, const char *where)
{
    struct xd_span span;
    enum xd_finding_code code = xd_file_name_check(cells[0], cells[1], &span);
    struct xd_slice faulty =
        code == XD_F_NONE ? XD_NONE : xd_slice_sub(cells[1], span.off, span.len);

    if (!xd_slice_eq(cells[2], xd_slice_str(slug_of(code))) || !xd_slice_eq(cells[3], faulty)) {
        fail_msg("%s: got %s at \"%.*s\"", where, slug_of(code), XD_FMT(faulty));
    }
}

static void
test_file_name_table(void **state)
{
    static const char *const COLUMNS[] = {"pattern", "name", "finding", "faulty"};

    (void)state;
    each_table_row("file_name", COLUMNS, 4, file_name_row);
}

/* Every column of every layout, given back to the mapper as that layout's header, must be read as
 * the table says. */
static void
test_each_dialect_reads_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < g_dialects.count; i++) {
        const struct xd_dialect *dialect = &g_dialects.list[i];
        struct xd_slice cells[XD_COLUMNS_MAX];
        struct xd_document document = {.file = XD_LIT("-")};
        struct xd_findings findings;
        struct xd_header header;
        size_t count = 0;

        for (size_t j = 0; j < dialect->column_count; j++) {
            cells[count++] = dialect->columns[j].header;
        }
        struct xd_header_ask ask = {
            .document = &document,
            .cells = cells,
            .count = count,
            .delimiter = dialect->delimiters[0],
            .row = 1,
            .use = dialect->use & XD_USE_MANIFEST ? XD_USE_MANIFEST : XD_USE_ORDERS,
        };
        xd_findings_init(&findings, &g_arena, 100);
        (void)xd_header_map(&g_dialects, &ask, &g_arena, &header, &findings);
        if (dialect->fingerprint_count) {
            assert_ptr_equal(header.dialect, dialect);
        }
        for (size_t j = 0; j < count && dialect->fingerprint_count; j++) {
            bool spare = dialect->columns[j].presence == XD_PRESENCE_SPARE;
            assert_int_equal(header.column[j].field,
                             spare ? XD_FIELD_NONE : dialect->columns[j].field);
            assert_int_equal(header.column[j].why, spare ? XD_WHY_SPARE : XD_WHY_DIALECT);
        }
    }
}

static void
test_too_many_columns(void **state)
{
    struct xd_slice cells[XD_COLUMNS_MAX + 1];
    struct xd_document document = {.file = XD_LIT("-")};
    struct xd_header_ask ask = {.document = &document,
                                .cells = cells,
                                .delimiter = ',',
                                .row = 1,
                                .use = XD_USE_MANIFEST,
                                .limits = &g_limits};

    (void)state;
    for (size_t i = 0; i <= XD_COLUMNS_MAX; i++) {
        cells[i] = XD_LIT("");
    }
    cells[0] = XD_LIT("order_id");
    cells[1] = XD_LIT("parcel_code");
    cells[2] = XD_LIT("sku");
    cells[XD_COLUMNS_MAX - 1] = XD_LIT("quantity");
    for (size_t count = XD_COLUMNS_MAX - 1; count <= XD_COLUMNS_MAX + 1; count++) {
        struct xd_findings findings;
        struct xd_header header;
        xd_findings_init(&findings, &g_arena, 100);
        ask.count = count;
        bool read = xd_header_map(&g_dialects, &ask, &g_arena, &header, &findings);
        assert_int_equal(findings.totals[XD_F_CSV_TOO_MANY_COLUMNS], count > XD_COLUMNS_MAX);
        assert_int_equal(read, count == XD_COLUMNS_MAX); /* one less lacks the quantity */
        assert_int_equal(header.convert, count == XD_COLUMNS_MAX);
    }
}

/* A header name of 127, 128 and 129 bytes: the limit is 128. */
static void
test_header_length(void **state)
{
    char name[200];

    (void)state;
    memset(name, 'x', sizeof(name));
    for (size_t len = 127; len <= 129; len++) {
        struct xd_slice cells[] = {XD_LIT("order_id"), XD_LIT("parcel_code"), XD_LIT("sku"),
                                   XD_LIT("quantity"), xd_slice_of(name, len)};
        struct xd_document document = {.file = XD_LIT("-")};
        struct xd_header_ask ask = {.document = &document,
                                    .cells = cells,
                                    .count = 5,
                                    .delimiter = ',',
                                    .row = 1,
                                    .use = XD_USE_MANIFEST,
                                    .limits = &g_limits};
        struct xd_findings findings;
        struct xd_header header;
        xd_findings_init(&findings, &g_arena, 100);
        assert_int_equal(xd_header_map(&g_dialects, &ask, &g_arena, &header, &findings),
                         len <= 128);
        assert_int_equal(findings.totals[XD_F_CSV_HEADER_TOO_LONG], len > 128);
    }
}

static void
test_mapping(void **state)
{
    struct xd_slice text =
        XD_LIT("header\tfield\tconversion\nRef.\tparcel_code\t\nGewicht\tweight_g\t"
               "kg\nsku\t-\t\nArtikel\tsku\t\n");
    struct xd_slice cells[] = {XD_LIT("order_id"), XD_LIT("Ref"),     XD_LIT("Gewicht"),
                               XD_LIT("SKU"),      XD_LIT("Artikel"), XD_LIT("qty")};
    struct xd_document document = {.file = XD_LIT("-")};
    struct xd_error err = {0};
    struct xd_mapping mapping;
    struct xd_findings findings;
    struct xd_header header;

    (void)state;
    assert_true(xd_mapping_load(&mapping, &g_dialects, "m.tsv", text, &g_arena, &err));
    struct xd_header_ask ask = {.document = &document,
                                .cells = cells,
                                .count = 6,
                                .delimiter = ',',
                                .row = 1,
                                .use = XD_USE_MANIFEST,
                                .mapping = &mapping,
                                .limits = &g_limits};
    xd_findings_init(&findings, &g_arena, 100);
    assert_true(xd_header_map(&g_dialects, &ask, &g_arena, &header, &findings));
    assert_int_equal(header.column[1].field, XD_FIELD_PARCEL_CODE);
    assert_int_equal(header.column[2].field, XD_FIELD_WEIGHT_G);
    assert_int_equal(header.column[2].conversion->numerator, 1000);
    assert_int_equal(header.column[3].field, XD_FIELD_NONE);
    assert_int_equal(header.column[4].field, XD_FIELD_SKU);
    assert_int_equal(header.column[4].why, XD_WHY_MAPPING);
    assert_true(header.convert);
}

static void
test_bad_mapping(void **state)
{
    static const char *const BAD[] = {
        "header\tfeld\n",
        "header\tfield\nsku\tsku\nS K U\tsku\n",
        "header\tfield\n--\tsku\n",
        "header\tfield\nsku\tarticle\n",
        "header\tfield\tconversion\nsku\tsku\tkg\n",
        "header\tfield\tconversion\nsku\tsku\tstone\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct xd_error err = {0};
        struct xd_mapping mapping;
        assert_false(
            xd_mapping_load(&mapping, &g_dialects, "m.tsv", xd_slice_str(BAD[i]), &g_arena, &err));
        assert_true(err.status != 0);
        assert_non_null(strstr(err.text, "m.tsv:"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_table),
        cmocka_unit_test(test_file_name_table),
        cmocka_unit_test(test_each_dialect_reads_itself),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_header_length),
        cmocka_unit_test(test_mapping),
        cmocka_unit_test(test_bad_mapping),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
