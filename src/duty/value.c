/*
 * What the consignment is worth: prices to the market's currency, freight and insurance over the
 * lines, the customs value, and whether a threshold is passed. A threshold is tested in its own
 * currency at its own rate, on the prices as invoiced, never on figures that were rounded for
 * something else.
 */
#include <stddef.h>

#include "duty/work.h"

static xd_alpha
currency_of(const struct xd_quote *q, size_t line)
{
    xd_alpha own = q->in->lines[line].currency;

    return own ? own : q->in->currency;
}

static void
pack_code(struct xd_duty_work *work, struct xd_slice code)
{
    while (work->digits < code.len && work->digits < XD_HS_DIGITS_MAX &&
           xd_is_digit(code.ptr[work->digits])) {
        work->code |= (uint64_t)(code.ptr[work->digits] - '0' + 1) << (60 - 4 * work->digits);
        work->digits++;
    }
}

/* Sums in the currency of the invoice: what most thresholds are tested on. */
static void
note_invoiced(struct xd_quote *q, size_t line, xd_alpha currency, xd_amount price)
{
    xd_amount item = 0;

    q->invoiced = line == 0 || q->invoiced == currency ? currency : 0;
    q->invoiced_sum += price;
    (void)xd_amount_of(q->in->lines[line].unit_price, &item); /* the product above was in range */
    if (item > q->invoiced_item) {
        q->invoiced_item = item;
    }
}

static bool
goods_values(struct xd_quote *q)
{
    const struct xd_fx_rate *rate = NULL; /* that of the lines before, while they share it */

    for (size_t i = 0; i < q->count; i++) {
        const struct xd_duty_line *line = &q->in->lines[i];
        xd_alpha currency = currency_of(q, i);
        bool foreign = currency != q->out->currency;
        xd_amount price;
        pack_code(&q->work[i], line->hs_code);
        if (!xd_amount_product(line->unit_price, line->quantity, &price)) {
            return xd_quote_fail(q, XD_F_DT_OVERFLOW, (uint32_t)i, XD_NONE);
        }
        if (foreign && (!rate || rate->from != currency)) {
            rate = xd_quote_fx(q, currency, q->out->currency, false);
        }
        q->work[i].goods = price;
        if (foreign && !(rate && xd_quote_apply_fx(q, rate, price, &q->work[i].goods))) {
            return false;
        }
        note_invoiced(q, i, currency, price);
        XD_QUOTE_STEP(q, &(struct xd_duty_step){.what = "goods",
                                                .line = (uint32_t)i,
                                                .base = price,
                                                .base_currency = currency,
                                                .result = q->work[i].goods,
                                                .currency = q->out->currency,
                                                .rate = XD_LIT("quantity x unit price"),
                                                .rule_id = q->rule->id,
                                                .source = q->rule->source,
                                                .source_date = q->rule->source_date});
    }
    return true;
}

/* The gross weight of every line when all are known and the consignment asks for it, else the
 * goods' value. */
static void
fill_weights(struct xd_quote *q)
{
    bool by_weight = q->in->allot_by_weight;

    for (size_t i = 0; by_weight && i < q->count; i++) {
        by_weight = q->in->lines[i].gross_kg.known;
    }
    for (size_t i = 0; i < q->count; i++) {
        struct xd_share *share = &q->ctx->shares[i];
        *share = (struct xd_share){.number = q->in->lines[i].number, .index = (uint32_t)i};
        if (!by_weight || !xd_amount_of(q->in->lines[i].gross_kg.value, &share->weight)) {
            share->weight = q->work[i].goods;
        }
    }
}

/* Puts an amount of the consignment into a member of its lines. */
static bool
spread(struct xd_quote *q, struct xd_decimal total, const char *what, size_t member)
{
    xd_amount invoiced;
    xd_amount amount;

    if (total.units == 0) {
        return true;
    }
    if (!xd_amount_of(total, &invoiced)) {
        return xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, xd_slice_str(what));
    }
    if (!xd_quote_convert(q, invoiced, q->in->currency, q->out->currency, false, &amount)) {
        return false;
    }
    fill_weights(q);
    xd_amount_allot(amount, 1, q->ctx->shares, q->count);
    for (size_t i = 0; i < q->count; i++) {
        const struct xd_share *share = &q->ctx->shares[i];
        *XD_WORK_MEMBER(&q->work[share->index], member) = share->share;
        XD_QUOTE_STEP(q,
                      &(struct xd_duty_step){.what = what,
                                             .line = share->index,
                                             .base = amount,
                                             .base_currency = q->out->currency,
                                             .result = share->share,
                                             .currency = q->out->currency,
                                             .rate = q->in->allot_by_weight
                                                         ? XD_LIT("share by gross weight")
                                                         : XD_LIT("share by value of the goods")});
    }
    return true;
}

static void
explain_value(struct xd_quote *q, size_t line)
{
    const struct xd_duty_work *work = &q->work[line];
    const struct xd_named_amount terms[] = {{"goods", work->goods},
                                            {"freight", work->freight_valued},
                                            {"insurance", work->insured_valued}};

    xd_quote_record(q, &(struct xd_duty_step){.what = "customs value",
                                              .line = (uint32_t)line,
                                              .base = work->goods,
                                              .base_currency = q->out->currency,
                                              .result = work->value,
                                              .currency = q->out->currency,
                                              .rate = xd_quote_sum_text(q, terms, 3),
                                              .rounding = &q->rule->round_value,
                                              .rule_id = q->rule->id,
                                              .source = q->rule->source,
                                              .source_date = q->rule->source_date});
}

static void
explain_share(struct xd_quote *q, const struct xd_air_share *row)
{
    struct xd_duty_step step = {.what = "air freight in the duty base",
                                .line = XD_DUTY_WHOLE,
                                .base_currency = q->out->currency,
                                .currency = q->out->currency,
                                .rate = xd_quote_percent_text(q, row->percent),
                                .rule_id = row->id,
                                .source = row->source,
                                .source_date = row->source_date};

    for (size_t i = 0; i < q->count; i++) {
        step.base += q->work[i].freight;
    }
    (void)xd_amount_percent(step.base, row->percent, &step.result);
    xd_quote_record(q, &step);
}

/* The share of the freight that the duty is charged on: the rule's, or that of the air way. */
static struct xd_decimal
freight_share(struct xd_quote *q)
{
    const struct xd_air_share *row;

    if (!q->in->by_air || q->in->freight.units == 0) {
        return q->rule->freight_duty_percent;
    }
    row = xd_air_share_find(&q->rules->air_freight, q->rule->market, q->in->dispatch, q->in->date);
    if (!row) {
        return q->rule->freight_duty_percent;
    }
    xd_quote_rule_id(q, XD_DUTY_WHOLE, row->id);
    xd_quote_confidence(q, row->confidence, row->id);
    if (q->ctx->explain) {
        explain_share(q, row);
    }
    return row->percent;
}

static bool
customs_values(struct xd_quote *q)
{
    const struct xd_market_rule *rule = q->rule;
    struct xd_decimal share = freight_share(q);
    bool cif = rule->valuation != XD_VALUE_FOB;
    bool fits = true;

    for (size_t i = 0; i < q->count; i++) {
        struct xd_duty_work *work = &q->work[i];
        fits &= xd_amount_percent(work->goods, rule->value_percent, &work->value);
        if (cif) {
            fits &= xd_amount_percent(work->freight, share, &work->freight_valued);
            work->insured_valued = work->insurance;
            work->value += work->freight_valued + work->insured_valued;
        }
        work->exact_value = work->value;
        if (q->ctx->explain) {
            explain_value(q, i);
        }
    }
    return fits || xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, XD_LIT("customs value"));
}

xd_amount
xd_quote_rounded_sum(const struct xd_quote *q, size_t member, const struct xd_round_rule *rule)
{
    xd_amount step = 1;
    xd_amount sum = 0;

    (void)xd_amount_of(rule->step, &step);
    for (size_t i = 0; i < q->count; i++) {
        xd_amount amount = *XD_WORK_MEMBER(&q->work[i], member);
        sum += rule->level == XD_ROUND_LINE ? xd_amount_round(amount, step, rule->mode) : amount;
    }
    return xd_amount_round(sum, step, rule->mode);
}

static int64_t *
shown_of(struct xd_quote *q, size_t line, size_t shown)
{
    return (int64_t *)(void *)((char *)&q->out->lines[line] + shown);
}

/* Each line to whole steps, a step being whole minor units: the consignment is their sum. */
static bool
settle_lines(struct xd_quote *q, size_t member, xd_amount step, enum xd_rounding mode, size_t shown,
             int64_t *total)
{
    int64_t units_a_step = (int64_t)(step / q->minor);
    xd_amount sum = 0;

    for (size_t i = 0; i < q->count; i++) {
        xd_amount *amount = XD_WORK_MEMBER(&q->work[i], member);
        if (*amount == 0) {
            continue;
        }
        int64_t steps = (int64_t)xd_div_round(*amount, step, mode);
        *amount = steps * step;
        sum += *amount;
        *shown_of(q, i, shown) = steps * units_a_step;
        *total += steps * units_a_step;
    }
    return sum <= XD_AMOUNT_MAX;
}

/* The consignment to the nearest minor unit, and nothing but what is shown: each line is rounded
 * down, and what is missing then goes by the largest remainder. */
static bool
settle_shown(struct xd_quote *q, size_t member, size_t shown, int64_t *total)
{
    int64_t minor = (int64_t)q->minor;
    xd_amount sum = 0;
    int64_t given = 0;

    for (size_t i = 0; i < q->count; i++) {
        xd_amount amount = *XD_WORK_MEMBER(&q->work[i], member);
        int64_t units =
            (int64_t)(xd_amount_is_narrow(amount) ? (int64_t)amount / minor : amount / minor);
        q->ctx->shares[i] = (struct xd_share){.share = units,
                                              .rest = amount - (xd_amount)units * minor,
                                              .number = q->in->lines[i].number,
                                              .index = (uint32_t)i};
        given += units;
        sum += amount;
    }
    if (sum > XD_AMOUNT_MAX) {
        return false;
    }
    *total = (int64_t)xd_div_round(sum, minor, XD_ROUND_HALF_UP);
    xd_amount_give(*total - given, 1, q->ctx->shares, q->count);
    for (size_t i = 0; i < q->count; i++) {
        *shown_of(q, q->ctx->shares[i].index, shown) = (int64_t)q->ctx->shares[i].share;
    }
    return true;
}

/* The consignment to whole steps; its lines share it. With XD_ROUND_TOTAL they go on from their
 * shares. */
static bool
settle_total(struct xd_quote *q, size_t member, const struct xd_round_rule *rule, xd_amount step,
             size_t shown, int64_t *total)
{
    xd_amount sum = 0;

    for (size_t i = 0; i < q->count; i++) {
        xd_amount *amount = XD_WORK_MEMBER(&q->work[i], member);
        if (rule->level == XD_ROUND_LINE) {
            *amount = xd_amount_round(*amount, step, rule->mode);
        }
        q->ctx->shares[i] = (struct xd_share){
            .weight = *amount, .number = q->in->lines[i].number, .index = (uint32_t)i};
        sum += *amount;
    }
    if (sum > XD_AMOUNT_MAX) {
        return false;
    }
    sum = xd_amount_round(xd_amount_round(sum, step, rule->mode), q->minor, XD_ROUND_HALF_UP);
    *total = xd_amount_decimal(sum, q->out->decimals).units;
    xd_amount_allot(sum, q->minor, q->ctx->shares, q->count);
    for (size_t i = 0; i < q->count; i++) {
        const struct xd_share *share = &q->ctx->shares[i];
        *shown_of(q, share->index, shown) = xd_amount_decimal(share->share, q->out->decimals).units;
        if (rule->level == XD_ROUND_TOTAL) {
            *XD_WORK_MEMBER(&q->work[share->index], member) = share->share;
        }
    }
    return true;
}

bool
xd_quote_settle(struct xd_quote *q, size_t member, const struct xd_round_rule *rule,
                const char *what, size_t shown, int64_t *total)
{
    xd_amount step = 0;
    bool fits = xd_amount_of(rule->step, &step);
    bool by_line = rule->level == XD_ROUND_LINE && step % q->minor == 0;
    bool as_shown =
        rule->level == XD_ROUND_DISPLAY && step == q->minor && rule->mode == XD_ROUND_HALF_UP;

    *total = 0;
    if (!fits || !(by_line    ? settle_lines(q, member, step, rule->mode, shown, total)
                   : as_shown ? settle_shown(q, member, shown, total)
                              : settle_total(q, member, rule, step, shown, total))) {
        return xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, xd_slice_str(what));
    }
    XD_QUOTE_STEP(q, &(struct xd_duty_step){.what = what,
                                            .line = XD_DUTY_WHOLE,
                                            .base = *total * q->minor,
                                            .base_currency = q->out->currency,
                                            .result = *total * q->minor,
                                            .currency = q->out->currency,
                                            .rate = XD_LIT("sum of the lines"),
                                            .rounding = rule,
                                            .rule_id = q->rule->id,
                                            .source = q->rule->source,
                                            .source_date = q->rule->source_date});
    return true;
}

bool
xd_quote_values(struct xd_quote *q)
{
    return goods_values(q) &&
           spread(q, q->in->freight, "freight", offsetof(struct xd_duty_work, freight)) &&
           spread(q, q->in->insurance, "insurance", offsetof(struct xd_duty_work, insurance)) &&
           customs_values(q) &&
           xd_quote_settle(q, offsetof(struct xd_duty_work, value), &q->rule->round_value,
                           "customs value", offsetof(struct xd_landed_line, amounts.customs_value),
                           &q->out->amounts.customs_value);
}

/* The goods of all lines, or the dearest item, in the limit's currency and from the prices as
 * invoiced. */
static bool
invoiced_basis(struct xd_quote *q, const struct xd_threshold *limit, xd_amount *out)
{
    *out = 0;
    if (q->invoiced) {
        return xd_quote_convert(q,
                                limit->basis == XD_BASIS_ITEM ? q->invoiced_item : q->invoiced_sum,
                                q->invoiced, limit->currency, true, out);
    }
    for (size_t i = 0; i < q->count; i++) {
        const struct xd_duty_line *line = &q->in->lines[i];
        struct xd_decimal one = {1, 0};
        bool item = limit->basis == XD_BASIS_ITEM;
        xd_amount price;
        xd_amount there;
        if (!xd_amount_product(line->unit_price, item ? one : line->quantity, &price)) {
            return xd_quote_fail(q, XD_F_DT_OVERFLOW, (uint32_t)i, XD_NONE);
        }
        if (!xd_quote_convert(q, price, currency_of(q, i), limit->currency, true, &there)) {
            return false;
        }
        *out = item ? (there > *out ? there : *out) : *out + there;
    }
    return true;
}

static bool
add_charges(struct xd_quote *q, const struct xd_threshold *limit, xd_amount *basis)
{
    const struct xd_decimal charges[] = {q->in->freight, q->in->insurance};

    for (size_t i = 0; i < 2; i++) {
        xd_amount invoiced;
        xd_amount there;
        if (!xd_amount_of(charges[i], &invoiced)) {
            return xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, XD_NONE);
        }
        if (!xd_quote_convert(q, invoiced, q->in->currency, limit->currency, true, &there)) {
            return false;
        }
        *basis += there;
    }
    return true;
}

static bool
computed_basis(struct xd_quote *q, const struct xd_threshold *limit, xd_amount computed,
               xd_amount *basis)
{
    xd_amount sum = computed;

    if (limit->basis == XD_BASIS_CUSTOMS) {
        sum = 0;
        for (size_t i = 0; i < q->count; i++) {
            sum += q->work[i].exact_value;
        }
    }
    return xd_quote_convert(q, sum, q->out->currency, limit->currency, true, basis);
}

static struct xd_slice
verdict_text(const struct xd_threshold *limit, bool within)
{
    if (limit->inclusive) {
        return within ? XD_LIT("within: up to and including")
                      : XD_LIT("beyond: up to and including");
    }
    return within ? XD_LIT("within: below") : XD_LIT("beyond: below");
}

bool
xd_quote_within(struct xd_quote *q, const char *what, const struct xd_threshold *limit,
                xd_amount computed, bool *within)
{
    xd_amount basis = 0;
    xd_amount edge;
    bool known = limit->basis >= XD_BASIS_CUSTOMS ? computed_basis(q, limit, computed, &basis)
                                                  : invoiced_basis(q, limit, &basis);

    *within = false;
    if (!known || (limit->basis == XD_BASIS_CIF && !add_charges(q, limit, &basis)) ||
        !xd_amount_of(limit->amount, &edge)) {
        return false;
    }
    *within = limit->inclusive ? basis <= edge : basis < edge;
    XD_QUOTE_STEP(q, &(struct xd_duty_step){.what = what,
                                            .line = XD_DUTY_WHOLE,
                                            .base = basis,
                                            .base_currency = limit->currency,
                                            .result = edge,
                                            .currency = limit->currency,
                                            .rate = verdict_text(limit, *within),
                                            .rule_id = q->rule->id,
                                            .source = q->rule->source,
                                            .source_date = q->rule->source_date});
    return true;
}
