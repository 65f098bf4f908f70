/*
 * The words for models and dispositions, in one place so that the report, the carrier file and the
 * terminal agree.
 */
#include "model/summary.h"

const char *
xd_route_name(enum xd_route route)
{
    static const char *const NAMES[XD_ROUTE_COUNT] = {
        [XD_ROUTE_NONE] = "undecided",
        [XD_ROUTE_HUB] = "hub",
        [XD_ROUTE_MERCHANT_HUB] = "merchant-hub",
        [XD_ROUTE_HYBRID] = "hybrid",
        [XD_ROUTE_STORE] = "store",
        [XD_ROUTE_WYOL_FULL] = "wyol-full",
        [XD_ROUTE_WYOL_PARTIAL] = "wyol-partial",
    };

    return NAMES[route];
}

const char *
xd_disposition_name(enum xd_disposition disposition)
{
    static const char *const NAMES[XD_DISPOSITION_COUNT] = {"handoff", "hold", "reject"};

    return NAMES[disposition];
}
