/* The reader's own structure check against libxml2's XSD validation: on random documents, right
 * ones and such that were bent in one place, both say the same by schemas/manifest/manifest.xsd.
 * Nothing outside a document is opened meanwhile. */
#include "source_test.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

#include "reader/shape.h"

struct maker {
    struct xd_buf text;
    const struct xd_shape *shape;
    uint64_t seed;
    int bend; /* elements until the one place that is bent; below 0: none is */
};

static uint64_t
draw(struct maker *m, uint64_t below)
{
    m->seed ^= m->seed << 13;
    m->seed ^= m->seed >> 7;
    m->seed ^= m->seed << 17;
    return (m->seed >> 11) % below;
}

static void
ignore_error(void *ctx, xmlErrorPtr error)
{
    (void)ctx;
    (void)error;
}

/* Something that the schema may or may not allow here. */
static void
put_bent(struct maker *m)
{
    static const char *const BENT[] = {
        "<unknown/>",
        "<x:y xmlns:x=\"urn:x\">free <z/></x:y>",
        "<line xmlns=\"\"/>",
        "text",
        " ",
        "<!-- comment -->",
        "<?instruction?>",
        "<![CDATA[text]]>",
        "<order/>",
        "<parcel/>",
        "<line/>",
        "<line><sku>1</sku></line>",
        "<sku><b/></sku>",
        "<company lang=\"en\">x</company>",
        "<company xml:lang=\"en\">x</company>",
        "<company xsi:schemaLocation=\"a b\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">x</company>",
        "<gtin/>",
        "<status>x</status>",
        "&#32;",
        "&#120;",
    };

    xd_buf_str(&m->text, BENT[draw(m, sizeof(BENT) / sizeof(BENT[0]))]);
}

static void
put_node(struct maker *m, unsigned node, struct xd_slice name)
{
    const struct xd_shape_node *in = &m->shape->nodes[node];

    xd_buf_printf(&m->text, "<%.*s%s>", XD_FMT(name),
                  node == 1 ? " xmlns=\"urn:crossdock:manifest:1\"" : "");
    for (size_t i = 0; i < in->count; i++) {
        const struct xd_shape_entry *entry = &in->entries[i];
        if (m->bend-- == 0) {
            put_bent(m);
        }
        if (entry->kind == XD_SHAPE_VALUE && draw(m, 4) == 0) {
            xd_buf_printf(&m->text, "<%.*s>%s</%.*s>", XD_FMT(entry->key),
                          draw(m, 3) ? "a &amp; b" : "", XD_FMT(entry->key));
        }
        for (uint64_t n = entry->kind == XD_SHAPE_ITEM ? draw(m, 8) > 0 ? 1 + draw(m, 2) : 0 : 0;
             n > 0; n--) {
            put_node(m, entry->node, entry->key);
            if (m->bend-- == 0) {
                put_bent(m);
            }
        }
    }
    xd_buf_printf(&m->text, "</%.*s>%s", XD_FMT(name), draw(m, 2) ? "\n" : "");
}

static bool
schema_accepts(xmlSchemaPtr schema, struct xd_slice text)
{
    xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
    xmlParserInputBufferPtr input =
        xmlParserInputBufferCreateMem(text.ptr, (int)text.len, XML_CHAR_ENCODING_UTF8);
    bool accepted;

    xmlSchemaSetValidStructuredErrors(valid, ignore_error, NULL);
    accepted = xmlSchemaValidateStream(valid, input, XML_CHAR_ENCODING_UTF8, NULL, NULL) == 0;
    xmlSchemaFreeValidCtxt(valid);
    return accepted;
}

/* A value said twice is the one fault that XSD 1.0 cannot see where values may come in any order.
 */
static bool
only_twice(const struct opened *o)
{
    for (size_t i = 0; i < o->findings.count; i++) {
        if (o->findings.list[i].code != XD_F_XML_VALUE_TWICE &&
            o->findings.list[i].code != XD_F_XML_ELEMENT_UNKNOWN) {
            return false;
        }
    }
    return o->findings.totals[XD_F_XML_VALUE_TWICE] > 0;
}

static unsigned opened_outside;

static xmlParserInputPtr
count_outside(const char *url, const char *id, xmlParserCtxtPtr parser)
{
    (void)url;
    (void)id;
    (void)parser;
    opened_outside++;
    return NULL;
}

static xmlSchemaPtr
load_schema(void)
{
    const char *root = getenv("XD_ROOT");
    xmlSchemaParserCtxtPtr loader;
    xmlSchemaPtr schema;
    char path[1024];

    (void)snprintf(path, sizeof(path), "%s/schemas/manifest/manifest.xsd", root ? root : ".");
    loader = xmlSchemaNewParserCtxt(path);
    schema = xmlSchemaParse(loader);
    xmlSchemaFreeParserCtxt(loader);
    assert_non_null(schema);
    return schema;
}

static void
test_same_verdict(void **state)
{
    xmlSchemaPtr schema = load_schema();
    struct opened tables;
    struct xd_shape shape;
    unsigned accepted = 0;
    unsigned refused = 0;

    (void)state;
    opened_init(&tables);
    assert_true(xd_shape_load(&shape, "manifest/shape_manifest.tsv", XD_SHAPE_XML, false,
                              &tables.tables, &tables.arena, &tables.err));
    xmlSetExternalEntityLoader(count_outside);
    for (uint64_t round = 0; round < 3000; round++) {
        struct maker m = {.shape = &shape, .seed = 0x9e3779b97f4a7c15u * (round + 1)};
        struct opened o;
        bool by_schema;
        m.bend = round % 3 ? (int)draw(&m, 60) : -1;
        xd_buf_init(&m.text, 1 << 20);
        put_node(&m, shape.nodes[0].entries[0].node, XD_LIT("manifest"));
        by_schema = schema_accepts(schema, xd_buf_slice(&m.text));
        opened_init(&o);
        open_bytes(&o, "t", xd_buf_slice(&m.text));
        bool by_reader = o.source.documents[0].use == XD_DOCUMENT_READ || only_twice(&o);
        if (by_schema != by_reader) {
            fail_msg("round %llu: the schema %s, the reader found %s in\n%.*s",
                     (unsigned long long)round, by_schema ? "accepts" : "refuses", found(&o),
                     XD_FMT(xd_buf_slice(&m.text)));
        }
        accepted += by_schema;
        refused += !by_schema;
        opened_free(&o);
        xd_buf_free(&m.text);
    }
    assert_true(accepted > 500 && refused > 500);
    assert_int_equal(opened_outside, 0);
    opened_free(&tables);
    xmlSchemaFree(schema);
    xmlSchemaCleanupTypes();
}

static void
test_nothing_outside_is_opened(void **state)
{
    static const char *const TEXTS[] = {
        "<!DOCTYPE m SYSTEM \"file:///etc/passwd\"><m/>",
        "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><m>&x;</m>",
        "<!DOCTYPE m [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/\"> %p;]><m/>",
        "<manifest xmlns=\"urn:crossdock:manifest:1\" "
        "xmlns:i=\"http://www.w3.org/2001/XInclude\"><i:include "
        "href=\"file:///etc/passwd\"/></manifest>",
        "<manifest xmlns=\"urn:crossdock:manifest:1\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
        "xsi:schemaLocation=\"urn:crossdock:manifest:1 file:///etc/passwd\"/>",
    };

    (void)state;
    xmlSetExternalEntityLoader(count_outside);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        struct opened o;
        opened_init(&o);
        open_bytes(&o, "t", xd_slice_str(TEXTS[i]));
        assert_true(o.findings.count > 0);
        opened_free(&o);
    }
    assert_int_equal(opened_outside, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_verdict),
        cmocka_unit_test(test_nothing_outside_is_opened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
