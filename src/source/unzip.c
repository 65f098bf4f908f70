/*
 * Nothing is written beyond the size that an entry declares, and nothing counts before its end was
 * looked at: an entry that holds more is told by one byte more that comes out.
 */
#include "source/unzip.h"

#include "source/inflate.h"

#define STORED_STEP ((size_t)1 << 18) /* copied, and then summed up, at once: fits the cache */

struct xd_unzip {
    struct xd_slice bytes; /* of the whole zip */
    const struct xd_zip_entry *entry;
    struct xd_slice packed;
    struct xd_inflate *inflate;
    uint64_t out;
    uint32_t crc;
    bool ended; /* its deflate data, where it has any */
};

struct xd_unzip *
xd_unzip_new(struct xd_slice bytes, struct xd_arena *arena)
{
    struct xd_unzip *unzip = xd_arena_alloc(arena, sizeof(*unzip));
    struct xd_inflate *inflate = xd_inflate_new(arena);

    if (!unzip || !inflate) {
        return NULL;
    }
    unzip->bytes = bytes;
    unzip->inflate = inflate;
    return unzip;
}

static bool
is_stored(const struct xd_unzip *unzip)
{
    return unzip->entry->method == XD_ZIP_STORED;
}

void
xd_unzip_start(struct xd_unzip *unzip, const struct xd_zip_entry *entry)
{
    unzip->entry = entry;
    unzip->packed = xd_slice_sub(unzip->bytes, entry->data, entry->packed);
    unzip->out = 0;
    unzip->crc = 0;
    unzip->ended = is_stored(unzip);
    xd_inflate_start(unzip->inflate, unzip->packed);
}

static bool
damaged(const struct xd_unzip *unzip, struct xd_refusal *refusal, enum xd_inflate_status status)
{
    return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, unzip->entry->name, unzip->entry->offset, "%s",
                     status == XD_INFLATE_CUT ? "its packed data are cut off"
                                              : "its packed data cannot be inflated");
}

static bool
refuse_size(const struct xd_unzip *unzip, struct xd_refusal *refusal)
{
    return xd_refuse(refusal, XD_F_ARCHIVE_SIZE, unzip->entry->name, unzip->entry->offset,
                     "it declares %llu bytes and holds %llu",
                     (unsigned long long)unzip->entry->size, (unsigned long long)unzip->out);
}

/* All that is declared has come: whether the deflate data end here as well. */
static bool
end_data(struct xd_unzip *unzip, struct xd_refusal *refusal)
{
    size_t got = 0;
    char more;
    enum xd_inflate_status status = xd_inflate(unzip->inflate, &more, 1, &got);

    if (got > 0) {
        return xd_refuse(refusal, XD_F_ARCHIVE_SIZE, unzip->entry->name, unzip->entry->offset,
                         "it declares %llu bytes and holds more",
                         (unsigned long long)unzip->entry->size);
    }
    unzip->ended = status == XD_INFLATE_ENDED;
    return unzip->ended || damaged(unzip, refusal, status);
}

static bool
finish(struct xd_unzip *unzip, struct xd_refusal *refusal)
{
    const struct xd_zip_entry *entry = unzip->entry;
    uint64_t used = entry->packed;

    if (!unzip->ended && !end_data(unzip, refusal)) {
        return false;
    }
    if (!is_stored(unzip)) {
        used = xd_inflate_used(unzip->inflate);
        unzip->crc = xd_inflate_crc(unzip->inflate);
    }
    if (used != entry->packed) {
        return xd_refuse(refusal, XD_F_ARCHIVE_SIZE, entry->name, entry->offset,
                         "its data end after %llu of %llu packed bytes", (unsigned long long)used,
                         (unsigned long long)entry->packed);
    }
    return unzip->crc == entry->crc ||
           xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, entry->name, entry->offset,
                     "its checksum is %08x, it declares %08x", unzip->crc, entry->crc);
}

static size_t
copy_stored(struct xd_unzip *unzip, char *out, size_t room)
{
    size_t got = 0;

    while (got < room) {
        struct xd_slice piece = xd_slice_sub(unzip->packed, unzip->out + got,
                                             room - got < STORED_STEP ? room - got : STORED_STEP);
        memcpy(out + got, piece.ptr, piece.len);
        unzip->crc = xd_crc32(unzip->crc, piece);
        got += piece.len;
    }
    return got;
}

bool
xd_unzip_read(struct xd_unzip *unzip, char *out, size_t room, size_t *got,
              struct xd_refusal *refusal)
{
    uint64_t left = unzip->entry->size - unzip->out;
    enum xd_inflate_status status;

    *got = 0;
    if (left == 0) {
        return finish(unzip, refusal);
    }
    room = room < left ? room : left;
    if (is_stored(unzip)) {
        *got = copy_stored(unzip, out, room);
        unzip->out += *got;
        return true;
    }
    status = xd_inflate(unzip->inflate, out, room, got);
    unzip->out += *got;
    unzip->ended = status == XD_INFLATE_ENDED;
    if (unzip->ended) {
        return unzip->out == unzip->entry->size || refuse_size(unzip, refusal);
    }
    return status == XD_INFLATE_FULL || damaged(unzip, refusal, status);
}
