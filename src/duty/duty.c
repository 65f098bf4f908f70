/*
 * Which duty applies to the consignment: none, a fixed amount for each declared item, a flat rate
 * in place of the tariff, or the tariff; and the relief below a threshold, tested on the value or
 * on the duty itself.
 */
#include "duty/work.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/hash.h"

/* Letters of one case and single blanks: two lines that a clerk would declare as one item. */
static uint64_t
hash_description(struct xd_slice text)
{
    uint64_t hash = 0xcbf29ce484222325ULL;
    bool gap = false;

    text = xd_slice_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        if (xd_is_blank(text.ptr[i])) {
            gap = true;
            continue;
        }
        hash = (hash ^ (gap ? ' ' : 0U)) * 0x100000001b3ULL;
        hash = (hash ^ (unsigned char)xd_to_lower(text.ptr[i])) * 0x100000001b3ULL;
        gap = false;
    }
    return hash;
}

static uint64_t
item_of(const struct xd_duty_line *line, size_t digits)
{
    uint64_t key[3] = {xd_hash(xd_slice_sub(line->hs_code, 0, digits)),
                       hash_description(line->description), line->origin};

    return xd_hash(xd_slice_of((const char *)key, sizeof(key)));
}

static int
compare_items(const void *left, const void *right)
{
    const struct xd_share *a = left;
    const struct xd_share *b = right;

    if (a->weight != b->weight) {
        return a->weight < b->weight ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* Fills the shares with the lines in the order of their items; the weight is the item. */
static size_t
sort_items(struct xd_quote *q)
{
    size_t items = 0;

    for (size_t i = 0; i < q->count; i++) {
        size_t digits = q->rule->fixed.set ? q->rule->fixed.code_digits : XD_HS_DIGITS_MAX;
        q->work[i].item = item_of(&q->in->lines[i], digits);
        q->ctx->shares[i] = (struct xd_share){
            .weight = q->work[i].item, .number = q->in->lines[i].number, .index = (uint32_t)i};
    }
    if (q->count > 1) {
        qsort(q->ctx->shares, q->count, sizeof(*q->ctx->shares), compare_items);
    }
    for (size_t i = 0; i < q->count; i++) {
        items += i == 0 || q->ctx->shares[i].weight != q->ctx->shares[i - 1].weight;
    }
    return items;
}

size_t
xd_quote_items(struct xd_quote *q)
{
    return sort_items(q);
}

/* One item's amount over its lines, in whole minor units. */
static void
charge_item(struct xd_quote *q, size_t first, size_t count, xd_amount amount)
{
    struct xd_share *shares = &q->ctx->shares[first];

    for (size_t i = 0; i < count; i++) {
        shares[i].weight = q->work[shares[i].index].goods;
    }
    xd_amount_allot(amount, q->minor, shares, count);
    for (size_t i = 0; i < count; i++) {
        q->work[shares[i].index].duty = shares[i].share;
        xd_quote_rule_id(q, shares[i].index, q->rule->id);
        XD_QUOTE_STEP(q,
                      &(struct xd_duty_step){.what = "fixed duty",
                                             .line = shares[i].index,
                                             .base = amount,
                                             .base_currency = q->out->currency,
                                             .result = shares[i].share,
                                             .currency = q->out->currency,
                                             .rate = XD_LIT("the item's amount, shared by value"),
                                             .rule_id = q->rule->id,
                                             .source = q->rule->source,
                                             .source_date = q->rule->source_date});
    }
}

static bool
fixed_duty(struct xd_quote *q)
{
    const struct xd_fixed_duty *fixed = &q->rule->fixed;
    xd_amount amount;
    xd_amount here;

    if (!xd_amount_of(fixed->amount, &amount)) {
        return xd_quote_fail(q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, q->rule->id);
    }
    if (!xd_quote_convert(q, amount, fixed->currency, q->out->currency, false, &here)) {
        return false;
    }
    here = xd_amount_round(here, q->minor, XD_ROUND_HALF_UP);
    (void)sort_items(q);
    for (size_t first = 0; first < q->count;) {
        size_t count = 1;
        while (first + count < q->count &&
               q->ctx->shares[first + count].weight == q->ctx->shares[first].weight) {
            count++;
        }
        charge_item(q, first, count, here);
        first += count;
    }
    return true;
}

/* No import into the customs territory at all. */
static bool
exempt(const struct xd_quote *q)
{
    return q->domestic || q->in->outside_customs;
}

static bool
fixed_applies(struct xd_quote *q, bool *applies)
{
    const struct xd_fixed_duty *fixed = &q->rule->fixed;

    *applies = false;
    if (exempt(q) || !fixed->set ||
        !xd_quote_within(q, "fixed duty limit", &fixed->limit, 0, applies)) {
        return !q->failed;
    }
    if (fixed->scheme_or_post && !q->scheme && q->in->channel != XD_CHANNEL_POST) {
        *applies = false;
    }
    /* A full declaration with a preference, outside the scheme, goes by the tariff. */
    for (size_t i = 0; *applies && !q->scheme && i < q->count; i++) {
        *applies = q->in->lines[i].preference.len == 0;
    }
    return true;
}

/* The first flat rate of the rule that takes this line and this consignment's value, or NULL. */
static bool
find_simplified(struct xd_quote *q, uint32_t line, const struct xd_simplified_row **found)
{
    *found = NULL;
    for (size_t i = 0; i < q->rule->simplified.count; i++) {
        const struct xd_simplified_row *row =
            &q->rules->simplified.rows[q->rule->simplified.first + i];
        bool within = false;
        if (row->hs.count && !xd_hs_set_has(&row->hs, q->work[line].code)) {
            continue;
        }
        if (row->above.set &&
            (!xd_quote_within(q, "flat rate from", &row->above, 0, &within) || within)) {
            if (q->failed) {
                return false;
            }
            continue;
        }
        if (row->upto.set &&
            (!xd_quote_within(q, "flat rate up to", &row->upto, 0, &within) || !within)) {
            if (q->failed) {
                return false;
            }
            continue;
        }
        *found = row;
        return true;
    }
    return true;
}

static bool
simplified_duty(struct xd_quote *q, uint32_t line, const struct xd_simplified_row *row,
                xd_amount base)
{
    struct xd_duty_work *work = &q->work[line];

    if (!xd_quote_rate(q, line, &row->rate, base, 0, &work->duty)) {
        if (q->failed) {
            return false;
        }
        work->unknown = true;
    }
    q->out->combined |= row->combined;
    xd_quote_rule_id(q, line, row->id);
    xd_quote_confidence(q, row->confidence, row->id);
    XD_QUOTE_STEP(q, &(struct xd_duty_step){.what = row->combined ? "combined rate" : "flat duty",
                                            .line = line,
                                            .base = base,
                                            .base_currency = q->out->currency,
                                            .result = work->duty,
                                            .currency = q->out->currency,
                                            .rate = row->text,
                                            .rule_id = row->id,
                                            .source = row->source,
                                            .source_date = row->source_date});
    return true;
}

/* What is charged: the value of the line, or its share of what lies above an excess limit. */
static bool
dutiable(struct xd_quote *q, const struct xd_threshold *limit, xd_amount value, xd_amount *base)
{
    xd_amount edge;
    xd_amount here;
    xd_amount total = 0;

    *base = value;
    if (!limit->set || limit->above != XD_ABOVE_EXCESS) {
        return true;
    }
    for (size_t i = 0; i < q->count; i++) {
        total += q->work[i].value;
    }
    if (!xd_amount_of(limit->amount, &edge) ||
        !xd_quote_convert(q, edge, limit->currency, q->out->currency, true, &here)) {
        return false;
    }
    *base = total > here ? value - xd_amount_share(here, value, total) : 0;
    return true;
}

static bool
line_duty(struct xd_quote *q, uint32_t line)
{
    const struct xd_simplified_row *row;
    xd_amount base;

    if (!dutiable(q, &q->rule->duty_relief, q->work[line].value, &base) ||
        !find_simplified(q, line, &row)) {
        return false;
    }
    return row ? simplified_duty(q, line, row, base) : xd_quote_tariff_duty(q, line, base);
}

/* Below the threshold of the value: no duty, but for the goods that the relief leaves out. */
static bool
lines_duty(struct xd_quote *q, bool relieved)
{
    for (uint32_t i = 0; i < q->count; i++) {
        bool left_out = xd_hs_set_has(&q->rule->relief_excludes, q->work[i].code);
        if (exempt(q) || (relieved && !left_out)) {
            continue;
        }
        if (relieved) {
            xd_quote_finding(q, XD_F_DT_RELIEF_EXCLUDED, i, q->in->lines[i].hs_code);
        }
        if (!line_duty(q, i)) {
            return false;
        }
    }
    return true;
}

/* "Not levied when the duty itself is small." */
static bool
waive_small(struct xd_quote *q)
{
    xd_amount sum =
        xd_quote_rounded_sum(q, offsetof(struct xd_duty_work, duty), &q->rule->round_duty);
    bool within = false;

    if (!xd_quote_within(q, "duty not levied", &q->rule->duty_relief, sum, &within)) {
        return false;
    }
    for (size_t i = 0; within && i < q->count; i++) {
        q->work[i].duty = 0;
    }
    return true;
}

bool
xd_quote_duty(struct xd_quote *q)
{
    const struct xd_threshold *relief = &q->rule->duty_relief;
    bool by_duty = relief->set && relief->basis == XD_BASIS_TAX;
    bool relieved = exempt(q) || (q->scheme && q->rule->duty_exempt);
    bool fixed;

    if (!fixed_applies(q, &fixed) || (!relieved && relief->set && !by_duty &&
                                      !xd_quote_within(q, "duty relief", relief, 0, &relieved))) {
        return false;
    }
    if (!(fixed ? fixed_duty(q) : lines_duty(q, relieved)) || (by_duty && !waive_small(q))) {
        return false;
    }
    if (q->out->combined) {
        xd_quote_finding(q, XD_F_DT_COMBINED_RATE, XD_DUTY_WHOLE, q->rule->id);
    }
    return xd_quote_settle(q, offsetof(struct xd_duty_work, duty), &q->rule->round_duty, "duty",
                           offsetof(struct xd_landed_line, amounts.duty), &q->out->amounts.duty);
}
