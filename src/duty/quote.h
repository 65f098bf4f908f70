/*
 * Landed cost of one consignment: customs value, duty, tax and fees, for each line and in all,
 * under the rules in force on one day. A pure function of its arguments: no clock, no file, no
 * floating point, no state kept between quotes but memory that is used again.
 *
 * A consignment here is one parcel: thresholds are tested on what travels together, not on the
 * order it came from.
 */
#ifndef XD_DUTY_QUOTE_H
#define XD_DUTY_QUOTE_H

#include "duty/amount.h"
#include "finding_codes.h"
#include "reference/air_freight.h"
#include "reference/fee.h"
#include "reference/fx.h"
#include "reference/market.h"
#include "reference/tariff.h"
#include "reference/tax_rate.h"

/* Everything that is looked up; constant while quotes are made, shared by all threads. */
struct xd_duty_rules {
    struct xd_markets markets;
    struct xd_tax_rates tax_rates;
    struct xd_simplified simplified;
    struct xd_fees fees;
    struct xd_air_freight air_freight;
    struct xd_tariff tariff;
    struct xd_fx fx;
};

/* Operator's tables laid over the built-in ones; each may be empty. The names are for messages. */
struct xd_duty_tables {
    struct xd_slice rules;
    struct xd_slice tariff;
    struct xd_slice fx;
    const char *rules_name;
    const char *tariff_name;
    const char *fx_name;
};

/* `given` may be NULL. The texts must live as long as the rules. */
bool xd_duty_rules_load(struct xd_duty_rules *rules, const struct xd_tables *tables,
                        const struct xd_duty_tables *given, struct xd_error *err);

/* Who pays what is due at the border, and what checkout has collected beforehand. */
enum xd_incoterm {
    XD_INCOTERM_DDU,          /* DAP too: the recipient pays at the border */
    XD_INCOTERM_DDP,          /* the seller pays all */
    XD_INCOTERM_HIDDEN_DDP,   /* the same, inside the product price */
    XD_INCOTERM_PARTIAL_DUTY, /* the seller pays duty and fees, the recipient tax */
    XD_INCOTERM_PARTIAL_TAX,  /* the seller pays tax, the recipient duty and fees */
};

/* "DDP", "DDU", "DAP", "hidden-ddp", "partial-ddp-duty", "partial-ddp-tax"; letters of either case.
 * False otherwise. */
bool xd_incoterm_parse(struct xd_slice text, enum xd_incoterm *out);

/* "post", "courier", "freight", and "air-courier", "air" for the latter two when the freight is of
 * air transport; empty is unknown. False otherwise. */
bool xd_channel_parse(struct xd_slice text, enum xd_channel *out, bool *by_air);

/* A decimal that may not be known. */
struct xd_maybe {
    bool known;
    struct xd_decimal value;
};

struct xd_duty_line {
    uint32_t number;         /* the line number of the document: settles where a remainder goes */
    struct xd_slice hs_code; /* digits; empty when unknown */
    struct xd_slice description;
    xd_alpha origin;              /* 0: unknown */
    xd_alpha currency;            /* 0: the consignment's */
    struct xd_decimal quantity;   /* > 0 */
    struct xd_decimal unit_price; /* >= 0 */
    struct xd_maybe gross_kg;     /* of the whole line */
    struct xd_maybe net_kg;       /* of the whole line */
    struct xd_maybe supplementary;
    enum xd_unit supplementary_unit;
    struct xd_slice
        preference; /* a claimed preference for which proof is held: "USMCA"; empty: none */
};

struct xd_consignment {
    xd_alpha destination;   /* market: country, or the territory's own code (XI, IC, AX ...) as the
                               address check found */
    struct xd_slice region; /* province or state, where rates depend on it: "ON" */
    xd_alpha dispatch;      /* country it is shipped from; 0 unknown */
    xd_date date;           /* the day the rules and rates are taken on */
    xd_alpha currency;
    struct xd_decimal freight; /* in `currency`; 0 when it is in the prices */
    struct xd_decimal insurance;
    enum xd_incoterm incoterm;
    enum xd_channel channel;
    bool by_air; /* the freight is that of air transport: a share of it may be left out of the duty
                    base */
    struct xd_slice carrier;             /* for the fees of one carrier: "dhl"; may be empty */
    struct xd_slice registration_number; /* IOSS, VOEC, GST, UK VAT ... */
    struct xd_maybe collected_duty;      /* by checkout, in `currency` */
    struct xd_maybe collected_tax;
    bool outside_customs; /* a place outside the customs territory of its country (Livigno,
                             Heligoland) */
    bool outside_tax;     /* ... outside its tax territory (Campione) */
    bool allot_by_weight; /* freight and insurance go over the lines by gross weight instead of
                             value */
    const struct xd_duty_line *lines;
    size_t line_count; /* >= 1 */
};

enum xd_collector {
    XD_COLLECTOR_NONE, /* nothing is due */
    XD_COLLECTOR_SELLER,
    XD_COLLECTOR_POST,
    XD_COLLECTOR_COURIER,
    XD_COLLECTOR_CUSTOMS,
};

const char *xd_collector_name(enum xd_collector collector);

/* All in minor units of the market's currency; they add up: total = duty + tax + fees. */
struct xd_landed_amounts {
    int64_t customs_value;
    int64_t duty;
    int64_t tax;
    int64_t fees;
    int64_t total; /* what the state and the carrier take; the goods are not in it */
};

#define XD_RULE_IDS_MAX 10

/* Which rows made the figures, each once, in the order in which they were used. */
struct xd_rule_ids {
    struct xd_slice of[XD_RULE_IDS_MAX];
    uint8_t count;
};

/* Sums that could not be told, as bits: what they hold is what is known of them, a lower bound. */
enum xd_unknown_sum {
    XD_UNKNOWN_DUTY = 1,
    XD_UNKNOWN_TAX = 2, /* because the duty is in its base */
};

struct xd_landed_line {
    struct xd_landed_amounts amounts;
    unsigned unknown; /* enum xd_unknown_sum */
    int64_t duty_low; /* where the rate is not known: the range; otherwise both equal to the duty */
    int64_t duty_high;
    struct xd_rule_ids rules;
};

#define XD_DUTY_WHOLE UINT32_MAX /* about the consignment, not one line */

/* What there is to say of a quote. `subject` is what it is about (a code, a rule, a currency),
 * where `low` and `high` are a range or an amount, in minor units of the market's currency. */
struct xd_duty_finding {
    enum xd_finding_code code;
    uint32_t line; /* index, or XD_DUTY_WHOLE */
    struct xd_slice subject;
    bool has_range;
    int64_t low;
    int64_t high;
};

#define XD_DUTY_FINDINGS_MAX                                                                       \
    64 /* of one consignment; more are dropped, the first are the causes                           \
        */

/* One step of a sum, so that it can be redone on paper: result = base (rate) rounded. */
struct xd_duty_step {
    const char *what; /* "goods", "duty", "tax" ...; a literal */
    uint32_t line;    /* index, or XD_DUTY_WHOLE */
    xd_amount base;   /* what the rate is applied to, in `base_currency` */
    xd_alpha base_currency;
    struct xd_slice rate; /* "20 %", "1.1564 EUR/GBP hmrc", "<= 135 GBP intrinsic": how the result
                             comes about */
    xd_amount result;
    xd_alpha currency;
    const struct xd_round_rule *rounding; /* NULL: exact */
    struct xd_slice rule_id;
    struct xd_slice source;
    struct xd_slice source_date;
};

struct xd_landed_cost {
    xd_alpha market;
    xd_alpha currency;
    uint8_t decimals;                  /* minor units of `currency` */
    const struct xd_market_rule *rule; /* NULL when the market has none */
    const struct xd_market_rule *tax_rule;
    struct xd_landed_amounts amounts;
    unsigned unknown; /* enum xd_unknown_sum, of any line */
    struct xd_landed_line
        *lines; /* one for each line; live until the next quote with the same context */
    struct xd_rule_ids rules;
    enum xd_collector duty_collector;
    enum xd_collector tax_collector;
    bool scheme; /* the seller collects the tax; its number must be in the carrier data, not on the
                    invoice */
    bool number_used;    /* the number that was given is the one */
    bool ship_ddu;       /* travels as DDU whatever was agreed at checkout (Switzerland) */
    bool combined;       /* one rate stands for duty and tax; it is in `duty` */
    int64_t seller_duty; /* duty and fees that the seller has to bear under the incoterm */
    int64_t seller_tax;
    bool has_subsidy; /* checkout's figures were given */
    int64_t subsidy;  /* what the seller bears beyond what checkout collected; negative: collected
                         too much */
    const struct xd_duty_finding *findings;
    size_t finding_count;
    const struct xd_duty_step *steps; /* only when the context records them */
    size_t step_count;
};

struct xd_duty_work;
struct xd_duty_memo;

#define XD_FX_CACHED 256

/* A rate that was found, with what else it was asked by. */
struct xd_fx_cached {
    struct xd_fx_rate rate;
    xd_date date;
    const xd_alpha *sources;
};

/* Scratch of one thread, and what it has looked up before. Zero it, give it an arena, use it for
 * quote after quote; reset it when other rules were loaded into the same place. */
struct xd_duty_ctx {
    struct xd_arena *arena; /* grows to the largest consignment and is used again */
    bool explain; /* record steps; their texts are allocated in `arena` too, so reset it now and
                     then */
    const struct xd_duty_rules *rules; /* private: those that the caches speak of */
    struct xd_duty_memo *memo;         /* private */
    struct xd_duty_work *work;         /* private */
    size_t room;                       /* private */
    struct xd_landed_line *landed;     /* private */
    struct xd_share *shares;           /* private */
    struct xd_duty_finding findings[XD_DUTY_FINDINGS_MAX];
    struct xd_duty_step *steps;                 /* private */
    size_t step_room;                           /* private */
    struct xd_fx_cached fx_cache[XD_FX_CACHED]; /* private */
};

/* Forgets the memory of the context and what was looked up; to be called when its arena was reset.
 */
void xd_duty_ctx_reset(struct xd_duty_ctx *ctx);

/*
 * Makes the quote. False when no figure could be given: an unknown market, a missing exchange rate,
 * an overflow or memory; the findings of *out say which, and its amounts are zero.
 */
bool xd_duty_quote(const struct xd_duty_rules *rules, const struct xd_consignment *in,
                   struct xd_duty_ctx *ctx, struct xd_landed_cost *out);

/* The market whose import rules the consignment falls under (EU for a member state); 0: none is
 * held. What the seller's number has to be of. */
xd_alpha xd_duty_regime(const struct xd_duty_rules *rules, const struct xd_consignment *in);

#endif
