/*
 * What the steps of a quote hand on to each other. Private to this room: the outside sees quote.h.
 */
#ifndef XD_DUTY_WORK_H
#define XD_DUTY_WORK_H

#include "duty/quote.h"

/* One line while it is being reckoned, in the market's currency. */
struct xd_duty_work {
    xd_amount goods;
    xd_amount freight;
    xd_amount insurance;
    xd_amount value;          /* customs value */
    xd_amount exact_value;    /* the same before it was rounded: what thresholds are tested on */
    xd_amount freight_valued; /* the part of freight and insurance that is in it */
    xd_amount insured_valued;
    xd_amount duty;
    xd_amount duty_low;
    xd_amount duty_high;
    xd_amount base_fee; /* fees that enter the tax base */
    xd_amount fee;      /* all fees, base_fee among them */
    xd_amount tax;
    uint64_t code;  /* packed tariff code */
    uint8_t digits; /* of it */
    uint64_t item;  /* hash of what makes a declared item */
    bool ranged;    /* the duty is the upper end of a range */
    bool unknown;   /* ... or cannot be told at all: words, or a quantity that nobody stated */
};

struct xd_quote {
    const struct xd_duty_rules *rules;
    const struct xd_consignment *in;
    struct xd_duty_ctx *ctx;
    struct xd_landed_cost *out;
    const struct xd_market_rule *rule; /* import regime */
    const struct xd_market_rule
        *tax_rule; /* tax rate and currency: the same row but for EU members */
    struct xd_duty_work *work;
    size_t count;
    xd_amount minor;         /* one minor unit */
    xd_alpha invoiced;       /* the currency of all lines; 0: they have several */
    xd_amount invoiced_sum;  /* of the goods, in it */
    xd_amount invoiced_item; /* of the dearest item */
    bool indicative;         /* said already of the tariff */
    bool fx_indicative;      /* ... of an exchange rate */
    bool has_number;
    bool scheme;   /* the seller collects the tax */
    bool domestic; /* dispatched within the customs territory: no import */
    bool failed;
};

/* The figures of all lines at one stage, as a member of xd_duty_work. */
#define XD_WORK_MEMBER(work, offset) ((xd_amount *)(void *)((char *)(work) + (offset)))

/* ---- quote.c ---- */
void xd_quote_finding(struct xd_quote *q, enum xd_finding_code code, uint32_t line,
                      struct xd_slice subject);
void xd_quote_finding_range(struct xd_quote *q, enum xd_finding_code code, uint32_t line,
                            struct xd_slice subject, xd_amount low, xd_amount high);
/* A finding after which no figure can be given. Always false. */
bool xd_quote_fail(struct xd_quote *q, enum xd_finding_code code, uint32_t line,
                   struct xd_slice subject);
/* Names the row as one that made a figure of the line (or XD_DUTY_WHOLE: of all). */
void xd_quote_rule_id(struct xd_quote *q, uint32_t line, struct xd_slice id);
/* C and R rows do not pass in silence. */
void xd_quote_confidence(struct xd_quote *q, enum xd_confidence confidence, struct xd_slice id);

/* ---- explain.c: no-ops unless the context records steps ---- */
void xd_quote_record(struct xd_quote *q, const struct xd_duty_step *step);

/* A macro, so that a step that nobody asked for is not even filled in. */
#define XD_QUOTE_STEP(q, ...)                                                                      \
    do {                                                                                           \
        if ((q)->ctx->explain) {                                                                   \
            xd_quote_record((q), __VA_ARGS__);                                                     \
        }                                                                                          \
    } while (0)

/* Text in the context's arena; empty when it does not record steps. */
struct xd_slice xd_quote_text(struct xd_quote *q, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "20 %" */
struct xd_slice xd_quote_percent_text(struct xd_quote *q, struct xd_decimal percent);

/* "17 % inside: x / (100 - x)" */
struct xd_slice xd_quote_inside_text(struct xd_quote *q, struct xd_decimal percent);

struct xd_named_amount {
    const char *name;
    xd_amount amount;
};

/* "goods 40.00 + freight 3.333333": the terms that are not 0. */
struct xd_slice xd_quote_sum_text(struct xd_quote *q, const struct xd_named_amount *terms,
                                  size_t count);

/* ---- exchange.c ---- */
/* The rate, said and shown as it has to be, or NULL after a finding. It lives until the next one is
 * asked for. */
const struct xd_fx_rate *xd_quote_fx(struct xd_quote *q, xd_alpha from, xd_alpha to, bool limit);
bool xd_quote_apply_fx(struct xd_quote *q, const struct xd_fx_rate *rate, xd_amount amount,
                       xd_amount *out);
/* The amount in another currency at the market's rate; `limit` takes the rate for thresholds. */
bool xd_quote_convert(struct xd_quote *q, xd_amount amount, xd_alpha from, xd_alpha to, bool limit,
                      xd_amount *out);

/* ---- value.c ---- */
bool xd_quote_values(struct xd_quote *q);
/* Whether the consignment is within the limit, which `what` names (a literal); `computed` is the
 * amount that XD_BASIS_TAX means. */
bool xd_quote_within(struct xd_quote *q, const char *what, const struct xd_threshold *limit,
                     xd_amount computed, bool *within);
/* The sum of a member over all lines, rounded as its own total would be shown. */
xd_amount xd_quote_rounded_sum(const struct xd_quote *q, size_t member,
                               const struct xd_round_rule *rule);
/* Rounds the member of all lines as the rule says and gives the consignment's figure; `shown` are
 * the lines' figures in minor units, adding up to it. */
bool xd_quote_settle(struct xd_quote *q, size_t member, const struct xd_round_rule *rule,
                     const char *what, size_t shown, int64_t *total);

/* ---- rate.c ---- */
/* What the expression comes to for a line. `column1` is what a top-up is measured against; amounts
 * without a unit count once for the consignment and are shared by value. False after a finding when
 * it cannot be told (*out is then 0). */
bool xd_quote_rate(struct xd_quote *q, uint32_t line, const struct xd_rate_expression *rate,
                   xd_amount base, xd_amount column1, xd_amount *out);

/* ---- duty.c, tariff_duty.c, tax.c, charge.c, collect.c ---- */
bool xd_quote_duty(struct xd_quote *q);
bool xd_quote_tariff_duty(struct xd_quote *q, uint32_t line, xd_amount base);
void xd_quote_scheme(struct xd_quote *q);
bool xd_quote_tax(struct xd_quote *q);
bool xd_quote_base_fees(struct xd_quote *q);
bool xd_quote_fees(struct xd_quote *q);
void xd_quote_collect(struct xd_quote *q);
size_t xd_quote_items(struct xd_quote *q);

#endif
