/*
 * Private to the header room: what its two files share while one header is read.
 */
#ifndef XD_READER_HEADER_WORK_H
#define XD_READER_HEADER_WORK_H

#include "reader/header.h"

struct xd_header_work {
    const struct xd_dialects *dialects;
    const struct xd_header_ask *ask;
    struct xd_arena *arena;
    struct xd_header *header;
    struct xd_findings *findings;
    struct xd_slice *keys; /* [count] */
    bool refused;
};

/* A finding about one column, or (column == count of columns) about the header as a whole. */
void xd_header_report(struct xd_header_work *ctx, enum xd_finding_code code, size_t column,
                      enum xd_field field, struct xd_slice detail);

/* The same for a limit, which the finding names; no row can be read. */
void xd_header_refuse_limit(struct xd_header_work *ctx, enum xd_finding_code code, size_t column,
                            enum xd_limit limit);

/* Another column has the field of this one already. */
void xd_header_report_twice(struct xd_header_work *ctx, size_t at);

/* Nobody knows this header: where another row looks like one, or what stands in it. */
void xd_header_refuse_unknown(struct xd_header_work *ctx);

/* Everything that is to be said once the columns have their meaning: unread and missing columns,
 * delimiter, file name. */
void xd_header_report_all(struct xd_header_work *ctx);

static inline bool
xd_header_has(const struct xd_header *header, enum xd_field field)
{
    return header->column_of[field] != 0;
}

#endif
