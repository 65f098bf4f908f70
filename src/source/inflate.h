/*
 * Deflate data (RFC 1951) through ISA-L, which inflates three times as fast as zlib or libarchive:
 * with every core busy reading what comes out, nothing hides behind another. A checksum is reckoned
 * block by block, while the bytes are still near.
 */
#ifndef XD_SOURCE_INFLATE_H
#define XD_SOURCE_INFLATE_H

#include "base/arena.h"
#include "base/slice.h"

struct xd_inflate; /* about 100 KB; lives in the arena given to xd_inflate_new */

enum xd_inflate_status {
    XD_INFLATE_FULL,   /* as much as was wanted came out; whether more follows is not known */
    XD_INFLATE_ENDED,  /* the final block is over */
    XD_INFLATE_CUT,    /* the packed bytes are used up and the final block is not over */
    XD_INFLATE_BROKEN, /* they are not deflate data */
};

/* NULL when memory ran out. One serves any number of streams, one after the other. */
struct xd_inflate *xd_inflate_new(struct xd_arena *arena);

/* Begins with a stream. `packed` may go on behind its end (see xd_inflate_used) and must stay until
 * the stream is done. */
void xd_inflate_start(struct xd_inflate *inflate, struct xd_slice packed);

/*
 * Writes the next bytes to `out`, at most `room` (not 0) of them; *got tells how many. Bytes of
 * `out` behind *got may be written too, none behind `room`. After anything but XD_INFLATE_FULL the
 * stream is done.
 */
enum xd_inflate_status xd_inflate(struct xd_inflate *inflate, char *out, size_t room, size_t *got);

/* Bytes of the packed slice that belonged to the stream; known once it has ended. */
uint64_t xd_inflate_used(const struct xd_inflate *inflate);

/* CRC-32, as zip and gzip use it, of all that has come out. */
uint32_t xd_inflate_crc(const struct xd_inflate *inflate);

/* The same CRC-32 of `bytes` behind others whose checksum is `crc`, 0 when there are none. */
uint32_t xd_crc32(uint32_t crc, struct xd_slice bytes);

#endif
