/*
 * One order at a time, from its matched rows to a disposition for each parcel and rows for the
 * carriers. Everything here belongs to one worker; what is shared is constant.
 */
#ifndef XD_PIPELINE_DECIDE_H
#define XD_PIPELINE_DECIDE_H

#include "base/buf.h"
#include "check/address.h"
#include "match/values.h"
#include "model/summary.h"
#include "pipeline/tables.h"
#include "route/route.h"
#include "writer/layout.h"

/* The rows of one parcel, for a carrier whose files may hold only so many rows. */
struct xd_carrier_piece {
    size_t bytes;
    struct xd_totals totals;
};

/* What goes into the handoff file of one carrier. */
struct xd_carrier_rows {
    struct xd_buf rows;
    struct xd_buf pieces; /* struct xd_carrier_piece, only where the layout limits the rows */
    struct xd_totals totals;
};

/* What a range of orders came to. */
struct xd_decided {
    struct xd_carrier_rows *carriers; /* [carriers.count] */
    struct xd_findings findings;
    struct xd_arena notes; /* holds the findings */
    uint64_t told[64];     /* findings about our tables that this range has told, by hash */
    size_t told_count;
    uint32_t upto; /* place of the first group behind the range */
    uint64_t parcels;
    uint64_t parcels_by[XD_DISPOSITION_COUNT];
    uint64_t routes[XD_ROUTE_COUNT];
};

/* Constant while orders are decided. */
struct xd_deciding {
    const struct xd_run_tables *tables;
    xd_date as_of;
    struct xd_batch *const *batches;
    struct xd_batch *const *orders; /* NULL: validate without orders */
    const struct xd_groups *groups;
    const struct xd_layout *const *layouts; /* of each carrier */
    bool ships; /* decide routes, duties and carrier rows; else only check */
};

/* A parcel while it is decided. */
struct xd_parcel {
    const struct xd_match_parcel *match;
    struct xd_handoff *lines;             /* [match->lines] */
    const struct xd_match_line **sources; /* the same: where each comes from */
    struct xd_route_decision route;
    uint16_t country; /* dense index, or XD_COUNTRY_NONE */
    struct xd_slice
        destination; /* its code, or that of the territory under whose rules it comes in */
    const struct xd_territory *territory; /* NULL: nothing special */
    struct xd_slice region; /* province or state, as its part of ISO 3166-2; may be empty */
    enum xd_disposition disposition;
    uint16_t reason;
    struct xd_totals totals;
    int64_t goods_milli;  /* value of the parcel's goods, in thousandths; 0 when not known */
    int64_t goods_before; /* of the parcels of the order in front of it */
    size_t rows_from;     /* bytes of the worker's row buffer */
    size_t rows_to;
};

/* What a worker needs to decide orders. Zero it, then xd_decider_open. */
struct xd_decider {
    const struct xd_deciding *shared;
    struct xd_arena arena; /* of the order at hand */
    struct xd_buf rows;    /* rows of the order at hand, until it is clear whether they ship */
    struct xd_match_ctx match_ctx;
    struct xd_address_ctx address;
    struct xd_duty_ctx duty;
    struct xd_arena duty_arena; /* used again by quote after quote */
    struct xd_match match;
    struct xd_decided *out;
    bool failed; /* memory ran out, or a sum did not fit */
};

/* Whether the order at hand can ship at all: an order that is not known is one finding, and what it
 * leaves open is none. */
static inline bool
xd_decider_ships(const struct xd_decider *decider)
{
    return decider->shared->ships && decider->match.order_batch;
}

void xd_decider_open(struct xd_decider *decider, const struct xd_deciding *shared);
void xd_decider_close(struct xd_decider *decider);

/* Decides the orders of groups [from, to) into *out, which is zeroed and has its carriers. */
void xd_decide(struct xd_decider *decider, uint32_t from, uint32_t to, struct xd_decided *out);

/* Reports about one line of a parcel. */
void xd_parcel_report(struct xd_decider *decider, const struct xd_match_line *line,
                      enum xd_field field, const struct xd_diagnosis *diagnosis,
                      const struct xd_slice *value);
void xd_parcel_report_code(struct xd_decider *decider, const struct xd_match_line *line,
                           enum xd_field field, enum xd_finding_code code);

#endif
