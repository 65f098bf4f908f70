/*
 * A parcel as the duty room wants it, and its figures back into the values that a carrier may get.
 * What the rules leave open there is a finding here; a figure is never made up.
 */
#include <stdio.h>

#include "check/row.h"
#include "pipeline/parcel.h"

static struct xd_slice
said(const struct xd_parcel *parcel, enum xd_field field)
{
    return parcel->lines[0].value[field];
}

/*
 * What the order says as a whole (freight, what checkout collected) is shared out by value. Each
 * parcel gets the rounded share of all up to it less what those in front of it got, so that the
 * parcels of an order add up to the order.
 */
static struct xd_maybe
share_of(struct xd_decider *decider, const struct xd_parcel *parcel, enum xd_field field,
         uint8_t decimals)
{
    struct xd_maybe share = {.known = false, .value = {0, decimals}};
    int64_t whole = decider->match.goods_milli;
    struct xd_decimal amount;
    enum xd_finding_code code;
    int64_t units;
    int64_t upto;
    int64_t before;

    if (said(parcel, field).len == 0) {
        return share;
    }
    code = xd_read_amount(said(parcel, field), decimals, &amount);
    xd_parcel_say_code(decider, parcel, field, code);
    if (code == XD_F_NONE && xd_decimal_rescale(amount, decimals, XD_ROUND_HALF_UP, &units) &&
        xd_mul_div(units, parcel->goods_before + parcel->goods_milli, whole, XD_ROUND_HALF_UP,
                   &upto) &&
        xd_mul_div(units, parcel->goods_before, whole, XD_ROUND_HALF_UP, &before)) {
        share.known = true;
        share.value.units = upto - before;
    }
    return share;
}

static bool
fill_line(const struct xd_parcel *parcel, uint32_t at, struct xd_duty_line *out)
{
    const struct xd_handoff *line = &parcel->lines[at];
    struct xd_decimal price;

    if (xd_read_amount(line->value[XD_FIELD_UNIT_PRICE], 3, &price) != XD_F_NONE ||
        parcel->sources[at]->quantity == 0) {
        return false;
    }
    *out = (struct xd_duty_line){
        .number = at + 1,
        .hs_code = line->value[XD_FIELD_HS_CODE],
        .description = line->value[XD_FIELD_DESCRIPTION],
        .origin = xd_alpha_of(line->value[XD_FIELD_ORIGIN_COUNTRY]),
        .quantity = {parcel->sources[at]->quantity, 0},
        .unit_price = price,
    };
    return true;
}

static void
diagnose(const struct xd_landed_cost *cost, const struct xd_duty_finding *finding,
         struct xd_diagnosis *out)
{
    char low[XD_DECIMAL_TEXT];
    char high[XD_DECIMAL_TEXT];
    int low_len;
    int high_len;

    if (!finding->has_range) {
        xd_diagnose(out, finding->code, 0, 0, "%.*s", XD_FMT(finding->subject));
        return;
    }
    low_len = (int)xd_decimal_format((struct xd_decimal){finding->low, cost->decimals}, low);
    high_len = (int)xd_decimal_format((struct xd_decimal){finding->high, cost->decimals}, high);
    xd_diagnose(out, finding->code, 0, 0, "%.*s: %.*s to %.*s", XD_FMT(finding->subject), low_len,
                low, high_len, high);
}

/* Says what the quote found of a line or the parcel. */
static void
report_quote(struct xd_decider *decider, const struct xd_parcel *parcel,
             const struct xd_landed_cost *cost)
{
    for (size_t i = 0; i < cost->finding_count; i++) {
        const struct xd_duty_finding *finding = &cost->findings[i];
        uint32_t at = finding->line == XD_DUTY_WHOLE ? 0 : finding->line;
        struct xd_diagnosis diagnosis = {.code = finding->code};
        if (!xd_report_counts_only(&decider->match_ctx.reporter)) {
            diagnose(cost, finding, &diagnosis);
        }
        xd_parcel_report(decider, parcel->sources[at],
                         finding->line == XD_DUTY_WHOLE ? XD_FIELD_NONE : XD_FIELD_HS_CODE,
                         &diagnosis, NULL);
    }
}

/* The ids parted by semicolons; empty when memory ran out. */
static struct xd_slice
rule_text(struct xd_decider *decider, const struct xd_rule_ids *rules)
{
    size_t room = 0;
    char *text;
    size_t len = 0;

    for (uint8_t i = 0; i < rules->count; i++) {
        room += rules->of[i].len + 1;
    }
    text = xd_arena_room(&decider->arena, room);
    if (!text) {
        decider->failed = true;
        return XD_NONE;
    }
    for (uint8_t i = 0; i < rules->count; i++) {
        if (i) {
            text[len++] = ';';
        }
        memcpy(text + len, rules->of[i].ptr, rules->of[i].len);
        len += rules->of[i].len;
    }
    return xd_slice_of(text, len);
}

static void
fill_values(struct xd_decider *decider, struct xd_parcel *parcel, const struct xd_landed_cost *cost)
{
    char code[XD_ALPHA_TEXT];
    struct xd_slice currency =
        xd_arena_copy(&decider->arena, xd_slice_of(code, xd_alpha_text(cost->currency, code)));
    struct xd_slice rules = rule_text(decider, &cost->rules);
    struct xd_slice parcel_sums[3];

    xd_parcel_amount(decider, &parcel_sums[0], cost->amounts.duty, cost->decimals);
    xd_parcel_amount(decider, &parcel_sums[1], cost->amounts.tax, cost->decimals);
    xd_parcel_amount(decider, &parcel_sums[2], cost->amounts.fees, cost->decimals);
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        struct xd_slice *value = parcel->lines[i].value;
        const struct xd_landed_amounts *amounts = &cost->lines[i].amounts;
        value[XD_VALUE_DT_CURRENCY] = currency;
        value[XD_VALUE_DT_RULES] = rules;
        value[XD_VALUE_DT_COLLECTED_BY] = xd_slice_str(xd_collector_name(cost->tax_collector));
        value[XD_VALUE_PARCEL_DUTY] = parcel_sums[0];
        value[XD_VALUE_PARCEL_TAX] = parcel_sums[1];
        value[XD_VALUE_PARCEL_FEES] = parcel_sums[2];
        xd_parcel_amount(decider, &value[XD_VALUE_LINE_CUSTOMS_VALUE], amounts->customs_value,
                         cost->decimals);
        xd_parcel_amount(decider, &value[XD_VALUE_LINE_DUTY], amounts->duty, cost->decimals);
        xd_parcel_amount(decider, &value[XD_VALUE_LINE_TAX], amounts->tax, cost->decimals);
        if (cost->ship_ddu) {
            value[XD_FIELD_INCOTERM] = XD_LIT("DDU");
        }
    }
}

/* The parcel as a consignment; false when a value that a quote needs is missing, which was reported
 * already. */
static bool
fill_consignment(struct xd_decider *decider, const struct xd_parcel *parcel,
                 struct xd_duty_line *lines, struct xd_consignment *in)
{
    uint8_t decimals = parcel->totals.values[0].minor_units;
    const struct xd_countries *countries = decider->shared->tables->countries;

    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        if (!fill_line(parcel, i, &lines[i])) {
            return false;
        }
    }
    *in = (struct xd_consignment){
        .destination = xd_alpha_of(parcel->destination),
        .region = said(parcel, XD_FIELD_REGION),
        .date = decider->shared->as_of,
        .currency = xd_alpha_of(said(parcel, XD_FIELD_CURRENCY)),
        .freight = share_of(decider, parcel, XD_FIELD_FREIGHT, decimals).value,
        .insurance = share_of(decider, parcel, XD_FIELD_INSURANCE, decimals).value,
        .registration_number = said(parcel, XD_FIELD_REGISTRATION_NUMBER),
        .collected_duty = share_of(decider, parcel, XD_FIELD_COLLECTED_DUTY, decimals),
        .collected_tax = share_of(decider, parcel, XD_FIELD_COLLECTED_TAX, decimals),
        .lines = lines,
        .line_count = parcel->match->lines,
    };
    if (parcel->route.hub) {
        in->dispatch = xd_alpha_of(countries->of[parcel->route.hub->country].alpha2);
    }
    if (!xd_incoterm_parse(said(parcel, XD_FIELD_INCOTERM), &in->incoterm)) {
        xd_parcel_say_code(decider, parcel, XD_FIELD_INCOTERM, XD_F_INCOTERM_UNKNOWN);
        return false;
    }
    return true;
}

void
xd_parcel_quote(struct xd_decider *decider, struct xd_parcel *parcel)
{
    struct xd_duty_line *lines =
        xd_arena_array(&decider->arena, parcel->match->lines, sizeof(*lines));
    struct xd_consignment in;
    struct xd_landed_cost cost;

    if (!lines) {
        decider->failed = true;
        return;
    }
    if (!fill_consignment(decider, parcel, lines, &in)) {
        return;
    }
    if (xd_duty_quote(&decider->shared->tables->duty, &in, &decider->duty, &cost)) {
        fill_values(decider, parcel, &cost);
    }
    report_quote(decider, parcel, &cost);
}
