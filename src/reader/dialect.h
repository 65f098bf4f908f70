/*
 * Rows of a layout that writes its values in another way than the model: read cell by cell,
 * converted, and built anew. Layouts that only rename columns never come here.
 */
#ifndef XD_READER_DIALECT_H
#define XD_READER_DIALECT_H

#include "reader/header.h"

/* What an order's first row said, for its later rows, from one chunk to the next. Zeroed before the
 * first chunk; holds parts of the document's text. */
struct xd_carry {
    bool open; /* a row was seen */
    struct xd_slice key;
    struct xd_carry_cell {
        struct xd_slice raw;
        uint64_t offset;
    } cell[XD_COLUMNS_MAX];
};

/*
 * Makes of `raw`, read by header->columns, rows of header->converted in `arena`, one for one, with
 * the positions of the original cells. `carry` is used when header->serial and may be NULL
 * otherwise. `scratch` is reset for every row. A line total that does not divide is a finding; a
 * number that is not written as its column promises is a misfit of its row. False when memory ran
 * out.
 */
bool xd_dialect_apply(const struct xd_header *header, const struct xd_rows *raw,
                      struct xd_carry *carry, struct xd_arena *arena, struct xd_arena *scratch,
                      struct xd_rows *out, struct xd_findings *findings);

#endif
