/*
 * Decides under which operational model a parcel ships, from the method of its order, its carrier
 * and its merchant's contract. The decision table is data; a combination that it calls a
 * contradiction is a finding, never a guess.
 */
#ifndef XD_ROUTE_ROUTE_H
#define XD_ROUTE_ROUTE_H

#include "model/disposition.h"
#include "model/finding.h"
#include "reference/carrier.h"
#include "reference/routing.h"

struct xd_route_case {
    struct xd_slice merchant_id;        /* empty when not known */
    const struct xd_merchant *merchant; /* its row, or the row of all others */
    struct xd_slice order_method;       /* shipping method of the order; empty: as if not WYOL */
    struct xd_slice manifest_method;    /* shipping method that the manifest gives, or empty */
    struct xd_slice carrier;  /* as the manifest or the order names it; empty: by method */
    struct xd_slice hub_code; /* as said, or empty: the merchant's */
    uint16_t country;         /* destination */
};

struct xd_route_decision {
    enum xd_route route;          /* XD_ROUTE_NONE when `finding` says why not */
    enum xd_finding_code finding; /* XD_F_NONE: decided */
    enum xd_field field;          /* that the finding is about, or XD_FIELD_NONE */
    uint32_t carrier;             /* index into the carriers, or XD_CARRIER_NONE */
    const struct xd_hub *hub;     /* NULL when none is involved */
    struct xd_slice reason;       /* one clause of the decision table */
};

void xd_route_decide(const struct xd_routing *routing, const struct xd_carriers *carriers,
                     const struct xd_route_case *in, struct xd_route_decision *out);

#endif
