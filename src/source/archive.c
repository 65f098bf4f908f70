/*
 * libarchive unpacks, and nothing it says is believed: entries it delivers are counted against the
 * zip's directory, bytes against the size declared, and every warning on data is a refusal. It is
 * the only file that knows libarchive.
 */
#include "source/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/hash.h"
#include "source/zip.h"

#define TAR_BLOCK 512u

struct xd_archive {
    struct archive *handle;
    enum xd_archive_kind kind;
    struct xd_slice bytes;
    const struct xd_limits *limits;
    struct xd_arena *arena;
    struct xd_refusal *refusal;
    struct xd_zip_entry *entries; /* of a zip, by their place */
    size_t entry_count;
    size_t delivered;
    uint64_t total;      /* bytes unpacked of all members */
    uint64_t drained;    /* bytes of the present member that were thrown away */
    struct xd_map names; /* of a tar: to find one that comes twice */
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
    if (bytes.len >= TAR_BLOCK && memcmp(bytes.ptr + 257, "ustar", 5) == 0) {
        return XD_ARCHIVE_TAR;
    }
    return XD_ARCHIVE_NOT;
}

/* What libarchive says went wrong. A size that does not fit is a lie of its own, whoever sees it
 * first. */
static bool
damaged(struct xd_archive *archive, struct xd_slice name)
{
    struct xd_slice why = xd_slice_trim(xd_slice_str(archive_error_string(archive->handle)));
    bool size = why.len && memmem(why.ptr, why.len, "wrong size", 10);

    if (why.len == 0) {
        why = XD_LIT("it cannot be unpacked");
    }
    return xd_refuse(archive->refusal, size ? XD_F_ARCHIVE_SIZE : XD_F_ARCHIVE_DAMAGED, name, 0,
                     "%.*s", XD_FMT(why));
}

static bool
open_handle(struct xd_archive *archive)
{
    int status;

    archive->handle = archive_read_new();
    if (!archive->handle) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "there is not enough memory to unpack it");
    }
    status = archive->kind == XD_ARCHIVE_ZIP
                 ? archive_read_support_format_zip_seekable(archive->handle)
                 : archive_read_support_format_tar(archive->handle);
    if (status != ARCHIVE_OK || archive_read_open_memory(archive->handle, archive->bytes.ptr,
                                                         archive->bytes.len) != ARCHIVE_OK) {
        damaged(archive, XD_NONE);
        xd_archive_close(archive);
        return false;
    }
    return true;
}

bool
xd_archive_open(struct xd_archive **out, enum xd_archive_kind kind, struct xd_slice bytes,
                const struct xd_limits *limits, struct xd_arena *arena, struct xd_refusal *refusal)
{
    struct xd_archive *archive = xd_arena_alloc(arena, sizeof(*archive));

    if (!archive) {
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "there is not enough memory to unpack it");
    }
    *archive = (struct xd_archive){
        .kind = kind, .bytes = bytes, .limits = limits, .arena = arena, .refusal = refusal};
    *out = archive;
    if (kind == XD_ARCHIVE_ZIP && !xd_zip_directory(bytes, limits, arena, &archive->entries,
                                                    &archive->entry_count, refusal)) {
        return false;
    }
    if (kind == XD_ARCHIVE_TAR && !xd_map_init(&archive->names, arena, 16, false)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "there is not enough memory to unpack it");
    }
    /* libarchive does not know a zip of nothing. */
    return (kind == XD_ARCHIVE_ZIP && archive->entry_count == 0) || open_handle(archive);
}

/* The zip's own directory names the member: libarchive's copy went through the locale. */
static bool
next_zip(struct xd_archive *archive, struct archive_entry *found, struct xd_member *member)
{
    const struct xd_zip_entry *entry;

    if (archive->delivered == archive->entry_count) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "more entries come out than its directory holds");
    }
    entry = &archive->entries[archive->delivered++];
    if (archive_entry_size_is_set(found) && (uint64_t)archive_entry_size(found) != entry->size) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_DISAGREES, entry->name, entry->offset, "%s",
                         "");
    }
    *member = (struct xd_member){.name = entry->name, .size = entry->size, .folder = entry->folder};
    return true;
}

static bool
next_tar(struct xd_archive *archive, struct archive_entry *found, struct xd_member *member)
{
    uint64_t at = (uint64_t)archive_read_header_position(archive->handle);
    struct xd_slice name = xd_slice_str(archive_entry_pathname_utf8(found));
    struct xd_refusal *refusal = archive->refusal;
    uint32_t old = XD_MAP_NONE;

    if (++archive->delivered > xd_limit(archive->limits, XD_LIMIT_ARCHIVE_ENTRIES)) {
        return xd_refuse_limit(refusal, XD_F_ARCHIVE_ENTRIES, XD_NONE, at, archive->limits,
                               XD_LIMIT_ARCHIVE_ENTRIES);
    }
    if (!name.ptr || !xd_archive_name_check(name, at, archive->limits, refusal)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME, XD_NONE, at, "the name is not UTF-8");
    }
    *member = (struct xd_member){.name = xd_arena_copy(archive->arena, name),
                                 .size = (uint64_t)archive_entry_size(found),
                                 .folder = archive_entry_filetype(found) == AE_IFDIR};
    if (archive_entry_hardlink(found) || archive_entry_sparse_count(found) > 0 ||
        (archive_entry_filetype(found) != AE_IFREG && !member->folder)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_ENTRY_KIND, member->name, at,
                         "it is a link, a device or a sparse file");
    }
    if (!xd_map_put(&archive->names, member->name, 0, &old) || old != XD_MAP_NONE) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME_TWICE, member->name, at, "%s", "");
    }
    return xd_archive_size_check(member->name, at, member->size, member->size, archive->limits,
                                 refusal);
}

/* A tar ends in two blocks of zeros and nothing else: one that was cut off between two entries does
 * not. */
static bool
end_of_tar(struct xd_archive *archive)
{
    uint64_t at = (uint64_t)archive_filter_bytes(archive->handle, 0);
    struct xd_slice bytes = archive->bytes;
    uint64_t zeros = 0;

    while (zeros < bytes.len && bytes.ptr[bytes.len - 1 - zeros] == '\0') {
        zeros++;
    }
    if (bytes.len % TAR_BLOCK != 0 || zeros < (uint64_t)2 * TAR_BLOCK) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, bytes.len,
                         "it does not end as a tar does: it is cut off");
    }
    if (at > bytes.len || bytes.len - at > zeros) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, at,
                         "bytes that belong to nothing follow its end");
    }
    return true;
}

static bool
end_of_archive(struct xd_archive *archive)
{
    if (archive->kind == XD_ARCHIVE_TAR) {
        (void)end_of_tar(archive);
    } else if (archive->delivered != archive->entry_count) {
        xd_refuse(archive->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                  "fewer entries come out than its directory holds");
    }
    return false;
}

bool
xd_archive_next(struct xd_archive *archive, struct xd_member *member)
{
    struct archive_entry *found;
    int status;

    if (!archive->handle) {
        return false;
    }
    archive->drained = 0;
    status = archive_read_next_header(archive->handle, &found);
    if (status == ARCHIVE_EOF) {
        return end_of_archive(archive);
    }
    /* A warning here is about a name that the locale cannot show; names are checked by ourselves.
     */
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
        return damaged(archive, XD_NONE);
    }
    if (archive_entry_is_encrypted(found)) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_ENCRYPTED, XD_NONE, 0, "%s", "");
    }
    return archive->kind == XD_ARCHIVE_ZIP ? next_zip(archive, found, member)
                                           : next_tar(archive, found, member);
}

/* The next piece of the present member; *len 0 at its end. False when *refusal is set. */
static bool
next_block(struct xd_archive *archive, const struct xd_member *member, uint64_t have,
           const void **block, size_t *len)
{
    la_int64_t offset = 0;
    int status = archive_read_data_block(archive->handle, block, len, &offset);

    if (status == ARCHIVE_EOF) {
        *len = 0;
        return have == member->size ||
               xd_refuse(archive->refusal, XD_F_ARCHIVE_SIZE, member->name, 0,
                         "it declares %llu bytes and holds %llu", (unsigned long long)member->size,
                         (unsigned long long)have);
    }
    if (status != ARCHIVE_OK) {
        return damaged(archive, member->name);
    }
    if ((uint64_t)offset != have || *len > member->size - have) {
        return xd_refuse(archive->refusal, XD_F_ARCHIVE_SIZE, member->name, 0,
                         "it declares %llu bytes and holds more", (unsigned long long)member->size);
    }
    archive->total += *len;
    if (archive->total > xd_limit(archive->limits, XD_LIMIT_ARCHIVE_BYTES)) {
        return xd_refuse_limit(archive->refusal, XD_F_ARCHIVE_TOO_LARGE, member->name, 0,
                               archive->limits, XD_LIMIT_ARCHIVE_BYTES);
    }
    return true;
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
        const void *block = NULL;
        size_t len = 0;
        if (!next_block(archive, member, member->bytes.len, &block, &len)) {
            return false;
        }
        if (len) {
            memcpy(region->ptr + member->bytes.len, block, len);
        }
        member->bytes.len += len;
        member->ended = len == 0;
    }
    return true;
}

bool
xd_archive_drain(struct xd_archive *archive, struct xd_member *member)
{
    while (!member->ended) {
        const void *block = NULL;
        size_t len = 0;
        if (!next_block(archive, member, member->bytes.len + archive->drained, &block, &len)) {
            return false;
        }
        archive->drained += len;
        member->ended = len == 0;
    }
    return true;
}

void
xd_archive_close(struct xd_archive *archive)
{
    if (archive->handle) {
        (void)archive_read_free(archive->handle);
        archive->handle = NULL;
    }
}
