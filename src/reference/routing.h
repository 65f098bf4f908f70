/*
 * What routing looks up: merchants and their lanes, hubs, shipping methods, order statuses and the
 * decision table of the operational model. All of them are contracts that change with a date, so
 * all of them are dated rows.
 */
#ifndef XD_REFERENCE_ROUTING_H
#define XD_REFERENCE_ROUTING_H

#include "base/date.h"
#include "base/hash.h"
#include "finding_codes.h"
#include "reference/country.h"

enum xd_model { XD_MODEL_HUB, XD_MODEL_MERCHANT_HUB, XD_MODEL_HYBRID };

struct xd_merchant {
    struct xd_slice id; /* "*" for the row of all others */
    enum xd_model model;
    struct xd_slice hub_code;
    bool makes_documents; /* the merchant makes label and invoice itself */
    bool custom_software; /* and can print whatever the platform demands */
    bool manifest_wins;   /* where manifest and order differ */
};

struct xd_lane {
    struct xd_slice merchant_id;
    uint16_t country; /* XD_COUNTRY_NONE for "*" */
    bool from_merchant;
};

struct xd_hub {
    struct xd_slice code;
    struct xd_slice name;
    uint16_t country;
    struct xd_slice cut_off; /* "12:00", local time */
    struct xd_slice time_zone;
};

struct xd_method {
    struct xd_slice code; /* capitals */
    bool wyol;
    bool store;
    struct xd_slice carrier; /* code, or empty */
};

struct xd_order_status {
    struct xd_slice text;
    enum xd_finding_code finding; /* XD_F_NONE: may ship */
};

/* One row of the decision table: a condition of -1 fits anything. */
struct xd_route_rule {
    int8_t store;
    int8_t wyol;
    int8_t integrated;
    int8_t makes_documents;
    int8_t custom_software;
    int8_t model;          /* enum xd_model */
    int8_t from_merchant;  /* side of the lane */
    struct xd_slice route; /* a name of xd_route_name, or "contradiction" */
    enum xd_finding_code finding;
    struct xd_slice reason;
};

struct xd_routing {
    struct xd_merchant *merchants;
    struct xd_lane *lanes;
    struct xd_hub *hubs;
    struct xd_method *methods;
    struct xd_order_status *statuses;
    struct xd_route_rule *rules;
    uint32_t merchant_count, lane_count, hub_count, method_count, status_count, rule_count;
    struct xd_map merchant_by_id, hub_by_code, method_by_code, status_by_text;
};

/* Loads the rows in force on `as_of`. False with *err naming file and line. */
bool xd_routing_load(struct xd_routing *routing, const struct xd_tables *tables,
                     const struct xd_countries *countries, xd_date as_of, struct xd_arena *arena,
                     struct xd_error *err);

/* The merchant's row, or the row of all others. */
const struct xd_merchant *xd_merchant_find(const struct xd_routing *routing, struct xd_slice id);

/* By code, letters of either case; NULL when unknown. */
const struct xd_hub *xd_hub_find(const struct xd_routing *routing, struct xd_slice code);
const struct xd_method *xd_method_find(const struct xd_routing *routing, struct xd_slice code);

/* By text, without case, blanks and punctuation; NULL when unknown. */
const struct xd_order_status *xd_order_status_find(const struct xd_routing *routing,
                                                   struct xd_slice text);

/* Whether a hybrid merchant ships to `country` from its own hub. */
bool xd_lane_from_merchant(const struct xd_routing *routing, struct xd_slice merchant_id,
                           uint16_t country);

#endif
