/*
 * Duty by the tariff: the base rate or the preference that replaces it, then the additional layers
 * in the order of the measure table, each unless another measure displaces it or the claimed
 * preference lifts it. A code without a rate gives a range, and the upper end stands in the sum:
 * what a merchant of record owes is never guessed downwards.
 */
#include "duty/memo.h"
#include "duty/work.h"

struct layers {
    const struct xd_tariff_hit *hit;
    uint32_t found;                   /* of it, those that are charged here */
    const struct xd_tariff_row *base; /* base measure or preference */
    uint32_t line;
    xd_amount value; /* duty base */
    xd_amount column1;
    xd_amount sum;
};

/* The first measure, in stacking order, of a set that is not empty. */
static unsigned
lowest(uint32_t measures)
{
    return (unsigned)__builtin_ctz(measures);
}

static const struct xd_measure *
measure_of(const struct xd_quote *q, size_t at)
{
    return &q->rules->tariff.measures.of[at];
}

static void
use_row(struct xd_quote *q, uint32_t line, const struct xd_tariff_row *row, xd_amount base,
        xd_amount amount)
{
    xd_quote_rule_id(q, line, row->id);
    if (row->bundled && !q->indicative) {
        q->indicative = true;
        xd_quote_finding(q, XD_F_DT_TARIFF_INDICATIVE, XD_DUTY_WHOLE, XD_NONE);
    }
    xd_quote_confidence(q, (enum xd_confidence)row->confidence, row->id);
    XD_QUOTE_STEP(q, &(struct xd_duty_step){.what = "duty",
                                            .line = line,
                                            .base = base,
                                            .base_currency = q->out->currency,
                                            .result = amount,
                                            .currency = q->out->currency,
                                            .rate = row->text,
                                            .rule_id = row->id,
                                            .source = row->source,
                                            .source_date = row->source_date});
}

/* The base row in force: the preference when one is claimed and held, else the lowest base measure
 * found. */
static const struct xd_tariff_row *
choose_base(struct xd_quote *q, const struct layers *layers)
{
    const struct xd_tariff_hit *hit = layers->hit;
    const struct xd_tariff_row *base = NULL;
    uint32_t line = layers->line;
    bool claimed = q->in->lines[line].preference.len > 0;
    bool preferred = false;

    for (uint32_t left = layers->found; left; left &= left - 1) {
        unsigned i = lowest(left);
        enum xd_measure_kind kind = measure_of(q, i)->kind;
        if (kind == XD_MEASURE_BASE && !base) {
            base = hit->of[i];
        } else if (kind == XD_MEASURE_PREFERENCE && claimed && !preferred) {
            base = hit->of[i];
            preferred = true;
        }
    }
    if (claimed && !preferred) {
        xd_quote_finding(q, XD_F_DT_PREFERENCE_UNAVAILABLE, line, q->in->lines[line].preference);
    }
    return base;
}

static bool
layer_applies(struct xd_quote *q, const struct layers *layers, size_t at)
{
    const struct xd_measure *measure = measure_of(q, at);
    struct xd_slice claim = q->in->lines[layers->line].preference;

    return measure->kind == XD_MEASURE_ADDITIONAL && !(measure->displaced_by & layers->found) &&
           !(measure->exempt_claim.len && xd_slice_ieq(measure->exempt_claim, claim));
}

/* Adds one row to the duty of the line, or a finding when its words are no figure. */
static bool
add_row(struct xd_quote *q, struct layers *layers, const struct xd_tariff_row *row)
{
    xd_amount amount = 0;

    if (row->rate.shape == XD_RATE_PROSE) {
        xd_quote_finding(q, XD_F_DT_RATE_UNREADABLE, layers->line, row->text);
        q->work[layers->line].unknown = true;
    } else if (!xd_quote_rate(q, layers->line, &row->rate, layers->value, layers->column1,
                              &amount)) {
        if (q->failed) {
            return false;
        }
        q->work[layers->line].unknown = true;
    }
    use_row(q, layers->line, row, layers->value, amount);
    layers->sum += amount;
    return true;
}

static bool
add_layers(struct xd_quote *q, struct layers *layers)
{
    for (uint32_t left = layers->found; left; left &= left - 1) {
        unsigned i = lowest(left);
        if (measure_of(q, i)->kind == XD_MEASURE_BAN) {
            xd_quote_rule_id(q, layers->line, layers->hit->of[i]->id);
            xd_quote_finding(q, XD_F_DT_GOODS_BANNED, layers->line, measure_of(q, i)->title);
        } else if (measure_of(q, i)->kind == XD_MEASURE_LISTED) {
            xd_quote_rule_id(q, layers->line, layers->hit->of[i]->id);
            xd_quote_finding(q, XD_F_DT_MEASURE_LISTED, layers->line, layers->hit->of[i]->text);
        }
        if (layer_applies(q, layers, i) && !add_row(q, layers, layers->hit->of[i])) {
            return false;
        }
    }
    return true;
}

struct span {
    xd_amount low;
    xd_amount high;
    bool any;
};

/* Widens the span by what a base rate in force comes to. */
static bool
widen(struct xd_quote *q, uint32_t line, xd_amount value, const struct xd_tariff_row *row,
      struct span *span)
{
    xd_amount amount;

    if (measure_of(q, row->measure)->kind != XD_MEASURE_BASE || row->origin ||
        q->in->date < row->from || q->in->date > row->until || !xd_rate_is_ad_valorem(&row->rate)) {
        return true;
    }
    if (!xd_quote_rate(q, line, &row->rate, value, 0, &amount)) {
        return false;
    }
    span->low = !span->any || amount < span->low ? amount : span->low;
    span->high = !span->any || amount > span->high ? amount : span->high;
    span->any = true;
    return true;
}

/* The lowest and highest duty among the base rates that share most digits with the unknown code. */
static bool
neighbour_range(struct xd_quote *q, uint32_t line, xd_amount value, xd_amount *low, xd_amount *high)
{
    const struct xd_tariff *tariff = &q->rules->tariff;
    const struct xd_duty_work *work = &q->work[line];
    struct span span = {0};

    for (size_t digits = work->digits + 1U; digits-- > 0 && !span.any;) {
        size_t first;
        size_t count;
        if (digits == 1 ||
            !xd_tariff_neighbours(tariff, q->rule->market, work->code, digits, &first, &count)) {
            continue;
        }
        for (size_t i = first; i < first + count; i++) {
            if (!widen(q, line, value, &tariff->rows[i], &span)) {
                return false;
            }
        }
    }
    *low = span.low;
    *high = span.high;
    q->work[line].unknown |= !span.any;
    return true;
}

/* Both ends of a range row. */
static bool
row_range(struct xd_quote *q, uint32_t line, const struct xd_tariff_row *row, xd_amount value,
          xd_amount *low, xd_amount *high)
{
    struct xd_rate_expression one = {XD_RATE_TERMS, 1, row->rate.terms};

    if (!xd_quote_rate(q, line, &one, value, 0, low)) {
        return !q->failed;
    }
    one.terms++;
    return xd_quote_rate(q, line, &one, value, 0, high) || !q->failed;
}

/* The base part of the duty, as a figure or as a range. */
static bool
base_duty(struct xd_quote *q, struct layers *layers)
{
    const struct xd_tariff_row *row = layers->base;
    struct xd_slice code = q->in->lines[layers->line].hs_code;
    struct xd_duty_work *work = &q->work[layers->line];
    xd_amount low = 0;
    xd_amount high = 0;

    if (row && row->rate.shape != XD_RATE_RANGE && row->rate.shape != XD_RATE_PROSE) {
        if (!add_row(q, layers, row)) {
            return false;
        }
        layers->column1 = layers->sum;
        return true;
    }
    if (row && row->rate.shape == XD_RATE_PROSE) {
        xd_quote_finding(q, XD_F_DT_RATE_UNREADABLE, layers->line, row->text);
    }
    bool ranged = row && row->rate.shape == XD_RATE_RANGE;
    if (!(ranged ? row_range(q, layers->line, row, layers->value, &low, &high)
                 : neighbour_range(q, layers->line, layers->value, &low, &high))) {
        return false;
    }
    if (ranged) {
        use_row(q, layers->line, row, layers->value, high);
    }
    xd_quote_finding_range(q, XD_F_DT_RATE_UNKNOWN, layers->line, code, low, high);
    work->ranged = true;
    work->duty_low = low;
    work->duty_high = high;
    layers->column1 = high;
    layers->sum = high;
    return true;
}

/* The base duty of the other market for the goods, as a figure; false when it is not known. */
static bool
other_duty(struct xd_quote *q, uint32_t line, xd_amount base, xd_amount *duty, struct xd_slice *id)
{
    struct xd_tariff_query query = {.market = q->tax_rule->other_market,
                                    .code = q->work[line].code,
                                    .digits = q->work[line].digits,
                                    .origin = q->in->lines[line].origin,
                                    .date = q->in->date};
    struct layers layers = {.hit = xd_memo_tariff(q->ctx, q->rules, &query), .line = line};

    layers.found = layers.hit->found;
    for (uint32_t left = layers.found; left; left &= left - 1) {
        const struct xd_tariff_row *row = layers.hit->of[lowest(left)];
        if (measure_of(q, row->measure)->kind == XD_MEASURE_BASE) {
            *id = row->id;
            return xd_rate_is_ad_valorem(&row->rate) &&
                   xd_quote_rate(q, line, &row->rate, base, 0, duty);
        }
    }
    return false;
}

/* Goods that stay in the territory may take the duty of the other market when both are close. That
 * takes an authorisation which no manifest shows, so the figure is told and not taken. */
static void
tell_other_duty(struct xd_quote *q, uint32_t line, xd_amount base, xd_amount own)
{
    struct xd_slice id = XD_NONE;
    xd_amount other;
    xd_amount limit;

    if (!q->tax_rule->other_market || !other_duty(q, line, base, &other, &id) ||
        !xd_amount_percent(base, q->tax_rule->other_percent, &limit)) {
        return;
    }
    limit = xd_amount_round(limit, q->minor, XD_ROUND_HALF_UP);
    if (other != own && (other > own ? other - own : own - other) <= limit) {
        xd_quote_finding_range(q, XD_F_DT_NOT_AT_RISK, line, id, other, other);
    }
}

bool
xd_quote_tariff_duty(struct xd_quote *q, uint32_t line, xd_amount base)
{
    const struct xd_duty_line *item = &q->in->lines[line];
    struct xd_tariff_query query = {
        .market = q->rule->market,
        .code = q->work[line].code,
        .digits = q->work[line].digits,
        .origin = item->origin,
        .date = q->in->date,
    };
    const struct xd_tariff_hit *hit = xd_memo_tariff(q->ctx, q->rules, &query);
    struct layers layers = {.hit = hit, .line = line, .value = base};

    if (!hit->known) {
        xd_quote_finding(q, XD_F_DT_TARIFF_MISSING, line, item->hs_code);
        q->work[line].unknown = true;
        return true;
    }
    if (hit->by_origin && item->origin == 0) {
        xd_quote_finding(q, XD_F_DT_ORIGIN_MISSING, line, XD_NONE);
    }
    uint32_t only = q->rule->measures;
    layers.found = only ? hit->found & only : hit->found;
    if (!only) {
        layers.base = choose_base(q, &layers);
    }
    if ((!only && !base_duty(q, &layers)) || !add_layers(q, &layers)) {
        return false;
    }
    tell_other_duty(q, line, base, layers.column1);
    q->work[line].duty = layers.sum;
    q->work[line].duty_low += layers.sum - q->work[line].duty_high;
    return layers.sum <= XD_AMOUNT_MAX || xd_quote_fail(q, XD_F_DT_OVERFLOW, line, XD_LIT("duty"));
}
