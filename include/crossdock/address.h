/*
 * crossdock: check addresses of parcels.
 *
 * Open the tables once, check as many addresses as you like, close. The tables are never altered
 * after they are open and may be shared by threads; a checker belongs to one thread. Nothing is
 * printed and no global state is kept.
 *
 *     struct crossdock_addresses *tables;
 *     struct crossdock_address_checker *checker;
 *     struct crossdock_address address = {.address1 = "Hauptstr. 5", .city = "Berlin"};
 *     struct crossdock_address_result result;
 *     char message[512];
 *
 *     address.postal_code = "10115";
 *     address.country = "DE";
 *     if (crossdock_addresses_open(NULL, &tables, message, sizeof(message)) != 0) {
 *         ... message says why ...
 *     }
 *     checker = crossdock_address_checker_new(tables);
 *     if (crossdock_address_check(checker, &address, "2026-11-22", NULL, &result) == 0) {
 *         ... result.verdict, result.problems ...
 *     }
 *     crossdock_address_checker_free(checker);
 *     crossdock_addresses_close(tables);
 *
 * Link with `pkg-config --cflags --libs --static crossdock`. Address data derived from Google's
 * address data service (https://chromium-i18n.appspot.com/ssl-address), licensed CC-BY 4.0.
 */
#ifndef CROSSDOCK_ADDRESS_H
#define CROSSDOCK_ADDRESS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct crossdock_addresses;       /* the tables */
struct crossdock_address_checker; /* what one thread works with */

/* UTF-8 strings; NULL is an empty one. They are read during the call only. */
struct crossdock_address {
    const char *name;
    const char *company;
    const char *address1;
    const char *address2;
    const char *address3;
    const char *city;
    const char *region;      /* a code, or the local or Latin name */
    const char *postal_code; /* as the sender wrote it */
    const char *country;     /* ISO 3166-1 alpha-2, or what people write instead */
    const char *phone;
    const char *email;
};

enum crossdock_address_verdict {
    CROSSDOCK_ADDRESS_VALID,
    CROSSDOCK_ADDRESS_REVIEW,  /* a person must look */
    CROSSDOCK_ADDRESS_INVALID, /* at least one error */
};

struct crossdock_address_problem {
    const char *field;   /* "postal_code" */
    const char *problem; /* "missing", "format", "po_box", ...; "" for a note */
    const char *code;    /* "XD-ADR-001"; lives as long as the tables, as does `text` */
    const char *text;    /* one sentence: what is wrong */
    size_t span_offset;  /* the faulty bytes of the field */
    size_t span_length;
    char detail[120]; /* what is particular to this value */
};

#define CROSSDOCK_ADDRESS_PROBLEMS 24

struct crossdock_address_result {
    enum crossdock_address_verdict verdict;
    char country[4];      /* ISO 3166-1 alpha-2, "" when it could not be read */
    char postal_code[24]; /* canonical, "" when there is none or it is wrong */
    char region[8];       /* ISO 3166-2, or "" */
    char territory[64];   /* special VAT or customs territory: its code, or its name where it has
                             none; else "" */
    char phone[24];       /* E.164, or "" */
    size_t problem_count;
    struct crossdock_address_problem problems[CROSSDOCK_ADDRESS_PROBLEMS];
};

/*
 * Loads the built-in tables, or those of `reference_dir` (laid out as schemas/) where it has them;
 * a folder that has none at all is refused. 0, or a status of <sysexits.h> with the reason in
 * `message`, NUL-terminated within `message_size` bytes, and *tables NULL. The handle must be
 * closed.
 */
int crossdock_addresses_open(const char *reference_dir, struct crossdock_addresses **tables,
                             char *message, size_t message_size);

/* Frees the handle and the codes and texts of results; NULL is allowed. */
void crossdock_addresses_close(struct crossdock_addresses *tables);

/* NULL when memory runs out. Free it before the tables are closed. */
struct crossdock_address_checker *
crossdock_address_checker_new(const struct crossdock_addresses *tables);
void crossdock_address_checker_free(struct crossdock_address_checker *checker);

/*
 * Checks one address on the day `as_of` (YYYY-MM-DD), which decides on territories and embargoes.
 * `carrier` may be NULL; it steers the widths of the lines. 0, or EX_USAGE when the day is not one.
 */
int crossdock_address_check(struct crossdock_address_checker *checker,
                            const struct crossdock_address *address, const char *as_of,
                            const char *carrier, struct crossdock_address_result *result);

#ifdef __cplusplus
}
#endif

#endif
