/*
 * Characters that look like a digit, a letter, a blank or a hyphen and are none: full-width forms
 * out of an East Asian spreadsheet, Cyrillic letters off another keyboard, no-break spaces off a
 * web page. A scanner never gives them.
 */
#ifndef XD_REFERENCE_LOOK_ALIKE_H
#define XD_REFERENCE_LOOK_ALIKE_H

#include "reference/embedded.h"

enum xd_look_alike_kind {
    XD_LOOK_UNKNOWN,    /* not in the table */
    XD_LOOK_BLANK,      /* a space of some width, or nothing visible at all */
    XD_LOOK_HYPHEN,     /* a dash of some length */
    XD_LOOK_FULL_WIDTH, /* a full-width form of an ASCII character */
    XD_LOOK_DIGIT,      /* a decimal digit of another script */
    XD_LOOK_LETTER,     /* a letter of another script with the shape of a Latin one */
};

struct xd_look_alike {
    uint32_t from; /* code points from..to, both included */
    uint32_t to;
    uint8_t kind; /* enum xd_look_alike_kind */
    char becomes; /* ASCII for `from`; the following code points become the following characters. 0:
                     nothing */
};

struct xd_look_alikes {
    const struct xd_look_alike *list; /* by `from` */
    size_t count;
};

/* Loads reference/look_alikes.tsv into the arena. */
bool xd_look_alikes_load(struct xd_look_alikes *looks, const struct xd_tables *tables,
                         struct xd_arena *arena, struct xd_error *err);

/* What `code_point` stands for; *becomes is its ASCII character, or 0 for blanks. */
enum xd_look_alike_kind xd_look_alike_find(const struct xd_look_alikes *looks, uint32_t code_point,
                                           char *becomes);

#endif
