/*
 * Reports over a small manifest with faults of every kind of position. The expected texts lie in
 * tests/unit/golden and are read by eye when they change: ACCEPT=1 writes them anew.
 */
#include "table_test.h"

#include <csv.h>
#include <jansson.h>

#include "writer/report.h"

static struct xd_finding_texts texts;
static struct xd_arena arena;

static const char MANIFEST[] =
    "order_id,parcel_code,recipient_name,quantity,note\r\n"
    "SO-1,P1,Anna M\xc3\xbcller,two,\r\n"
    "SO-1,P1,\"He said \"\"hi\"\" twice\",1,\r\n"
    "SO-2,P2,\xe7\x94\xb0\xe4\xb8\xad\xe3\x81\x95\xe3\x82\x93,-3,\r\n"
    "SO-3,P3,=cmd|' /C calc'!A0,1,\r\n"
    "SO-4,P4,\"two\nlines\",0x10,\r\n"
    "SO-5,P5,x,9999999999,"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaa\r\n"
    "SO-6,P6,\xe2\x80\xae"
    "evil,,\r\n"
    "SO-7,P7,"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ",1.5,"
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n"
    "SO-8,P8\r\n";

static const struct xd_slice COLUMNS[] = {
    {"order_id", 8}, {"parcel_code", 11}, {"recipient_name", 14}, {"quantity", 8}, {"note", 4}};

struct fixture {
    struct xd_document documents[3];
    struct xd_summary_carrier carriers[2];
    struct xd_findings findings;
    struct xd_summary summary;
    struct xd_reports report;
};

static struct fixture fixture;

static uint64_t
offset_of(const char *what)
{
    const char *at = strstr(MANIFEST, what);

    assert_non_null(at);
    return (uint64_t)(at - MANIFEST);
}

static void
add(enum xd_finding_code code, unsigned row, unsigned column, uint64_t offset,
    struct xd_slice value, struct xd_span span, const char *detail)
{
    static const char *const ORDERS[] = {"",     "",     "SO-1", "SO-1", "SO-2", "SO-3",
                                         "SO-4", "SO-5", "SO-6", "SO-7", "SO-8"};
    struct xd_finding finding = {.code = code,
                                 .document = 1,
                                 .field = XD_FIELD_NONE,
                                 .column = (uint16_t)column,
                                 .row = row,
                                 .offset = offset,
                                 .span = span,
                                 .value = value,
                                 .detail = xd_slice_str(detail),
                                 .order = xd_slice_str(ORDERS[row])};

    xd_findings_add(&fixture.findings, &finding);
}

static void
add_findings(void)
{
    struct xd_span all = {0, 0};
    struct xd_finding lost = {.code = XD_F_INPUT_EMPTY, .document = 2, .field = XD_FIELD_NONE};

    add(XD_F_NUMBER_MALFORMED, 2, 4, offset_of("two,"), XD_LIT("two"), all, "");
    add(XD_F_REQUIRED_MISSING, 2, 5, offset_of("two,") + 4, XD_NONE, all, "");
    add(XD_F_VALUE_CONTROL_CHARACTER, 3, 3, offset_of("\"He said"), XD_LIT("He said \"hi\" twice"),
        (struct xd_span){8, 4}, "these look typed");
    add(XD_F_VALUE_CONTROL_CHARACTER, 4, 3, offset_of("\xe7\x94\xb0"),
        XD_LIT("\xe7\x94\xb0\xe4\xb8\xad\xe3\x81\x95\xe3\x82\x93"), (struct xd_span){3, 3},
        "second character");
    add(XD_F_NUMBER_OUT_OF_RANGE, 4, 4, offset_of("-3,"), XD_LIT("-3"), all, "1 to 999999999");
    add(XD_F_CSV_COLUMN_UNKNOWN, 5, 3, offset_of("=cmd"), XD_LIT("=cmd|' /C calc'!A0"), all, "");
    add(XD_F_NUMBER_MALFORMED, 6, 4, offset_of("0x10"), XD_LIT("0x10"), (struct xd_span){1, 1},
        "not a digit");
    add(XD_F_NUMBER_MALFORMED, 7, 4, offset_of("9999999999"), XD_LIT("9999999999"), all,
        "too many digits");
    add(XD_F_VALUE_CONTROL_CHARACTER, 8, 3, offset_of("\xe2\x80\xae"),
        XD_LIT("\xe2\x80\xae"
               "evil"),
        (struct xd_span){0, 3}, "right-to-left override");
    add(XD_F_CURRENCY_DECIMALS, 9, 4, offset_of("1.5,"), XD_LIT("1.5"), (struct xd_span){1, 1}, "");
    add(XD_F_NUMBER_MALFORMED, 10, 0, offset_of("SO-8"), XD_NONE, all, "");
    add(XD_F_CSV_RAGGED_ROW, 10, 0, offset_of("SO-8"), XD_NONE, all, "2 columns, the header has 5");
    xd_findings_add(&fixture.findings, &lost);
    fixture.findings.totals[XD_F_CSV_COLUMN_UNKNOWN] += 40; /* counted and not kept */
}

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
    fixture.documents[0] = (struct xd_document){
        .file = XD_LIT("day.zip"), .member = XD_LIT("photo.jpg"), .use = XD_DOCUMENT_LISTED};
    fixture.documents[1] = (struct xd_document){.file = XD_LIT("day.zip"),
                                                .member = XD_LIT("lines.csv"),
                                                .text = XD_LIT(MANIFEST),
                                                .text_offset = 3,
                                                .format = XD_LIT("csv"),
                                                .dialect = XD_LIT("crossdock"),
                                                .reason = XD_LIT("its header has parcel_code"),
                                                .encoding = XD_LIT("utf-8"),
                                                .header = COLUMNS,
                                                .header_count = 5};
    fixture.documents[2] =
        (struct xd_document){.file = XD_LIT("empty.csv"), .use = XD_DOCUMENT_REFUSED};
    static struct xd_totals_value values[] = {{"GBP", 2, 3700}};
    fixture.carriers[0] = (struct xd_summary_carrier){XD_LIT("dhl-paket"),
                                                      XD_LIT("dhl-paket.csv"),
                                                      {.lines = 1,
                                                       .parcels = 1,
                                                       .pieces = 2,
                                                       .weight_g = 630,
                                                       .values = values,
                                                       .currencies = 1}};
    fixture.carriers[1] =
        (struct xd_summary_carrier){XD_LIT("ups"), XD_NONE, {.lines = 2, .parcels = 2}};
    xd_findings_init(&fixture.findings, &arena, 100);
    add_findings();
    fixture.summary =
        (struct xd_summary){.command = "process",
                            .documents = fixture.documents,
                            .document_count = 3,
                            .rows_read = 9,
                            .rows = {3, 2, 4},
                            .orders = 8,
                            .parcels = 8,
                            .parcels_by = {3, 1, 4},
                            .routes = {[XD_ROUTE_HUB] = 2, [XD_ROUTE_WYOL_PARTIAL] = 1},
                            .carriers = fixture.carriers,
                            .carrier_count = 2,
                            .findings = &fixture.findings};
    assert_true(xd_date_parse(XD_LIT("2026-11-22"), &fixture.summary.as_of));
    fixture.report = (struct xd_reports){&fixture.summary, &texts};
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_arena_free(&arena);
    return 0;
}

/* Compares with tests/unit/golden/NAME, or writes it when ACCEPT is set. */
static void
assert_golden(const char *name, struct xd_slice text)
{
    const char *root = getenv("XD_ROOT");
    struct xd_slice expected;
    struct xd_error err = {0};
    char path[1024];

    (void)snprintf(path, sizeof(path), "%s/tests/unit/golden/%s", root ? root : ".", name);
    if (getenv("ACCEPT")) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
        assert_int_equal(fclose(file), 0);
        return;
    }
    if (!xd_file_read(path, &arena, 1 << 20, &expected, &err)) {
        fail_msg("%s", err.text);
    }
    if (!xd_slice_eq(expected, text)) {
        fail_msg("%s differs; got:\n%.*s", name, XD_FMT(text));
    }
}

static void
golden(const char *name, void (*write)(const struct xd_reports *, struct xd_buf *))
{
    struct xd_buf buf;

    xd_buf_init(&buf, 1 << 20);
    write(&fixture.report, &buf);
    assert_false(buf.failed);
    assert_golden(name, xd_buf_slice(&buf));
    xd_buf_free(&buf);
}

static void
test_csv(void **state)
{
    (void)state;
    golden("report.csv", xd_report_csv);
}

static void
test_json(void **state)
{
    (void)state;
    golden("report.json", xd_report_json);
}

static void
test_jsonl(void **state)
{
    (void)state;
    golden("report.jsonl", xd_report_jsonl);
}

static void
test_short(void **state)
{
    (void)state;
    golden("report.short", xd_report_short);
}

static void
test_summary(void **state)
{
    (void)state;
    golden("report.summary", xd_report_summary);
}

static void
test_diagnostics(void **state)
{
    struct xd_buf buf;

    (void)state;
    xd_buf_init(&buf, 1 << 20);
    xd_report_diagnostics(&fixture.report, false, &buf);
    assert_golden("report.text", xd_buf_slice(&buf));
    xd_buf_free(&buf);
}

/* Colour adds escape sequences and nothing else. */
static void
test_color(void **state)
{
    struct xd_buf plain;
    struct xd_buf color;
    struct xd_buf stripped;

    (void)state;
    xd_buf_init(&plain, 1 << 20);
    xd_buf_init(&color, 1 << 20);
    xd_buf_init(&stripped, 1 << 20);
    xd_report_diagnostics(&fixture.report, false, &plain);
    xd_report_diagnostics(&fixture.report, true, &color);
    assert_true(color.len > plain.len);
    for (size_t i = 0; i < color.len; i++) {
        if (color.ptr[i] == '\033') {
            while (color.ptr[i] != 'm') {
                i++;
            }
        } else {
            xd_buf_char(&stripped, color.ptr[i]);
        }
    }
    assert_true(xd_slice_eq(xd_buf_slice(&plain), xd_buf_slice(&stripped)));
    xd_buf_free(&plain);
    xd_buf_free(&color);
    xd_buf_free(&stripped);
}

static void
test_unbalanced(void **state)
{
    struct xd_summary summary = fixture.summary;
    struct xd_reports report = {&summary, &texts};
    struct xd_buf buf;

    (void)state;
    assert_true(xd_report_balances(&summary));
    summary.rows_read++;
    assert_false(xd_report_balances(&summary));
    xd_buf_init(&buf, 1 << 20);
    xd_report_summary(&report, &buf);
    assert_true(
        xd_slice_ends(xd_buf_slice(&buf),
                      XD_LIT("rows read 10 DOES NOT EQUAL handed off 3 + held 2 + rejected 4\n")));
    xd_buf_free(&buf);
}

static void
test_no_findings(void **state)
{
    struct xd_summary summary = {.command = "validate"};
    struct xd_reports report = {&summary, &texts};
    struct xd_buf buf;

    (void)state;
    xd_buf_init(&buf, 1 << 20);
    xd_report_diagnostics(&report, false, &buf);
    xd_report_short(&report, &buf);
    assert_int_equal(buf.len, 0);
    xd_report_summary(&report, &buf);
    assert_true(xd_slice_ends(xd_buf_slice(&buf),
                              XD_LIT("rows read 0 = handed off 0 + held 0 + rejected 0\n")));
    xd_buf_free(&buf);
}

/* Rows of hostile values, seen through libcsv: 17 cells, none a formula, none with a control
 * character. */
struct seen {
    size_t cells;
    size_t rows;
};

static void
on_cell(void *bytes, size_t len, void *data)
{
    struct seen *seen = data;
    const char *text = bytes;

    seen->cells++;
    if (len > 0 && strchr("=+-@\t\r", text[0])) {
        fail_msg("a formula: %.*s", (int)len, text);
    }
    for (size_t i = 0; i < len; i++) {
        assert_true((unsigned char)text[i] >= 0x20);
    }
}

static void
on_row(int c, void *data)
{
    struct seen *seen = data;

    (void)c;
    seen->rows++;
    assert_int_equal(seen->cells, seen->rows * 17);
}

static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void
hostile_row(const struct xd_slice *cells, const char *where)
{
    struct xd_findings findings;
    struct xd_summary summary = {.command = "process", .findings = &findings};
    struct xd_reports report = {&summary, &texts};
    char text[512];
    struct xd_slice value;
    struct seen seen = {0};
    struct csv_parser parser;
    json_error_t error;
    struct xd_buf buf;
    size_t len = 0;

    for (size_t i = 0; i < cells[0].len && len < sizeof(text); i++) {
        bool escape = cells[0].ptr[i] == '\\' && i + 1 < cells[0].len;
        char c = escape ? cells[0].ptr[++i] : cells[0].ptr[i];
        text[len++] = !escape ? c : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
    value = xd_slice_of(text, len);
    xd_findings_init(&findings, &arena, 10);
    xd_findings_add(&findings, &(struct xd_finding){.code = XD_F_REQUIRED_MISSING,
                                                    .document = 9,
                                                    .row = 2,
                                                    .field = XD_FIELD_SKU,
                                                    .value = value,
                                                    .detail = value,
                                                    .order = value,
                                                    .parcel = value});
    xd_buf_init(&buf, 1 << 20);
    xd_report_csv(&report, &buf);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    csv_set_space_func(&parser, no_space);
    if (csv_parse(&parser, buf.ptr, buf.len, on_cell, on_row, &seen) != buf.len ||
        csv_fini(&parser, on_cell, on_row, &seen) != 0) {
        fail_msg("%s: not a CSV: %.*s", where, XD_FMT(xd_buf_slice(&buf)));
    }
    csv_free(&parser);
    assert_int_equal(seen.rows, 2);
    buf.len = 0;
    xd_report_json(&report, &buf);
    json_t *read = json_loadb(buf.ptr, buf.len, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(read);
    const json_t *kept =
        json_object_get(json_array_get(json_object_get(read, "findings"), 0), "value");
    assert_true(xd_slice_eq(value, xd_slice_of(json_string_value(kept), json_string_length(kept))));
    json_decref(read);
    buf.len = 0;
    xd_report_short(&report, &buf);
    assert_int_equal(xd_slice_find(xd_buf_slice(&buf), '\n'),
                     buf.len - 1); /* one line stays one line */
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
        cmocka_unit_test(test_csv),         cmocka_unit_test(test_json),
        cmocka_unit_test(test_jsonl),       cmocka_unit_test(test_short),
        cmocka_unit_test(test_summary),     cmocka_unit_test(test_diagnostics),
        cmocka_unit_test(test_color),       cmocka_unit_test(test_unbalanced),
        cmocka_unit_test(test_no_findings), cmocka_unit_test(test_hostile_values),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
