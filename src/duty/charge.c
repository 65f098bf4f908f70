/*
 * Fees: those that the tax is charged on too come before it, the others after it, when it is known
 * whether anything is collected at the border at all.
 */
#include <stddef.h>

#include "duty/work.h"

static bool
dispatch_fits(const struct xd_quote *q, const struct xd_fee *fee)
{
    if (fee->dispatch[0] == 0) {
        return true;
    }
    for (size_t i = 0; i < 4 && fee->dispatch[i]; i++) {
        if (q->in->dispatch == fee->dispatch[i]) {
            return !fee->dispatch_not;
        }
    }
    return fee->dispatch_not;
}

static bool
payee_fits(const struct xd_quote *q, const struct xd_fee *fee)
{
    switch (fee->payee) {
    case XD_FEE_STATE:
        return true;
    case XD_FEE_POST:
        return q->in->channel == XD_CHANNEL_POST;
    case XD_FEE_COURIER:
        return q->in->channel == XD_CHANNEL_COURIER &&
               (fee->carrier.len == 0 || xd_slice_ieq(fee->carrier, q->in->carrier));
    }
    return false;
}

static xd_amount
sum_of(const struct xd_quote *q, size_t member)
{
    xd_amount sum = 0;

    for (size_t i = 0; i < q->count; i++) {
        sum += *XD_WORK_MEMBER(&q->work[i], member);
    }
    return sum;
}

/* Duty and tax that somebody collects at the border. */
static xd_amount
border_charges(const struct xd_quote *q)
{
    int64_t units = q->out->amounts.duty + (q->scheme ? 0 : q->out->amounts.tax);

    return units * q->minor;
}

/* Whether the border collects anything. A fee that is taxed itself is asked before there is a tax:
 * there will be one where the seller does not collect it and no relief is held. */
static bool
collects_at_border(const struct xd_quote *q, const struct xd_fee *fee)
{
    return border_charges(q) > 0 || (fee->in_tax_base && !q->scheme && !q->rule->tax_relief.set &&
                                     q->tax_rule->tax_rate.units > 0);
}

static bool
fee_due(struct xd_quote *q, const struct xd_fee *fee, bool *due)
{
    *due = false;
    if (!fee->enabled || q->in->date < fee->from || q->in->date > fee->until ||
        !payee_fits(q, fee) || !dispatch_fits(q, fee) ||
        (fee->when == XD_FEE_BORDER && !collects_at_border(q, fee))) {
        return true;
    }
    if (!fee->limit.set) {
        *due = true;
        return true;
    }
    if (!xd_quote_within(q, "fee limit", &fee->limit, 0, due)) {
        return false;
    }
    *due = *due == (fee->when != XD_FEE_ABOVE);
    return true;
}

static bool
fee_amount(struct xd_quote *q, const struct xd_fee *fee, xd_amount *out)
{
    xd_amount base = fee->basis == XD_FEE_CHARGES ? border_charges(q)
                                                  : sum_of(q, offsetof(struct xd_duty_work, value));
    xd_amount amount;
    xd_amount bound;

    if (fee->basis >= XD_FEE_CHARGES) {
        if (!xd_amount_percent(base, fee->amount, &amount)) {
            return false;
        }
    } else if (!xd_amount_product(
                   fee->amount,
                   (struct xd_decimal){fee->basis == XD_FEE_ITEM ? (int64_t)xd_quote_items(q) : 1,
                                       0},
                   &amount) ||
               !xd_quote_convert(q, amount, fee->currency, q->out->currency, false, &amount)) {
        return false;
    }
    if (fee->least.set && xd_amount_of(fee->least.value, &bound) &&
        xd_quote_convert(q, bound, fee->currency, q->out->currency, false, &bound) &&
        amount < bound) {
        amount = bound;
    }
    if (fee->most.set && xd_amount_of(fee->most.value, &bound) &&
        xd_quote_convert(q, bound, fee->currency, q->out->currency, false, &bound) &&
        amount > bound) {
        amount = bound;
    }
    *out = xd_amount_round(amount, q->minor, XD_ROUND_HALF_UP);
    return !q->failed;
}

static bool
charge_fee(struct xd_quote *q, const struct xd_fee *fee)
{
    xd_amount amount;

    if (!fee_amount(q, fee, &amount)) {
        return q->failed ? false : xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, fee->id);
    }
    for (size_t i = 0; i < q->count; i++) {
        q->ctx->shares[i] = (struct xd_share){
            .weight = q->work[i].goods, .number = q->in->lines[i].number, .index = (uint32_t)i};
    }
    xd_amount_allot(amount, q->minor, q->ctx->shares, q->count);
    for (size_t i = 0; i < q->count; i++) {
        const struct xd_share *share = &q->ctx->shares[i];
        struct xd_duty_work *work = &q->work[share->index];
        work->fee += share->share;
        work->base_fee += fee->in_tax_base ? share->share : 0;
        q->out->lines[share->index].amounts.fees =
            xd_amount_decimal(work->fee, q->out->decimals).units;
    }
    q->out->amounts.fees += xd_amount_decimal(amount, q->out->decimals).units;
    xd_quote_rule_id(q, XD_DUTY_WHOLE, fee->id);
    xd_quote_confidence(q, fee->confidence, fee->id);
    XD_QUOTE_STEP(q, &(struct xd_duty_step){.what = "fee",
                                            .line = XD_DUTY_WHOLE,
                                            .base = amount,
                                            .base_currency = q->out->currency,
                                            .result = amount,
                                            .currency = q->out->currency,
                                            .rate = fee->name,
                                            .rule_id = fee->id,
                                            .source = fee->source,
                                            .source_date = fee->source_date});
    return true;
}

static bool
charge_rows(struct xd_quote *q, struct xd_rows_of rows, bool in_tax_base)
{
    for (size_t i = 0; i < rows.count; i++) {
        const struct xd_fee *fee = &q->rules->fees.rows[rows.first + i];
        bool due = false;
        if (fee->in_tax_base != in_tax_base) {
            continue;
        }
        if (!fee_due(q, fee, &due)) {
            return false;
        }
        if (due && fee->unknown) {
            xd_quote_finding(q, XD_F_DT_FEE_UNKNOWN, XD_DUTY_WHOLE, fee->id);
        } else if (due && !charge_fee(q, fee)) {
            return false;
        }
    }
    return true;
}

/* Those of the market and, where its regime is another's, of the regime. */
static bool
charge_fees(struct xd_quote *q, bool in_tax_base)
{
    return charge_rows(q, q->tax_rule->fees, in_tax_base) &&
           (q->rule == q->tax_rule || charge_rows(q, q->rule->fees, in_tax_base));
}

bool
xd_quote_base_fees(struct xd_quote *q)
{
    return charge_fees(q, true);
}

bool
xd_quote_fees(struct xd_quote *q)
{
    return charge_fees(q, false);
}
