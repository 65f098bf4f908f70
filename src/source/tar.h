/*
 * The members of a tar, by libarchive, which knows its many dialects. What it delivers is checked,
 * never believed.
 */
#ifndef XD_SOURCE_TAR_H
#define XD_SOURCE_TAR_H

#include "source/archive.h"

struct xd_tar; /* lives in the arena given to xd_tar_open */

/* Opens a tar in memory. False with *refusal set; nothing needs closing then. */
bool xd_tar_open(struct xd_tar **tar, struct xd_slice bytes, const struct xd_limits *limits,
                 struct xd_arena *arena, struct xd_refusal *refusal);

/* Goes to the next member. False behind the last, or when *refusal is set. */
bool xd_tar_next(struct xd_tar *tar, struct xd_member *member);

/* Writes the next bytes of the present member to `out`, at most `room` (not 0); *got tells how
 * many, 0 at its end. False with *refusal set. */
bool xd_tar_read(struct xd_tar *tar, const struct xd_member *member, char *out, size_t room,
                 size_t *got);

void xd_tar_close(struct xd_tar *tar);

#endif
