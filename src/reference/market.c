/*
 * Which rule of a market applies: the rows of a market are a chain in table order, so the first
 * whose conditions hold is the answer, and a special case is a row above the general one.
 */
#include "reference/market.h"

#define NO_RULE UINT16_MAX
#define SLOTS   (36U * 36U)

/* Letters to a dense number; codes with digits share the high end. */
static size_t
slot(xd_alpha market)
{
    unsigned high = (market >> 8) & 0xff;
    unsigned low = market & 0xff;
    unsigned a = high >= 'A' ? high - 'A' : high - '0' + 26;
    unsigned b = low >= 'A' ? low - 'A' : low - '0' + 26;

    return market > 0xff && market <= 0xffff ? a * 36U + b : SIZE_MAX;
}

/* Chains the rules of each market in table order, so that the first row whose conditions hold is
 * the first found. */
void
xd_markets_chain(struct xd_markets *markets)
{
    for (size_t i = 0; i < SLOTS; i++) {
        markets->first[i] = NO_RULE;
    }
    for (size_t i = markets->count; i-- > 0;) {
        size_t at = slot(markets->rules[i].market);
        markets->rules[i].next = markets->first[at];
        markets->first[at] = (uint16_t)i;
    }
}

bool
xd_market_in(const struct xd_markets *markets, xd_alpha country, xd_alpha group)
{
    size_t at = slot(country);

    if (country == group) {
        return true;
    }
    return at < SLOTS && markets->first[at] != NO_RULE &&
           markets->rules[markets->first[at]].regime == group;
}

static bool
dispatch_fits(const struct xd_markets *markets, const struct xd_market_rule *rule,
              xd_alpha dispatch)
{
    if (rule->dispatch[0] == 0) {
        return true;
    }
    for (size_t i = 0; i < 4 && rule->dispatch[i]; i++) {
        if (xd_market_in(markets, dispatch, rule->dispatch[i])) {
            return true;
        }
    }
    return false;
}

const struct xd_market_rule *
xd_market_find(const struct xd_markets *markets, const struct xd_market_query *query)
{
    size_t start = slot(query->market);
    uint16_t at = start < SLOTS ? markets->first[start] : NO_RULE;

    for (; at != NO_RULE; at = markets->rules[at].next) {
        const struct xd_market_rule *rule = &markets->rules[at];
        if (query->date >= rule->from && query->date <= rule->until &&
            (rule->channels == 0 || (rule->channels >> query->channel) & 1) &&
            (rule->registered < 0 || rule->registered == (query->registered ? 1 : 0)) &&
            dispatch_fits(markets, rule, query->dispatch)) {
            return rule;
        }
    }
    return NULL;
}

bool
xd_hs_set_parse(struct xd_slice text, struct xd_hs_set *out)
{
    struct xd_slice prefix;

    *out = (struct xd_hs_set){0};
    while (xd_slice_next(&text, ',', &prefix)) {
        if (!xd_slice_digits(prefix) || prefix.len > XD_HS_DIGITS_MAX ||
            out->count == XD_HS_SET_MAX) {
            return false;
        }
        out->digits[out->count] = (uint8_t)prefix.len;
        out->prefixes[out->count++] = xd_hs_pack(prefix);
    }
    return true;
}
