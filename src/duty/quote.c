/*
 * The order of the steps is the order of the law: what is it worth, who collects, what duty, what
 * tax, what fees, who bears them. Each step is a file of this room; this one holds the thread
 * between them.
 */
#include "duty/quote.h"

#include "duty/memo.h"
#include "duty/work.h"

const char *
xd_collector_name(enum xd_collector collector)
{
    static const char *const NAMES[] = {"none", "seller", "post", "courier", "customs"};

    return NAMES[collector];
}

void
xd_quote_finding_range(struct xd_quote *q, enum xd_finding_code code, uint32_t line,
                       struct xd_slice subject, xd_amount low, xd_amount high)
{
    struct xd_duty_finding *list = q->ctx->findings;
    size_t count = q->out->finding_count;

    for (size_t i = 0; i < count; i++) {
        if (list[i].code == code && list[i].line == line &&
            (list[i].subject.ptr == subject.ptr || xd_slice_eq(list[i].subject, subject))) {
            return;
        }
    }
    if (count == XD_DUTY_FINDINGS_MAX) {
        return;
    }
    unsigned decimals = q->out->decimals;
    list[count] = (struct xd_duty_finding){.code = code, .line = line, .subject = subject};
    if (low != 0 || high != 0) {
        list[count].has_range = true;
        list[count].low = xd_amount_decimal(low, decimals).units;
        list[count].high = xd_amount_decimal(high, decimals).units;
    }
    q->out->finding_count++;
}

void
xd_quote_finding(struct xd_quote *q, enum xd_finding_code code, uint32_t line,
                 struct xd_slice subject)
{
    xd_quote_finding_range(q, code, line, subject, 0, 0);
}

bool
xd_quote_fail(struct xd_quote *q, enum xd_finding_code code, uint32_t line, struct xd_slice subject)
{
    xd_quote_finding(q, code, line, subject);
    q->failed = true;
    return false;
}

static void
add_id(struct xd_rule_ids *ids, struct xd_slice id)
{
    for (size_t i = ids->count; i-- > 0;) {
        if (ids->of[i].ptr == id.ptr) {
            return;
        }
    }
    for (size_t i = ids->count; i-- > 0;) {
        if (xd_slice_eq(ids->of[i], id)) {
            return;
        }
    }
    if (ids->count < XD_RULE_IDS_MAX) {
        ids->of[ids->count++] = id;
    }
}

void
xd_quote_rule_id(struct xd_quote *q, uint32_t line, struct xd_slice id)
{
    add_id(&q->out->rules, id);
    if (line != XD_DUTY_WHOLE) {
        add_id(&q->out->lines[line].rules, id);
    }
}

void
xd_quote_confidence(struct xd_quote *q, enum xd_confidence confidence, struct xd_slice id)
{
    if (confidence >= XD_CONFIDENCE_CONTESTED) {
        xd_quote_finding(q, XD_F_DT_RULE_UNCERTAIN, XD_DUTY_WHOLE, id);
    }
}

void
xd_duty_ctx_reset(struct xd_duty_ctx *ctx)
{
    ctx->rules = NULL;
    ctx->memo = NULL;
    ctx->work = NULL;
    ctx->landed = NULL;
    ctx->shares = NULL;
    ctx->room = 0;
    ctx->steps = NULL;
    ctx->step_room = 0;
}

static bool
make_room(struct xd_duty_ctx *ctx, size_t count)
{
    if (count > ctx->room) {
        size_t room = count < 16 ? 16 : count * 2;
        ctx->work = xd_arena_array(ctx->arena, room, sizeof(*ctx->work));
        ctx->landed = xd_arena_array(ctx->arena, room, sizeof(*ctx->landed));
        ctx->shares = xd_arena_array(ctx->arena, room, sizeof(*ctx->shares));
        ctx->room = ctx->work && ctx->landed && ctx->shares ? room : 0;
    }
    if (count > ctx->room) {
        return false;
    }
    memset(ctx->work, 0, count * sizeof(*ctx->work));
    memset(ctx->landed, 0, count * sizeof(*ctx->landed));
    return true;
}

static struct xd_market_query
query_of(const struct xd_consignment *in)
{
    return (struct xd_market_query){.market = in->destination,
                                    .dispatch = in->dispatch,
                                    .channel = in->channel,
                                    .registered = in->registration_number.len > 0,
                                    .date = in->date};
}

xd_alpha
xd_duty_regime(const struct xd_duty_rules *rules, const struct xd_consignment *in)
{
    struct xd_market_query query = query_of(in);
    const struct xd_market_rule *rule = xd_market_find(&rules->markets, &query);

    return rule ? rule->regime : 0;
}

static bool
choose_rules(struct xd_quote *q)
{
    const struct xd_consignment *in = q->in;
    struct xd_market_query query = query_of(in);

    q->tax_rule = xd_market_find(&q->rules->markets, &query);
    q->rule = q->tax_rule;
    if (q->tax_rule && q->tax_rule->regime != q->tax_rule->market) {
        query.market = q->tax_rule->regime;
        q->rule = xd_market_find(&q->rules->markets, &query);
    }
    if (!q->rule || !q->tax_rule || q->tax_rule->group) {
        return xd_quote_fail(q, XD_F_DT_MARKET_UNKNOWN, XD_DUTY_WHOLE, XD_NONE);
    }
    q->out->market = in->destination;
    q->out->rule = q->rule;
    q->out->tax_rule = q->tax_rule;
    q->out->currency = q->tax_rule->currency;
    q->out->decimals = q->tax_rule->decimals;
    q->minor = xd_pow10(XD_AMOUNT_SCALE - q->tax_rule->decimals);
    xd_quote_rule_id(q, XD_DUTY_WHOLE, q->rule->id);
    xd_quote_rule_id(q, XD_DUTY_WHOLE, q->tax_rule->id);
    return true;
}

/* What is to be said of the rows themselves, whatever they give. */
static void
judge_rules(struct xd_quote *q)
{
    xd_quote_confidence(q, q->rule->confidence, q->rule->id);
    if (q->tax_rule != q->rule) {
        xd_quote_confidence(q, q->tax_rule->confidence, q->tax_rule->id);
    }
    if (q->rule->disputed && !q->domestic) {
        xd_quote_finding(q, XD_F_DT_SWITCH_DISPUTED, XD_DUTY_WHOLE, q->rule->id);
    }
    if (q->rule->held) {
        xd_quote_finding(q, XD_F_DT_MARKET_HELD, XD_DUTY_WHOLE, q->rule->id);
    }
    if (q->tax_rule->local_tax || q->in->outside_tax || q->in->outside_customs) {
        xd_quote_finding(q, XD_F_DT_LOCAL_TAX, XD_DUTY_WHOLE, q->tax_rule->id);
    }
}

static void
add_up(struct xd_quote *q)
{
    struct xd_landed_amounts *sum = &q->out->amounts;

    sum->total = sum->duty + sum->tax + sum->fees;
    for (size_t i = 0; i < q->count; i++) {
        struct xd_landed_line *line = &q->out->lines[i];
        struct xd_duty_work *work = &q->work[i];
        line->amounts.total = line->amounts.duty + line->amounts.tax + line->amounts.fees;
        line->unknown |= work->unknown ? XD_UNKNOWN_DUTY : 0U;
        q->out->unknown |= line->unknown;
        line->duty_high = line->amounts.duty;
        line->duty_low = line->duty_high;
        if (work->ranged) {
            int64_t low = xd_amount_decimal(work->duty_low, q->out->decimals).units;
            line->duty_low = low < line->duty_high ? low : line->duty_high;
        }
    }
}

static bool
reckon(struct xd_quote *q)
{
    if (!choose_rules(q) || !xd_quote_values(q)) {
        return false;
    }
    xd_quote_scheme(q);
    judge_rules(q);
    if (q->failed || !xd_quote_duty(q) || !xd_quote_base_fees(q) || !xd_quote_tax(q) ||
        !xd_quote_fees(q)) {
        return false;
    }
    add_up(q);
    xd_quote_collect(q);
    return !q->failed;
}

bool
xd_duty_quote(const struct xd_duty_rules *rules, const struct xd_consignment *in,
              struct xd_duty_ctx *ctx, struct xd_landed_cost *out)
{
    struct xd_quote q = {.rules = rules, .in = in, .ctx = ctx, .out = out, .count = in->line_count};

    *out = (struct xd_landed_cost){.market = in->destination, .findings = ctx->findings};
    if (!xd_memo_open(ctx, rules) || !make_room(ctx, in->line_count)) {
        return xd_quote_fail(&q, XD_F_DT_OVERFLOW, XD_DUTY_WHOLE, XD_LIT("memory"));
    }
    out->lines = ctx->landed;
    q.work = ctx->work;
    if (reckon(&q)) {
        return true;
    }
    memset(&out->amounts, 0, sizeof(out->amounts));
    for (size_t i = 0; i < in->line_count; i++) {
        memset(&out->lines[i].amounts, 0, sizeof(out->lines[i].amounts));
    }
    return false;
}
