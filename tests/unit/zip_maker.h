/*
 * Makes zips, tars and gzips for tests, right ones and such that lie: every field of an entry may
 * be said otherwise in its own header or in the directory.
 */
#ifndef XD_ZIP_MAKER_H
#define XD_ZIP_MAKER_H

#include <zlib.h>

#include "base/buf.h"

enum lie {
    LIE_NONE,
    LIE_ENCRYPTED = 1 << 0,
    LIE_LOCAL_NAME = 1 << 1, /* another name in the local header */
    LIE_LOCAL_SIZE = 1 << 2, /* another size there */
    LIE_CRC = 1 << 3,        /* a wrong checksum in both */
    LIE_SIZE = 1 << 4,       /* ten bytes declared in both */
    LIE_METHOD = 1 << 5,     /* method 12 (bzip2) in both */
    LIE_SYMLINK = 1 << 6,    /* Unix mode of a link */
    LIE_DESCRIPTOR = 1 << 7, /* streamed: sizes behind the data; not a lie */
    LIE_ZIP64 = 1 << 8,      /* sizes in zip64 fields; not a lie */
    LIE_STORED = 1 << 9,     /* method 0; not a lie */
    LIE_BAD_DESCRIPTOR = 1 << 10,
    LIE_LOCAL_METHOD = 1 << 11,
    LIE_LOCAL_CRC = 1 << 12,
    LIE_LOCAL_FLAGS = 1 << 13,
    LIE_DEVICE = 1 << 14,
    LIE_LARGE = 1 << 15, /* one byte more declared in both */
    LIE_PIPE = 1 << 16,  /* Unix mode of a pipe, as zip says of what it read from one; not a lie */
    LIE_KNOWN_SIZE = 1 << 17, /* streamed, but the size is in the local header; not a lie */
};

struct zip_maker {
    struct xd_buf file;
    struct xd_buf directory;
    unsigned count;
};

static inline void
put16(struct xd_buf *buf, unsigned value)
{
    xd_buf_char(buf, (char)(value & 0xff));
    xd_buf_char(buf, (char)(value >> 8 & 0xff));
}

static inline void
put32(struct xd_buf *buf, uint64_t value)
{
    put16(buf, (unsigned)(value & 0xffff));
    put16(buf, (unsigned)(value >> 16 & 0xffff));
}

static inline void
put64(struct xd_buf *buf, uint64_t value)
{
    put32(buf, value & 0xffffffff);
    put32(buf, value >> 32);
}

static inline void
zip_init(struct zip_maker *zip)
{
    xd_buf_init(&zip->file, 256 << 20);
    xd_buf_init(&zip->directory, 64 << 20);
    zip->count = 0;
}

static inline void
zip_free(struct zip_maker *zip)
{
    xd_buf_free(&zip->file);
    xd_buf_free(&zip->directory);
}

/* Appends `data`, deflated: raw for a zip (bits -15) or as gzip (31). */
static inline void
put_deflated(struct xd_buf *out, struct xd_slice data, int bits)
{
    z_stream stream = {0};
    size_t room = data.len + data.len / 100 + 4096;
    char *at = xd_buf_reserve(out, room);

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)data.ptr;
    stream.avail_in = (uInt)data.len;
    stream.next_out = (Bytef *)at;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out->len += stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
}

/* The header fields that both sides share, from the flags to the sizes. */
static inline void
put_common(struct xd_buf *out, unsigned flags, unsigned method, uint64_t crc, uint64_t packed,
           uint64_t size)
{
    put16(out, flags);
    put16(out, method);
    put32(out, 0x58214000); /* a time and a date */
    put32(out, crc);
    put32(out, packed);
    put32(out, size);
}

static inline unsigned
flags_of(unsigned lies)
{
    bool streamed = (lies & (LIE_DESCRIPTOR | LIE_BAD_DESCRIPTOR)) != 0;

    return (lies & LIE_ENCRYPTED ? 1u : 0u) | (streamed ? 8u : 0u) | 0x800u;
}

static inline unsigned
method_of(unsigned lies)
{
    return lies & LIE_METHOD ? 12 : lies & LIE_STORED ? 0 : 8;
}

static inline void
put_zip64(struct xd_buf *out, unsigned lies, uint64_t packed, uint64_t size)
{
    if (lies & LIE_ZIP64) {
        put16(out, 1);
        put16(out, 16);
        put64(out, size);
        put64(out, packed);
    }
}

static inline void
put_local(struct xd_buf *out, struct xd_slice name, unsigned lies, uint64_t crc, uint64_t packed,
          uint64_t size)
{
    uint64_t small_packed = lies & LIE_ZIP64 ? 0xffffffff : packed;
    uint64_t small_size = lies & LIE_ZIP64 ? 0xffffffff : size;
    unsigned method = lies & LIE_LOCAL_METHOD ? 0 : method_of(lies);

    put32(out, 0x04034b50);
    put16(out, 45);
    if (lies & (LIE_DESCRIPTOR | LIE_BAD_DESCRIPTOR)) {
        put_common(out, flags_of(lies), method, 0, 0, lies & LIE_KNOWN_SIZE ? size : 0);
    } else {
        put_common(out, flags_of(lies) ^ (lies & LIE_LOCAL_FLAGS ? 0x800u : 0u), method,
                   crc + (lies & LIE_LOCAL_CRC ? 1 : 0), small_packed,
                   small_size + (lies & LIE_LOCAL_SIZE ? 1 : 0));
    }
    put16(out, (unsigned)name.len);
    put16(out, lies & LIE_ZIP64 ? 20 : 0);
    if (lies & LIE_LOCAL_NAME) {
        xd_buf_char(out, 'X');
        name = xd_slice_sub(name, 1, SIZE_MAX);
    }
    xd_buf_put(out, name);
    put_zip64(out, lies, packed, size);
}

static inline void
put_central(struct xd_buf *out, struct xd_slice name, unsigned lies, uint64_t crc, uint64_t packed,
            uint64_t size, uint64_t offset)
{
    bool wide = (lies & LIE_ZIP64) != 0;
    uint64_t mode = lies & LIE_SYMLINK  ? 0120777
                    : lies & LIE_DEVICE ? 020644
                    : lies & LIE_PIPE   ? 010600
                                        : 0100644;

    if (xd_slice_ends(name, XD_LIT("/"))) {
        mode = 040755;
    }
    put32(out, 0x02014b50);
    put16(out, 3 << 8 | 20);
    put16(out, 45);
    put_common(out, flags_of(lies), method_of(lies), crc, wide ? 0xffffffff : packed,
               wide ? 0xffffffff : size);
    put16(out, (unsigned)name.len);
    put16(out, wide ? 20 : 0);
    put16(out, 0);
    put16(out, 0);
    put16(out, 0);
    put32(out, mode << 16);
    put32(out, offset);
    xd_buf_put(out, name);
    put_zip64(out, lies, packed, size);
}

/* Adds an entry; returns where its local header is. */
static inline uint64_t
zip_add(struct zip_maker *zip, struct xd_slice name, struct xd_slice data, unsigned lies)
{
    uint64_t offset = zip->file.len;
    uint64_t crc = crc32(0, (const Bytef *)(data.len ? data.ptr : ""), (uInt)data.len);
    uint64_t size = lies & LIE_SIZE ? 10 : lies & LIE_LARGE ? data.len + 1 : data.len;
    struct xd_buf packed;

    xd_buf_init(&packed, 256 << 20);
    if (lies & LIE_STORED) {
        xd_buf_put(&packed, data);
    } else {
        put_deflated(&packed, data, -15);
    }
    if (lies & LIE_CRC) {
        crc ^= 1;
    }
    put_local(&zip->file, name, lies, crc, packed.len, size);
    xd_buf_put(&zip->file, xd_buf_slice(&packed));
    if (lies & (LIE_DESCRIPTOR | LIE_BAD_DESCRIPTOR)) {
        put32(&zip->file, 0x08074b50);
        put32(&zip->file, lies & LIE_BAD_DESCRIPTOR ? crc + 1 : crc);
        put32(&zip->file, packed.len);
        put32(&zip->file, size);
    }
    put_central(&zip->directory, name, lies, crc, packed.len, size, offset);
    zip->count++;
    xd_buf_free(&packed);
    return offset;
}

/* Writes the directory and both end records, the 64-bit one in front. The classic one says what it
 * can of `count` and the size when `classic`, all ones when not. */
static inline struct xd_slice
zip_end64(struct zip_maker *zip, uint64_t count, bool classic)
{
    uint64_t at = zip->file.len;
    uint64_t size = zip->directory.len;
    unsigned few = classic && count < 0xffff ? (unsigned)count : 0xffff;

    xd_buf_put(&zip->file, xd_buf_slice(&zip->directory));
    put32(&zip->file, 0x06064b50);
    put64(&zip->file, 44);
    put16(&zip->file, 45);
    put16(&zip->file, 45);
    put64(&zip->file, 0);
    put64(&zip->file, count);
    put64(&zip->file, count);
    put64(&zip->file, size);
    put64(&zip->file, at);
    put32(&zip->file, 0x07064b50);
    put32(&zip->file, 0);
    put64(&zip->file, at + size);
    put32(&zip->file, 1);
    put32(&zip->file, 0x06054b50);
    put32(&zip->file, 0);
    put16(&zip->file, few);
    put16(&zip->file, few);
    put32(&zip->file, classic ? size : 0xffffffff);
    put32(&zip->file, classic ? at : 0xffffffff);
    put16(&zip->file, 0);
    return xd_buf_slice(&zip->file);
}

/* Writes the directory and the end record; `count` is what the record says. */
static inline struct xd_slice
zip_end(struct zip_maker *zip, unsigned count, struct xd_slice comment)
{
    uint64_t at = zip->file.len;

    xd_buf_put(&zip->file, xd_buf_slice(&zip->directory));
    put32(&zip->file, 0x06054b50);
    put16(&zip->file, 0);
    put16(&zip->file, 0);
    put16(&zip->file, count);
    put16(&zip->file, count);
    put32(&zip->file, zip->directory.len);
    put32(&zip->file, at);
    put16(&zip->file, (unsigned)comment.len);
    xd_buf_put(&zip->file, comment);
    return xd_buf_slice(&zip->file);
}

/* One tar entry (POSIX ustar) of that type: '0' file, '2' link, '5' folder. */
static inline void
tar_add(struct xd_buf *tar, const char *name, char type, struct xd_slice data)
{
    char header[512] = {0};
    unsigned sum = 0;

    (void)snprintf(header, 100, "%s", name);
    (void)snprintf(header + 100, 8, "%07o", 0644u);
    (void)snprintf(header + 108, 8, "%07o", 0u);
    (void)snprintf(header + 116, 8, "%07o", 0u);
    (void)snprintf(header + 124, 12, "%011o", (unsigned)data.len);
    (void)snprintf(header + 136, 12, "%011o", 0u);
    memset(header + 148, ' ', 8);
    header[156] = type;
    if (type == '2' || type == '1') {
        (void)snprintf(header + 157, 100, "/etc/passwd");
    }
    memcpy(header + 257, "ustar\00000", 8);
    for (size_t i = 0; i < sizeof(header); i++) {
        sum += (unsigned char)header[i];
    }
    (void)snprintf(header + 148, 8, "%06o", sum);
    xd_buf_put(tar, xd_slice_of(header, sizeof(header)));
    xd_buf_put(tar, data);
    while (tar->len % 512) {
        xd_buf_char(tar, '\0');
    }
}

static inline void
tar_end(struct xd_buf *tar)
{
    for (int i = 0; i < 1024; i++) {
        xd_buf_char(tar, '\0');
    }
}

#endif
