/*
 * The merchant's own parcel code: free text that the hub scans. Nothing about it is right or wrong,
 * but two ways to write one code must not count as two parcels, nor two parcels as one.
 */
#ifndef XD_CHECK_PARCEL_CODE_H
#define XD_CHECK_PARCEL_CODE_H

#include "reference/identifier.h"

/*
 * The form that all ways to write a code share, for the detection of duplicates; not for printing.
 * Blanks and control characters (FNC1 among them) are dropped, letters raised, dashes made a
 * hyphen, look-alikes of other scripts and widths made ASCII, the marks of scanners and
 * spreadsheets at its ends dropped (xd_strip_marks); an SSCC loses its application identifier and a
 * licence plate gets back its J, so that label and scan agree. Other characters stay as they are.
 *
 * *out is `code` itself when nothing had to change, which costs no copy; otherwise it lies in
 * `buffer`. False when `size` bytes do not hold the result: code.len + 1 always do.
 */
bool xd_parcel_code_canonical(const struct xd_identifiers *ids, struct xd_slice code, char *buffer,
                              size_t size, struct xd_slice *out);

/* The same with what had to change in `arena`; `code` itself when memory ran out. */
struct xd_slice xd_parcel_code_key(const struct xd_identifiers *ids, struct xd_slice code,
                                   struct xd_arena *arena);

#endif
