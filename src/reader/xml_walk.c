/*
 * Two kinds of fault: one that makes going on senseless ends the walk; one of structure is told and
 * the walk goes on, so that a merchant hears of all of them at once, but no row counts any more.
 */
#include "reader/xml_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

static bool
is_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Start of the tag in front of byte `end`: no `<` stands inside one. Looked for only when somebody
 * wants to know. */
static uint64_t
tag_before(const struct xd_xml_walk *walk, uint64_t end)
{
    const char *open = memrchr(walk->text.ptr, '<', end);

    return open ? (uint64_t)(open - walk->text.ptr) : 0;
}

static void
report(struct xd_xml_walk *walk, enum xd_finding_code code, uint64_t offset, struct xd_slice value,
       struct xd_slice detail)
{
    xd_findings_add(walk->reading->findings,
                    &(struct xd_finding){.code = code,
                                         .document = walk->reading->document->index,
                                         .field = XD_FIELD_NONE,
                                         .placed = true,
                                         .offset = offset,
                                         .value = value,
                                         .detail = detail});
}

void
xd_xml_refuse(struct xd_xml_walk *walk, enum xd_finding_code code, uint64_t offset,
              struct xd_slice value, struct xd_slice detail)
{
    if (!walk->stopped) {
        report(walk, code, offset, value, detail);
    }
    walk->reading->refused = true;
    walk->stopped = true;
}

void
xd_xml_refuse_limit(struct xd_xml_walk *walk, uint64_t offset, enum xd_limit limit)
{
    const struct xd_limit_row *row = &walk->reading->limits->of[limit];
    char detail[120];

    (void)snprintf(detail, sizeof(detail), "the limit is %" PRIu64 " %.*s (--limit %.*s=N)",
                   row->value, XD_FMT(row->unit), XD_FMT(row->name));
    xd_xml_refuse(walk, XD_F_XML_LIMIT, offset, XD_NONE, xd_slice_str(detail));
}

/* The structure is wrong here, but the rest may be looked at for more of it. */
static void
invalid(struct xd_xml_walk *walk, enum xd_finding_code code, uint64_t offset, struct xd_slice name,
        const char *what)
{
    char detail[160];

    (void)snprintf(detail, sizeof(detail), "<%.*s>%s%s", (int)(name.len < 64 ? name.len : 64),
                   name.ptr, *what ? ": " : "", what);
    report(walk, code, offset, name, xd_slice_str(detail));
    walk->reading->refused = true;
}

static void
report_unknown(struct xd_xml_walk *walk, uint64_t offset, struct xd_slice name)
{
    uint32_t old = XD_MAP_NONE;

    if (xd_map_put(&walk->unknown, xd_arena_copy(walk->reading->arena, name), 0, &old) &&
        old == XD_MAP_NONE) {
        char detail[80];
        (void)snprintf(detail, sizeof(detail), "<%.*s>", (int)(name.len < 64 ? name.len : 64),
                       name.ptr);
        report(walk, XD_F_XML_ELEMENT_UNKNOWN, offset, name, xd_slice_str(detail));
    }
}

static const struct xd_shape_entry *
find_entry(struct xd_xml_walk *walk, unsigned node, const char *name)
{
    size_t slot = ((uintptr_t)name >> 3 ^ (uintptr_t)name >> 11 ^ node * 37u) % XD_XML_CACHE;
    struct xd_xml_cached *cached = &walk->cache[slot];

    if (cached->name != name || cached->node != node) {
        const struct xd_shape_entry *entry = xd_shape_find(&walk->shape, node, xd_slice_str(name));
        if (!entry) {
            return NULL;
        }
        *cached = (struct xd_xml_cached){name, node, entry};
    }
    return cached->entry;
}

static void
emit_enter(struct xd_xml_walk *walk, const struct xd_shape_entry *entry, uint64_t offset)
{
    if (!walk->own) {
        xd_tape_enter(&walk->tape, entry, offset);
    } else if (!xd_shaping_enter(&walk->shaping, entry, offset)) {
        xd_xml_refuse_limit(walk, offset, XD_LIMIT_XML_DEPTH);
    }
}

/* An empty element has its place where its tag is. */
static void
emit_value(struct xd_xml_walk *walk, const struct xd_shape_entry *entry, uint64_t end)
{
    uint64_t offset = walk->value.len ? walk->value_offset : tag_before(walk, end);

    if (walk->own) {
        xd_shaping_value(&walk->shaping, entry, walk->value, offset);
    } else {
        xd_tape_value(&walk->tape, entry, walk->value, offset);
    }
}

void
xd_xml_walk_played(struct xd_xml_walk *walk, uint64_t offset)
{
    if (walk->tape.depth == 0 && !xd_tape_play(&walk->tape, &walk->shaping)) {
        xd_xml_refuse_limit(walk, offset, XD_LIMIT_XML_DEPTH);
    }
    walk->stopped |= walk->shaping.stopped;
}

static void
emit_leave(struct xd_xml_walk *walk, uint64_t offset)
{
    if (walk->own) {
        xd_shaping_leave(&walk->shaping);
        return;
    }
    xd_tape_leave(&walk->tape);
    xd_xml_walk_played(walk, offset);
}

static void
push(struct xd_xml_walk *walk, enum xd_xml_place_kind kind, const struct xd_shape_entry *entry,
     uint64_t end)
{
    if (walk->depth == XD_XML_PLACES) {
        xd_xml_refuse_limit(walk, end, XD_LIMIT_XML_DEPTH);
        return;
    }
    walk->places[walk->depth++] =
        (struct xd_xml_place){.kind = kind, .entry = entry, .node = entry->node};
    if (kind == XD_XML_NODE) {
        emit_enter(walk, entry, tag_before(walk, end));
    }
}

/* Opens an element that the shape knows. */
static void
open_known(struct xd_xml_walk *walk, struct xd_xml_place *in, const struct xd_shape_entry *entry,
           uint64_t end)
{
    if (xd_xml_is_twice(in, entry)) {
        invalid(walk, XD_F_XML_VALUE_TWICE, tag_before(walk, end), entry->key, "");
    }
    if (xd_xml_is_late(walk, in, entry)) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), entry->key,
                "it must stand before the elements beside it");
    }
    xd_xml_note(in, entry);
    switch (entry->kind) {
    case XD_SHAPE_ITEM:
    case XD_SHAPE_OBJECT:
        push(walk, XD_XML_NODE, entry, end);
        break;
    case XD_SHAPE_LIST:
        push(walk, XD_XML_LIST, entry, end);
        break;
    case XD_SHAPE_VALUE:
        walk->value = XD_NONE;
        push(walk, XD_XML_VALUE, entry, end);
        break;
    case XD_SHAPE_IGNORE:
        walk->skipped = 1;
        break;
    }
}

/* True when an element of our own shape is in our namespace; says what is wrong otherwise and has
 * it skipped. */
static bool
check_namespace(struct xd_xml_walk *walk, const struct xd_xml_place *in, const char *name,
                const char *space, uint64_t end)
{
    if (space && space == walk->space) {
        return true;
    }
    if (space && is_text(space, XD_XML_NAMESPACE)) {
        walk->space = space;
        return true;
    }
    walk->skipped = 1;
    if (!space) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), xd_slice_str(name),
                "it is not in the namespace " XD_XML_NAMESPACE);
    } else if (in->items) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), xd_slice_str(name),
                "an element of another schema must stand before the elements beside it");
    } else {
        report_unknown(walk, tag_before(walk, end), xd_slice_str(name));
    }
    return false;
}

static void
open_inside(struct xd_xml_walk *walk, const char *name, const char *space, uint64_t end)
{
    struct xd_xml_place *in = &walk->places[walk->depth - 1];
    const struct xd_shape_entry *entry;

    if (in->kind == XD_XML_VALUE) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), xd_slice_str(name),
                "a value holds text only");
        walk->skipped = 1;
        return;
    }
    if (in->kind == XD_XML_LIST) {
        push(walk, XD_XML_NODE, in->entry, end);
        return;
    }
    if (walk->own && !check_namespace(walk, in, name, space, end)) {
        return;
    }
    entry = find_entry(walk, in->node, name);
    if (entry) {
        open_known(walk, in, entry, end);
        return;
    }
    walk->skipped = 1;
    if (walk->own) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), xd_slice_str(name),
                "the schema has no such element here");
    } else {
        report_unknown(walk, tag_before(walk, end), xd_slice_str(name));
    }
}

/* The outermost element decides which shape the document has. */
static void
open_root(struct xd_xml_walk *walk, const char *name, const char *space, uint64_t end)
{
    struct xd_reading *r = walk->reading;
    const struct xd_shape_entry *entry;

    walk->own = is_text(name, "manifest");
    if (!xd_shape_load(&walk->shape,
                       walk->own ? "manifest/shape_manifest.tsv" : "manifest/mapping_dispatch.tsv",
                       XD_SHAPE_XML, !walk->own, r->tables, r->arena, r->err)) {
        walk->stopped = true;
        return;
    }
    entry = xd_shape_find(&walk->shape, 0, xd_slice_str(name));
    if (!entry || (walk->own && !(space && is_text(space, XD_XML_NAMESPACE)))) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), xd_slice_str(name),
                entry ? "it is not in the namespace " XD_XML_NAMESPACE
                      : "no manifest starts with it");
        walk->stopped = true;
        return;
    }
    walk->space = space;
    r->document->dialect = walk->own ? XD_LIT("crossdock") : XD_LIT("global-e-dispatch");
    xd_shaping_start(&walk->shaping, r, &walk->shape);
    push(walk, entry->kind == XD_SHAPE_LIST ? XD_XML_LIST : XD_XML_NODE, entry, end);
}

void
xd_xml_walk_open(struct xd_xml_walk *walk, const char *name, const char *space, uint64_t end)
{
    if (walk->skipped) {
        walk->skipped++;
    } else if (walk->depth == 0) {
        open_root(walk, name, space, end);
    } else {
        open_inside(walk, name, space, end);
    }
}

/* Attributes say nothing in a manifest; those of XML Schema that name a schema are allowed and not
 * followed. */
void
xd_xml_walk_attribute(struct xd_xml_walk *walk, const char *name, const char *space, uint64_t end)
{
    if (!walk->own || walk->skipped ||
        (space && is_text(space, XSI) &&
         (is_text(name, "schemaLocation") || is_text(name, "noNamespaceSchemaLocation")))) {
        return;
    }
    invalid(walk, XD_F_XML_INVALID, tag_before(walk, end), xd_slice_str(name),
            "the schema has no such attribute");
}

static void
check_least(struct xd_xml_walk *walk, const struct xd_xml_place *place, uint64_t end)
{
    const struct xd_shape_node *node = &walk->shape.nodes[place->node];

    for (uint64_t lacking = xd_xml_lacking(walk, place); lacking; lacking &= lacking - 1) {
        invalid(walk, XD_F_XML_INVALID, tag_before(walk, end),
                node->entries[__builtin_ctzll(lacking)].key,
                "the element that ends here must hold at least one");
    }
}

void
xd_xml_walk_close(struct xd_xml_walk *walk, uint64_t offset)
{
    const struct xd_xml_place *place;

    if (walk->skipped) {
        walk->skipped--;
        return;
    }
    place = &walk->places[--walk->depth];
    if (place->kind == XD_XML_VALUE) {
        emit_value(walk, place->entry, offset);
    } else if (place->kind == XD_XML_NODE) {
        check_least(walk, place, offset);
        emit_leave(walk, offset);
    }
    walk->stopped |= walk->shaping.stopped;
}

static bool
is_in_document(const struct xd_xml_walk *walk, const char *ptr)
{
    return ptr >= walk->text.ptr && ptr < walk->text.ptr + walk->text.len;
}

/* The parser copies text that is not ASCII: it is found again in the document, in front of where
 * the parser stands. */
static struct xd_slice
find_in_document(const struct xd_xml_walk *walk, struct xd_slice piece, uint64_t end)
{
    const char *there = walk->text.ptr + end - piece.len;

    if (is_in_document(walk, piece.ptr) || piece.len > end ||
        memcmp(there, piece.ptr, piece.len) != 0) {
        return piece;
    }
    return xd_slice_of(there, piece.len);
}

/* Puts a piece behind a value that does not lie in front of it, in memory that grows by doubling.
 */
static void
join(struct xd_xml_walk *walk, struct xd_slice piece)
{
    size_t need = walk->value.len + piece.len;

    if (walk->value.ptr != walk->joined || need > walk->joined_cap) {
        char *joined = xd_arena_alloc(walk->reading->arena, 2 * need);
        if (!joined) {
            xd_error_set(walk->reading->err, EX_OSERR, "not enough memory for a value");
            walk->stopped = true;
            return;
        }
        if (walk->value.len) {
            memcpy(joined, walk->value.ptr, walk->value.len);
        }
        walk->joined = joined;
        walk->joined_cap = 2 * need;
    }
    memcpy(walk->joined + walk->value.len, piece.ptr, piece.len);
    walk->value = xd_slice_of(walk->joined, need);
}

/* Byte of the document where the piece starts, or about there when it was rewritten. */
static uint64_t
offset_of(const struct xd_xml_walk *walk, struct xd_slice piece, uint64_t end)
{
    if (is_in_document(walk, piece.ptr)) {
        return (uint64_t)(piece.ptr - walk->text.ptr);
    }
    return end - (piece.len < end ? piece.len : end);
}

void
xd_xml_value_add(struct xd_xml_walk *walk, struct xd_slice piece, uint64_t end)
{
    if (piece.len == 0) {
        return;
    }
    piece = find_in_document(walk, piece, end);
    if (walk->value.len == 0) {
        walk->value_offset = offset_of(walk, piece, end);
        walk->joined = NULL;
        walk->joined_cap = 0;
    }
    if (walk->value.len == 0 && is_in_document(walk, piece.ptr)) {
        walk->value = piece;
    } else if (walk->value.len && walk->value.ptr + walk->value.len == piece.ptr) {
        walk->value.len += piece.len;
    } else {
        join(walk, piece);
    }
}

static bool
is_blank(struct xd_slice text)
{
    size_t i = 0;

    while (i < text.len && xd_is_blank(text.ptr[i])) {
        i++;
    }
    return i == text.len;
}

void
xd_xml_walk_text(struct xd_xml_walk *walk, struct xd_slice piece, uint64_t end)
{
    if (walk->skipped) {
        return;
    }
    if (walk->depth && walk->places[walk->depth - 1].kind == XD_XML_VALUE) {
        xd_xml_value_add(walk, piece, end);
    } else if (!is_blank(piece)) {
        invalid(walk, XD_F_XML_INVALID, offset_of(walk, piece, end), xd_slice_sub(piece, 0, 64),
                "text stands where only elements may");
    }
}

bool
xd_xml_walk_start(struct xd_xml_walk *walk, struct xd_reading *reading)
{
    walk->reading = reading;
    walk->text = reading->document->text;
    walk->tape.arena = reading->arena;
    return xd_map_init(&walk->unknown, reading->arena, 16, false) ||
           xd_error_set(reading->err, EX_OSERR, "not enough memory to read XML");
}
