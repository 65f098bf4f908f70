/*
 * A sign that is taken for a decoration may have meant something, so nothing is repaired here: the
 * value that is offered is for a person to write.
 */
#include "check/hint.h"

#include <stdio.h>

#include "base/decimal_comma.h"
#include "base/utf8.h"
#include "check/excel.h"
#include "check/row.h"

#define SHOWN_MOST 24 /* bytes of what stands around a number */

/* From the first digit to behind the last one. */
static struct xd_slice
kernel_of(struct xd_slice value)
{
    size_t first = 0;
    size_t end = value.len;

    while (first < end && !xd_is_digit(value.ptr[first])) {
        first++;
    }
    while (end > first && !xd_is_digit(value.ptr[end - 1])) {
        end--;
    }
    return xd_slice_sub(value, first, end - first);
}

/* Digits with one decimal point at most. */
static bool
is_plain(struct xd_slice number)
{
    size_t point = xd_slice_find(number, '.');

    return number.len > 0 && xd_slice_digits(xd_slice_sub(number, 0, point)) &&
           (point == number.len || xd_slice_digits(xd_slice_sub(number, point + 1, SIZE_MAX)));
}

/* What stands around a number, so that it can be seen: blanks of other kinds and what has no shape
 * by their number. */
static void
show(struct xd_slice around, char *text, size_t size)
{
    struct xd_slice bare = xd_slice_trim(around);
    uint32_t point = 0;
    size_t len;

    if (xd_utf8_invisible(bare, &len, &point) < bare.len || xd_slice_eq(bare, XD_LIT("\xc2\xa0"))) {
        (void)snprintf(text, size, "the invisible U+%04X", point ? (unsigned)point : 0xa0u);
    } else if (bare.len && bare.len <= SHOWN_MOST) {
        (void)snprintf(text, size, "\"%.*s\"", XD_FMT(bare));
    } else {
        (void)snprintf(text, size, "%s", bare.len ? "what stands around it" : "");
    }
}

/* A number in round brackets, or with any minus sign, is one below nothing, and per cent are no
 * amount. */
static bool
is_no_amount(struct xd_slice value)
{
    static const char *const SIGNS[] = {"(", "%", "-", "\xe2\x88\x92", "\xe2\x80\x93"};

    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++) {
        if (memmem(value.ptr, value.len, SIGNS[i], strlen(SIGNS[i]))) {
            return true;
        }
    }
    return false;
}

/* Whether the number is a measure with letters behind it that are not the unit in the field's name.
 * They may be the unit of the column or another one: without them 100 kg might become 100 grams. */
static bool
has_other_unit(enum xd_field field, struct xd_slice tail)
{
    bool measure = field == XD_FIELD_WEIGHT_G || field == XD_FIELD_LENGTH_MM ||
                   field == XD_FIELD_WIDTH_MM || field == XD_FIELD_HEIGHT_MM;
    struct xd_slice name = xd_slice_str(xd_field_name(field));
    struct xd_slice bare = xd_slice_trim(tail);
    struct xd_slice unit = xd_slice_sub(name, xd_slice_find(name, '_') + 1, SIZE_MAX);

    return measure && bare.len && !xd_slice_eq(bare, unit) &&
           (xd_is_alpha(bare.ptr[0]) || bare.ptr[0] == '"' || bare.ptr[0] == '\'');
}

/* 79.90 for £79.90, 900 for "900 g". */
static void
hint_number(enum xd_field field, struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    struct xd_slice kernel = kernel_of(value);
    size_t at = (size_t)(kernel.ptr - value.ptr);
    struct xd_slice tail = xd_slice_sub(value, at + kernel.len, SIZE_MAX);
    struct xd_diagnosis cuts;
    char before[SHOWN_MOST + 32];
    char behind[SHOWN_MOST + 32];
    char number[48];

    if (kernel.len == 0 || kernel.len >= 32 || kernel.len == value.len || is_no_amount(value)) {
        return;
    }
    (void)snprintf(number, sizeof(number), "%.*s", XD_FMT(kernel));
    if (!is_plain(kernel)) {
        if (!xd_excel_check(XD_FIELD_UNIT_PRICE, kernel, 0, &cuts)) {
            return;
        }
        (void)snprintf(number, sizeof(number), "%.47s", cuts.detail);
    }
    show(xd_slice_sub(value, 0, at), before, sizeof(before));
    show(tail, behind, sizeof(behind));
    if (has_other_unit(field, tail)) {
        xd_diagnose(diagnosis, diagnosis->code, at + kernel.len, tail.len,
                    "a number in the unit of its column, without %s", behind);
        return;
    }
    xd_diagnose(diagnosis, diagnosis->code, before[0] ? 0 : at + kernel.len,
                before[0] ? at : tail.len, "%s without %s%s%s", number, before,
                before[0] && behind[0] ? " and " : "", behind);
}

/* What xd_read_quantity and its neighbours take. */
static void
put_range(enum xd_field field, char *text, size_t size)
{
    text[0] = '\0';
    switch (field) {
    case XD_FIELD_QUANTITY:
        (void)snprintf(text, size, "whole pieces, 1 to %d", XD_QUANTITY_MOST);
        break;
    case XD_FIELD_WEIGHT_G:
        (void)snprintf(text, size, "whole grams, 1 to %d", XD_WEIGHT_MOST);
        break;
    case XD_FIELD_UNIT_PRICE:
        (void)snprintf(text, size, "from 0 to %lld of the currency's smallest unit",
                       (long long)XD_AMOUNT_MOST);
        break;
    default:
        break;
    }
}

/* Three digits behind the one point of a number: a thousand to half of the world. */
static bool
may_be_grouped(struct xd_slice value)
{
    size_t point = xd_slice_find(value, '.');

    return point >= 1 && point <= 3 && value.len == point + 4 && value.ptr[0] != '0' &&
           is_plain(value);
}

static void
hint_range(enum xd_field field, struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    size_t point = xd_slice_find(value, '.');
    char range[80];

    put_range(field, range, sizeof(range));
    if (may_be_grouped(value)) {
        xd_diagnose(diagnosis, diagnosis->code, 0, 0, "%s; %.*s%.*s if the point groups thousands",
                    range, (int)point, value.ptr, 3, value.ptr + point + 1);
    } else {
        xd_diagnose(diagnosis, diagnosis->code, 0, 0, "%s", range);
    }
}

/* What is wrong behind the part of a number that can be read: a group, the comma, or a sign that
 * belongs to no number. */
static void
hint_decimal_comma(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    size_t point = xd_slice_find(value, '.');
    struct xd_decimal_comma read;
    struct xd_slice rest;
    char shown[SHOWN_MOST + 32];
    char detail[80];

    (void)xd_decimal_comma_read(value, &read);
    rest = xd_slice_sub(value, read.fault, SIZE_MAX);
    show(rest, shown, sizeof(shown));
    if (point < value.len && is_plain(value) && value.len <= SHOWN_MOST) {
        (void)snprintf(detail, sizeof(detail), "%.*s,%.*s if the point is a decimal one",
                       (int)point, value.ptr, (int)(value.len - point - 1), value.ptr + point + 1);
    } else if (xd_slice_starts(rest, XD_LIT(","))) {
        (void)snprintf(detail, sizeof(detail), "one comma, and digits behind it");
    } else if (kernel_of(rest).len && xd_decimal_comma_groups(rest) &&
               xd_slice_find(value, ',') >= read.fault) {
        (void)snprintf(detail, sizeof(detail), "a group of thousands has three digits");
    } else {
        (void)snprintf(detail, sizeof(detail), "%s does not belong there", shown);
    }
    xd_diagnose(diagnosis, diagnosis->code, read.fault, rest.len, "%s", detail);
}

/* A character that looks like a blank, or like nothing. */
static void
hint_invisible(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    const char *blank = memmem(value.ptr, value.len, "\xc2\xa0", 2);
    uint32_t point;
    size_t len;
    size_t at = xd_utf8_invisible(value, &len, &point);

    if (at < value.len || blank) {
        bool seen = at < value.len;
        xd_diagnose(diagnosis, diagnosis->code, seen ? at : (size_t)(blank - value.ptr),
                    seen ? len : 2, "the invisible U+%04X stands in it",
                    seen ? (unsigned)point : 0xa0u);
    }
}

/* EUR for eur; whether there is such a currency is not looked up. */
static void
hint_currency(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    char code[4] = "";

    hint_invisible(value, diagnosis);
    for (size_t i = 0; value.len == 3 && i < 3; i++) {
        code[i] = xd_to_upper(value.ptr[i]);
    }
    if (code[0] && memcmp(code, value.ptr, 3) != 0) {
        xd_diagnose(diagnosis, diagnosis->code, 0, 0, "%s in capital letters?", code);
    }
}

void
xd_hint(enum xd_field field, struct xd_slice value, enum xd_finding_code code,
        struct xd_diagnosis *diagnosis)
{
    *diagnosis = (struct xd_diagnosis){.code = code};
    switch (code) {
    case XD_F_NUMBER_MALFORMED:
        hint_number(field, value, diagnosis);
        break;
    case XD_F_NUMBER_OUT_OF_RANGE:
        hint_range(field, value, diagnosis);
        break;
    case XD_F_NUMBER_NOT_DECIMAL_COMMA:
        hint_decimal_comma(value, diagnosis);
        break;
    case XD_F_CURRENCY_UNKNOWN:
        hint_currency(value, diagnosis);
        break;
    case XD_F_COUNTRY_UNKNOWN:
    case XD_F_FLAG_MALFORMED:
    case XD_F_HS_CODE_SHAPE:
    case XD_F_DATE_MALFORMED:
        hint_invisible(value, diagnosis);
        break;
    case XD_F_REQUIRED_MISSING:
        xd_diagnose(diagnosis, code, 0, 0, "%s", xd_field_name(field));
        break;
    default:
        break;
    }
}

void
xd_hint_decimals(struct xd_slice value, unsigned decimals, struct xd_slice currency,
                 struct xd_diagnosis *diagnosis)
{
    size_t point = xd_slice_find(value, '.');

    if (may_be_grouped(value)) {
        xd_diagnose(diagnosis, XD_F_CURRENCY_DECIMALS, 0, 0,
                    "%.*s has %u; write %.*s%.*s if the point groups thousands", XD_FMT(currency),
                    decimals, (int)point, value.ptr, 3, value.ptr + point + 1);
    } else {
        xd_diagnose(diagnosis, XD_F_CURRENCY_DECIMALS, 0, 0, "%.*s has %u", XD_FMT(currency),
                    decimals);
    }
}
