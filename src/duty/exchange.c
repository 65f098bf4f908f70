/*
 * Amounts in other currencies: the rate that the market prescribes on its day, from the cache of
 * the context where it was asked for before, said where it is only indicative and shown where steps
 * are.
 */
#include "duty/work.h"

static const xd_alpha *
sources_of(const struct xd_quote *q, bool limit)
{
    if (limit && q->rule->limit_fx) {
        return &q->rule->limit_fx;
    }
    return q->tax_rule->fx[0] ? q->tax_rule->fx : q->rule->fx;
}

/* What a rate is asked by. */
struct asked {
    xd_alpha from;
    xd_alpha to;
    xd_date date;
    const xd_alpha *sources;
};

static bool
answers(const struct xd_fx_cached *held, const struct asked *asked)
{
    return held->rate.from == asked->from && held->rate.to == asked->to &&
           held->date == asked->date && held->sources == asked->sources;
}

/* Finds the rate and puts it in the first of two places, whose holder moves to the second. */
static const struct xd_fx_rate *
fetch_rate(struct xd_quote *q, const struct asked *asked, bool own, struct xd_fx_cached *pair)
{
    xd_alpha three[3] = {asked->sources[0], 0, 0};
    struct xd_fx_cached found = {.date = asked->date, .sources = asked->sources};

    if (!own) {
        three[1] = asked->sources[1];
        three[2] = asked->sources[2];
    }
    if (!xd_fx_find(&q->rules->fx, three, asked->from, asked->to, asked->date, &found.rate)) {
        return NULL;
    }
    pair[1] = pair[0];
    pair[0] = found;
    return &pair[0].rate;
}

/* The rate from the cache of the context, fetched if it is not there. */
static const struct xd_fx_rate *
find_rate(struct xd_quote *q, xd_alpha from, xd_alpha to, bool limit)
{
    bool own = limit && q->rule->limit_fx;
    struct asked asked = {from, to, q->in->date - (own ? 0 : q->rule->fx_lag),
                          sources_of(q, limit)};
    uint64_t key = ((uint64_t)from << 32 | to) * 2 + limit;
    size_t at = (key * 0x9E3779B97F4A7C15ULL >> 40) % (XD_FX_CACHED / 2) * 2;
    struct xd_fx_cached *pair = &q->ctx->fx_cache[at];

    for (size_t i = 0; i < 2; i++) {
        if (answers(&pair[i], &asked)) {
            return &pair[i].rate;
        }
    }
    return fetch_rate(q, &asked, own, pair);
}

static void
explain_rate(struct xd_quote *q, const struct xd_fx_rate *rate)
{
    char from[XD_ALPHA_TEXT];
    char to[XD_ALPHA_TEXT];
    char source[XD_ALPHA_TEXT];

    if (!q->ctx->explain) {
        return;
    }
    for (size_t i = 0; i < q->out->step_count; i++) {
        if (q->out->steps[i].base_currency == rate->from && q->out->steps[i].currency == rate->to &&
            strcmp(q->out->steps[i].what, "exchange rate") == 0) {
            return;
        }
    }
    xd_alpha_text(rate->from, from);
    xd_alpha_text(rate->to, to);
    xd_alpha_text(rate->source, source);
    for (char *c = source; *c; c++) {
        *c = xd_to_lower(*c);
    }
    struct xd_duty_step step = {.what = "exchange rate",
                                .line = XD_DUTY_WHOLE,
                                .base = XD_AMOUNT_UNIT,
                                .base_currency = rate->from,
                                .currency = rate->to,
                                .rate = xd_quote_text(q, "%s, %s/%s = %lld/%lld", source, to, from,
                                                      (long long)rate->numerator,
                                                      (long long)rate->denominator),
                                .source = XD_NONE};
    (void)xd_amount_ratio(XD_AMOUNT_UNIT, rate->numerator, rate->denominator, &step.result);
    XD_QUOTE_STEP(q, &step);
}

const struct xd_fx_rate *
xd_quote_fx(struct xd_quote *q, xd_alpha from, xd_alpha to, bool limit)
{
    const struct xd_fx_rate *rate = find_rate(q, from, to, limit);

    if (!rate) {
        (void)xd_quote_fail(q, XD_F_DT_FX_MISSING, XD_DUTY_WHOLE, XD_NONE);
        return NULL;
    }
    if (rate->bundled && !rate->prescribed && !q->fx_indicative) {
        q->fx_indicative = true;
        xd_quote_finding(q, XD_F_DT_FX_INDICATIVE, XD_DUTY_WHOLE, XD_NONE);
    }
    explain_rate(q, rate);
    return rate;
}

bool
xd_quote_apply_fx(struct xd_quote *q, const struct xd_fx_rate *rate, xd_amount amount,
                  xd_amount *out)
{
    return xd_amount_ratio(amount, rate->numerator, rate->denominator, out) ||
           xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, XD_NONE);
}

bool
xd_quote_convert(struct xd_quote *q, xd_amount amount, xd_alpha from, xd_alpha to, bool limit,
                 xd_amount *out)
{
    const struct xd_fx_rate *rate;

    *out = amount;
    if (from == to) {
        return true;
    }
    rate = xd_quote_fx(q, from, to, limit);
    return rate && xd_quote_apply_fx(q, rate, amount, out);
}
