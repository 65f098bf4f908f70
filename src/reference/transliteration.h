/*
 * Latin letters without accents for carriers that print nothing else. How a letter is written
 * depends on where the parcel goes: "Müller" is MUELLER in Germany and MULLER in France.
 */
#ifndef XD_REFERENCE_TRANSLITERATION_H
#define XD_REFERENCE_TRANSLITERATION_H

#include "base/buf.h"
#include "reference/country.h"

#define XD_TRANSLITERATION_LETTERS 3

struct xd_transliteration_rule {
    int32_t letter;
    int32_t behind[XD_TRANSLITERATION_LETTERS - 1]; /* letters that must follow it; 0 ends them */
    struct xd_slice to;
    uint64_t countries[XD_COUNTRY_MAX / 64];
    bool everywhere;
    uint16_t next; /* the next row of a letter with the same last byte, or UINT16_MAX */
};

struct xd_transliteration {
    struct xd_transliteration_rule *rules;
    size_t count;
    uint16_t first[256]; /* row of a letter with that last byte, or UINT16_MAX */
    bool joins[256];     /* one of those rows is of more than one letter */
};

/* Loads reference/transliteration.tsv. */
bool xd_transliteration_load(struct xd_transliteration *table, const struct xd_countries *countries,
                             const struct xd_tables *tables, struct xd_arena *arena,
                             struct xd_error *err);

/*
 * Writes `text` in ASCII into `out` (`cap` bytes, no NUL) and returns its length. Greek, Cyrillic,
 * kana and Hangul are written by the letter. A letter that has no Latin form by itself becomes '?'
 * and is counted in *lost, which may be NULL: how a Han character is read depends on the language
 * and the name, and Arabic, Hebrew and Thai do not write all of their vowels. `country` is the
 * destination's index.
 */
size_t xd_transliterate(const struct xd_transliteration *table, uint16_t country,
                        struct xd_slice text, char *out, size_t cap, size_t *lost);

/* Whether xd_transliterate() finds a Latin form of a letter. */
enum xd_latin_form {
    XD_LATIN_ALWAYS,  /* whatever stands around it and wherever the parcel goes */
    XD_LATIN_NEVER,   /* nowhere: it is lost */
    XD_LATIN_DEPENDS, /* on the country or its neighbours */
};

enum xd_latin_form xd_latin_form(const struct xd_transliteration *table, int32_t letter);

/* The most bytes that a letter becomes in any country. */
size_t xd_transliterated_most(const struct xd_transliteration *table, int32_t letter);

#endif
