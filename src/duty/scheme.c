/*
 * Whether the seller collects the tax at the point of sale. The number that proves it has to travel
 * in the carrier's data, or the carrier collects a second time; so a number that is missing,
 * misshapen or of no use here is said.
 */
#include "duty/work.h"

static bool
fits_shape(struct xd_slice number, struct xd_slice shape)
{
    if (number.len != shape.len) {
        return false;
    }
    for (size_t i = 0; i < shape.len; i++) {
        char c = number.ptr[i];
        bool fits = shape.ptr[i] == '9'   ? xd_is_digit(c)
                    : shape.ptr[i] == 'A' ? xd_is_alpha(c)
                                          : xd_to_upper(c) == shape.ptr[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

/* No shape listed takes every number. */
static bool
fits_any_shape(struct xd_slice number, struct xd_slice shapes)
{
    struct xd_slice shape;
    bool any = shapes.len == 0;

    while (!any && xd_slice_next(&shapes, '|', &shape)) {
        any = fits_shape(number, shape);
    }
    return any;
}

static bool
goods_allowed(const struct xd_quote *q)
{
    for (size_t i = 0; i < q->count; i++) {
        if (xd_hs_set_has(&q->rule->scheme_excludes, q->work[i].code)) {
            return false;
        }
    }
    return true;
}

/* Dispatched where it is delivered, customs-wise: no import, and the seller charges the tax. */
static bool
take_domestic(struct xd_quote *q)
{
    q->domestic =
        q->in->dispatch && xd_market_in(&q->rules->markets, q->in->dispatch, q->rule->market);
    if (q->domestic) {
        q->scheme = true;
        xd_quote_finding(q, XD_F_DT_DOMESTIC, XD_DUTY_WHOLE, q->rule->id);
    }
    return q->domestic;
}

/* What is to be said of the number that was given or is missing. */
static void
judge_number(struct xd_quote *q, bool applies)
{
    struct xd_slice number = q->in->registration_number;

    q->has_number = number.len > 0 && fits_any_shape(number, q->rule->number_shape);
    if (number.len > 0 && !q->has_number) {
        xd_quote_finding(q, XD_F_DT_REGISTRATION_MALFORMED, XD_DUTY_WHOLE, number);
    }
    if (applies && !q->has_number) {
        xd_quote_finding(q, XD_F_DT_REGISTRATION_MISSING, XD_DUTY_WHOLE, q->rule->scheme);
    }
    if (!applies && q->has_number) {
        xd_quote_finding(q, XD_F_DT_REGISTRATION_UNUSABLE, XD_DUTY_WHOLE, q->rule->scheme);
    }
}

void
xd_quote_scheme(struct xd_quote *q)
{
    const struct xd_market_rule *rule = q->rule;
    bool within = true;

    if (take_domestic(q) || rule->scheme.len == 0 || q->tax_rule->no_scheme || q->in->outside_tax ||
        q->in->outside_customs) {
        return;
    }
    if (rule->scheme_limit.set &&
        !xd_quote_within(q, "scheme limit", &rule->scheme_limit, 0, &within)) {
        return;
    }
    bool applies = within && goods_allowed(q);
    judge_number(q, applies);
    q->scheme = applies && (q->has_number || rule->scheme_always);
    q->out->scheme = q->scheme;
    q->out->number_used = q->scheme && q->has_number;
    q->out->ship_ddu = q->scheme && rule->scheme_ddu;
    if (q->out->ship_ddu && q->in->incoterm != XD_INCOTERM_DDU) {
        xd_quote_finding(q, XD_F_DT_SHIPS_DDU, XD_DUTY_WHOLE, rule->id);
    }
}
