/*
 * What a zip claims about itself, held against the file before a byte of it is inflated: entries
 * may lie over each other, and a size is believed too easily until it has been written.
 */
#ifndef XD_SOURCE_ZIP_H
#define XD_SOURCE_ZIP_H

#include "base/arena.h"
#include "source/refusal.h"

enum { XD_ZIP_STORED = 0, XD_ZIP_DEFLATED = 8 }; /* the methods that are accepted */

struct xd_zip_entry {
    struct xd_slice name; /* points into the archive; proven harmless */
    uint64_t offset;      /* of its local header */
    uint64_t data;        /* of its packed bytes */
    uint64_t packed;      /* bytes in the archive */
    uint64_t size;        /* bytes it declares to unpack to */
    uint32_t crc;         /* CRC-32 it declares */
    uint16_t method;      /* XD_ZIP_STORED or XD_ZIP_DEFLATED */
    uint16_t flags;       /* general purpose bit flag */
    bool folder;
};

/* True when the bytes are a zip: they start as one, or end in the end record of one (behind a stub
 * or junk). */
bool xd_zip_is(struct xd_slice bytes);

/*
 * The entries by their place in the file (APPNOTE.TXT 6.3.10, zip64 included), in the arena. False
 * with *refusal set when the archive is anything but local entries from its first byte on without
 * gap or overlap, a central directory that agrees with each of them, and an end record at its last
 * byte; or when it goes beyond a limit.
 */
bool xd_zip_directory(struct xd_slice bytes, const struct xd_limits *limits, struct xd_arena *arena,
                      struct xd_zip_entry **entries, size_t *count, struct xd_refusal *refusal);

#endif
