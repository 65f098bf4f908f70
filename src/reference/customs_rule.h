/*
 * What customs wants to be told of goods: words that it does not accept, digits of the commodity
 * code, and between which numbers values and weights are plausible.
 */
#ifndef XD_REFERENCE_CUSTOMS_RULE_H
#define XD_REFERENCE_CUSTOMS_RULE_H

#include "base/date.h"
#include "reference/country.h"

enum xd_plausible {
    XD_PLAUSIBLE_ITEM_VALUE,    /* minor units at two decimals */
    XD_PLAUSIBLE_ITEM_WEIGHT,   /* grams */
    XD_PLAUSIBLE_PARCEL_WEIGHT, /* grams */
    XD_PLAUSIBLE_VALUE_PER_KG,  /* minor units at two decimals */
    XD_PLAUSIBLE_DESCRIPTION,   /* characters */
    XD_PLAUSIBLE_COUNT,
};

struct xd_hs_length {
    uint16_t destination; /* XD_COUNTRY_NONE: where there is no row */
    uint8_t least;        /* digits below which a declaration is refused */
    uint8_t full;         /* digits of the whole national number */
    xd_date from;
    xd_date until;
};

/* Values that the Windsor Framework asks for. Bits. */
enum xd_windsor_value {
    XD_WINDSOR_DESCRIPTION = 1,
    XD_WINDSOR_WEIGHT = 2,
    XD_WINDSOR_VALUE = 4,
    XD_WINDSOR_HS_CODE = 8,
    XD_WINDSOR_UKIMS = 16, /* number in the UK Internal Market Scheme */
    XD_WINDSOR_SENDER_EORI = 32,
    XD_WINDSOR_RECEIVER_EORI = 64,
    XD_WINDSOR_ORIGIN = 128,
};

struct xd_windsor_rule {
    bool business;        /* the receiver is one */
    unsigned wanted;      /* one of these values must be there */
    struct xd_slice text; /* "the HS code or the UKIMS number" */
    xd_date from;
    xd_date until;
};

#define XD_WINDSOR_MAX 32

/* Words of a description are made of these; everything else parts them. */
static inline bool
xd_description_letter(char c)
{
    return xd_is_alpha(c) || xd_is_digit(c) || (unsigned char)c >= 0x80;
}

/* What a word or phrase does for a description of goods. */
enum xd_description_word {
    XD_WORD_VAGUE = 1,  /* names nothing */
    XD_WORD_FILLER = 2, /* names nothing, and makes what is beside it no better */
    XD_WORD_BEGINS = 4, /* the first word of a longer phrase */
};

struct xd_customs_rules {
    struct xd_windsor_rule windsor[XD_WINDSOR_MAX];
    size_t windsor_count;
    struct xd_map vague; /* folded words and phrases to bits of enum xd_description_word */
    struct xd_hs_length *lengths;
    size_t length_count;
    struct {
        uint64_t low;
        uint64_t high;
    } plausible[XD_PLAUSIBLE_COUNT];
};

/* Loads reference/vague_descriptions.tsv, hs_lengths.tsv, plausibility.tsv and windsor.tsv. */
bool xd_customs_rules_load(struct xd_customs_rules *rules, const struct xd_countries *countries,
                           const struct xd_tables *tables, struct xd_arena *arena,
                           struct xd_error *err);

/* The row in force for the destination on `day`; never NULL. */
const struct xd_hs_length *xd_hs_length_find(const struct xd_customs_rules *rules,
                                             uint16_t destination, xd_date day);

#endif
