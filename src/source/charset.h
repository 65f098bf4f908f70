/*
 * Bytes become UTF-8 text here, once, before any reader sees them. What the bytes are is taken from
 * a byte order mark, an XML declaration or the operator's word, never guessed: a wrong guess ships
 * a parcel to a misspelt street.
 */
#ifndef XD_SOURCE_CHARSET_H
#define XD_SOURCE_CHARSET_H

#include "base/region.h"
#include "base/slice.h"

enum xd_encoding {
    XD_ENCODING_NONE, /* not declared: UTF-8, or what a byte order mark or an XML declaration says
                       */
    XD_ENCODING_UTF8,
    XD_ENCODING_ASCII,
    XD_ENCODING_UTF16LE,
    XD_ENCODING_UTF16BE,
    XD_ENCODING_LATIN1,       /* ISO-8859-1 */
    XD_ENCODING_WINDOWS_1252, /* what most "Latin-1" exports really are */
    XD_ENCODING_COUNT,
};

/* "utf-8", "windows-1252", ...: the words of --encoding and of the report. */
const char *xd_encoding_name(enum xd_encoding encoding);

/* By a name as IANA registers it (letters of either case, "utf-16" meaning "with a byte order mark"
 * gives UTF16LE); false when it is not one that is accepted. */
bool xd_encoding_find(struct xd_slice name, enum xd_encoding *encoding);

enum xd_charset_fault_kind {
    XD_CHARSET_FINE,
    XD_CHARSET_NUL,
    XD_CHARSET_CONTROL,  /* C0 but TAB, LF and CR; DEL; C1 (U+0080 to U+009F) */
    XD_CHARSET_INVALID,  /* not a character of the encoding: the offset is its first byte */
    XD_CHARSET_UNMARKED, /* UTF-16 without a byte order mark, or UTF-32 */
    XD_CHARSET_UNKNOWN,  /* the XML declaration names an encoding that is not accepted */
    XD_CHARSET_LIE,      /* the XML declaration contradicts the bytes */
    XD_CHARSET_MEMORY,   /* no memory for the transcoded text */
};

struct xd_charset_fault {
    enum xd_charset_fault_kind kind;
    uint64_t offset; /* byte where it is */
    char detail[96]; /* NUL-terminated; completes the finding's sentence */
};

/*
 * Looks for the first fault in text[from, to), which starts and ends between two characters: a
 * chunk cut behind a line end is such a range. Offsets count from text.ptr. Controls are looked for
 * but do not stop a caller who goes on behind them. True when there is none.
 */
bool xd_charset_check(struct xd_slice text, uint64_t from, uint64_t to,
                      struct xd_charset_fault *fault);

struct xd_text {
    struct xd_slice bytes;     /* UTF-8, followed by a zero byte */
    enum xd_encoding encoding; /* of the original */
    bool marked;               /* it had a byte order mark */
    bool transcoded;           /* `bytes` lie in `region`, their offsets are not the original's */
    uint64_t skipped;          /* bytes of the original in front of the text: the mark */
    struct xd_region region;   /* empty when the text is the input itself */
};

/*
 * Makes UTF-8 of `bytes`, which a zero byte must follow. Text that is UTF-8 already is not copied
 * and not yet validated: whoever reads it calls xd_charset_check on what it reads, chunk by chunk.
 * False with *fault set, its offset counting in `bytes`. The caller closes text->region.
 */
bool xd_charset_prepare(struct xd_slice bytes, enum xd_encoding declared, struct xd_text *text,
                        struct xd_charset_fault *fault);

#endif
