/*
 * Mojibake has a grammar: the bytes of a UTF-8 letter, read as Latin-1 or Windows-1252, give one of
 * a few capitals followed by one of a few signs (Ã¼, â€™, Ð¸). Scripts are told apart by block,
 * which is enough to see a Cyrillic А in a Latin word; the Unicode tables are asked only for what
 * is left.
 */
#include "check/text.h"

#include <utf8proc.h>

#include "reference/postal_rule.h"

struct block {
    int32_t first;
    int32_t last;
    uint8_t script;
};

static const struct block BLOCKS[] = {
    {0x0041, 0x024f, XD_SCRIPT_LATN}, {0x0250, 0x02af, XD_SCRIPT_LATN},
    {0x0370, 0x03ff, XD_SCRIPT_GREK}, {0x0400, 0x052f, XD_SCRIPT_CYRL},
    {0x0531, 0x058f, XD_SCRIPT_ARMN}, {0x0590, 0x05ff, XD_SCRIPT_HEBR},
    {0x0600, 0x077f, XD_SCRIPT_ARAB}, {0x08a0, 0x08ff, XD_SCRIPT_ARAB},
    {0x0900, 0x0dff, XD_SCRIPT_INDI}, {0x0e00, 0x0e7f, XD_SCRIPT_THAI},
    {0x0e80, 0x0eff, XD_SCRIPT_LAOO}, {0x0f00, 0x0fff, XD_SCRIPT_TIBT},
    {0x1000, 0x109f, XD_SCRIPT_MYMR}, {0x10a0, 0x10ff, XD_SCRIPT_GEOR},
    {0x1100, 0x11ff, XD_SCRIPT_HANG}, {0x1200, 0x139f, XD_SCRIPT_ETHI},
    {0x1780, 0x17ff, XD_SCRIPT_KHMR}, {0x1e00, 0x1eff, XD_SCRIPT_LATN},
    {0x1f00, 0x1fff, XD_SCRIPT_GREK}, {0x3005, 0x3007, XD_SCRIPT_HANI},
    {0x3040, 0x30ff, XD_SCRIPT_KANA}, {0x3130, 0x318f, XD_SCRIPT_HANG},
    {0x3400, 0x9fff, XD_SCRIPT_HANI}, {0xac00, 0xd7af, XD_SCRIPT_HANG},
    {0xf900, 0xfaff, XD_SCRIPT_HANI}, {0xfb50, 0xfdff, XD_SCRIPT_ARAB},
    {0xfe70, 0xfeff, XD_SCRIPT_ARAB}, {0xff21, 0xff5a, XD_SCRIPT_LATN},
    {0xff66, 0xff9f, XD_SCRIPT_KANA}, {0x20000, 0x3ffff, XD_SCRIPT_HANI},
};

/* The script of a letter; XD_SCRIPT_OTHER when it has none that matters (digits, signs, marks). */
static unsigned
script_of(int32_t c)
{
    if (c < 0x80) {
        return xd_is_alpha((char)c) ? XD_SCRIPT_LATN : XD_SCRIPT_OTHER;
    }
    if (c < 0xc0) {
        return XD_SCRIPT_OTHER;
    }
    for (size_t i = 0; i < sizeof(BLOCKS) / sizeof(BLOCKS[0]); i++) {
        if (c >= BLOCKS[i].first && c <= BLOCKS[i].last) {
            return BLOCKS[i].script;
        }
    }
    return XD_SCRIPT_OTHER;
}

static bool
is_invisible(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x00ad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* Pictures that no label font has. */
static bool
is_emoji(int32_t c)
{
    return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) || c == 0xfe0f ||
           c == 0x20e3 || (c >= 0xe000 && c <= 0xf8ff);
}

/* Bytes 0x80 to 0xbf of UTF-8, read as Windows-1252: signs that no word holds. */
static bool
is_stray_byte(int32_t c)
{
    static const int32_t SIGNS[] = {0x0152, 0x0153, 0x0160, 0x0161, 0x0178, 0x017d, 0x017e, 0x0192,
                                    0x02c6, 0x02dc, 0x20ac, 0x2122, 0x2026, 0x2030, 0x2039, 0x203a};

    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++) {
        if (SIGNS[i] == c) {
            return true;
        }
    }
    return (c >= 0x80 && c <= 0xbf) || (c >= 0x2013 && c <= 0x2022);
}

/* Do these two stand side by side only where UTF-8 was read as a one-byte encoding? */
static bool
is_mojibake(int32_t first, int32_t second)
{
    switch (first) {
    case 0xc2: /* Â */
    case 0xc3: /* Ã */
    case 0xc4: /* Ä */
    case 0xc5: /* Å */
    case 0xd0: /* Ð */
    case 0xd1: /* Ñ */
    case 0xe2: /* â */
    case 0xef: /* ï */
        return is_stray_byte(second);
    default:
        return false;
    }
}

static void
note(struct xd_text_report *report, enum xd_text_fault fault, size_t at, size_t len)
{
    if (!report->found[fault]) {
        report->found[fault] = true;
        report->span[fault] = (struct xd_span){(uint32_t)at, (uint32_t)len};
    }
}

/* What is known of the word and the character that were just read. */
struct reading {
    int32_t previous;
    size_t previous_at;
    size_t word_at;
    uint32_t word_scripts; /* bits */
};

static void
check_word(struct xd_text_report *report, struct reading *r, int32_t c, size_t at, size_t step,
           uint32_t scripts)
{
    static const uint32_t EAST_ASIAN =
        1U << XD_SCRIPT_HANI | 1U << XD_SCRIPT_KANA | 1U << XD_SCRIPT_HANG;
    unsigned script = script_of(c);
    uint32_t others;

    if (script == XD_SCRIPT_OTHER) {
        if (c < 0x80 || utf8proc_category(c) != UTF8PROC_CATEGORY_MN) {
            r->word_scripts = 0;
        }
        return;
    }
    if (r->word_scripts == 0) {
        r->word_at = at;
    }
    others = r->word_scripts & ~(1U << script);
    if (others && !((1U << script) & EAST_ASIAN) && !(others & EAST_ASIAN)) {
        note(report, XD_TEXT_MIXED, r->word_at, at + step - r->word_at);
    }
    r->word_scripts |= 1U << script;
    if (!((scripts >> script) & 1)) {
        note(report, XD_TEXT_FOREIGN, at, step);
    }
}

static void
check_question_marks(struct xd_slice text, struct xd_text_report *report)
{
    for (size_t at = xd_slice_find(text, '?'); at < text.len; at++) {
        size_t run = 0;
        while (at + run < text.len && text.ptr[at + run] == '?') {
            run++;
        }
        if (run > 1 || (run == 1 && at > 0 && at + 1 < text.len && xd_is_alpha(text.ptr[at - 1]) &&
                        xd_is_alpha(text.ptr[at + 1]))) {
            note(report, XD_TEXT_GARBLED, at, run);
            return;
        }
        at += run;
    }
}

static bool
is_mark(int32_t c)
{
    return (c >= 0x0300 && c <= 0x036f) || c == 0x3099 || c == 0x309a;
}

struct xd_text_trait
xd_text_trait(int32_t c)
{
    return (struct xd_text_trait){
        .script = (uint8_t)script_of(c),
        .trouble = c == 0xfffd || is_invisible(c) || is_emoji(c) || is_mark(c) ||
                   (c >= 0xd800 && c < 0xe000), /* half a character, as UTF-16 has them */
        .garbles = is_mojibake(c, 0x80),
    };
}

/* Plain ASCII can only be part of a word: the second half of mojibake lies beyond it. */
static inline bool
is_plain(int32_t c)
{
    return c >= 0x20 && c < 0x7f;
}

static void
check_character(struct xd_text_report *report, struct reading *r, int32_t c, size_t at, size_t step,
                uint32_t scripts)
{
    if (is_plain(c)) {
        /* nothing to see */
    } else if (is_mojibake(r->previous, c)) {
        note(report, XD_TEXT_GARBLED, r->previous_at, at + step - r->previous_at);
    } else if (c == 0xfffd) {
        note(report, XD_TEXT_GARBLED, at, step);
    } else if (is_invisible(c) || is_emoji(c)) {
        note(report, XD_TEXT_INVISIBLE, at, step);
    } else if (is_mark(c)) {
        note(report, XD_TEXT_NOT_NORMALIZED, r->previous_at, at + step - r->previous_at);
    }
    check_word(report, r, c, at, step, scripts);
    r->previous = c;
    r->previous_at = at;
}

void
xd_text_check(struct xd_slice text, uint32_t scripts, struct xd_text_report *report)
{
    struct reading reading = {0};

    memset(report->found, 0, sizeof(report->found));
    check_question_marks(text, report);
    for (size_t at = 0; at < text.len;) {
        utf8proc_int32_t c = (unsigned char)text.ptr[at];
        utf8proc_ssize_t step = c < 0x80 ? 1
                                         : utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at,
                                                            (utf8proc_ssize_t)(text.len - at), &c);
        if (step < 1) {
            note(report, XD_TEXT_GARBLED, at, 1);
            at++;
            continue;
        }
        check_character(report, &reading, c, at, (size_t)step, scripts);
        at += (size_t)step;
    }
}
