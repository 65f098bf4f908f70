/*
 * What becomes of a parcel: handed to a carrier, held for a person, or sent back to the merchant;
 * and the model under which it ships. Reason codes are finding codes, so that one table explains
 * both.
 */
#ifndef XD_MODEL_DISPOSITION_H
#define XD_MODEL_DISPOSITION_H

enum xd_disposition {
    XD_HANDOFF,
    XD_HOLD,
    XD_REJECT,
    XD_DISPOSITION_COUNT,
};

/* Operational models of a merchant of record's logistics. */
enum xd_route {
    XD_ROUTE_NONE,         /* not decided: a contradiction, or no order */
    XD_ROUTE_HUB,          /* to the hub, relabelled there, handed to the carrier */
    XD_ROUTE_MERCHANT_HUB, /* collected by the carrier from the merchant's own hub */
    XD_ROUTE_HYBRID,       /* some lanes through the hub, this one from the merchant's hub */
    XD_ROUTE_STORE,        /* to a shop, where the shopper collects */
    XD_ROUTE_WYOL_FULL, /* with your own logistics: the merchant makes label and invoice itself */
    XD_ROUTE_WYOL_PARTIAL, /* own carrier contract, documents from the platform */
    XD_ROUTE_COUNT,
};

#endif
