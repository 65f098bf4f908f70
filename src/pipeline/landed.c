/*
 * A parcel as the duty room wants it, and its figures back into the values that a carrier may get.
 * What the rules leave open there is a finding here; a figure is never made up.
 */
#include "base/hash.h"
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

    if (xd_read_amount(line->value[XD_FIELD_UNIT_PRICE], XD_MINOR_UNITS_MAX, &price) != XD_F_NONE ||
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

/*
 * Findings that are about a row of our tables and not about this parcel: whoever read one of them
 * has read all, so each is told once for a range of orders, and counted every time.
 */
static bool
told_before(struct xd_decider *decider, const struct xd_duty_finding *finding)
{
    uint64_t key = xd_hash(finding->subject) + (uint64_t)finding->code;
    struct xd_decided *out = decider->out;

    switch (finding->code) {
    case XD_F_DT_FX_INDICATIVE:
    case XD_F_DT_TARIFF_INDICATIVE:
    case XD_F_DT_RULE_UNCERTAIN:
    case XD_F_DT_SWITCH_DISPUTED:
        break;
    default:
        return xd_findings_full(&out->findings);
    }
    for (size_t i = 0; i < out->told_count; i++) {
        if (out->told[i] == key) {
            return true;
        }
    }
    if (out->told_count < sizeof(out->told) / sizeof(out->told[0])) {
        out->told[out->told_count++] = key;
    }
    return xd_findings_full(&out->findings);
}

/* "EU-02", "EUR 3.41", "610910: EUR 1.20 to 4.80": what the finding is about and the sums it names.
 */
static void
word_quote(const struct xd_duty_finding *finding, const struct xd_landed_cost *cost,
           struct xd_diagnosis *diagnosis)
{
    char currency[XD_ALPHA_TEXT];
    char low[XD_DECIMAL_TEXT + 1];
    char high[XD_DECIMAL_TEXT + 1];
    const char *between = finding->subject.len && finding->has_range ? ": " : "";

    low[xd_decimal_format((struct xd_decimal){finding->low, cost->decimals}, low)] = '\0';
    high[xd_decimal_format((struct xd_decimal){finding->high, cost->decimals}, high)] = '\0';
    (void)xd_alpha_text(cost->currency, currency);
    xd_diagnose(diagnosis, finding->code, 0, 0, "%.*s%s%s%s%s%s%s", XD_FMT(finding->subject),
                between, finding->has_range ? currency : "", finding->has_range ? " " : "",
                finding->has_range ? low : "",
                finding->has_range && finding->low != finding->high ? " to " : "",
                finding->has_range && finding->low != finding->high ? high : "");
}

/* Says what the quote found of a line or the parcel. */
static void
report_quote(struct xd_decider *decider, const struct xd_parcel *parcel,
             const struct xd_landed_cost *cost)
{
    for (size_t i = 0; i < cost->finding_count; i++) {
        const struct xd_duty_finding *finding = &cost->findings[i];
        bool whole = finding->line == XD_DUTY_WHOLE;
        const struct xd_match_line *line = parcel->sources[whole ? 0 : finding->line];
        struct xd_diagnosis diagnosis = {.code = finding->code};
        if (told_before(decider, finding)) {
            xd_report_count(&decider->match_ctx.reporter, line->batch, line->row, finding->code);
            continue;
        }
        word_quote(finding, cost, &diagnosis);
        xd_parcel_report(decider, line, whole ? XD_FIELD_NONE : XD_FIELD_HS_CODE, &diagnosis, NULL);
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

/* A sum that could not be told stays empty. */
static void
fill_line_sums(struct xd_decider *decider, struct xd_slice *value,
               const struct xd_landed_line *line, uint8_t decimals)
{
    if (!(line->unknown & XD_UNKNOWN_DUTY)) {
        xd_parcel_amount(decider, &value[XD_VALUE_LINE_DUTY], line->amounts.duty, decimals);
    }
    if (!(line->unknown & XD_UNKNOWN_TAX)) {
        xd_parcel_amount(decider, &value[XD_VALUE_LINE_TAX], line->amounts.tax, decimals);
    }
}

static void
fill_values(struct xd_decider *decider, struct xd_parcel *parcel, const struct xd_landed_cost *cost)
{
    char code[XD_ALPHA_TEXT];
    struct xd_slice currency =
        xd_arena_copy(&decider->arena, xd_slice_of(code, xd_alpha_text(cost->currency, code)));
    struct xd_slice rules = rule_text(decider, &cost->rules);
    struct xd_slice parcel_sums[3] = {{0}};

    if (!(cost->unknown & XD_UNKNOWN_DUTY)) {
        xd_parcel_amount(decider, &parcel_sums[0], cost->amounts.duty, cost->decimals);
    }
    if (!(cost->unknown & XD_UNKNOWN_TAX)) {
        xd_parcel_amount(decider, &parcel_sums[1], cost->amounts.tax, cost->decimals);
    }
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
        fill_line_sums(decider, value, &cost->lines[i], cost->decimals);
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
        .region = parcel->region.len ? parcel->region : said(parcel, XD_FIELD_REGION),
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
    if (parcel->territory) {
        in->outside_customs = parcel->territory->customs == XD_EU_NO;
        in->outside_tax = parcel->territory->vat == XD_EU_NO;
    }
    if (parcel->route.carrier != XD_CARRIER_NONE) {
        const struct xd_carrier *carrier =
            &decider->shared->tables->carriers.list[parcel->route.carrier];
        (void)xd_channel_parse(carrier->channel, &in->channel, &in->by_air);
        in->carrier = carrier->code;
    }
    if (parcel->route.hub) {
        in->dispatch = xd_alpha_of(countries->of[parcel->route.hub->country].alpha2);
    }
    if (!xd_incoterm_parse(said(parcel, XD_FIELD_INCOTERM), &in->incoterm)) {
        xd_parcel_say_code(decider, parcel, XD_FIELD_INCOTERM, XD_F_INCOTERM_UNKNOWN);
        return false;
    }
    return true;
}

/* A number that neither manifest nor order gives is the merchant's own, from the table. */
static void
lend_number(const struct xd_decider *decider, const struct xd_parcel *parcel,
            struct xd_consignment *in)
{
    const struct xd_run_tables *tables = decider->shared->tables;

    if (in->registration_number.len == 0) {
        in->registration_number =
            xd_registration_find(&tables->registrations, said(parcel, XD_FIELD_MERCHANT_ID),
                                 xd_duty_regime(&tables->duty, in));
    }
}

/* What travels in the carrier's data: the number that was used, and none that may not be. */
static void
pass_number(struct xd_parcel *parcel, const struct xd_consignment *in,
            const struct xd_landed_cost *cost)
{
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        parcel->lines[i].value[XD_FIELD_REGISTRATION_NUMBER] =
            cost->number_used ? in->registration_number : XD_NONE;
    }
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
    lend_number(decider, parcel, &in);
    if (xd_duty_quote(&decider->shared->tables->duty, &in, &decider->duty, &cost)) {
        fill_values(decider, parcel, &cost);
        pass_number(parcel, &in, &cost);
    }
    report_quote(decider, parcel, &cost);
}
