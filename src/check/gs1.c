/*
 * An element string is cut first and judged afterwards: the cut needs only the format of each
 * identifier, the judgement the content of each value and then the company it keeps. What a scanner
 * puts around the data is tolerated where the General Specifications tolerate it: a superfluous
 * FNC1 behind a value of fixed length and at the end.
 */
#include "check/gs1.h"

#include <stdarg.h>
#include <stdio.h>

#include "check/check_digit.h"
#include "check/gs1_read.h"
#include "check/gs1_rule.h"

#define GS '\x1d' /* how scanners transmit FNC1 inside a symbol */

bool
xd_gs1_fail(struct xd_gs1_reader *reader, enum xd_finding_code code, struct xd_slice at,
            const char *format, ...)
{
    struct xd_diagnosis *out = reader->diagnosis;
    va_list args;

    out->code = code;
    out->span = (struct xd_span){(uint32_t)(at.ptr - reader->given.ptr), (uint32_t)at.len};
    va_start(args, format);
    (void)vsnprintf(out->detail, sizeof(out->detail), format, args);
    va_end(args);
    return false;
}

static struct xd_slice
keep_text(struct xd_gs1 *out, struct xd_slice text)
{
    struct xd_slice kept = {out->text + out->text_len, text.len};

    if (text.len > sizeof(out->text) - out->text_len) {
        return XD_NONE;
    }
    if (text.len) {
        memcpy(out->text + out->text_len, text.ptr, text.len);
    }
    out->text_len += text.len;
    return kept;
}

bool
xd_gs1_add(struct xd_gs1_reader *reader, uint16_t ai, struct xd_slice code, struct xd_slice value,
           struct xd_slice unescaped)
{
    struct xd_gs1 *out = reader->out;
    struct xd_gs1_element *element = &out->element[out->count];

    if (out->count == XD_GS1_ELEMENTS ||
        code.len + unescaped.len > sizeof(out->text) - out->text_len) {
        return xd_gs1_fail(reader, XD_F_GS1_MALFORMED, value,
                           "More than %d elements or %d characters.", XD_GS1_ELEMENTS, XD_GS1_TEXT);
    }
    element->ai = ai;
    element->code = keep_text(out, code);
    element->value = keep_text(out, unescaped);
    element->span =
        (struct xd_span){(uint32_t)(value.ptr - reader->given.ptr), (uint32_t)value.len};
    element->plain = xd_slice_eq(value, unescaped);
    out->count++;
    return true;
}

static bool
fail_unknown(struct xd_gs1_reader *reader, struct xd_slice at)
{
    return xd_gs1_fail(reader, XD_F_GS1_AI_UNKNOWN, at, "\"%.*s\" is none.", XD_FMT(at));
}

/* The element at the start of *rest, which is raw data; moves *rest behind it. */
static bool
read_raw_element(struct xd_gs1_reader *reader, char fnc1, struct xd_slice *rest)
{
    size_t len = 0;
    uint16_t index = xd_gs1_ai_at(reader->ais, *rest, &len);

    if (index == XD_GS1_AI_NONE) {
        return fail_unknown(reader, xd_slice_sub(*rest, 0, 4));
    }
    const struct xd_gs1_ai *ai = &reader->ais->list[index];
    struct xd_slice code = xd_slice_sub(*rest, 0, len);
    struct xd_slice data = xd_slice_sub(*rest, len, SIZE_MAX);
    size_t end = xd_slice_find(data, fnc1);
    if (ai->fixed && end > ai->longest) {
        end = ai->longest;
    }
    struct xd_slice value = xd_slice_sub(data, 0, end);
    if (ai->fixed && end < ai->longest && end < data.len) {
        return xd_gs1_fail(reader, XD_F_GS1_LENGTH, value,
                           "(%.*s) is cut by an FNC1 behind %zu of its %u characters.",
                           XD_FMT(code), end, ai->longest);
    }
    *rest = xd_slice_sub(data, end, SIZE_MAX);
    if (rest->len && rest->ptr[0] == fnc1) {
        *rest = xd_slice_sub(*rest, 1, SIZE_MAX);
    }
    return xd_gs1_add(reader, index, code, value, value);
}

static bool
read_raw(struct xd_gs1_reader *reader, char fnc1, struct xd_slice rest)
{
    if (rest.len && rest.ptr[0] == fnc1) {
        rest = xd_slice_sub(rest, 1, SIZE_MAX);
    }
    if (rest.len == 0) {
        return xd_gs1_fail(reader, XD_F_GS1_MALFORMED, reader->given, "It is empty.");
    }
    while (rest.len) {
        if (!read_raw_element(reader, fnc1, &rest)) {
            return false;
        }
    }
    return true;
}

/* Length of an opening bracket, digits and a closing bracket at the start of `text`; 0. */
static size_t
bracketed_code(struct xd_slice text)
{
    size_t i = 1;
    char close = text.len && text.ptr[0] == '(' ? ')' : ']';

    if (text.len < 4 || (text.ptr[0] != '(' && text.ptr[0] != '[')) {
        return 0;
    }
    while (i < text.len && i <= 4 && xd_is_digit(text.ptr[i])) {
        i++;
    }
    return i >= 3 && i < text.len && text.ptr[i] == close ? i + 1 : 0;
}

/* Bytes up to the next bracketed identifier; a bracket that belongs to the data is written \( by
 * those who are careful. */
static size_t
data_length(struct xd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\') {
            i++;
        } else if (bracketed_code(xd_slice_sub(text, i, SIZE_MAX))) {
            return i;
        }
    }
    return text.len;
}

static size_t
unescape(struct xd_slice value, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\\' && i + 1 < value.len && strchr("()[]\\", value.ptr[i + 1])) {
            i++;
        }
        out[len++] = value.ptr[i];
    }
    return len;
}

static bool
read_bracketed(struct xd_gs1_reader *reader, struct xd_slice rest)
{
    char buffer[XD_GS1_TEXT];

    while (rest.len) {
        size_t len = bracketed_code(rest);
        size_t found = 0;
        if (len == 0) {
            return xd_gs1_fail(reader, XD_F_GS1_MALFORMED, xd_slice_sub(rest, 0, 1),
                               "Expected an identifier in brackets.");
        }
        struct xd_slice code = xd_slice_sub(rest, 1, len - 2);
        uint16_t index = xd_gs1_ai_at(reader->ais, code, &found);
        if (index == XD_GS1_AI_NONE || found != code.len) {
            return fail_unknown(reader, code);
        }
        rest = xd_slice_sub(rest, len, SIZE_MAX);
        size_t data = data_length(rest);
        struct xd_slice value = xd_slice_trim(xd_slice_sub(rest, 0, data));
        rest = xd_slice_sub(rest, data, SIZE_MAX);
        if (value.len > sizeof(buffer)) {
            return xd_gs1_fail(reader, XD_F_GS1_LENGTH, value, "%zu characters.", value.len);
        }
        if (!xd_gs1_add(reader, index, code, value, xd_slice_of(buffer, unescape(value, buffer)))) {
            return false;
        }
    }
    return true;
}

static bool
is_link(struct xd_slice text)
{
    return xd_slice_ieq(xd_slice_sub(text, 0, 7), XD_LIT("http://")) ||
           xd_slice_ieq(xd_slice_sub(text, 0, 8), XD_LIT("https://"));
}

static bool
has_symbology(struct xd_slice text)
{
    return text.len > 3 && text.ptr[0] == ']' && xd_is_alpha(text.ptr[1]) &&
           xd_is_digit(text.ptr[2]);
}

/* Raw data with FNC1 written as ^, which is no character of any value. */
static bool
has_caret(struct xd_slice text)
{
    return text.len > 3 && (text.ptr[0] == '^' || xd_is_digit(text.ptr[0])) &&
           xd_slice_find(text, '^') < text.len && xd_slice_find(text, GS) == text.len;
}

bool
xd_gs1_looks_like(struct xd_slice value)
{
    struct xd_slice text = xd_slice_trim(value);

    return bracketed_code(text) || has_symbology(text) || is_link(text) ||
           xd_slice_find(text, GS) < text.len || has_caret(text);
}

static bool
read_any(struct xd_gs1_reader *reader)
{
    struct xd_slice text = xd_slice_trim(reader->given);

    if (has_symbology(text) && is_link(xd_slice_sub(text, 3, SIZE_MAX))) {
        text = xd_slice_sub(text, 3, SIZE_MAX); /* of a plain QR code or Data Matrix: any */
    }
    if (is_link(text)) {
        return xd_gs1_read_link(reader, text);
    }
    if (has_symbology(text)) {
        struct xd_slice symbology = xd_slice_sub(text, 1, 2);
        if (!xd_code_list_has(reader->codes, XD_CODES_SYMBOLOGY, symbology)) {
            return xd_gs1_fail(reader, XD_F_GS1_MALFORMED, symbology,
                               "The symbology identifier ]%.*s is not one of GS1 data.",
                               XD_FMT(symbology));
        }
        text = xd_slice_sub(text, 3, SIZE_MAX);
    }
    if (bracketed_code(text)) {
        return read_bracketed(reader, text);
    }
    return read_raw(reader, has_caret(text) ? '^' : GS, text);
}

/* The part of the given text that bytes off..off+len of an element's value came from. */
static struct xd_slice
part_of(const struct xd_gs1_reader *reader, const struct xd_gs1_element *element, size_t off,
        size_t len)
{
    struct xd_slice all = xd_slice_sub(reader->given, element->span.off, element->span.len);

    return element->plain ? xd_slice_sub(all, off, len) : all;
}

static bool
judge_component(struct xd_gs1_reader *reader, const struct xd_gs1_element *element,
                const struct xd_gs1_component *component, struct xd_slice part)
{
    size_t off = (size_t)(part.ptr - element->value.ptr);
    struct xd_span bad;
    size_t at;

    if (!xd_gs1_characters(component->type, part, &at)) {
        return xd_gs1_fail(reader, XD_F_GS1_VALUE, part_of(reader, element, off + at, 1),
                           "(%.*s) character %zu must be %s.", XD_FMT(element->code), off + at + 1,
                           component->type == 'n' ? "a digit" : "of the GS1 character set");
    }
    for (size_t i = 0; i < component->rules; i++) {
        enum xd_gs1_rule rule = (enum xd_gs1_rule)component->rule[i];
        const char *expected = xd_gs1_rule_check(reader->codes, rule, part, &bad);
        if (!expected) {
            continue;
        }
        struct xd_slice where = part_of(reader, element, off + bad.off, bad.len);
        if (rule == XD_GS1_RULE_CHECK) {
            char right = xd_check_gs1(xd_slice_sub(part, 0, part.len - 1));
            return xd_gs1_fail(reader, XD_F_IDENTIFIER_CHECK_DIGIT, where,
                               "(%.*s) character %zu must be %c, not %c.", XD_FMT(element->code),
                               off + bad.off + 1, right, part.ptr[part.len - 1]);
        }
        return xd_gs1_fail(reader, XD_F_GS1_VALUE, where, "(%.*s) needs %s, not \"%.*s\".",
                           XD_FMT(element->code), expected,
                           XD_FMT(xd_slice_sub(part, bad.off, bad.len)));
    }
    return true;
}

static bool
judge_value(struct xd_gs1_reader *reader, const struct xd_gs1_element *element)
{
    const struct xd_gs1_ai *ai = &reader->ais->list[element->ai];
    struct xd_slice rest = element->value;

    for (size_t i = 0; i < ai->components; i++) {
        const struct xd_gs1_component *component = &ai->component[i];
        if (rest.len == 0 && component->optional) {
            return true;
        }
        struct xd_slice part = xd_slice_sub(rest, 0, component->longest);
        if (part.len < component->shortest) {
            return xd_gs1_fail(
                reader, XD_F_GS1_LENGTH, part_of(reader, element, 0, element->value.len),
                "(%.*s) has %zu characters, expected %s%u.", XD_FMT(element->code),
                element->value.len, ai->shortest < ai->longest ? "at least " : "", ai->shortest);
        }
        if (!judge_component(reader, element, component, part)) {
            return false;
        }
        rest = xd_slice_sub(rest, part.len, SIZE_MAX);
    }
    if (rest.len) {
        return xd_gs1_fail(reader, XD_F_GS1_LENGTH,
                           part_of(reader, element, element->value.len - rest.len, rest.len),
                           "(%.*s) has %zu characters, expected %s%u.", XD_FMT(element->code),
                           element->value.len, ai->shortest < ai->longest ? "at most " : "",
                           ai->longest);
    }
    return true;
}

/* An element that `pattern` means, other than `self`; with ! also one that carries its optional
 * part. */
static const struct xd_gs1_element *
companion(const struct xd_gs1_reader *reader, struct xd_slice pattern,
          const struct xd_gs1_element *self)
{
    bool whole = pattern.len && pattern.ptr[pattern.len - 1] == '!';

    pattern.len -= whole;
    for (size_t i = 0; i < reader->out->count; i++) {
        const struct xd_gs1_element *element = &reader->out->element[i];
        if ((self && xd_slice_eq(element->code, self->code)) ||
            !xd_gs1_ai_matches(pattern, element->code)) {
            continue;
        }
        if (!whole || element->value.len > reader->ais->list[element->ai].shortest) {
            return element;
        }
    }
    return NULL;
}

static bool
group_is_met(const struct xd_gs1_reader *reader, struct xd_slice group)
{
    struct xd_slice alternative;

    while (xd_slice_next(&group, ',', &alternative)) {
        struct xd_slice pattern;
        bool met = true;
        while (xd_slice_next(&alternative, '+', &pattern)) {
            met = met && companion(reader, pattern, NULL);
        }
        if (met) {
            return true;
        }
    }
    return false;
}

static bool
judge_company(struct xd_gs1_reader *reader, const struct xd_gs1_element *element)
{
    const struct xd_gs1_ai *ai = &reader->ais->list[element->ai];
    struct xd_slice whole = part_of(reader, element, 0, element->value.len);
    struct xd_slice rest = ai->needs;
    struct xd_slice part;

    for (const struct xd_gs1_element *e = reader->out->element; e < element; e++) {
        if (xd_slice_eq(e->code, element->code) && !xd_slice_eq(e->value, element->value)) {
            return xd_gs1_fail(reader, XD_F_GS1_REPEAT, whole, "(%.*s) is %.*s and %.*s.",
                               XD_FMT(e->code), XD_FMT(e->value), XD_FMT(element->value));
        }
    }
    while (xd_slice_next(&rest, ';', &part)) {
        if (!group_is_met(reader, part)) {
            return xd_gs1_fail(reader, XD_F_GS1_NEEDS, whole, "(%.*s) needs one of %.*s.",
                               XD_FMT(element->code), XD_FMT(part));
        }
    }
    rest = ai->not_with;
    while (xd_slice_next(&rest, ',', &part)) {
        const struct xd_gs1_element *other = companion(reader, part, element);
        if (other) {
            return xd_gs1_fail(reader, XD_F_GS1_EXCLUDES, whole,
                               "(%.*s) must not stand with (%.*s).", XD_FMT(element->code),
                               XD_FMT(other->code));
        }
    }
    return true;
}

bool
xd_gs1_parse(const struct xd_gs1_ais *ais, const struct xd_code_lists *codes, struct xd_slice value,
             struct xd_gs1 *elements, struct xd_diagnosis *diagnosis)
{
    struct xd_gs1_reader reader = {ais, codes, value, elements, diagnosis};

    elements->count = 0;
    elements->text_len = 0;
    diagnosis->code = XD_F_NONE;
    diagnosis->span = (struct xd_span){0, 0};
    diagnosis->detail[0] = '\0';
    if (!read_any(&reader)) {
        return false;
    }
    for (size_t i = 0; i < elements->count; i++) {
        if (!judge_value(&reader, &elements->element[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < elements->count; i++) {
        if (!judge_company(&reader, &elements->element[i])) {
            return false;
        }
    }
    return true;
}

size_t
xd_gs1_format(const struct xd_gs1 *elements, char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < elements->count; i++) {
        const struct xd_gs1_element *element = &elements->element[i];
        if (len + element->code.len + element->value.len + 2 > size) {
            break;
        }
        out[len++] = '(';
        memcpy(out + len, element->code.ptr, element->code.len);
        len += element->code.len;
        out[len++] = ')';
        memcpy(out + len, element->value.ptr, element->value.len);
        len += element->value.len;
    }
    return len;
}

struct xd_slice
xd_gs1_value(const struct xd_gs1 *elements, struct xd_slice code)
{
    for (size_t i = 0; i < elements->count; i++) {
        if (xd_slice_eq(elements->element[i].code, code)) {
            return elements->element[i].value;
        }
    }
    return XD_NONE;
}
