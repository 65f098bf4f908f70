/*
 * The yardstick of an XML manifest: libxml2's SAX2 as it comes, and call-backs that do nothing.
 * sax_bare FILE
 */
#include <libxml/parser.h>

#include <stdio.h>

static void
element_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space,
              int namespaces, const xmlChar **list, int attributes, int defaulted,
              const xmlChar **values)
{
    (void)ctx, (void)name, (void)prefix, (void)space, (void)namespaces, (void)list,
        (void)attributes, (void)defaulted, (void)values;
}

static void
element_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    (void)ctx, (void)name, (void)prefix, (void)space;
}

static void
text(void *ctx, const xmlChar *piece, int len)
{
    (void)ctx, (void)piece, (void)len;
}

int
main(int argc, char **argv)
{
    static xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .characters = text,
        .ignorableWhitespace = text,
        .startElementNs = element_start,
        .endElementNs = element_end,
    };

    if (argc != 2) {
        (void)fprintf(stderr, "usage: sax_bare FILE\n");
        return 64;
    }
    return xmlSAXUserParseFile(&handler, NULL, argv[1]) == 0 ? 0 : 1;
}
