/*
 * The values that count for a line: what the manifest says, completed from the order, and where
 * both speak and differ, the one whose word counts for this merchant.
 */
#ifndef XD_MATCH_VALUES_H
#define XD_MATCH_VALUES_H

#include "match/order.h"
#include "model/handoff.h"

/* Fills the fields of `out` for a line; values live as long as the batches and ctx->arena.
 * Differences are reported. */
void xd_match_values(const struct xd_match_ctx *ctx, const struct xd_match *match,
                     const struct xd_match_line *line, struct xd_handoff *out);

#endif
