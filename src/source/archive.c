/*
 * What an archive is, and what all kinds have in common: the bytes that come out are counted over
 * all members, and they go where the reader stands or to nobody.
 */
#include "source/archive.h"

#include "source/tar.h"
#include "source/unzip.h"

#define TAR_MARK_AT 257u
#define TAR_BLOCK   512u
#define DRAIN_BYTES ((size_t)1 << 16)

struct xd_archive {
    const struct xd_limits *limits;
    struct xd_refusal *refusal;
    struct xd_tar *tar; /* one of both */
    struct xd_unzip *unzip;
    struct xd_zip_entry *entries; /* of a zip, by their place */
    size_t entry_count;
    size_t delivered;
    uint64_t total; /* bytes unpacked of all members */
    char *drain;    /* DRAIN_BYTES for what nobody wants */
};

static const struct {
    const char *bytes;
    size_t len;
    enum xd_archive_kind kind;
} SIGNATURES[] = {
    {"\x1f\x8b", 2, XD_ARCHIVE_GZIP},
    {"7z\xbc\xaf\x27\x1c", 6, XD_ARCHIVE_OTHER},
    {"Rar!\x1a\x07", 6, XD_ARCHIVE_OTHER},
    {"\xfd"
     "7zXZ",
     6, XD_ARCHIVE_OTHER}, /* with the NUL of the literal */
    {"BZh91AY&SY", 10, XD_ARCHIVE_OTHER},
    {"\x28\xb5\x2f\xfd", 4, XD_ARCHIVE_OTHER}, /* Zstandard */
    {"LZIP\1", 5, XD_ARCHIVE_OTHER},
    {"MSCF\0\0\0\0", 8, XD_ARCHIVE_OTHER},
    {"\x04\x22\x4d\x18", 4, XD_ARCHIVE_OTHER}, /* LZ4 frame */
};

enum xd_archive_kind
xd_archive_kind(struct xd_slice bytes)
{
    if (xd_zip_is(bytes)) {
        return XD_ARCHIVE_ZIP;
    }
    for (size_t i = 0; i < sizeof(SIGNATURES) / sizeof(SIGNATURES[0]); i++) {
        if (xd_slice_starts(bytes, xd_slice_of(SIGNATURES[i].bytes, SIGNATURES[i].len))) {
            return SIGNATURES[i].kind;
        }
    }
    if (bytes.len >= TAR_BLOCK && memcmp(bytes.ptr + TAR_MARK_AT, "ustar", 5) == 0) {
        return XD_ARCHIVE_TAR;
    }
    return XD_ARCHIVE_NOT;
}

static bool
open_zip(struct xd_archive *archive, struct xd_slice bytes, struct xd_arena *arena)
{
    if (!xd_zip_directory(bytes, archive->limits, arena, &archive->entries, &archive->entry_count,
                          archive->refusal)) {
        return false;
    }
    archive->unzip = xd_unzip_new(bytes, arena);
    return archive->unzip != NULL;
}

bool
xd_archive_open(struct xd_archive **out, enum xd_archive_kind kind, struct xd_slice bytes,
                const struct xd_limits *limits, struct xd_arena *arena, struct xd_refusal *refusal)
{
    struct xd_archive *archive = xd_arena_alloc(arena, sizeof(*archive));
    char *drain = xd_arena_room(arena, DRAIN_BYTES);

    *out = archive;
    if (archive && drain) {
        *archive = (struct xd_archive){.limits = limits, .refusal = refusal, .drain = drain};
        if (kind == XD_ARCHIVE_ZIP ? open_zip(archive, bytes, arena)
                                   : xd_tar_open(&archive->tar, bytes, limits, arena, refusal)) {
            return true;
        }
    }
    return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                     "there is not enough memory to unpack it");
}

bool
xd_archive_next(struct xd_archive *archive, struct xd_member *member)
{
    const struct xd_zip_entry *entry;

    if (archive->tar) {
        return xd_tar_next(archive->tar, member);
    }
    if (archive->delivered == archive->entry_count) {
        return false;
    }
    entry = &archive->entries[archive->delivered++];
    xd_unzip_start(archive->unzip, entry);
    *member = (struct xd_member){.name = entry->name, .size = entry->size, .folder = entry->folder};
    return true;
}

/* At most `room` of the next bytes of the present member; *got 0 at its end. False when *refusal is
 * set. */
static bool
take(struct xd_archive *archive, const struct xd_member *member, char *out, size_t room,
     size_t *got)
{
    if (archive->tar ? !xd_tar_read(archive->tar, member, out, room, got)
                     : !xd_unzip_read(archive->unzip, out, room, got, archive->refusal)) {
        return false;
    }
    archive->total += *got;
    return archive->total <= xd_limit(archive->limits, XD_LIMIT_ARCHIVE_BYTES) ||
           xd_refuse_limit(archive->refusal, XD_F_ARCHIVE_TOO_LARGE, member->name, 0,
                           archive->limits, XD_LIMIT_ARCHIVE_BYTES);
}

bool
xd_archive_pull(struct xd_archive *archive, struct xd_member *member, struct xd_region *region,
                uint64_t upto)
{
    if (!region->map && !xd_region_open(region, member->size)) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_DAMAGED, member->name, 0,
                         "there is not enough memory to unpack it");
    }
    member->bytes.ptr = region->ptr;
    while (!member->ended && member->bytes.len < upto) {
        size_t len = member->bytes.len;
        /* Never 0: where all is there, the byte behind it is offered, which stays zero. */
        size_t room = (upto < member->size ? upto : member->size + 1) - len;
        size_t got = 0;
        if (!take(archive, member, region->ptr + len, room, &got)) {
            return false;
        }
        member->bytes.len += got;
        member->ended = got == 0;
    }
    return true;
}

bool
xd_archive_drain(struct xd_archive *archive, struct xd_member *member)
{
    while (!member->ended) {
        size_t got = 0;
        if (!take(archive, member, archive->drain, DRAIN_BYTES, &got)) {
            return false;
        }
        member->ended = got == 0;
    }
    return true;
}

void
xd_archive_close(struct xd_archive *archive)
{
    if (archive->tar) {
        xd_tar_close(archive->tar);
    }
}
