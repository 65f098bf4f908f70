/*
 * The length in the trailer says how much memory to reserve, so a bomb is refused by its own words
 * before it goes off, and one that lies finds no room.
 */
#include "source/gzip.h"

#include <zlib.h>

#define STEP         ((uint64_t)1 << 20)
#define GZIP_LEAST   18u       /* header, empty block, trailer */
#define GZIP_WRAPPER (15 + 16) /* zlib: gzip header and trailer wanted, both checked */

static uint32_t
declared_size(struct xd_slice bytes)
{
    const unsigned char *s = (const unsigned char *)bytes.ptr + bytes.len - 4;

    return (uint32_t)s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24;
}

/* What zlib's answer means once it gave no Z_OK. True only for a clean end at the last byte. */
static bool
judge(int status, const z_stream *stream, uint64_t left, uint64_t size, struct xd_refusal *refusal)
{
    uint64_t at = stream->total_in;

    if (status == Z_STREAM_END && left == 0 && stream->total_out == size) {
        return true;
    }
    if (status == Z_STREAM_END && left > 0) {
        return xd_refuse(refusal, XD_F_ARCHIVE_JUNK, XD_NONE, at,
                         "a second member or other bytes follow the first");
    }
    if ((status == Z_BUF_ERROR || status == Z_OK) && left > 8) {
        return xd_refuse(refusal, XD_F_ARCHIVE_SIZE, XD_NONE, at,
                         "it declares %llu bytes and holds more", (unsigned long long)size);
    }
    return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, at, "%s",
                     stream->msg ? stream->msg : "it is cut off");
}

static uInt
at_most(uint64_t len)
{
    return len > STEP ? (uInt)STEP : (uInt)len;
}

static bool
inflate_all(z_stream *stream, struct xd_slice bytes, struct xd_region *region,
            void (*grown)(void *ctx, struct xd_slice have), void *ctx, struct xd_refusal *refusal)
{
    uint64_t in = 0;
    uint64_t out = 0;
    int status = Z_OK;

    while (status == Z_OK) {
        uInt give = at_most(bytes.len - in);
        uInt room = at_most(region->size - out);
        /* zlib does not write through next_in: the cast only satisfies its old prototype. */
        stream->next_in = (Bytef *)(uintptr_t)(bytes.ptr + in);
        stream->avail_in = give;
        stream->next_out = (Bytef *)region->ptr + out;
        stream->avail_out = room;
        status = inflate(stream, Z_NO_FLUSH);
        in += give - stream->avail_in;
        out += room - stream->avail_out;
        if (grown && status == Z_OK) {
            grown(ctx, xd_slice_of(region->ptr, out));
        }
    }
    return judge(status, stream, bytes.len - in, region->size, refusal);
}

bool
xd_gzip_unpack(struct xd_slice bytes, const struct xd_limits *limits, struct xd_region *region,
               void (*grown)(void *ctx, struct xd_slice have), void *ctx,
               struct xd_refusal *refusal)
{
    z_stream stream = {0};
    uint64_t size;
    bool good;

    if (bytes.len < GZIP_LEAST) {
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, bytes.len, "it is cut off");
    }
    size = declared_size(bytes);
    if (!xd_archive_size_check(XD_NONE, 0, bytes.len, size, limits, refusal)) {
        return false;
    }
    if (!xd_region_open(region, size) || inflateInit2(&stream, GZIP_WRAPPER) != Z_OK) {
        xd_region_close(region);
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "there is not enough memory to unpack it");
    }
    good = inflate_all(&stream, bytes, region, grown, ctx, refusal);
    (void)inflateEnd(&stream);
    if (!good) {
        xd_region_close(region);
    }
    return good;
}
