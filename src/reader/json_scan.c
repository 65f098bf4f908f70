/*
 * Brackets are counted outside of strings; that suffices to know where a value ends, whatever is
 * wrong in it.
 */
#include "reader/json_scan.h"

void
xd_json_blanks(struct xd_json_scan *scan)
{
    while (scan->at < scan->text.len && xd_is_blank(scan->text.ptr[scan->at])) {
        scan->at++;
    }
}

bool
xd_json_char(struct xd_json_scan *scan, char c)
{
    xd_json_blanks(scan);
    if (scan->at == scan->text.len || scan->text.ptr[scan->at] != c) {
        return false;
    }
    scan->at++;
    return true;
}

/* Behind the string whose quote is at scan->at. */
static bool
skip_string(struct xd_json_scan *scan)
{
    const char *s = scan->text.ptr;

    for (size_t at = scan->at + 1; at < scan->text.len; at++) {
        if (s[at] == '"') {
            scan->at = at + 1;
            return true;
        }
        at += s[at] == '\\';
    }
    scan->at = scan->text.len;
    return false;
}

static bool
skip_nested(struct xd_json_scan *scan)
{
    size_t depth = 0;

    while (scan->at < scan->text.len) {
        char c = scan->text.ptr[scan->at];
        if (c == '"') {
            if (!skip_string(scan)) {
                return false;
            }
            continue;
        }
        scan->at++;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (depth == 0) {
            return true;
        }
        if (depth > scan->depth_limit) {
            scan->too_deep = true;
            scan->at--; /* the bracket that is too many */
            return false;
        }
    }
    return false;
}

static bool
skip_scalar(struct xd_json_scan *scan)
{
    size_t start = scan->at;

    while (scan->at < scan->text.len && !xd_is_blank(scan->text.ptr[scan->at]) &&
           !memchr(",:]}[{\"", scan->text.ptr[scan->at], 7)) {
        scan->at++;
    }
    return scan->at > start;
}

bool
xd_json_value(struct xd_json_scan *scan, struct xd_slice *value)
{
    size_t start;
    bool good;
    char c;

    xd_json_blanks(scan);
    if (scan->at == scan->text.len) {
        return false;
    }
    start = scan->at;
    c = scan->text.ptr[start];
    if (c == '"') {
        good = skip_string(scan);
    } else {
        good = c == '{' || c == '[' ? skip_nested(scan) : skip_scalar(scan);
    }
    *value = xd_slice_sub(scan->text, start, scan->at - start);
    return good;
}

bool
xd_json_key(struct xd_json_scan *scan, struct xd_slice *key)
{
    xd_json_blanks(scan);
    if (scan->at == scan->text.len || scan->text.ptr[scan->at] != '"' ||
        !xd_json_value(scan, key)) {
        return false;
    }
    *key = xd_slice_sub(*key, 1, key->len - 2);
    return xd_json_char(scan, ':');
}

bool
xd_json_has_key(struct xd_slice text, const char *key, bool nocase)
{
    struct xd_slice name = xd_slice_str(key);
    struct xd_json_scan scan = {.text = text};

    while (scan.at < text.len) {
        const char *quote = memchr(text.ptr + scan.at, '"', text.len - scan.at);
        struct xd_slice found;
        if (!quote) {
            return false;
        }
        scan.at = (size_t)(quote - text.ptr);
        if (!xd_json_value(&scan, &found)) {
            return false;
        }
        found = xd_slice_sub(found, 1, found.len - 2);
        if ((nocase ? xd_slice_ieq(found, name) : xd_slice_eq(found, name)) &&
            xd_json_char(&scan, ':')) {
            return true;
        }
    }
    return false;
}
