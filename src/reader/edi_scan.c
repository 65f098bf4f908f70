/*
 * SSE2 is part of every x86-64, so there is one way through the text and no switch. Bytes outside
 * the repertoire cost one comparison more; what exactly is odd about a segment is asked only when
 * one is.
 */
#include "reader/edi_scan.h"

#include <emmintrin.h>

bool
xd_edi_scan_init(struct xd_edi_scan *scan, struct xd_slice text, struct xd_arena *arena)
{
    size_t room = scan->limit + 3;

    scan->text = text.ptr;
    scan->len = text.len;
    scan->ends = xd_arena_array(arena, room, sizeof(*scan->ends));
    scan->stops = xd_arena_array(arena, room, sizeof(*scan->stops));
    scan->element_part =
        xd_arena_array(arena, scan->element_limit + 2, sizeof(*scan->element_part));
    scan->joined = xd_arena_alloc(arena, room);
    return scan->ends && scan->stops && scan->element_part && scan->joined;
}

void
xd_edi_scan_separators(struct xd_edi_scan *scan)
{
    const char wanted[5] = {scan->element, scan->component, scan->segment,
                            scan->release ? scan->release : scan->segment,
                            scan->repeat ? scan->repeat : scan->segment};

    memset(scan->kinds, XD_EDI_STOP_SEGMENT, sizeof(scan->kinds));
    if (scan->release) {
        scan->kinds[(unsigned char)scan->release] = XD_EDI_STOP_RELEASE;
    }
    scan->kinds[(unsigned char)scan->element] = XD_EDI_STOP_ELEMENT;
    scan->kinds[(unsigned char)scan->component] = XD_EDI_STOP_COMPONENT;
    if (scan->repeat) {
        scan->kinds[(unsigned char)scan->repeat] = XD_EDI_STOP_REPEAT;
    }
    for (size_t i = 0; i < 5; i++) {
        memset(scan->wanted[i], wanted[i], sizeof(scan->wanted[i]));
    }
}

struct masks {
    uint32_t special;
    uint32_t odd;
};

static uint32_t
equal(__m128i bytes, char c)
{
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

static uint32_t
above(__m128i bytes, char c)
{
    return (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(c)));
}

/* Signs and letters that levels A and B of ISO 9735 lack, among the printable ones. */
static uint32_t
outside_level(__m128i bytes, enum xd_edi_repertoire repertoire)
{
    uint32_t odd = equal(bytes, '#') | equal(bytes, '$') | equal(bytes, '@');

    if (repertoire == XD_EDI_LEVEL_A) {
        return odd | above(bytes, 'Z');
    }
    return odd | above(bytes, 'z') | (above(bytes, 'Z') & ~above(bytes, '`'));
}

static inline __m128i
load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* What the 16 bytes at `p` hold. Signed comparison makes the bytes from 0x80 smaller than a space.
 */
static inline struct masks
look(const struct xd_edi_scan *scan, const char *p)
{
    __m128i bytes = load(p);
    __m128i special = _mm_cmpeq_epi8(bytes, load(scan->wanted[0]));
    __m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    struct masks masks;

    for (unsigned i = 1; i < 5; i++) {
        special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, load(scan->wanted[i])));
    }
    masks.special = (uint32_t)_mm_movemask_epi8(special);
    masks.odd = (uint32_t)_mm_movemask_epi8(odd);
    if (scan->repertoire != XD_EDI_PRINTABLE) {
        masks.odd |= outside_level(bytes, scan->repertoire);
    }
    masks.odd &= ~masks.special;
    return masks;
}

/* The last bytes of the text, where a whole load would read behind it. */
static struct masks
look_at_tail(const struct xd_edi_scan *scan, const char *p, size_t len)
{
    char block[16] = {0};
    uint32_t inside = (1u << len) - 1;
    struct masks masks;

    memcpy(block, p, len);
    masks = look(scan, block);
    masks.special &= inside;
    masks.odd &= inside;
    return masks;
}

/* The byte behind the one that the release character at `at` protects; line ends between them
 * belong to neither. */
static size_t
protected_end(const char *s, size_t at, size_t len)
{
    at++;
    while (at < len && (s[at] == '\r' || s[at] == '\n')) {
        at++;
    }
    return at + 1;
}

/* What has been cut of a segment: kept in registers until its end. */
struct cutting {
    uint32_t *restrict ends;
    uint8_t *restrict stops;
    uint32_t *restrict element_part;
    uint32_t count;
    uint32_t elements;
    uint32_t repeated;
    uint8_t escaped; /* the part being cut */
    bool any_escaped;
    bool beyond;
};

/* A part ends at `here` with a separator of that kind. */
static inline void
end_part(struct cutting *cutting, size_t element_limit, size_t here, uint8_t kind)
{
    cutting->ends[cutting->count] = (uint32_t)here;
    cutting->stops[cutting->count++] = (uint8_t)(kind | cutting->escaped);
    cutting->escaped = 0;
    if (kind == XD_EDI_STOP_COMPONENT) {
        return;
    }
    if (cutting->elements == element_limit) {
        cutting->beyond = true;
        return;
    }
    cutting->element_part[++cutting->elements] = cutting->count;
    if (kind == XD_EDI_STOP_REPEAT) {
        cutting->repeated = cutting->elements;
    }
}

/* The segment ends at `here`. */
static inline size_t
end_segment(struct xd_edi_scan *scan, struct cutting cutting, size_t here, bool odd)
{
    cutting.ends[cutting.count] = (uint32_t)here;
    cutting.stops[cutting.count] = XD_EDI_STOP_SEGMENT | cutting.escaped;
    cutting.element_part[cutting.elements + 1] = cutting.count + 1;
    scan->count = cutting.count + 1;
    scan->elements = cutting.elements;
    scan->repeated = cutting.repeated;
    scan->escaped = cutting.any_escaped;
    scan->beyond = cutting.beyond;
    scan->odd = odd;
    return here;
}

/* Cuts s[0..len) into parts up to the terminator; the terminator's place, or `len` when there is
 * none. */
static size_t
cut(struct xd_edi_scan *scan, const char *s, size_t len)
{
    struct cutting cutting = {scan->ends, scan->stops, scan->element_part, 0, 0, 0, 0,
                              false,      false};
    const uint8_t *kinds = scan->kinds;
    size_t skip = 0; /* bytes below are protected by a release character */
    uint32_t odd = 0;

    for (size_t at = 0; at < len; at += 16) {
        struct masks masks =
            len - at >= 16 ? look(scan, s + at) : look_at_tail(scan, s + at, len - at);
        for (uint32_t special = masks.special; special; special &= special - 1) {
            unsigned bit = (unsigned)__builtin_ctz(special);
            size_t here = at + bit;
            uint8_t kind = kinds[(unsigned char)s[here]];
            if (here < skip) {
                continue;
            }
            if (kind == XD_EDI_STOP_SEGMENT) {
                odd |= masks.odd & ((1u << bit) - 1);
                return end_segment(scan, cutting, here, odd != 0);
            }
            if (kind == XD_EDI_STOP_RELEASE) {
                cutting.escaped = XD_EDI_STOP_ESCAPED;
                cutting.any_escaped = true;
                skip = protected_end(s, here, len);
                continue;
            }
            end_part(&cutting, scan->element_limit, here, kind);
        }
        odd |= masks.odd;
    }
    return end_segment(scan, cutting, len, odd != 0);
}

/* Line ends, blanks and empty segments between segments mean nothing; the empty ones are counted.
 */
static void
skip_between(struct xd_edi_scan *scan)
{
    scan->empty = 0;
    while (scan->at < scan->len) {
        char c = scan->text[scan->at];
        if (c == scan->segment && !xd_is_blank(c)) {
            scan->empty++;
        } else if (!xd_is_blank(c) || c == scan->element) {
            return;
        }
        scan->at++;
    }
}

/* Leaves the line ends out that an 80-column wrap put inside the segment, and cuts again. */
static void
unwrap(struct xd_edi_scan *scan)
{
    size_t len = 0;

    for (size_t i = 0; i < scan->size; i++) {
        if (scan->start[i] != '\r' && scan->start[i] != '\n') {
            scan->joined[len++] = scan->start[i];
        }
    }
    if (len == scan->size) {
        return;
    }
    scan->wrapped = true;
    scan->start = scan->joined;
    scan->size = len;
    (void)cut(scan, scan->joined, len);
}

static size_t
skip_long(const struct xd_edi_scan *scan, size_t at)
{
    for (; at < scan->len && scan->text[at] != scan->segment; at++) {
        if (scan->release && scan->text[at] == scan->release) {
            at++;
        }
    }
    return at < scan->len ? at + 1 : scan->len;
}

enum xd_edi_scan_status
xd_edi_scan_next(struct xd_edi_scan *scan)
{
    size_t room;
    bool open;

    skip_between(scan);
    if (scan->at >= scan->len) {
        return XD_EDI_SCAN_END;
    }
    room = scan->len - scan->at;
    scan->offset = scan->at;
    scan->start = scan->text + scan->at;
    scan->wrapped = false;
    scan->size = cut(scan, scan->start, room > scan->limit ? scan->limit + 1 : room);
    if (scan->size > scan->limit) {
        scan->size = scan->limit;
        scan->at = skip_long(scan, scan->at);
        return XD_EDI_SCAN_TOO_LONG;
    }
    open = scan->size == room;
    scan->at += open ? room : scan->size + 1;
    if (scan->odd) {
        unwrap(scan);
    }
    return open ? XD_EDI_SCAN_OPEN : XD_EDI_SCAN_SEGMENT;
}

size_t
xd_edi_wrapped_offset(const struct xd_edi_scan *scan, uint32_t index)
{
    size_t begin = index ? scan->ends[index - 1] + 1 : 0;
    size_t at = scan->offset;

    for (;; at++) {
        if (scan->text[at] == '\r' || scan->text[at] == '\n') {
            continue;
        }
        if (begin-- == 0) {
            return at;
        }
    }
}
