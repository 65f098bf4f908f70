/*
 * XML through libxml2's SAX2, the only file that sees it. libxml2 is not made for hostile input, so
 * everything that could cost more than the text's length is refused before or at its event:
 * DOCTYPE, foreign encodings, depth, one huge tag.
 *
 * The parser reads our text where it lies, so a value is usually a slice of the document and its
 * place in memory is its place in the file. Structure is held against the shape tables instead of
 * libxml2's XSD validator, which is several times slower than the parse itself; a test holds both
 * to the same verdict on the published XSD.
 */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <limits.h>
#include <stdio.h>
#include <sysexits.h>

#include "reader/xml_plain.h"
#include "source/source.h"

struct xml {
    struct xd_xml_walk walk;
    xmlParserCtxtPtr parser;
    uint64_t levels; /* elements that are open */
    uint64_t elements;
    uint64_t run; /* bytes of the present run of text */
    struct {
        uint64_t to;      /* in front of this byte no tag is too long */
        const char *last; /* the last `<` in front of it */
        bool found;       /* one is */
        uint64_t at;      /* it starts here */
    } tags;
    bool plain; /* names without a prefix are all of the root's namespace */
    struct xd_xml_plain stretch;
};

/* Byte of the document at which the parser stands. */
static uint64_t
here(const struct xml *x)
{
    const char *cur = (const char *)x->parser->input->cur;

    return cur >= x->walk.text.ptr && cur <= x->walk.text.ptr + x->walk.text.len
               ? (uint64_t)(cur - x->walk.text.ptr)
               : x->walk.text.len;
}

/* Start of the tag that the parser has just read: no `<` can stand inside it. */
static uint64_t
tag_start(const struct xml *x)
{
    uint64_t at = here(x);
    const char *open = memrchr(x->walk.text.ptr, '<', at);

    return open ? (uint64_t)(open - x->walk.text.ptr) : 0;
}

/* Bytes from `<` to the `>` that ends the tag, quotes heeded; more than `most` when it is longer.
 */
static uint64_t
tag_length(struct xd_slice tag, uint64_t most)
{
    char quote = '\0';

    for (uint64_t at = 1; at < tag.len && at < most; at++) {
        char c = tag.ptr[at];
        if (quote) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '>') {
            return at + 1;
        } else if (c == '"' || c == '\'') {
            quote = c;
        }
    }
    return most + 1;
}

/*
 * libxml2 compares each attribute with all others, so a tag must be known to be short before it is
 * parsed. No tag holds a `<`: where every half limit of bytes has one, no tag reaches the limit,
 * and that is nearly free to see. Only where one is missing is the tag in front looked at. Goes on
 * from where it has come up to byte `to` at least.
 */
static void
measure_tags(struct xml *x, uint64_t to)
{
    struct xd_slice text = x->walk.text;
    uint64_t limit = xd_limit(x->walk.reading->limits, XD_LIMIT_XML_TAG_BYTES);
    uint64_t half = limit / 2 + 1;

    for (; x->tags.to < to && x->tags.to + half <= text.len && !x->tags.found; x->tags.to += half) {
        const char *last = x->tags.last;
        const char *open = memrchr(text.ptr + x->tags.to, '<', half);
        uint64_t start = last ? (uint64_t)(last - text.ptr) : 0;
        /* Text, comments and CDATA sections are bounded where they are reported. */
        if (!open && last && last[1] != '!' && last[1] != '?' &&
            tag_length(xd_slice_sub(text, start, SIZE_MAX), limit) > limit) {
            x->tags.found = true;
            x->tags.at = start;
        }
        x->tags.last = open; /* one that was looked at once is not looked at again */
    }
}

/* Sees to it that the tag that the parser comes to next is known to be short. Only outside the root
 * are there blanks that it passes over without a call. */
static void
look_ahead(struct xml *x, uint64_t at)
{
    uint64_t limit = xd_limit(x->walk.reading->limits, XD_LIMIT_XML_TAG_BYTES);

    if (x->levels == 0) {
        at += xd_slice_find(xd_slice_sub(x->walk.text, at, SIZE_MAX), '<');
    }
    measure_tags(x, limit < SIZE_MAX / 4 ? at + 2 * limit : SIZE_MAX);
    x->walk.stopped |= x->tags.found;
}

/* Ends the parse when the walk has ended, or must not come to the next tag. */
static void
heed(struct xml *x)
{
    if (!x->walk.stopped) {
        look_ahead(x, here(x));
    }
    if (x->walk.stopped) {
        xmlStopParser(x->parser);
    }
}

static bool
within_limits(struct xml *x, uint64_t attributes)
{
    const struct xd_limits *limits = x->walk.reading->limits;

    if (attributes > 0 && here(x) + 1 - tag_start(x) > xd_limit(limits, XD_LIMIT_XML_TAG_BYTES)) {
        xd_xml_refuse_limit(&x->walk, tag_start(x), XD_LIMIT_XML_TAG_BYTES);
    } else if (attributes > xd_limit(limits, XD_LIMIT_XML_ATTRIBUTES)) {
        xd_xml_refuse_limit(&x->walk, tag_start(x), XD_LIMIT_XML_ATTRIBUTES);
    } else if (++x->levels > xd_limit(limits, XD_LIMIT_XML_DEPTH)) {
        xd_xml_refuse_limit(&x->walk, tag_start(x), XD_LIMIT_XML_DEPTH);
    } else if (++x->elements > xd_limit(limits, XD_LIMIT_XML_ELEMENTS)) {
        xd_xml_refuse_limit(&x->walk, tag_start(x), XD_LIMIT_XML_ELEMENTS);
    }
    return !x->walk.stopped;
}

/* An element other than the root that declares a namespace changes what names mean. */
static void
heed_namespaces(struct xml *x, const xmlChar *prefix, int declared)
{
    if (x->levels == 1) {
        x->plain = x->plain && !prefix;
    } else if (declared) {
        x->plain = false;
    }
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space,
         int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
         const xmlChar **attributes)
{
    struct xml *x = ctx;
    uint64_t end = here(x);

    (void)namespaces;
    (void)defaulted;
    x->run = 0;
    if (x->walk.stopped) {
        heed(x);
        return;
    }
    if (within_limits(x, (uint64_t)namespace_count + (uint64_t)attribute_count)) {
        heed_namespaces(x, prefix, namespace_count);
        xd_xml_walk_open(&x->walk, (const char *)name, (const char *)space, end);
        for (int i = 0; i < attribute_count; i++) {
            xd_xml_walk_attribute(&x->walk, (const char *)attributes[5 * i],
                                  (const char *)attributes[5 * i + 2], end);
        }
    }
    heed(x);
}

/*
 * Behind an end tag the parser may be moved on to any place between two elements in the same one:
 * it has nothing open that it would miss. What lies between is read without it where it is plain.
 */
static void
skip_plain(struct xml *x)
{
    const struct xd_limits *limits = x->walk.reading->limits;
    struct xd_xml_plain *stretch = &x->stretch;
    uint64_t at = here(x);

    if (!x->plain || x->walk.stopped || x->walk.skipped || x->walk.depth == 0 || at == 0 ||
        x->walk.text.ptr[at - 1] != '>') {
        return;
    }
    stretch->walk = &x->walk;
    stretch->most_text = xd_limit(limits, XD_LIMIT_XML_TEXT_BYTES);
    stretch->most_levels = xd_limit(limits, XD_LIMIT_XML_DEPTH) - x->levels;
    stretch->most_elements = xd_limit(limits, XD_LIMIT_XML_ELEMENTS) - x->elements;
    x->parser->input->cur += xd_xml_plain_read(stretch, at) - at;
    x->parser->input->line += (int)stretch->lines;
    x->elements += stretch->elements;
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    struct xml *x = ctx;

    (void)name;
    (void)prefix;
    (void)space;
    x->run = 0;
    if (x->walk.stopped) {
        heed(x);
        return;
    }
    x->levels--;
    xd_xml_walk_close(&x->walk, here(x));
    skip_plain(x);
    heed(x);
}

static void
on_text(void *ctx, const xmlChar *text, int len)
{
    struct xml *x = ctx;

    if (x->walk.stopped) {
        heed(x);
        return;
    }
    x->run += (uint64_t)len;
    if (x->run > xd_limit(x->walk.reading->limits, XD_LIMIT_XML_TEXT_BYTES)) {
        xd_xml_refuse_limit(&x->walk, here(x), XD_LIMIT_XML_TEXT_BYTES);
    } else {
        xd_xml_walk_text(&x->walk, xd_slice_of((const char *)text, (size_t)len), here(x));
    }
    heed(x);
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct xml *x = ctx;

    (void)external;
    (void)system;
    xd_xml_refuse(&x->walk, XD_F_XML_DOCTYPE, tag_start(x), xd_slice_str((const char *)name),
                  XD_NONE);
    heed(x);
}

/* Nothing outside the document is ever opened. */
static xmlParserInputPtr
on_resolve(void *ctx, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)ctx;
    (void)public_id;
    (void)system_id;
    return NULL;
}

/* Comments and instructions are not read, but they are bounded. */
static void
on_comment(void *ctx, const xmlChar *text)
{
    struct xml *x = ctx;

    if (strlen((const char *)text) > xd_limit(x->walk.reading->limits, XD_LIMIT_XML_TEXT_BYTES)) {
        xd_xml_refuse_limit(&x->walk, here(x), XD_LIMIT_XML_TEXT_BYTES);
    }
    heed(x);
}

static void
on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    on_comment(ctx, data ? data : (const xmlChar *)"");
}

/* The first error is the last that is heard: what libxml2 reports behind it are guesses. The parser
 * must not be stopped from in here; the next event does. */
static void
on_error(void *ctx, xmlErrorPtr error)
{
    struct xml *x = ctx;
    struct xd_slice message = xd_slice_trim(xd_slice_str(error->message));
    bool limit = message.len && (memmem(message.ptr, message.len, "too big", 7) ||
                                 memmem(message.ptr, message.len, "too long", 8));

    if (error->level >= XML_ERR_ERROR && !x->walk.stopped) {
        xd_xml_refuse(&x->walk, limit ? XD_F_XML_LIMIT : XD_F_XML_MALFORMED, here(x), XD_NONE,
                      xd_slice_sub(message, 0, 120));
    }
}

static xmlParserCtxtPtr
new_parser(struct xml *x)
{
    static const xmlSAXHandler HANDLER = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .resolveEntity = on_resolve,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .comment = on_comment,
        .processingInstruction = on_instruction,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .serror = on_error,
    };
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    xmlParserInputPtr input;

    if (!parser) {
        return NULL;
    }
    *parser->sax = HANDLER;
    parser->userData = x;
    /* The text is UTF-8 whatever its declaration says: source/charset.c has seen to it. */
    (void)xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES);
    input = xmlNewInputStream(parser);
    if (!input) {
        xmlFreeParserCtxt(parser);
        return NULL;
    }
    /* As xmlNewStringInputStream does, without looking for the zero byte that ends it. */
    input->base = (const xmlChar *)x->walk.text.ptr;
    input->cur = input->base;
    input->end = input->base + x->walk.text.len;
    (void)inputPush(parser, input);
    return parser;
}

static bool
parse(struct xml *x)
{
    x->parser = new_parser(x);
    if (!x->parser) {
        return xd_error_set(x->walk.reading->err, EX_OSERR, "not enough memory to parse XML");
    }
    (void)xmlParseDocument(x->parser);
    if (!x->walk.stopped && !x->parser->wellFormed) {
        xd_xml_refuse(&x->walk, XD_F_XML_MALFORMED, here(x), XD_NONE, XD_NONE);
    }
    xmlFreeDoc(x->parser->myDoc);
    x->parser->myDoc = NULL;
    xmlFreeParserCtxt(x->parser);
    x->parser = NULL;
    return x->walk.reading->err->status == 0;
}

/* Byte behind the XML declaration, of which the parser says nothing. */
static uint64_t
declaration_end(struct xd_slice text)
{
    const char *end =
        xd_slice_starts(text, XD_LIT("<?xml")) ? memmem(text.ptr, text.len, "?>", 2) : NULL;

    return end ? (uint64_t)(end - text.ptr) + 2 : 0;
}

/* A tag that is too long refuses the document before anything in it counts. */
static void
refuse_tag(struct xml *x)
{
    struct xd_reading *reading = x->walk.reading;

    if (reading->forget) {
        reading->forget(reading->taker);
    }
    x->walk.stopped = false;
    xd_xml_refuse_limit(&x->walk, x->tags.at, XD_LIMIT_XML_TAG_BYTES);
}

bool
xd_xml_read(struct xd_reading *reading, bool plain)
{
    struct xml *x = xd_arena_alloc(reading->arena, sizeof(*x));
    const struct xd_document *document = reading->document;

    if (!x) {
        return xd_error_set(reading->err, EX_OSERR, "not enough memory to read XML");
    }
    x->plain = plain;
    if (!xd_xml_walk_start(&x->walk, reading)) {
        return false;
    }
    if (!reading->checked && !xd_source_check(document, 0, document->text.len, reading->findings)) {
        reading->refused = true;
        return true;
    }
    if (x->walk.text.len > INT_MAX) {
        xd_xml_refuse_limit(&x->walk, 0, XD_LIMIT_INPUT_BYTES);
        return true;
    }
    look_ahead(x, declaration_end(x->walk.text));
    if (!reading->forget) {
        measure_tags(x, SIZE_MAX);
    }
    if (!x->tags.found && !parse(x)) {
        return false;
    }
    measure_tags(x, SIZE_MAX);
    if (x->tags.found) {
        refuse_tag(x);
        return true;
    }
    return x->walk.shaping.reading ? xd_shaping_finish(&x->walk.shaping) : true;
}

static bool
read_xml(struct xd_reading *reading)
{
    return xd_xml_read(reading, true);
}

static struct xd_bid
bid(struct xd_slice head)
{
    struct xd_slice rest = xd_slice_trim(head);

    if (xd_slice_starts(rest, XD_LIT("<?xml"))) {
        return (struct xd_bid){100, "it starts with an XML declaration"};
    }
    if (rest.len > 1 && rest.ptr[0] == '<' && (xd_is_alpha(rest.ptr[1]) || rest.ptr[1] == '!')) {
        return (struct xd_bid){90, "it starts with a tag"};
    }
    return (struct xd_bid){0, ""};
}

const struct xd_reader xd_reader_xml = {
    .name = "xml",
    .title = "XML (crossdock's manifest.xsd, Global-e dispatch)",
    .bid = bid,
    .read = read_xml,
    .checks = true,
};
