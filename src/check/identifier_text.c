/*
 * Cleaning comes before checking because the commonest faults are none of the parcel's: a blank out
 * of a web page, a hyphen for the eye, a leading apostrophe against Excel, the marks that a scanner
 * puts in front. They are dropped in silence; only characters of another script or width are
 * reported, since no scanner and no hub search finds them.
 */
#include "check/identifier_text.h"

#include "base/utf8.h"

#include "base/bytes.h"

enum { KEEP, RAISE, DROP, BLANK, FOREIGN };

/* What becomes of a byte. A switch in effect: the compiler makes a table of it. */
static int
byte_class(unsigned char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
        return KEEP;
    }
    if (c >= 'a' && c <= 'z') {
        return RAISE;
    }
    if (c <= ' ' || c == 0x7f) {
        return BLANK;
    }
    if (c == '-' || c == '(' || c == ')' || c == '[' || c == ']') {
        return DROP;
    }
    return c >= 0x80 ? FOREIGN : KEEP;
}

static struct xd_slice
strip_front(struct xd_slice raw)
{
    while (raw.len &&
           (byte_class((unsigned char)raw.ptr[0]) == BLANK || memchr("='\"%^*", raw.ptr[0], 6))) {
        raw = xd_slice_sub(raw, 1, SIZE_MAX);
    }
    return raw;
}

struct xd_slice
xd_strip_marks(struct xd_slice raw)
{
    raw = strip_front(raw);
    while (raw.len && (byte_class((unsigned char)raw.ptr[raw.len - 1]) == BLANK ||
                       memchr("'\"*^", raw.ptr[raw.len - 1], 4))) {
        raw.len--;
    }
    if (raw.len > 3 && raw.ptr[0] == ']' && xd_is_alpha(raw.ptr[1]) && xd_is_digit(raw.ptr[2])) {
        raw = strip_front(xd_slice_sub(raw, 3, SIZE_MAX)); /* marks of the data behind it */
    }
    return raw;
}

static void
put(struct xd_clean *out, char c, size_t origin)
{
    if (out->text.len == XD_CLEAN_MAX) {
        out->cut = true;
        return;
    }
    out->buffer[out->text.len] = c;
    out->origin[out->text.len] = (uint32_t)origin;
    out->text.len++;
}

/* A character beyond ASCII; its length. */
static size_t
put_foreign(const struct xd_look_alikes *looks, struct xd_clean *out, size_t at)
{
    uint32_t code_point;
    char becomes;
    size_t len = xd_utf8_at(out->raw, at, &code_point);
    enum xd_look_alike_kind kind = xd_look_alike_find(looks, code_point, &becomes);

    if (kind == XD_LOOK_BLANK || kind == XD_LOOK_HYPHEN) {
        return len;
    }
    if (!out->foreign && kind != XD_LOOK_UNKNOWN) {
        out->foreign = true;
        out->foreign_at = (uint32_t)out->text.len;
    }
    /* an unknown character stays visible as one that no shape allows */
    put(out, kind == XD_LOOK_UNKNOWN ? '\x01' : becomes, at);
    return len;
}

static void
clean_slowly(const struct xd_look_alikes *looks, enum xd_clean_mode mode, struct xd_clean *out)
{
    struct xd_slice inner = xd_strip_marks(out->raw);
    size_t at = inner.len ? (size_t)(inner.ptr - out->raw.ptr) : 0;
    size_t to = at + inner.len;

    out->moved = true;
    out->text = xd_slice_of(out->buffer, 0);
    while (at < to && !out->cut) {
        char c = out->raw.ptr[at];
        int class = byte_class((unsigned char)c);
        if (class == FOREIGN) {
            at += put_foreign(looks, out, at);
            continue;
        }
        if (class == KEEP || (mode == XD_CLEAN_KEEP_CASE && class != BLANK)) {
            put(out, c, at);
        } else if (class == RAISE) {
            put(out, xd_to_upper(c), at);
        }
        at++;
    }
}

static inline void
add_places(struct xd_clean *out, xd_lanes block, size_t at)
{
    out->digits |= xd_lanes_within(block, '0', 10) << at;
    out->letters |= xd_lanes_within(block, 'A', 26) << at;
}

/* Where digits and capitals stand, of 64 characters at most. */
static inline void
classify(struct xd_clean *out)
{
    struct xd_slice text = out->text;

    out->digits = 0;
    out->letters = 0;
    if (text.len <= 16) {
        add_places(out, xd_lanes_of(xd_bytes16(text)), 0);
    } else {
        for (size_t at = 0; at + 16 < text.len; at += 16) {
            add_places(out, xd_lanes_load(text.ptr + at), at);
        }
        add_places(out, xd_lanes_load(text.ptr + text.len - 16), text.len - 16);
    }
    out->plain = text.len == 0 || (out->digits | out->letters) == xd_bytes_all(text.len);
}

static void __attribute__((noinline))
clean_and_classify(const struct xd_look_alikes *looks, enum xd_clean_mode mode,
                   struct xd_clean *out)
{
    clean_slowly(looks, mode, out);
    classify(out);
}

void
xd_clean_text(const struct xd_look_alikes *looks, struct xd_slice raw, enum xd_clean_mode mode,
              struct xd_clean *out)
{
    out->raw = raw;
    out->text = raw;
    out->moved = false;
    out->cut = false;
    out->foreign = false;
    if (raw.len <= XD_CLEAN_MAX) {
        classify(out);
        if (out->plain) {
            return;
        }
    }
    clean_and_classify(looks, mode, out);
}

struct xd_span
xd_clean_span(const struct xd_clean *clean, size_t from, size_t to)
{
    uint32_t code_point;

    if (!clean->moved) {
        return (struct xd_span){(uint32_t)from, (uint32_t)(to - from)};
    }
    if (from >= to || from >= clean->text.len) {
        return (struct xd_span){0, (uint32_t)clean->raw.len};
    }
    size_t last = clean->origin[to - 1];
    size_t end = last + xd_utf8_at(clean->raw, last, &code_point);
    return (struct xd_span){clean->origin[from], (uint32_t)(end - clean->origin[from])};
}
