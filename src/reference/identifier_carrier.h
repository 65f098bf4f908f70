/* The schemes of each carrier's tracking numbers, from the table of carriers. */
#ifndef XD_REFERENCE_IDENTIFIER_CARRIER_H
#define XD_REFERENCE_IDENTIFIER_CARRIER_H

#include "reference/identifier.h"

/* Fills ids->carriers from reference/carriers.tsv, once the schemes are loaded. Rows of every date
 * count: a number outlives the contract. */
bool xd_identifier_carriers_load(struct xd_identifiers *ids, const struct xd_tables *tables,
                                 struct xd_arena *arena, struct xd_error *err);

#endif
