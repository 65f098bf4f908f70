/*
 * What a message says in other units, marks and pieces than the manifest does. A value that has to
 * be made lies in the room of its field, which the next such value takes again.
 */
#include "base/date.h"
#include "base/decimal.h"
#include "reader/edi.h"
#include "reader/edi_mapping.h"

#define DIGITS_WITH_TIME 12 /* CCYYMMDDHHMM: a zone may follow */

/* Copies a value that is made of something else, or lies in that room already. */
static struct xd_slice
own_copy(struct xd_edi *edi, struct xd_edi_own *own, const char *text, size_t len)
{
    char *room = xd_edi_own_room(edi, own, len);

    if (!room) {
        return XD_NONE;
    }
    memmove(room, text, len);
    return xd_slice_of(room, len);
}

/* X12 suppresses the zero in front of its point, and may end a number with it. */
static struct xd_slice
with_digits(struct xd_edi *edi, struct xd_edi_own *own, struct xd_slice raw)
{
    size_t sign = raw.len && raw.ptr[0] == '-';
    bool bare = raw.len > sign && raw.ptr[sign] == '.';
    size_t len = raw.len - (raw.len && raw.ptr[raw.len - 1] == '.');
    char *room;

    if (!bare && len == raw.len) {
        return raw;
    }
    room = xd_edi_own_room(edi, own, raw.len + 1);
    if (!room) {
        return XD_NONE;
    }
    /* A value that had release characters or line ends lies in that room already. */
    memmove(room + sign + bare, raw.ptr + sign, len - sign);
    if (bare) {
        memcpy(room, "-0" + 1 - sign, sign + 1);
    } else if (sign) {
        room[0] = '-';
    }
    return xd_slice_of(room, len + bare);
}

/* With a point as decimal mark, and digits on both sides of it. */
struct xd_slice
xd_edi_as_number(struct xd_edi *edi, struct xd_edi_own *own, struct xd_slice raw)
{
    size_t at = 0;

    if (!edi->decimal) {
        return with_digits(edi, own, raw);
    }
    while (at < raw.len && raw.ptr[at] != ',') {
        at++;
    }
    if (at == raw.len) {
        return raw;
    }
    raw = own_copy(edi, own, raw.ptr, raw.len);
    if (raw.len) {
        own->ptr[at] = '.';
    }
    return raw;
}

/* CCYYMMDD or YYMMDD, with or without a time and the name or offset of a zone behind it, as
 * YYYY-MM-DD. What is no date stays for the checks to say so. */
struct xd_slice
xd_edi_as_date(struct xd_edi *edi, enum xd_field field, struct xd_slice raw)
{
    char text[XD_DATE_TEXT];
    size_t at = raw.len == 6 ? 2 : 4;
    size_t digits = 0;

    while (digits < raw.len && xd_is_digit(raw.ptr[digits])) {
        digits++;
    }
    if (digits < DIGITS_WITH_TIME && (digits != raw.len || (digits != 6 && digits < 8))) {
        return raw;
    }
    memcpy(text, "20", 2);
    memcpy(text + 4 - at, raw.ptr, at);
    text[4] = '-';
    memcpy(text + 5, raw.ptr + at, 2);
    text[7] = '-';
    memcpy(text + 8, raw.ptr + at + 2, 2);
    return own_copy(edi, &edi->map.own[field], text, XD_DATE_TEXT);
}

/* In whole grams or millimetres. Empty, and told, when the unit is not known. */
struct xd_slice
xd_edi_as_measure(struct xd_edi *edi, const struct xd_edi_action *action, struct xd_slice raw)
{
    const struct xd_edi_mapping *mapping = edi->map.mapping;
    struct xd_slice name = xd_edi_raw(edi, action->with_element, action->with_component);
    enum xd_field field = (enum xd_field)action->field;
    struct xd_slice number = xd_edi_as_number(edi, &edi->map.own[field], raw);
    char text[XD_DECIMAL_TEXT];
    struct xd_decimal value;
    int64_t units;

    if (xd_decimal_parse(number, 6, &value) != XD_DECIMAL_OK) {
        return number;
    }
    for (unsigned i = 0; i < mapping->unit_count; i++) {
        const struct xd_edi_unit *unit = &mapping->units[i];
        if (unit->how == action->how && xd_slice_eq(unit->unit, name)) {
            int64_t divisor = unit->denominator * xd_pow10(value.scale);
            if (!xd_mul_div(value.units, unit->numerator, divisor, XD_ROUND_HALF_UP, &units)) {
                return number;
            }
            return own_copy(edi, &edi->map.own[field], text,
                            xd_decimal_format((struct xd_decimal){units, 0}, text));
        }
    }
    xd_edi_note(edi, XD_F_EDI_UNIT, "unit %.*s", (int)(name.len > 8 ? 8 : name.len),
                name.len ? name.ptr : "");
    return XD_NONE;
}

/* Parts of one text: without a blank where a part fills its length, since it was cut there. */
struct xd_slice
xd_edi_as_joined(struct xd_edi *edi, const struct xd_edi_action *action, struct xd_slice first,
                 unsigned element)
{
    enum xd_field field = (enum xd_field)action->field;
    struct xd_edi_own *own = &edi->map.own[field];
    struct xd_slice next = xd_edi_raw(edi, element, action->component + 1u);
    size_t len = first.len;
    char *room;

    if (next.len == 0) {
        return first;
    }
    room = xd_edi_own_room(edi, own, edi->scan.size * 3 + 16);
    if (!room) {
        return XD_NONE;
    }
    memmove(room, first.ptr, first.len);
    for (unsigned at = action->component + 1u; at <= action->with_component; at++) {
        bool full = xd_edi_length(edi, xd_edi_raw(edi, element, at - 1)) >= 35;
        next = xd_edi_value(edi, element, at, &edi->map.scratch);
        if (next.len == 0) {
            break;
        }
        if (!full) {
            room[len++] = ' ';
        }
        memcpy(room + len, next.ptr, next.len);
        len += next.len;
    }
    return xd_slice_of(room, len);
}
