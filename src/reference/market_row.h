/*
 * The columns of the market table and how each cell is read. Private to the market loader.
 */
#ifndef XD_REFERENCE_MARKET_ROW_H
#define XD_REFERENCE_MARKET_ROW_H

#include "reference/market.h"

#define XD_MARKET_COLUMN_COUNT 41

struct xd_market_column {
    const char *name; /* '?' marks what an overriding table may leave out; ours has them all */
    bool (*parse)(struct xd_slice cell, struct xd_market_rule *rule);
};

extern const struct xd_market_column XD_MARKET_COLUMNS[XD_MARKET_COLUMN_COUNT];

#endif
