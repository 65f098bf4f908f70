/*
 * XML: the reader against a bare libxml2 SAX2 pass with empty callbacks, and what libxml2's own XSD
 * validation would cost on top. bench_xml ROWS FILE: the orders of FILE, a manifest, repeated until
 * ROWS lines.
 */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/region.h"
#include "reader/reader.h"

static double
now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
ignore_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space,
             int namespaces, const xmlChar **list, int attributes, int defaulted,
             const xmlChar **values)
{
    (void)ctx, (void)name, (void)prefix, (void)space, (void)namespaces, (void)list,
        (void)attributes;
    (void)defaulted, (void)values;
}

static void
ignore_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    (void)ctx, (void)name, (void)prefix, (void)space;
}

static void
ignore_text(void *ctx, const xmlChar *text, int len)
{
    (void)ctx, (void)text, (void)len;
}

static xmlSAXHandler empty = {
    .initialized = XML_SAX2_MAGIC,
    .characters = ignore_text,
    .ignorableWhitespace = ignore_text,
    .startElementNs = ignore_start,
    .endElementNs = ignore_end,
};

static double
bare(struct xd_slice text)
{
    double start = now();

    (void)xmlSAXUserParseMemory(&empty, NULL, text.ptr, (int)text.len);
    return now() - start;
}

static double
with_schema(struct xd_slice text)
{
    xmlSchemaParserCtxtPtr loader = xmlSchemaNewParserCtxt("schemas/manifest/manifest.xsd");
    xmlSchemaPtr schema = xmlSchemaParse(loader);
    xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
    xmlParserInputBufferPtr input =
        xmlParserInputBufferCreateMem(text.ptr, (int)text.len, XML_CHAR_ENCODING_UTF8);
    double start = now();
    int result = xmlSchemaValidateStream(valid, input, XML_CHAR_ENCODING_UTF8, &empty, NULL);
    double took = now() - start;

    if (result != 0) {
        (void)fprintf(stderr, "the schema says %d\n", result);
    }
    xmlSchemaFreeValidCtxt(valid);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(loader);
    return took;
}

static bool
count_rows(void *taker, struct xd_rows *rows)
{
    *(uint64_t *)taker += rows->count;
    return true;
}

static double
reader(struct xd_slice text, uint64_t *rows, size_t *memory)
{
    struct xd_arena arena;
    struct xd_error err = {0};
    struct xd_tables tables = {NULL, &arena};
    struct xd_limits limits;
    struct xd_findings findings;
    struct xd_document document = {.text = text};
    struct xd_reading reading = {.document = &document,
                                 .limits = &limits,
                                 .tables = &tables,
                                 .findings = &findings,
                                 .arena = &arena,
                                 .err = &err,
                                 .take = count_rows,
                                 .taker = rows};
    double start;
    double took;

    xd_arena_init(&arena, 1 << 20, 0);
    xd_findings_init(&findings, &arena, 10);
    if (!xd_limits_load(&limits, &tables, &err)) {
        return 0;
    }
    limits.of[XD_LIMIT_ROWS].value = 100000000;
    start = now();
    (void)xd_reader_find(XD_LIT("xml"))->read(&reading);
    took = now() - start;
    if (findings.count) {
        (void)fprintf(stderr, "the reader refuses: %d\n", (int)findings.list[0].code);
    }
    *memory = arena.total;
    xd_arena_free(&arena);
    return took;
}

static struct xd_slice
repeat(struct xd_region *region, struct xd_slice sample, uint64_t rows)
{
    const char *first = memmem(sample.ptr, sample.len, "<order>", 7);
    const char *last = memmem(sample.ptr, sample.len, "</manifest>", 11);
    size_t head = (size_t)(first - sample.ptr);
    size_t body = (size_t)(last - first);
    uint64_t lines = 0;
    size_t len = head;

    for (const char *at = first; (at = strstr(at, "<line>")) != NULL; at++) {
        lines++;
    }
    if (!xd_region_open(region, head + body * (rows / lines + 1) + 11)) {
        return XD_NONE;
    }
    memcpy(region->ptr, sample.ptr, head);
    for (uint64_t made = 0; made < rows; made += lines) {
        memcpy(region->ptr + len, first, body);
        len += body;
    }
    memcpy(region->ptr + len, "</manifest>", 11);
    return xd_slice_of(region->ptr, len + 11);
}

int
main(int argc, char **argv)
{
    uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    struct xd_error err = {0};
    struct xd_arena arena;
    struct xd_region region = {0};
    struct xd_slice sample;
    struct xd_slice text;

    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_file_read(argc > 2 ? argv[2] : "samples/manifest.xml", &arena, 1 << 20, &sample,
                      &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    text = repeat(&region, sample, wanted);
    for (int round = 0; round < 3; round++) {
        uint64_t rows = 0;
        size_t memory = 0;
        double sax = bare(text);
        double ours = reader(text, &rows, &memory);
        double xsd = with_schema(text);
        (void)printf(
            "%llu rows, %zu MB: SAX2 %.3f s, reader %.3f s = %.2f, rows need %zu MB; SAX2 with XSD "
            "%.3f s = %.2f\n",
            (unsigned long long)rows, text.len / 1000000, sax, ours, ours / sax, memory / 1000000,
            xsd, xsd / sax);
    }
    xd_region_close(&region);
    xd_arena_free(&arena);
    return 0;
}
