/*
 * How many characters of an address a carrier takes. A carrier without rows of its own gets the
 * common denominator.
 */
#ifndef XD_REFERENCE_CARRIER_LIMIT_H
#define XD_REFERENCE_CARRIER_LIMIT_H

#include "base/hash.h"
#include "reference/embedded.h"

enum xd_width_field {
    XD_WIDTH_NAME,
    XD_WIDTH_COMPANY,
    XD_WIDTH_ADDRESS, /* each line */
    XD_WIDTH_CITY,
    XD_WIDTH_REGION,
    XD_WIDTH_POSTAL_CODE,
    XD_WIDTH_PHONE, /* digits */
    XD_WIDTH_EMAIL,
    XD_WIDTH_COUNT,
};

struct xd_carrier_limit {
    uint16_t chars[XD_WIDTH_COUNT + 1]; /* after transliteration; 0, as in the last: not limited */
    uint8_t lines;                      /* of the street address */
};

#define XD_CARRIER_LIMITS_MAX 128

struct xd_carrier_limits {
    struct xd_carrier_limit of[XD_CARRIER_LIMITS_MAX]; /* [0] is "*" */
    uint16_t count;
    struct xd_map carriers; /* name of either case -> index */
};

/* Loads reference/carrier_limits.tsv. */
bool xd_carrier_limits_load(struct xd_carrier_limits *limits, const struct xd_tables *tables,
                            struct xd_arena *arena, struct xd_error *err);

/* The limits of the carrier, or those of "*"; never NULL. */
const struct xd_carrier_limit *xd_carrier_limit_find(const struct xd_carrier_limits *limits,
                                                     struct xd_slice carrier);

#endif
