/*
 * The first reason is kept: what follows from a lie in a header is of no use to the merchant.
 */
#include "source/refusal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "source/charset.h"

/* Small archives of blank forms compress better than any ratio allows: it counts only behind this
 * many bytes. */
#define RATIO_GRACE (1u << 20)

bool
xd_refuse(struct xd_refusal *refusal, enum xd_finding_code code, struct xd_slice name,
          uint64_t offset, const char *format, ...)
{
    va_list args;

    if (refusal->code != XD_F_NONE) {
        return false;
    }
    refusal->code = code;
    refusal->name = name;
    refusal->offset = offset;
    va_start(args, format);
    (void)vsnprintf(refusal->detail, sizeof(refusal->detail), format, args);
    va_end(args);
    return false;
}

bool
xd_refuse_limit(struct xd_refusal *refusal, enum xd_finding_code code, struct xd_slice name,
                uint64_t offset, const struct xd_limits *limits, enum xd_limit limit)
{
    const struct xd_limit_row *row = &limits->of[limit];

    return xd_refuse(refusal, code, name, offset, "the limit is %" PRIu64 " %.*s (--limit %.*s=N)",
                     row->value, XD_FMT(row->unit), XD_FMT(row->name));
}

static bool
is_bad_part(struct xd_slice part)
{
    return part.len == 0 || xd_slice_eq(part, XD_LIT(".")) || xd_slice_eq(part, XD_LIT(".."));
}

bool
xd_archive_name_check(struct xd_slice name, uint64_t offset, const struct xd_limits *limits,
                      struct xd_refusal *refusal)
{
    struct xd_charset_fault fault;
    struct xd_slice rest = name;
    struct xd_slice part;

    if (name.len > xd_limit(limits, XD_LIMIT_ARCHIVE_NAME_BYTES)) {
        return xd_refuse_limit(refusal, XD_F_ARCHIVE_NAME, XD_NONE, offset, limits,
                               XD_LIMIT_ARCHIVE_NAME_BYTES);
    }
    if (name.len == 0) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME, name, offset, "the name is empty");
    }
    if (!xd_charset_check(name, 0, name.len, &fault) || memchr(name.ptr, '\n', name.len) ||
        memchr(name.ptr, '\r', name.len) || memchr(name.ptr, '\t', name.len)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME, XD_NONE, offset,
                         "the name is not UTF-8 without control characters");
    }
    if (memchr(name.ptr, '\\', name.len) || memchr(name.ptr, ':', name.len)) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME, name, offset,
                         "the name has a backslash or a colon");
    }
    if (xd_slice_ends(rest, XD_LIT("/"))) {
        rest.len--;
    }
    if (rest.len == 0 || xd_slice_ends(rest, XD_LIT("/"))) {
        return xd_refuse(refusal, XD_F_ARCHIVE_NAME, name, offset, "a part of the name is empty");
    }
    while (xd_slice_next(&rest, '/', &part)) {
        if (is_bad_part(part)) {
            return xd_refuse(refusal, XD_F_ARCHIVE_NAME, name, offset,
                             "the name is absolute or leads out of the archive");
        }
    }
    return true;
}

bool
xd_archive_size_check(struct xd_slice name, uint64_t offset, uint64_t packed, uint64_t size,
                      const struct xd_limits *limits, struct xd_refusal *refusal)
{
    uint64_t ratio = xd_limit(limits, XD_LIMIT_ARCHIVE_RATIO);

    if (size > xd_limit(limits, XD_LIMIT_ARCHIVE_ENTRY_BYTES)) {
        return xd_refuse_limit(refusal, XD_F_ARCHIVE_TOO_LARGE, name, offset, limits,
                               XD_LIMIT_ARCHIVE_ENTRY_BYTES);
    }
    if (size > RATIO_GRACE && (size - 1) / ratio >= packed) {
        return xd_refuse_limit(refusal, XD_F_ARCHIVE_RATIO, name, offset, limits,
                               XD_LIMIT_ARCHIVE_RATIO);
    }
    return true;
}
