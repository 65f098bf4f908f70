/*
 * The trailer's length says how much memory to reserve when it can be true; a file that was cut off
 * has some other bytes there, and then the limits say it. Either way nothing is written beyond.
 */
#include "source/gzip.h"

#include <zlib.h>

#define STEP         ((uint64_t)1 << 20)
#define GZIP_LEAST   18u       /* header, empty block, trailer */
#define GZIP_WRAPPER (15 + 16) /* zlib: gzip header and trailer wanted, both checked */

struct unpacking {
    struct xd_slice bytes;
    const struct xd_limits *limits;
    struct xd_region *region;
    void (*grown)(void *ctx, struct xd_slice have);
    void *ctx;
    struct xd_refusal *refusal;
    uint64_t in;
    uint64_t out;
};

static uint64_t
declared_size(struct xd_slice bytes)
{
    const unsigned char *s = (const unsigned char *)bytes.ptr + bytes.len - 4;

    return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24;
}

/* The most that may come out by the limits, or less when the trailer says so. */
static uint64_t
room_for(struct xd_slice bytes, const struct xd_limits *limits)
{
    uint64_t ratio = xd_limit(limits, XD_LIMIT_ARCHIVE_RATIO);
    uint64_t most = xd_limit(limits, XD_LIMIT_ARCHIVE_ENTRY_BYTES);
    uint64_t said = declared_size(bytes);

    if (bytes.len < most / ratio) {
        most = bytes.len * ratio > STEP ? bytes.len * ratio : STEP;
    }
    return said < most ? said : most;
}

/* What zlib's answer means once it gave no Z_OK. True only for a clean end at the last byte. */
static bool
judge(const struct unpacking *u, int status, const char *message)
{
    uint64_t left = u->bytes.len - u->in;

    if (status == Z_STREAM_END) {
        return left == 0 || xd_refuse(u->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, u->in,
                                      "a second member or other bytes follow the first");
    }
    if (status == Z_BUF_ERROR && u->out == u->region->size && left > 0) {
        return xd_archive_size_check(XD_NONE, u->in, u->bytes.len, u->out + 1, u->limits,
                                     u->refusal) &&
               xd_refuse(u->refusal, XD_F_ARCHIVE_SIZE, XD_NONE, u->in,
                         "it declares %llu bytes and holds more", (unsigned long long)u->out);
    }
    return xd_refuse(u->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, u->in, "%s",
                     message ? message : "it is cut off");
}

static uInt
at_most(uint64_t len)
{
    return len > STEP ? (uInt)STEP : (uInt)len;
}

static bool
inflate_all(struct unpacking *u, z_stream *stream)
{
    int status = Z_OK;

    while (status == Z_OK) {
        uInt give = at_most(u->bytes.len - u->in);
        uInt room = at_most(u->region->size - u->out);
        /* zlib does not write through next_in: the cast only satisfies its old prototype. */
        stream->next_in = (Bytef *)(uintptr_t)(u->bytes.ptr + u->in);
        stream->avail_in = give;
        stream->next_out = (Bytef *)u->region->ptr + u->out;
        stream->avail_out = room;
        status = inflate(stream, Z_NO_FLUSH);
        u->in += give - stream->avail_in;
        u->out += room - stream->avail_out;
        if (u->grown && status == Z_OK) {
            u->grown(u->ctx, xd_slice_of(u->region->ptr, u->out));
        }
    }
    return judge(u, status, stream->msg);
}

bool
xd_gzip_unpack(struct xd_slice bytes, const struct xd_limits *limits, struct xd_region *region,
               struct xd_slice *text, void (*grown)(void *ctx, struct xd_slice have), void *ctx,
               struct xd_refusal *refusal)
{
    struct unpacking u = {.bytes = bytes,
                          .limits = limits,
                          .region = region,
                          .grown = grown,
                          .ctx = ctx,
                          .refusal = refusal};
    z_stream stream = {0};
    bool good;

    if (bytes.len < GZIP_LEAST) {
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, bytes.len, "it is cut off");
    }
    if (!xd_region_open(region, room_for(bytes, limits)) ||
        inflateInit2(&stream, GZIP_WRAPPER) != Z_OK) {
        xd_region_close(region);
        return xd_refuse(refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, 0,
                         "there is not enough memory to unpack it");
    }
    good = inflate_all(&u, &stream);
    (void)inflateEnd(&stream);
    *text = xd_slice_of(region->ptr, u.out);
    return good; /* whoever follows may still be reading: the region stays even when it is not */
}
