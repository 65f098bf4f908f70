/*
 * Letters beyond ASCII, learnt one by one: what Unicode, the words of boxes and the transliteration
 * say of a letter is asked once and kept, because an address book in Czech asks for the same forty
 * letters a million times. What is kept never decides that a value is wrong; it only says which
 * values need no closer look.
 */
#ifndef XD_CHECK_LETTER_H
#define XD_CHECK_LETTER_H

#include "base/bytes.h"
#include "reference/address_tables.h"

enum xd_letter_flag {
    XD_LETTER_KNOWN = 1,
    XD_LETTER_TROUBLE = 2,   /* worth a finding, or no letter at all (not UTF-8) */
    XD_LETTER_GARBLES = 4,   /* followed by another beyond ASCII it may be mojibake */
    XD_LETTER_SILENT = 8,    /* folds to nothing */
    XD_LETTER_SEVERAL = 16,  /* folds to more than one letter, or nobody knows to what */
    XD_LETTER_STARTS = 32,   /* beyond ASCII when folded, and a word of a table starts so */
    XD_LETTER_ANYWHERE = 64, /* the same, of a word that may stand within another */
    XD_LETTER_GROWS = 128,   /* in some country written in more Latin letters than it has bytes */
    XD_LETTER_UNSPELT = 256, /* without a Latin form by itself */
    XD_LETTER_UNSURE = 512,  /* the same, but for some country or some neighbours */
};

struct xd_letter {
    uint16_t folded; /* the one code point it folds to; 0 when it folds to none or several */
    uint16_t flags;  /* enum xd_letter_flag */
    uint8_t script;  /* enum xd_script */
};

#define XD_LETTER_PAGE 256

/* One per worker. */
struct xd_letters {
    const struct xd_address_tables *tables;
    struct xd_letter
        *pages[XD_LETTER_PAGE]; /* of the Basic Multilingual Plane; NULL until needed */
    struct xd_arena arena;
};

void xd_letters_init(struct xd_letters *letters, const struct xd_address_tables *tables);
void xd_letters_free(struct xd_letters *letters);

/* Learns the letter and keeps it. */
struct xd_letter xd_letter_learn(struct xd_letters *letters, unsigned code);

/* Bytes that are no letter, and letters that are not kept. */
#define XD_LETTER_STRANGE                                                                          \
    ((struct xd_letter){0,                                                                         \
                        XD_LETTER_KNOWN | XD_LETTER_TROUBLE | XD_LETTER_SEVERAL |                  \
                            XD_LETTER_GROWS | XD_LETTER_UNSURE,                                    \
                        XD_SCRIPT_OTHER})

static inline bool
xd_is_trail(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The code point of two or three bytes of UTF-8 at the start of `text`, and how many; 0 when they
 * are anything else. */
static inline unsigned
xd_letter_code(struct xd_slice text, size_t *step)
{
    unsigned first = (unsigned char)text.ptr[0];

    *step = 1;
    if (first >= 0xc2 && first < 0xe0 && text.len > 1 && xd_is_trail(text.ptr[1])) {
        *step = 2;
        return (first & 0x1fU) << 6 | ((unsigned char)text.ptr[1] & 0x3fU);
    }
    if (first >= 0xe0 && first < 0xf0 && text.len > 2 && xd_is_trail(text.ptr[1]) &&
        xd_is_trail(text.ptr[2])) {
        *step = 3;
        return (first & 0xfU) << 12 | ((unsigned char)text.ptr[1] & 0x3fU) << 6 |
               ((unsigned char)text.ptr[2] & 0x3fU);
    }
    return 0;
}

/* What is known of the character beyond ASCII at byte `at`, and its length. */
static inline struct xd_letter
xd_letter_at(struct xd_letters *letters, struct xd_slice text, size_t at, size_t *step)
{
    unsigned code = xd_letter_code(xd_slice_of(text.ptr + at, text.len - at), step);
    const struct xd_letter *page = letters->pages[code / XD_LETTER_PAGE];

    if (code == 0 || (*step == 3 && code < 0x800)) {
        *step = 1;
        return XD_LETTER_STRANGE;
    }
    if (page && page[code % XD_LETTER_PAGE].flags) {
        return page[code % XD_LETTER_PAGE];
    }
    return xd_letter_learn(letters, code);
}

/* All letters beyond ASCII of one value together. */
struct xd_letter_sum {
    uint32_t scripts; /* bits of enum xd_script */
    uint16_t count;
    uint16_t unspelt; /* how many are XD_LETTER_UNSPELT */
    uint16_t flags;   /* of any of them; GARBLES only where another one follows */
};

/* `high` are the bytes of `text` beyond ASCII, of which there are 64 at most. */
struct xd_letter_sum xd_letters_sum(struct xd_letters *letters, struct xd_slice text,
                                    uint64_t high);

/* What the first three letters and digits of a word are, folded: xd_start_hash() of them, zeros
 * standing for those that are missing, or one of these. */
enum xd_start {
    XD_START_NONE = -1, /* no word of a table starts so */
    XD_START_ANY = -2,  /* only folding would tell */
};

/* The same of a value of 1 to 64 bytes in which a letter or digit stands at byte `at`. */
int xd_word_start_of(struct xd_letters *letters, struct xd_slice text,
                     const struct xd_byte_kinds *kinds, size_t at);

/* True when three ASCII letters or digits stand together at byte `at`, as they do in nearly every
 * word: *start is then told at once. */
static inline bool
xd_word_start_plain(struct xd_slice text, uint64_t plain, size_t at, unsigned *start)
{
    if (((plain >> at) & 7) != 7 || at + 4 > text.len) {
        return false;
    }
    *start = xd_start_hash(xd_load4(text.ptr + at));
    return true;
}

#endif
