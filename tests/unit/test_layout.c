/*
 * Handoff layouts: what is written reads back equal through libcsv whatever the values hold, and
 * what a carrier would refuse is said with column and span before it is written.
 */
#include "table_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include <csv.h>
#include <jansson.h>

#include "writer/layout.h"

static struct xd_layouts layouts;
static struct xd_arena arena;

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_layouts_load(&layouts, &tables, &arena, &err)) {
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

static const struct xd_layout *
layout_named(const char *name)
{
    const struct xd_layout *layout = xd_layout_find(&layouts, xd_slice_str(name));

    assert_non_null(layout);
    return layout;
}

/* A parcel line that every layout takes. */
static struct xd_handoff
good_handoff(void)
{
    struct xd_handoff handoff = {0};
    struct xd_slice *v = handoff.value;

    v[XD_FIELD_ORDER_ID] = XD_LIT("GE175560201GB");
    v[XD_FIELD_PARCEL_CODE] = XD_LIT("340123450000000017");
    v[XD_FIELD_CARRIER] = XD_LIT("dhl-paket");
    v[XD_FIELD_RECIPIENT_NAME] = XD_LIT("Anna M\xc3\xbcller");
    v[XD_FIELD_ADDRESS1] = XD_LIT("Lindenstra\xc3\x9f"
                                  "e 12");
    v[XD_FIELD_CITY] = XD_LIT("Berlin");
    v[XD_FIELD_POSTAL_CODE] = XD_LIT("10969");
    v[XD_FIELD_COUNTRY] = XD_LIT("DE");
    v[XD_VALUE_COUNTRY_ALPHA3] = XD_LIT("DEU");
    v[XD_FIELD_SHIP_DATE] = XD_LIT("2026-11-22");
    v[XD_FIELD_UNIT_PRICE] = XD_LIT("18.50");
    v[XD_FIELD_SKU] = XD_LIT("TEE-M-BLU");
    v[XD_FIELD_QUANTITY] = XD_LIT("2");
    v[XD_VALUE_PARCEL_WEIGHT_G] = XD_LIT("630");
    v[XD_VALUE_LINE_NUMBER] = XD_LIT("1");
    return handoff;
}

/* As a run checks: what writing the row cleared is not looked at again. It must find what a check
 * of every column finds. */
static size_t
check_from(const struct xd_layout *layout, const struct xd_handoff *handoff, size_t from,
           struct xd_diagnosis *diagnosis)
{
    struct xd_diagnosis thorough;
    struct xd_layout_doubt doubt;
    struct xd_buf buf;
    size_t column;

    xd_buf_init(&buf, 1 << 22);
    xd_layout_row(layout, handoff, &buf, &doubt);
    xd_buf_free(&buf);
    column = xd_layout_check(layout, handoff, &doubt, from, diagnosis);
    assert_int_equal(column,
                     xd_layout_check(layout, handoff, &XD_LAYOUT_DOUBT_ALL, from, &thorough));
    assert_int_equal(diagnosis->code, thorough.code);
    return column;
}

static void
test_check_table_row(const struct xd_slice *cells, const char *where)
{
    const struct xd_layout *layout = xd_layout_find(&layouts, cells[0]);
    struct xd_handoff handoff = good_handoff();
    struct xd_diagnosis diagnosis = {0};
    unsigned value = xd_value_find(cells[1]);
    size_t open = xd_slice_find(cells[2], '[');
    size_t close = xd_slice_find(cells[2], ']');
    char text[512];
    size_t column;
    struct xd_slice code;

    if (!layout || value == XD_VALUE_COUNT || cells[2].len > sizeof(text)) {
        fail_msg("%s: no such layout or value", where);
    }
    bool marked = open < cells[2].len;
    memcpy(text, cells[2].ptr, cells[2].len);
    size_t len = cells[2].len;
    if (marked) {
        memmove(text + open, text + open + 1, len - open - 1);
        memmove(text + close - 1, text + close, len - close - 1);
        len -= 2;
    }
    for (size_t i = 0; i < len; i++) {
        text[i] = text[i] == '~' ? '\x01' : text[i];
    }
    handoff.value[value] = xd_slice_of(text, len);
    column = check_from(layout, &handoff, 0, &diagnosis);
    static const char *const NAMES[] = {"missing",  "length",    "control",
                                        "encoding", "malformed", "separator"};
    code = diagnosis.code == XD_F_NONE
               ? XD_LIT("-")
               : xd_slice_str(NAMES[diagnosis.code - XD_F_HANDOFF_VALUE_MISSING]);
    if (!xd_slice_eq(code, cells[3])) {
        fail_msg("%s: gave %.*s (%s)", where, XD_FMT(code), diagnosis.detail);
    }
    if (diagnosis.code == XD_F_NONE) {
        assert_int_equal(column, layout->count);
        return;
    }
    assert_int_equal(layout->columns[column].value, value);
    if (marked && (diagnosis.span.off != open || diagnosis.span.len != close - open - 1)) {
        fail_msg("%s: span %u+%u", where, diagnosis.span.off, diagnosis.span.len);
    }
    if (!strstr(diagnosis.detail, "column \"")) {
        fail_msg("%s: the detail names no column: %s", where, diagnosis.detail);
    }
}

static void
test_check_table(void **state)
{
    static const char *const COLUMNS[] = {"layout", "value", "text", "finding"};

    (void)state;
    each_table_row("layout_check", COLUMNS, 4, test_check_table_row);
}

static void
test_good_handoff_fits_every_layout(void **state)
{
    struct xd_handoff handoff = good_handoff();
    struct xd_diagnosis diagnosis;

    (void)state;
    assert_int_equal(layouts.count, 4);
    for (size_t i = 0; i < layouts.count; i++) {
        const struct xd_layout *layout = &layouts.list[i];
        if (check_from(layout, &handoff, 0, &diagnosis) != layout->count) {
            fail_msg("%.*s: %s", XD_FMT(layout->name), diagnosis.detail);
        }
    }
}

static void
test_check_goes_on(void **state)
{
    const struct xd_layout *layout = layout_named("crossdock");
    struct xd_handoff handoff = good_handoff();
    struct xd_diagnosis diagnosis;
    size_t faults = 0;

    (void)state;
    handoff.value[XD_FIELD_CITY] = XD_NONE;
    handoff.value[XD_FIELD_COUNTRY] = XD_LIT("de");
    handoff.value[XD_FIELD_QUANTITY] = XD_LIT("two");
    for (size_t at = check_from(layout, &handoff, 0, &diagnosis); at < layout->count;
         at = check_from(layout, &handoff, at + 1, &diagnosis)) {
        faults++;
    }
    assert_int_equal(faults, 3);
}

static void
assert_row(const char *layout, const struct xd_handoff *handoff, struct xd_slice expected)
{
    struct xd_layout_doubt doubt;
    struct xd_buf buf;

    xd_buf_init(&buf, 1 << 20);
    xd_layout_row(layout_named(layout), handoff, &buf, &doubt);
    if (!xd_slice_eq(xd_buf_slice(&buf), expected)) {
        fail_msg("%s: got %.*s", layout, XD_FMT(xd_buf_slice(&buf)));
    }
    xd_buf_free(&buf);
}

static void
test_rows(void **state)
{
    struct xd_handoff handoff = good_handoff();

    (void)state;
    assert_row("dpd-shipper", &handoff,
               XD_LIT("C;Anna M\xc3\xbcller;;Lindenstra\xc3\x9f"
                      "e 12;;10969;Berlin;DE;;;"
                      "340123450000000017;GE175560201GB;0.63\r\n"));
    assert_row("coliposte", &handoff,
               XD_LIT("\"340123450000000017\";\"\";\"Anna M\xfcller\";\"\";\"Lindenstra\xdf"
                      "e 12\";"
                      "\"\";\"\";\"\";\"10969\";\"Berlin\";\"DE\";\"\";\"\";"
                      "\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"0.630\"\n"));
    handoff.value[XD_VALUE_LINE_NUMBER] = XD_LIT("2");
    assert_row("coliposte", &handoff, XD_NONE);
}

static void
test_weight_rounding(void **state)
{
    static const char *const CASES[][2] = {{"0", "0.00"},   {"1", "0.01"},   {"14", "0.01"},
                                           {"994", "0.99"}, {"995", "1.00"}, {"123456", "123.46"}};
    struct xd_handoff handoff = good_handoff();
    struct xd_layout_doubt doubt;
    struct xd_buf buf;

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        handoff.value[XD_VALUE_PARCEL_WEIGHT_G] = xd_slice_str(CASES[i][0]);
        xd_buf_init(&buf, 4096);
        xd_layout_row(layout_named("dpd-shipper"), &handoff, &buf, &doubt);
        xd_buf_put(&buf, XD_LIT("\0"));
        size_t len = strlen(CASES[i][1]);
        assert_memory_equal(buf.ptr + buf.len - 3 - len, CASES[i][1], len);
        xd_buf_free(&buf);
    }
}

static void
test_headers(void **state)
{
    struct xd_buf buf;

    (void)state;
    xd_buf_init(&buf, 1 << 16);
    xd_layout_header(layout_named("coliposte"), &buf);
    assert_int_equal(buf.len, 0);
    xd_layout_header(layout_named("dpd-shipper"), &buf);
    assert_true(xd_slice_starts(xd_buf_slice(&buf), XD_LIT("recipient type;recipient_name;")));
    assert_true(xd_slice_ends(xd_buf_slice(&buf), XD_LIT(";order_reference;weight\r\n")));
    xd_buf_free(&buf);
}

static void
test_file_names(void **state)
{
    xd_date day = 0;
    struct xd_buf buf;

    (void)state;
    assert_true(xd_date_parse(XD_LIT("2026-11-22"), &day));
    xd_buf_init(&buf, 1 << 10);
    xd_layout_file_name(layout_named("crossdock"), XD_LIT("ups"), day, 1, &buf);
    xd_buf_char(&buf, ' ');
    xd_layout_file_name(layout_named("dpd-shipper"), XD_LIT("dpd"), day, 12, &buf);
    assert_true(xd_slice_eq(xd_buf_slice(&buf), XD_LIT("ups.csv dpd_20261122_012.csv")));
    xd_buf_free(&buf);
}

/* What libcsv reads of a file: fields one behind the other, each ended by 0x1f, rows by 0x1e. */
struct reading {
    struct xd_buf text;
};

static void
on_field(void *bytes, size_t len, void *data)
{
    struct reading *reading = data;

    xd_buf_put(&reading->text, xd_slice_of(bytes, len));
    xd_buf_char(&reading->text, '\x1f');
}

static void
on_row(int c, void *data)
{
    struct reading *reading = data;

    (void)c;
    xd_buf_char(&reading->text, '\x1e');
}

static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void
assert_reads_back(const struct xd_layout *layout, const struct xd_handoff *handoff)
{
    struct csv_parser parser;
    struct xd_layout_doubt doubt;
    struct reading reading;
    struct xd_buf expected;
    struct xd_buf written;

    xd_buf_init(&reading.text, 1 << 22);
    xd_buf_init(&expected, 1 << 22);
    xd_buf_init(&written, 1 << 22);
    xd_layout_row(layout, handoff, &written, &doubt);
    for (size_t i = 0; i < layout->count; i++) {
        const struct xd_layout_column *column = &layout->columns[i];
        if (column->value != XD_VALUE_COUNT) {
            xd_buf_put(&expected, handoff->value[column->value]);
        }
        xd_buf_char(&expected, '\x1f');
    }
    xd_buf_char(&expected, '\x1e');
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    csv_set_delim(&parser, (unsigned char)layout->delimiter);
    csv_set_space_func(&parser, no_space);
    assert_int_equal(csv_parse(&parser, written.ptr, written.len, on_field, on_row, &reading),
                     written.len);
    assert_int_equal(csv_fini(&parser, on_field, on_row, &reading), 0);
    csv_free(&parser);
    if (!xd_slice_eq(xd_buf_slice(&expected), xd_buf_slice(&reading.text))) {
        fail_msg("wrote %.*s", XD_FMT(xd_buf_slice(&written)));
    }
    xd_buf_free(&reading.text);
    xd_buf_free(&expected);
    xd_buf_free(&written);
}

static void
round_trip_row(const struct xd_slice *cells, const char *where)
{
    const struct xd_layout *layout = layout_named("crossdock");
    struct xd_handoff handoff = good_handoff();
    char text[512];
    size_t len = 0;

    (void)where;
    for (size_t i = 0; i < cells[0].len && len < sizeof(text); i++) {
        bool escape = cells[0].ptr[i] == '\\' && i + 1 < cells[0].len;
        char c = escape ? cells[0].ptr[++i] : cells[0].ptr[i];
        text[len++] = !escape ? c : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
    handoff.value[XD_FIELD_RECIPIENT_NAME] = xd_slice_of(text, len);
    handoff.value[XD_FIELD_LENGTH_MM] = xd_slice_of(text, len);
    handoff.value[XD_FIELD_MANIFEST_ID] = xd_slice_of(text, len); /* first column */
    handoff.value[XD_VALUE_LINE_TAX] = xd_slice_of(text, len);    /* last column */
    assert_reads_back(layout, &handoff);
}

static void
test_hostile_values_read_back(void **state)
{
    static const char *const COLUMNS[] = {"value"};

    (void)state;
    each_table_row("hostile_values", COLUMNS, 1, round_trip_row);
}

/* Every length around the block size, with a quote, a delimiter or nothing at every place. */
static void
test_every_length_reads_back(void **state)
{
    static const char SPECIALS[] = {'a', ',', '"', '\r', '\n', ';', '='};
    const struct xd_layout *layout = layout_named("crossdock");
    struct xd_handoff handoff = good_handoff();

    (void)state;
    for (size_t len = 0; len <= 50; len++) {
        for (size_t at = 0; at < (len ? len : 1); at++) {
            for (size_t s = 0; s < sizeof(SPECIALS); s++) {
                char *text = malloc(
                    len ? len : 1); /* exactly as long: a read beyond it is seen by the sanitizer */
                assert_non_null(text);
                memset(text, 'x', len ? len : 1);
                text[at] = SPECIALS[s];
                handoff.value[XD_FIELD_ADDRESS1] = xd_slice_of(text, len);
                assert_reads_back(layout, &handoff);
                free(text);
            }
        }
    }
}

static void
test_schema(void **state)
{
    const struct xd_layout *layout = layout_named("crossdock");
    struct xd_buf buf;
    json_error_t error;
    json_t *schema;

    (void)state;
    xd_buf_init(&buf, 1 << 20);
    xd_layout_schema(layout, &buf);
    schema = json_loadb(buf.ptr, buf.len, JSON_REJECT_DUPLICATES, &error);
    if (!schema) {
        fail_msg("%s at %d", error.text, error.position);
    }
    assert_int_equal(json_array_size(json_object_get(schema, "fields")), layout->count);
    json_t *country = NULL;
    json_t *field;
    size_t i;
    json_array_foreach(json_object_get(schema, "fields"), i, field)
    {
        assert_true(xd_slice_eq(xd_slice_str(json_string_value(json_object_get(field, "name"))),
                                layout->columns[i].name));
        if (strcmp(json_string_value(json_object_get(field, "name")), "country") == 0) {
            country = field;
        }
    }
    char *text = json_dumps(json_object_get(country, "constraints"), JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(
        text, "{\"maxLength\":2,\"minLength\":2,\"pattern\":\"[A-Z]*\",\"required\":true}");
    free(text);
    text = json_dumps(json_object_get(schema, "primaryKey"), JSON_COMPACT);
    assert_string_equal(text, "[\"parcel_code\",\"line_number\"]");
    free(text);
    text = json_dumps(json_object_get(schema, "missingValues"), JSON_COMPACT);
    assert_string_equal(text, "[\"\"]");
    free(text);
    json_decref(schema);
    xd_buf_free(&buf);
}

static void
test_schema_of_each_layout_is_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < layouts.count; i++) {
        struct xd_buf buf;
        json_error_t error;
        xd_buf_init(&buf, 1 << 20);
        xd_layout_schema(&layouts.list[i], &buf);
        json_t *schema = json_loadb(buf.ptr, buf.len, JSON_REJECT_DUPLICATES, &error);
        assert_non_null(schema);
        assert_non_null(json_object_get(schema, "version"));
        assert_int_equal(
            json_is_null(json_object_get(json_object_get(schema, "dialect"), "quoteChar")),
            layouts.list[i].quoting == XD_LAYOUT_QUOTE_NONE);
        json_decref(schema);
        xd_buf_free(&buf);
    }
}

/* Loads layouts from a folder of its own and tells what the loader says of them. */
static void
assert_refused(const char *layouts_row, const char *columns_row, const char *says)
{
    static const char LAYOUTS[] = "layout\tversion\tdelimiter\tquoting\tencoding\tline_"
                                  "end\theader\tweight_unit\tweight_decimals\t"
                                  "rows\tmax_rows\tfile_name\tdescription\tsource\n";
    static const char COLUMNS[] =
        "name\tvalue\ttype\trequired\tmin_length\tmax_length\tchars\tenum\tdescription\texample\n";
    char dir[] = "/tmp/xd-layout-XXXXXX";
    char path[3][128];
    struct xd_layouts loaded;
    struct xd_arena own;
    struct xd_error err = {0};

    assert_non_null(mkdtemp(dir));
    (void)snprintf(path[0], sizeof(path[0]), "%s/handoff", dir);
    (void)snprintf(path[1], sizeof(path[1]), "%s/handoff/layouts.tsv", dir);
    (void)snprintf(path[2], sizeof(path[2]), "%s/handoff/mine.tsv", dir);
    assert_int_equal(mkdir(path[0], 0700), 0);
    for (size_t i = 1; i <= 2; i++) {
        FILE *file = fopen(path[i], "w");
        assert_non_null(file);
        assert_true(fprintf(file, "%s%s\n", i == 1 ? LAYOUTS : COLUMNS,
                            i == 1 ? layouts_row : columns_row) > 0);
        assert_int_equal(fclose(file), 0);
    }
    xd_arena_init(&own, 1 << 14, 0);
    bool taken = xd_layouts_load(&loaded, &(struct xd_tables){dir, &own}, &own, &err);
    (void)unlink(path[1]);
    (void)unlink(path[2]);
    (void)rmdir(path[0]);
    (void)rmdir(dir);
    xd_arena_free(&own);
    if (taken != (says == NULL) || (says && !strstr(err.text, says))) {
        fail_msg("\"%s\" / \"%s\" gave \"%s\"", layouts_row, columns_row, err.text);
    }
}

static void
test_bad_tables(void **state)
{
    static const char GOOD[] = "mine\t1\t,\tall\tutf-8\tlf\tyes\tg\t0\tline\t\t{carrier}.csv\td\ts";
    static const char COLUMN[] = "sku\tsku\tstring\tyes\t1\t9\tany\t\td\te";

    (void)state;
    assert_refused(GOOD, COLUMN, NULL);
    assert_refused("mine\t1\t;;\tall\tutf-8\tlf\tyes\tg\t0\tline\t\tf\td\ts", COLUMN,
                   "a delimiter is one");
    assert_refused("mine\t1\t\"\tall\tutf-8\tlf\tyes\tg\t0\tline\t\tf\td\ts", COLUMN,
                   "a delimiter is one");
    assert_refused("mine\t1\ttab\tsome\tutf-8\tlf\tyes\tg\t0\tline\t\tf\td\ts", COLUMN,
                   "layouts.tsv:2: this column does not know the word \"some\"");
    assert_refused("mine\t1\t,\tall\tklingon\tlf\tyes\tg\t0\tline\t\tf\td\ts", COLUMN,
                   "there is no encoding \"klingon\"");
    assert_refused("mine\t1\t,\tall\tutf-8\tlf\tyes\tkg\t7\tline\t\tf\td\ts", COLUMN,
                   "at most 6 decimals");
    assert_refused("mine\t1\t,\tall\tutf-8\tlf\tyes\tkg\tx\tline\t\tf\td\ts", COLUMN,
                   "not a number: \"x\"");
    assert_refused("mine\t1\t,\tall\tutf-8\tlf\tyes\tg\t0\tline\t\t../f\td\ts", COLUMN,
                   "not a file name");
    assert_refused("mine\t1\t,\tall\tutf-8\tlf\tyes\tg\t0\tline\t\tf\td\ts\n"
                   "mine\t1\t,\tall\tutf-8\tlf\tyes\tg\t0\tline\t\tf\td\ts",
                   COLUMN, "layouts.tsv:3: the layout is there twice");
    assert_refused("other\t1\t,\tall\tutf-8\tlf\tyes\tg\t0\tline\t\tf\td\ts", COLUMN,
                   "there is no table handoff/other.tsv");
    assert_refused(GOOD, "x\tshoe_size\tstring\tyes\t\t\tany\t\td\te",
                   "handoff/mine.tsv:2: no parcel has a value called \"shoe_size\"");
    assert_refused(GOOD, "x\tsku\tfloat\tyes\t\t\tany\t\td\te", "does not know the word \"float\"");
    assert_refused(GOOD, "x\tsku\tstring\tyes\t9\t8\tany\t\td\te",
                   "min_length is more than max_length");
    assert_refused(GOOD, "#", "a layout has 1 to 128 columns");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_handoff_fits_every_layout),
        cmocka_unit_test(test_check_table),
        cmocka_unit_test(test_check_goes_on),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_weight_rounding),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_file_names),
        cmocka_unit_test(test_hostile_values_read_back),
        cmocka_unit_test(test_every_length_reads_back),
        cmocka_unit_test(test_schema),
        cmocka_unit_test(test_schema_of_each_layout_is_json),
        cmocka_unit_test(test_bad_tables),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
