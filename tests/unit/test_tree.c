/* Manifests as trees: XML and JSON give the rows of the CSV, positions point at the value, and what
 * breaks the structure is refused by the code and the byte that its test names. */
#include "source_test.h"

#include <csv.h>

struct csv_rows {
    struct xd_buf dump;
    char names[32][32]; /* of the columns */
    unsigned column;
    bool body;
};

static void
csv_field(void *value, size_t len, void *ctx)
{
    struct csv_rows *rows = ctx;

    if (!rows->body) {
        (void)snprintf(rows->names[rows->column], 32, "%.*s", (int)len, (const char *)value);
    } else if (len) {
        xd_buf_printf(&rows->dump, "%s=%.*s ", rows->names[rows->column], (int)len,
                      (const char *)value);
    }
    rows->column++;
}

static void
csv_row(int c, void *ctx)
{
    struct csv_rows *rows = ctx;

    (void)c;
    if (rows->body) {
        xd_buf_char(&rows->dump, '\n');
    }
    rows->body = true;
    rows->column = 0;
}

/* The sample as libcsv alone understands it: columns stand in the order of the fields there. */
static void
dump_csv(struct csv_rows *rows, const char *path, struct xd_arena *arena)
{
    const char *root = getenv("XD_ROOT");
    struct xd_error err = {0};
    struct csv_parser parser;
    struct xd_slice text;
    char full[1024];

    (void)snprintf(full, sizeof(full), "%s/%s", root ? root : ".", path);
    assert_true(xd_file_read(full, arena, 1 << 20, &text, &err));
    memset(rows, 0, sizeof(*rows));
    xd_buf_init(&rows->dump, 1 << 20);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    assert_int_equal(csv_parse(&parser, text.ptr, text.len, csv_field, csv_row, rows), text.len);
    assert_int_equal(csv_fini(&parser, csv_field, csv_row, rows), 0);
    csv_free(&parser);
    xd_buf_char(&rows->dump, '\0');
}

static void
expect_same_rows(const char *path, const char *rows)
{
    struct opened o;

    opened_init(&o);
    open_file(&o, path);
    assert_string_equal(found(&o), "");
    assert_string_equal(dumped(&o), rows);
    opened_free(&o);
}

/* Every format of the sample says the same, field for field. */
static void
test_samples_agree(void **state)
{
    struct xd_arena arena;
    struct csv_rows csv;

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    dump_csv(&csv, "samples/manifest.csv", &arena);
    expect_same_rows("samples/manifest.xml", csv.dump.ptr);
    expect_same_rows("samples/manifest.json", csv.dump.ptr);
    xd_buf_free(&csv.dump);
    xd_arena_free(&arena);
}

static void
test_dispatch_samples_agree(void **state)
{
    struct opened xml;

    (void)state;
    opened_init(&xml);
    open_file(&xml, "samples/dispatch.xml");
    assert_string_equal(found(&xml), "");
    assert_int_equal(xml.row_count, 11);
    expect_same_rows("samples/dispatch.json", dumped(&xml));
    opened_free(&xml);
}

static void
test_orders_sample(void **state)
{
    struct opened o;

    (void)state;
    opened_init(&o);
    open_file(&o, "samples/orders.json");
    assert_string_equal(found(&o), "");
    assert_int_equal(o.row_count, 11);
    assert_true(xd_slice_eq(o.source.documents[0].dialect, XD_LIT("crossdock-orders")));
    assert_true(
        xd_slice_eq(xd_rows_get(o.rows[0], 3, XD_FIELD_COMPANY, &o.arena), XD_LIT("Hale & Sons")));
    assert_true(
        xd_slice_eq(xd_rows_get(o.rows[0], 3, XD_FIELD_UNIT_PRICE, &o.arena), XD_LIT("79.90")));
    opened_free(&o);
}

struct tree_case {
    const char *text;
    const char *found;
    const char *rows;
};

static void
run_cases(const struct tree_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct opened o;
        opened_init(&o);
        open_bytes(&o, "t", xd_slice_str(cases[i].text));
        if (!o.readable || strcmp(found(&o), cases[i].found) != 0 ||
            strcmp(dumped(&o), cases[i].rows) != 0) {
            fail_msg("case %zu, %s\nfound %s (%.*s)\nexpected %s\nrows %s", i, cases[i].text,
                     found(&o), XD_FMT(o.findings.count ? o.findings.list[0].detail : XD_NONE),
                     cases[i].found, dumped(&o));
        }
        opened_free(&o);
    }
}

#define OPEN   "<manifest xmlns=\"urn:crossdock:manifest:1\">"
#define CLOSE  "</manifest>"
#define PARCEL "<order><order_id>A</order_id><parcel><parcel_code>P</parcel_code></parcel></order>"
#define ROW    "order_id=A parcel_code=P \n"

static void
test_xml_structure(void **state)
{
    static const struct tree_case CASES[] = {
        {OPEN PARCEL CLOSE, "", ROW},
        {"<m:manifest "
         "xmlns:m=\"urn:crossdock:manifest:1\"><m:order><m:parcel><m:parcel_code>P</m:parcel_code>"
         "</m:parcel></m:order></m:manifest>",
         "", "parcel_code=P \n"},
        /* values of outer elements hold for each line, an inner one wins and then is gone */
        {OPEN "<carrier>x</carrier><currency>EUR</currency><order><currency>USD</"
              "currency><parcel><carrier>y</carrier>"
              "<line><sku>1</sku><currency>JPY</currency></line><line><sku>2</sku></line></"
              "parcel></order><order>"
              "<parcel><line><sku>3</sku></line></parcel></order>" CLOSE,
         "",
         "sku=1 currency=JPY carrier=y \nsku=2 currency=USD carrier=y \nsku=3 currency=EUR "
         "carrier=x \n"},
        /* a field that is said late has a column from then on, and is empty in the rows before */
        {OPEN "<order><parcel><line><sku>1</sku></line><line><sku>2</sku><gtin>G</gtin></line>"
              "<line><sku>3</sku><quantity>4</quantity></line><line><sku>5</sku></line></parcel>"
              "</order>" CLOSE,
         "", "sku=1 \nsku=2 gtin=G \nsku=3 quantity=4 \nsku=5 \n"},
        /* text in pieces: entities, character references, CDATA, comments, line ends, trimmed
           blanks */
        {OPEN "<order><order_id> \n a&amp;b&#x20AC;<![CDATA[<c>]]><!-- no -->d\r\ne "
              "\n</order_id><parcel/></order>" CLOSE,
         "", "order_id=a&b\xe2\x82\xac<c>d\ne \n"},
        {OPEN "<order><order_id></order_id><address1/><parcel/></order>" CLOSE, "", "\n"},
        {OPEN "<order><x:note "
              "xmlns:x=\"urn:x\"><order_id>no</order_id></x:note><order_id>A</order_id><parcel>"
              "<parcel_code>P</parcel_code></parcel></order>" CLOSE,
         "xml-element-unknown@50", ROW},
        {OPEN "<order><order_id>A&amp;BC</order_id><recipient_name>&amp;</recipient_name><parcel/>"
              "</order>" CLOSE,
         "", "order_id=A&BC recipient_name=& \n"},
        {OPEN "<order><ordre_id>A</ordre_id><parcel/></order>" CLOSE, "xml-invalid@50", ""},
        {OPEN "<order><order_id>A</order_id><order_id>B</order_id><parcel/></order>" CLOSE,
         "xml-value-twice@72", ""},
        {OPEN "<order><parcel/><order_id>A</order_id></order>" CLOSE, "xml-invalid@59", ""},
        {OPEN "<order><order_id>A<b/></order_id><parcel/></order>" CLOSE, "xml-invalid@61", ""},
        {OPEN "<order>text<parcel/></order>" CLOSE, "xml-invalid@50", ""},
        {OPEN "<order id=\"1\"><parcel/></order>" CLOSE, "xml-invalid@43", ""},
        {OPEN "<order><order_id>A</order_id></order>" CLOSE, "xml-invalid@72", ""},
        {OPEN CLOSE, "xml-invalid@43", ""},
        {"<manifest>" PARCEL CLOSE, "xml-invalid@0", ""},
        {"<manifest xmlns=\"urn:other\">" PARCEL CLOSE, "xml-invalid@0", ""},
        {OPEN "<order xmlns=\"\"><parcel/></order>" CLOSE, "xml-invalid@43 xml-invalid@76", ""},
        {OPEN "<order xmlns:a=\"urn:a\" xmlns:a=\"urn:b\"><parcel/></order>" CLOSE,
         "xml-malformed@81", ""},
        {OPEN "<x:order><parcel/></x:order>" CLOSE, "xml-malformed@51", ""},
        {"<invoice/>", "xml-invalid@0", ""},
        {"<manifest xmlns=\"urn:crossdock:manifest:1\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "xsi:schemaLocation=\"urn:crossdock:manifest:1 http://127.0.0.1:9/x.xsd\">" PARCEL CLOSE,
         "", ROW},
        {"<?xml-stylesheet href=\"http://127.0.0.1:9/x.xsl\"?>" OPEN PARCEL CLOSE, "", ROW},
        {OPEN "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" "
              "href=\"file:///etc/passwd\"/>" PARCEL CLOSE,
         "xml-element-unknown@43", ROW},
    };

    (void)state;
    run_cases(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

static void
test_xml_refused(void **state)
{
    static const struct tree_case CASES[] = {
        {"<!DOCTYPE manifest [<!ENTITY a \"b\">]>" OPEN PARCEL CLOSE, "xml-doctype@0", ""},
        {"<!DOCTYPE manifest SYSTEM \"file:///etc/passwd\">" OPEN PARCEL CLOSE, "xml-doctype@0",
         ""},
        {"<?xml version=\"1.0\"?>\n<!DOCTYPE manifest [<!ENTITY % p SYSTEM "
         "\"http://127.0.0.1:9/\"> %p;]>" OPEN PARCEL CLOSE,
         "xml-doctype@22", ""},
        {OPEN "<order><order_id>&xxe;</order_id></order>" CLOSE, "xml-malformed@65", ""},
        {"<?xml version=\"1.0\" encoding=\"UTF-7\"?>" OPEN PARCEL CLOSE, "xml-encoding@30", ""},
        {"<?xml version=\"1.0\" encoding=\"UTF-16\"?>" OPEN PARCEL CLOSE, "xml-encoding@30", ""},
        {" <?xml version=\"1.0\"?>" OPEN PARCEL CLOSE, "xml-malformed@6", ""},
        {OPEN PARCEL CLOSE "<second/>", "xml-malformed@136", ""},
        {OPEN PARCEL CLOSE "junk", "xml-malformed@136", ""},
        {OPEN "<order><order_id>A</order_id><parcel>", "xml-malformed@80", ""},
        {OPEN "<order><order_id>A</parcel>", "xml-malformed@70", ""},
        {OPEN "<order a=\"1\" a=\"2\"/>" CLOSE, "xml-malformed@61", ""},
    };

    (void)state;
    run_cases(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

/* A value's offset is the byte of its first character, in the line or in an outer element. */
static void
test_xml_positions(void **state)
{
    const char *text =
        OPEN "<order>\n <order_id>  "
             "A\xc3\xab</order_id><parcel><line><sku>S</sku></line></parcel></order>" CLOSE;
    const struct xd_rows *rows;
    struct opened o;

    (void)state;
    opened_init(&o);
    open_bytes(&o, "t", xd_slice_str(text));
    rows = o.rows[0];
    assert_int_equal(xd_rows_value_offset(rows, 0, rows->columns->of_field[XD_FIELD_ORDER_ID]),
                     strstr(text, "A\xc3") - text);
    assert_int_equal(xd_rows_value_offset(rows, 0, rows->columns->of_field[XD_FIELD_SKU]),
                     strstr(text, "S<") - text);
    assert_int_equal(xd_rows_offset(rows, 0), strstr(text, "<line>") - text);
    opened_free(&o);
}

/* Text made of the same bytes many times, between two others. */
static struct xd_slice
stretched(struct xd_arena *arena, const char *before, const char *unit, size_t times,
          const char *behind)
{
    struct xd_buf buf;
    struct xd_slice kept;

    xd_buf_init(&buf, 256 << 20);
    xd_buf_str(&buf, before);
    for (size_t i = 0; i < times; i++) {
        xd_buf_str(&buf, unit);
    }
    xd_buf_str(&buf, behind);
    kept = xd_arena_copy(arena, xd_buf_slice(&buf));
    xd_buf_free(&buf);
    return kept;
}

static void
expect_stretched(const char *before, const char *unit, size_t times, const char *behind,
                 const char *finding)
{
    struct opened o;

    opened_init(&o);
    open_bytes(&o, "t", stretched(&o.arena, before, unit, times, behind));
    if (!xd_slice_starts(xd_slice_str(found(&o)), xd_slice_str(finding)) ||
        (*finding == '\0' && o.findings.count)) {
        fail_msg("%s x %zu: found %s (%.*s)", unit, times, found(&o),
                 XD_FMT(o.findings.count ? o.findings.list[0].detail : XD_NONE));
    }
    opened_free(&o);
}

static void
test_xml_limits(void **state)
{
    const char *foreign = OPEN "<x:a xmlns:x=\"urn:x\">";
    const char *end = "</x:a>" PARCEL CLOSE;
    char depth[2000] = "";

    (void)state;
    /* depth 64: manifest and x:a are two of them */
    for (unsigned levels = 61; levels <= 63; levels++) {
        depth[0] = '\0';
        for (unsigned i = 0; i < levels; i++) {
            memcpy(depth + i * 4, "</b>", 5);
        }
        (void)strncat(depth, end, sizeof(depth) - strlen(depth) - 1);
        expect_stretched(foreign, "<b>", levels, depth,
                         levels <= 62 ? "xml-element-unknown"
                                      : "xml-element-unknown@43 xml-limit@250");
    }
    expect_stretched(foreign, "<b>", 300000, "", "xml-element-unknown@43 xml-limit@250");
    /* one run of text: 1 MiB */
    expect_stretched(OPEN "<order><order_id>A</order_id><address1>", "x", 1048575,
                     "</address1><parcel/></order>" CLOSE, "");
    expect_stretched(OPEN "<order><order_id>A</order_id><address1>", "x", 1048576,
                     "</address1><parcel/></order>" CLOSE, "");
    expect_stretched(OPEN "<order><order_id>A</order_id><address1>", "x", 1048577,
                     "</address1><parcel/></order>" CLOSE, "xml-limit@");
    expect_stretched(OPEN "<order><order_id>A</order_id><address1>", "\r\n", 1 << 20,
                     "</address1><parcel/></order>" CLOSE, "");
    expect_stretched(OPEN, "<!-- x -->", 300000, PARCEL CLOSE, "");
    expect_stretched(OPEN "<!--", "x", 11 << 20, "-->" PARCEL CLOSE, "xml-limit");
    expect_stretched(OPEN "<order><order_id><![CDATA[", "x", 11 << 20,
                     "]]></order_id></order>" CLOSE, "xml-");
    expect_stretched(OPEN "<?p ", "x", 11 << 20, "?>" PARCEL CLOSE, "xml-limit");
    expect_stretched(OPEN "<", "n", 60000, "/>" CLOSE, "xml-");
    expect_stretched(OPEN "<order a=\"", "x", 11 << 20, "\"/>" CLOSE, "xml-limit@43");
    expect_stretched(OPEN "<order a=\"", "></", 30000, "\"/>" CLOSE, "xml-malformed");
    expect_stretched(OPEN "<order b=\">\" a=\"", ">", 100000, "\"/>" CLOSE, "xml-limit@43");
}

/* A tag of many attributes costs libxml2 the square of their number: it never sees one. */
static void
test_xml_attributes(void **state)
{
    static const unsigned COUNTS[] = {62, 63, 64, 20000, 50000, 200000};

    (void)state;
    for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++) {
        struct xd_buf buf;
        struct opened o;
        opened_init(&o);
        xd_buf_init(&buf, 64 << 20);
        xd_buf_str(&buf, OPEN "<x:a xmlns:x=\"urn:x\"");
        for (unsigned j = 0; j < COUNTS[i]; j++) {
            xd_buf_printf(&buf, " a%u=\"\"", j);
        }
        xd_buf_str(&buf, "/>" PARCEL CLOSE);
        open_bytes(&o, "t", xd_buf_slice(&buf));
        assert_string_equal(found(&o), COUNTS[i] <= 63 ? "xml-element-unknown@43" : "xml-limit@43");
        xd_buf_free(&buf);
        opened_free(&o);
    }
}

/* One tag of 64 KiB is taken, one byte more is not. */
static void
test_xml_tag_bytes(void **state)
{
    (void)state;
    for (size_t len = 65535; len <= 65537; len++) {
        /* <x:a xmlns:x="urn:x" b="..."/> */
        expect_stretched(OPEN "<x:a xmlns:x=\"urn:x\" b=\"", "x", len - 27, "\"/>" PARCEL CLOSE,
                         len <= 65536 ? "xml-element-unknown@43" : "xml-limit@43");
    }
}

static void
test_dispatch(void **state)
{
    static const struct tree_case CASES[] = {
        /* values behind the items they belong to, any case of letters, both spellings of the id */
        {"<UpdateOrderDispatchRequest "
         "xmlns=\"urn:any\"><Parcels><Parcel><Products><Product><ProductCode>S</ProductCode>"
         "<DeliveryQuantity>2</DeliveryQuantity></Product></Products><ParcelCode>P</"
         "ParcelCode><Weight>500</Weight>"
         "<Length>12.5</Length></Parcel></Parcels><TrackingDetails><TrackingNumber>T</"
         "TrackingNumber></TrackingDetails>"
         "<merchantorderID>M</merchantorderID><IsCompleted>false</IsCompleted></"
         "UpdateOrderDispatchRequest>",
         "",
         "merchant_order_id=M parcel_code=P tracking_number=T sku=S quantity=2 weight_g=500 "
         "length_mm=125 is_completed=0 \n"},
        {"{\"Parcels\":[{\"Products\":[{\"ProductCode\":\"S\",\"DeliveryQuantity\":2}],"
         "\"ParcelCode\":\"P\",\"Weight\":500,"
         "\"Length\":12.5}],\"TrackingDetails\":{\"TrackingNumber\":\"T\"},\"merchantorderID\":"
         "\"M\",\"IsCompleted\":false}",
         "",
         "merchant_order_id=M parcel_code=P tracking_number=T sku=S quantity=2 weight_g=500 "
         "length_mm=125 is_completed=0 \n"},
        /* the parcel's own tracking number wins */
        {"{\"OrderId\":\"A\",\"TrackingDetails\":{\"TrackingNumber\":\"T\"},\"Parcels\":[{"
         "\"ParcelCode\":\"P\","
         "\"TrackingDetails\":{\"TrackingNumber\":\"U\"}},{\"ParcelCode\":\"Q\","
         "\"TrackingDetails\":null}]}",
         "",
         "order_id=A parcel_code=P tracking_number=U \norder_id=A parcel_code=Q tracking_number=T "
         "\n"},
        /* exceptions: a back-order is a line, what will not come is told */
        {"{\"OrderId\":\"A\",\"Exceptions\":[{\"ProductCode\":\"S\",\"Quantity\":1,"
         "\"ExceptionType\":2,"
         "\"ExpectedFulfilmentDate\":\"2026-12-01\"},{\"ProductCode\":\"T\",\"ExceptionType\":1}]}",
         "line-withdrawn@118",
         "order_id=A sku=S quantity=1 is_backorder=1 backorder_date=2026-12-01 \n"},
        {"[{\"OrderId\":\"A\",\"New\":1,\"Parcels\":[]},{\"OrderId\":\"B\",\"New\":2}]",
         "xml-element-unknown@17", "order_id=A \norder_id=B \n"},
        {"{\"OrderId\":\"A\",\"ORDERID\":\"B\"}", "xml-value-twice@16", ""},
        {"<UpdateOrderDispatchRequest><New/><OrderId>A</OrderId></UpdateOrderDispatchRequest>",
         "xml-element-unknown@28", "order_id=A \n"},
    };

    (void)state;
    run_cases(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

static void
test_json(void **state)
{
    static const struct tree_case CASES[] = {
        {"{\"orders\":[{\"order_id\":\"A\",\"parcels\":[{\"parcel_code\":\"P\"}]}]}", "", ROW},
        /* outer values behind the list count for it; a number stays as written */
        {"{\"orders\":[{\"parcels\":[{\"lines\":[{\"unit_price\":18.50,\"quantity\":1e3}]}]}],"
         "\"manifest_id\":\"M\"}",
         "", "manifest_id=M quantity=1e3 unit_price=18.50 \n"},
        {"[{\"order_id\":\"A\",\"parcels\":[{\"parcel_code\":\"P\"}]}]", "", ROW},
        {"{\"orders\":[{\"order_id\":\"a\\u20acb\\n\",\"is_completed\":true,\"parcels\":[{\"parcel_"
         "code\":null}]}]}",
         "",
         "order_id=a\xe2\x82\xac"
         "b is_completed=1 \n"},
        {"{\"orders\":[{\"order_id\":\"A\",\"order_id\":\"B\",\"parcels\":[{}]}]}",
         "json-malformed@37", ""},
        {"{\"manifest_id\":1,\"manifest_id\":2,\"orders\":[{\"parcels\":[{}]}]}",
         "xml-value-twice@18", ""},
        {"{\"orders\":[{\"order_id\":{},\"parcels\":[{}]}]}", "json-invalid@23", ""},
        {"{\"orders\":[{\"order_id\":\"A\",\"parcels\":{}}]}", "json-invalid@37", ""},
        {"{\"orders\":[{\"order_id\":\"A\",\"parcels\":[1]}]}", "json-invalid@38", ""},
        {"{\"orders\":[3],\"x\":{\"parcels\":1}}", "xml-element-unknown@15 json-invalid@11", ""},
        {"{\"orders\":[{\"parcels\":[{\"x\":01}]}]}", "json-malformed@29", ""},
        {"{\"orders\":[{\"parcels\":[{}]}]", "json-malformed@28", ""},
        {"{\"orders\":[{\"parcels\":[{}]}]}x", "json-malformed@29", ""},
        {"{\"orders\":[{\"parcels\":[{}]},]}", "json-malformed@28", ""},
        {"{\"manifest_id\":\"M\",\"parcels\":[]}", "xml-element-unknown@20 json-invalid@0", ""},
        {"{\"orders\":[{\"order_id\":\"\\u0000\",\"parcels\":[{}]}]}", "json-malformed@31", ""},
        {"{\"orders\":[{\"order_id\":\"A\nB\",\"parcels\":[{}]}]}", "json-malformed@25", ""},
        {"[1e999]", "json-malformed@6", ""},
        {"[]", "", ""},
        {"\xef\xbb\xbf{\"orders\":[{\"order_id\":\"A\",\"parcels\":[{\"parcel_code\":\"P\"}]}]}",
         "input-bom@0", ROW},
    };

    (void)state;
    run_cases(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

static void
test_json_limits(void **state)
{
    (void)state;
    for (size_t depth = 62; depth <= 64; depth++) {
        char end[400];
        memset(end, ']', depth);
        (void)snprintf(end + depth, sizeof(end) - depth, "}");
        expect_stretched("{\"x\":", "[", depth, end,
                         depth <= 63 ? "xml-element-unknown@2 json-invalid@0" : "json-limit@68");
    }
    expect_stretched("", "[", 1000000, "", "json-limit@64");
    expect_stretched("[{\"order_id\":\"", "x", 16777216 - 16, "\"}]", "");
    expect_stretched("[{\"order_id\":\"", "x", 16777216 - 15, "\"}]", "");
    expect_stretched("[{\"order_id\":\"", "x", 16777216 - 14, "\"}]", "json-limit@1");
}

static void
test_rows_limit(void **state)
{
    (void)state;
    for (unsigned rows = 9; rows <= 11; rows++) {
        struct opened o;
        opened_init(&o);
        assert_true(xd_limits_set(&o.limits, "rows=10", &o.err));
        open_bytes(&o, "t", stretched(&o.arena, OPEN, PARCEL, rows, CLOSE));
        assert_int_equal(o.findings.count, rows > 10);
        assert_true(rows > 10 || o.row_count == rows);
        opened_free(&o);
    }
}

/* What opens like JSON without being it is no manifest, so that it may lie beside one. */
static void
test_what_json_starts_with(void **state)
{
    static const struct {
        struct xd_slice head;
        bool json;
    } CASES[] = {
        {{" {\n \"orders\"", 12}, true},
        {{"{}", 2}, true},
        {{"{", 1}, true},
        {{"[ {", 3}, true},
        {{"[]", 2}, true},
        {{"[1,2]", 5}, true},
        {{"[null]", 6}, true},
        {{"[.ShellClassInfo]\r\n", 19}, false},
        {{"[Settings]\n", 11}, false},
        {{"[note]\n", 7}, false},
        {{"{\\rtf1\\ansi", 11}, false},
        {{"{\0", 2}, false},
        {{"[\0", 2}, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const char *reason = "";
        const struct xd_reader *reader = xd_reader_choose(CASES[i].head, &reason);
        bool json = reader && strcmp(reader->name, "json") == 0;
        if (json != CASES[i].json) {
            fail_msg("%.*s: %s", XD_FMT(CASES[i].head), json ? "JSON" : "not JSON");
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_agree), cmocka_unit_test(test_dispatch_samples_agree),
        cmocka_unit_test(test_orders_sample), cmocka_unit_test(test_xml_structure),
        cmocka_unit_test(test_xml_refused),   cmocka_unit_test(test_xml_positions),
        cmocka_unit_test(test_xml_limits),    cmocka_unit_test(test_xml_attributes),
        cmocka_unit_test(test_xml_tag_bytes), cmocka_unit_test(test_dispatch),
        cmocka_unit_test(test_json),          cmocka_unit_test(test_json_limits),
        cmocka_unit_test(test_rows_limit),    cmocka_unit_test(test_what_json_starts_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
