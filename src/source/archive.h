/*
 * The members of an archive, one after the other, in memory and never on disk. A member grows where
 * it stands while it is inflated, so that a reader may follow behind; what it read counts only when
 * the archive ended without a refusal.
 */
#ifndef XD_SOURCE_ARCHIVE_H
#define XD_SOURCE_ARCHIVE_H

#include "base/arena.h"
#include "base/region.h"
#include "source/refusal.h"

struct xd_archive; /* lives in the arena given to xd_archive_open */

enum xd_archive_kind {
    XD_ARCHIVE_NOT, /* not an archive */
    XD_ARCHIVE_ZIP,
    XD_ARCHIVE_GZIP, /* of one file, or of a tar */
    XD_ARCHIVE_TAR,
    XD_ARCHIVE_OTHER, /* 7z, rar, xz and the like: known, not accepted */
};

/* By content. The first 512 bytes suffice, but for a zip behind junk, which shows at its end. */
enum xd_archive_kind xd_archive_kind(struct xd_slice bytes);

struct xd_member {
    struct xd_slice name; /* lives as long as the archive's arena */
    struct xd_slice
        bytes; /* what has been unpacked so far; never moves; a zero byte follows it when `ended` */
    uint64_t size; /* that it will have, as declared */
    bool folder;
    bool ended; /* `bytes` is whole and its checksum right */
};

/*
 * Opens a zip or a tar that lies in memory. A zip's directory is checked before anything is
 * unpacked. False with *refusal set; nothing needs closing then.
 */
bool xd_archive_open(struct xd_archive **archive, enum xd_archive_kind kind, struct xd_slice bytes,
                     const struct xd_limits *limits, struct xd_arena *arena,
                     struct xd_refusal *refusal);

/* Goes to the next member, behind one that was pulled or drained to its end. False behind the last,
 * or when *refusal is set. */
bool xd_archive_next(struct xd_archive *archive, struct xd_member *member);

/* Unpacks until the member holds `upto` bytes or ends. The bytes live in `region` (opened by the
 * first pull, closed by the caller). False when *refusal is set. */
bool xd_archive_pull(struct xd_archive *archive, struct xd_member *member, struct xd_region *region,
                     uint64_t upto);

/* Unpacks the rest of the member into nothing, so that its checksum is known. False when *refusal
 * is set. */
bool xd_archive_drain(struct xd_archive *archive, struct xd_member *member);

void xd_archive_close(struct xd_archive *archive);

#endif
