/*
 * Plain stretches of XML, read without the parser: whole elements of names, text and the five
 * entities that need no declaration, each where the shape wants it. That is nearly all of a
 * manifest, and it costs a fraction of what the parser takes. Whatever is not plain, right or
 * wrong, is left to the parser from the start of the outermost element it is in: it alone says what
 * is wrong, and where.
 */
#ifndef XD_READER_XML_PLAIN_H
#define XD_READER_XML_PLAIN_H

#include "reader/xml_walk.h"

#define XD_XML_GUESS 32 /* bytes of a tag that are compared at once */

/* A tag as the document writes it. */
struct xd_xml_tag {
    char bytes[XD_XML_GUESS]; /* name and `>`, then zeros */
    uint32_t need;            /* which of them count, a bit each */
    uint32_t len;             /* of the name and `>`; 0: none yet */
    const struct xd_shape_entry *entry;
};

/* An element that is open inside the stretch. */
struct xd_xml_open {
    struct xd_xml_place place;
    struct xd_xml_tag tag;
    unsigned last; /* entry that came last in it, from 1; 0: none */
};

struct xd_xml_plain {
    struct xd_xml_walk *walk;
    uint64_t most_text;     /* bytes of one run */
    uint64_t most_levels;   /* that may open below the element at hand */
    uint64_t most_elements; /* that may come in one stretch */
    /* Result, of all elements taken. */
    uint64_t elements;
    uint64_t lines; /* line ends in them */
    /* Private. */
    uint64_t at;
    uint64_t unit_elements;
    uint64_t unit_lines;
    size_t depth;
    struct xd_xml_open open[XD_XML_PLACES];
    struct xd_xml_tag next[XD_SHAPE_NODES][XD_SHAPE_ENTRIES + 1]; /* by node and entry before */
    struct xd_xml_tag items[XD_SHAPE_NODES];                      /* of a list */
};

/*
 * Takes plain elements from byte `at` on, which stands in the content of the element that the walk
 * opened last, and gives what they say to the walk. Returns the byte behind the last one taken, or
 * `at`. The text must be UTF-8 without control characters; `limits` as in the struct are set by the
 * caller. The walk may have stopped.
 */
uint64_t xd_xml_plain_read(struct xd_xml_plain *plain, uint64_t at);

/* Reads an XML document as the reader does; `plain` false leaves all of it to the parser, which
 * must give the same. Defined in xml.c. */
bool xd_xml_read(struct xd_reading *reading, bool plain);

#endif
