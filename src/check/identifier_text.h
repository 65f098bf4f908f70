/*
 * A number as it was typed, exported or scanned, and the plain text that all those ways share.
 * Inside check/ only.
 */
#ifndef XD_CHECK_IDENTIFIER_TEXT_H
#define XD_CHECK_IDENTIFIER_TEXT_H

#include "base/slice.h"
#include "reference/identifier.h"

#define XD_CLEAN_MAX 64 /* more than any shape: what is longer is too long anyway */

/* A cleaned text, and where each of its characters came from. */
struct xd_clean {
    struct xd_slice raw;
    struct xd_slice text; /* in `raw` itself when nothing had to change, else in `buffer` */
    uint64_t digits;      /* by place: it is a digit */
    uint64_t letters;     /* by place: it is a capital */
    bool plain;           /* nothing but digits and capitals */
    bool moved;           /* text is not raw: use origin[] */
    bool cut;             /* there was more than XD_CLEAN_MAX */
    bool foreign;         /* holds look-alikes of other scripts or widths, read as ASCII */
    uint32_t foreign_at;  /* index of the first */
    char buffer[XD_CLEAN_MAX];
    uint32_t origin[XD_CLEAN_MAX]; /* byte of raw for each character */
};

enum xd_clean_mode {
    XD_CLEAN_PLAIN,     /* upper case; hyphens, brackets and scanner marks dropped */
    XD_CLEAN_KEEP_CASE, /* blanks and control characters dropped, the rest kept */
};

/* `raw` without the marks at its ends that belong to the paper, the scanner or the spreadsheet and
 * not to the number: blanks, ="..." and '..., quotes, the stars of Code 39, a symbology identifier
 * (]C1), the FNC1 that stands for it (^), the identification tag of DPD (%). */
struct xd_slice xd_strip_marks(struct xd_slice raw);

/* Cleans `raw`, which must outlive *out. */
void xd_clean_text(const struct xd_look_alikes *looks, struct xd_slice raw, enum xd_clean_mode mode,
                   struct xd_clean *out);

/* The bytes of `raw` that characters from..to (not included) of the cleaned text came from. */
struct xd_span xd_clean_span(const struct xd_clean *clean, size_t from, size_t to);

#endif
