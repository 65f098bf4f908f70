/*
 * The numbers under which merchants collect tax at the point of sale. A merchant has one number a
 * scheme for years and writes it into no manifest; without it the carrier collects the tax a second
 * time.
 */
#ifndef XD_REFERENCE_REGISTRATION_H
#define XD_REFERENCE_REGISTRATION_H

#include "base/date.h"
#include "base/hash.h"
#include "reference/alpha.h"
#include "reference/embedded.h"

struct xd_registration {
    struct xd_slice merchant_id; /* "*": every merchant without a row for the market */
    xd_alpha market;             /* whose import rules apply: EU, GB, NO ... */
    struct xd_slice kind;        /* of tax_numbers.tsv; empty: that table knows none */
    struct xd_slice number;
    size_t line;   /* of the table, for messages */
    uint32_t next; /* private: the merchant's next row, or XD_MAP_NONE */
};

struct xd_registrations {
    struct xd_registration *of;
    size_t count;
    struct xd_map by_merchant; /* private: first row */
};

/* Loads the rows of reference/registrations.tsv that are in force on `as_of`. */
bool xd_registrations_load(struct xd_registrations *registrations, const struct xd_tables *tables,
                           xd_date as_of, struct xd_arena *arena, struct xd_error *err);

/* The merchant's number in the market, or the platform's, or an empty slice. */
struct xd_slice xd_registration_find(const struct xd_registrations *registrations,
                                     struct xd_slice merchant_id, xd_alpha market);

#endif
