/*
 * A segment against its definition: mandatory parts, lengths and kinds of characters. Nearly every
 * part of a real message is plain text of a fitting length, so that is settled in two comparisons
 * and only the rest is looked at closely.
 */
#include "reader/edi.h"

#include <emmintrin.h>

#include "base/date.h"

struct xd_slice
xd_edi_composite(const struct xd_edi *edi, unsigned element)
{
    struct xd_slice first = xd_edi_raw(edi, element, 1);
    uint32_t next;

    if (!first.ptr) {
        return XD_NONE;
    }
    next = edi->scan.element_part[element + 1];
    while (next - 1 > edi->scan.element_part[element] &&
           xd_edi_part(&edi->scan, next - 1).len == 0) {
        next--;
    }
    return xd_slice_of(first.ptr, (size_t)(edi->scan.base + edi->scan.ends[next - 1] - first.ptr));
}

static bool
number_is_sound(struct xd_slice text, bool decimals, char mark, enum xd_finding_code *wrong)
{
    size_t at = text.len && text.ptr[0] == '-';
    size_t digits = 0;
    size_t marks = 0;

    *wrong = XD_F_EDI_ELEMENT_TYPE;
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        if (xd_is_digit(c)) {
            digits++;
        } else if (decimals && (c == '.' || (mark && c == mark))) {
            marks++;
            if (mark && digits == 0) {
                *wrong = XD_F_EDI_DECIMAL_DIGIT;
                return false;
            }
        } else {
            return false;
        }
    }
    *wrong = XD_F_EDI_DECIMAL;
    return digits > 0 && marks <= 1 && !(mark && marks && !xd_is_digit(text.ptr[text.len - 1]));
}

static int
two_digits(struct xd_slice text, size_t at)
{
    return (text.ptr[at] - '0') * 10 + (text.ptr[at + 1] - '0');
}

static bool
date_is_sound(struct xd_slice text)
{
    int year;
    xd_date date;

    if (!xd_slice_digits(text) || (text.len != 6 && text.len != 8)) {
        return false;
    }
    year = text.len == 8 ? two_digits(text, 0) * 100 + two_digits(text, 2)
                         : 2000 + two_digits(text, 0);
    return xd_date_make(year, two_digits(text, text.len - 4), two_digits(text, text.len - 2),
                        &date);
}

static bool
time_is_sound(struct xd_slice text)
{
    if (!xd_slice_digits(text) || text.len < 4) {
        return false;
    }
    return two_digits(text, 0) < 24 && two_digits(text, 2) < 60 &&
           (text.len < 6 || two_digits(text, 4) < 60);
}

static bool
letters_only(struct xd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!xd_is_alpha(text.ptr[i]) && text.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

/* What is wrong with a value that is no plain text, or XD_F_NONE. */
static enum xd_finding_code
kind_fault(const struct xd_edi *edi, const struct xd_edi_component *definition,
           struct xd_slice text)
{
    enum xd_finding_code wrong = XD_F_NONE;
    bool x12 = edi->syntax == XD_EDI_X12;

    switch (definition->form) {
    case XD_EDI_A:
        return letters_only(text) ? XD_F_NONE : XD_F_EDI_ELEMENT_TYPE;
    case XD_EDI_N:
        return number_is_sound(text, !x12, x12 ? 0 : edi->decimal, &wrong) ? XD_F_NONE : wrong;
    case XD_EDI_R:
        return number_is_sound(text, true, 0, &wrong) ? XD_F_NONE : wrong;
    case XD_EDI_DT:
        return date_is_sound(text) ? XD_F_NONE : XD_F_EDI_DATE;
    case XD_EDI_TM:
        return time_is_sound(text) ? XD_F_NONE : XD_F_EDI_TIME;
    default:
        return XD_F_NONE;
    }
}

/* Sign and decimal mark do not count toward the length of a number. */
static size_t
counted_length(const struct xd_edi *edi, const struct xd_edi_component *definition,
               struct xd_slice text)
{
    size_t digits = 0;

    if (definition->form != XD_EDI_N && definition->form != XD_EDI_R) {
        return xd_edi_length(edi, text);
    }
    for (size_t i = 0; i < text.len; i++) {
        digits += xd_is_digit(text.ptr[i]);
    }
    return digits;
}

/* The close look. `component` is 0 for a stand-alone element. */
static void
check_value(struct xd_edi *edi, const struct xd_edi_component *definition, struct xd_slice text,
            enum xd_edi_level level, unsigned element, unsigned component)
{
    enum xd_finding_code code = kind_fault(edi, definition, text);
    size_t length = counted_length(edi, definition, text);

    if (code != XD_F_NONE) {
        xd_edi_tell(edi, level, code, element, component, NULL);
        return;
    }
    if (length > definition->most) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_TOO_LONG, element, component,
                    "%zu characters, at most %u", length, definition->most);
    } else if (length < definition->least) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_TOO_SHORT, element, component,
                    "%zu characters, at least %u", length, definition->least);
    }
}

/* Looks at the bytes of every part of a segment that has odd ones. */
static void
check_characters(struct xd_edi *edi, const struct xd_edi_element *elements, unsigned count,
                 enum xd_edi_level level)
{
    for (unsigned element = 1; element <= count; element++) {
        bool composite = elements[element - 1].components > 1;
        struct xd_slice part;
        for (unsigned component = 1; (part = xd_edi_raw(edi, element, component)).ptr;
             component++) {
            enum xd_edi_text_status status = xd_edi_text_check(edi, part);
            if (status == XD_EDI_TEXT_INVALID) {
                xd_edi_tell(edi, level, XD_F_EDI_CHARACTER, element, composite ? component : 0,
                            "character set %.*s", XD_FMT(edi->charset.name));
            } else if (status == XD_EDI_TEXT_OUTSIDE_LEVEL && !edi->told_set) {
                edi->told_set = true;
                edi->scan.repertoire = XD_EDI_PRINTABLE;
                xd_edi_note(edi, XD_F_EDI_CHARACTER_SET, "first in element %u", element);
            }
        }
    }
}

/* Limits of the program, and what nothing that is read here has: repetitions, and nesting told in
 * the tag. */
static void
tell_shape(struct xd_edi *edi, enum xd_edi_level level)
{
    const struct xd_edi_scan *scan = &edi->scan;

    if (scan->beyond) {
        xd_edi_tell(edi, level, XD_F_EDI_TOO_MANY_ELEMENTS, 0, 0, "limit edi-elements=%zu",
                    scan->element_limit);
    }
    if (xd_edi_tag_is_composite(scan)) {
        xd_edi_tell(edi, level, XD_F_EDI_TAG_COMPONENTS, 0, 0, NULL);
    }
    if (scan->repeated) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_EXTRA, scan->repeated, 0,
                    "the element cannot be repeated");
    }
}

/* More components than the element has: beyond the limit of the program, or just beyond the
 * definition. */
static void
tell_extra(struct xd_edi *edi, enum xd_edi_level level, unsigned number, uint32_t components,
           unsigned component)
{
    if (components > edi->scan.component_limit) {
        xd_edi_tell(edi, level, XD_F_EDI_TOO_MANY_ELEMENTS, number, 0, "limit edi-components=%zu",
                    edi->scan.component_limit);
    } else {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_EXTRA, number, component, NULL);
    }
}

/* Bytes among the first `len` <= 16 that are no digits, a bit each; 16 can be read. */
static inline uint32_t
no_digits(const char *text, uint32_t len)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);

    bytes = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8('0')),
                         _mm_cmpgt_epi8(bytes, _mm_set1_epi8('9')));
    return (uint32_t)_mm_movemask_epi8(bytes) & ((1u << len) - 1);
}

/* A number of at most 16 bytes that has nothing but digits or one decimal mark between digits. The
 * mark does not count toward the length. */
static inline bool
is_plain_number(const struct xd_edi *edi, const struct xd_edi_component *definition,
                const char *text, uint32_t len)
{
    uint32_t other;
    unsigned place;

    if (len > 16 || text >= edi->scan.wide_end) {
        return false; /* nothing is wrong with it as far as is known here */
    }
    other = no_digits(text, len);
    if (other == 0) {
        return len - definition->least <= definition->range;
    }
    place = (unsigned)__builtin_ctz(other);
    return definition->form != edi->whole_numbers && (other & (other - 1)) == 0 && place > 0 &&
           place + 1 < len &&
           (text[place] == '.' || (edi->decimal && text[place] == edi->decimal)) &&
           len - 1 - definition->least <= definition->range;
}

/* Plain text of a fitting length, or a plain number: what nearly every part is. */
static inline bool
is_plain(const struct xd_edi *edi, const struct xd_edi_component *definition, const char *text,
         uint32_t len)
{
    if (definition->form == XD_EDI_AN) {
        return len - definition->least <= definition->range;
    }
    return (definition->form == XD_EDI_N || definition->form == XD_EDI_R) &&
           is_plain_number(edi, definition, text, len);
}

/* True when nothing about the segment asks for a closer look: what nearly every segment is. A part
 * with release characters is longer than its value, so that its least length is not known. */
static inline bool
parts_are_sound(const struct xd_edi *edi, const struct xd_edi_component *component, bool escaped)
{
    const struct xd_edi_scan *scan = &edi->scan;
    uint32_t from = scan->ends[0] + 1;

    for (uint32_t part = 1; part < scan->count; part++) {
        uint32_t end = scan->ends[part];
        uint32_t len = end - from;
        unsigned ends = scan->stops[part] != XD_EDI_STOP_COMPONENT;
        if (!(component->allows >> ((len ? 2u : 0u) + ends) & 1) ||
            (len && !is_plain(edi, component, scan->base + from, len)) ||
            (escaped && len && component->least > 1)) {
            return false;
        }
        component += component->next[ends];
        from = end + 1;
    }
    return true;
}

static bool
is_sound(const struct xd_edi *edi, const struct xd_edi_directory *directory,
         const struct xd_edi_segment *definition)
{
    const struct xd_edi_scan *scan = &edi->scan;
    const struct xd_edi_component *component =
        &directory->components[directory->elements[definition->first].first];

    if (scan->beyond || scan->repeated || scan->odd || xd_edi_tag_is_composite(scan) ||
        scan->elements < definition->needed) {
        return false;
    }
    return scan->escaped ? parts_are_sound(edi, component, true)
                         : parts_are_sound(edi, component, false);
}

/* True when a part needs no closer look. One with release characters is longer than its value: text
 * that fits all the same fits. */
static bool
fits(const struct xd_edi *edi, const struct xd_edi_component *definition, struct xd_slice text)
{
    if (xd_edi_is_escaped(&edi->scan, text)) {
        return definition->form == XD_EDI_AN && definition->least == 1 &&
               text.len <= definition->most;
    }
    return is_plain(edi, definition, text.ptr, (uint32_t)text.len);
}

/* Everything about one element: its parts are begin..end-1. */
static void
check_element(struct xd_edi *edi, const struct xd_edi_component *definition,
              const struct xd_edi_element *element, enum xd_edi_level level, unsigned number,
              uint32_t begin, uint32_t end)
{
    const struct xd_edi_scan *scan = &edi->scan;
    bool composite = element->components > 1;
    bool used = false;
    unsigned hole = 0;

    for (uint32_t part = begin; part < end; part++) {
        struct xd_slice text = xd_edi_part(scan, part);
        unsigned component = part - begin;
        if (text.len == 0) {
            hole = !hole && component < element->needed && definition[component].mandatory
                       ? component + 1
                       : hole;
            continue;
        }
        used = true;
        if (component >= element->components) {
            tell_extra(edi, level, number, end - begin, component + 1);
            return;
        }
        if (!fits(edi, &definition[component], text)) {
            check_value(edi, &definition[component], text, level, number,
                        composite ? component + 1 : 0);
        }
    }
    if (!hole && end - begin < element->needed) {
        hole = end - begin + 1;
    }
    if (used ? hole > 0 : element->mandatory) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_MISSING, number, composite ? hole : 0, NULL);
    }
}

/* The close look at a segment; not inlined, so that the quick one needs few registers. */
static __attribute__((noinline)) void
check_closely(struct xd_edi *edi, const struct xd_edi_directory *directory,
              const struct xd_edi_segment *definition, enum xd_edi_level level)
{
    const struct xd_edi_element *elements = &directory->elements[definition->first];
    const struct xd_edi_component *components = directory->components;
    const uint32_t *parts = edi->scan.element_part;
    unsigned count = edi->scan.elements;

    if (edi->scan.beyond || edi->scan.repeated || xd_edi_tag_is_composite(&edi->scan)) {
        tell_shape(edi, level);
        return;
    }
    if (count > definition->elements) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_EXTRA, definition->elements + 1u, 0,
                    "the segment has %u elements", definition->elements);
        count = definition->elements;
    }
    for (unsigned i = 0; i < count; i++) {
        check_element(edi, &components[elements[i].first], &elements[i], level, i + 1, parts[i + 1],
                      parts[i + 2]);
    }
    for (unsigned i = count; i < definition->needed; i++) {
        if (elements[i].mandatory) {
            xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_MISSING, i + 1, 0, NULL);
        }
    }
    if (edi->scan.odd) {
        check_characters(edi, elements, count, level);
    }
}

static inline struct xd_edi_shape *
shape_of(const struct xd_edi *edi, uint8_t segment)
{
    return &edi->shapes->of[2 * segment + (edi->scan.count & 1)];
}

static inline __m128i
wide(const void *p)
{
    return _mm_loadu_si128(p);
}

/* The segment in hand is sound. */
static void
remember_shape(const struct xd_edi *edi, const struct xd_edi_segment *definition,
               struct xd_edi_shape *shape)
{
    const struct xd_edi_directory *directory = edi->directory;
    const struct xd_edi_scan *scan = &edi->scan;
    uint32_t at = directory->elements[definition->first].first;

    memcpy(shape->stops, scan->stops, sizeof(shape->stops));
    memcpy(shape->element_part, scan->element_part,
           (scan->elements + 2) * sizeof(shape->element_part[0]));
    memset(shape->least, 0, sizeof(shape->least));
    memset(shape->most, 0x7f, sizeof(shape->most));
    shape->count = scan->count;
    shape->mask = (1u << scan->count) - 1;
    shape->elements = scan->elements;
    shape->short_text = true;
    shape->number_count = 0;
    for (uint32_t part = 1; part < scan->count; part++) {
        const struct xd_edi_component *component = &directory->components[at];
        unsigned ends = scan->stops[part] != XD_EDI_STOP_COMPONENT;
        bool may_be_empty = component->allows >> ends & 1;
        bool may_have_text = component->allows >> (2 + ends) & 1;
        bool is_empty = xd_edi_part(scan, part).len == 0;
        shape->least[part - 1] =
            may_be_empty && (component->least == 1 || is_empty) ? 0 : component->least;
        if (!may_have_text || (is_empty && component->least > 1)) {
            shape->most[part - 1] = 0; /* only another empty one is known to be sound */
        } else if (component->form == XD_EDI_AN) {
            shape->most[part - 1] = component->most;
            shape->short_text &= component->least <= 1;
        } else {
            shape->numbers[shape->number_count] = (uint8_t)part;
            shape->components[shape->number_count++] = (uint16_t)at;
            shape->least[part - 1] = !may_be_empty;
        }
        at += component->next[ends];
    }
}

void
xd_edi_check(struct xd_edi *edi, const struct xd_edi_directory *directory, uint8_t segment,
             enum xd_edi_level level)
{
    const struct xd_edi_segment *definition = &directory->segments[segment];

    if (!edi->scan.split) {
        xd_edi_scan_split(&edi->scan);
    }
    if (!is_sound(edi, directory, definition)) {
        check_closely(edi, directory, definition, level);
    } else if (directory == edi->shapes->directory && edi->scan.count <= XD_EDI_SHAPE_PARTS) {
        remember_shape(edi, definition, shape_of(edi, segment));
    }
}

/* Lengths of the parts of which `shape` says what they may be. */
static inline bool
lengths_fit(const struct xd_edi_scan *scan, const struct xd_edi_shape *shape)
{
    __m128i wrong = _mm_setzero_si128();

    for (uint32_t part = 1; part < scan->count; part += 4) {
        const uint32_t *ends = scan->ends + part;
        __m128i lengths =
            _mm_sub_epi32(wide(ends), _mm_add_epi32(wide(ends - 1), _mm_set1_epi32(1)));
        wrong = _mm_or_si128(wrong, _mm_cmplt_epi32(lengths, wide(shape->least + part - 1)));
        wrong = _mm_or_si128(wrong, _mm_cmpgt_epi32(lengths, wide(shape->most + part - 1)));
    }
    return _mm_movemask_epi8(wrong) == 0;
}

static inline bool
numbers_fit(const struct xd_edi *edi, const struct xd_edi_shape *shape)
{
    const struct xd_edi_component *components = edi->directory->components;

    for (unsigned i = 0; i < shape->number_count; i++) {
        struct xd_slice text = xd_edi_part(&edi->scan, shape->numbers[i]);
        if (text.len && !is_plain_number(edi, &components[shape->components[i]], text.ptr,
                                         (uint32_t)text.len)) {
            return false;
        }
    }
    return true;
}

bool
xd_edi_check_shape(struct xd_edi *edi, uint8_t segment)
{
    struct xd_edi_scan *scan = &edi->scan;
    const struct xd_edi_shape *shape = shape_of(edi, segment);
    uint32_t same =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(wide(scan->stops), wide(shape->stops)));

    if (shape->count != scan->count || (same & shape->mask) != shape->mask || scan->odd ||
        (scan->escaped && !shape->short_text) || !lengths_fit(scan, shape) ||
        !numbers_fit(edi, shape)) {
        return false;
    }
    scan->split = true;
    scan->beyond = false;
    scan->repeated = 0;
    scan->elements = shape->elements;
    scan->element_part = shape->element_part;
    return true;
}
