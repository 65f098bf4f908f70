/*
 * What a market asks of a parcel on a day: thresholds, who collects, what duty and tax are computed
 * on, rounding. A law that changes is a new row with a new effective date; nothing of it is known
 * to the code that computes. Where officials or advisers disagree, the point is a switch in the
 * row, and the row says how far it can be trusted.
 */
#ifndef XD_REFERENCE_MARKET_H
#define XD_REFERENCE_MARKET_H

#include "base/date.h"
#include "base/decimal.h"
#include "reference/alpha.h"
#include "reference/embedded.h"

#define XD_HS_DIGITS_MAX 12

/* The digits of a tariff code, four bits each, one more than the digit so that "0101" is not "101";
 * from the top. Stops at what is no digit and behind XD_HS_DIGITS_MAX. */
static inline uint64_t
xd_hs_pack(struct xd_slice code)
{
    uint64_t packed = 0;

    for (size_t i = 0; i < code.len && i < XD_HS_DIGITS_MAX && xd_is_digit(code.ptr[i]); i++) {
        packed |= (uint64_t)(code.ptr[i] - '0' + 1) << (60 - 4 * i);
    }
    return packed;
}

#define XD_HS_SET_MAX 24

/* A set of codes, by their prefixes: "2203,24". */
struct xd_hs_set {
    uint8_t count;
    uint8_t digits[XD_HS_SET_MAX];
    uint64_t prefixes[XD_HS_SET_MAX];
};

/* False when the text is not a comma-separated list of digits, or too long. */
bool xd_hs_set_parse(struct xd_slice text, struct xd_hs_set *out);

/* Whether the packed code starts with one of the prefixes. */
static inline bool
xd_hs_set_has(const struct xd_hs_set *set, uint64_t packed)
{
    for (uint8_t i = 0; i < set->count; i++) {
        if ((packed & (UINT64_MAX << (64 - 4 * set->digits[i]))) == set->prefixes[i]) {
            return true;
        }
    }
    return false;
}

/* Where the rows of one market, or of one rule, stand in another table. */
struct xd_rows_of {
    uint16_t first;
    uint16_t count;
};

/* What a limit is compared with. */
enum xd_basis {
    XD_BASIS_NONE,
    XD_BASIS_INTRINSIC, /* the goods of the consignment, freight and insurance apart */
    XD_BASIS_ITEM,      /* the dearest single item (unit price) of the consignment */
    XD_BASIS_CIF,       /* goods, freight and insurance of the consignment */
    XD_BASIS_CUSTOMS,   /* the customs value as this market reckons it */
    XD_BASIS_TAX,       /* the computed duty or tax itself */
    XD_BASIS_CHARGES,   /* duty and tax together */
};

/* What happens on the far side of a limit. */
enum xd_effect_above {
    XD_ABOVE_ALL,    /* cliff: everything is charged */
    XD_ABOVE_EXCESS, /* only the part above the limit is charged */
};

struct xd_threshold {
    bool set;
    bool inclusive; /* "up to and including" rather than "below" */
    enum xd_basis basis;
    enum xd_effect_above above;
    struct xd_decimal amount;
    xd_alpha currency;
};

/* Where a figure is rounded. */
enum xd_round_level {
    XD_ROUND_LINE,    /* each line; the consignment is the sum of the rounded lines */
    XD_ROUND_TOTAL,   /* the consignment; the lines share it and the next step starts from their
                         shares */
    XD_ROUND_DISPLAY, /* only what is shown: the next step starts from the unrounded figure */
};

struct xd_round_rule {
    enum xd_round_level level;
    enum xd_rounding mode;
    struct xd_decimal step; /* 0.01, 1, 0.05, 1000 of the market's currency */
};

enum xd_valuation {
    XD_VALUE_CIF,    /* goods, freight and insurance */
    XD_VALUE_FOB,    /* goods alone */
    XD_VALUE_WEIGHT, /* as CIF for the tax; duty, where there is any, goes by gross weight */
};

/* Terms of a tax base, as bits. */
enum xd_base_term {
    XD_BASE_VALUE = 1,     /* the customs value */
    XD_BASE_GOODS = 2,     /* the goods, at full price */
    XD_BASE_FREIGHT = 4,   /* all of the freight */
    XD_BASE_INSURANCE = 8, /* all of the insurance */
    XD_BASE_DUTY = 16,
    XD_BASE_FEES = 32,   /* those fees that the fee table marks so */
    XD_BASE_INSIDE = 64, /* the tax is part of its own base: base * rate / (1 - rate) */
};

enum xd_confidence {
    XD_CONFIDENCE_OFFICIAL,  /* A: the official page was read */
    XD_CONFIDENCE_REPUTABLE, /* B: a reputable secondary source was read */
    XD_CONFIDENCE_CONTESTED, /* C: a note or press, or sources differ */
    XD_CONFIDENCE_RECALLED,  /* R: from memory, to be checked before money depends on it */
};

enum xd_channel {
    XD_CHANNEL_UNKNOWN,
    XD_CHANNEL_POST,
    XD_CHANNEL_COURIER,
    XD_CHANNEL_FREIGHT,
};

/* The fixed duty in place of the tariff: an amount for each distinct declared item. */
struct xd_fixed_duty {
    bool set;
    struct xd_decimal amount;
    xd_alpha currency;
    uint8_t code_digits;       /* items are told apart by so many digits of the code */
    struct xd_threshold limit; /* where it applies */
    bool scheme_or_post; /* switch: only goods under the scheme or in the post, not every parcel */
    bool taxed;          /* switch: it is part of the tax base */
};

struct xd_market_rule {
    struct xd_slice id; /* "GB-01" */
    xd_alpha market;
    xd_alpha regime;  /* whose import rules apply: itself, or EU for a member state */
    uint8_t channels; /* bit (1 << enum xd_channel); 0 is any */
    xd_alpha
        dispatch[4]; /* shipped from one of these; none: from anywhere. EU stands for its members */
    int8_t registered; /* 1 only under the scheme, 0 only outside it, -1 either */
    xd_date from;
    xd_date until; /* inclusive */
    xd_alpha currency;
    uint8_t decimals; /* minor units */
    struct xd_slice tax_name;
    struct xd_decimal tax_rate; /* per cent */
    struct xd_threshold duty_relief;
    struct xd_threshold tax_relief;
    struct xd_hs_set relief_excludes; /* goods outside both reliefs */
    struct xd_slice scheme;           /* "IOSS": the point-of-sale scheme; empty: none */
    struct xd_threshold scheme_limit; /* not set: the scheme takes every consignment */
    struct xd_hs_set scheme_excludes; /* goods that take the consignment out of the scheme */
    struct xd_slice
        number_shape;   /* "IM9999999999": 9 a digit, A a letter, else itself; "|" between shapes */
    bool scheme_always; /* the seller collects with or without a number (GB, CH) */
    bool scheme_ddu;    /* what the seller collected on still travels as DDU (CH) */
    bool duty_exempt;   /* under the scheme no duty is due */
    enum xd_valuation valuation;
    struct xd_decimal value_percent; /* share of the price that is the customs value (JP 60) */
    struct xd_decimal
        freight_duty_percent;         /* share of the freight that enters the duty base (EU air) */
    struct xd_decimal uplift_percent; /* added to the value in the tax base (ZA 10) */
    unsigned tax_base;                /* enum xd_base_term */
    unsigned scheme_base;             /* the same, where the seller collects */
    struct xd_fixed_duty fixed;
    struct xd_slice measure_names; /* the only measures charged, parted by blanks; empty: all */
    uint32_t measures;             /* the same as bits, once the measure table is known; 0: all */
    struct xd_round_rule round_value;
    struct xd_round_rule round_duty;
    struct xd_round_rule round_tax;
    xd_alpha fx[3];        /* rate sources that the market prescribes, best first */
    uint8_t fx_lag;        /* days before the date of the quote on which the rate is taken */
    xd_alpha limit_fx;     /* the source for thresholds; 0: as fx */
    xd_alpha other_market; /* whose duty may be taken instead where the goods stay: XI, GB's */
    struct xd_decimal
        other_percent; /* ... when both are no further apart than this share of the value */
    bool held;         /* parcels cannot be cleared in practice: hold, do not price (TR) */
    bool disputed;     /* a switch of this row is contested */
    bool group;        /* a regime only, no destination (EU) */
    bool no_scheme;    /* the regime's scheme does not reach this territory (Canary Islands) */
    bool local_tax;    /* a local tax is due that no row holds */
    enum xd_confidence confidence;
    struct xd_slice source;
    struct xd_slice source_date;
    struct xd_slice note;
    struct xd_rows_of tax_rates;  /* of this market, in the table of tax rates */
    struct xd_rows_of fees;       /* of this market */
    struct xd_rows_of simplified; /* of this rule */
    uint16_t next;                /* private: chain of the market */
};

struct xd_markets {
    struct xd_market_rule *rules;
    size_t count;
    uint16_t
        first[36 * 36]; /* private: first rule of a market, by its two letters; UINT16_MAX none */
};

/* Loads reference/markets.tsv; rows of `overrides` (same columns, any subset; may be empty) replace
 * the cells of the rule of the same rule_id or add a rule. False with *err set. */
bool xd_markets_load(struct xd_markets *markets, const struct xd_tables *tables,
                     struct xd_slice overrides, const char *overrides_name, struct xd_error *err);

/* Builds the chains of xd_market_find after the rules were filled in. */
void xd_markets_chain(struct xd_markets *markets);

/* What a rule row's conditions are tested against. */
struct xd_market_query {
    xd_alpha market;
    xd_alpha dispatch;
    enum xd_channel channel;
    bool registered;
    xd_date date;
};

/* The first rule in force whose conditions hold, or NULL. */
const struct xd_market_rule *xd_market_find(const struct xd_markets *markets,
                                            const struct xd_market_query *query);

/* True when `country` is a member of `group` ("EU") by its row, or is `group` itself. */
bool xd_market_in(const struct xd_markets *markets, xd_alpha country, xd_alpha group);

/* Counts row `at` of a table to `rows`. False when rows of the same key stand apart. */
static inline bool
xd_rows_of_add(struct xd_rows_of *rows, size_t at)
{
    if (rows->count == 0) {
        rows->first = (uint16_t)at;
    }
    return (size_t)rows->first + rows->count++ == at;
}

/* Reads "<= 135 GBP intrinsic cliff"; an empty text is no limit. */
bool xd_threshold_parse(struct xd_slice text, struct xd_threshold *out);

/* Reads A, B, C, R or two of them ("A/B"): the worse one counts. Empty is recalled. */
enum xd_confidence xd_confidence_parse(struct xd_slice text);

#endif
