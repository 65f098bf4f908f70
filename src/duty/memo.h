/*
 * What was looked up before in the same context. A manifest asks for the same few goods of the same
 * few origins in the same few markets on one day, thousands of times; a table of fixed size keeps
 * the answers, the last one in a place counts, and a place is taken over, never searched. What
 * comes out is what the tables say, so it changes nothing but the time. Private to this room.
 */
#ifndef XD_DUTY_MEMO_H
#define XD_DUTY_MEMO_H

#include "duty/quote.h"

/* The measures that apply to the goods. */
const struct xd_tariff_hit *xd_memo_tariff(struct xd_duty_ctx *ctx,
                                           const struct xd_duty_rules *rules,
                                           const struct xd_tariff_query *query);

/* The tax rate of the region and the goods, or NULL: the standard one. */
const struct xd_tax_rate *xd_memo_tax_rate(struct xd_duty_ctx *ctx,
                                           const struct xd_duty_rules *rules,
                                           const struct xd_market_rule *rule,
                                           struct xd_slice region, uint64_t code, xd_date date);

/* Makes the context ready for these rules: what was remembered of others is forgotten. False when
 * there is no memory. */
bool xd_memo_open(struct xd_duty_ctx *ctx, const struct xd_duty_rules *rules);

#endif
