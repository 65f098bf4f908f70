/*
 * One order at a time: its rows sorted into parcels, its lines held against what was ordered, and
 * every field that the manifest leaves open taken from the order. Where both speak and differ, one
 * of them wins and the difference is said.
 */
#ifndef XD_MATCH_ORDER_H
#define XD_MATCH_ORDER_H

#include "match/groups.h"
#include "model/report.h"
#include "reference/identifier.h"
#include "reference/routing.h"

#define XD_LINE_NONE UINT32_MAX

/* One line of a parcel, as the manifest says it. */
struct xd_match_line {
    const struct xd_batch *batch;
    uint32_t row;
    uint32_t parcel;   /* place in xd_match.parcels, or XD_LINE_NONE for a line without a parcel */
    uint32_t quantity; /* 0 when the row does not say it rightly */
    uint32_t next;     /* next line of the same parcel, or XD_LINE_NONE */
    struct xd_slice sku;
    /* The order's line of the same SKU: a row of the orders, or NULL. */
    const struct xd_batch *order_batch;
    uint32_t order_row;
};

struct xd_match_parcel {
    struct xd_slice code;
    uint32_t first; /* place in xd_match.lines */
    uint32_t last;
    uint32_t lines;
};

/* An order and all that the manifests say of it. Arrays live in the arena given. */
struct xd_match {
    struct xd_match_line *lines; /* in input order */
    uint32_t line_count;
    struct xd_match_parcel *parcels; /* in the order of their first lines */
    uint32_t parcel_count;
    const struct xd_batch
        *order_batch; /* first row of the order in the orders; NULL when not found */
    uint32_t order_row;
    struct xd_slice status;              /* of the order, as it is said; empty: not said */
    enum xd_finding_code status_finding; /* why the order may not ship, or XD_F_NONE */
    struct xd_slice merchant_id;         /* the order's; the manifest's where the order has none */
    const struct xd_merchant *merchant;
    int64_t goods_milli; /* value of all ordered goods, in thousandths of the order's currency; 0
                            when not known */
    bool complete;       /* no more parcels are to come */
};

struct xd_match_ctx {
    struct xd_batch *const *batches; /* of the manifests */
    struct xd_batch *const *orders;  /* NULL: there are none to match with */
    const struct xd_groups *groups;
    const struct xd_routing *routing;
    const struct xd_identifiers *identifiers;
    struct xd_reporter reporter;
    struct xd_arena *arena; /* reset by the caller between orders */
};

/* Sorts out one group. Findings about lines and the order are reported. False when memory ran out.
 */
bool xd_match_order(const struct xd_match_ctx *ctx, const struct xd_group *group,
                    struct xd_match *match);

/* Fetches what xd_match_order will read of the group at `place` and the ones behind it, a stage for
 * each step nearer; to be called for every place in turn. */
void xd_match_ahead(const struct xd_match_ctx *ctx, uint32_t place);

#endif
