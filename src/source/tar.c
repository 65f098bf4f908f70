/*
 * Bytes are held against the size declared, every warning on data is a refusal, and the end of the
 * file must be the end of a tar. It is the only file that knows libarchive.
 */
#include "source/tar.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/hash.h"

#define TAR_BLOCK 512u

struct xd_tar {
    struct archive *handle;
    struct xd_slice bytes;
    const struct xd_limits *limits;
    struct xd_arena *arena;
    struct xd_refusal *refusal;
    size_t delivered;
    uint64_t have; /* bytes of the present member that came out, those of `block` with them */
    struct xd_slice block; /* of the present member, not yet handed on; libarchive's */
    struct xd_map names;   /* to find one that comes twice */
};

/* What libarchive says went wrong. */
static bool
damaged(struct xd_tar *tar, struct xd_slice name)
{
    struct xd_slice why = xd_slice_trim(xd_slice_str(archive_error_string(tar->handle)));

    if (why.len == 0) {
        why = XD_LIT("it cannot be unpacked");
    }
    return xd_refuse(tar->refusal, XD_F_ARCHIVE_DAMAGED, name, 0, "%.*s", XD_FMT(why));
}

static bool
open_handle(struct xd_tar *tar)
{
    tar->handle = archive_read_new();
    if (!tar->handle) {
        return false;
    }
    if (archive_read_support_format_tar(tar->handle) != ARCHIVE_OK ||
        archive_read_open_memory(tar->handle, tar->bytes.ptr, tar->bytes.len) != ARCHIVE_OK) {
        damaged(tar, XD_NONE);
        xd_tar_close(tar);
        return false;
    }
    return true;
}

bool
xd_tar_open(struct xd_tar **out, struct xd_slice bytes, const struct xd_limits *limits,
            struct xd_arena *arena, struct xd_refusal *refusal)
{
    struct xd_tar *tar = xd_arena_alloc(arena, sizeof(*tar));

    *out = tar;
    if (tar) {
        *tar =
            (struct xd_tar){.bytes = bytes, .limits = limits, .arena = arena, .refusal = refusal};
    }
    if (!tar || !xd_map_init(&tar->names, arena, 16, false) || !open_handle(tar)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "there is not enough memory to unpack it");
    }
    return true;
}

static bool
take_header(struct xd_tar *tar, struct archive_entry *found, struct xd_member *member)
{
    uint64_t at = (uint64_t)archive_read_header_position(tar->handle);
    struct xd_slice name = xd_slice_str(archive_entry_pathname_utf8(found));
    struct xd_refusal *refusal = tar->refusal;
    uint32_t old = XD_MAP_NONE;

    if (++tar->delivered > xd_limit(tar->limits, XD_LIMIT_ARCHIVE_ENTRIES)) {
        return xd_refuse_limit(refusal, XD_F_ARCHIVE_ENTRIES, XD_NONE, at, tar->limits,
                               XD_LIMIT_ARCHIVE_ENTRIES);
    }
    if (!name.ptr || !xd_archive_name_check(name, at, tar->limits, refusal)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME, XD_NONE, at, "the name is not UTF-8");
    }
    *member = (struct xd_member){.name = xd_arena_copy(tar->arena, name),
                                 .size = (uint64_t)archive_entry_size(found),
                                 .folder = archive_entry_filetype(found) == AE_IFDIR};
    if (archive_entry_hardlink(found) || archive_entry_sparse_count(found) > 0 ||
        (archive_entry_filetype(found) != AE_IFREG && !member->folder)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_ENTRY_KIND, member->name, at,
                         "it is a link, a device or a sparse file");
    }
    if (!xd_map_put(&tar->names, member->name, 0, &old) || old != XD_MAP_NONE) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME_TWICE, member->name, at, "%s", "");
    }
    return xd_archive_size_check(member->name, at, member->size, member->size, tar->limits,
                                 refusal);
}

/* A tar ends in two blocks of zeros and nothing else: one that was cut off between two entries does
 * not. */
static bool
check_end(struct xd_tar *tar)
{
    uint64_t at = (uint64_t)archive_filter_bytes(tar->handle, 0);
    struct xd_slice bytes = tar->bytes;
    uint64_t zeros = 0;

    while (zeros < bytes.len && bytes.ptr[bytes.len - 1 - zeros] == '\0') {
        zeros++;
    }
    if (bytes.len % TAR_BLOCK != 0 || zeros < (uint64_t)2 * TAR_BLOCK) {
        return xd_refuse(tar->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, bytes.len,
                         "it does not end as a tar does: it is cut off");
    }
    if (at > bytes.len || bytes.len - at > zeros) {
        return xd_refuse(tar->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, at,
                         "bytes that belong to nothing follow its end");
    }
    return true;
}

bool
xd_tar_next(struct xd_tar *tar, struct xd_member *member)
{
    struct archive_entry *found;
    int status = archive_read_next_header(tar->handle, &found);

    tar->have = 0;
    tar->block = XD_NONE;
    if (status == ARCHIVE_EOF) {
        (void)check_end(tar);
        return false;
    }
    /* A warning here is about a name that the locale cannot show; names are checked by ourselves.
     */
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
        return damaged(tar, XD_NONE);
    }
    if (archive_entry_is_encrypted(found)) {
        return xd_refuse(tar->refusal, XD_F_ARCHIVE_ENCRYPTED, XD_NONE, 0, "%s", "");
    }
    return take_header(tar, found, member);
}

/* The next piece of the present member into tar->block; it stays empty at the member's end. */
static bool
next_block(struct xd_tar *tar, const struct xd_member *member)
{
    const void *block = NULL;
    size_t len = 0;
    la_int64_t offset = 0;
    int status = archive_read_data_block(tar->handle, &block, &len, &offset);

    if (status == ARCHIVE_EOF) {
        return tar->have == member->size ||
               xd_refuse(tar->refusal, XD_F_ARCHIVE_SIZE, member->name, 0,
                         "it declares %llu bytes and holds %llu", (unsigned long long)member->size,
                         (unsigned long long)tar->have);
    }
    if (status != ARCHIVE_OK) {
        return damaged(tar, member->name);
    }
    if ((uint64_t)offset != tar->have || len > member->size - tar->have) {
        return xd_refuse(tar->refusal, XD_F_ARCHIVE_SIZE, member->name, 0,
                         "it declares %llu bytes and holds more", (unsigned long long)member->size);
    }
    tar->have += len;
    tar->block = xd_slice_of(block, len);
    return true;
}

bool
xd_tar_read(struct xd_tar *tar, const struct xd_member *member, char *out, size_t room, size_t *got)
{
    *got = 0;
    if (tar->block.len == 0 && !next_block(tar, member)) {
        return false;
    }
    *got = tar->block.len < room ? tar->block.len : room;
    if (*got) {
        memcpy(out, tar->block.ptr, *got);
    }
    tar->block = xd_slice_sub(tar->block, *got, SIZE_MAX);
    return true;
}

void
xd_tar_close(struct xd_tar *tar)
{
    if (tar->handle) {
        (void)archive_read_free(tar->handle);
        tar->handle = NULL;
    }
}
