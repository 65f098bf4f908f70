/*
 * Is this an address that a parcel can be sent to? All rules of a country in one call: what it must
 * hold, its postal code and region, territory and embargo, boxes, placeholders, text that cannot be
 * printed, and the carrier's widths.
 */
#ifndef XD_CHECK_ADDRESS_H
#define XD_CHECK_ADDRESS_H

#include "check/contact.h"
#include "check/letter.h"
#include "check/memo.h"
#include "check/postal.h"
#include "model/party.h"
#include "reference/address_tables.h"

enum xd_address_problem_kind {
    XD_PROBLEM_NOTE, /* worth a finding, no problem of the address: not listed by `crossdock
                        address` */
    XD_PROBLEM_MISSING,
    XD_PROBLEM_UNEXPECTED,
    XD_PROBLEM_UNKNOWN,
    XD_PROBLEM_FORMAT,
    XD_PROBLEM_MISMATCH,
    XD_PROBLEM_PO_BOX,
    XD_PROBLEM_UNSUPPORTED,
    XD_PROBLEM_PLACEHOLDER,
    XD_PROBLEM_TOO_LONG,
    XD_PROBLEM_EMBARGO,
};

struct xd_address_problem {
    enum xd_address_field field;
    enum xd_address_problem_kind kind;
    struct xd_diagnosis diagnosis; /* the span is within the field's value */
};

enum xd_address_verdict {
    XD_ADDRESS_VALID,
    XD_ADDRESS_REVIEW, /* a person must look: a finding that holds the parcel without being an error
                        */
    XD_ADDRESS_INVALID, /* at least one error */
};

/* Problems kept for one address; what goes beyond is counted and not kept. */
#define XD_ADDRESS_PROBLEMS 24

struct xd_address_result {
    enum xd_address_verdict verdict;
    uint16_t country;           /* index, or XD_COUNTRY_NONE */
    uint16_t effective_country; /* the territory's own country where it has one, else the same */
    uint32_t region;            /* index into subregions, or XD_SUBREGION_NONE */
    uint32_t
        region_of_code; /* what the postal code says, when it was needed: else XD_SUBREGION_NONE */
    struct xd_postal_result postal;
    const struct xd_territory *territory; /* NULL: nothing special */
    const struct xd_embargo *embargo;     /* NULL: none */
    struct xd_phone phone;                /* len 0: none, or wrong */
    size_t count;
    struct xd_address_problem problems[XD_ADDRESS_PROBLEMS];
};

struct xd_address_options {
    xd_date as_of;           /* the day for territories and embargoes */
    struct xd_slice carrier; /* empty when not known yet */
    bool boxes_served;       /* the carrier delivers to post office boxes */
    bool wordless;           /* the problems' details are of no use to the caller */
};

/* One per worker. */
struct xd_address_ctx {
    const struct xd_address_tables *tables;
    struct xd_postal_ctx postal;
    struct xd_letters letters;
    struct xd_memo carriers[XD_MEMOS]; /* name -> index of its limits */
    struct xd_memo regions[XD_MEMOS];  /* name and country -> index of the region */
    struct xd_memo cities[XD_MEMOS];   /* name and country -> is it free of faults? */
    bool thorough; /* spares no value the closer look; the test holds every short cut to that */
};

void xd_address_ctx_init(struct xd_address_ctx *ctx, const struct xd_address_tables *tables);
void xd_address_ctx_free(struct xd_address_ctx *ctx);

/* Checks an address; everything it found is in *result. Allocates nothing. */
enum xd_address_verdict xd_address_check(struct xd_address_ctx *ctx,
                                         const struct xd_address *address,
                                         const struct xd_address_options *options,
                                         struct xd_address_result *result);

/* "po_box" for XD_PROBLEM_PO_BOX; a literal, empty for a note. */
const char *xd_address_problem_name(enum xd_address_problem_kind kind);

/* The canonical postal code, the ISO 3166-2 code of the region, and the territory: its code where
 * it is treated under another than the country's, else its name. Empty where there is none. */
struct xd_slice xd_address_postal_code(const struct xd_address_result *result);
struct xd_slice xd_address_region(const struct xd_address_ctx *ctx,
                                  const struct xd_address_result *result);
struct xd_slice xd_address_territory(const struct xd_address_ctx *ctx,
                                     const struct xd_address_result *result);

#endif
