/*
 * Tax rates beside the standard one: of a province, an island, a class of goods. The market row
 * holds the standard rate; a row here takes its place where region and code fit.
 */
#ifndef XD_REFERENCE_TAX_RATE_H
#define XD_REFERENCE_TAX_RATE_H

#include "reference/market.h"
#include "reference/rate_expression.h"

struct xd_tax_rate {
    struct xd_slice id; /* "CA-ON" */
    xd_alpha market;
    struct xd_slice region; /* ISO 3166-2 part behind the country; empty: all */
    struct xd_hs_set hs;    /* empty: all goods */
    xd_date from;
    xd_date until;
    struct xd_decimal rate; /* per cent */
    enum xd_confidence confidence;
    struct xd_slice source;
    struct xd_slice source_date;
};

struct xd_tax_rates {
    struct xd_tax_rate *rows;
    size_t count;
};

/* Loads reference/tax_rates.tsv, whose rows of one market stand together, the more particular ones
 * first, and tells each market rule where its rows are. */
bool xd_tax_rates_load(struct xd_tax_rates *rates, struct xd_markets *markets,
                       const struct xd_tables *tables, struct xd_error *err);

/* The first row of the rule's market in force that fits region and code, or NULL: the standard
 * rate. */
const struct xd_tax_rate *xd_tax_rate_find(const struct xd_tax_rates *rates,
                                           const struct xd_market_rule *rule,
                                           struct xd_slice region, uint64_t packed_code,
                                           xd_date date);

/*
 * Flat rates in place of the tariff: a band of values, perhaps for some goods only. MX and TR
 * charge one rate for duty and tax together; BR takes a percentage less a deduction.
 */
struct xd_simplified_row {
    struct xd_slice id;        /* "BR-03/1" */
    struct xd_slice rule_id;   /* of the market rule */
    struct xd_hs_set hs;       /* empty: all goods */
    struct xd_threshold above; /* applies to values beyond this; not set: from zero */
    struct xd_threshold upto;  /* and within this; not set: without end */
    struct xd_rate_expression rate;
    struct xd_slice text;
    bool combined; /* duty and tax in one */
    enum xd_confidence confidence;
    struct xd_slice source;
    struct xd_slice source_date;
};

struct xd_simplified {
    struct xd_simplified_row *rows;
    size_t count;
};

/* Loads reference/simplified.tsv, whose rows of one rule stand together, and tells each rule. */
bool xd_simplified_load(struct xd_simplified *simplified, struct xd_markets *markets,
                        const struct xd_tables *tables, struct xd_error *err);

#endif
