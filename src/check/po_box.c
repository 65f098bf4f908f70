/*
 * A line is first asked, word by word, whether any phrase could start there; only then is it
 * folded, with the place of every letter kept, and compared. Folding drops case, accents, blanks
 * and dots, so "P. O. BOX", "po-box" and "P.O.Box" are one phrase, and Greek Τ.Θ. is found whether
 * its T is Greek or Latin.
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

static bool
may_hold(const struct xd_address_words *words, struct xd_slice line)
{
    unsigned char before = 0xff;

    for (size_t at = 0; at < line.len; at++) {
        unsigned char c = (unsigned char)line.ptr[at];
        unsigned char now = c >= 0x80 ? 0 : XD_LETTER_INDEX[c];
        if (before == 0xff && now != 0xff && xd_word_may_start(words->box_starts, line, at)) {
            return true;
        }
        before = now;
    }
    return false;
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

    if (!may_hold(words, line)) {
        return false;
    }
    fold_line(line, &folded);
    for (size_t at = 0; at < folded.len; at++) {
        struct xd_slice text = {folded.text, folded.len};
        const struct xd_box_word *word;
        size_t end = 0;
        if ((unsigned char)folded.text[at] < 0x80 &&
            (!folded.start[at] || !xd_word_may_start(words->box_starts, text, at))) {
            continue;
        }
        word = phrase_at(words, country, &folded, at, &end);
        if (word) {
            hit->kind = word->kind;
            hit->span.off = folded.from[at];
            hit->span.len = (uint32_t)(folded.to[end - 1] - folded.from[at]);
            return true;
        }
    }
    return false;
}
