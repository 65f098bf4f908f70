/*
 * The tax base is a sum of terms that the market's row lists, and the rate is the standard one
 * unless province, territory or goods have their own. Where the seller collects, the base is what
 * the buyer pays, not what customs reckons.
 */
#include <stddef.h>

#include "duty/work.h"

struct rate_choice {
    struct xd_decimal percent;
    struct xd_slice id;
    struct xd_slice source;
    struct xd_slice source_date;
    enum xd_confidence confidence;
};

static struct rate_choice
choose_rate(const struct xd_quote *q, size_t line)
{
    const struct xd_market_rule *rule = q->tax_rule;
    const struct xd_tax_rate *row = xd_tax_rate_find(&q->rules->tax_rates, rule, q->in->region,
                                                     q->work[line].code, q->in->date);

    if (row) {
        return (struct rate_choice){row->rate, row->id, row->source, row->source_date,
                                    row->confidence};
    }
    return (struct rate_choice){rule->tax_rate, rule->id, rule->source, rule->source_date,
                                rule->confidence};
}

enum { T_VALUE, T_GOODS, T_FREIGHT, T_INSURANCE, T_DUTY, T_FEES, T_UPLIFT, T_COUNT };

/* Terms of the base, each once: freight that is in the customs value already is not added again. */
static bool
tax_base(struct xd_quote *q, size_t line, unsigned terms, xd_amount value, xd_amount *out)
{
    const struct xd_duty_work *work = &q->work[line];
    bool valued = terms & XD_BASE_VALUE;
    struct xd_named_amount of[T_COUNT] = {
        {"customs value", valued ? value : 0},
        {"goods", terms & XD_BASE_GOODS ? work->goods : 0},
        {"freight", terms & XD_BASE_FREIGHT ? work->freight : 0},
        {"insurance", terms & XD_BASE_INSURANCE ? work->insurance : 0},
        {"duty", terms & XD_BASE_DUTY ? work->duty : 0},
        {"fees", terms & XD_BASE_FEES ? work->base_fee : 0},
        {"uplift", 0},
    };

    if (valued && of[T_FREIGHT].amount) {
        of[T_FREIGHT].amount -= work->freight_valued;
    }
    if (valued && of[T_INSURANCE].amount) {
        of[T_INSURANCE].amount -= work->insured_valued;
    }
    if (!xd_amount_percent(work->value, q->rule->uplift_percent, &of[T_UPLIFT].amount)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < T_COUNT; i++) {
        *out += of[i].amount;
    }
    xd_quote_step(q, &(struct xd_duty_step){.what = "tax base",
                                            .line = (uint32_t)line,
                                            .base = value,
                                            .base_currency = q->out->currency,
                                            .result = *out,
                                            .currency = q->out->currency,
                                            .rate = xd_quote_sum_text(q, of, T_COUNT),
                                            .rule_id = q->rule->id,
                                            .source = q->rule->source,
                                            .source_date = q->rule->source_date});
    return true;
}

/* base * r, or base * r / (1 - r) where the tax is inside its own base. */
static bool
apply_rate(xd_amount base, struct xd_decimal percent, bool inside, xd_amount *out)
{
    int64_t hundred = 100 * xd_pow10(percent.scale);

    if (inside && percent.units >= hundred) {
        return false; /* a tax that is all of its own base has no end */
    }
    return xd_amount_ratio(base, percent.units, inside ? hundred - percent.units : hundred, out);
}

/* The part of the line's value that is taxed: all of it, or what lies above an excess limit. */
static bool
taxable(struct xd_quote *q, size_t line, xd_amount *out)
{
    const struct xd_threshold *relief = &q->rule->tax_relief;
    xd_amount edge;
    xd_amount here;
    xd_amount total = 0;

    *out = q->work[line].value;
    if (q->scheme || !relief->set || relief->above != XD_ABOVE_EXCESS) {
        return true;
    }
    for (size_t i = 0; i < q->count; i++) {
        total += q->work[i].value;
    }
    if (!xd_amount_of(relief->amount, &edge) ||
        !xd_quote_convert(q, edge, relief->currency, q->out->currency, true, &here)) {
        return false;
    }
    *out = total > here ? *out - xd_amount_share(here, *out, total) : 0;
    return true;
}

static bool
line_tax(struct xd_quote *q, uint32_t line)
{
    unsigned terms = q->scheme ? q->rule->scheme_base : q->rule->tax_base;
    struct rate_choice rate = choose_rate(q, line);
    xd_amount value;
    xd_amount base;

    if (q->domestic) {
        terms = XD_BASE_GOODS | XD_BASE_FREIGHT | XD_BASE_INSURANCE;
    } else if (q->rule->fixed.set && q->rule->fixed.taxed && q->scheme) {
        terms |= XD_BASE_DUTY;
    }
    if (!taxable(q, line, &value) || !tax_base(q, line, terms, value, &base) ||
        !apply_rate(base, rate.percent, terms & XD_BASE_INSIDE, &q->work[line].tax)) {
        return q->failed ? false : xd_quote_fail(q, XD_F_DT_OVERFLOW, line, XD_LIT("tax"));
    }
    xd_quote_rule_id(q, line, rate.id);
    if (rate.id.ptr != q->tax_rule->id.ptr) {
        xd_quote_confidence(q, rate.confidence, rate.id);
    }
    xd_quote_step(q, &(struct xd_duty_step){.what = "tax",
                                            .line = line,
                                            .base = base,
                                            .base_currency = q->out->currency,
                                            .result = q->work[line].tax,
                                            .currency = q->out->currency,
                                            .rate = terms & XD_BASE_INSIDE
                                                        ? xd_quote_inside_text(q, rate.percent)
                                                        : xd_quote_percent_text(q, rate.percent),
                                            .rounding = &q->rule->round_tax,
                                            .rule_id = rate.id,
                                            .source = rate.source,
                                            .source_date = rate.source_date});
    return true;
}

/* What may be waived: the tax alone, or duty and tax together. */
static bool
waive_small(struct xd_quote *q, const struct xd_threshold *relief)
{
    xd_amount sum =
        xd_quote_rounded_sum(q, offsetof(struct xd_duty_work, tax), &q->rule->round_tax);
    bool both = relief->basis == XD_BASIS_CHARGES;
    bool within = false;

    if (both) {
        sum += xd_quote_rounded_sum(q, offsetof(struct xd_duty_work, duty), &q->rule->round_duty);
    }
    if (!xd_quote_within(q, "tax not levied", relief, sum, &within)) {
        return false;
    }
    for (size_t i = 0; within && i < q->count; i++) {
        q->work[i].tax = 0;
        if (both) {
            q->work[i].duty = 0;
            q->out->lines[i].amounts.duty = 0;
        }
    }
    if (within && both) {
        q->out->amounts.duty = 0;
    }
    return true;
}

/* Whether the value of the consignment, or one rate for duty and tax, leaves it without a tax of
 * its own. */
static bool
relieved_by_value(struct xd_quote *q, const struct xd_threshold *relief, bool *relieved)
{
    *relieved = q->out->combined;
    if (*relieved || q->scheme || !relief->set || relief->basis >= XD_BASIS_TAX ||
        relief->above != XD_ABOVE_ALL) {
        return true;
    }
    return xd_quote_within(q, "tax relief", relief, 0, relieved);
}

static bool
tax_lines(struct xd_quote *q, bool relieved)
{
    if (q->in->outside_tax || q->in->outside_customs) {
        return true;
    }
    for (uint32_t i = 0; i < q->count; i++) {
        bool left_out =
            !q->out->combined && xd_hs_set_has(&q->rule->relief_excludes, q->work[i].code);
        if ((!relieved || left_out) && !line_tax(q, i)) {
            return false;
        }
    }
    return true;
}

bool
xd_quote_tax(struct xd_quote *q)
{
    const struct xd_threshold *relief =
        q->rule->tax_relief.set ? &q->rule->tax_relief : &q->tax_rule->tax_relief;
    bool by_tax = relief->set && relief->basis >= XD_BASIS_TAX && !q->scheme;
    bool relieved;

    return relieved_by_value(q, relief, &relieved) && tax_lines(q, relieved) &&
           (!by_tax || waive_small(q, relief)) &&
           xd_quote_settle(q, offsetof(struct xd_duty_work, tax), &q->rule->round_tax, "tax",
                           offsetof(struct xd_landed_line, amounts.tax), &q->out->amounts.tax);
}
