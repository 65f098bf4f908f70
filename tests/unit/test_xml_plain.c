/*
 * Plain stretches of XML are read without the parser, and must never be told from what it reads:
 * the same documents, sound and spoilt, go both ways and give the same rows, the same places and
 * the same findings.
 */
#include "source_test.h"

#include "reader/xml_plain.h"

#define SPOILT  20000
#define LONGEST 16384

static uint64_t g_seed = 20261129;

static uint32_t
pick(uint32_t below)
{
    g_seed = g_seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(g_seed >> 33) % below;
}

/* What stands in the way of a quick reader: of the syntax, of the shape, of the characters. */
static const char *const PIECES[] = {
    "<",
    ">",
    "&",
    "/",
    ";",
    "]",
    "]]>",
    "]]",
    "&amp;",
    "&lt;",
    "&gt;&quot;&apos;",
    "&#65;",
    "&#xe9;",
    "&unknown;",
    "&amp",
    "<!--x-->",
    "<!-- \xc3\xa9 -->",
    "<?p i?>",
    "<![CDATA[y]]>",
    "<![CDATA[<z>]]>",
    "</order>",
    "<order>",
    "</line>",
    "<line>",
    "<line/>",
    "<parcel/>",
    "</parcel>",
    "<sku/>",
    "<sku />",
    "<sku></sku>",
    "<sku>A&amp;B</sku>",
    "<sku>&lt;</sku>",
    "<sku>A&#66;C</sku>",
    "<sku>  </sku>",
    "<sku >S</sku>",
    "<sku>S</sku >",
    "<sku\n>S</sku>",
    "<sku a=\"1\">S</sku>",
    "<SKU>S</SKU>",
    "<x:sku>S</x:sku>",
    "<sku xmlns=\"urn:x\">S</sku>",
    "<note xmlns=\"urn:x\">n<b>n</b></note>",
    "<description>caf\xc3\xa9 \xe2\x82\xac</description>",
    "<description>\xef\xbf\xbd</description>",
    "<description>\xef\xbf\xbe</description>",
    "<description>\xef\xbf\xbf</description>",
    "<description>one\ntwo</description>",
    "<description>one\r\ntwo</description>",
    "<description>one\rtwo</description>",
    "<description>one\ttwo]three</description>",
    "<description> \xc3\xa9 </description>",
    "<CartItemId>1</CartItemId>",
    "<CartItemId/>",
    "<Height>1.5</Height>",
    "<ExceptionType>1</ExceptionType>",
    "<TrackingDetails><TrackingNumber>T</TrackingNumber></TrackingDetails>",
    "<Products/>",
    "\r\n",
    "\r",
    "\n",
    "\t",
    " ",
    "\xc3\xa9",
    "\xef\xbf\xbe",
    "text",
    "<a_name_that_is_longer_than_what_is_compared_at_once>x</"
    "a_name_that_is_longer_than_what_is_compared_at_once>",
};

/* What may stand in a value. */
static const char *const TEXTS[] = {
    "&amp;",
    "&lt;&gt;",
    "&quot;x&apos;",
    "&#65;",
    "&#xe9;",
    "<!--x-->",
    "<?p i?>",
    "]",
    "] ]>",
    "<![CDATA[y]]>",
    "\xc3\xa9",
    "\xe2\x82\xac",
    "\xef\xbf\xbd",
    "\n",
    "\r\n",
    "\t",
    " \xc3\xa9 x\r",
    "/>",
    "&#10;",
    "&#x3b;",
    "&amp;amp;",
    "<![CDATA[]]>",
    "\xf0\x9f\x93\xa6",
};

static void
splice(struct xd_buf *to, struct xd_slice text, size_t at, size_t gone, struct xd_slice with)
{
    to->len = 0;
    xd_buf_put(to, xd_slice_sub(text, 0, at));
    xd_buf_put(to, with);
    xd_buf_put(to, xd_slice_sub(text, at + gone, SIZE_MAX));
}

/* A place in the text, mostly beside a tag. */
static size_t
place_in(struct xd_slice text)
{
    size_t at = pick((uint32_t)text.len);
    const char *tag = pick(4) ? memchr(text.ptr + at, pick(2) ? '<' : '>', text.len - at) : NULL;

    return tag ? (size_t)(tag - text.ptr) + pick(2) : at;
}

/* A place in a value: at its start or its end. */
static size_t
place_in_value(struct xd_slice text)
{
    size_t at = pick((uint32_t)text.len);
    const char *end = memmem(text.ptr + at, text.len - at, "</", 2);

    if (!end || end == text.ptr || end[-1] == '>') {
        return at;
    }
    if (pick(2)) {
        const char *start = memrchr(text.ptr, '>', (size_t)(end - text.ptr));
        end = start ? start + 1 : end;
    }
    return (size_t)(end - text.ptr);
}

/* One change: a piece put in or in place of bytes, a stretch taken out or said twice, a byte
 * changed. */
static void
spoil(struct xd_buf *to, struct xd_slice text)
{
    size_t at = place_in(text);
    size_t other = place_in(text);
    size_t len = other > at ? other - at : pick(30);

    switch (pick(8)) {
    case 0:
        splice(to, text, at, len, XD_NONE);
        break;
    case 1:
        splice(to, text, at, 0, xd_slice_sub(text, at, len));
        break;
    case 2: {
        char byte = (char)(32 + pick(95));
        splice(to, text, at, 1, xd_slice_of(&byte, 1));
        break;
    }
    case 3:
    case 4:
        splice(to, text, at, pick(4) ? 0 : pick(12),
               xd_slice_str(PIECES[pick(sizeof(PIECES) / sizeof(PIECES[0]))]));
        break;
    default:
        splice(to, text, place_in_value(text), 0,
               xd_slice_str(TEXTS[pick(sizeof(TEXTS) / sizeof(TEXTS[0]))]));
    }
}

/* All that a document came to, as text. */
static void
tell(struct opened *o, const struct xd_reading *reading)
{
    xd_buf_printf(&o->dump, "refused %d, status %d\n", reading->refused, o->err.status);
    for (size_t i = 0; i < o->findings.count; i++) {
        const struct xd_finding *f = &o->findings.list[i];
        xd_buf_printf(&o->dump, "%d at %llu \"%.*s\" (%.*s)\n", f->code,
                      (unsigned long long)f->offset, XD_FMT(f->value), XD_FMT(f->detail));
    }
}

static bool
tell_rows(void *taker, struct xd_rows *rows)
{
    struct opened *o = taker;

    for (uint32_t row = 0; row < rows->count; row++) {
        xd_buf_printf(&o->dump, "@%llu", (unsigned long long)xd_rows_offset(rows, row));
        for (unsigned field = 0; field < XD_FIELD_COUNT; field++) {
            uint8_t column = rows->columns->of_field[field];
            struct xd_slice value = xd_rows_get(rows, row, (enum xd_field)field, &o->arena);
            if (column != XD_FIELD_NONE) {
                xd_buf_printf(&o->dump, " %u@%llu=%.*s", field,
                              (unsigned long long)xd_rows_value_offset(rows, row, column),
                              XD_FMT(value));
            }
        }
        xd_buf_char(&o->dump, '\n');
    }
    o->row_count += rows->count;
    return true;
}

struct limit_set {
    enum xd_limit limit;
    uint64_t value;
};

static void
read_one(struct opened *o, struct xd_slice text, bool plain, const struct limit_set *set)
{
    struct xd_document document = {.text = text};
    struct xd_reading reading = {.document = &document,
                                 .limits = &o->limits,
                                 .tables = &o->tables,
                                 .findings = &o->findings,
                                 .arena = &o->arena,
                                 .err = &o->err,
                                 .take = tell_rows,
                                 .taker = o};

    opened_init(o);
    if (set) {
        o->limits.of[set->limit].value = set->value;
    }
    (void)xd_xml_read(&reading, plain);
    tell(o, &reading);
}

/* Reads the text both ways; how many rows it has. */
static uint32_t
expect_same(struct xd_slice text, const struct limit_set *set)
{
    struct opened parsed;
    struct opened plain;
    uint32_t rows;

    read_one(&parsed, text, false, set);
    read_one(&plain, text, true, set);
    if (!xd_slice_eq(xd_buf_slice(&parsed.dump), xd_buf_slice(&plain.dump))) {
        fail_msg("%.*s\nparser:\n%.*s\nplain:\n%.*s", XD_FMT(text),
                 XD_FMT(xd_buf_slice(&parsed.dump)), XD_FMT(xd_buf_slice(&plain.dump)));
    }
    rows = plain.row_count;
    opened_free(&parsed);
    opened_free(&plain);
    return rows;
}

/* A file of the project, some of its line ends as another system writes them. */
static void
read_sample(struct xd_buf *text, const char *path, const char *line_end)
{
    const char *root = getenv("XD_ROOT");
    struct xd_error err = {0};
    struct xd_arena arena;
    struct xd_slice line;
    struct xd_slice rest;
    char full[1024];

    (void)snprintf(full, sizeof(full), "%s/%s", root ? root : ".", path);
    xd_arena_init(&arena, 1 << 16, 0);
    assert_true(xd_file_read(full, &arena, 1 << 20, &rest, &err));
    xd_buf_init(text, 1 << 20);
    while (xd_slice_next(&rest, '\n', &line)) {
        xd_buf_put(text, line);
        xd_buf_put(text, xd_slice_str(line_end));
    }
    xd_buf_char(text, '\0'); /* as behind every document */
    text->len--;
    xd_arena_free(&arena);
}

static const char *const SAMPLES[] = {"samples/manifest.xml", "samples/dispatch.xml"};
static const char *const LINE_ENDS[] = {"\n", "\r\n", "", "\n\t"};

static void
test_spoilt_documents(void **state)
{
    unsigned sound = 0;

    (void)state;
    for (unsigned i = 0; i < SPOILT; i++) {
        struct xd_buf text[2];
        unsigned now = 0;
        read_sample(&text[0], SAMPLES[pick(2)], LINE_ENDS[pick(4)]);
        xd_buf_init(&text[1], LONGEST * 4);
        for (unsigned changes = pick(4); changes; changes--) {
            spoil(&text[!now], xd_buf_slice(&text[now]));
            now = !now;
        }
        xd_buf_char(&text[now], '\0');
        sound +=
            expect_same(xd_slice_sub(xd_buf_slice(&text[now]), 0, text[now].len - 1), NULL) > 0;
        xd_buf_free(&text[0]);
        xd_buf_free(&text[1]);
    }
    assert_in_range(sound, SPOILT / 3, SPOILT);
}

/* Every limit that counts while reading, at every value that a sample can meet. */
static void
test_limits(void **state)
{
    static const struct limit_set UP_TO[] = {
        {XD_LIMIT_XML_TEXT_BYTES, 40}, {XD_LIMIT_XML_DEPTH, 8},      {XD_LIMIT_XML_ELEMENTS, 120},
        {XD_LIMIT_ROWS, 14},           {XD_LIMIT_XML_ATTRIBUTES, 2}, {XD_LIMIT_XML_TAG_BYTES, 60}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct xd_buf text;
        read_sample(&text, SAMPLES[i], "\n");
        for (size_t k = 0; k < sizeof(UP_TO) / sizeof(UP_TO[0]); k++) {
            for (uint64_t value = 1; value <= UP_TO[k].value; value++) {
                (void)expect_same(xd_buf_slice(&text), &(struct limit_set){UP_TO[k].limit, value});
            }
        }
        xd_buf_free(&text);
    }
}

/* The parser says the line where the tag was opened: lines that it did not see count. */
static void
test_lines(void **state)
{
    struct opened o;
    struct xd_buf text;

    (void)state;
    xd_buf_init(&text, 1 << 20);
    xd_buf_printf(&text,
                  "<manifest xmlns=\"" XD_XML_NAMESPACE "\">\n<manifest_id>M</manifest_id>\n");
    for (unsigned i = 0; i < 10; i++) {
        xd_buf_printf(&text, "<order>\n<order_id>a\nb</order_id>\r\n<parcel/></order>\n");
    }
    xd_buf_printf(&text, "<order><order_id>A</order_id></parcel></order></manifest>");
    xd_buf_char(&text, '\0');
    text.len--;
    read_one(&o, xd_buf_slice(&text), true, NULL);
    assert_int_equal(o.findings.count, 1);
    assert_int_equal(o.findings.list[0].code, XD_F_XML_MALFORMED);
    assert_true(xd_slice_starts(o.findings.list[0].detail,
                                XD_LIT("Opening and ending tag mismatch: order line 43 ")));
    opened_free(&o);
    (void)expect_same(xd_buf_slice(&text), NULL);
    xd_buf_free(&text);
}

/* An order of very many lines is more than is looked through at once. */
static void
test_large_order(void **state)
{
    struct xd_buf text;

    (void)state;
    xd_buf_init(&text, 64 << 20);
    xd_buf_printf(&text, "<manifest xmlns=\"" XD_XML_NAMESPACE "\"><manifest_id>M</manifest_id>");
    xd_buf_printf(&text, "<order><order_id>A</order_id><parcel><parcel_code>P</parcel_code>");
    for (unsigned i = 0; i < 30000; i++) {
        xd_buf_printf(&text, "<line><sku>S%u</sku><quantity>1</quantity></line>\n", i);
    }
    xd_buf_printf(&text, "</parcel></order></manifest>");
    xd_buf_char(&text, '\0');
    text.len--;
    assert_int_equal(expect_same(xd_buf_slice(&text), NULL), 30000);
    xd_buf_free(&text);
}

/* The manifest of the samples is plain: no byte of it but its ends needs the parser. */
static void
test_sample_is_plain(void **state)
{
    struct opened o;
    struct xd_buf text;
    struct xd_document document;
    struct xd_xml_plain *stretch;
    struct xd_xml_walk *walk;
    const char *root;
    uint64_t at;

    (void)state;
    opened_init(&o);
    read_sample(&text, "samples/manifest.xml", "\n");
    xd_buf_put(&text,
               xd_slice_of("                                                                ", 64));
    document = (struct xd_document){.text = xd_buf_slice(&text)};
    struct xd_reading reading = {.document = &document,
                                 .limits = &o.limits,
                                 .tables = &o.tables,
                                 .findings = &o.findings,
                                 .arena = &o.arena,
                                 .err = &o.err,
                                 .take = tell_rows,
                                 .taker = &o};
    walk = xd_arena_alloc(&o.arena, sizeof(*walk));
    stretch = xd_arena_alloc(&o.arena, sizeof(*stretch));
    assert_true(xd_xml_walk_start(walk, &reading));
    root = strstr(text.ptr, "<manifest");
    at = (uint64_t)(strchr(root, '>') - text.ptr) + 1;
    xd_xml_walk_open(walk, "manifest", XD_XML_NAMESPACE, at - 1);
    stretch->walk = walk;
    stretch->most_text = stretch->most_levels = stretch->most_elements = 1000;
    at = xd_xml_plain_read(stretch, at);
    assert_true(xd_slice_eq(xd_slice_trim(xd_slice_sub(document.text, at, SIZE_MAX)),
                            XD_LIT("</manifest>")));
    assert_true(stretch->elements > 100);
    assert_true(xd_shaping_finish(&walk->shaping));
    assert_int_equal(o.row_count, 11);
    xd_buf_free(&text);
    opened_free(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample_is_plain),  cmocka_unit_test(test_lines),
        cmocka_unit_test(test_limits),           cmocka_unit_test(test_large_order),
        cmocka_unit_test(test_spoilt_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
