/*
 * Validation reads sixteen bytes at a time and looks closely only at those that are not plain
 * printable ASCII: in a manifest that is one name in a row, so the pass costs little more than
 * reading the memory. It is the rules of RFC 3629 by hand, because the position of the first bad
 * byte is what the merchant needs.
 */
#include "source/charset.h"

#include <emmintrin.h>
#include <stdio.h>

#include "source/encoding.h"

static bool
fail(struct xd_charset_fault *fault, enum xd_charset_fault_kind kind, uint64_t offset)
{
    fault->kind = kind;
    fault->offset = offset;
    fault->detail[0] = '\0';
    return false;
}

/* Bytes that need a look: controls other than TAB, LF and CR, DEL, and everything beyond ASCII. */
static inline __m128i
suspects(__m128i x)
{
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(8)), x);
    const __m128i vt = _mm_sub_epi8(x, _mm_set1_epi8(11));
    const __m128i so = _mm_sub_epi8(x, _mm_set1_epi8(14));
    __m128i bad = _mm_or_si128(low, x);

    bad = _mm_or_si128(bad, _mm_cmpeq_epi8(_mm_min_epu8(vt, _mm_set1_epi8(1)), vt));
    bad = _mm_or_si128(bad, _mm_cmpeq_epi8(_mm_min_epu8(so, _mm_set1_epi8(17)), so));
    return _mm_or_si128(bad, _mm_cmpeq_epi8(x, _mm_set1_epi8(127)));
}

/* First byte at or behind `at` that needs a look, or `to`. Only the top bit of `x` itself counts in
 * suspects(): the masks of the comparisons have it too. */
static uint64_t
next_suspect(const char *text, uint64_t at, uint64_t to)
{
    while (at + 16 <= to) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        int bits = _mm_movemask_epi8(suspects(x));
        if (bits) {
            return at + (uint64_t)__builtin_ctz((unsigned)bits);
        }
        at += 16;
    }
    for (; at < to; at++) {
        unsigned char c = (unsigned char)text[at];
        if (c >= 127 || (c < 32 && c != '\t' && c != '\n' && c != '\r')) {
            break;
        }
    }
    return at;
}

/* True when the second byte makes no overlong form, no surrogate and nothing beyond U+10FFFF with
 * the first: table 3-7 of the Unicode Standard. */
static bool
second_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

/* Length of the well-formed character beyond ASCII at `s` (RFC 3629), or 0. */
static unsigned
character(const unsigned char *s, uint64_t room)
{
    unsigned len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

    if (s[0] < 0xc2 || s[0] > 0xf4 || room < len) {
        return 0;
    }
    for (unsigned i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return second_fits(s[0], s[1]) ? len : 0;
}

bool
xd_charset_check(struct xd_slice text, uint64_t from, uint64_t to, struct xd_charset_fault *fault)
{
    const unsigned char *s = (const unsigned char *)text.ptr;

    while ((from = next_suspect(text.ptr, from, to)) < to) {
        unsigned len;
        if (s[from] < 0x80) {
            return fail(fault, s[from] == 0 ? XD_CHARSET_NUL : XD_CHARSET_CONTROL, from);
        }
        len = character(s + from, to - from);
        if (len == 0) {
            fail(fault, XD_CHARSET_INVALID, from);
            (void)snprintf(fault->detail, sizeof(fault->detail), "the byte is 0x%02X", s[from]);
            return false;
        }
        if (s[from] == 0xc2 && s[from + 1] < 0xa0) {
            return fail(fault, XD_CHARSET_CONTROL, from);
        }
        from += len;
    }
    fault->kind = XD_CHARSET_FINE;
    return true;
}

static bool
starts(struct xd_slice bytes, const char *mark, size_t len)
{
    return bytes.len >= len && memcmp(bytes.ptr, mark, len) == 0;
}

/* Zero bytes among the first 256, by the place modulo four: text of 16 or 32 bits that carries no
 * mark shows in them. */
static bool
looks_unmarked(struct xd_slice bytes, struct xd_charset_fault *fault)
{
    struct xd_slice head = xd_slice_sub(bytes, 0, 256);
    size_t zeros[4] = {0};
    size_t quarter = head.len / 4;

    for (size_t i = 0; i < quarter * 4; i++) {
        zeros[i % 4] += head.ptr[i] == '\0';
    }
    if (quarter == 0) {
        return false;
    }
    bool wide = (zeros[0] == quarter && zeros[1] == quarter) ||
                (zeros[2] == quarter && zeros[3] == quarter);
    bool little = zeros[1] + zeros[3] > quarter && zeros[0] + zeros[2] == 0;
    bool big = zeros[0] + zeros[2] > quarter && zeros[1] + zeros[3] == 0;
    if (!wide && !little && !big) {
        return false;
    }
    fail(fault, XD_CHARSET_UNMARKED, 0);
    (void)snprintf(fault->detail, sizeof(fault->detail),
                   "it looks like %s without a byte order mark", wide ? "UTF-32" : "UTF-16");
    return true;
}

/* The value of the encoding declaration of an XML text in ASCII-compatible bytes; empty when it has
 * none. */
static struct xd_slice
xml_declared(struct xd_slice bytes)
{
    struct xd_slice head = xd_slice_sub(bytes, 0, 256);
    const char *end;
    const char *at;
    size_t quote;

    if (!xd_slice_starts(head, XD_LIT("<?xml")) || !(end = memchr(head.ptr, '>', head.len))) {
        return XD_NONE;
    }
    head.len = (size_t)(end - head.ptr);
    at = memmem(head.ptr, head.len, "encoding", 8);
    if (!at) {
        return XD_NONE;
    }
    head = xd_slice_trim(xd_slice_sub(head, (size_t)(at - head.ptr) + 8, SIZE_MAX));
    if (head.len == 0 || head.ptr[0] != '=') {
        return XD_NONE;
    }
    head = xd_slice_trim(xd_slice_sub(head, 1, SIZE_MAX));
    if (head.len == 0 || (head.ptr[0] != '"' && head.ptr[0] != '\'')) {
        return XD_NONE;
    }
    quote = xd_slice_find(xd_slice_sub(head, 1, SIZE_MAX), head.ptr[0]);
    return xd_slice_sub(head, 1, quote);
}

/* What the XML declaration of the text says must be what the mark says; without a mark it decides.
 */
static bool
settle_xml(struct xd_slice body, struct xd_text *text, struct xd_charset_fault *fault)
{
    struct xd_slice name = xml_declared(body);
    bool wide = text->encoding == XD_ENCODING_UTF16LE || text->encoding == XD_ENCODING_UTF16BE;
    enum xd_encoding said;
    bool says_wide;
    uint64_t at;

    if (name.len == 0) {
        return true;
    }
    at = text->skipped + (uint64_t)(name.ptr - body.ptr);
    if (!xd_encoding_find(name, &said)) {
        fail(fault, XD_CHARSET_UNKNOWN, at);
        (void)snprintf(fault->detail, sizeof(fault->detail), "it declares %.*s",
                       (int)(name.len < 40 ? name.len : 40), name.ptr);
        return false;
    }
    says_wide = said == XD_ENCODING_UTF16LE || said == XD_ENCODING_UTF16BE;
    if (wide != says_wide || (text->marked && !wide && said != XD_ENCODING_UTF8)) {
        fail(fault, XD_CHARSET_LIE, at);
        (void)snprintf(
            fault->detail, sizeof(fault->detail), "it declares %.*s but its bytes are %s",
            (int)(name.len < 40 ? name.len : 40), name.ptr, xd_encoding_name(text->encoding));
        return false;
    }
    text->encoding = wide ? text->encoding : said;
    return true;
}

static enum xd_encoding
marked_encoding(struct xd_slice bytes, uint64_t *skipped)
{
    if (starts(bytes, "\xef\xbb\xbf", 3)) {
        *skipped = 3;
        return XD_ENCODING_UTF8;
    }
    *skipped = 2;
    if (starts(bytes, "\xff\xfe", 2)) {
        return XD_ENCODING_UTF16LE;
    }
    if (starts(bytes, "\xfe\xff", 2)) {
        return XD_ENCODING_UTF16BE;
    }
    *skipped = 0;
    return XD_ENCODING_NONE;
}

/* US-ASCII text is UTF-8 that must not go beyond it. */
static bool
check_ascii(struct xd_slice body, uint64_t skipped, struct xd_charset_fault *fault)
{
    for (size_t i = 0; i < body.len; i++) {
        if ((unsigned char)body.ptr[i] >= 0x80) {
            return fail(fault, XD_CHARSET_INVALID, i + skipped);
        }
    }
    return true;
}

bool
xd_charset_prepare(struct xd_slice bytes, enum xd_encoding declared, struct xd_text *text,
                   struct xd_charset_fault *fault)
{
    struct xd_slice body;

    *text = (struct xd_text){0};
    *fault = (struct xd_charset_fault){0};
    if (starts(bytes, "\xff\xfe\0\0", 4) || starts(bytes, "\0\0\xfe\xff", 4)) {
        fail(fault, XD_CHARSET_UNMARKED, 0);
        (void)snprintf(fault->detail, sizeof(fault->detail), "it is UTF-32");
        return false;
    }
    text->encoding = marked_encoding(bytes, &text->skipped);
    text->marked = text->skipped > 0;
    body = xd_slice_sub(bytes, text->skipped, SIZE_MAX);
    if (text->encoding == XD_ENCODING_UTF16LE || text->encoding == XD_ENCODING_UTF16BE) {
        return xd_charset_transcode(body, text, fault) && settle_xml(text->bytes, text, fault);
    }
    if (!text->marked && looks_unmarked(bytes, fault)) {
        return false;
    }
    if (starts(bytes, "\x4c\x6f\xa7\x94\x93", 5)) {
        fail(fault, XD_CHARSET_UNKNOWN, 0);
        (void)snprintf(fault->detail, sizeof(fault->detail), "it is EBCDIC");
        return false;
    }
    if (!text->marked) {
        text->encoding = declared == XD_ENCODING_NONE ? XD_ENCODING_UTF8 : declared;
    }
    text->bytes = body;
    if (!settle_xml(body, text, fault)) {
        return false;
    }
    if (text->encoding == XD_ENCODING_ASCII) {
        return check_ascii(body, text->skipped, fault);
    }
    return text->encoding == XD_ENCODING_UTF8 || xd_charset_transcode(body, text, fault);
}
