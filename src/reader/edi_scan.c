/*
 * SSE2 is part of every x86-64, so there is one way through the text and no switch. Bytes outside
 * the repertoire cost one comparison more; what exactly is odd about a segment is asked only when
 * one is.
 */
#include "reader/edi_scan.h"

#include <emmintrin.h>

bool
xd_edi_scan_init(struct xd_edi_scan *scan, struct xd_slice text, size_t limit,
                 struct xd_arena *arena)
{
    *scan = (struct xd_edi_scan){.text = text.ptr, .len = text.len, .limit = limit};
    scan->ends = xd_arena_array(arena, limit + 3, sizeof(*scan->ends));
    scan->stops = xd_arena_array(arena, limit + 3, sizeof(*scan->stops));
    scan->joined = xd_arena_alloc(arena, limit + 1);
    return scan->ends && scan->stops && scan->joined;
}

void
xd_edi_scan_separators(struct xd_edi_scan *scan)
{
    memset(scan->kinds, 0, sizeof(scan->kinds));
    scan->kinds[(unsigned char)scan->element] = XD_EDI_STOP_ELEMENT;
    scan->kinds[(unsigned char)scan->component] = XD_EDI_STOP_COMPONENT;
    if (scan->repeat) {
        scan->kinds[(unsigned char)scan->repeat] = XD_EDI_STOP_REPEAT;
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

/* What the 16 bytes at `p` hold. Signed comparison makes the bytes from 0x80 smaller than a space.
 */
static inline struct masks
look(const struct xd_edi_scan *scan, const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    struct masks masks;

    masks.special =
        equal(bytes, scan->element) | equal(bytes, scan->component) | equal(bytes, scan->segment);
    if (scan->release) {
        masks.special |= equal(bytes, scan->release);
    }
    if (scan->repeat) {
        masks.special |= equal(bytes, scan->repeat);
    }
    masks.odd = (uint32_t)_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20))) |
                equal(bytes, 0x7f);
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

/* Cuts s[0..len) into parts up to the terminator; the terminator's place, or `len` when there is
 * none. */
static size_t
cut(struct xd_edi_scan *scan, const char *s, size_t len)
{
    size_t skip = 0; /* bytes below are protected by a release character */
    uint8_t escaped = 0;
    uint32_t count = 0;
    uint32_t odd = 0;

    for (size_t at = 0; at < len; at += 16) {
        struct masks masks =
            len - at >= 16 ? look(scan, s + at) : look_at_tail(scan, s + at, len - at);
        odd |= masks.odd;
        for (; masks.special; masks.special &= masks.special - 1) {
            unsigned bit = (unsigned)__builtin_ctz(masks.special);
            size_t here = at + bit;
            if (here < skip) {
                continue;
            }
            if (s[here] == scan->segment) {
                scan->odd = ((odd & ~masks.odd) | (masks.odd & ((1u << bit) - 1))) != 0;
                scan->ends[count] = (uint32_t)here;
                scan->stops[count] = XD_EDI_STOP_SEGMENT | escaped;
                scan->count = count + 1;
                return here;
            }
            if (scan->release && s[here] == scan->release) {
                escaped = XD_EDI_STOP_ESCAPED;
                skip = protected_end(s, here, len);
                continue;
            }
            scan->ends[count] = (uint32_t)here;
            scan->stops[count++] = (uint8_t)(scan->kinds[(unsigned char)s[here]] | escaped);
            escaped = 0;
        }
    }
    scan->odd = odd != 0;
    scan->ends[count] = (uint32_t)len;
    scan->stops[count] = XD_EDI_STOP_SEGMENT | escaped;
    scan->count = count + 1;
    return len;
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
xd_edi_part_offset(const struct xd_edi_scan *scan, uint32_t index)
{
    size_t begin = index ? scan->ends[index - 1] + 1 : 0;
    size_t at = scan->offset;

    if (!scan->wrapped) {
        return at + begin;
    }
    for (;; at++) {
        if (scan->text[at] == '\r' || scan->text[at] == '\n') {
            continue;
        }
        if (begin-- == 0) {
            return at;
        }
    }
}
