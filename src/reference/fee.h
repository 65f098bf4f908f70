/*
 * What is charged beside duty and tax: by the state for each parcel or declared item, by the post
 * or courier for clearing it. A handling fee is often larger than the tax, so a landed cost without
 * it is a surprise at the door.
 */
#ifndef XD_REFERENCE_FEE_H
#define XD_REFERENCE_FEE_H

#include "reference/market.h"

enum xd_fee_basis {
    XD_FEE_PARCEL,  /* an amount for each parcel */
    XD_FEE_ITEM,    /* an amount for each declared item (distinct code, description, origin) */
    XD_FEE_CHARGES, /* per cent of duty and tax */
    XD_FEE_VALUE,   /* per cent of the customs value */
};

enum xd_fee_when {
    XD_FEE_ALWAYS,
    XD_FEE_BORDER, /* something is collected at the border; with a limit: and the value is within it
                    */
    XD_FEE_WITHIN, /* the value is within the limit */
    XD_FEE_ABOVE,  /* the value is beyond the limit */
};

enum xd_fee_payee {
    XD_FEE_STATE,
    XD_FEE_POST,    /* only parcels in the post */
    XD_FEE_COURIER, /* only with a courier, of that name when one is given */
};

struct xd_fee {
    struct xd_slice id;
    xd_alpha market;
    struct xd_slice name;
    enum xd_fee_payee payee;
    struct xd_slice carrier;
    xd_alpha dispatch[4]; /* only what is shipped from one of these; none: from anywhere */
    bool dispatch_not;    /* ... or from anywhere but these */
    enum xd_fee_basis basis;
    bool unknown;             /* known to be charged, but nobody knows how much */
    struct xd_decimal amount; /* or per cent */
    xd_alpha currency;
    struct xd_maybe_amount {
        bool set;
        struct xd_decimal value;
    } least, most; /* in `currency` */
    enum xd_fee_when when;
    struct xd_threshold limit;
    bool in_tax_base;
    bool enabled; /* a fee that is not yet confirmed in force stays in the table, switched off */
    xd_date from;
    xd_date until;
    enum xd_confidence confidence;
    struct xd_slice source;
    struct xd_slice source_date;
};

struct xd_fees {
    struct xd_fee *rows;
    size_t count;
};

/* Loads reference/fees.tsv, whose rows of one market stand together, and tells each market rule. */
bool xd_fees_load(struct xd_fees *fees, struct xd_markets *markets, const struct xd_tables *tables,
                  struct xd_error *err);

#endif
