/*
 * Identifiers of parcels: is this number right, and if not, what exactly is wrong with it? Pure
 * functions on the tables of reference/identifier.h. The declared scheme or carrier steers; what is
 * found without either is only a hint, because formats overlap: of twelve digits with a right check
 * digit nobody can tell the carrier for certain.
 */
#ifndef XD_CHECK_IDENTIFIER_H
#define XD_CHECK_IDENTIFIER_H

#include "model/finding.h"
#include "reference/identifier.h"

enum xd_verdict {
    XD_VALID,   /* shape and check character are right; the diagnosis may still hold a warning */
    XD_INVALID, /* see the diagnosis */
    XD_UNKNOWN, /* fits nothing that is known, or nothing for certain */
};

#define XD_MATCHES_MAX 8

struct xd_identifier_match {
    uint16_t scheme;
    uint16_t shape; /* the alternative of it */
    uint8_t score;  /* 1..100 */
};

struct xd_identifier_result {
    enum xd_verdict verdict;
    uint16_t scheme; /* the one that fits best, or that the diagnosis speaks of; XD_SCHEME_NONE */
    struct xd_diagnosis diagnosis;
    struct xd_identifier_match matches[XD_MATCHES_MAX]; /* all that fit, best first */
    size_t match_count;
    char canonical[XD_CODE_TEXT]; /* of a valid number: the one form that all ways to write it share
                                   */
    size_t canonical_len;         /* 0 when it is not valid */
};

/*
 * Checks a number of a known scheme and says what is wrong in *diagnosis, whose span is in bytes of
 * `value` as given. XD_VALID or XD_INVALID. The fast way: a right number costs tens of nanoseconds.
 */
enum xd_verdict xd_identifier_check(const struct xd_identifiers *ids, uint16_t scheme,
                                    struct xd_slice value, struct xd_diagnosis *diagnosis);

/*
 * Checks the tracking number of a row against what its carrier uses. `carrier` is a code or name as
 * the merchant wrote it. A carrier that is not in the table is XD_UNKNOWN. A number of a shape that
 * none of its schemes has is XD_INVALID, but with a warning only: carriers have more formats than
 * are public.
 */
enum xd_verdict xd_tracking_check(const struct xd_identifiers *ids, struct xd_slice carrier,
                                  struct xd_slice value, struct xd_diagnosis *diagnosis);

/* The same two with scheme, canonical form and matches in *result. */
void xd_identifier_read(const struct xd_identifiers *ids, uint16_t scheme, struct xd_slice value,
                        struct xd_identifier_result *result);
void xd_tracking_read(const struct xd_identifiers *ids, uint16_t carrier, struct xd_slice value,
                      struct xd_identifier_result *result);

/* Finds every scheme that a number of unknown origin fits, best score first. */
void xd_identifier_detect(const struct xd_identifiers *ids, struct xd_slice value,
                          struct xd_identifier_result *result);

#endif
