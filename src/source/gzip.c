/*
 * The trailer's length says how much memory to reserve when it can be true; a file that was cut off
 * has some other bytes there, and then the limits say it. Either way nothing is written beyond.
 */
#include "source/gzip.h"

#include "base/bytes.h"
#include "source/inflate.h"

#define STEP ((uint64_t)1 << 20)

/* Of RFC 1952, section 2.3. */
enum {
    HEADER_SIZE = 10,
    TRAILER_SIZE = 8,
    LEAST_SIZE = 18, /* header, an empty block, trailer */
    FLAG_HEADER_CRC = 0x02,
    FLAG_EXTRA = 0x04,
    FLAG_NAME = 0x08,
    FLAG_COMMENT = 0x10,
    FLAG_RESERVED = 0xe0,
};

struct unpacking {
    struct xd_slice bytes;
    const struct xd_limits *limits;
    struct xd_region *region;
    void (*grown)(void *ctx, struct xd_slice have);
    void *ctx;
    struct xd_refusal *refusal;
    uint64_t data; /* byte at which the deflate data start */
    uint64_t out;
};

/* The most that may come out by the limits, or less when the trailer says so. */
static uint64_t
room_for(struct xd_slice bytes, const struct xd_limits *limits)
{
    uint64_t ratio = xd_limit(limits, XD_LIMIT_ARCHIVE_RATIO);
    uint64_t most = xd_limit(limits, XD_LIMIT_ARCHIVE_ENTRY_BYTES);
    uint64_t all = xd_limit(limits, XD_LIMIT_ARCHIVE_BYTES);
    uint64_t said = xd_little32(bytes, bytes.len - 4);

    most = all < most ? all : most; /* there is one entry */
    if (bytes.len < most / ratio) {
        most = bytes.len * ratio > STEP ? bytes.len * ratio : STEP;
    }
    return said < most ? said : most;
}

static bool
damaged(const struct unpacking *u, uint64_t offset, const char *what)
{
    return xd_refuse(u->refusal, XD_F_ARCHIVE_DAMAGED, XD_NONE, offset, "%s", what);
}

/* Moves *at behind a text that a NUL ends; false when none does. */
static bool
skip_text(struct xd_slice bytes, uint64_t *at)
{
    struct xd_slice rest = xd_slice_sub(bytes, *at, SIZE_MAX);
    const char *end = rest.len ? memchr(rest.ptr, '\0', rest.len) : NULL;

    *at = end ? (uint64_t)(end - bytes.ptr) + 1 : bytes.len;
    return end != NULL;
}

/* Finds the start of the data behind a header that is what it should be. */
static bool
read_header(struct unpacking *u)
{
    struct xd_slice bytes = u->bytes;
    unsigned flags = (unsigned char)bytes.ptr[3];
    uint64_t at = HEADER_SIZE;

    if (bytes.ptr[2] != 8 || (flags & FLAG_RESERVED)) {
        return xd_refuse(u->refusal, XD_F_ARCHIVE_METHOD, XD_NONE, 2,
                         "its header names something newer than gzip knows");
    }
    if (flags & FLAG_EXTRA) {
        at += 2 + xd_little16(bytes, at);
    }
    if (((flags & FLAG_NAME) && !skip_text(bytes, &at)) ||
        ((flags & FLAG_COMMENT) && !skip_text(bytes, &at)) || at + 2 > bytes.len) {
        return damaged(u, bytes.len, "it is cut off");
    }
    if (flags & FLAG_HEADER_CRC) {
        if (xd_little16(bytes, at) != (xd_crc32(0, xd_slice_sub(bytes, 0, at)) & 0xffff)) {
            return damaged(u, at, "its header's checksum is wrong");
        }
        at += 2;
    }
    u->data = at;
    return true;
}

/* Behind the data: their checksum and their length, and nothing more. */
static bool
check_trailer(const struct unpacking *u, const struct xd_inflate *inflate)
{
    uint64_t at = u->data + xd_inflate_used(inflate);

    if (u->bytes.len - at < TRAILER_SIZE) {
        return damaged(u, u->bytes.len, "it is cut off");
    }
    if (xd_little32(u->bytes, at) != xd_inflate_crc(inflate)) {
        return damaged(u, at, "its checksum is wrong");
    }
    if (xd_little32(u->bytes, at + 4) != (uint32_t)u->out) {
        return damaged(u, at + 4, "it declares another length than it has");
    }
    at += TRAILER_SIZE;
    return at == u->bytes.len || xd_refuse(u->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, at,
                                           "a second member or other bytes follow the first");
}

/* The memory is used up and more comes: a limit, or a lie. */
static bool
refuse_more(const struct unpacking *u)
{
    if (!xd_archive_size_check(XD_NONE, 0, u->bytes.len, u->out + 1, u->limits, u->refusal)) {
        return false;
    }
    if (u->out + 1 > xd_limit(u->limits, XD_LIMIT_ARCHIVE_BYTES)) {
        return xd_refuse_limit(u->refusal, XD_F_ARCHIVE_TOO_LARGE, XD_NONE, 0, u->limits,
                               XD_LIMIT_ARCHIVE_BYTES);
    }
    return xd_refuse(u->refusal, XD_F_ARCHIVE_SIZE, XD_NONE, u->bytes.len - 4,
                     "it declares %llu bytes and holds more", (unsigned long long)u->out);
}

static bool
inflate_all(struct unpacking *u, struct xd_inflate *inflate)
{
    enum xd_inflate_status status = XD_INFLATE_FULL;
    char beyond;

    xd_inflate_start(inflate, xd_slice_sub(u->bytes, u->data, SIZE_MAX));
    while (status == XD_INFLATE_FULL) {
        uint64_t room = u->region->size - u->out;
        size_t got = 0;
        if (room == 0) {
            status = xd_inflate(inflate, &beyond, 1, &got);
            if (got > 0) {
                return refuse_more(u);
            }
            continue;
        }
        status = xd_inflate(inflate, u->region->ptr + u->out, room < STEP ? room : STEP, &got);
        u->out += got;
        if (u->grown && status == XD_INFLATE_FULL) {
            u->grown(u->ctx, xd_slice_of(u->region->ptr, u->out));
        }
    }
    if (status == XD_INFLATE_ENDED) {
        return check_trailer(u, inflate);
    }
    return status == XD_INFLATE_CUT ? damaged(u, u->bytes.len, "it is cut off")
                                    : damaged(u, u->data, "its data cannot be inflated");
}

bool
xd_gzip_unpack(struct xd_slice bytes, const struct xd_limits *limits, struct xd_arena *arena,
               struct xd_region *region, struct xd_slice *text,
               void (*grown)(void *ctx, struct xd_slice have), void *ctx,
               struct xd_refusal *refusal)
{
    struct unpacking u = {.bytes = bytes,
                          .limits = limits,
                          .region = region,
                          .grown = grown,
                          .ctx = ctx,
                          .refusal = refusal};
    struct xd_inflate *inflate = xd_inflate_new(arena);
    bool good;

    if (bytes.len < LEAST_SIZE) {
        return damaged(&u, bytes.len, "it is cut off");
    }
    if (!inflate || !xd_region_open(region, room_for(bytes, limits))) {
        return damaged(&u, 0, "there is not enough memory to unpack it");
    }
    good = read_header(&u) && inflate_all(&u, inflate);
    *text = xd_slice_of(region->ptr, u.out);
    return good; /* whoever follows may still be reading: the region stays even when it is not */
}
