/*
 * A batch is what one chunk of a manifest became: its rows, what the checks found, and for each row
 * the few facts that bringing orders and parcels together needs. Rows of one order may lie in
 * different batches; a reference names a row wherever it is.
 */
#ifndef XD_MODEL_BATCH_H
#define XD_MODEL_BATCH_H

#include "base/buf.h"
#include "model/disposition.h"
#include "model/finding.h"
#include "model/rows.h"

struct xd_row_ref {
    uint32_t batch;
    uint32_t row; /* within the batch */
};

#define XD_ROW_REF_NONE ((struct xd_row_ref){UINT32_MAX, UINT32_MAX})

struct xd_row_fact {
    uint64_t order_hash;    /* of the order id as grouped; 0 when the row names no order */
    uint64_t parcel_hash;   /* of the canonical parcel code; 0 when the row has none */
    struct xd_row_ref next; /* next row of the same order */
    uint16_t reason;        /* enum xd_finding_code of the worst finding of the row */
    uint8_t disposition;    /* enum xd_disposition */
    bool backorder;         /* the line waits for its goods */
};

struct xd_batch {
    struct xd_rows rows;
    struct xd_row_fact *facts;   /* [rows.count]; NULL for orders */
    struct xd_buf hits;          /* of orders: struct xd_hit of each row that a manifest asks for */
    struct xd_findings findings; /* row numbers counted from the batch's first row */
    struct xd_arena arena;       /* owns all of it */
    struct xd_arena scratch;     /* values that had to be rewritten to be read */
};

/* The order id of a row, without blanks around it and with its accents joined: the platform's, or
 * the merchant's where there is none. Empty when the row names no order. */
struct xd_slice xd_row_order_id(const struct xd_rows *rows, uint32_t row, struct xd_arena *scratch);

/* Notes that a row has a finding of this effect: the first of the worst effect stays the reason. */
static inline void
xd_row_fact_worsen(struct xd_row_fact *fact, enum xd_finding_code code, unsigned effect)
{
    if (effect > fact->disposition) {
        fact->disposition = (uint8_t)effect;
        fact->reason = (uint16_t)code;
    }
}

#endif
