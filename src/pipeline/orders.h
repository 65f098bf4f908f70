/*
 * Orders files, whole order by whole order: what a store is filled with. A manifest's run asks for
 * single rows instead (pipeline/order_rows.h).
 */
#ifndef XD_PIPELINE_ORDERS_H
#define XD_PIPELINE_ORDERS_H

#include "model/summary.h"
#include "pipeline/intake.h"
#include "store/store.h"

struct xd_orders_loading {
    /* Given. */
    const struct xd_run_tables *tables;
    unsigned threads;
    enum xd_encoding encoding;
    /* Result: documents, rows, findings in input order; rows[XD_HANDOFF] are those of orders that
     * can be used. */
    struct xd_summary summary;
    uint64_t orders;   /* that can be used */
    uint64_t rejected; /* orders that cannot, because one of their rows cannot */
    /* Private. */
    struct xd_arena arena;
    struct xd_findings findings;
    struct xd_intake intake;
};

/* Reads and checks the files. False with *err when our surroundings failed; what is wrong with the
 * data is in the findings. The caller closes either way. */
bool xd_orders_read(struct xd_orders_loading *loading, const char *const *paths, size_t count,
                    struct xd_error *err);

/*
 * Hands on every order that can be used, in the order of their first rows. Where a document has a
 * column for SKUs, a row is a line, and the rows of an order need not be adjacent; what the first
 * of them leaves open, a later one may say. Where it has none, a row is an order. False with *err
 * when memory ran out, or when the taker wanted no more.
 */
bool xd_orders_each(struct xd_orders_loading *loading, struct xd_order_taker taker,
                    struct xd_error *err);

void xd_orders_close(struct xd_orders_loading *loading);

#endif
