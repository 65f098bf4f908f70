/*
 * What a carrier's importer would refuse is found here, while the parcel is still on our floor: a
 * file that is rejected as a whole at night for one long street name holds back every parcel in it.
 */
#include "writer/layout.h"

/* Bytes of the character that starts at `at`, at least 1; a stray continuation byte counts as one.
 */
static size_t
char_len(struct xd_slice s, size_t at)
{
    size_t len = 1;

    while (at + len < s.len && ((unsigned char)s.ptr[at + len] & 0xc0) == 0x80) {
        len++;
    }
    return len;
}

static bool
has_class(char c, enum xd_layout_chars chars)
{
    switch (chars) {
    case XD_LAYOUT_ASCII:
        return c >= 0x20 && c < 0x7f;
    case XD_LAYOUT_DIGITS:
        return xd_is_digit(c);
    case XD_LAYOUT_UPPER:
        return xd_is_upper(c);
    case XD_LAYOUT_CODE:
        return xd_is_upper(c) || xd_is_digit(c);
    case XD_LAYOUT_ANY:
    case XD_LAYOUT_CHARS_COUNT:
        break;
    }
    return true;
}

static const char *
class_text(enum xd_layout_chars chars)
{
    static const char *const TEXTS[XD_LAYOUT_CHARS_COUNT] = {
        "any character", "ASCII characters", "digits", "capital letters A-Z", "A-Z and 0-9"};

    return TEXTS[chars];
}

static uint32_t
code_point(struct xd_slice s, size_t at, size_t len)
{
    unsigned char lead = (unsigned char)s.ptr[at];
    uint32_t value = len == 1 ? lead : lead & (0xffu >> (len + 1));

    for (size_t i = 1; i < len; i++) {
        value = value << 6 | ((unsigned char)s.ptr[at + i] & 0x3f);
    }
    return value;
}

/* C0, DEL and C1: none of them prints, and some end a line or a field in the reader at the other
 * end. */
static bool
is_control(struct xd_slice s, size_t at)
{
    unsigned char c = (unsigned char)s.ptr[at];

    return c < 0x20 || c == 0x7f ||
           (c == 0xc2 && at + 1 < s.len && (unsigned char)s.ptr[at + 1] < 0xa0);
}

static bool
check_char(const struct xd_layout *layout, const struct xd_layout_column *column, struct xd_slice s,
           size_t at, size_t len, struct xd_diagnosis *out)
{
    char c = s.ptr[at];

    if (is_control(s, at)) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_CONTROL, at, len, "column \"%.*s\", character 0x%02X",
                    XD_FMT(column->name), (unsigned)code_point(s, at, len));
        return false;
    }
    if (column->chars == XD_LAYOUT_ASCII && (c & 0x80)) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_ENCODING, at, len, "column \"%.*s\" takes %s only",
                    XD_FMT(column->name), class_text(column->chars));
        return false;
    }
    if (column->chars != XD_LAYOUT_ANY && !has_class(c, column->chars)) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_MALFORMED, at, len, "column \"%.*s\" takes %s only",
                    XD_FMT(column->name), class_text(column->chars));
        return false;
    }
    if (layout->quoting == XD_LAYOUT_QUOTE_NONE && (c == layout->delimiter || c == '"')) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_SEPARATOR, at, len, "column \"%.*s\" cannot hold '%c'",
                    XD_FMT(column->name), c);
        return false;
    }
    if (!layout->utf8 && (c & 0x80) && !xd_code_page_byte(&layout->page, code_point(s, at, len))) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_ENCODING, at, len, "column \"%.*s\" is written in %.*s",
                    XD_FMT(column->name), XD_FMT(layout->encoding));
        return false;
    }
    return true;
}

/* `limit` is the byte at which the first character beyond the width starts. */
static bool
check_length(const struct xd_layout_column *column, struct xd_slice s, size_t characters,
             size_t limit, struct xd_diagnosis *out)
{
    if (characters > column->max_length) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_LENGTH, limit, s.len - limit,
                    "column \"%.*s\" holds %u characters, the value has %zu", XD_FMT(column->name),
                    column->max_length, characters);
        return false;
    }
    if (characters < column->min_length) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_LENGTH, 0, s.len,
                    "column \"%.*s\" wants at least %u characters, the value has %zu",
                    XD_FMT(column->name), column->min_length, characters);
        return false;
    }
    return true;
}

static bool
check_chars(const struct xd_layout *layout, const struct xd_layout_column *column,
            struct xd_slice s, struct xd_diagnosis *out)
{
    size_t characters = 0;
    size_t limit = s.len;

    for (size_t at = 0; at < s.len; characters++) {
        size_t len = char_len(s, at);
        if (characters == column->max_length) {
            limit = at;
        }
        if (!check_char(layout, column, s, at, len, out)) {
            return false;
        }
        at += len;
    }
    return check_length(column, s, characters, limit, out);
}

/* -?[0-9]+(\.[0-9]+)? */
static bool
is_number(struct xd_slice s)
{
    size_t at = s.ptr[0] == '-' ? 1 : 0;
    size_t digits = 0;
    size_t points = 0;

    for (; at < s.len; at++) {
        if (xd_is_digit(s.ptr[at])) {
            digits++;
        } else if (s.ptr[at] == '.' && points == 0 && digits > 0) {
            points++;
            digits = 0;
        } else {
            return false;
        }
    }
    return digits > 0;
}

static bool
is_allowed(struct xd_slice allowed, struct xd_slice s)
{
    struct xd_slice one;

    while (xd_slice_next(&allowed, '|', &one)) {
        if (xd_slice_eq(one, s)) {
            return true;
        }
    }
    return false;
}

static bool
has_type(enum xd_layout_type type, struct xd_slice s)
{
    xd_date date;

    switch (type) {
    case XD_LAYOUT_INTEGER:
    case XD_LAYOUT_WEIGHT:
        return xd_slice_digits(s);
    case XD_LAYOUT_NUMBER:
        return is_number(s);
    case XD_LAYOUT_DATE:
        return xd_date_parse(s, &date);
    case XD_LAYOUT_STRING:
    case XD_LAYOUT_TYPE_COUNT:
        break;
    }
    return true;
}

/* Numbers and dates are ASCII by their type, so their bytes are their characters and nothing else
 * can be wrong. */
static bool
check_typed(const struct xd_layout_column *column, struct xd_slice s, struct xd_diagnosis *out)
{
    static const char *const TEXTS[XD_LAYOUT_TYPE_COUNT] = {
        "text", "a whole number", "a number such as 12.50", "a date such as 2026-11-22",
        "a whole number of grams"};

    if (!has_type(column->type, s)) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_MALFORMED, 0, s.len, "column \"%.*s\" takes %s",
                    XD_FMT(column->name), TEXTS[column->type]);
        return false;
    }
    return check_length(column, s, s.len, column->max_length, out);
}

static bool
check_text(const struct xd_layout *layout, const struct xd_layout_column *column, struct xd_slice s,
           struct xd_diagnosis *out)
{
    if (!check_chars(layout, column, s, out)) {
        return false;
    }
    if (column->allowed.len > 0 && !is_allowed(column->allowed, s)) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_MALFORMED, 0, s.len,
                    "column \"%.*s\" takes one of %.*s", XD_FMT(column->name),
                    XD_FMT(column->allowed));
        return false;
    }
    return true;
}

static bool
check_value(const struct xd_layout *layout, const struct xd_layout_column *column,
            struct xd_slice s, struct xd_diagnosis *out)
{
    if (s.len > 0) {
        return column->type == XD_LAYOUT_STRING ? check_text(layout, column, s, out)
                                                : check_typed(column, s, out);
    }
    if (column->required) {
        xd_diagnose(out, XD_F_HANDOFF_VALUE_MISSING, 0, 0, "column \"%.*s\" of layout %.*s",
                    XD_FMT(column->name), XD_FMT(layout->name));
    }
    return !column->required;
}

size_t
xd_layout_check(const struct xd_layout *layout, const struct xd_handoff *handoff,
                const struct xd_layout_doubt *doubt, size_t from, struct xd_diagnosis *diagnosis)
{
    diagnosis->code = XD_F_NONE;
    for (size_t i = from; i < layout->count; i++) {
        unsigned value = layout->columns[i].value;
        if ((doubt->columns[i / 64] >> i % 64 & 1) && value != XD_VALUE_COUNT &&
            !check_value(layout, &layout->columns[i], handoff->value[value], diagnosis)) {
            return i;
        }
    }
    return layout->count;
}
