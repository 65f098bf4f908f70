/*
 * crossdock: check identifiers of parcels and of trade.
 *
 * Open the tables once, check as many numbers as you like, close. A handle is never altered after
 * it is open, so any number of threads may use one; results belong to the caller. Nothing is
 * printed and no global state is kept.
 *
 *     struct xd_api_identifiers *tables;
 *     struct xd_api_result result;
 *     char message[XD_API_MESSAGE];
 *
 *     if (xd_api_identifiers_open(NULL, &tables, message) != 0) { ... message says why ... }
 *     xd_api_identifier_check(tables, NULL, "ups", "1Z999AA10123456784", 18, &result);
 *     xd_api_identifiers_close(tables);
 *
 * Link with `pkg-config --cflags --libs crossdock` (add --static: the library is an archive).
 */
#ifndef CROSSDOCK_IDENTIFIER_H
#define CROSSDOCK_IDENTIFIER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XD_API_MESSAGE   512 /* bytes of a message, its NUL included */
#define XD_API_CANONICAL 512 /* bytes of a canonical form, its NUL included */
#define XD_API_MATCHES   8

struct xd_api_identifiers; /* the tables */

enum xd_api_verdict {
    XD_API_VALID,   /* right; `code` may still name a warning */
    XD_API_INVALID, /* wrong: `code`, `text`, `detail` and the span say why */
    XD_API_UNKNOWN, /* fits no scheme that is known */
};

struct xd_api_match {
    const char *scheme; /* "upu-s10"; lives as long as the tables, as do the other names here */
    int score;          /* 1..100: how telling it is that the number fits */
};

struct xd_api_result {
    enum xd_api_verdict verdict;
    const char
        *scheme; /* the one that fits best or that the finding speaks of; "" when there is none */
    const char *code;   /* "XD-ID-001"; "" when there is no finding */
    const char *text;   /* one sentence: what is wrong */
    size_t span_offset; /* the faulty bytes of the number as given */
    size_t span_length;
    size_t match_count; /* schemes that fit, best first */
    struct xd_api_match matches[XD_API_MATCHES];
    char detail[128]; /* what is particular to this number, such as the right check digit */
    char canonical[XD_API_CANONICAL]; /* of a valid number; else "" */
};

/*
 * Loads the built-in tables, or those of `reference_dir` (laid out as schemas/) where it has them.
 * 0, or a status of <sysexits.h> with the reason in `message` (XD_API_MESSAGE bytes). The handle
 * is freed with ..._close.
 */
int xd_api_identifiers_open(const char *reference_dir, struct xd_api_identifiers **tables,
                            char *message);

/* Frees the handle; NULL is allowed. */
void xd_api_identifiers_close(struct xd_api_identifiers *tables);

/*
 * Checks `length` bytes at `number`. `scheme` ("sscc", "upu-s10" ...) or else `carrier` ("ups",
 * "Royal Mail" ...) says what it should be; NULL for both finds every scheme that it fits. A scheme
 * that does not exist gives XD_API_UNKNOWN with an empty scheme; a carrier that is not known
 * does not steer.
 */
enum xd_api_verdict xd_api_identifier_check(const struct xd_api_identifiers *tables,
                                            const char *scheme, const char *carrier,
                                            const char *number, size_t length,
                                            struct xd_api_result *result);

/*
 * The form that all ways to write a merchant's parcel code share, for finding duplicates:
 * NUL-terminated in `out`, `size` bytes. Its length, or -1 when `size` is too small (length + 2
 * always do).
 */
long xd_api_parcel_code(const struct xd_api_identifiers *tables, const char *code, size_t length,
                        char *out, size_t size);

/* The name of the scheme at `index` of the table, or NULL behind the last. */
const char *xd_api_scheme_name(const struct xd_api_identifiers *tables, size_t index);

#ifdef __cplusplus
}
#endif

#endif
