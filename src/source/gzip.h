/*
 * gzip (RFC 1952), not by libarchive 3.6, which reads past the checksum and the length at its end
 * without comparing them: a file cut off and joined again would go through.
 */
#ifndef XD_SOURCE_GZIP_H
#define XD_SOURCE_GZIP_H

#include "base/arena.h"
#include "base/region.h"
#include "source/refusal.h"

/*
 * Unpacks the one member of a gzip file into *region; *text is what came out, a zero byte behind
 * it. `grown`, which may be NULL, hears after each MiB how much there is. False with *refusal set:
 * a second member or other bytes behind it, a wrong checksum or length, a ratio or size beyond its
 * limit, a header that says more than gzip knows. The arena holds what inflating needs. The caller
 * closes the region either way, when nobody follows any more.
 */
bool xd_gzip_unpack(struct xd_slice bytes, const struct xd_limits *limits, struct xd_arena *arena,
                    struct xd_region *region, struct xd_slice *text,
                    void (*grown)(void *ctx, struct xd_slice have), void *ctx,
                    struct xd_refusal *refusal);

#endif
