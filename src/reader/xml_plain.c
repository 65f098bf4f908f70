/*
 * An element is looked through to its end before anything of it counts: what it says waits on the
 * tape, and is forgotten when something in it is not plain. Tags are guessed: behind the element
 * that came last stands the one that stood there before, so a tag is one comparison of as many
 * bytes as it has.
 */
#include "reader/xml_plain.h"

#include <emmintrin.h>

#define MARGIN 64    /* bytes in front of the end of the text that are left to the parser */
#define EVENTS 65536 /* on the tape for one element; more are left to the parser piece by piece */

static inline __m128i
load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* Whether the tag stands at `at`, behind its `<` or `</`. */
static inline bool
is_tag(const struct xd_xml_tag *tag, const char *at)
{
    unsigned equal = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at), load(tag->bytes)));

    if (tag->len > 16) {
        __m128i rest = _mm_cmpeq_epi8(load(at + 16), load(tag->bytes + 16));
        equal |= (unsigned)_mm_movemask_epi8(rest) << 16;
    }
    return tag->len && (equal & tag->need) == tag->need;
}

static inline bool
is_near_end(const struct xd_xml_plain *p, uint64_t at)
{
    return at + MARGIN > p->walk->text.len;
}

/* The name at `at`, behind `<`; empty when it is not a plain one. */
static struct xd_slice
name_at(const struct xd_xml_plain *p, uint64_t at)
{
    const char *from = p->walk->text.ptr + at;
    size_t len = 0;

    while (len < XD_XML_GUESS &&
           (xd_is_alpha(from[len]) || from[len] == '_' ||
            (len > 0 && (xd_is_digit(from[len]) || from[len] == '-' || from[len] == '.')))) {
        len++;
    }
    return len < XD_XML_GUESS ? xd_slice_of(from, len) : XD_NONE;
}

static void
learn(struct xd_xml_tag *tag, struct xd_slice name, const struct xd_shape_entry *entry)
{
    *tag = (struct xd_xml_tag){.len = (uint32_t)name.len + 1, .entry = entry};
    memcpy(tag->bytes, name.ptr, name.len);
    tag->bytes[name.len] = '>';
    tag->need = (uint32_t)(((uint64_t)1 << tag->len) - 1);
}

/* Behind blanks from `at` on; false where a carriage return stands by itself, or the end is near.
 */
static inline bool
skip_blanks(struct xd_xml_plain *p)
{
    const char *text = p->walk->text.ptr;
    uint64_t from = p->at;

    for (; !is_near_end(p, p->at); p->at++) {
        char c = text[p->at];
        if (c == '\n') {
            p->unit_lines++;
        } else if (c == '\r' ? text[p->at + 1] != '\n' : c != ' ' && c != '\t') {
            return c == '<' && p->at - from <= p->most_text;
        }
    }
    return false;
}

/* First byte at or behind `at` that is not a character of plain text, or where the end is near.
 * `*high`: whether something beyond ASCII stands in front of it. */
static inline uint64_t
text_end(const struct xd_xml_plain *p, uint64_t at, bool *high)
{
    const char *text = p->walk->text.ptr;

    for (; !is_near_end(p, at); at += 16) {
        __m128i x = load(text + at);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('<')),
                                    _mm_cmpeq_epi8(x, _mm_set1_epi8('&')));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(x, _mm_set1_epi8(']')));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x));
        unsigned stops = (unsigned)_mm_movemask_epi8(stop);
        unsigned highs = (unsigned)_mm_movemask_epi8(x);
        if (stops) {
            unsigned front = (unsigned)__builtin_ctz(stops);
            *high |= (highs & ((1u << front) - 1)) != 0;
            return at + front;
        }
        *high |= highs != 0;
    }
    return at;
}

/* U+FFFE and U+FFFF are characters of UTF-8 and none of XML. */
static bool
has_noncharacter(struct xd_slice text)
{
    const char *at = memmem(text.ptr, text.len, "\xef\xbf", 2);

    for (; at; at = memmem(at + 1, text.len - (size_t)(at + 1 - text.ptr), "\xef\xbf", 2)) {
        if ((unsigned char)at[2] >= 0xbe) {
            return true;
        }
    }
    return false;
}

/* The entity at `at`, whose length goes to *len; 0 when it is none of the five. */
static char
entity_at(const struct xd_xml_plain *p, uint64_t at, size_t *len)
{
    static const struct {
        char name[8];
        char is;
    } FIVE[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

    for (size_t i = 0; i < sizeof(FIVE) / sizeof(FIVE[0]); i++) {
        *len = strlen(FIVE[i].name);
        if (memcmp(p->walk->text.ptr + at, FIVE[i].name, *len) == 0) {
            return FIVE[i].is;
        }
    }
    return '\0';
}

/* Takes the entity at p->at into the value that the walk puts together. */
static bool
take_entity(struct xd_xml_plain *p)
{
    size_t len = 0;
    char is = entity_at(p, p->at, &len);

    if (!is) {
        return false;
    }
    p->at += len;
    xd_xml_value_add(p->walk, xd_slice_of(&is, 1), p->at);
    return !p->walk->stopped;
}

/*
 * Takes the text from p->at to the `<` behind it as the value of the walk. Everything between two
 * entities is one piece.
 */
static inline bool
take_text(struct xd_xml_plain *p)
{
    struct xd_xml_walk *walk = p->walk;
    const char *text = walk->text.ptr;
    uint64_t from = p->at;
    uint64_t piece = from;
    bool entities = false;
    bool high = false;

    for (;;) {
        uint64_t at = text_end(p, p->at, &high);
        bool entity = text[at] == '&';
        p->at = at;
        if (is_near_end(p, at)) {
            return false;
        }
        if (text[at] == '<' || entity) {
            if (entities || entity) {
                xd_xml_value_add(walk, xd_slice_of(text + piece, at - piece), at);
            } else {
                walk->value = xd_slice_of(text + from, at - from);
                walk->value_offset = from;
            }
            if (!entity) {
                break;
            }
            entities = true;
            if (!take_entity(p)) {
                return false;
            }
            piece = p->at;
            continue;
        }
        if (text[at] == '\n') {
            p->unit_lines++;
        } else if (text[at] == ']' ? text[at + 1] == ']' : text[at] != '\t') {
            return false;
        }
        p->at++;
    }
    return p->at - from <= p->most_text &&
           !(high && has_noncharacter(xd_slice_of(text + from, p->at - from)));
}

static void
put_value(struct xd_xml_plain *p, const struct xd_shape_entry *entry, uint64_t empty_at)
{
    if (entry->kind == XD_SHAPE_VALUE) {
        xd_tape_value(&p->walk->tape, entry, p->walk->value,
                      p->walk->value.len ? p->walk->value_offset : empty_at);
    }
}

/* The place in which the next element stands. */
static inline struct xd_xml_place *
place_of(struct xd_xml_plain *p)
{
    return p->depth ? &p->open[p->depth].place : &p->walk->places[p->walk->depth - 1];
}

/* Goes into an element of others that stands at byte `offset`. */
static bool
enter(struct xd_xml_plain *p, const struct xd_xml_tag *tag, enum xd_xml_place_kind kind,
      uint64_t offset)
{
    struct xd_shape_tape *tape = &p->walk->tape;
    struct xd_xml_open *open = &p->open[p->depth + 1];

    if (p->walk->depth + p->depth + 1 >= XD_XML_PLACES || p->depth + 2 > p->most_levels ||
        p->walk->shaping.depth + tape->depth >= XD_SHAPE_NODES) {
        return false;
    }
    p->depth++;
    open->place =
        (struct xd_xml_place){.kind = kind, .entry = tag->entry, .node = tag->entry->node};
    open->tag = *tag;
    open->last = 0;
    if (kind == XD_XML_NODE) {
        xd_tape_enter(tape, tag->entry, offset);
    }
    return true;
}

/* Leaves the innermost element, whose end tag was read. */
static bool
leave(struct xd_xml_plain *p)
{
    const struct xd_xml_place *place = &p->open[p->depth].place;

    if (place->kind == XD_XML_NODE) {
        if (xd_xml_lacking(p->walk, place)) {
            return false;
        }
        xd_tape_leave(&p->walk->tape);
    }
    p->depth--;
    return true;
}

/* An element whose start tag was read up to p->at; `empty` where that was its end, too. */
static bool
take_element(struct xd_xml_plain *p, const struct xd_xml_tag *tag, enum xd_xml_place_kind kind,
             uint64_t start, bool empty)
{
    const char *text = p->walk->text.ptr;

    if (kind != XD_XML_VALUE) {
        return enter(p, tag, kind, start) && (!empty || leave(p));
    }
    p->walk->value = XD_NONE;
    if (!empty) {
        if (!take_text(p) || text[p->at + 1] != '/' || !is_tag(tag, text + p->at + 2)) {
            return false;
        }
        start = p->at;
        p->at += 2 + tag->len;
    }
    put_value(p, tag->entry, start);
    return true;
}

/* The entry that a name stands for in this place; NULL when the shape has none. */
static const struct xd_shape_entry *
entry_of(const struct xd_xml_plain *p, const struct xd_xml_place *in, struct xd_slice name)
{
    return in->kind == XD_XML_LIST ? in->entry : xd_shape_find(&p->walk->shape, in->node, name);
}

/* Reads a start tag that was not guessed; *empty: it ends its element. */
static bool
read_tag(struct xd_xml_plain *p, const struct xd_xml_place *in, struct xd_xml_tag *tag, bool *empty)
{
    const char *text = p->walk->text.ptr;
    struct xd_slice name = name_at(p, p->at + 1);
    const struct xd_shape_entry *entry = name.len ? entry_of(p, in, name) : NULL;
    uint64_t end = p->at + 1 + name.len;

    if (!entry) {
        return false;
    }
    learn(tag, name, entry);
    if (text[end] == '>') {
        p->at = end + 1;
        return true;
    }
    end += text[end] == ' ';
    *empty = true;
    p->at = end + 2;
    return text[end] == '/' && text[end + 1] == '>';
}

/* What the element is; false when it may not stand here. */
static inline bool
kind_of(const struct xd_xml_plain *p, const struct xd_xml_place *in,
        const struct xd_shape_entry *entry, enum xd_xml_place_kind *kind)
{
    static const uint8_t KINDS[] = {
        [XD_SHAPE_VALUE] = XD_XML_VALUE,  [XD_SHAPE_ITEM] = XD_XML_NODE,
        [XD_SHAPE_LIST] = XD_XML_LIST,    [XD_SHAPE_OBJECT] = XD_XML_NODE,
        [XD_SHAPE_IGNORE] = XD_XML_VALUE,
    };

    if (in->kind == XD_XML_LIST) {
        *kind = XD_XML_NODE;
        return true;
    }
    *kind = (enum xd_xml_place_kind)KINDS[entry->kind];
    return !xd_xml_is_twice(in, entry) && !xd_xml_is_late(p->walk, in, entry);
}

/* An element that starts at p->at. */
static inline bool
open_element(struct xd_xml_plain *p)
{
    struct xd_xml_place *in = place_of(p);
    unsigned *last = &p->open[p->depth].last;
    struct xd_xml_tag *guess =
        in->kind == XD_XML_LIST ? &p->items[in->node] : &p->next[in->node][*last];
    enum xd_xml_place_kind kind;
    uint64_t start = p->at;
    bool empty = false;

    if (is_tag(guess, p->walk->text.ptr + p->at + 1)) {
        p->at += 1 + guess->len;
    } else if (!read_tag(p, in, guess, &empty)) {
        return false;
    }
    if (++p->unit_elements > p->most_elements || !kind_of(p, in, guess->entry, &kind)) {
        return false;
    }
    if (in->kind != XD_XML_LIST) {
        xd_xml_note(in, guess->entry);
        *last = guess->entry->number + 1u;
    }
    return take_element(p, guess, kind, start, empty);
}

/* Looks through one element to its end, or finds that it is not plain. */
static bool
read_element(struct xd_xml_plain *p)
{
    const struct xd_shape_tape *tape = &p->walk->tape;
    const char *text = p->walk->text.ptr;
    size_t most = tape->count + EVENTS;

    do {
        if (!skip_blanks(p)) {
            return false;
        }
        if (text[p->at + 1] != '/') {
            if (!open_element(p)) {
                return false;
            }
        } else {
            const struct xd_xml_tag *tag = &p->open[p->depth].tag;
            if (p->depth == 0 || !is_tag(tag, text + p->at + 2)) {
                return false;
            }
            p->at += 2 + tag->len;
            if (!leave(p)) {
                return false;
            }
        }
    } while (p->depth && tape->count < most);
    return p->depth == 0 && !tape->failed;
}

uint64_t
xd_xml_plain_read(struct xd_xml_plain *p, uint64_t at)
{
    struct xd_xml_walk *walk = p->walk;
    struct xd_xml_place *in = &walk->places[walk->depth - 1];

    p->elements = 0;
    p->lines = 0;
    p->open[0].last = 0;
    while (!walk->stopped && in->kind != XD_XML_VALUE) {
        struct xd_xml_place place = *in;
        struct xd_tape_mark mark = xd_tape_mark(&walk->tape);
        p->at = at;
        p->depth = 0;
        p->unit_lines = 0;
        p->unit_elements = p->elements;
        if (p->most_levels == 0 || !read_element(p)) {
            *in = place;
            xd_tape_cut(&walk->tape, mark);
            break;
        }
        at = p->at;
        p->elements = p->unit_elements;
        p->lines += p->unit_lines;
        xd_xml_walk_played(walk, at);
    }
    return at;
}
