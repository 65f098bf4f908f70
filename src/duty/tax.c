/*
 * The tax base is a sum of terms that the market's row lists, and the rate is the standard one
 * unless province, territory or goods have their own. Where the seller collects, the base is what
 * the buyer pays, not what customs reckons.
 */
#include <stddef.h>

#include "duty/memo.h"
#include "duty/work.h"

enum { T_VALUE, T_GOODS, T_FREIGHT, T_INSURANCE, T_DUTY, T_FEES, T_UPLIFT, T_COUNT };

static void
explain_base(struct xd_quote *q, size_t line, const xd_amount *of, xd_amount value, xd_amount base)
{
    static const char *const NAMES[T_COUNT] = {"customs value", "goods", "freight", "insurance",
                                               "duty",          "fees",  "uplift"};
    struct xd_named_amount terms[T_COUNT];

    for (size_t i = 0; i < T_COUNT; i++) {
        terms[i] = (struct xd_named_amount){NAMES[i], of[i]};
    }
    xd_quote_record(q, &(struct xd_duty_step){.what = "tax base",
                                              .line = (uint32_t)line,
                                              .base = value,
                                              .base_currency = q->out->currency,
                                              .result = base,
                                              .currency = q->out->currency,
                                              .rate = xd_quote_sum_text(q, terms, T_COUNT),
                                              .rule_id = q->rule->id,
                                              .source = q->rule->source,
                                              .source_date = q->rule->source_date});
}

/* Terms of the base, each once: freight that is in the customs value already is not added again. */
static bool
tax_base(struct xd_quote *q, size_t line, unsigned terms, xd_amount value, xd_amount *out)
{
    const struct xd_duty_work *work = &q->work[line];
    bool valued = terms & XD_BASE_VALUE;
    xd_amount of[T_COUNT] = {
        [T_VALUE] = valued ? value : 0,
        [T_GOODS] = terms & XD_BASE_GOODS ? work->goods : 0,
        [T_FREIGHT] =
            terms & XD_BASE_FREIGHT ? work->freight - (valued ? work->freight_valued : 0) : 0,
        [T_INSURANCE] =
            terms & XD_BASE_INSURANCE ? work->insurance - (valued ? work->insured_valued : 0) : 0,
        [T_DUTY] = terms & XD_BASE_DUTY ? work->duty : 0,
        [T_FEES] = terms & XD_BASE_FEES ? work->base_fee : 0,
    };

    if (!xd_amount_percent(work->value, q->rule->uplift_percent, &of[T_UPLIFT])) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < T_COUNT; i++) {
        *out += of[i];
    }
    if (q->ctx->explain) {
        explain_base(q, line, of, value, *out);
    }
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

/* Names the row of the rate, and its figures where they are asked for; `row` NULL: the standard
 * rate of the market. */
static void
use_rate(struct xd_quote *q, uint32_t line, const struct xd_tax_rate *row, xd_amount base,
         bool inside)
{
    const struct xd_market_rule *rule = q->tax_rule;
    struct xd_decimal percent = row ? row->rate : rule->tax_rate;

    xd_quote_rule_id(q, line, row ? row->id : rule->id);
    if (row) {
        xd_quote_confidence(q, row->confidence, row->id);
    }
    XD_QUOTE_STEP(
        q, &(struct xd_duty_step){.what = "tax",
                                  .line = line,
                                  .base = base,
                                  .base_currency = q->out->currency,
                                  .result = q->work[line].tax,
                                  .currency = q->out->currency,
                                  .rate = inside ? xd_quote_inside_text(q, percent)
                                                 : xd_quote_percent_text(q, percent),
                                  .rounding = &q->rule->round_tax,
                                  .rule_id = row ? row->id : rule->id,
                                  .source = row ? row->source : rule->source,
                                  .source_date = row ? row->source_date : rule->source_date});
}

static bool
line_tax(struct xd_quote *q, uint32_t line)
{
    unsigned terms = q->scheme ? q->rule->scheme_base : q->rule->tax_base;
    const struct xd_tax_rate *row = xd_memo_tax_rate(q->ctx, q->rules, q->tax_rule, q->in->region,
                                                     q->work[line].code, q->in->date);
    struct xd_decimal percent = row ? row->rate : q->tax_rule->tax_rate;
    xd_amount value;
    xd_amount base;

    if (q->domestic) {
        terms = XD_BASE_GOODS | XD_BASE_FREIGHT | XD_BASE_INSURANCE;
    } else if (q->rule->fixed.set && q->rule->fixed.taxed && q->scheme) {
        terms |= XD_BASE_DUTY;
    }
    if (!taxable(q, line, &value) || !tax_base(q, line, terms, value, &base) ||
        !apply_rate(base, percent, terms & XD_BASE_INSIDE, &q->work[line].tax)) {
        return q->failed ? false : xd_quote_fail(q, XD_F_DT_OVERFLOW, line, XD_LIT("tax"));
    }
    if (q->work[line].unknown && (terms & XD_BASE_DUTY) && percent.units > 0) {
        q->out->lines[line].unknown |= XD_UNKNOWN_TAX;
    }
    use_rate(q, line, row, base, terms & XD_BASE_INSIDE);
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
