/*
 * Who takes the money and who bears it. What the seller bears beyond what checkout collected is the
 * merchant's subsidy, the figure this room exists for.
 */
#include "duty/work.h"

static enum xd_collector
border_collector(enum xd_channel channel)
{
    return channel == XD_CHANNEL_POST      ? XD_COLLECTOR_POST
           : channel == XD_CHANNEL_COURIER ? XD_COLLECTOR_COURIER
                                           : XD_COLLECTOR_CUSTOMS;
}

/* In minor units of the market's currency. */
static bool
collected(struct xd_quote *q, const struct xd_maybe *given, int64_t *out)
{
    xd_amount amount;

    *out = 0;
    if (!given->known) {
        return true;
    }
    if (!xd_amount_of(given->value, &amount) ||
        !xd_quote_convert(q, amount, q->in->currency, q->out->currency, false, &amount)) {
        return false;
    }
    *out = xd_amount_decimal(amount, q->out->decimals).units;
    return true;
}

static void
weigh_subsidy(struct xd_quote *q)
{
    struct xd_landed_cost *out = q->out;
    int64_t duty;
    int64_t tax;

    if (!q->in->collected_duty.known && !q->in->collected_tax.known) {
        return;
    }
    if (!collected(q, &q->in->collected_duty, &duty) ||
        !collected(q, &q->in->collected_tax, &tax)) {
        return;
    }
    out->has_subsidy = true;
    out->subsidy = out->seller_duty + out->seller_tax - duty - tax;
    if (out->subsidy != 0) {
        xd_quote_finding_range(q, out->subsidy > 0 ? XD_F_DT_SUBSIDY : XD_F_DT_SURPLUS,
                               XD_DUTY_WHOLE, XD_NONE, out->subsidy * q->minor,
                               out->subsidy * q->minor);
    }
}

void
xd_quote_collect(struct xd_quote *q)
{
    struct xd_landed_cost *out = q->out;
    const struct xd_landed_amounts *sum = &out->amounts;
    enum xd_collector border = border_collector(q->in->channel);
    enum xd_incoterm term = out->ship_ddu ? XD_INCOTERM_DDU : q->in->incoterm;
    bool pays_duty = term == XD_INCOTERM_DDP || term == XD_INCOTERM_HIDDEN_DDP ||
                     term == XD_INCOTERM_PARTIAL_DUTY;
    bool pays_tax = q->scheme || term == XD_INCOTERM_DDP || term == XD_INCOTERM_HIDDEN_DDP ||
                    term == XD_INCOTERM_PARTIAL_TAX;

    out->duty_collector = sum->duty + sum->fees > 0 ? border : XD_COLLECTOR_NONE;
    out->tax_collector = sum->tax == 0 ? XD_COLLECTOR_NONE
                         : q->scheme   ? XD_COLLECTOR_SELLER
                                       : border;
    out->seller_duty = pays_duty ? sum->duty + sum->fees : 0;
    out->seller_tax = pays_tax ? sum->tax : 0;
    weigh_subsidy(q);
}
