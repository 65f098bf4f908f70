/*
 * The formula guard is rewritten in the text itself, byte for byte of the same length, so that the
 * CSV reader stays strict and every finding still points at the right byte of the merchant's file.
 */
#include "reader/guard.h"

bool
xd_is_guardable(enum xd_field field)
{
    switch (field) {
    case XD_FIELD_DESCRIPTION:
    case XD_FIELD_RECIPIENT_NAME:
    case XD_FIELD_COMPANY:
    case XD_FIELD_ADDRESS1:
    case XD_FIELD_ADDRESS2:
    case XD_FIELD_ADDRESS3:
    case XD_FIELD_CITY:
    case XD_FIELD_REGION:
        return false;
    default:
        return true;
    }
}

bool
xd_has_apostrophes(struct xd_slice text, char delimiter)
{
    for (size_t i = xd_slice_find(text, '\''); i + 1 < text.len; i++) {
        char before = i ? text.ptr[i - 1] : '\n';
        if (xd_is_guarded_start(text.ptr[i + 1]) &&
            (before == delimiter || before == '\n' || before == '"')) {
            return true;
        }
        i += xd_slice_find(xd_slice_sub(text, i + 1, SIZE_MAX), '\'');
    }
    return false;
}

bool
xd_unguard(struct xd_slice *value)
{
    if (value->len >= 2 && value->ptr[0] == '\'') {
        *value = xd_slice_sub(*value, 1, SIZE_MAX);
        return true;
    }
    if (value->len >= 3 && value->ptr[0] == '=' && value->ptr[1] == '"' &&
        value->ptr[value->len - 1] == '"') {
        *value = xd_slice_sub(*value, 2, value->len - 3);
        return true;
    }
    return false;
}

/* Byte of the next ="...", the whole of a field, at or behind `at`; its length in *guard. text.len
 * when there is none. */
static size_t
find_formula(struct xd_slice text, char delimiter, size_t at, size_t *guard)
{
    while (at + 2 < text.len) {
        const char *found = memmem(text.ptr + at, text.len - at, "=\"", 2);
        if (!found) {
            return text.len;
        }
        size_t begin = (size_t)(found - text.ptr);
        size_t close = begin + 2 + xd_slice_find(xd_slice_sub(text, begin + 2, SIZE_MAX), '"');
        char before = begin ? text.ptr[begin - 1] : '\n';
        char after = close + 1 < text.len ? text.ptr[close + 1] : '\n';
        bool starts = before == delimiter || before == '\n' || before == '\r';
        if (starts && close < text.len && (after == delimiter || after == '\n' || after == '\r')) {
            *guard = close + 1 - begin;
            return begin;
        }
        at = begin + 2;
    }
    return text.len;
}

bool
xd_has_formulas(struct xd_slice text, char delimiter)
{
    size_t guard;

    return find_formula(text, delimiter, 0, &guard) < text.len;
}

size_t
xd_unguard_text(char *text, size_t len, char delimiter)
{
    size_t guard = 0;
    size_t count = 0;
    size_t at = 0;

    while ((at = find_formula(xd_slice_of(text, len), delimiter, at, &guard)) < len) {
        text[at] = '"';
        text[at + 1] = '\'';
        at += guard;
        count++;
    }
    return count;
}

bool
xd_unguard_document(struct xd_document *document, char delimiter, struct xd_arena *arena)
{
    struct xd_slice text = document->text;
    char *copy = xd_arena_alloc(arena, text.len);

    if (!copy) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    (void)xd_unguard_text(copy, text.len, delimiter);
    document->text.ptr = copy;
    return true;
}
