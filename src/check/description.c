/*
 * A description is vague when nothing is left of it after the vague words are taken away; so "gift"
 * is, and "gift box of dark chocolate" is not. Phrases go before words: "auto parts" is one, "brake
 * parts" is not. Words are read one at a time, because the first one mostly decides.
 */
#include "base/fold.h"
#include "check/customs_data.h"

#define WORDS_MAX  24 /* of a description that is looked at: a vague one is short */
#define PHRASE_MAX 4  /* words of the longest phrase in the table */
#define KEY_MAX    96

/* A word of a description, folded. */
struct word {
    char key[KEY_MAX];
    size_t len;
};

struct reading {
    struct xd_slice rest; /* of the description, behind the words that were read */
    struct word words[WORDS_MAX];
    size_t count;
};

/* Reads until `count` words are known. False when the description has fewer. */
static bool
read_words(struct reading *reading, size_t count)
{
    while (reading->count < count) {
        struct xd_slice rest = reading->rest;
        size_t from = 0;
        while (from < rest.len && !xd_description_letter(rest.ptr[from])) {
            from++;
        }
        size_t to = from;
        while (to < rest.len && xd_description_letter(rest.ptr[to])) {
            to++;
        }
        if (to == from || reading->count == WORDS_MAX) {
            return false;
        }
        struct word *word = &reading->words[reading->count++];
        word->len = xd_fold_key(xd_slice_sub(rest, from, to - from), word->key, KEY_MAX);
        reading->rest = xd_slice_sub(rest, to, SIZE_MAX);
    }
    return true;
}

/* What the table says of a word or phrase, with and without a plural s; 0 when it is not there. */
static unsigned
look_up(const struct xd_customs_rules *rules, struct xd_slice key)
{
    char singular[KEY_MAX * PHRASE_MAX];
    uint32_t bits = key.len ? xd_map_get(&rules->vague, key) : XD_MAP_NONE;

    if (bits == XD_MAP_NONE && key.len > 4 && xd_slice_ends(key, XD_LIT("ies"))) {
        memcpy(singular, key.ptr, key.len - 3);
        singular[key.len - 3] = 'y';
        bits = xd_map_get(&rules->vague, xd_slice_of(singular, key.len - 2));
    } else if (bits == XD_MAP_NONE && key.len > 3 && key.ptr[key.len - 1] == 's') {
        bits = xd_map_get(&rules->vague, xd_slice_sub(key, 0, key.len - 1)) & XD_WORD_VAGUE;
    }
    return bits == XD_MAP_NONE ? 0 : bits;
}

/* How many words from `at` on are a phrase of the table, the most first; 0 when none. */
static size_t
phrase_at(const struct xd_customs_rules *rules, struct reading *reading, size_t at)
{
    for (size_t length = PHRASE_MAX; length > 1; length--) {
        char key[KEY_MAX * PHRASE_MAX];
        size_t len = 0;
        if (!read_words(reading, at + length)) {
            continue;
        }
        for (size_t i = 0; i < length; i++) {
            memcpy(key + len, reading->words[at + i].key, reading->words[at + i].len);
            len += reading->words[at + i].len;
        }
        if (look_up(rules, xd_slice_of(key, len)) & XD_WORD_VAGUE) {
            return length;
        }
    }
    return 0;
}

/* How many words from `at` on say nothing; 0 when the next one says something. */
static size_t
empty_words(const struct xd_customs_rules *rules, struct reading *reading, size_t at)
{
    struct xd_slice word = xd_slice_of(reading->words[at].key, reading->words[at].len);
    unsigned bits = look_up(rules, word);
    size_t length = bits & XD_WORD_BEGINS ? phrase_at(rules, reading, at) : 0;

    if (length == 0 &&
        ((bits & (XD_WORD_VAGUE | XD_WORD_FILLER)) || word.len == 0 || xd_slice_digits(word))) {
        length = 1;
    }
    return length;
}

void
xd_description_check(const struct xd_customs_rules *rules, struct xd_slice description,
                     struct xd_diagnosis *out)
{
    struct xd_slice text = xd_slice_trim(description);
    bool brief = text.len < rules->plausible[XD_PLAUSIBLE_DESCRIPTION].low;
    struct reading reading;

    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    if (text.len == 0) {
        xd_diagnose(out, XD_F_DESCRIPTION_MISSING, 0, 0, "%s", "");
        return;
    }
    reading.rest = text;
    reading.count = 0;
    for (size_t at = 0; !brief && read_words(&reading, at + 1);) {
        size_t length = empty_words(rules, &reading, at);
        if (length == 0) {
            return;
        }
        at += length;
    }
    xd_diagnose(out, XD_F_DESCRIPTION_VAGUE, (size_t)(text.ptr - description.ptr), text.len,
                "\"%.*s\"", (int)(text.len < 60 ? text.len : 60), text.ptr);
}
