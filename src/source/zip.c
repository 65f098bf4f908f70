/*
 * A zip says everything twice, in front of each entry and in the directory at its end, and attacks
 * live where the two disagree. Here every byte of the file must belong to exactly one thing that
 * both sides describe alike. Fields are little-endian; the numbers are offsets of APPNOTE.TXT,
 * sections 4.3 and 4.5.
 */
#include "source/zip.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"

#define LOCAL_SIGNATURE   0x04034b50u
#define CENTRAL_SIGNATURE 0x02014b50u
#define END_SIGNATURE     0x06054b50u
#define END64_SIGNATURE   0x06064b50u
#define LOCATOR_SIGNATURE 0x07064b50u
#define DESCRIPTOR_MARK   0x08074b50u

enum {
    LOCAL_SIZE = 30,
    CENTRAL_SIZE = 46,
    END_SIZE = 22,
    END64_SIZE = 56,
    LOCATOR_SIZE = 20,
    ZIP64_EXTRA = 0x0001,
    FLAG_ENCRYPTED = 0x0001 | 0x0040 | 0x2000, /* entry, strong, masked headers */
    FLAG_DESCRIPTOR = 0x0008,
    FLAG_PATCH = 0x0020,
    MADE_BY_UNIX = 3,
    DOS_VOLUME_LABEL = 0x08,
    UNIX_KIND = 0170000, /* of the file mode in the upper half of the attributes, as POSIX has it */
    UNIX_FILE = 0100000,
    UNIX_FOLDER = 0040000,
    UNIX_PIPE = 0010000, /* zip says so of what it read from one; the data are as good */
};

struct directory {
    struct xd_slice bytes;
    const struct xd_limits *limits;
    struct xd_refusal *refusal;
    uint64_t at;    /* of the first central header */
    uint64_t size;  /* bytes of all of them */
    uint64_t count; /* as the end record says */
    uint64_t end;   /* byte at which the end records start */
};

/* True when `size` bytes at `at` lie inside and start with the signature. */
static bool
is_record(struct xd_slice bytes, uint64_t at, uint64_t size, uint32_t signature)
{
    return at <= bytes.len && size <= bytes.len - at && xd_little32(bytes, at) == signature;
}

bool
xd_zip_is(struct xd_slice bytes)
{
    if (bytes.len < END_SIZE) {
        return xd_slice_starts(bytes, XD_LIT("PK\3\4"));
    }
    return xd_little32(bytes, 0) == LOCAL_SIGNATURE || xd_little32(bytes, 0) == END_SIGNATURE ||
           xd_little32(bytes, 0) == DESCRIPTOR_MARK ||
           xd_little32(bytes, bytes.len - END_SIZE) == END_SIGNATURE;
}

static bool
damaged(struct directory *d, struct xd_slice name, uint64_t offset, const char *what)
{
    return xd_refuse(d->refusal, XD_F_ARCHIVE_DAMAGED, name, offset, "%s", what);
}

/* The end record whose comment reaches exactly to the last byte of the file. */
static bool
find_end(struct directory *d, uint64_t *at)
{
    uint64_t least = d->bytes.len > END_SIZE + 65535 ? d->bytes.len - END_SIZE - 65535 : 0;
    uint64_t comment;

    if (d->bytes.len < END_SIZE) {
        return damaged(d, XD_NONE, d->bytes.len, "the archive is cut off");
    }
    for (*at = d->bytes.len - END_SIZE;; (*at)--) {
        if (xd_little32(d->bytes, *at) == END_SIGNATURE) {
            break;
        }
        if (*at == least) {
            return damaged(d, XD_NONE, d->bytes.len, "it has no end record: it is cut off");
        }
    }
    comment = d->bytes.len - *at - END_SIZE;
    if (comment != xd_little16(d->bytes, *at + 20)) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, *at,
                         "bytes that belong to nothing follow the end record");
    }
    if (memmem(d->bytes.ptr + *at + END_SIZE, comment, "PK", 2)) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, *at, "its comment holds a zip");
    }
    return true;
}

/* Takes the wide value for a field that is all ones; another field must say the same. */
static bool
widen(uint64_t *value, uint64_t ones, uint64_t wide)
{
    bool same = *value == ones || *value == wide;

    *value = wide;
    return same;
}

/* Of one disk, and as long as the version of the format that is known here. */
static bool
is_end64(struct directory *d, uint64_t at, uint64_t locator)
{
    return is_record(d->bytes, at, END64_SIZE, END64_SIGNATURE) &&
           xd_little64(d->bytes, at + 4) == END64_SIZE - 12 &&
           xd_little64(d->bytes, at + 16) == 0 &&
           xd_little64(d->bytes, at + 24) == xd_little64(d->bytes, at + 32) &&
           xd_little32(d->bytes, locator + 4) == 0 && xd_little32(d->bytes, locator + 16) == 1;
}

/* Reads the 64-bit end record where there is one: zip writes it also where the classic one
 * suffices, when it did not know how much would come. Without one 65535 entries are meant as they
 * stand. */
static bool
read_end64(struct directory *d, uint64_t end)
{
    uint64_t locator = end - LOCATOR_SIZE;
    uint64_t at;

    d->end = end;
    if (end < LOCATOR_SIZE + END64_SIZE ||
        !is_record(d->bytes, locator, LOCATOR_SIZE, LOCATOR_SIGNATURE)) {
        return true;
    }
    at = xd_little64(d->bytes, locator + 8);
    if (at != locator - END64_SIZE || !is_end64(d, at, locator) ||
        !widen(&d->count, 0xffff, xd_little64(d->bytes, at + 32)) ||
        !widen(&d->size, 0xffffffff, xd_little64(d->bytes, at + 40)) ||
        !widen(&d->at, 0xffffffff, xd_little64(d->bytes, at + 48))) {
        return damaged(d, XD_NONE, end, "its zip64 end record does not fit");
    }
    d->end = at;
    return true;
}

static bool
read_end(struct directory *d)
{
    uint64_t end = 0;

    if (!find_end(d, &end)) {
        return false;
    }
    if (xd_little16(d->bytes, end + 4) != 0 || xd_little16(d->bytes, end + 6) != 0 ||
        xd_little16(d->bytes, end + 8) != xd_little16(d->bytes, end + 10)) {
        return damaged(d, XD_NONE, end, "it is a part of an archive of several disks");
    }
    d->count = xd_little16(d->bytes, end + 10);
    d->size = xd_little32(d->bytes, end + 12);
    d->at = xd_little32(d->bytes, end + 16);
    if (!read_end64(d, end)) {
        return false;
    }
    if (d->count > xd_limit(d->limits, XD_LIMIT_ARCHIVE_ENTRIES)) {
        return xd_refuse_limit(d->refusal, XD_F_ARCHIVE_ENTRIES, XD_NONE, end, d->limits,
                               XD_LIMIT_ARCHIVE_ENTRIES);
    }
    if (d->at > d->end || d->size != d->end - d->at) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, d->end,
                         "its directory is not where its end record says");
    }
    return true;
}

/* Takes the 64-bit values of the zip64 extra field for those that are all ones in the header. */
static bool
read_zip64(struct directory *d, uint64_t at, uint64_t len, uint64_t *const values[3])
{
    uint64_t end = at + len;

    while (end - at >= 4) {
        uint64_t size = xd_little16(d->bytes, at + 2);
        if (size > end - at - 4) {
            return false;
        }
        if (xd_little16(d->bytes, at) == ZIP64_EXTRA) {
            uint64_t value = at + 4;
            for (int i = 0; i < 3; i++) {
                if (values[i] && *values[i] == 0xffffffff) {
                    if (value + 8 > at + 4 + size) {
                        return false;
                    }
                    *values[i] = xd_little64(d->bytes, value);
                    value += 8;
                }
            }
            return true;
        }
        at += 4 + size;
    }
    return true;
}

/* Files and folders only: what else an entry may be is told by its Unix mode or its DOS attributes.
 */
static bool
check_kind(struct directory *d, const struct xd_zip_entry *entry, uint64_t at)
{
    uint32_t attributes = xd_little32(d->bytes, at + 38);
    uint32_t kind = (attributes >> 16) & UNIX_KIND;
    bool unix_made = xd_little16(d->bytes, at + 4) >> 8 == MADE_BY_UNIX;

    if ((unix_made && kind != 0 && kind != UNIX_FILE && kind != UNIX_FOLDER && kind != UNIX_PIPE) ||
        (!unix_made && (attributes & DOS_VOLUME_LABEL))) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_ENTRY_KIND, entry->name, at,
                         "it is a link or a device");
    }
    if ((entry->folder || (unix_made && kind == UNIX_FOLDER)) &&
        (!entry->folder || entry->size != 0)) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_ENTRY_KIND, entry->name, at,
                         "it is a folder that holds data");
    }
    return true;
}

static bool
check_entry(struct directory *d, const struct xd_zip_entry *entry, uint64_t at)
{
    if (!xd_archive_name_check(entry->name, at, d->limits, d->refusal)) {
        return false;
    }
    if (entry->flags & FLAG_ENCRYPTED) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_ENCRYPTED, entry->name, at, "%s", "");
    }
    if ((entry->method != XD_ZIP_STORED && entry->method != XD_ZIP_DEFLATED) ||
        (entry->flags & FLAG_PATCH)) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_METHOD, entry->name, at, "the method is %u",
                         (unsigned)entry->method);
    }
    if (entry->method == XD_ZIP_STORED && entry->packed != entry->size) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_SIZE, entry->name, at,
                         "it is stored but declares two sizes");
    }
    return check_kind(d, entry, at) && xd_archive_size_check(entry->name, at, entry->packed,
                                                             entry->size, d->limits, d->refusal);
}

/* Reads the central header at *at and moves behind it. */
static bool
read_central(struct directory *d, uint64_t *at, struct xd_zip_entry *entry)
{
    uint64_t *const wide[3] = {&entry->size, &entry->packed, &entry->offset};
    uint64_t start = *at;
    uint64_t name;
    uint64_t extra;

    if (!is_record(d->bytes, start, CENTRAL_SIZE, CENTRAL_SIGNATURE)) {
        return damaged(d, XD_NONE, start, "its directory holds fewer entries than it says");
    }
    name = xd_little16(d->bytes, start + 28);
    extra = xd_little16(d->bytes, start + 30);
    *at = start + CENTRAL_SIZE + name + extra + xd_little16(d->bytes, start + 32);
    if (*at > d->end) {
        return damaged(d, XD_NONE, start, "an entry of its directory is cut off");
    }
    entry->flags = xd_little16(d->bytes, start + 8);
    entry->method = xd_little16(d->bytes, start + 10);
    entry->crc = xd_little32(d->bytes, start + 16);
    entry->packed = xd_little32(d->bytes, start + 20);
    entry->size = xd_little32(d->bytes, start + 24);
    entry->offset = xd_little32(d->bytes, start + 42);
    entry->name = xd_slice_sub(d->bytes, start + CENTRAL_SIZE, name);
    entry->folder = xd_slice_ends(entry->name, XD_LIT("/"));
    if (!read_zip64(d, start + CENTRAL_SIZE + name, extra, wide)) {
        return damaged(d, entry->name, start, "its zip64 field does not fit");
    }
    return check_entry(d, entry, start);
}

/* What a local header says of a number: what the directory says, or nothing where the number comes
 * behind the data. */
static bool
agrees(uint64_t said, uint64_t meant, bool streamed)
{
    return said == meant || (streamed && said == 0);
}

/* The local header must say what the directory says, except for what a streamed entry tells behind
 * its data. Notes where the data start. */
static bool
check_local(struct directory *d, struct xd_zip_entry *entry)
{
    uint64_t size = 0;
    uint64_t packed = 0;
    uint64_t *const wide[3] = {&size, &packed, NULL};
    struct xd_slice name;
    uint64_t at = entry->offset;
    uint64_t extra;
    bool streamed = (entry->flags & FLAG_DESCRIPTOR) != 0;

    if (!is_record(d->bytes, at, LOCAL_SIZE, LOCAL_SIGNATURE)) {
        return damaged(d, entry->name, at, "there is no entry where its directory says");
    }
    name = xd_slice_sub(d->bytes, at + LOCAL_SIZE, xd_little16(d->bytes, at + 26));
    extra = xd_little16(d->bytes, at + 28);
    entry->data = at + LOCAL_SIZE + xd_little16(d->bytes, at + 26) + extra;
    packed = xd_little32(d->bytes, at + 18);
    size = xd_little32(d->bytes, at + 22);
    if (entry->data > d->at || !read_zip64(d, entry->data - extra, extra, wide)) {
        return damaged(d, entry->name, at, "its local header does not fit");
    }
    bool same = xd_slice_eq(name, entry->name) && xd_little16(d->bytes, at + 6) == entry->flags &&
                xd_little16(d->bytes, at + 8) == entry->method;
    if (!same || !agrees(xd_little32(d->bytes, at + 14), entry->crc, streamed) ||
        !agrees(packed, entry->packed, streamed) || !agrees(size, entry->size, streamed)) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_DISAGREES, entry->name, at, "%s", "");
    }
    return true;
}

/* Length of the data descriptor that fills `room` bytes at `at` and says what the directory says; 0
 * if none does. */
static uint64_t
descriptor_size(struct directory *d, const struct xd_zip_entry *entry, uint64_t at, uint64_t room)
{
    uint64_t mark = room == 16 || room == 24 ? 4 : 0;
    bool wide = room >= 20;
    uint64_t packed;
    uint64_t size;

    if (room != 12 && room != 16 && room != 20 && room != 24) {
        return 0;
    }
    if (mark && xd_little32(d->bytes, at) != DESCRIPTOR_MARK) {
        return 0;
    }
    at += mark;
    packed = wide ? xd_little64(d->bytes, at + 4) : xd_little32(d->bytes, at + 4);
    size = wide ? xd_little64(d->bytes, at + 12) : xd_little32(d->bytes, at + 8);
    return xd_little32(d->bytes, at) == entry->crc && packed == entry->packed && size == entry->size
               ? room
               : 0;
}

/* From its local header to the next thing in the file, the entry must fill every byte. */
static bool
check_layout(struct directory *d, struct xd_zip_entry *entry, uint64_t next)
{
    uint64_t room;

    if (!check_local(d, entry)) {
        return false;
    }
    if (next > d->at) {
        return damaged(d, entry->name, next, "an entry lies behind its directory");
    }
    if (entry->data > next || entry->packed > next - entry->data) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_OVERLAP, entry->name, entry->offset, "%s", "");
    }
    room = next - entry->data - entry->packed;
    if (entry->flags & FLAG_DESCRIPTOR) {
        room -= descriptor_size(d, entry, entry->data + entry->packed, room);
    }
    if (room != 0) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_JUNK, entry->name, next - room,
                         "bytes that belong to no entry follow it");
    }
    return true;
}

static int
by_offset(const void *a, const void *b)
{
    const struct xd_zip_entry *x = a;
    const struct xd_zip_entry *y = b;

    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool
check_names(struct directory *d, const struct xd_zip_entry *entries, struct xd_arena *arena)
{
    struct xd_map map;

    if (!xd_map_init(&map, arena, d->count, false)) {
        return damaged(d, XD_NONE, 0, "there is not enough memory for its directory");
    }
    for (uint32_t i = 0; i < d->count; i++) {
        uint32_t old = XD_MAP_NONE;
        if (!xd_map_put(&map, entries[i].name, i, &old) || old != XD_MAP_NONE) {
            return xd_refuse(d->refusal, XD_F_ARCHIVE_NAME_TWICE, entries[i].name,
                             entries[i].offset, "%s", "");
        }
    }
    return true;
}

static bool
check_all(struct directory *d, struct xd_zip_entry *entries, struct xd_arena *arena)
{
    uint64_t total = 0;

    qsort(entries, d->count, sizeof(*entries), by_offset);
    if (d->count == 0 ? d->at != 0 : entries[0].offset != 0) {
        return xd_refuse(d->refusal, XD_F_ARCHIVE_JUNK, XD_NONE, 0,
                         "bytes that belong to nothing precede its first entry");
    }
    for (size_t i = 0; i < d->count; i++) {
        uint64_t next = i + 1 < d->count ? entries[i + 1].offset : d->at;
        if (!check_layout(d, &entries[i], next)) {
            return false;
        }
        total += entries[i].size;
    }
    if (total > xd_limit(d->limits, XD_LIMIT_ARCHIVE_BYTES)) {
        return xd_refuse_limit(d->refusal, XD_F_ARCHIVE_TOO_LARGE, XD_NONE, 0, d->limits,
                               XD_LIMIT_ARCHIVE_BYTES);
    }
    return check_names(d, entries, arena);
}

bool
xd_zip_directory(struct xd_slice bytes, const struct xd_limits *limits, struct xd_arena *arena,
                 struct xd_zip_entry **entries, size_t *count, struct xd_refusal *refusal)
{
    struct directory d = {.bytes = bytes, .limits = limits, .refusal = refusal};
    uint64_t at;

    if (!read_end(&d)) {
        return false;
    }
    *entries = xd_arena_array(arena, d.count + 1, sizeof(**entries));
    if (!*entries) {
        return damaged(&d, XD_NONE, 0, "there is not enough memory for its directory");
    }
    at = d.at;
    for (uint64_t i = 0; i < d.count; i++) {
        if (!read_central(&d, &at, &(*entries)[i])) {
            return false;
        }
    }
    if (at != d.end) {
        return damaged(&d, XD_NONE, at, "its directory holds more entries than it says");
    }
    *count = d.count;
    return check_all(&d, *entries, arena);
}
