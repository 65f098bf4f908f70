/*
 * Brings the rows of one order together, wherever in the manifests they lie, and finds the rows of
 * the orders file that belong to them. The manifest asks and the orders answer: only orders that
 * are asked for take memory.
 */
#ifndef XD_MATCH_GROUPS_H
#define XD_MATCH_GROUPS_H

#include "base/buf.h"
#include "model/report.h"
#include "reference/identifier.h"

#define XD_HIT_NONE UINT32_MAX

/* All rows of one order. */
struct xd_group {
    uint64_t hash;
    struct xd_row_ref first; /* the others follow by their facts' `next` */
    struct xd_row_ref last;
    uint32_t rows;
    uint32_t hits; /* first of its rows in the orders, a place in xd_groups.hits, or XD_HIT_NONE */
    uint32_t last_hit;
    bool two_names; /* the manifest names the same order by another id as well */
};

/* A row of the orders that a group asked for. */
struct xd_hit {
    struct xd_row_ref order_row;
    uint32_t group;
    uint32_t next; /* or XD_HIT_NONE */
};

struct xd_group_slot {
    uint32_t tag;   /* high half of the hash: most misses end here */
    uint32_t group; /* place in list plus 1; 0: free */
};

struct xd_groups {
    struct xd_group *list; /* in the order of their first rows */
    uint32_t count;
    struct xd_group_slot *slots;
    size_t mask;
    struct xd_hit *hits;
    uint32_t hit_count;
};

/* Groups the rows of all batches by their order and links each to its next. Rows without an order
 * stay alone and are in no group. False when memory ran out. */
bool xd_groups_build(struct xd_groups *groups, struct xd_batch *const *batches, size_t count,
                     struct xd_arena *arena);

/* Collects in batch->hits which rows of a batch of orders are asked for; both ids of a row count.
 * Several threads may ask at once, each for its own batch. */
void xd_groups_ask(const struct xd_groups *groups, struct xd_batch *orders);

/* Links the hits of all batches of orders, in their order, to the groups. False when memory ran
 * out. */
bool xd_groups_link(struct xd_groups *groups, struct xd_batch *const *orders, size_t count,
                    struct xd_arena *arena);

/*
 * Reports the parcel codes that two orders use, at every row of such a code. `rows` is the number
 * of rows of all batches; `arena` is needed for the call alone. False when memory ran out.
 */
bool xd_parcels_check(struct xd_batch *const *batches, size_t count, size_t rows,
                      const struct xd_identifiers *identifiers, const struct xd_reporter *reporter,
                      struct xd_arena *arena);

#endif
