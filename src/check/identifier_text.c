/*
 * Cleaning comes before checking because the commonest faults are none of the parcel's: a blank out
 * of a web page, a hyphen for the eye, a leading apostrophe against Excel, the marks that a scanner
 * puts in front. They are dropped in silence; only characters of another script or width are
 * reported, since no scanner and no hub search finds them.
 */
#include "check/identifier_text.h"

#include "base/utf8.h"

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

/* The bytes between marks that belong to the paper or the spreadsheet and not to the number: ="..."
 * and '..., quotes, the symbology identifier of a scanner (]C1), the FNC1 that stands for it (^),
 * the identification tag of DPD (%). */
static void
strip_marks(struct xd_slice raw, size_t *from, size_t *to)
{
    while (*to > *from && byte_class((unsigned char)raw.ptr[*to - 1]) == BLANK) {
        (*to)--;
    }
    while (*from < *to && (byte_class((unsigned char)raw.ptr[*from]) == BLANK ||
                           memchr("='\"%^*", raw.ptr[*from], 6))) {
        (*from)++;
    }
    while (*to > *from && memchr("'\"*", raw.ptr[*to - 1], 3)) {
        (*to)--;
    }
    if (*to - *from > 3 && raw.ptr[*from] == ']' && xd_is_alpha(raw.ptr[*from + 1]) &&
        xd_is_digit(raw.ptr[*from + 2])) {
        *from += 3;
    }
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
    size_t at = 0;
    size_t to = out->raw.len;

    out->moved = true;
    out->text = xd_slice_of(out->buffer, 0);
    strip_marks(out->raw, &at, &to);
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

/* The high bit of every byte of `word` that lies in low..high, gathered into eight bits, first byte
 * lowest. */
static inline uint64_t
bytes_within(uint64_t word, unsigned char low, unsigned char high)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t highs = 0x8080808080808080u;
    uint64_t seven = word & ~highs;
    uint64_t from = seven + ones * (uint64_t)(0x80 - low);
    uint64_t beyond = seven + ones * (uint64_t)(0x7f - high);
    uint64_t within = from & ~beyond & ~word & highs;

    return (within >> 7) * 0x0102040810204080u >> 56;
}

static inline uint64_t
load(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

/* By place, which of 1..XD_CLEAN_MAX characters lie in low..high, eight at a time; the last eight
 * may overlap the ones before, which changes nothing. */
static inline uint64_t
places_within(struct xd_slice text, unsigned char low, unsigned char high)
{
    uint64_t places = 0;
    size_t at = 0;

    if (text.len < 8) {
        uint64_t word = 0;
        for (size_t i = text.len; i > 0; i--) {
            word = word << 8 | (unsigned char)text.ptr[i - 1];
        }
        return bytes_within(word, low, high);
    }
    for (; at + 8 < text.len; at += 8) {
        places |= bytes_within(load(text.ptr + at), low, high) << at;
    }
    at = text.len - 8;
    return places | bytes_within(load(text.ptr + at), low, high) << at;
}

static inline bool
eight_digits(uint64_t word)
{
    const uint64_t high = 0xf0f0f0f0f0f0f0f0u;
    const uint64_t three = 0x3030303030303030u;

    return ((word & high) == three) & (((word + 0x0606060606060606u) & high) == three);
}

static inline bool
all_digits(struct xd_slice text)
{
    size_t at = 0;
    bool digits = text.len >= 8;

    for (; at + 8 < text.len; at += 8) {
        digits &= eight_digits(load(text.ptr + at));
    }
    return digits && eight_digits(load(text.ptr + text.len - 8));
}

/* Most numbers are digits alone, which is told without looking where they stand. */
static inline void
classify(struct xd_clean *out)
{
    size_t len = out->text.len;
    uint64_t all = len == 64 ? UINT64_MAX : ((uint64_t)1 << len) - 1;

    if (all_digits(out->text)) {
        out->digits = all;
        out->letters = 0;
        out->plain = true;
        return;
    }
    out->digits = places_within(out->text, '0', '9');
    out->letters = places_within(out->text, 'A', 'Z');
    out->plain = (out->digits | out->letters) == all;
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
