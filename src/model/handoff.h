/*
 * One line of a parcel as a carrier may get it: every value that a layout can ask for, as text.
 * Which of them a carrier gets, under which name and how wide, is the layout's business.
 */
#ifndef XD_MODEL_HANDOFF_H
#define XD_MODEL_HANDOFF_H

#include "model/field.h"
#include "reference/currency.h"

/* Values beyond the fields of the manifest. Amounts are decimals in the currency named beside them.
 */
#define XD_VALUES(X)                                                                               \
    X(LINE_NUMBER, line_number)     /* of the line within its parcel, from 1 */                    \
    X(PARCEL_LINES, parcel_lines)   /* lines in the parcel */                                      \
    X(PARCEL_NUMBER, parcel_number) /* of the parcel within its order in this run, from 1 */       \
    X(ORDER_PARCELS, order_parcels) /* parcels of the order in this run */                         \
    X(PARCEL_WEIGHT_G, parcel_weight_g)                                                            \
    X(PARCEL_VALUE, parcel_value) /* goods, in `currency` */                                       \
    X(LINE_VALUE, line_value)     /* quantity times unit price, in `currency` */                   \
    X(ROUTE, route)               /* hub, merchant-hub, hybrid, store, wyol-full, wyol-partial */  \
    X(CARRIER_NAME, carrier_name)                                                                  \
    X(TERRITORY, territory)     /* special VAT or customs territory, or empty */                   \
    X(DT_CURRENCY, dt_currency) /* of the duty, tax and fee amounts */                             \
    X(LINE_CUSTOMS_VALUE, line_customs_value)                                                      \
    X(LINE_DUTY, line_duty)                                                                        \
    X(LINE_TAX, line_tax)                                                                          \
    X(PARCEL_DUTY, parcel_duty)                                                                    \
    X(PARCEL_TAX, parcel_tax)                                                                      \
    X(PARCEL_FEES, parcel_fees)                                                                    \
    X(DT_COLLECTED_BY, dt_collected_by) /* seller, carrier, post, customs */                       \
    X(DT_RULES, dt_rules)               /* ids of the rules that gave the amounts */               \
    X(COUNTRY_ALPHA3, country_alpha3)   /* of the recipient, ISO 3166-1 alpha-3 */

enum xd_value {
    XD_VALUE_FIRST =
        XD_FIELD_COUNT - 1, /* the values below it are the fields themselves: enum xd_field */
#define X(upper, lower) XD_VALUE_##upper,
    XD_VALUES(X)
#undef X
        XD_VALUE_COUNT,
};

struct xd_handoff {
    struct xd_slice
        value[XD_VALUE_COUNT]; /* by enum xd_field, then enum xd_value; empty when there is none */
};

/* The place of a value by its name ("recipient_name", "line_duty"), or XD_VALUE_COUNT. */
unsigned xd_value_find(struct xd_slice name);

/* Sum of line values in one currency, in its minor units. */
struct xd_totals_value {
    char currency[4];
    uint8_t minor_units;
    int64_t units;
};

/* What the carrier is told to count: sums over one handoff file, or what a parcel adds to them. */
struct xd_totals {
    uint64_t rows;  /* of the file, without its header */
    uint64_t lines; /* of the parcels; the same, or more where a parcel is one row */
    uint64_t parcels;
    uint64_t pieces;    /* sum of quantities */
    uint64_t weight_g;  /* sum of parcel weights */
    uint64_t code_hash; /* sum modulo 2^64 of xd_hash of each parcel code: shows a swapped or lost
                           parcel */
    struct xd_totals_value *values; /* in the order in which the currencies turned up */
    uint32_t currencies;
    uint32_t room; /* of values, which are the owner's memory */
};

/* Gives the totals room for `room` currencies, XD_CURRENCY_MAX at most. False when memory ran out.
 */
bool xd_totals_reserve(struct xd_totals *totals, size_t room, struct xd_arena *arena);

/* Adds a value, or all of `from`. False when a sum does not fit or there is no room for a currency.
 */
bool xd_totals_add_value(struct xd_totals *to, const struct xd_totals_value *value);
bool xd_totals_add(struct xd_totals *to, const struct xd_totals *from);

#endif
