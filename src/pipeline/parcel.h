/*
 * The steps of deciding a parcel that are large enough to stand alone. Each works on a parcel whose
 * lines are filled and reports what it finds; what becomes of the parcel follows from its findings.
 */
#ifndef XD_PIPELINE_PARCEL_H
#define XD_PIPELINE_PARCEL_H

#include "pipeline/decide.h"

/* First half, for each parcel of the order: its values, its checks, its sums. False when memory ran
 * out. */
bool xd_parcel_examine(struct xd_decider *decider, struct xd_parcel *parcel);

/* Second half, when the sums of all parcels are known: route, duties, carrier rows. */
void xd_parcel_ship(struct xd_decider *decider, struct xd_parcel *parcel);

/* Counts, weighs and prices the parcel, and writes the sums into its lines. */
void xd_parcel_measure(struct xd_decider *decider, struct xd_parcel *parcel);

/* What customs would say of the goods, for the destination that was found. */
void xd_parcel_check_goods(struct xd_decider *decider, struct xd_parcel *parcel);

/* The numbers of seller and buyer: EORI, IOSS, VAT and their kin. */
void xd_parcel_check_numbers(struct xd_decider *decider, struct xd_parcel *parcel);

/* Whether the parcel goes from a hub in Great Britain to Northern Ireland; and what the Windsor
 * Framework wants of it then, once it is measured. */
bool xd_parcel_under_windsor(const struct xd_decider *decider, const struct xd_parcel *parcel);
void xd_parcel_check_windsor(struct xd_decider *decider, struct xd_parcel *parcel);

/* Duties and taxes of the parcel on the day of the run, into its lines. */
void xd_parcel_quote(struct xd_decider *decider, struct xd_parcel *parcel);

/* Values in Latin letters, where the carrier's file takes no others. */
void xd_parcel_use_latin(struct xd_decider *decider, struct xd_parcel *parcel);

/* A number, or an amount in minor units, as the text of a value; lives as long as the order. */
void xd_parcel_number(struct xd_decider *decider, struct xd_slice *value, uint64_t number);
void xd_parcel_amount(struct xd_decider *decider, struct xd_slice *value, int64_t units,
                      uint8_t decimals);

/* Reports a value of the parcel as a whole, at its first row. */
void xd_parcel_say_code(struct xd_decider *decider, const struct xd_parcel *parcel,
                        enum xd_field field, enum xd_finding_code code);

#endif
