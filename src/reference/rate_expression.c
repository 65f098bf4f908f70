/*
 * A hand-written reader, because the language is small and a tariff prints it in a dozen dialects:
 * blanks anywhere, currency before or behind the amount, units as words or as the three-letter
 * codes of TARIC.
 */
#include "reference/rate_expression.h"

struct cursor {
    struct xd_slice text;
    size_t at;
};

static const struct unit_word {
    const char *word;
    uint8_t unit;
    struct xd_decimal per;
} UNITS[] = {
    {"kg", XD_UNIT_KG, {1, 0}},        {"kgm", XD_UNIT_KG, {1, 0}},
    {"g", XD_UNIT_KG, {1, 3}},         {"grm", XD_UNIT_KG, {1, 3}},
    {"dtn", XD_UNIT_KG, {100, 0}},     {"tne", XD_UNIT_KG, {1000, 0}},
    {"t", XD_UNIT_KG, {1000, 0}},      {"tonne", XD_UNIT_KG, {1000, 0}},
    {"item", XD_UNIT_ITEM, {1, 0}},    {"items", XD_UNIT_ITEM, {1, 0}},
    {"nar", XD_UNIT_ITEM, {1, 0}},     {"p/st", XD_UNIT_ITEM, {1, 0}},
    {"piece", XD_UNIT_ITEM, {1, 0}},   {"pieces", XD_UNIT_ITEM, {1, 0}},
    {"each", XD_UNIT_ITEM, {1, 0}},    {"no", XD_UNIT_ITEM, {1, 0}},
    {"u", XD_UNIT_ITEM, {1, 0}},       {"dozen", XD_UNIT_ITEM, {12, 0}},
    {"doz", XD_UNIT_ITEM, {12, 0}},    {"pair", XD_UNIT_PAIR, {1, 0}},
    {"pairs", XD_UNIT_PAIR, {1, 0}},   {"pr", XD_UNIT_PAIR, {1, 0}},
    {"prs", XD_UNIT_PAIR, {1, 0}},     {"npr", XD_UNIT_PAIR, {1, 0}},
    {"pa", XD_UNIT_PAIR, {1, 0}},      {"l", XD_UNIT_LITRE, {1, 0}},
    {"litre", XD_UNIT_LITRE, {1, 0}},  {"liter", XD_UNIT_LITRE, {1, 0}},
    {"liters", XD_UNIT_LITRE, {1, 0}}, {"litres", XD_UNIT_LITRE, {1, 0}},
    {"ltr", XD_UNIT_LITRE, {1, 0}},    {"hl", XD_UNIT_LITRE, {100, 0}},
    {"hlt", XD_UNIT_LITRE, {100, 0}},  {"m", XD_UNIT_M, {1, 0}},
    {"mtr", XD_UNIT_M, {1, 0}},        {"m2", XD_UNIT_M2, {1, 0}},
    {"mtk", XD_UNIT_M2, {1, 0}},       {"m3", XD_UNIT_M3, {1, 0}},
    {"mtq", XD_UNIT_M3, {1, 0}},       {"carat", XD_UNIT_CARAT, {1, 0}},
    {"carats", XD_UNIT_CARAT, {1, 0}}, {"ctm", XD_UNIT_CARAT, {1, 0}},
    {"asv", XD_UNIT_ASV_HL, {1, 0}},   {"%vol/hl", XD_UNIT_ASV_HL, {1, 0}},
    {"%", XD_UNIT_ASV_HL, {1, 0}},
};

bool
xd_unit_find(struct xd_slice word, enum xd_unit *unit, struct xd_decimal *per)
{
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
        if (xd_slice_ieq(word, xd_slice_str(UNITS[i].word))) {
            *unit = (enum xd_unit)UNITS[i].unit;
            *per = UNITS[i].per;
            return true;
        }
    }
    return false;
}

const char *
xd_unit_name(enum xd_unit unit)
{
    static const char *const NAMES[XD_UNIT_COUNT] = {"",  "kg", "item", "pair",  "l",
                                                     "m", "m2", "m3",   "carat", "% vol/hl"};

    return NAMES[unit];
}

static void
skip_blanks(struct cursor *c)
{
    while (c->at < c->text.len && (xd_is_blank(c->text.ptr[c->at]))) {
        c->at++;
    }
}

static char
peek(struct cursor *c)
{
    skip_blanks(c);
    return c->at < c->text.len ? c->text.ptr[c->at] : '\0';
}

static bool
take(struct cursor *c, char wanted)
{
    if (peek(c) != wanted) {
        return false;
    }
    c->at++;
    return true;
}

/* A run of letters and digits, without moving on. */
static struct xd_slice
peek_word(struct cursor *c)
{
    size_t end;

    skip_blanks(c);
    for (end = c->at; end < c->text.len; end++) {
        char ch = c->text.ptr[end];
        if (!xd_is_alpha(ch) && !xd_is_digit(ch)) {
            break;
        }
    }
    return xd_slice_sub(c->text, c->at, end - c->at);
}

static bool
take_word(struct cursor *c, const char *wanted)
{
    struct xd_slice word = peek_word(c);

    if (word.len == 0 || !xd_slice_ieq(word, xd_slice_str(wanted))) {
        return false;
    }
    c->at += word.len;
    return true;
}

static bool
take_number(struct cursor *c, struct xd_decimal *out)
{
    size_t end;

    skip_blanks(c);
    for (end = c->at; end < c->text.len; end++) {
        if (!xd_is_digit(c->text.ptr[end]) && c->text.ptr[end] != '.') {
            break;
        }
    }
    struct xd_slice digits = xd_slice_sub(c->text, c->at, end - c->at);
    if (xd_decimal_parse(digits, 6, out) != XD_DECIMAL_OK) {
        return false;
    }
    c->at = end;
    return true;
}

/* Three letters that are no word of the language. */
static bool
take_currency(struct cursor *c, xd_alpha *out)
{
    struct xd_slice word = peek_word(c);
    xd_alpha code = word.len == 3 ? xd_alpha_of(word) : 0;

    if (code < XD_ALPHA3('A', 'A', 'A') || xd_is_digit(word.ptr[0]) ||
        xd_slice_ieq(word, XD_LIT("min")) || xd_slice_ieq(word, XD_LIT("max"))) {
        return false;
    }
    c->at += word.len;
    *out = code;
    return true;
}

/* "kg", "p/st", "m2", "% vol / hl": the unit, and how many of it the text means by one. */
static bool
take_unit_name(struct cursor *c, enum xd_unit *unit, struct xd_decimal *multiple)
{
    struct xd_slice word = peek_word(c);
    size_t len = word.len;

    if (take(c, '%')) {
        *unit = XD_UNIT_ASV_HL;
        *multiple = (struct xd_decimal){1, 0};
        return !take_word(c, "vol") || (take(c, '/') && take_word(c, "hl"));
    }
    if (len == 1 && c->at + 4 <= c->text.len &&
        xd_slice_ieq(xd_slice_sub(c->text, c->at, 4), XD_LIT("p/st"))) {
        len = 4;
    }
    if (len == 0 || !xd_unit_find(xd_slice_sub(c->text, c->at, len), unit, multiple)) {
        return false;
    }
    c->at += len;
    return true;
}

/* The unit with a count in front or "/ net" behind, as in "100 kg / net": sets unit and per. */
static bool
take_unit(struct cursor *c, struct xd_rate_term *term)
{
    struct xd_decimal count = {1, 0};
    struct xd_decimal multiple;
    enum xd_unit unit;

    if (xd_is_digit(peek(c)) && !take_number(c, &count)) {
        return false;
    }
    if (!take_unit_name(c, &unit, &multiple)) {
        return false;
    }
    term->unit = (uint8_t)unit;
    if (__builtin_mul_overflow(count.units, multiple.units, &term->per.units)) {
        return false;
    }
    term->per.scale = (uint8_t)(count.scale + multiple.scale);
    size_t mark = c->at;
    if (take(c, '/') && !take_word(c, "net") && !take_word(c, "gross")) {
        c->at = mark;
    }
    return count.units > 0;
}

static bool
take_term(struct cursor *c, struct xd_rate_term *term)
{
    bool currency = take_currency(c, &term->currency);

    if (!take_number(c, &term->value)) {
        return false;
    }
    if (!currency && take(c, '%')) {
        term->kind = XD_TERM_PERCENT;
        return true;
    }
    if (!currency && !take_currency(c, &term->currency)) {
        return false;
    }
    term->kind = XD_TERM_AMOUNT;
    term->per = (struct xd_decimal){1, 0};
    size_t mark = c->at;
    bool slash = take(c, '/') || take_word(c, "per");
    if (slash || (peek(c) && peek(c) != '+' && peek(c) != '-')) {
        if (take_unit(c, term)) {
            term->kind = XD_TERM_SPECIFIC;
            return true;
        }
        c->at = mark;
        return !slash;
    }
    return true;
}

static bool
take_join(struct cursor *c, uint8_t *join)
{
    if (take(c, '+')) {
        *join = XD_JOIN_PLUS;
    } else if (take(c, '-')) {
        *join = XD_JOIN_MINUS;
    } else if (take_word(c, "min")) {
        *join = XD_JOIN_MIN;
    } else if (take_word(c, "max")) {
        *join = XD_JOIN_MAX;
    } else {
        return false;
    }
    return true;
}

static bool
take_sum(struct cursor *c, struct xd_rate_term *terms, struct xd_rate_expression *out)
{
    uint8_t join = XD_JOIN_PLUS;

    do {
        if (out->count == XD_RATE_TERMS_MAX) {
            return false;
        }
        struct xd_rate_term *term = &terms[out->count];
        *term = (struct xd_rate_term){.join = join};
        if (!take_term(c, term)) {
            return false;
        }
        out->count++;
    } while (take_join(c, &join));
    return true;
}

static bool
take_range(struct cursor *c, struct xd_rate_term *terms, struct xd_rate_expression *out)
{
    out->shape = XD_RATE_RANGE;
    out->count = 2;
    terms[0] = (struct xd_rate_term){0};
    terms[1] = (struct xd_rate_term){0};
    return take_term(c, &terms[0]) && take_word(c, "to") && take_term(c, &terms[1]);
}

bool
xd_rate_expression_parse(struct xd_slice text, struct xd_rate_term terms[XD_RATE_TERMS_MAX],
                         struct xd_rate_expression *out, size_t *bad)
{
    struct cursor c = {text, 0};
    bool ok;

    *out = (struct xd_rate_expression){.shape = XD_RATE_TERMS, .terms = terms};
    if (take_word(&c, "free") || take_word(&c, "nihil")) {
        ok = true;
    } else if (take_word(&c, "range")) {
        ok = take_range(&c, terms, out);
    } else {
        out->shape = take_word(&c, "topup") ? XD_RATE_TOP_UP : XD_RATE_TERMS;
        ok = take_sum(&c, terms, out);
    }
    if (ok && peek(&c) == '\0') {
        return true;
    }
    *bad = c.at;
    *out = (struct xd_rate_expression){.shape = XD_RATE_PROSE};
    return false;
}

bool
xd_rate_is_ad_valorem(const struct xd_rate_expression *expression)
{
    for (size_t i = 0; i < expression->count; i++) {
        if (expression->terms[i].kind != XD_TERM_PERCENT) {
            return false;
        }
    }
    return expression->shape == XD_RATE_TERMS;
}
