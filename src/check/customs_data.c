/*
 * Customs stops a parcel for what is missing or cannot be true: a code shorter than the tariff of
 * the destination, a value or weight that nobody ships. What is plausible stands in tables.
 */
#include "check/customs_data.h"

void
xd_hs_length_check(const struct xd_customs_tables *tables, uint16_t destination,
                   struct xd_slice hs_code, struct xd_diagnosis *out)
{
    const struct xd_hs_length *length =
        xd_hs_length_find(tables->rules, destination, tables->as_of);
    struct xd_slice name = destination == XD_COUNTRY_NONE
                               ? XD_LIT("the destination")
                               : tables->countries->of[destination].alpha2;
    size_t digits = 0;

    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    for (size_t i = 0; i < hs_code.len; i++) {
        digits += xd_is_digit(hs_code.ptr[i]);
    }
    if (digits == 0) {
        xd_diagnose(out, XD_F_HS_CODE_MISSING, 0, hs_code.len, "%.*s wants %u digits", XD_FMT(name),
                    length->least);
    } else if (digits < length->least) {
        xd_diagnose(out, XD_F_HS_CODE_TOO_SHORT, 0, hs_code.len,
                    "%zu digits; %.*s wants %u at least", digits, XD_FMT(name), length->least);
    } else if (digits > length->full) {
        xd_diagnose(out, XD_F_HS_CODE_TOO_LONG, 0, hs_code.len,
                    "%zu digits; the tariff of %.*s has %u", digits, XD_FMT(name), length->full);
    }
}

/* Is this currency, on this day, one that goods are priced in? */
static void
check_currency_day(const struct xd_currencies *currencies, uint16_t currency, xd_date day,
                   struct xd_diagnosis *out)
{
    const struct xd_currency *row;
    char text[XD_DATE_TEXT];

    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    if (currency == XD_CURRENCY_NONE) {
        return;
    }
    row = &currencies->of[currency];
    if (!row->payable) {
        xd_diagnose(out, XD_F_CURRENCY_NOT_IN_FORCE, 0, row->code.len, "nothing is priced in %.*s",
                    XD_FMT(row->code));
    } else if (day > row->effective_until) {
        xd_date_format(row->effective_until, text);
        xd_diagnose(out, XD_F_CURRENCY_NOT_IN_FORCE, 0, row->code.len, "%.*s ended on %.*s",
                    XD_FMT(row->code), XD_DATE_TEXT, text);
    } else if (day < row->effective_from) {
        xd_date_format(row->effective_from, text);
        xd_diagnose(out, XD_F_CURRENCY_NOT_IN_FORCE, 0, row->code.len, "%.*s begins on %.*s",
                    XD_FMT(row->code), XD_DATE_TEXT, text);
    }
}

static void
keep(struct xd_customs_result *result, enum xd_field field, const struct xd_diagnosis *diagnosis)
{
    if (diagnosis->code != XD_F_NONE && result->count < XD_CUSTOMS_FINDINGS) {
        result->of[result->count++] = (struct xd_customs_finding){field, *diagnosis};
    }
}

static bool
is_plausible(const struct xd_customs_rules *rules, enum xd_plausible what, uint64_t number)
{
    return number >= rules->plausible[what].low && number <= rules->plausible[what].high;
}

/* Minor units as if the currency had two decimals. */
static uint64_t
cents_of(const struct xd_currencies *currencies, const struct xd_customs_line *line)
{
    unsigned decimals =
        line->currency == XD_CURRENCY_NONE ? 2 : currencies->of[line->currency].minor_units;
    uint64_t value = line->value_minor < 0 ? 0 : (uint64_t)line->value_minor;

    for (; decimals < 2 && value < UINT64_MAX / 10; decimals++) {
        value *= 10;
    }
    for (; decimals > 2; decimals--) {
        value /= 10;
    }
    return value;
}

static void
check_numbers(const struct xd_customs_tables *tables, const struct xd_customs_line *line,
              struct xd_customs_result *result)
{
    const struct xd_customs_rules *rules = tables->rules;
    uint64_t cents = cents_of(tables->currencies, line);
    struct xd_diagnosis out;

    if (line->has_value && !is_plausible(rules, XD_PLAUSIBLE_ITEM_VALUE, cents)) {
        xd_diagnose(&out, XD_F_VALUE_IMPLAUSIBLE, 0, 0, "%s",
                    cents ? "a piece is worth more than a million" : "a piece is worth nothing");
        keep(result, XD_FIELD_UNIT_PRICE, &out);
    }
    if (line->has_weight && !is_plausible(rules, XD_PLAUSIBLE_ITEM_WEIGHT, line->weight_g)) {
        xd_diagnose(&out, XD_F_WEIGHT_IMPLAUSIBLE, 0, 0, "%llu g a piece; %llu to %llu expected",
                    (unsigned long long)line->weight_g,
                    (unsigned long long)rules->plausible[XD_PLAUSIBLE_ITEM_WEIGHT].low,
                    (unsigned long long)rules->plausible[XD_PLAUSIBLE_ITEM_WEIGHT].high);
        keep(result, XD_FIELD_WEIGHT_G, &out);
        return;
    }
    if (line->has_value && line->has_weight && line->weight_g && cents &&
        cents < UINT64_MAX / 1000 &&
        !is_plausible(rules, XD_PLAUSIBLE_VALUE_PER_KG, cents * 1000 / line->weight_g)) {
        xd_diagnose(&out, XD_F_VALUE_IMPLAUSIBLE, 0, 0, "%llu.%02llu a kilogram",
                    (unsigned long long)(cents * 1000 / line->weight_g / 100),
                    (unsigned long long)(cents * 1000 / line->weight_g % 100));
        keep(result, XD_FIELD_UNIT_PRICE, &out);
    }
}

size_t
xd_customs_line_check(const struct xd_customs_tables *tables, uint16_t destination,
                      const struct xd_customs_line *line, struct xd_customs_result *result)
{
    struct xd_diagnosis out;

    result->count = 0;
    xd_description_check(tables->rules, line->description, &out);
    keep(result, XD_FIELD_DESCRIPTION, &out);
    xd_hs_length_check(tables, destination, line->hs_code, &out);
    keep(result, XD_FIELD_HS_CODE, &out);
    if (xd_slice_trim(line->origin).len == 0) {
        xd_diagnose(&out, XD_F_ORIGIN_MISSING, 0, 0, "%s", "");
        keep(result, XD_FIELD_ORIGIN_COUNTRY, &out);
    } else if (xd_country_guess(tables->countries, line->origin).country == XD_COUNTRY_NONE) {
        xd_diagnose(&out, XD_F_COUNTRY_UNKNOWN, 0, line->origin.len, "%s", "as country of origin");
        keep(result, XD_FIELD_ORIGIN_COUNTRY, &out);
    }
    check_currency_day(tables->currencies, line->currency, tables->as_of, &out);
    keep(result, XD_FIELD_CURRENCY, &out);
    check_numbers(tables, line, result);
    return result->count;
}

bool
xd_windsor_applies(struct xd_slice sender_country, struct xd_slice receiver_postal_code)
{
    return xd_slice_eq(sender_country, XD_LIT("GB")) && receiver_postal_code.len > 2 &&
           xd_slice_starts(receiver_postal_code, XD_LIT("BT")) &&
           xd_is_digit(receiver_postal_code.ptr[2]);
}

size_t
xd_windsor_check(const struct xd_customs_rules *rules, bool to_business, unsigned has, xd_date day,
                 size_t at, struct xd_diagnosis *out)
{
    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    for (; at < rules->windsor_count; at++) {
        const struct xd_windsor_rule *rule = &rules->windsor[at];
        if (rule->business == to_business && !(rule->wanted & has) && rule->from <= day &&
            day <= rule->until) {
            xd_diagnose(out, XD_F_WINDSOR_DATA_MISSING, 0, 0, "%.*s", XD_FMT(rule->text));
            return at;
        }
    }
    return at;
}

void
xd_parcel_weight_check(const struct xd_customs_rules *rules, uint64_t grams,
                       struct xd_diagnosis *out)
{
    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    if (!is_plausible(rules, XD_PLAUSIBLE_PARCEL_WEIGHT, grams)) {
        xd_diagnose(out, XD_F_WEIGHT_IMPLAUSIBLE, 0, 0, "%llu g a parcel; %llu to %llu expected",
                    (unsigned long long)grams,
                    (unsigned long long)rules->plausible[XD_PLAUSIBLE_PARCEL_WEIGHT].low,
                    (unsigned long long)rules->plausible[XD_PLAUSIBLE_PARCEL_WEIGHT].high);
    }
}
