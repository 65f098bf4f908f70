/*
 * A segment against its definition: mandatory parts, lengths and kinds of characters. Nearly every
 * part of a real message is plain text of a fitting length, so that is settled in two comparisons
 * and only the rest is looked at closely.
 */
#include "base/date.h"
#include "reader/edi.h"

struct xd_slice
xd_edi_composite(const struct xd_edi *edi, unsigned element)
{
    struct xd_slice first = xd_edi_raw(edi, element, 1);
    uint32_t next;

    if (!first.ptr) {
        return XD_NONE;
    }
    next = edi->scan.element_part[element + 1];
    return xd_slice_of(first.ptr, (size_t)(edi->scan.start + edi->scan.ends[next - 1] - first.ptr));
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

/* Limits of the program and repetitions, which no element of the messages read here allows. */
static void
check_shape(struct xd_edi *edi, enum xd_edi_level level)
{
    const struct xd_edi_scan *scan = &edi->scan;

    if (scan->beyond) {
        xd_edi_tell(edi, level, XD_F_EDI_TOO_MANY_ELEMENTS, 0, 0, "limit edi-elements=%zu",
                    scan->element_limit);
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

/* Plain text of a fitting length, or a plain number: what nearly every part is. */
static inline bool
is_plain(const struct xd_edi_component *definition, const char *text, uint32_t len)
{
    if (len - definition->least > definition->range) {
        return false;
    }
    if (definition->form == XD_EDI_AN) {
        return true;
    }
    if (definition->form > XD_EDI_R || definition->form < XD_EDI_N) {
        return false;
    }
    for (uint32_t i = 0; i < len; i++) {
        if (!xd_is_digit(text[i])) {
            return false;
        }
    }
    return true;
}

/* True when nothing about the only part of an element asks for a closer look. */
static inline bool
is_sound_alone(const struct xd_edi_scan *scan, const struct xd_edi_component *definition,
               const struct xd_edi_element *element, uint32_t part)
{
    uint32_t from = scan->ends[part - 1] + 1;
    uint32_t len = scan->ends[part] - from;

    if (len == 0) {
        return !element->mandatory;
    }
    return element->needed <= 1 && is_plain(definition, scan->start + from, len);
}

/* The same for the parts begin..end-1. */
static inline bool
is_sound(const struct xd_edi_scan *scan, const struct xd_edi_component *definition,
         const struct xd_edi_element *element, uint32_t begin, uint32_t end)
{
    const uint32_t *ends = scan->ends;

    if (end - begin > element->components || end - begin < element->needed) {
        return false;
    }
    for (uint32_t part = begin; part < end; part++, definition++) {
        uint32_t from = ends[part - 1] + 1;
        uint32_t len = ends[part] - from;
        if (len ? !is_plain(definition, scan->start + from, len) : definition->mandatory) {
            return false;
        }
    }
    return true;
}

static bool
has_escapes(const struct xd_edi_scan *scan, uint32_t begin, uint32_t end)
{
    uint8_t stops = 0;

    for (uint32_t part = begin; part < end; part++) {
        stops |= scan->stops[part];
    }
    return stops & XD_EDI_STOP_ESCAPED;
}

/* Everything about one element: its parts are begin..end-1. */
static void
check_element(struct xd_edi *edi, const struct xd_edi_component *definition,
              const struct xd_edi_element *element, enum xd_edi_level level, unsigned number,
              uint32_t begin, uint32_t end)
{
    const struct xd_edi_scan *scan = &edi->scan;
    bool composite = element->components > 1;
    bool used = element->mandatory;
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
        if ((scan->stops[part] & XD_EDI_STOP_ESCAPED) ||
            !is_plain(&definition[component], text.ptr, (uint32_t)text.len)) {
            check_value(edi, &definition[component], text, level, number,
                        composite ? component + 1 : 0);
        }
    }
    if (!hole && end - begin < element->needed) {
        hole = end - begin + 1;
    }
    if (hole && used) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_MISSING, number, composite ? hole : 0, NULL);
    }
}

void
xd_edi_check(struct xd_edi *edi, const struct xd_edi_directory *directory, uint8_t segment,
             enum xd_edi_level level)
{
    const struct xd_edi_segment *definition = &directory->segments[segment];
    const struct xd_edi_element *elements = &directory->elements[definition->first];
    const struct xd_edi_component *components = directory->components;
    const uint32_t *parts = edi->scan.element_part;
    unsigned count = edi->scan.elements;

    if (edi->scan.beyond || edi->scan.repeated) {
        check_shape(edi, level);
        return;
    }
    if (count > definition->elements) {
        xd_edi_tell(edi, level, XD_F_EDI_ELEMENT_EXTRA, definition->elements + 1u, 0,
                    "the segment has %u elements", definition->elements);
        count = definition->elements;
    }
    for (unsigned i = 0; i < count; i++) {
        const struct xd_edi_component *parts_of = &components[elements[i].first];
        bool sound = parts[i + 2] == parts[i + 1] + 1
                         ? is_sound_alone(&edi->scan, parts_of, &elements[i], parts[i + 1])
                         : is_sound(&edi->scan, parts_of, &elements[i], parts[i + 1], parts[i + 2]);
        if (!sound || (edi->scan.escaped && has_escapes(&edi->scan, parts[i + 1], parts[i + 2]))) {
            check_element(edi, parts_of, &elements[i], level, i + 1, parts[i + 1], parts[i + 2]);
        }
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
