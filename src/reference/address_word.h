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
    XD_BOX_ROUTE,    /* a rural route: the numbered box behind it is a house */
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

/* What a placeholder begins with. */
struct xd_placeholder_start {
    struct xd_slice key; /* folded */
    uint8_t fields;      /* enum xd_placeholder_field */
    bool number;         /* only digits may follow, and must */
};

#define XD_STARTS       2048 /* the first three letters and digits of a word, folded, hashed */
#define XD_OTHER_STARTS 16   /* words of 64 bits of a set over code points, modulo 1024 */
#define XD_SIZE_MOST    15   /* and longer */

#define XD_START_BITS 16384 /* the same with three bits more, for a set of bits */

/* The words that share a start, as a list; a word of two letters has several starts. */
struct xd_box_start {
    uint64_t head; /* the first eight characters of the word, small, the first the lowest */
    uint64_t mask; /* the bytes of `head` that are ASCII, up to the first that is not */
    uint8_t known; /* how many these are */
    bool whole;    /* the word has no others */
    uint16_t box;
    uint16_t next; /* or UINT16_MAX */
};

struct xd_address_words {
    struct xd_box_word *boxes;
    uint16_t box_count;
    uint16_t box_by_byte[256]; /* first word of the key's first byte, or UINT16_MAX */
    struct xd_box_start *starts_of_boxes;
    uint16_t start_total;
    uint16_t box_by_start[XD_STARTS];          /* first of `starts_of_boxes`, or UINT16_MAX */
    uint64_t box_starts[XD_START_BITS / 64];   /* nearly every word ends its search here */
    bool digit_starts;                         /* the word of a box may start with a digit */
    uint64_t other_starts[XD_OTHER_STARTS];    /* first code points of the words beyond ASCII */
    uint64_t anywhere_starts[XD_OTHER_STARTS]; /* of those that may stand anywhere */
    struct xd_map placeholders;                /* folded value -> fields and exception, see
                                                  xd_placeholder_fields() */
    bool placeholder_digits[2];                /* one of them starts with a digit; [1]: as below */
    /* Bit n: a placeholder with such a start may be n letters and digits long. [1]: of telephone
     * numbers and e-mail addresses. [2]: a word with a number behind it */
    uint16_t placeholder_sizes[3][XD_STARTS];
    uint8_t number_fields;                 /* in which fields such words count */
    uint8_t placeholder_fields[XD_STARTS]; /* in which fields any word with such a start counts */
    struct xd_placeholder_start *starts;
    uint16_t start_count;
    struct xd_slice *no_number; /* what stands in place of a house number, as written */
    uint16_t no_number_count;
};

/* The fields in which a word of the map is a placeholder, when the parcel goes to `country`: where
 * a town has its name the city is none. */
static inline uint8_t
xd_placeholder_fields(uint32_t kept, uint16_t country)
{
    uint8_t fields = (uint8_t)kept;

    return kept >> 8 == country + 1U ? (uint8_t)(fields & ~XD_PLACEHOLDER_CITY) : fields;
}

/* Loads reference/po_box.tsv, reference/placeholders.tsv and reference/no_number.tsv. */
bool xd_address_words_load(struct xd_address_words *words, const struct xd_countries *countries,
                           const struct xd_tables *tables, struct xd_arena *arena,
                           struct xd_error *err);

/* 0-9 for digits, 10-35 for letters of either case, 0xff for the rest. */
extern const uint8_t XD_LETTER_INDEX[256];

/* The hash of three letters or digits in the low bytes of `letters`, of either case: below
 * XD_START_BITS. */
static inline unsigned
xd_start_hash(uint32_t letters)
{
    return (uint32_t)((letters | 0x202020) & 0xffffff) * UINT32_C(0x9e3779b1) >> 18;
}

/* The place of a hash in a table of XD_STARTS. */
static inline unsigned
xd_start_slot(unsigned hash)
{
    return hash / (XD_START_BITS / XD_STARTS);
}

#endif
