/*
 * The columns of the market table, a column a parser: what a cell may say is said once, whichever
 * table it stands in.
 */
#include "reference/market_row.h"

#include <assert.h>

static bool
parse_word(struct xd_slice text, const char *const *words, unsigned count, unsigned *out)
{
    for (unsigned i = 0; i < count; i++) {
        if (xd_slice_eq(text, xd_slice_str(words[i]))) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool
parse_number(struct xd_slice text, struct xd_decimal *out)
{
    return xd_decimal_parse(text, 6, out) == XD_DECIMAL_OK && out->units >= 0;
}

static bool
parse_basis(struct xd_slice word, enum xd_basis *out)
{
    static const char *const WORDS[] = {"none",    "intrinsic", "item",   "cif",
                                        "customs", "tax",       "charges"};
    unsigned at;

    if (!parse_word(word, WORDS, 7, &at) || at == XD_BASIS_NONE) {
        return false;
    }
    *out = (enum xd_basis)at;
    return true;
}

bool
xd_threshold_parse(struct xd_slice text, struct xd_threshold *out)
{
    static const char *const EDGES[] = {"<", "<="};
    static const char *const ABOVE[] = {"cliff", "excess"};
    struct xd_slice part[5];
    unsigned edge;
    unsigned above;

    *out = (struct xd_threshold){0};
    if (text.len == 0) {
        return true;
    }
    for (unsigned i = 0; i < 5; i++) {
        if (!xd_slice_next(&text, ' ', &part[i])) {
            return false;
        }
    }
    out->currency = xd_alpha_of(part[2]);
    if (text.len || !parse_word(part[0], EDGES, 2, &edge) || !parse_number(part[1], &out->amount) ||
        out->currency < XD_ALPHA3('A', 'A', 'A') || !parse_basis(part[3], &out->basis) ||
        !parse_word(part[4], ABOVE, 2, &above)) {
        return false;
    }
    out->set = true;
    out->inclusive = edge == 1;
    out->above = (enum xd_effect_above)above;
    return true;
}

enum xd_confidence
xd_confidence_parse(struct xd_slice text)
{
    enum xd_confidence worst = XD_CONFIDENCE_OFFICIAL;

    for (size_t i = 0; i < text.len; i++) {
        enum xd_confidence one = text.ptr[i] == 'A'   ? XD_CONFIDENCE_OFFICIAL
                                 : text.ptr[i] == 'B' ? XD_CONFIDENCE_REPUTABLE
                                 : text.ptr[i] == 'C' ? XD_CONFIDENCE_CONTESTED
                                                      : XD_CONFIDENCE_RECALLED;
        if (text.ptr[i] != '/' && one > worst) {
            worst = one;
        }
    }
    return text.len ? worst : XD_CONFIDENCE_RECALLED;
}

static bool
parse_rounding(struct xd_slice text, struct xd_round_rule *out)
{
    static const char *const LEVELS[] = {"line", "total", "display"};
    static const char *const MODES[] = {"half-up", "half-even", "down", "up"};
    struct xd_slice part[3];
    unsigned level = 0;
    unsigned mode = 0;

    for (unsigned i = 0; i < 3; i++) {
        if (!xd_slice_next(&text, ' ', &part[i])) {
            return false;
        }
    }
    if (!parse_word(part[0], LEVELS, 3, &level) || !parse_word(part[1], MODES, 4, &mode) ||
        !parse_number(part[2], &out->step) || out->step.units == 0) {
        return false;
    }
    out->level = (enum xd_round_level)level;
    out->mode = (enum xd_rounding)mode;
    return true;
}

static bool
parse_channels(struct xd_slice text, uint8_t *out)
{
    static const char *const WORDS[] = {"unknown", "post", "courier", "freight"};
    struct xd_slice word;
    unsigned at;

    *out = 0;
    while (xd_slice_next(&text, ' ', &word)) {
        if (!parse_word(word, WORDS, 4, &at)) {
            return false;
        }
        *out = (uint8_t)(*out | (1U << at));
    }
    return true;
}

static bool
parse_alphas(struct xd_slice text, xd_alpha *out, size_t max)
{
    struct xd_slice word;
    size_t count = 0;

    while (xd_slice_next(&text, ' ', &word)) {
        if (count == max || (out[count++] = xd_alpha_of(word)) == 0) {
            return false;
        }
    }
    return true;
}

static bool
parse_flags(struct xd_slice text, const char *const *words, unsigned count, unsigned *bits)
{
    struct xd_slice word;
    unsigned at;

    *bits = 0;
    while (xd_slice_next(&text, ' ', &word)) {
        if (!parse_word(word, words, count, &at)) {
            return false;
        }
        *bits |= 1U << at;
    }
    return true;
}

static bool
parse_base(struct xd_slice text, unsigned *out)
{
    static const char *const TERMS[] = {"value", "goods", "freight", "insurance",
                                        "duty",  "fees",  "inside"};

    return parse_flags(text, TERMS, 7, out);
}

/* "3 EUR 6 <= 150 EUR intrinsic cliff": amount, currency, digits of the code, where it applies. */
static bool
parse_fixed(struct xd_slice text, struct xd_fixed_duty *out)
{
    struct xd_slice part[3];
    uint64_t digits;

    if (text.len == 0) {
        return true;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (!xd_slice_next(&text, ' ', &part[i])) {
            return false;
        }
    }
    if (!parse_number(part[0], &out->amount) || !(out->currency = xd_alpha_of(part[1])) ||
        !xd_slice_u64(part[2], &digits) || digits > 12 || !xd_threshold_parse(text, &out->limit)) {
        return false;
    }
    out->code_digits = (uint8_t)digits;
    out->set = true;
    return true;
}

#define CELL(name) static bool name(struct xd_slice cell, struct xd_market_rule *rule)

CELL(cell_id)
{
    rule->id = cell;
    return cell.len > 0;
}

CELL(cell_market)
{
    rule->market = xd_alpha_of(cell);
    return cell.len == 2 && rule->market && xd_is_alpha(cell.ptr[0]);
}

CELL(cell_regime)
{
    rule->regime = cell.len ? xd_alpha_of(cell) : rule->market;
    return rule->regime != 0;
}

CELL(cell_channel)
{
    return parse_channels(cell, &rule->channels);
}

CELL(cell_dispatch)
{
    return parse_alphas(cell, rule->dispatch, 4);
}

CELL(cell_registered)
{
    static const char *const WORDS[] = {"no", "yes", "", "any"};
    unsigned at = 0;

    if (!parse_word(cell, WORDS, 4, &at)) {
        return false;
    }
    rule->registered = (int8_t)(at < 2 ? at : -1U);
    return true;
}

CELL(cell_from)
{
    return xd_date_parse(cell, &rule->from);
}

CELL(cell_until)
{
    rule->until = XD_DATE_MAX;
    return cell.len == 0 || xd_date_parse(cell, &rule->until);
}

CELL(cell_currency)
{
    rule->currency = xd_alpha_of(cell);
    return cell.len == 3 && rule->currency;
}

CELL(cell_decimals)
{
    rule->decimals = (uint8_t)(cell.len == 1 ? cell.ptr[0] - '0' : 99);
    return rule->decimals <= 4;
}

CELL(cell_tax)
{
    rule->tax_name = cell;
    return true;
}

CELL(cell_tax_rate)
{
    return cell.len == 0 || parse_number(cell, &rule->tax_rate);
}

CELL(cell_duty_relief)
{
    return xd_threshold_parse(cell, &rule->duty_relief);
}

CELL(cell_tax_relief)
{
    return xd_threshold_parse(cell, &rule->tax_relief);
}

CELL(cell_relief_excludes)
{
    return xd_hs_set_parse(cell, &rule->relief_excludes);
}

CELL(cell_scheme)
{
    rule->scheme = cell;
    return true;
}

CELL(cell_scheme_limit)
{
    return xd_threshold_parse(cell, &rule->scheme_limit);
}

CELL(cell_scheme_excludes)
{
    return xd_hs_set_parse(cell, &rule->scheme_excludes);
}

CELL(cell_number_shape)
{
    rule->number_shape = cell;
    return true;
}

CELL(cell_scheme_flags)
{
    static const char *const WORDS[] = {"always", "ddu", "duty-free"};
    unsigned bits = 0;

    if (!parse_flags(cell, WORDS, 3, &bits)) {
        return false;
    }
    rule->scheme_always = bits & 1;
    rule->scheme_ddu = bits & 2;
    rule->duty_exempt = bits & 4;
    return true;
}

CELL(cell_valuation)
{
    static const char *const WORDS[] = {"cif", "fob", "weight"};
    unsigned at = 0;

    if (!parse_word(cell, WORDS, 3, &at)) {
        return cell.len == 0;
    }
    rule->valuation = (enum xd_valuation)at;
    return true;
}

CELL(cell_value_percent)
{
    rule->value_percent = (struct xd_decimal){100, 0};
    return cell.len == 0 || parse_number(cell, &rule->value_percent);
}

CELL(cell_freight_duty_percent)
{
    rule->freight_duty_percent = (struct xd_decimal){100, 0};
    return cell.len == 0 || parse_number(cell, &rule->freight_duty_percent);
}

CELL(cell_uplift_percent)
{
    return cell.len == 0 || parse_number(cell, &rule->uplift_percent);
}

CELL(cell_tax_base)
{
    return parse_base(cell, &rule->tax_base);
}

CELL(cell_scheme_base)
{
    return parse_base(cell, &rule->scheme_base);
}

CELL(cell_fixed)
{
    return parse_fixed(cell, &rule->fixed);
}

CELL(cell_fixed_flags)
{
    static const char *const WORDS[] = {"scheme-or-post", "taxed"};
    unsigned bits = 0;

    if (!parse_flags(cell, WORDS, 2, &bits)) {
        return false;
    }
    rule->fixed.scheme_or_post = bits & 1;
    rule->fixed.taxed = bits & 2;
    return true;
}

CELL(cell_round_value)
{
    return parse_rounding(cell, &rule->round_value);
}

CELL(cell_round_duty)
{
    return parse_rounding(cell, &rule->round_duty);
}

CELL(cell_round_tax)
{
    return parse_rounding(cell, &rule->round_tax);
}

CELL(cell_fx)
{
    return parse_alphas(cell, rule->fx, 3);
}

CELL(cell_fx_lag)
{
    uint64_t days = 0;

    if (cell.len && (!xd_slice_u64(cell, &days) || days > 60)) {
        return false;
    }
    rule->fx_lag = (uint8_t)days;
    return true;
}

CELL(cell_limit_fx)
{
    rule->limit_fx = xd_alpha_of(cell);
    return true;
}

CELL(cell_flags)
{
    static const char *const WORDS[] = {"held", "disputed", "no-scheme", "local-tax", "group"};
    unsigned bits = 0;

    if (!parse_flags(cell, WORDS, 5, &bits)) {
        return false;
    }
    rule->held = bits & 1;
    rule->disputed = bits & 2;
    rule->no_scheme = bits & 4;
    rule->local_tax = bits & 8;
    rule->group = bits & 16;
    return true;
}

/* "GB 3": market and per cent. */
CELL(cell_other_duty)
{
    struct xd_slice market;

    rule->other_market = 0;
    if (cell.len == 0) {
        return true;
    }
    if (!xd_slice_next(&cell, ' ', &market)) {
        return false;
    }
    rule->other_market = xd_alpha_of(market);
    return rule->other_market != 0 && parse_number(cell, &rule->other_percent);
}

CELL(cell_measures)
{
    rule->measure_names = cell;
    return true;
}

CELL(cell_confidence)
{
    rule->confidence = xd_confidence_parse(cell);
    return true;
}

CELL(cell_source)
{
    rule->source = cell;
    return true;
}

CELL(cell_source_date)
{
    rule->source_date = cell;
    return true;
}

CELL(cell_note)
{
    rule->note = cell;
    return true;
}

const struct xd_market_column XD_MARKET_COLUMNS[] = {
    {"rule_id", cell_id},
    {"?market", cell_market},
    {"?regime", cell_regime},
    {"?channel", cell_channel},
    {"?dispatch", cell_dispatch},
    {"?registered", cell_registered},
    {"?effective_from", cell_from},
    {"?effective_until", cell_until},
    {"?currency", cell_currency},
    {"?decimals", cell_decimals},
    {"?tax", cell_tax},
    {"?tax_rate", cell_tax_rate},
    {"?duty_relief", cell_duty_relief},
    {"?tax_relief", cell_tax_relief},
    {"?relief_excludes", cell_relief_excludes},
    {"?scheme", cell_scheme},
    {"?scheme_limit", cell_scheme_limit},
    {"?scheme_excludes", cell_scheme_excludes},
    {"?number_shape", cell_number_shape},
    {"?scheme_flags", cell_scheme_flags},
    {"?valuation", cell_valuation},
    {"?value_percent", cell_value_percent},
    {"?freight_duty_percent", cell_freight_duty_percent},
    {"?uplift_percent", cell_uplift_percent},
    {"?tax_base", cell_tax_base},
    {"?scheme_base", cell_scheme_base},
    {"?fixed_duty", cell_fixed},
    {"?fixed_flags", cell_fixed_flags},
    {"?measures", cell_measures},
    {"?other_duty", cell_other_duty},
    {"?round_value", cell_round_value},
    {"?round_duty", cell_round_duty},
    {"?round_tax", cell_round_tax},
    {"?fx", cell_fx},
    {"?fx_lag", cell_fx_lag},
    {"?limit_fx", cell_limit_fx},
    {"?flags", cell_flags},
    {"?confidence", cell_confidence},
    {"?source", cell_source},
    {"?source_date", cell_source_date},
    {"?note", cell_note},
};

static_assert(sizeof(XD_MARKET_COLUMNS) / sizeof(XD_MARKET_COLUMNS[0]) == XD_MARKET_COLUMN_COUNT,
              "a column without a parser");
