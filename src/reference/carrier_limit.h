/*
 * How many characters of an address a carrier takes. A carrier without rows of its own gets the
 * common denominator.
 */
#ifndef XD_REFERENCE_CARRIER_LIMIT_H
#define XD_REFERENCE_CARRIER_LIMIT_H

#include "base/hash.h"
#include "reference/embedded.h"

enum xd_limit_field {
    XD_LIMIT_NAME,
    XD_LIMIT_COMPANY,
    XD_LIMIT_ADDRESS, /* each line */
    XD_LIMIT_CITY,
    XD_LIMIT_REGION,
    XD_LIMIT_POSTAL_CODE,
    XD_LIMIT_PHONE, /* digits */
    XD_LIMIT_EMAIL,
    XD_LIMIT_COUNT,
};

struct xd_carrier_limit {
    uint16_t chars[XD_LIMIT_COUNT]; /* after transliteration; 0: not limited */
    uint8_t lines;                  /* of the street address */
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
