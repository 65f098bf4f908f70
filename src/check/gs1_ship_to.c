/*
 * The ship-to block of a transport label read into the fields of a manifest row. Which identifier
 * means which field is told by the table; the values are percent-encoded UTF-8 (GS1 General
 * Specifications 3.8.10, RFC 3986, + for a blank).
 */
#include "check/gs1_read.h"

static unsigned
hex_value(char c)
{
    return xd_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(xd_to_lower(c) - 'a' + 10);
}

static bool
is_hex(char c)
{
    return xd_is_digit(c) || (xd_to_lower(c) >= 'a' && xd_to_lower(c) <= 'f');
}

size_t
xd_percent_decode(struct xd_slice text, bool plus, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%' && i + 2 < text.len && is_hex(text.ptr[i + 1]) && is_hex(text.ptr[i + 2])) {
            c = (char)(hex_value(text.ptr[i + 1]) * 16 + hex_value(text.ptr[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[len++] = c;
    }
    return len;
}

static bool
is_percent_encoded(const struct xd_gs1_component *component)
{
    for (size_t i = 0; i < component->rules; i++) {
        if (component->rule[i] == XD_GS1_RULE_PERCENT) {
            return true;
        }
    }
    return false;
}

static bool
keep_field(struct xd_arena *arena, const struct xd_gs1_component *component, struct xd_slice part,
           struct xd_slice *field)
{
    struct xd_slice kept = xd_arena_copy(arena, part);

    if (part.len && !kept.ptr) {
        return false;
    }
    if (is_percent_encoded(component)) {
        char *text = xd_arena_alloc(arena, part.len + 1);
        if (!text) {
            return false;
        }
        kept = xd_slice_of(text, xd_percent_decode(part, true, text));
    }
    *field = kept;
    return true;
}

static bool
read_element(const struct xd_gs1_ai *ai, const struct xd_gs1_element *element,
             struct xd_arena *arena, struct xd_slice *fields)
{
    struct xd_slice rest = element->value;

    for (size_t i = 0; i < ai->components && rest.len; i++) {
        const struct xd_gs1_component *component = &ai->component[i];
        struct xd_slice part = xd_slice_sub(rest, 0, component->longest);
        enum xd_field field =
            component->field.len ? xd_field_find(component->field) : XD_FIELD_NONE;
        if (field != XD_FIELD_NONE && !keep_field(arena, component, part, &fields[field])) {
            return false;
        }
        rest = xd_slice_sub(rest, part.len, SIZE_MAX);
    }
    return true;
}

bool
xd_gs1_ship_to(const struct xd_gs1_ais *ais, const struct xd_gs1 *elements, struct xd_arena *arena,
               struct xd_slice *fields)
{
    for (size_t i = 0; i < XD_FIELD_COUNT; i++) {
        fields[i] = XD_NONE;
    }
    for (size_t i = 0; i < elements->count; i++) {
        const struct xd_gs1_element *element = &elements->element[i];
        if (!read_element(&ais->list[element->ai], element, arena, fields)) {
            return false;
        }
    }
    return true;
}
