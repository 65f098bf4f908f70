/*
 * How much of the cost of air transport enters the duty base. Where a customs territory begins in
 * mid-flight, the law of some regimes splits the freight by a published share for each country of
 * dispatch.
 */
#ifndef XD_REFERENCE_AIR_FREIGHT_H
#define XD_REFERENCE_AIR_FREIGHT_H

#include "reference/market.h"

struct xd_air_share {
    struct xd_slice id;
    xd_alpha regime;
    struct xd_slice dispatch; /* countries parted by blanks, or "*" */
    struct xd_decimal percent;
    xd_date from;
    xd_date until;
    enum xd_confidence confidence;
    struct xd_slice source;
    struct xd_slice source_date;
};

struct xd_air_freight {
    struct xd_air_share *rows;
    size_t count;
};

/* Loads reference/air_freight.tsv. */
bool xd_air_freight_load(struct xd_air_freight *table, const struct xd_tables *tables,
                         struct xd_error *err);

/* The first row in force of the regime for the country of dispatch (0: unknown, which only "*"
 * fits), or NULL: all of the freight counts. */
const struct xd_air_share *xd_air_share_find(const struct xd_air_freight *table, xd_alpha regime,
                                             xd_alpha dispatch, xd_date date);

#endif
