/*
 * A line is folded, with the place of every letter kept, and compared; nearly every line is spared
 * that, because xd_box_possible() says of its words that no phrase starts so. Folding drops case,
 * accents, blanks and dots, so "P. O. BOX", "po-box" and "P.O.Box" are one phrase, and Greek Τ.Θ.
 * is found whether its T is Greek or Latin.
 */
#include "check/po_box.h"

#include "base/fold.h"

#define FOLDED_MAX 512
#define LETTER_MAX 12 /* bytes of one folded letter: a Hangul syllable is three of three */

struct folded {
    size_t len;
    char text[FOLDED_MAX];
    uint16_t
        from[FOLDED_MAX];    /* first byte in the line of the character that this byte comes from */
    uint16_t to[FOLDED_MAX]; /* behind it */
    bool start[FOLDED_MAX];  /* a word starts here */
};

static size_t
character_len(unsigned char lead)
{
    if (lead < 0xc0) {
        return 1;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static void
fold_line(struct xd_slice line, struct folded *out)
{
    bool gap = true;

    out->len = 0;
    for (size_t at = 0; at < line.len && at < UINT16_MAX && out->len + LETTER_MAX < FOLDED_MAX;) {
        struct xd_slice letter = xd_slice_sub(line, at, character_len((unsigned char)line.ptr[at]));
        size_t step = letter.len; /* a letter may be cut off at the end */
        size_t len = xd_fold_key(letter, out->text + out->len, LETTER_MAX);
        for (size_t i = 0; i < len; i++) {
            out->from[out->len + i] = (uint16_t)at;
            out->to[out->len + i] = (uint16_t)(at + step);
            out->start[out->len + i] = gap && i == 0;
        }
        gap = len ? false : gap || (unsigned char)line.ptr[at] < 0x80;
        out->len += len;
        at += step;
    }
}

/* Where the number behind a phrase ends, or `at` when there is none. "No", "Nr" and "N" may stand
 * between. */
static size_t
number_end(const struct folded *line, size_t at)
{
    static const struct xd_slice BETWEEN[] = {{"num", 3}, {"no", 2}, {"nr", 2}, {"n", 1}};
    size_t digits = at;

    for (size_t i = 0; i < 4; i++) {
        struct xd_slice rest = xd_slice_of(line->text + at, line->len - at);
        if (xd_slice_starts(rest, BETWEEN[i]) && rest.len > BETWEEN[i].len &&
            xd_is_digit(rest.ptr[BETWEEN[i].len])) {
            digits += BETWEEN[i].len;
            break;
        }
    }
    if (digits == line->len || !xd_is_digit(line->text[digits])) {
        return at;
    }
    while (digits < line->len && xd_is_digit(line->text[digits])) {
        digits++;
    }
    return digits;
}

static bool
word_matches(const struct xd_box_word *word, uint16_t country, const struct folded *line, size_t at,
             size_t *end)
{
    size_t behind = at + word->key.len;

    if (!((word->countries[country / 64] >> (country % 64)) & 1) ||
        (!word->anywhere && !line->start[at]) || behind > line->len ||
        memcmp(line->text + at, word->key.ptr, word->key.len) != 0) {
        return false;
    }
    *end = number_end(line, behind);
    if (word->number) {
        return *end > behind;
    }
    return word->anywhere || *end > behind || behind == line->len || line->start[behind];
}

/* The longest phrase that stands at `at`, or NULL. */
static const struct xd_box_word *
phrase_at(const struct xd_address_words *words, uint16_t country, const struct folded *line,
          size_t at, size_t *end)
{
    const struct xd_box_word *found = NULL;
    uint16_t word = words->box_by_byte[(unsigned char)line->text[at]];

    for (; word != UINT16_MAX; word = words->boxes[word].next) {
        const struct xd_box_word *row = &words->boxes[word];
        size_t here = 0;
        if ((!found || row->key.len > found->key.len) &&
            word_matches(row, country, line, at, &here)) {
            found = row;
            *end = here;
        }
    }
    return found;
}

bool
xd_box_find(const struct xd_address_words *words, uint16_t country, struct xd_slice line,
            struct xd_box_hit *hit)
{
    struct folded folded;
    bool route = false;

    fold_line(line, &folded);
    for (size_t at = 0; at < folded.len; at++) {
        const struct xd_box_word *word;
        size_t end = 0;
        if ((unsigned char)folded.text[at] < 0x80 && !folded.start[at]) {
            continue;
        }
        word = phrase_at(words, country, &folded, at, &end);
        if (word && word->kind == XD_BOX_ROUTE) {
            route = true;
        } else if (word && !(route && word->number)) {
            hit->kind = word->kind;
            hit->span.off = folded.from[at];
            hit->span.len = (uint32_t)(folded.to[end - 1] - folded.from[at]);
            return true;
        }
    }
    return false;
}

/*
 * Does `key`, which is ASCII at its start, go on like the text at byte `at`? True as well where
 * only folding would tell. It nearly always ends at the third or fourth letter.
 */
static bool
goes_on_as(struct xd_letters *letters, struct xd_slice line, size_t at, struct xd_slice key)
{
    for (size_t i = 0; i < key.len; at++) {
        unsigned code;
        size_t step = 1;
        if (at >= line.len) {
            return false;
        }
        code = (unsigned char)line.ptr[at];
        if (code >= 0x80) {
            struct xd_letter letter = xd_letter_at(letters, line, at, &step);
            if ((letter.flags & XD_LETTER_SEVERAL) || letter.folded >= 0x80) {
                return true;
            }
            code = letter.folded;
            at += step - 1;
        }
        if (XD_LETTER_INDEX[code] == 0xff) {
            continue;
        }
        if (XD_LETTER_INDEX[code] != XD_LETTER_INDEX[(unsigned char)key.ptr[i]]) {
            return (unsigned char)key.ptr[i] >= 0x80;
        }
        i++;
    }
    return true;
}

/* Letters and digits that stand together at the start of a word. */
struct together {
    uint64_t bytes; /* eight of the line, in small letters */
    unsigned count; /* how many of these they are; 0 in a short line */
};

static struct together
letters_together(struct xd_slice line, uint64_t plain, size_t at)
{
    size_t from = at + 8 <= line.len ? at : line.len - 8;

    if (line.len < 8) {
        return (struct together){0, 0};
    }
    /* Digits have the bit of small letters already. */
    return (struct together){(xd_load8(line.ptr + from) >> 8 * (at - from)) |
                                 UINT64_C(0x2020202020202020),
                             (unsigned)__builtin_ctzll(~(plain >> at) | UINT64_C(1) << 63)};
}

/* Do the letters that stand together differ from those of the word, as many as both have? Behind a
 * word that ends there only a number goes on without a gap, and "no" or its like before that. */
static bool
starts_differently(const struct xd_box_start *word, struct together text)
{
    unsigned count = text.count < word->known ? text.count : word->known;
    char next;

    if (count && ((text.bytes ^ word->head) & word->mask) << 8 * (8 - count)) {
        return true;
    }
    if (!word->whole || word->known == 8 || text.count <= word->known) {
        return false;
    }
    next = (char)(text.bytes >> 8 * word->known);
    return !xd_is_digit(next) && next != 'n';
}

/* `plain`: where the letters and digits of the line are. */
static bool __attribute__((noinline))
word_may_stand(struct xd_letters *letters, uint16_t country, struct xd_slice line, uint64_t plain,
               size_t at, unsigned start)
{
    const struct xd_address_words *words = &letters->tables->words;
    struct together text = letters_together(line, plain, at);

    for (uint16_t i = words->box_by_start[xd_start_slot(start)]; i != UINT16_MAX;
         i = words->starts_of_boxes[i].next) {
        const struct xd_box_start *word = &words->starts_of_boxes[i];
        const struct xd_box_word *row = &words->boxes[word->box];
        if (!starts_differently(word, text) &&
            ((row->countries[country / 64] >> (country % 64)) & 1) &&
            goes_on_as(letters, line, at, row->key)) {
            return true;
        }
    }
    return false;
}

bool
xd_box_possible(struct xd_letters *letters, uint16_t country, struct xd_slice line,
                const struct xd_byte_kinds *kinds)
{
    const struct xd_address_words *tables = &letters->tables->words;
    uint64_t plain = kinds->letters | kinds->digits;
    uint64_t words = plain | kinds->high;
    uint64_t starts = words & ~(words << 1);

    if (!tables->digit_starts) {
        starts &= ~kinds->digits;
    }
    for (; starts; starts &= starts - 1) {
        size_t at = (size_t)__builtin_ctzll(starts);
        unsigned start;
        if (!xd_word_start_plain(line, plain, at, &start)) {
            int found = xd_word_start_of(letters, line, kinds, at);
            if (found == XD_START_NONE) {
                continue;
            }
            if (found == XD_START_ANY) {
                return true;
            }
            start = (unsigned)found;
        }
        if (((tables->box_starts[start / 64] >> (start % 64)) & 1) &&
            word_may_stand(letters, country, line, plain, at, start)) {
            return true;
        }
    }
    return false;
}
