/*
 * crossdock: check identifiers of parcels and of trade.
 *
 * Open the tables once, check as many numbers as you like, close. A handle is never altered after
 * it is open, so any number of threads may use one; results belong to the caller. Nothing is
 * printed and no global state is kept.
 *
 *     struct crossdock_identifiers *tables;
 *     struct crossdock_identifier_result result;
 *     char message[512];
 *
 *     if (crossdock_identifiers_open(NULL, &tables, message, sizeof(message)) != 0) {
 *         ... message says why ...
 *     }
 *     crossdock_identifier_check(tables, NULL, "ups", "1Z999AA10123456784", 18, &result);
 *     crossdock_identifiers_close(tables);
 *
 * Link with `pkg-config --cflags --libs --static crossdock`: the library is an archive.
 */
#ifndef CROSSDOCK_IDENTIFIER_H
#define CROSSDOCK_IDENTIFIER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct crossdock_identifiers; /* the tables */

enum crossdock_identifier_verdict {
    CROSSDOCK_IDENTIFIER_VALID,   /* right; `code` may still name a warning */
    CROSSDOCK_IDENTIFIER_INVALID, /* wrong: `code`, `text`, `detail` and the span say why */
    CROSSDOCK_IDENTIFIER_UNKNOWN, /* fits no scheme that is known, or none for certain */
};

struct crossdock_identifier_match {
    const char *scheme; /* "upu-s10"; lives as long as the tables, as do the other names here */
    int score;          /* 1..100: how telling it is that the number fits */
};

#define CROSSDOCK_IDENTIFIER_MATCHES   8
#define CROSSDOCK_IDENTIFIER_CANONICAL 513 /* bytes of a canonical form, its NUL included */

struct crossdock_identifier_result {
    enum crossdock_identifier_verdict verdict;
    const char *scheme; /* the one that fits best or that the finding speaks of; "" for none */
    const char *code;   /* "XD-ID-001"; "" when there is no finding */
    const char *text;   /* one sentence: what is wrong */
    size_t span_offset; /* the faulty bytes of the number as given */
    size_t span_length;
    size_t match_count; /* schemes that fit, best first */
    struct crossdock_identifier_match matches[CROSSDOCK_IDENTIFIER_MATCHES];
    char detail[120]; /* what is particular to this number, such as the right check digit */
    char canonical[CROSSDOCK_IDENTIFIER_CANONICAL]; /* of a valid number; else "" */
};

/*
 * Loads the built-in tables, or those of `reference_dir` (laid out as schemas/) where it has them;
 * a folder that has none at all is refused. 0, or a status of <sysexits.h> with the reason in
 * `message`, NUL-terminated within `message_size` bytes, and *tables NULL. The handle must be
 * closed.
 */
int crossdock_identifiers_open(const char *reference_dir, struct crossdock_identifiers **tables,
                               char *message, size_t message_size);

/* Frees the handle and every name that results point to; NULL is allowed. */
void crossdock_identifiers_close(struct crossdock_identifiers *tables);

/*
 * Checks `length` bytes at `number`, which need no NUL and are not kept. `scheme` ("sscc",
 * "upu-s10" ...) or else `carrier` ("ups", "Royal Mail" ...) says what it should be; NULL for both
 * finds every scheme that it fits. A scheme that does not exist gives
 * CROSSDOCK_IDENTIFIER_UNKNOWN with an empty scheme; a carrier that is not known does not steer.
 * Never fails; returns result->verdict.
 */
enum crossdock_identifier_verdict
crossdock_identifier_check(const struct crossdock_identifiers *tables, const char *scheme,
                           const char *carrier, const char *number, size_t length,
                           struct crossdock_identifier_result *result);

/*
 * The form that all ways to write a merchant's parcel code share, for finding duplicates:
 * NUL-terminated in `out`, `size` bytes. Its length in bytes, or -1 when `size` is too small
 * (length + 2 always do).
 */
long crossdock_parcel_code(const struct crossdock_identifiers *tables, const char *code,
                           size_t length, char *out, size_t size);

/* The name of the scheme at `index` of the table, or NULL behind the last. */
const char *crossdock_scheme_name(const struct crossdock_identifiers *tables, size_t index);

#define CROSSDOCK_ELEMENTS 32

struct crossdock_element {
    char code[5];       /* the application identifier: "00", "4300" */
    const char *title;  /* "SSCC"; lives as long as the tables */
    char value[91];     /* as it stands in the barcode: still percent-encoded where it is so */
    size_t span_offset; /* of the value, in the bytes as given */
    size_t span_length;
};

/* The ship-to block: percent-decoded UTF-8, "" for what is not there. */
struct crossdock_ship_to {
    char name[36];
    char company[36];
    char address1[71];
    char address2[71];
    char address3[71];
    char city[71];
    char region[71];
    char postal_code[21];
    char country[4]; /* ISO 3166-1, alpha-2 or numeric, as the barcode has it */
    char phone[31];
};

struct crossdock_elements {
    size_t count;
    struct crossdock_element element[CROSSDOCK_ELEMENTS];
    struct crossdock_ship_to ship_to;
};

/*
 * Reads a GS1 element string ((00)..., raw data with FNC1, a Digital Link URI) of `length` bytes.
 * 0, or EX_DATAERR of <sysexits.h> when it is not right: crossdock_identifier_check with the scheme
 * "gs1" says why; or EX_OSERR when memory runs out. Nothing in *elements is to be read then.
 */
int crossdock_gs1_read(const struct crossdock_identifiers *tables, const char *text, size_t length,
                       struct crossdock_elements *elements);

#ifdef __cplusplus
}
#endif

#endif
