/*
 * The structure of an XML manifest: elements come and go, and what they say goes to the shape.
 * Apart from xml.c so that the rules of the manifest do not know the parser, nor the parser the
 * rules.
 */
#ifndef XD_READER_XML_WALK_H
#define XD_READER_XML_WALK_H

#include "base/hash.h"
#include "reader/shape.h"

#define XD_XML_NAMESPACE "urn:crossdock:manifest:1"
#define XD_XML_PLACES    (2 * XD_SHAPE_NODES + 2)
#define XD_XML_CACHE     256u

enum xd_xml_place_kind {
    XD_XML_NODE,
    XD_XML_LIST,
    XD_XML_VALUE,
};

/* An element that is open and means something to us. */
struct xd_xml_place {
    enum xd_xml_place_kind kind;
    const struct xd_shape_entry *entry;
    unsigned node; /* of a node or a list */
    uint64_t seen; /* entries of the node that have come, by number */
    bool items;    /* an item has come: values may not follow in our own shape */
};

struct xd_xml_cached {
    const char *name;
    unsigned node;
    const struct xd_shape_entry *entry;
};

struct xd_xml_walk {
    struct xd_reading *reading;
    struct xd_slice text; /* of the document */
    struct xd_shape shape;
    struct xd_shaping shaping;
    struct xd_shape_tape tape;
    bool own; /* crossdock's own shape: the namespace counts and values precede items */
    struct xd_xml_place places[XD_XML_PLACES];
    size_t depth;
    uint64_t skipped;      /* levels inside an element that is not read */
    const char *space;     /* our namespace, as interned */
    struct xd_slice value; /* of the value element that is open */
    uint64_t value_offset; /* byte of the document where it starts */
    char *joined;          /* memory of a value whose pieces do not lie side by side */
    size_t joined_cap;
    struct xd_map unknown; /* elements already told of */
    struct xd_xml_cached cache[XD_XML_CACHE];
    bool stopped; /* reading on makes no sense */
};

/* False with *err set. The struct is large and zeroed: it belongs into an arena. */
bool xd_xml_walk_start(struct xd_xml_walk *walk, struct xd_reading *reading);

/*
 * An element opens; the parser stands at byte `end`, in its tag or behind it. Names and namespaces
 * are interned: equal texts have equal pointers, which live as long as the walk. `space` is NULL
 * for none.
 */
void xd_xml_walk_open(struct xd_xml_walk *walk, const char *name, const char *space, uint64_t end);

/* An attribute of the element that opens. */
void xd_xml_walk_attribute(struct xd_xml_walk *walk, const char *name, const char *space,
                           uint64_t end);

/* A piece of text, of the document or a copy; the parser stands at byte `end` behind it. */
void xd_xml_walk_text(struct xd_xml_walk *walk, struct xd_slice piece, uint64_t end);

/* The element that opened last ends, and its tag, in front of byte `offset`. */
void xd_xml_walk_close(struct xd_xml_walk *walk, uint64_t offset);

/* A piece of the value that walk->value is: it starts anew where that is empty. */
void xd_xml_value_add(struct xd_xml_walk *walk, struct xd_slice piece, uint64_t end);

/* What was put on the tape counts, once all of an order is there; it stood in front of byte
 * `offset`. */
void xd_xml_walk_played(struct xd_xml_walk *walk, uint64_t offset);

/* Only items may come more than once. */
static inline bool
xd_xml_is_twice(const struct xd_xml_place *in, const struct xd_shape_entry *entry)
{
    return entry->kind != XD_SHAPE_ITEM && (in->seen >> entry->number & 1);
}

/* In our own shape values stand before items. */
static inline bool
xd_xml_is_late(const struct xd_xml_walk *walk, const struct xd_xml_place *in,
               const struct xd_shape_entry *entry)
{
    return entry->kind != XD_SHAPE_ITEM && walk->own && in->items;
}

static inline void
xd_xml_note(struct xd_xml_place *in, const struct xd_shape_entry *entry)
{
    in->seen |= (uint64_t)1 << entry->number;
    in->items |= entry->kind == XD_SHAPE_ITEM;
}

/* The entries, a bit each, of which a node that ends should have one and has none. */
static inline uint64_t
xd_xml_lacking(const struct xd_xml_walk *walk, const struct xd_xml_place *place)
{
    return walk->shape.nodes[place->node].least & ~place->seen;
}

/* Refuses the document: no row of it counts and nothing more is read. */
void xd_xml_refuse(struct xd_xml_walk *walk, enum xd_finding_code code, uint64_t offset,
                   struct xd_slice value, struct xd_slice detail);
void xd_xml_refuse_limit(struct xd_xml_walk *walk, uint64_t offset, enum xd_limit limit);

#endif
