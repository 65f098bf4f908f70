/*
 * Is what a line says of its goods fit for a customs declaration? Description, commodity code,
 * origin, currency, value and weight, each by itself: none needs the order or the parcel.
 */
#ifndef XD_CHECK_CUSTOMS_DATA_H
#define XD_CHECK_CUSTOMS_DATA_H

#include "model/finding.h"
#include "reference/currency.h"
#include "reference/customs_rule.h"

/* A line of a parcel as customs sees it. */
struct xd_customs_line {
    struct xd_slice description;
    struct xd_slice hs_code; /* as written; dots and blanks may stand in it */
    struct xd_slice origin;  /* as written; empty when not said */
    uint16_t currency;       /* index, or XD_CURRENCY_NONE */
    bool has_value;
    int64_t value_minor; /* of one piece, in the currency's minor units */
    bool has_weight;
    uint64_t weight_g; /* of one piece */
};

/* One finding of a line. */
struct xd_customs_finding {
    enum xd_field
        field; /* DESCRIPTION, HS_CODE, ORIGIN_COUNTRY, CURRENCY, UNIT_PRICE or WEIGHT_G */
    struct xd_diagnosis diagnosis;
};

#define XD_CUSTOMS_FINDINGS 8

struct xd_customs_result {
    size_t count;
    struct xd_customs_finding of[XD_CUSTOMS_FINDINGS];
};

struct xd_customs_tables {
    const struct xd_customs_rules *rules;
    const struct xd_countries *countries;
    const struct xd_currencies *currencies;
    xd_date as_of;
};

/* All rules on one line; `destination` is the effective country's index. Pure. The number of
 * findings. */
size_t xd_customs_line_check(const struct xd_customs_tables *tables, uint16_t destination,
                             const struct xd_customs_line *line, struct xd_customs_result *result);

/* The single rules. Each fills in *out; its code is XD_F_NONE when nothing is wrong. */
void xd_description_check(const struct xd_customs_rules *rules, struct xd_slice description,
                          struct xd_diagnosis *out);
void xd_hs_length_check(const struct xd_customs_tables *tables, uint16_t destination,
                        struct xd_slice hs_code, struct xd_diagnosis *out);

/* Is it a parcel from Great Britain to Northern Ireland, whose postal codes start with BT? */
bool xd_windsor_applies(struct xd_slice sender_country, struct xd_slice receiver_postal_code);

/*
 * Looks for the first rule from place `at` on that the data do not meet on `day`; `has` are bits of
 * enum xd_windsor_value. Gives its place and words it in *out, or rules->windsor_count with code
 * XD_F_NONE when the data are complete.
 */
size_t xd_windsor_check(const struct xd_customs_rules *rules, bool to_business, unsigned has,
                        xd_date day, size_t at, struct xd_diagnosis *out);

/* Is it a weight that a parcel can have? */
void xd_parcel_weight_check(const struct xd_customs_rules *rules, uint64_t grams,
                            struct xd_diagnosis *out);

#endif
