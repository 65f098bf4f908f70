/*
 * What a duty expression comes to. The accumulator runs from left to right: the first sum, then
 * each MIN raises and each MAX lowers it to the sum behind it, which is the same as cutting at the
 * last one first.
 */
#include "duty/work.h"

/* The quantity of the line in the unit, or false: nobody stated it. */
static bool
quantity_in(struct xd_quote *q, uint32_t at, enum xd_unit unit, xd_amount *out)
{
    const struct xd_duty_line *line = &q->in->lines[at];
    bool gross = q->rule->valuation == XD_VALUE_WEIGHT;

    if (line->supplementary.known && line->supplementary_unit == unit) {
        return xd_amount_of(line->supplementary.value, out);
    }
    switch (unit) {
    case XD_UNIT_KG:
        if (!gross && line->net_kg.known) {
            return xd_amount_of(line->net_kg.value, out);
        }
        if (!line->gross_kg.known) {
            return false;
        }
        if (!gross) {
            xd_quote_finding(q, XD_F_DT_QUANTITY_ASSUMED, at, XD_LIT("net mass: gross mass taken"));
        }
        return xd_amount_of(line->gross_kg.value, out);
    case XD_UNIT_PAIR:
        xd_quote_finding(q, XD_F_DT_QUANTITY_ASSUMED, at, XD_LIT("pairs: quantity taken"));
        return xd_amount_of(line->quantity, out);
    case XD_UNIT_ITEM:
        return xd_amount_of(line->quantity, out);
    default:
        return false;
    }
}

static xd_amount
total_value(const struct xd_quote *q)
{
    xd_amount sum = 0;

    for (size_t i = 0; i < q->count; i++) {
        sum += q->work[i].value;
    }
    return sum;
}

static bool
overflow(struct xd_quote *q, uint32_t line)
{
    return xd_quote_fail(q, XD_F_DT_OVERFLOW, line, XD_LIT("duty"));
}

static bool
specific(struct xd_quote *q, uint32_t line, const struct xd_rate_term *term, xd_amount *out)
{
    xd_amount quantity;
    xd_amount in_currency;

    if (!quantity_in(q, line, (enum xd_unit)term->unit, &quantity)) {
        xd_quote_finding(q, XD_F_DT_QUANTITY_MISSING, line,
                         xd_slice_str(xd_unit_name((enum xd_unit)term->unit)));
        return false;
    }
    /* quantity / per * value: the units of `per` and `value` carry their scales into the ratio. */
    int64_t top = term->value.units;
    int64_t bottom = term->per.units;
    unsigned up = term->per.scale;
    unsigned down = term->value.scale;
    if (__builtin_mul_overflow(up > down ? top : bottom,
                               xd_pow10(up > down ? up - down : down - up),
                               up > down ? &top : &bottom) ||
        !xd_amount_ratio(quantity, top, bottom, &in_currency)) {
        return overflow(q, line);
    }
    return xd_quote_convert(q, in_currency, term->currency, q->out->currency, false, out);
}

/* An amount for the consignment: this line's share of it, by value. */
static bool
amount_share(struct xd_quote *q, uint32_t line, const struct xd_rate_term *term, xd_amount *out)
{
    xd_amount whole = total_value(q);
    xd_amount amount;
    xd_amount here;

    if (!xd_amount_of(term->value, &amount)) {
        return overflow(q, line);
    }
    if (!xd_quote_convert(q, amount, term->currency, q->out->currency, false, &here)) {
        return false;
    }
    *out = whole > 0 ? xd_amount_share(here, q->work[line].value, whole) : 0;
    return true;
}

static bool
term_amount(struct xd_quote *q, uint32_t line, const struct xd_rate_term *term, xd_amount base,
            xd_amount *out)
{
    switch ((enum xd_term_kind)term->kind) {
    case XD_TERM_PERCENT:
        return xd_amount_percent(base, term->value, out) || overflow(q, line);
    case XD_TERM_SPECIFIC:
        return specific(q, line, term, out);
    case XD_TERM_AMOUNT:
        return amount_share(q, line, term, out);
    }
    return false;
}

bool
xd_quote_rate(struct xd_quote *q, uint32_t line, const struct xd_rate_expression *rate,
              xd_amount base, xd_amount column1, xd_amount *out)
{
    enum xd_term_join bound = XD_JOIN_PLUS;
    xd_amount result = 0;
    xd_amount sum = 0;

    *out = 0;
    for (size_t i = 0; i <= rate->count; i++) {
        const struct xd_rate_term *term = &rate->terms[i];
        bool ends = i == rate->count || term->join >= XD_JOIN_MIN;
        if (ends) {
            bool keep =
                (bound == XD_JOIN_MIN && result > sum) || (bound == XD_JOIN_MAX && result < sum);
            result = keep ? result : sum;
            sum = 0;
        }
        if (i == rate->count) {
            break;
        }
        xd_amount amount;
        if (!term_amount(q, line, term, base, &amount)) {
            return false;
        }
        bound = term->join >= XD_JOIN_MIN ? (enum xd_term_join)term->join : bound;
        sum += term->join == XD_JOIN_MINUS ? -amount : amount;
    }
    if (rate->shape == XD_RATE_TOP_UP) {
        result -= column1;
    }
    *out = result > 0 ? result : 0;
    return *out <= XD_AMOUNT_MAX || overflow(q, line);
}
