/*
 * Two direct-mapped tables, one a look-up: lines that ask for the measures mostly ask for the tax
 * rate of the same goods next. The memory is the context's, taken once.
 */
#include "duty/memo.h"

#define PLACES 1024 /* a power of two */

struct tariff_place {
    struct xd_tariff_query query;
    bool taken;
    struct xd_tariff_hit hit;
};

struct tax_place {
    const struct xd_market_rule *rule; /* NULL: not taken */
    uint64_t region;                   /* packed */
    uint64_t code;
    xd_date date;
    const struct xd_tax_rate *rate;
};

struct xd_duty_memo {
    struct tariff_place tariff[PLACES];
    struct tax_place tax[PLACES];
};

bool
xd_memo_open(struct xd_duty_ctx *ctx, const struct xd_duty_rules *rules)
{
    if (ctx->rules != rules) {
        ctx->rules = rules;
        memset(ctx->fx_cache, 0, sizeof(ctx->fx_cache));
        if (ctx->memo) {
            memset(ctx->memo, 0, sizeof(*ctx->memo));
        }
    }
    if (!ctx->memo) {
        ctx->memo = xd_arena_alloc(ctx->arena, sizeof(*ctx->memo));
    }
    return ctx->memo != NULL;
}

static size_t
place_of(uint64_t code, uint32_t a, uint32_t b)
{
    uint64_t hash = (code >> 16 ^ (uint64_t)a << 32 ^ b) * 0x9E3779B97F4A7C15ULL;

    return (hash >> 40) & (PLACES - 1);
}

static bool
same_query(const struct xd_tariff_query *a, const struct xd_tariff_query *b)
{
    return a->code == b->code && a->market == b->market && a->origin == b->origin &&
           a->date == b->date && a->digits == b->digits;
}

static void
find_tariff(const struct xd_duty_rules *rules, const struct xd_tariff_query *query,
            struct xd_tariff_hit *hit)
{
    struct xd_tariff_query grouped = *query;

    if (xd_market_in(&rules->markets, query->origin, XD_ALPHA2('E', 'U'))) {
        grouped.origin_group = XD_ALPHA2('E', 'U');
    }
    xd_tariff_find(&rules->tariff, &grouped, hit);
}

const struct xd_tariff_hit *
xd_memo_tariff(struct xd_duty_ctx *ctx, const struct xd_duty_rules *rules,
               const struct xd_tariff_query *query)
{
    struct tariff_place *place =
        &ctx->memo->tariff[place_of(query->code, query->market, query->origin)];

    if (place->taken && same_query(&place->query, query)) {
        return &place->hit;
    }
    place->query = *query;
    place->taken = true;
    find_tariff(rules, query, &place->hit);
    return &place->hit;
}

/* A short name in one number, its length on top; false when it is too long for one. */
static bool
pack_region(struct xd_slice region, uint64_t *out)
{
    *out = region.len;
    if (region.len > 7) {
        return false;
    }
    for (size_t i = 0; i < region.len; i++) {
        *out = *out << 8 | (unsigned char)region.ptr[i];
    }
    return true;
}

const struct xd_tax_rate *
xd_memo_tax_rate(struct xd_duty_ctx *ctx, const struct xd_duty_rules *rules,
                 const struct xd_market_rule *rule, struct xd_slice region, uint64_t code,
                 xd_date date)
{
    uint64_t letters;

    if (rule->tax_rates.count == 0) {
        return NULL;
    }
    if (!pack_region(region, &letters)) {
        return xd_tax_rate_find(&rules->tax_rates, rule, region, code, date);
    }
    struct tax_place *place = &ctx->memo->tax[place_of(code, rule->market, (uint32_t)letters)];
    if (place->rule != rule || place->region != letters || place->code != code ||
        place->date != date) {
        *place = (struct tax_place){rule, letters, code, date,
                                    xd_tax_rate_find(&rules->tax_rates, rule, region, code, date)};
    }
    return place->rate;
}
