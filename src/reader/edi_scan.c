/*
 * SSE2 is part of every x86-64, so there is one way through the text and no switch. Bytes outside
 * the repertoire cost one comparison more; what exactly is odd about a segment is asked only when
 * one is.
 */
#include "reader/edi_scan.h"

#include <emmintrin.h>

#define BLOCK        64
#define WIDE         16
#define WINDOW_LEAST 8192 /* with its marks it stays in the first-level cache */

static bool
take_room(struct xd_edi_marks *marks, size_t bytes, struct xd_arena *arena)
{
    marks->ends = xd_arena_array(arena, bytes + WIDE, sizeof(*marks->ends));
    marks->stops = xd_arena_array(arena, bytes + WIDE, sizeof(*marks->stops));
    marks->odd = xd_arena_array(arena, bytes + 1, sizeof(*marks->odd));
    return marks->ends && marks->stops && marks->odd;
}

/* Bytes that are looked through at once: a segment of the limit and what shows that it is longer
 * fit in. */
static size_t
window_size(const struct xd_edi_scan *scan)
{
    size_t least = scan->limit > WINDOW_LEAST - BLOCK ? scan->limit + BLOCK : WINDOW_LEAST;

    return least - least % BLOCK;
}

bool
xd_edi_scan_init(struct xd_edi_scan *scan, struct xd_slice text, struct xd_arena *arena)
{
    size_t window = window_size(scan);

    scan->text = text.ptr;
    scan->len = text.len;
    scan->expected = SIZE_MAX;
    scan->element_room = xd_arena_array(arena, window + 2, sizeof(*scan->element_room));
    scan->joined = xd_arena_alloc(arena, scan->limit + WIDE);
    scan->window.wide_end = text.len < WIDE ? text.ptr : text.ptr + text.len - WIDE + 1;
    scan->joint.wide_end = scan->joined + scan->limit + 1;
    return take_room(&scan->window, window, arena) &&
           take_room(&scan->joint, scan->limit + 1, arena) && scan->element_room && scan->joined;
}

void
xd_edi_scan_separators(struct xd_edi_scan *scan)
{
    const char wanted[5] = {scan->element, scan->component, scan->segment,
                            scan->repeat ? scan->repeat : scan->segment,
                            scan->release ? scan->release : 0x7f};

    memset(scan->kinds, XD_EDI_STOP_SEGMENT, sizeof(scan->kinds));
    scan->kinds[(unsigned char)scan->element] = XD_EDI_STOP_ELEMENT;
    scan->kinds[(unsigned char)scan->component] = XD_EDI_STOP_COMPONENT;
    if (scan->repeat) {
        scan->kinds[(unsigned char)scan->repeat] = XD_EDI_STOP_REPEAT;
    }
    for (size_t i = 0; i < 5; i++) {
        memset(scan->wanted[i], wanted[i], sizeof(scan->wanted[i]));
    }
    scan->expected = SIZE_MAX;
}

/* --- looking through --- */

struct masks {
    uint64_t stops;
    uint64_t odd;
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

static inline __m128i
is(const struct xd_edi_scan *scan, __m128i bytes, unsigned wanted)
{
    return _mm_cmpeq_epi8(bytes, load(scan->wanted[wanted]));
}

/* What the 64 bytes at `p` hold. Signed comparison makes the bytes from 0x80 smaller than a space.
 */
static inline struct masks
look(const struct xd_edi_scan *scan, const char *p)
{
    struct masks masks = {0, 0};

    for (unsigned shift = 0; shift < BLOCK; shift += 16) {
        __m128i bytes = load(p + shift);
        __m128i stops = _mm_or_si128(_mm_or_si128(is(scan, bytes, 0), is(scan, bytes, 1)),
                                     _mm_or_si128(is(scan, bytes, 2), is(scan, bytes, 3)));
        __m128i odd = _mm_or_si128(_mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                                _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))),
                                   is(scan, bytes, 4));
        uint32_t outside =
            scan->repertoire == XD_EDI_PRINTABLE ? 0 : outside_level(bytes, scan->repertoire);
        masks.stops |= (uint64_t)(uint32_t)_mm_movemask_epi8(stops) << shift;
        masks.odd |= (uint64_t)((uint32_t)_mm_movemask_epi8(odd) | outside) << shift;
    }
    masks.odd &= ~masks.stops;
    return masks;
}

/* The last bytes of the text, where a whole load would read behind it. */
static struct masks
look_at_tail(const struct xd_edi_scan *scan, const char *p, size_t len)
{
    char block[BLOCK] = {0};
    uint64_t inside = (1ull << len) - 1;
    struct masks masks;

    memcpy(block, p, len);
    masks = look(scan, block);
    masks.stops &= inside;
    masks.odd &= inside;
    return masks;
}

/* The byte that the release character at `at` protects: line ends between them belong to neither,
 * unless they are what ends a segment. */
static size_t
protected_by(const struct xd_edi_scan *scan, const char *s, size_t at, size_t len)
{
    do {
        at++;
    } while (at < len && (s[at] == '\r' || s[at] == '\n') && s[at] != scan->segment);
    return at;
}

/* Without the byte at `place` when it is one of the 64 at `at`. */
static uint64_t
without(uint64_t mask, size_t at, size_t place)
{
    return place - at < BLOCK ? mask & ~(1ull << (place - at)) : mask;
}

/*
 * Finds the marks of text[0..len); `beyond` bytes follow that are only looked at to find what a
 * release character protects.
 */
static void
look_through(const struct xd_edi_scan *scan, struct xd_edi_marks *marks, const char *text,
             size_t len, size_t beyond)
{
    const uint8_t *kinds = scan->kinds;
    uint32_t *restrict ends = marks->ends;
    uint8_t *restrict stops = marks->stops;
    uint32_t *restrict odd = marks->odd;
    size_t protected = SIZE_MAX; /* byte that a release character protects */

    marks->text = text;
    for (size_t at = 0; at < len; at += BLOCK) {
        struct masks masks =
            len - at >= BLOCK ? look(scan, text + at) : look_at_tail(scan, text + at, len - at);
        masks.stops = without(masks.stops, at, protected);
        for (; masks.odd; masks.odd &= masks.odd - 1) {
            size_t here = at + (unsigned)__builtin_ctzll(masks.odd);
            *odd++ = (uint32_t)here;
            if (scan->release && text[here] == scan->release && here != protected) {
                protected = protected_by(scan, text, here, len + beyond);
                masks.stops = without(masks.stops, at, protected);
                if (protected < len && text[protected] == scan->segment && text[protected] < ' ') {
                    *odd++ = (uint32_t) protected; /* a line end as data */
                }
            }
        }
        for (; masks.stops; masks.stops &= masks.stops - 1) {
            size_t here = at + (unsigned)__builtin_ctzll(masks.stops);
            *ends++ = (uint32_t)here;
            *stops++ = kinds[(unsigned char)text[here]];
        }
    }
    *ends = (uint32_t)len;
    *stops = XD_EDI_STOP_TEXT;
    *odd = UINT32_MAX;
}

/* --- segments --- */

/* Which element is the last that was repeated. */
static uint32_t
find_repeated(const uint8_t *stops, uint32_t count)
{
    uint32_t repeated = 0;
    uint32_t elements = 0;

    for (uint32_t i = 0; i < count; i++) {
        elements += stops[i] & 1;
        repeated = stops[i] == XD_EDI_STOP_REPEAT ? elements : repeated;
    }
    return repeated;
}

void
xd_edi_scan_split(struct xd_edi_scan *scan)
{
    uint32_t *room = scan->element_room;
    uint32_t elements = 0;
    unsigned seen = 0;

    for (uint32_t part = 0; part < scan->count; part++) {
        unsigned stop = scan->stops[part];
        room[elements + 1] = part + 1;
        elements += stop & 1;
        seen |= stop;
    }
    scan->split = true;
    scan->element_part = room;
    scan->beyond = elements > scan->element_limit;
    scan->elements = scan->beyond ? (uint32_t)scan->element_limit : elements;
    room[scan->elements + 1] = scan->count;
    scan->repeated = seen & (XD_EDI_STOP_REPEAT - 1) ? find_repeated(scan->stops, scan->count) : 0;
}

/* Takes `count` parts from `first` on: what ended them. */
static inline uint8_t
take_run(struct xd_edi_scan *scan, const struct xd_edi_marks *marks, uint32_t first, uint32_t count)
{
    scan->base = marks->text;
    scan->wide_end = marks->wide_end;
    scan->stops = marks->stops + first;
    scan->ends = marks->ends + first;
    scan->count = count;
    scan->size = scan->ends[count - 1] - scan->from;
    scan->split = false;
    return scan->stops[count - 1];
}

/* Parts from `first` on up to what ends the segment. */
static inline uint32_t
count_parts(const struct xd_edi_marks *marks, uint32_t first)
{
    const uint8_t *stops = marks->stops + first;
    __m128i block = load((const char *)stops);
    uint32_t last =
        (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(block, _mm_set1_epi8(XD_EDI_STOP_SEGMENT - 1)));
    uint32_t count = 16;

    if (last) {
        return (uint32_t)__builtin_ctz(last) + 1;
    }
    while (stops[count] < XD_EDI_STOP_SEGMENT) {
        count++;
    }
    return count + 1;
}

/* Takes the parts from `first` on up to what ends the segment: that end. */
static inline uint8_t
take_parts(struct xd_edi_scan *scan, const struct xd_edi_marks *marks, uint32_t first)
{
    return take_run(scan, marks, first, count_parts(marks, first));
}

/* Tells what is odd about the segment: its oddities are those from `at` on; the first that is not
 * its own. */
static inline uint32_t
take_oddities(struct xd_edi_scan *scan, const struct xd_edi_marks *marks, uint32_t at)
{
    uint32_t end = scan->from + (uint32_t)scan->size;

    scan->odd = false;
    scan->escaped = false;
    while (marks->odd[at] < scan->from) {
        at++; /* a line end between segments */
    }
    for (; marks->odd[at] < end; at++) {
        bool release = scan->release && marks->text[marks->odd[at]] == scan->release;
        scan->escaped |= release;
        scan->odd |= !release;
    }
    return at;
}

/* Line ends, blanks and empty segments between segments mean nothing; the empty ones are counted.
 */
static void
skip_between(struct xd_edi_scan *scan)
{
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
    const char *start = scan->base + scan->from;
    size_t len = 0;

    for (size_t i = 0; i < scan->size; i++) {
        /* One that ends segments can only stand here as data, behind a release character. */
        if ((start[i] != '\r' && start[i] != '\n') || start[i] == scan->segment) {
            scan->joined[len++] = start[i];
        }
    }
    if (len == scan->size) {
        return;
    }
    scan->wrapped = true;
    scan->from = 0;
    look_through(scan, &scan->joint, scan->joined, len, 0);
    (void)take_parts(scan, &scan->joint, 0);
    (void)take_oddities(scan, &scan->joint, 0);
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

static void
open_window(struct xd_edi_scan *scan)
{
    size_t rest = scan->len - scan->at;
    size_t size = window_size(scan);

    scan->window_at = scan->at;
    scan->window_len = rest < size ? rest : size;
    scan->next_end = 0;
    scan->next_odd = 0;
    look_through(scan, &scan->window, scan->text + scan->at, scan->window_len,
                 rest - scan->window_len);
}

/* Cuts the segment that starts at `at`, with a new window where the old one ends inside it: what
 * ended it. */
static uint8_t
cut(struct xd_edi_scan *scan, bool in_window)
{
    uint8_t end = XD_EDI_STOP_TEXT;

    if (in_window) {
        scan->from = (uint32_t)(scan->at - scan->window_at);
        while (scan->window.ends[scan->next_end] < scan->from) {
            scan->next_end++; /* an empty segment */
        }
        end = take_parts(scan, &scan->window, scan->next_end);
    }
    if (end == XD_EDI_STOP_TEXT && (!in_window || scan->window_at + scan->window_len < scan->len)) {
        open_window(scan);
        scan->from = 0;
        end = take_parts(scan, &scan->window, 0);
    }
    return end;
}

/* Leaves out what stands behind the last value: of a segment that only the end of the text ends any
 * blanks, where lines end the segments the other half of CR LF. */
static void
trim_end(struct xd_edi_scan *scan, bool open)
{
    uint32_t *last = scan->window.ends + scan->next_end + scan->count - 1;
    uint32_t begin = xd_edi_part_begin(scan, scan->count - 1);

    while (*last > begin &&
           (open ? xd_is_blank(scan->base[*last - 1]) : scan->base[*last - 1] == '\r')) {
        (*last)--;
    }
    scan->size = *last - scan->from;
}

/* What is left to do with the segment that was cut at `at`. */
static enum xd_edi_scan_status
finish(struct xd_edi_scan *scan, uint8_t end)
{
    size_t whole = scan->size;

    if (whole <= scan->limit && (end != XD_EDI_STOP_SEGMENT || scan->segment == '\n')) {
        trim_end(scan, end != XD_EDI_STOP_SEGMENT);
    }
    scan->next_end += scan->count;
    scan->offset = scan->at;
    scan->wrapped = false;
    if (scan->size > scan->limit) {
        scan->size = scan->limit;
        scan->at = skip_long(scan, scan->at);
        scan->expected = SIZE_MAX;
        return XD_EDI_SCAN_TOO_LONG;
    }
    scan->next_odd = take_oddities(scan, &scan->window, scan->next_odd);
    scan->at += whole + (end == XD_EDI_STOP_SEGMENT);
    scan->expected = scan->at;
    if (scan->odd) {
        unwrap(scan);
    }
    return end == XD_EDI_STOP_SEGMENT ? XD_EDI_SCAN_SEGMENT : XD_EDI_SCAN_OPEN;
}

/* The next segment where something stands between it and the last one, or the window ends. */
static enum xd_edi_scan_status
next_elsewhere(struct xd_edi_scan *scan)
{
    bool in_window = scan->at == scan->expected;

    skip_between(scan);
    if (scan->at >= scan->len) {
        return XD_EDI_SCAN_END;
    }
    in_window = in_window && scan->at < scan->window_at + scan->window_len;
    return finish(scan, cut(scan, in_window));
}

enum xd_edi_scan_status
xd_edi_scan_next(struct xd_edi_scan *scan)
{
    uint8_t end;

    scan->empty = 0;
    if (scan->at != scan->expected || scan->at >= scan->len || scan->text[scan->at] <= ' ' ||
        scan->text[scan->at] == scan->segment) {
        return next_elsewhere(scan);
    }
    scan->from = (uint32_t)(scan->at - scan->window_at);
    end = take_parts(scan, &scan->window, scan->next_end);
    if (end != XD_EDI_STOP_SEGMENT) {
        return next_elsewhere(scan);
    }
    if (scan->size > scan->limit || scan->window.odd[scan->next_odd] < scan->from + scan->size) {
        return finish(scan, end);
    }
    /* What most segments are: nothing is odd about them, and nothing stands in front of them. */
    scan->odd = false;
    scan->escaped = false;
    scan->wrapped = false;
    scan->next_end += scan->count;
    scan->offset = scan->at;
    scan->at += scan->size + 1;
    scan->expected = scan->at;
    return XD_EDI_SCAN_SEGMENT;
}

size_t
xd_edi_wrapped_offset(const struct xd_edi_scan *scan, uint32_t index)
{
    size_t begin = xd_edi_part_begin(scan, index);
    size_t at = scan->offset;

    for (;; at++) {
        if ((scan->text[at] == '\r' || scan->text[at] == '\n') && scan->text[at] != scan->segment) {
            continue;
        }
        if (begin-- == 0) {
            return at;
        }
    }
}
