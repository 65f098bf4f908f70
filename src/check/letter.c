/*
 * A page of 256 letters is taken when its first letter is met: an address book needs two or three
 * of them, and nobody pays for the scripts that it does not hold.
 */
#include "check/letter.h"

#include "base/fold.h"
#include "base/utf8.h"
#include "check/text.h"

void
xd_letters_init(struct xd_letters *letters, const struct xd_address_tables *tables)
{
    *letters = (struct xd_letters){.tables = tables};
    xd_arena_init(&letters->arena, 8 * XD_LETTER_PAGE * sizeof(struct xd_letter), 0);
}

void
xd_letters_free(struct xd_letters *letters)
{
    xd_arena_free(&letters->arena);
}

static bool
has_code(const uint64_t *bits, unsigned code)
{
    return (bits[code / 64 % XD_OTHER_STARTS] >> (code % 64)) & 1;
}

/* What folding makes of the letter, and whether a word of the tables starts with that. */
static void
learn_fold(const struct xd_address_words *words, struct xd_slice written, struct xd_letter *letter)
{
    char folded[32];
    struct xd_slice text = {folded, xd_fold_key(written, folded, sizeof(folded))};
    size_t step = 1;
    unsigned code = text.len == 0                     ? 0
                    : (unsigned char)folded[0] < 0x80 ? (unsigned char)folded[0]
                                                      : xd_letter_code(text, &step);

    if (text.len == 0) {
        letter->flags |= XD_LETTER_SILENT;
    } else if (code != 0 && step == text.len) {
        letter->folded = (uint16_t)code;
    } else {
        letter->flags |= XD_LETTER_SEVERAL;
    }
    if (code >= 0x80) {
        letter->flags |= has_code(words->other_starts, code) ? XD_LETTER_STARTS : 0;
        letter->flags |= has_code(words->anywhere_starts, code) ? XD_LETTER_ANYWHERE : 0;
    }
}

struct xd_letter
xd_letter_learn(struct xd_letters *letters, unsigned code)
{
    static const uint16_t LATIN_FLAGS[] = {
        [XD_LATIN_ALWAYS] = 0,
        [XD_LATIN_NEVER] = XD_LETTER_UNSPELT,
        [XD_LATIN_DEPENDS] = XD_LETTER_UNSURE,
    };
    struct xd_letter **page = &letters->pages[code / XD_LETTER_PAGE];
    struct xd_text_trait trait = xd_text_trait((int32_t)code);
    struct xd_letter letter = {.script = trait.script, .flags = XD_LETTER_KNOWN};
    char written[4];
    struct xd_slice text = {written, (size_t)(xd_utf8_put(written, code) - written)};

    if (!*page) {
        *page = xd_arena_array(&letters->arena, XD_LETTER_PAGE, sizeof(**page));
    }
    if (!*page) {
        return XD_LETTER_STRANGE;
    }
    letter.flags |= trait.trouble ? XD_LETTER_TROUBLE : 0;
    letter.flags |= trait.garbles ? XD_LETTER_GARBLES : 0;
    if (xd_transliterated_most(&letters->tables->transliteration, (int32_t)code) > text.len) {
        letter.flags |= XD_LETTER_GROWS;
    }
    letter.flags |= LATIN_FLAGS[xd_latin_form(&letters->tables->transliteration, (int32_t)code)];
    learn_fold(&letters->tables->words, text, &letter);
    (*page)[code % XD_LETTER_PAGE] = letter;
    return letter;
}

struct xd_letter_sum
xd_letters_sum(struct xd_letters *letters, struct xd_slice text, uint64_t high)
{
    struct xd_letter_sum sum = {0};

    while (high) {
        size_t at = (size_t)__builtin_ctzll(high);
        size_t step;
        struct xd_letter letter = xd_letter_at(letters, text, at, &step);
        uint16_t flags = letter.flags;
        high &= UINT64_MAX << at << step;
        if (!(high >> at >> step & 1)) {
            flags &= (uint16_t)~XD_LETTER_GARBLES;
        }
        sum.unspelt = (uint16_t)(sum.unspelt + ((flags & XD_LETTER_UNSPELT) != 0));
        sum.flags |= flags;
        sum.scripts |= 1U << letter.script;
        sum.count++;
    }
    return sum;
}

/* The next three characters that count are collected; one beyond ASCII stands for its folded form.
 */
static int
collect_start(struct xd_letters *letters, struct xd_slice text, size_t at)
{
    uint32_t start = 0;
    unsigned found = 0;

    while (at < text.len && found < 3) {
        unsigned code = (unsigned char)text.ptr[at];
        size_t step = 1;
        if (code >= 0x80) {
            struct xd_letter letter = xd_letter_at(letters, text, at, &step);
            if (letter.flags & (XD_LETTER_SEVERAL | XD_LETTER_STARTS)) {
                return XD_START_ANY;
            }
            if (letter.folded >= 0x80) { /* a word of two scripts would have to be folded */
                return found ? XD_START_ANY : XD_START_NONE;
            }
            code = letter.folded;
        }
        if (XD_LETTER_INDEX[code] != 0xff) {
            start |= code << 8 * found++;
        }
        at += step;
    }
    for (; found < 3; found++) {
        start |= (uint32_t)'0' << 8 * found;
    }
    return (int)xd_start_hash(start);
}

int
xd_word_start_of(struct xd_letters *letters, struct xd_slice text,
                 const struct xd_byte_kinds *kinds, size_t at)
{
    uint64_t rest = (kinds->letters | kinds->digits) >> at;
    uint64_t behind = rest & (rest - 1);
    uint64_t last = behind & (behind - 1);
    unsigned second;
    unsigned third;

    if (!(rest & 1) || last == 0) {
        return collect_start(letters, text, at);
    }
    second = (unsigned)__builtin_ctzll(behind);
    third = (unsigned)__builtin_ctzll(last);
    if ((kinds->high >> at) & ((UINT64_C(1) << third) - 1)) {
        return collect_start(letters, text, at);
    }
    return (int)xd_start_hash((uint32_t)(unsigned char)text.ptr[at] |
                              (uint32_t)(unsigned char)text.ptr[at + second] << 8 |
                              (uint32_t)(unsigned char)text.ptr[at + third] << 16);
}
