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

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/hash.h"
#include "reader/shape.h"
#include "source/source.h"

#define NAMESPACE   "urn:crossdock:manifest:1"
#define XSI         "http://www.w3.org/2001/XMLSchema-instance"
#define PLACES      (2 * XD_SHAPE_NODES + 2)
#define CACHE_SLOTS 256u

enum place_kind {
    PLACE_NODE,
    PLACE_LIST,
    PLACE_VALUE,
};

/* An element that is open and means something to us. */
struct place {
    enum place_kind kind;
    const struct xd_shape_entry *entry;
    unsigned node; /* of a node or a list */
    uint64_t seen; /* entries of the node that have come, by number */
    bool items;    /* an item has come: values may not follow in our own shape */
};

struct cached {
    const xmlChar *name; /* interned by the parser: equal names have equal pointers */
    unsigned node;
    const struct xd_shape_entry *entry;
};

struct xml {
    struct xd_reading *reading;
    struct xd_slice text;
    xmlParserCtxtPtr parser;
    struct xd_shape shape;
    struct xd_shaping shaping;
    struct xd_shape_tape tape;
    bool own; /* crossdock's own shape: the namespace counts and values precede items */
    struct place places[PLACES];
    size_t depth;    /* of places */
    uint64_t levels; /* of elements */
    uint64_t elements;
    uint64_t skipped;      /* levels inside an element that is not read */
    const xmlChar *space;  /* our namespace as the parser interned it */
    struct xd_slice value; /* of the value element that is open */
    uint64_t run;          /* bytes of the present run of text */
    struct xd_map unknown; /* elements already told of */
    struct cached cache[CACHE_SLOTS];
    char fault[120]; /* what libxml2 said first */
    uint64_t fault_offset;
    bool stopped;
};

/* Byte of the document at which the parser stands. */
static uint64_t
here(const struct xml *x)
{
    const char *cur = (const char *)x->parser->input->cur;

    return cur >= x->text.ptr && cur <= x->text.ptr + x->text.len ? (uint64_t)(cur - x->text.ptr)
                                                                  : x->text.len;
}

static void
report(struct xml *x, enum xd_finding_code code, uint64_t offset, struct xd_slice value,
       struct xd_slice detail)
{
    xd_findings_add(x->reading->findings,
                    &(struct xd_finding){.code = code,
                                         .document = x->reading->document->index,
                                         .field = XD_FIELD_NONE,
                                         .offset = offset,
                                         .value = value,
                                         .detail = detail});
}

static void
stop(struct xml *x)
{
    x->stopped = true;
    if (x->parser) {
        xmlStopParser(x->parser);
    }
}

/* The document is no manifest, and reading on makes no sense. */
static void
refuse(struct xml *x, enum xd_finding_code code, uint64_t offset, struct xd_slice value,
       struct xd_slice detail)
{
    if (!x->stopped) {
        report(x, code, offset, value, detail);
    }
    x->reading->refused = true;
    stop(x);
}

static void
refuse_limit(struct xml *x, uint64_t offset, enum xd_limit limit)
{
    const struct xd_limit_row *row = &x->reading->limits->of[limit];
    char detail[120];

    (void)snprintf(detail, sizeof(detail), "the limit is %" PRIu64 " %.*s (--limit %.*s=N)",
                   row->value, XD_FMT(row->unit), XD_FMT(row->name));
    refuse(x, XD_F_XML_LIMIT, offset, XD_NONE, xd_slice_str(detail));
}

/* The structure is wrong here, but the rest may be looked at for more of it. */
static void
invalid(struct xml *x, enum xd_finding_code code, uint64_t offset, struct xd_slice name,
        const char *what)
{
    report(x, code, offset, name, xd_slice_str(what));
    x->reading->refused = true;
}

static struct xd_slice
slice_of(const xmlChar *text)
{
    return xd_slice_str((const char *)text);
}

static void
report_unknown(struct xml *x, uint64_t offset, struct xd_slice name)
{
    uint32_t old = XD_MAP_NONE;

    if (xd_map_put(&x->unknown, xd_arena_copy(x->reading->arena, name), 0, &old) &&
        old == XD_MAP_NONE) {
        report(x, XD_F_XML_ELEMENT_UNKNOWN, offset, name, XD_NONE);
    }
}

/* Start of the tag that the parser has just read: no `<` can stand inside it. */
static uint64_t
tag_start(const struct xml *x)
{
    uint64_t at = here(x);
    const char *open = memrchr(x->text.ptr, '<', at);

    return open ? (uint64_t)(open - x->text.ptr) : 0;
}

static const struct xd_shape_entry *
find_entry(struct xml *x, unsigned node, const xmlChar *name)
{
    size_t slot = ((uintptr_t)name >> 3 ^ (uintptr_t)name >> 11 ^ node * 37u) % CACHE_SLOTS;
    struct cached *cached = &x->cache[slot];

    if (cached->name != name || cached->node != node) {
        const struct xd_shape_entry *entry = xd_shape_find(&x->shape, node, slice_of(name));
        if (!entry) {
            return NULL;
        }
        *cached = (struct cached){name, node, entry};
    }
    return cached->entry;
}

static void
emit_enter(struct xml *x, const struct xd_shape_entry *entry, uint64_t offset)
{
    if (!x->own) {
        xd_tape_enter(&x->tape, entry, offset);
    } else if (!xd_shaping_enter(&x->shaping, entry, offset)) {
        refuse_limit(x, offset, XD_LIMIT_XML_DEPTH);
    }
}

static void
emit_value(struct xml *x, const struct xd_shape_entry *entry)
{
    /* An empty element has its place where it ends. */
    uint64_t offset = x->value.ptr >= x->text.ptr && x->value.ptr < x->text.ptr + x->text.len
                          ? (uint64_t)(x->value.ptr - x->text.ptr)
                          : here(x);

    if (x->own) {
        xd_shaping_value(&x->shaping, entry, x->value, offset);
    } else if (entry->kind == XD_SHAPE_VALUE) {
        xd_tape_value(&x->tape, entry, x->value, offset);
    }
}

static void
emit_leave(struct xml *x)
{
    if (x->own) {
        xd_shaping_leave(&x->shaping);
        return;
    }
    xd_tape_leave(&x->tape);
    if (x->tape.depth == 0 && !xd_tape_play(&x->tape, &x->shaping)) {
        refuse_limit(x, here(x), XD_LIMIT_XML_DEPTH);
    }
}

static void
push(struct xml *x, enum place_kind kind, const struct xd_shape_entry *entry, uint64_t offset)
{
    if (x->depth == PLACES) {
        refuse_limit(x, offset, XD_LIMIT_XML_DEPTH);
        return;
    }
    x->places[x->depth++] = (struct place){.kind = kind, .entry = entry, .node = entry->node};
    if (kind == PLACE_NODE) {
        emit_enter(x, entry, offset);
    }
}

/* Opens an element that the shape knows. */
static void
open_known(struct xml *x, struct place *in, const struct xd_shape_entry *entry, uint64_t offset)
{
    uint64_t bit = (uint64_t)1 << entry->number;

    if (entry->kind != XD_SHAPE_ITEM && (in->seen & bit)) {
        invalid(x, XD_F_XML_VALUE_TWICE, offset, entry->key, "");
    }
    in->seen |= bit;
    if (entry->kind == XD_SHAPE_ITEM) {
        in->items = true;
    } else if (x->own && in->items) {
        invalid(x, XD_F_XML_INVALID, offset, entry->key,
                "it must stand before the elements beside it");
    }
    switch (entry->kind) {
    case XD_SHAPE_ITEM:
    case XD_SHAPE_OBJECT:
        push(x, PLACE_NODE, entry, offset);
        break;
    case XD_SHAPE_LIST:
        push(x, PLACE_LIST, entry, offset);
        break;
    case XD_SHAPE_VALUE:
        x->value = XD_NONE;
        push(x, PLACE_VALUE, entry, offset);
        break;
    case XD_SHAPE_IGNORE:
        x->skipped = 1;
        break;
    }
}

/* True when an element of our own shape is in our namespace; says what is wrong otherwise and has
 * it skipped. */
static bool
check_namespace(struct xml *x, const struct place *in, const xmlChar *name, const xmlChar *space,
                uint64_t offset)
{
    if (space && space == x->space) {
        return true;
    }
    if (space && xmlStrEqual(space, BAD_CAST NAMESPACE)) {
        x->space = space;
        return true;
    }
    x->skipped = 1;
    if (!space) {
        invalid(x, XD_F_XML_INVALID, offset, slice_of(name),
                "it is not in the namespace " NAMESPACE);
    } else if (in->items) {
        invalid(x, XD_F_XML_INVALID, offset, slice_of(name),
                "an element of another schema must stand before the elements beside it");
    } else {
        report_unknown(x, offset, slice_of(name));
    }
    return false;
}

static void
open_inside(struct xml *x, const xmlChar *name, const xmlChar *space, uint64_t offset)
{
    struct place *in = &x->places[x->depth - 1];
    const struct xd_shape_entry *entry;

    if (in->kind == PLACE_VALUE) {
        invalid(x, XD_F_XML_INVALID, offset, slice_of(name), "a value holds text only");
        x->skipped = 1;
        return;
    }
    if (in->kind == PLACE_LIST) {
        push(x, PLACE_NODE, in->entry, offset);
        return;
    }
    if (x->own && !check_namespace(x, in, name, space, offset)) {
        return;
    }
    entry = find_entry(x, in->node, name);
    if (entry) {
        open_known(x, in, entry, offset);
        return;
    }
    x->skipped = 1;
    if (x->own) {
        invalid(x, XD_F_XML_INVALID, offset, slice_of(name), "the schema has no such element here");
    } else {
        report_unknown(x, offset, slice_of(name));
    }
}

/* The outermost element decides which shape the document has. */
static void
open_root(struct xml *x, const xmlChar *name, const xmlChar *space, uint64_t offset)
{
    struct xd_reading *r = x->reading;
    const struct xd_shape_entry *entry;

    x->own = xmlStrEqual(name, BAD_CAST "manifest");
    if (!xd_shape_load(&x->shape,
                       x->own ? "manifest/shape_manifest.tsv" : "manifest/mapping_dispatch.tsv",
                       XD_SHAPE_XML, !x->own, r->tables, r->arena, r->err)) {
        stop(x);
        return;
    }
    entry = xd_shape_find(&x->shape, 0, slice_of(name));
    if (!entry) {
        refuse(x, XD_F_XML_INVALID, offset, slice_of(name), XD_LIT("no manifest starts with it"));
        return;
    }
    if (x->own && !(space && xmlStrEqual(space, BAD_CAST NAMESPACE))) {
        refuse(x, XD_F_XML_INVALID, offset, slice_of(name),
               XD_LIT("it is not in the namespace " NAMESPACE));
        return;
    }
    x->space = space;
    r->document->dialect = x->own ? XD_LIT("crossdock") : XD_LIT("global-e-dispatch");
    xd_shaping_start(&x->shaping, r, &x->shape);
    push(x, entry->kind == XD_SHAPE_LIST ? PLACE_LIST : PLACE_NODE, entry, offset);
}

/* Attributes say nothing in a manifest; those of XML Schema that name a schema are allowed and not
 * followed. */
static void
check_attributes(struct xml *x, int count, const xmlChar **attributes, uint64_t offset)
{
    for (int i = 0; x->own && i < count; i++) {
        const xmlChar *name = attributes[5 * i];
        const xmlChar *space = attributes[5 * i + 2];
        if (!(space && xmlStrEqual(space, BAD_CAST XSI) &&
              (xmlStrEqual(name, BAD_CAST "schemaLocation") ||
               xmlStrEqual(name, BAD_CAST "noNamespaceSchemaLocation")))) {
            invalid(x, XD_F_XML_INVALID, offset, slice_of(name),
                    "the schema has no such attribute");
        }
    }
}

static bool
within_limits(struct xml *x, uint64_t start, int namespaces, int attributes)
{
    const struct xd_limits *limits = x->reading->limits;

    if (here(x) + 1 - start > xd_limit(limits, XD_LIMIT_XML_TAG_BYTES)) {
        refuse_limit(x, start, XD_LIMIT_XML_TAG_BYTES);
    } else if ((uint64_t)namespaces + (uint64_t)attributes >
               xd_limit(limits, XD_LIMIT_XML_ATTRIBUTES)) {
        refuse_limit(x, start, XD_LIMIT_XML_ATTRIBUTES);
    } else if (++x->levels > xd_limit(limits, XD_LIMIT_XML_DEPTH)) {
        refuse_limit(x, start, XD_LIMIT_XML_DEPTH);
    } else if (++x->elements > xd_limit(limits, XD_LIMIT_XML_ELEMENTS)) {
        refuse_limit(x, start, XD_LIMIT_XML_ELEMENTS);
    }
    return !x->stopped;
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space,
         int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
         const xmlChar **attributes)
{
    struct xml *x = ctx;
    uint64_t start = tag_start(x);

    (void)prefix;
    (void)namespaces;
    (void)defaulted;
    x->run = 0;
    if (x->stopped || !within_limits(x, start, namespace_count, attribute_count)) {
        return;
    }
    if (x->skipped) {
        x->skipped++;
        return;
    }
    if (attribute_count) {
        check_attributes(x, attribute_count, attributes, start);
    }
    if (x->depth == 0) {
        open_root(x, name, space, start);
    } else {
        open_inside(x, name, space, start);
    }
}

static void
check_least(struct xml *x, const struct place *place)
{
    const struct xd_shape_node *node = &x->shape.nodes[place->node];

    for (size_t i = 0; i < node->count; i++) {
        if (node->entries[i].least && !(place->seen >> i & 1)) {
            invalid(x, XD_F_XML_INVALID, here(x), node->entries[i].key,
                    "the element that ends here must hold at least one");
        }
    }
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    struct xml *x = ctx;
    struct place *place;

    (void)name;
    (void)prefix;
    (void)space;
    x->run = 0;
    if (x->stopped) {
        return;
    }
    x->levels--;
    if (x->skipped) {
        x->skipped--;
        return;
    }
    place = &x->places[--x->depth];
    if (place->kind == PLACE_VALUE) {
        emit_value(x, place->entry);
    } else if (place->kind == PLACE_NODE) {
        check_least(x, place);
        emit_leave(x);
    }
    if (x->shaping.stopped || x->reading->refused) {
        x->shaping.stopped = true; /* no row counts any more */
    }
}

static bool
is_blank(struct xd_slice text)
{
    return xd_slice_trim(text).len == 0;
}

/* The parser copies text that is not ASCII: it is found again in the document, in front of where
 * the parser stands. */
static struct xd_slice
in_document(const struct xml *x, struct xd_slice piece)
{
    uint64_t end = here(x);

    if (piece.ptr >= x->text.ptr && piece.ptr < x->text.ptr + x->text.len) {
        return piece;
    }
    if (piece.len <= end && memcmp(x->text.ptr + end - piece.len, piece.ptr, piece.len) == 0) {
        return xd_slice_of(x->text.ptr + end - piece.len, piece.len);
    }
    return piece;
}

static void
join(struct xml *x, struct xd_slice piece)
{
    char *joined;

    if (x->value.len && x->value.ptr + x->value.len == piece.ptr) {
        x->value.len += piece.len;
        return;
    }
    joined = xd_arena_alloc(x->reading->arena, x->value.len + piece.len + 1);
    if (!joined) {
        xd_error_set(x->reading->err, EX_OSERR, "not enough memory for a value");
        stop(x);
        return;
    }
    if (x->value.len) {
        memcpy(joined, x->value.ptr, x->value.len);
    }
    memcpy(joined + x->value.len, piece.ptr, piece.len);
    x->value = xd_slice_of(joined, x->value.len + piece.len);
}

static void
on_text(void *ctx, const xmlChar *text, int len)
{
    struct xml *x = ctx;
    struct xd_slice piece = xd_slice_of((const char *)text, (size_t)len);

    x->run += piece.len;
    if (x->stopped || piece.len == 0) {
        return;
    }
    if (x->run > xd_limit(x->reading->limits, XD_LIMIT_XML_TEXT_BYTES)) {
        refuse_limit(x, here(x), XD_LIMIT_XML_TEXT_BYTES);
        return;
    }
    if (x->skipped) {
        return;
    }
    if (x->depth && x->places[x->depth - 1].kind == PLACE_VALUE) {
        piece = in_document(x, piece);
        if (x->value.len == 0 && piece.ptr >= x->text.ptr &&
            piece.ptr < x->text.ptr + x->text.len) {
            x->value = piece;
        } else {
            join(x, piece);
        }
    } else if (!is_blank(piece)) {
        invalid(x, XD_F_XML_INVALID, here(x) > piece.len ? here(x) - piece.len : 0,
                xd_slice_sub(piece, 0, 64), "text stands where only elements may");
    }
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct xml *x = ctx;

    (void)external;
    (void)system;
    refuse(x, XD_F_XML_DOCTYPE, tag_start(x), slice_of(name), XD_NONE);
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

static void
on_error(void *ctx, xmlErrorPtr error)
{
    struct xml *x = ctx;
    struct xd_slice message = xd_slice_trim(xd_slice_str(error->message));

    if (error->level < XML_ERR_ERROR || x->fault[0] != '\0' || x->stopped) {
        return;
    }
    (void)snprintf(x->fault, sizeof(x->fault), "%.*s", XD_FMT(message));
    x->fault_offset = here(x);
}

/*
 * libxml2 compares each attribute with all others, so a tag must be known to be short before it is
 * parsed. No tag holds a `<`: where every half limit of bytes has one, no tag reaches the limit,
 * and that is nearly free to see. Only where one is missing are the tags around looked at.
 */
static bool
tags_are_short(struct xml *x)
{
    uint64_t limit = xd_limit(x->reading->limits, XD_LIMIT_XML_TAG_BYTES);
    uint64_t half = limit / 2 + 1;

    for (uint64_t at = 0; at + half <= x->text.len; at += half) {
        const char *open;
        const char *end;
        if (memchr(x->text.ptr + at, '<', half)) {
            continue;
        }
        open = memrchr(x->text.ptr, '<', at);
        if (!open || open[1] == '!' || open[1] == '?') {
            continue; /* text, a comment, a CDATA section: bounded where they are reported */
        }
        end = memchr(open, '>', (size_t)(x->text.ptr + x->text.len - open));
        if (!end || (uint64_t)(end - open) >= limit) {
            refuse_limit(x, (uint64_t)(open - x->text.ptr), XD_LIMIT_XML_TAG_BYTES);
            return false;
        }
    }
    return true;
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
    input->base = (const xmlChar *)x->text.ptr;
    input->cur = input->base;
    input->end = input->base + x->text.len;
    (void)inputPush(parser, input);
    return parser;
}

static bool
parse(struct xml *x)
{
    x->parser = new_parser(x);
    if (!x->parser) {
        return xd_error_set(x->reading->err, EX_OSERR, "not enough memory to parse XML");
    }
    (void)xmlParseDocument(x->parser);
    if (!x->stopped && (!x->parser->wellFormed || !x->parser->nsWellFormed || x->fault[0])) {
        refuse(x, XD_F_XML_MALFORMED, x->fault_offset, XD_NONE, xd_slice_str(x->fault));
    }
    xmlFreeDoc(x->parser->myDoc);
    x->parser->myDoc = NULL;
    xmlFreeParserCtxt(x->parser);
    x->parser = NULL;
    return x->reading->err->status == 0;
}

static bool
read_xml(struct xd_reading *reading)
{
    struct xml *x = xd_arena_alloc(reading->arena, sizeof(*x));
    const struct xd_document *document = reading->document;

    if (!x || !xd_map_init(&x->unknown, reading->arena, 16, false)) {
        return xd_error_set(reading->err, EX_OSERR, "not enough memory to parse XML");
    }
    x->reading = reading;
    x->text = document->text;
    x->tape.arena = reading->arena;
    if (!xd_source_check(document, 0, document->text.len, reading->findings)) {
        reading->refused = true;
        return true;
    }
    if (x->text.len > INT_MAX) {
        refuse_limit(x, 0, XD_LIMIT_INPUT_BYTES);
        return true;
    }
    if (!tags_are_short(x)) {
        return true;
    }
    if (!parse(x)) {
        return false;
    }
    return x->shaping.reading ? xd_shaping_finish(&x->shaping) : true;
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

const struct xd_reader xd_reader_xml = {"xml", "XML (crossdock's manifest.xsd, Global-e dispatch)",
                                        bid, read_xml};
