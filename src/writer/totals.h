/*
 * What a carrier compares with what it read: a file that lost its last rows on the way still looks
 * like a good file, only its totals do not agree.
 */
#ifndef XD_WRITER_TOTALS_H
#define XD_WRITER_TOTALS_H

#include "base/buf.h"
#include "base/date.h"
#include "model/handoff.h"
#include "writer/layout.h"

struct xd_totals_file {
    const struct xd_layout *layout;
    struct xd_slice carrier; /* code */
    struct xd_slice file;    /* name of the handoff file */
    struct xd_slice hash;    /* "blake2b-256:..." of the file */
    uint64_t bytes;          /* of the file */
    xd_date as_of;
};

/* Appends the control totals as JSON: lines, parcels, pieces, weight, value of each currency, hash
 * total of the parcel codes, size and hash of the file. Amounts are decimal strings, so that no
 * reader rounds them. */
void xd_totals_json(const struct xd_totals_file *file, const struct xd_totals *totals,
                    struct xd_buf *buf);

#endif
