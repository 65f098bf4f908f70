/*
 * Nearly all names are ASCII and never reach the Unicode tables. The others are decomposed with
 * compatibility (full width, ligatures), case-folded and lose their marks; a few Latin letters that
 * Unicode does not decompose are written as their plain neighbour, because that is how they are
 * typed where the keyboard lacks them.
 */
#include "base/fold.h"

#include <utf8proc.h>

struct plain {
    int32_t codepoint;
    char text[3];
};

static const struct plain PLAIN[] = {
    {0x00e6, "ae"}, {0x00f0, "d"}, {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"},
    {0x0127, "h"},  {0x0131, "i"}, {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},
};

/* U+00C0 to U+00FF folded, by the last six bits: most letters beyond ASCII are of these. The test
 * holds the table against Unicode's. */
static const char LATIN_1[64][3] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y",
};

static bool
keeps(utf8proc_int32_t codepoint)
{
    switch (utf8proc_category(codepoint)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    /* Vowel signs of Indic and Thai scripts are marks that carry meaning; accents of Latin are not.
     */
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_MN:
        return codepoint >= 0x0900 && codepoint < 0x1000;
    default:
        return false;
    }
}

static size_t
put(utf8proc_int32_t codepoint, char *out, size_t room)
{
    utf8proc_uint8_t bytes[4];
    size_t len;

    for (size_t i = 0; i < sizeof(PLAIN) / sizeof(PLAIN[0]); i++) {
        if (PLAIN[i].codepoint == codepoint) {
            len = strlen(PLAIN[i].text);
            if (len <= room) {
                memcpy(out, PLAIN[i].text, len);
            }
            return len <= room ? len : 0;
        }
    }
    len = (size_t)utf8proc_encode_char(codepoint, bytes);
    if (len > room) {
        return 0;
    }
    memcpy(out, bytes, len);
    return len;
}

static size_t
put_folded(utf8proc_int32_t codepoint, char *out, size_t room)
{
    utf8proc_int32_t parts[32];
    int boundary = 0;
    size_t used = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        codepoint, parts, 32, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &boundary);

    for (utf8proc_ssize_t i = 0; i < count && i < 32; i++) {
        if (keeps(parts[i])) {
            used += put(parts[i], out + used, room - used);
        }
    }
    return used;
}

static size_t
put_latin_1(unsigned char last, char *out, size_t room)
{
    const char *letters = LATIN_1[last & 0x3f];
    size_t len = strlen(letters);

    if (len > room) {
        return 0;
    }
    memcpy(out, letters, len);
    return len;
}

/* The first byte of a letter that LATIN_1 knows, if the second is right. */
#define LATIN_1_LEAD 0xc3

static bool
is_latin_1(struct xd_slice text, size_t at)
{
    return (unsigned char)text.ptr[at] == LATIN_1_LEAD && at + 1 < text.len &&
           ((unsigned char)text.ptr[at + 1] & 0xc0) == 0x80;
}

size_t
xd_fold_key(struct xd_slice text, char *out, size_t cap)
{
    size_t used = 0;

    for (size_t at = 0; at < text.len && used < cap;) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (c < 0x80) {
            out[used] = xd_to_lower((char)c);
            used += (xd_is_alpha((char)c) || xd_is_digit((char)c)) ? 1 : 0;
            at++;
            continue;
        }
        if (is_latin_1(text, at)) {
            used += put_latin_1((unsigned char)text.ptr[at + 1], out + used, cap - used);
            at += 2;
            continue;
        }
        utf8proc_int32_t codepoint;
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at,
                                                 (utf8proc_ssize_t)(text.len - at), &codepoint);
        if (step > 0) {
            used += put_folded(codepoint, out + used, cap - used);
        }
        at += step > 0 ? (size_t)step : 1;
    }
    return used;
}
