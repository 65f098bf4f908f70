/*
 * Why an archive is refused, and the rules that every kind of archive shares: what an entry may be
 * called and how much may come out of it. Entry names are labels and never paths, yet a label that
 * looks like an attack condemns its archive.
 */
#ifndef XD_SOURCE_REFUSAL_H
#define XD_SOURCE_REFUSAL_H

#include "base/slice.h"
#include "finding_codes.h"
#include "reference/limits.h"

struct xd_refusal {
    enum xd_finding_code code; /* XD_F_NONE: not refused */
    struct xd_slice name;      /* the entry; empty when it is about the archive. Borrowed. */
    uint64_t offset;           /* byte of the archive */
    char detail[120];          /* NUL-terminated; completes the finding's sentence */
};

/* Records the first refusal and keeps it. Always false. */
bool xd_refuse(struct xd_refusal *refusal, enum xd_finding_code code, struct xd_slice name,
               uint64_t offset, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same for a limit that was hit: the detail names it, its value and the setting. Always false.
 */
bool xd_refuse_limit(struct xd_refusal *refusal, enum xd_finding_code code, struct xd_slice name,
                     uint64_t offset, const struct xd_limits *limits, enum xd_limit limit);

/*
 * An entry's name: within archive-name-bytes, UTF-8 without controls, relative, no "." or ".." or
 * empty part, no backslash and no colon. One slash at the end (a folder) is allowed.
 */
bool xd_archive_name_check(struct xd_slice name, uint64_t offset, const struct xd_limits *limits,
                           struct xd_refusal *refusal);

/* `size` bytes out of `packed` bytes: against archive-entry-bytes and, behind the first MiB,
 * archive-ratio. */
bool xd_archive_size_check(struct xd_slice name, uint64_t offset, uint64_t packed, uint64_t size,
                           const struct xd_limits *limits, struct xd_refusal *refusal);

#endif
