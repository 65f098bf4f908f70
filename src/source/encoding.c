/*
 * One- and two-byte encodings to UTF-8. Written by hand rather than with iconv because the five
 * encodings are small, the first bad byte must be named, and the result must not hang on the C
 * library's locale data.
 */
#include "source/encoding.h"

#include "base/utf8.h"

static const char *const NAMES[XD_ENCODING_COUNT] = {
    [XD_ENCODING_NONE] = "",
    [XD_ENCODING_UTF8] = "utf-8",
    [XD_ENCODING_ASCII] = "us-ascii",
    [XD_ENCODING_UTF16LE] = "utf-16le",
    [XD_ENCODING_UTF16BE] = "utf-16be",
    [XD_ENCODING_LATIN1] = "iso-8859-1",
    [XD_ENCODING_WINDOWS_1252] = "windows-1252",
};

/* Other names of the IANA registry for the same encodings, and "utf-16", whose byte order its mark
 * tells. */
static const struct {
    const char *name;
    enum xd_encoding encoding;
} ALIASES[] = {
    {"utf8", XD_ENCODING_UTF8},         {"utf-16", XD_ENCODING_UTF16LE},
    {"ascii", XD_ENCODING_ASCII},       {"latin1", XD_ENCODING_LATIN1},
    {"latin-1", XD_ENCODING_LATIN1},    {"iso8859-1", XD_ENCODING_LATIN1},
    {"iso_8859-1", XD_ENCODING_LATIN1}, {"cp1252", XD_ENCODING_WINDOWS_1252},
};

/* U+ of the bytes 0x80 to 0x9f in windows-1252 (the WHATWG Encoding Standard's index); 0 where the
 * code page is empty. */
static const uint16_t WINDOWS_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

const char *
xd_encoding_name(enum xd_encoding encoding)
{
    return NAMES[encoding];
}

bool
xd_encoding_find(struct xd_slice name, enum xd_encoding *encoding)
{
    for (unsigned i = XD_ENCODING_NONE + 1; i < XD_ENCODING_COUNT; i++) {
        if (xd_slice_ieq(name, xd_slice_str(NAMES[i]))) {
            *encoding = (enum xd_encoding)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(ALIASES) / sizeof(ALIASES[0]); i++) {
        if (xd_slice_ieq(name, xd_slice_str(ALIASES[i].name))) {
            *encoding = ALIASES[i].encoding;
            return true;
        }
    }
    return false;
}

/* Reads the character of UTF-16 at *at and moves behind it. False for half a unit or half a pair.
 */
static bool
wide_character(struct xd_slice body, bool big, size_t *at, uint32_t *c)
{
    const unsigned char *s = (const unsigned char *)body.ptr + *at;
    unsigned first = big ? 0 : 1; /* place of the high byte */
    uint32_t unit;
    uint32_t low;

    if (body.len - *at < 2) {
        return false;
    }
    unit = (uint32_t)s[first] << 8 | s[1 - first];
    *at += 2;
    *c = unit;
    if (unit < 0xd800 || unit > 0xdfff) {
        return true;
    }
    if (unit > 0xdbff || body.len - *at < 2) {
        return false;
    }
    low = (uint32_t)s[2 + first] << 8 | s[3 - first];
    *at += 2;
    *c = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    return low >= 0xdc00 && low <= 0xdfff;
}

static bool
byte_character(struct xd_slice body, bool windows, size_t *at, uint32_t *c)
{
    unsigned char byte = (unsigned char)body.ptr[(*at)++];

    *c = byte;
    if (windows && byte >= 0x80 && byte < 0xa0) {
        *c = WINDOWS_1252[byte - 0x80];
        return *c != 0;
    }
    return true;
}

static bool
is_ascii(struct xd_slice body)
{
    unsigned char all = 0;

    for (size_t i = 0; i < body.len; i++) {
        all |= (unsigned char)body.ptr[i];
    }
    return all < 0x80;
}

bool
xd_charset_transcode(struct xd_slice body, struct xd_text *text, struct xd_charset_fault *fault)
{
    bool wide = text->encoding == XD_ENCODING_UTF16LE || text->encoding == XD_ENCODING_UTF16BE;
    size_t at = 0;
    char *out;

    text->bytes = body;
    if (!wide && is_ascii(body)) {
        return true;
    }
    /* Two bytes of UTF-16 become three at most, one byte of windows-1252 becomes three at most (the
     * euro sign). */
    if (!xd_region_open(&text->region, wide ? body.len / 2 * 3 : body.len * 3)) {
        *fault = (struct xd_charset_fault){.kind = XD_CHARSET_MEMORY};
        return false;
    }
    text->transcoded = true;
    out = text->region.ptr;
    while (at < body.len) {
        size_t start = at;
        uint32_t c = 0;
        bool good = wide
                        ? wide_character(body, text->encoding == XD_ENCODING_UTF16BE, &at, &c)
                        : byte_character(body, text->encoding == XD_ENCODING_WINDOWS_1252, &at, &c);
        if (!good) {
            *fault = (struct xd_charset_fault){.kind = XD_CHARSET_INVALID,
                                               .offset = start + text->skipped};
            xd_region_close(&text->region);
            text->bytes = XD_NONE;
            return false;
        }
        out = xd_utf8_put(out, c);
    }
    text->bytes = xd_slice_of(text->region.ptr, (size_t)(out - text->region.ptr));
    return true;
}
