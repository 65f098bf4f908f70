/*
 * Words that give an address away: those of post office boxes and parcel lockers, and those that
 * are written where nobody knew the value.
 */
#ifndef XD_REFERENCE_ADDRESS_WORD_H
#define XD_REFERENCE_ADDRESS_WORD_H

#include "reference/country.h"

enum xd_box_kind {
    XD_BOX_NONE,
    XD_BOX_PO_BOX,
    XD_BOX_LOCKER,   /* parcel locker or counter of one carrier */
    XD_BOX_MILITARY, /* APO, FPO, DPO: only the US post delivers */
    XD_BOX_CEDEX,    /* business delivery of the French post: no box */
};

struct xd_box_word {
    struct xd_slice key; /* folded, without blanks and dots */
    bool number;         /* counts only with a number behind it */
    bool anywhere;       /* of a script that sets no blanks between words */
    enum xd_box_kind kind;
    uint64_t countries[XD_COUNTRY_MAX / 64]; /* bit set; all bits when it means that everywhere */
    uint16_t next; /* the next word with the same first byte, or UINT16_MAX */
};

/* Which values a placeholder is looked for in. Bits. */
enum xd_placeholder_field {
    XD_PLACEHOLDER_NAME = 1,
    XD_PLACEHOLDER_COMPANY = 2,
    XD_PLACEHOLDER_ADDRESS = 4,
    XD_PLACEHOLDER_CITY = 8,
    XD_PLACEHOLDER_PHONE = 16,
    XD_PLACEHOLDER_EMAIL = 32,
};

/* Three folded characters, as a number: a cheap way to see that no word can start here. */
#define XD_START3 (36 * 36 * 36)

struct xd_address_words {
    struct xd_box_word *boxes;
    uint16_t box_count;
    uint16_t box_by_byte[256];               /* first word of the key's first byte, or UINT16_MAX */
    uint64_t box_starts[XD_START3 / 64 + 1]; /* first three characters of ASCII words */
    struct xd_map placeholders;              /* folded value -> fields */
    uint64_t placeholder_starts[2][XD_START3 / 64 +
                                   1]; /* [1]: of telephone numbers and e-mail addresses */
    struct xd_slice *starts;           /* folded beginnings of placeholders */
    uint8_t *start_fields;
    uint16_t start_count;
};

/* Loads reference/po_box.tsv and reference/placeholders.tsv. */
bool xd_address_words_load(struct xd_address_words *words, const struct xd_countries *countries,
                           const struct xd_tables *tables, struct xd_arena *arena,
                           struct xd_error *err);

/* 0-9 for digits, 10-35 for letters of either case, 0xff for the rest. */
extern const uint8_t XD_LETTER_INDEX[256];

/* The folded letter of U+00C0..U+00FF, by the low six bits of its second byte; 0 where folding
 * gives two letters or none. */
extern const char XD_LATIN_1_LETTER[64];

/*
 * Could one of the words whose starts are `bits` stand at `at`? Looks at the first three letters
 * and digits; a letter beyond Latin-1 among them says yes.
 */
static inline bool
xd_word_may_start(const uint64_t *bits, struct xd_slice text, size_t at)
{
    unsigned index = 0;
    unsigned missing = 3;

    for (; at < text.len && missing; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (c >= 0x80) {
            c = c == 0xc3 && at + 1 < text.len
                    ? (unsigned char)XD_LATIN_1_LETTER[text.ptr[++at] & 0x3f]
                    : 0;
            if (c == 0) {
                return true;
            }
        }
        if (XD_LETTER_INDEX[c] != 0xff) {
            index = index * 36 + XD_LETTER_INDEX[c];
            missing--;
        }
    }
    for (; missing; missing--) {
        index *= 36;
    }
    return (bits[index / 64] >> (index % 64)) & 1;
}

#endif
