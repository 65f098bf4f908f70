/*
 * crossdock: check identifiers of parcels and of trade.
 *
 * Open the tables once, check as many numbers as you like, close. A handle is never altered after
 * it is open, so any number of threads may use one; results belong to the caller. Nothing is
 * printed and no global state is kept.
 *
 *     struct crossdock_identifiers *tables;
 *     struct crossdock_result result;
 *     char message[CROSSDOCK_MESSAGE];
 *
 *     if (crossdock_identifiers_open(NULL, &tables, message) != 0) { ... message says why ... }
 *     crossdock_identifier_check(tables, NULL, "ups", "1Z999AA10123456784", 18, &result);
 *     crossdock_identifiers_close(tables);
 *
 * Link with `pkg-config --cflags --libs crossdock` (add --static: the library is an archive).
 */
#ifndef CROSSDOCK_IDENTIFIER_H
#define CROSSDOCK_IDENTIFIER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CROSSDOCK_MESSAGE   512 /* bytes of a message, its NUL included */
#define CROSSDOCK_CANONICAL 512 /* bytes of a canonical form, its NUL included */
#define CROSSDOCK_MATCHES   8

struct crossdock_identifiers; /* the tables */

enum crossdock_verdict {
    CROSSDOCK_VALID,   /* right; `code` may still name a warning */
    CROSSDOCK_INVALID, /* wrong: `code`, `text`, `detail` and the span say why */
    CROSSDOCK_UNKNOWN, /* fits no scheme that is known */
};

struct crossdock_match {
    const char *scheme; /* "upu-s10"; lives as long as the tables, as do the other names here */
    int score;          /* 1..100: how telling it is that the number fits */
};

struct crossdock_result {
    enum crossdock_verdict verdict;
    const char
        *scheme; /* the one that fits best or that the finding speaks of; "" when there is none */
    const char *code;   /* "XD-ID-001"; "" when there is no finding */
    const char *text;   /* one sentence: what is wrong */
    size_t span_offset; /* the faulty bytes of the number as given */
    size_t span_length;
    size_t match_count; /* schemes that fit, best first */
    struct crossdock_match matches[CROSSDOCK_MATCHES];
    char detail[128]; /* what is particular to this number, such as the right check digit */
    char canonical[CROSSDOCK_CANONICAL]; /* of a valid number; else "" */
};

/*
 * Loads the built-in tables, or those of `reference_dir` (laid out as schemas/) where it has them.
 * 0, or a status of <sysexits.h> with the reason in `message` (CROSSDOCK_MESSAGE bytes). The handle
 * is freed with ..._close.
 */
int crossdock_identifiers_open(const char *reference_dir, struct crossdock_identifiers **tables,
                               char *message);

/* Frees the handle; NULL is allowed. */
void crossdock_identifiers_close(struct crossdock_identifiers *tables);

/*
 * Checks `length` bytes at `number`. `scheme` ("sscc", "upu-s10" ...) or else `carrier` ("ups",
 * "Royal Mail" ...) says what it should be; NULL for both finds every scheme that it fits. A scheme
 * that does not exist gives CROSSDOCK_UNKNOWN with an empty scheme; a carrier that is not known
 * does not steer.
 */
enum crossdock_verdict crossdock_identifier_check(const struct crossdock_identifiers *tables,
                                                  const char *scheme, const char *carrier,
                                                  const char *number, size_t length,
                                                  struct crossdock_result *result);

/*
 * The form that all ways to write a merchant's parcel code share, for finding duplicates:
 * NUL-terminated in `out`, `size` bytes. Its length, or -1 when `size` is too small (length + 2
 * always do).
 */
long crossdock_parcel_code(const struct crossdock_identifiers *tables, const char *code,
                           size_t length, char *out, size_t size);

/* The name of the scheme at `index` of the table, or NULL behind the last. */
const char *crossdock_scheme_name(const struct crossdock_identifiers *tables, size_t index);

#ifdef __cplusplus
}
#endif

#endif
