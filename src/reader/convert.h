/*
 * One value from the way a sender writes it to the way the model does: grams, millimetres, ISO
 * dates, unit prices. Exact integer arithmetic. A value that is not what its column promises is
 * given back as it stands, so that the ordinary checks name it with the merchant's own bytes.
 */
#ifndef XD_READER_CONVERT_H
#define XD_READER_CONVERT_H

#include "base/arena.h"
#include "reader/dialect_table.h"

/* Whole grams or millimetres, half a unit rounded up: "1.389" lb gives "630". */
struct xd_slice xd_convert_measure(const struct xd_conversion *conversion, struct xd_slice value,
                                   struct xd_arena *arena);

/* YYYY-MM-DD of a day in the order of the conversion, separated by '-', '/' or '.', a time behind a
 * blank or 'T' dropped. A four-digit year in front is read as such in any order; a two-digit year
 * is of this century. */
struct xd_slice xd_convert_date(const struct xd_conversion *conversion, struct xd_slice value,
                                struct xd_arena *arena);

/* "1" for yes, y, true, t and 1, "0" for no, n, false, f and 0, in letters of either case. */
struct xd_slice xd_convert_flag(struct xd_slice value);

/* The same as an incoterm: DDP where duties are guaranteed to the buyer, DAP where not. */
struct xd_slice xd_convert_duties(struct xd_slice value);

/* total / quantity with as many decimals as the total has; *even is false when it had to be
 * rounded. */
struct xd_slice xd_convert_line_total(struct xd_slice total, struct xd_slice quantity,
                                      struct xd_arena *arena, bool *even);

/* Cuts at the first line break, or else at the first comma with a blank behind it. */
void xd_convert_lines(struct xd_slice value, struct xd_slice *first, struct xd_slice *second);

#endif
