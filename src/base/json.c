/*
 * Values are the merchant's bytes: whatever they are, the JSON stays valid. Bytes are checked as
 * UTF-8 by the table of well-formed sequences of the Unicode standard, because a parser that
 * refuses the report hides every finding in it.
 */
#include "base/json.h"

#include <assert.h>

void
xd_json_init(struct xd_json *json, struct xd_buf *buf, bool compact)
{
    *json = (struct xd_json){.buf = buf, .compact = compact};
}

/* Length of the well-formed UTF-8 sequence at `at` (table 3-7 of the Unicode standard), or 0. */
static size_t
sequence(struct xd_slice s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    size_t left = s.len - at;
    unsigned low = 0x80;
    unsigned high = 0xbf;
    size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

    if (p[0] < 0xc2 || p[0] > 0xf4 || left < len) {
        return 0;
    }
    low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : low;
    high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : high;
    if (p[1] < low || p[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if (p[i] < 0x80 || p[i] > 0xbf) {
            return 0;
        }
    }
    return len;
}

static void
put_escape(struct xd_buf *buf, char c)
{
    switch (c) {
    case '"':
        xd_buf_put(buf, XD_LIT("\\\""));
        return;
    case '\\':
        xd_buf_put(buf, XD_LIT("\\\\"));
        return;
    case '\n':
        xd_buf_put(buf, XD_LIT("\\n"));
        return;
    case '\r':
        xd_buf_put(buf, XD_LIT("\\r"));
        return;
    case '\t':
        xd_buf_put(buf, XD_LIT("\\t"));
        return;
    default:
        xd_buf_printf(buf, "\\u%04x", (unsigned)(unsigned char)c);
    }
}

void
xd_json_quote(struct xd_buf *buf, struct xd_slice value)
{
    size_t from = 0;
    size_t at = 0;

    xd_buf_char(buf, '"');
    while (at < value.len) {
        unsigned char c = (unsigned char)value.ptr[at];
        size_t len = c < 0x80 ? 1 : sequence(value, at);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && len > 0) {
            at += len;
            continue;
        }
        xd_buf_put(buf, xd_slice_sub(value, from, at - from));
        if (len == 0) {
            xd_buf_put(buf, XD_LIT("\xef\xbf\xbd"));
        } else {
            put_escape(buf, (char)c);
        }
        at++;
        from = at;
    }
    xd_buf_put(buf, xd_slice_sub(value, from, at - from));
    xd_buf_char(buf, '"');
}

static void
new_line(struct xd_json *json)
{
    if (json->compact) {
        return;
    }
    xd_buf_char(json->buf, '\n');
    for (unsigned i = 0; i < json->depth; i++) {
        xd_buf_put(json->buf, XD_LIT("  "));
    }
}

static void
member(struct xd_json *json, const char *name)
{
    if (json->depth > 0) {
        if (json->filled[json->depth - 1]) {
            xd_buf_char(json->buf, ',');
        }
        json->filled[json->depth - 1] = true;
        new_line(json);
    }
    if (name) {
        xd_json_quote(json->buf, xd_slice_str(name));
        xd_buf_put(json->buf, json->compact ? XD_LIT(":") : XD_LIT(": "));
    }
}

static void
open_group(struct xd_json *json, const char *name, char opening, char closing)
{
    assert(json->depth < XD_JSON_DEPTH_MAX);
    member(json, name);
    xd_buf_char(json->buf, opening);
    json->filled[json->depth] = false;
    json->closing[json->depth] = closing;
    json->depth++;
}

void
xd_json_object(struct xd_json *json, const char *name)
{
    open_group(json, name, '{', '}');
}

void
xd_json_array(struct xd_json *json, const char *name)
{
    open_group(json, name, '[', ']');
}

void
xd_json_end(struct xd_json *json)
{
    bool filled;

    assert(json->depth > 0);
    filled = json->filled[--json->depth];
    if (filled) {
        new_line(json);
    }
    xd_buf_char(json->buf, json->closing[json->depth]);
    if (json->depth == 0) {
        xd_buf_char(json->buf, '\n');
    }
}

void
xd_json_text(struct xd_json *json, const char *name, struct xd_slice value)
{
    member(json, name);
    xd_json_quote(json->buf, value);
}

void
xd_json_u64(struct xd_json *json, const char *name, uint64_t value)
{
    member(json, name);
    xd_buf_u64(json->buf, value);
}

void
xd_json_i64(struct xd_json *json, const char *name, int64_t value)
{
    member(json, name);
    xd_buf_i64(json->buf, value);
}

void
xd_json_bool(struct xd_json *json, const char *name, bool value)
{
    member(json, name);
    xd_buf_str(json->buf, value ? "true" : "false");
}

void
xd_json_null(struct xd_json *json, const char *name)
{
    member(json, name);
    xd_buf_str(json->buf, "null");
}
