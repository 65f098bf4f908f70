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
    uint64_t placeholder_starts[XD_START3 / 64 + 1];
    struct xd_slice *starts; /* folded beginnings of placeholders */
    uint8_t *start_fields;
    uint16_t start_count;
};

/* Loads reference/po_box.tsv and reference/placeholders.tsv. */
bool xd_address_words_load(struct xd_address_words *words, const struct xd_countries *countries,
                           const struct xd_tables *tables, struct xd_arena *arena,
                           struct xd_error *err);

/* 0-9 for digits, 10-35 for letters of either case, 0xff for the rest. */
extern const uint8_t XD_LETTER_INDEX[256];

#endif
