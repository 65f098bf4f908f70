/*
 * The data of one entry of a zip: what comes out is held against what its directory declares, to
 * the last byte of both.
 */
#ifndef XD_SOURCE_UNZIP_H
#define XD_SOURCE_UNZIP_H

#include "source/zip.h"

struct xd_unzip; /* lives in the arena given to xd_unzip_new */

/* For a zip in memory, which must stay. NULL when memory ran out. */
struct xd_unzip *xd_unzip_new(struct xd_slice bytes, struct xd_arena *arena);

/* Begins with an entry of xd_zip_directory, which is borrowed. */
void xd_unzip_start(struct xd_unzip *unzip, const struct xd_zip_entry *entry);

/*
 * Writes the next bytes of the entry to `out`, at most `room` (not 0); *got tells how many. None:
 * the entry is over, its size, its packed size and its checksum are as declared. False with
 * *refusal set when they are not, or it cannot be inflated.
 */
bool xd_unzip_read(struct xd_unzip *unzip, char *out, size_t room, size_t *got,
                   struct xd_refusal *refusal);

#endif
