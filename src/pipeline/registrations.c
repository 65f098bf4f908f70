/*
 * Numbers that seller and buyer are known by, and what the Windsor Framework asks of a parcel to
 * Northern Ireland. A carrier's customs file with a wrong number is refused as a whole, so it is
 * said before there is one.
 */
#include "check/customs_data.h"
#include "check/tax_number.h"
#include "pipeline/parcel.h"

void
xd_parcel_check_numbers(struct xd_decider *decider, struct xd_parcel *parcel)
{
    static const enum xd_field NUMBERS[] = {XD_FIELD_REGISTRATION_NUMBER, XD_FIELD_CUSTOMER_TAX_ID,
                                            XD_FIELD_SENDER_EORI, XD_FIELD_RECIPIENT_EORI};

    for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++) {
        struct xd_slice *value = &parcel->lines[0].value[NUMBERS[i]];
        struct xd_diagnosis diagnosis;
        if (value->len == 0) {
            continue;
        }
        xd_tax_field_check(&decider->shared->tables->tax_numbers, NUMBERS[i], parcel->country,
                           *value, &diagnosis);
        if (diagnosis.code != XD_F_NONE) {
            xd_parcel_report(decider, parcel->sources[0], NUMBERS[i], &diagnosis, value);
        }
    }
}

static bool
is_said(const struct xd_parcel *parcel, enum xd_field field)
{
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        if (parcel->lines[i].value[field].len == 0) {
            return false;
        }
    }
    return true;
}

/* What each value of the framework is to us; the first field of a rule's values is where the
 * finding points. */
static const struct {
    enum xd_windsor_value value;
    enum xd_field field;
} WINDSOR[] = {
    {XD_WINDSOR_DESCRIPTION, XD_FIELD_DESCRIPTION},
    {XD_WINDSOR_VALUE, XD_FIELD_UNIT_PRICE},
    {XD_WINDSOR_HS_CODE, XD_FIELD_HS_CODE},
    {XD_WINDSOR_UKIMS, XD_FIELD_UKIMS_NUMBER},
    {XD_WINDSOR_SENDER_EORI, XD_FIELD_SENDER_EORI},
    {XD_WINDSOR_RECEIVER_EORI, XD_FIELD_RECIPIENT_EORI},
    {XD_WINDSOR_ORIGIN, XD_FIELD_ORIGIN_COUNTRY},
    {XD_WINDSOR_WEIGHT, XD_FIELD_WEIGHT_G},
};

#define WINDSOR_VALUES (sizeof(WINDSOR) / sizeof(WINDSOR[0]))

static unsigned
windsor_values(const struct xd_parcel *parcel)
{
    unsigned has = parcel->totals.weight_g ? XD_WINDSOR_WEIGHT : 0;

    for (size_t i = 0; i < WINDSOR_VALUES; i++) {
        if (WINDSOR[i].value != XD_WINDSOR_WEIGHT && is_said(parcel, WINDSOR[i].field)) {
            has |= (unsigned)WINDSOR[i].value;
        }
    }
    return has;
}

static enum xd_field
windsor_field(unsigned wanted)
{
    for (size_t i = 0; i < WINDSOR_VALUES; i++) {
        if (wanted & (unsigned)WINDSOR[i].value) {
            return WINDSOR[i].field;
        }
    }
    return XD_FIELD_NONE;
}

bool
xd_parcel_under_windsor(const struct xd_decider *decider, const struct xd_parcel *parcel)
{
    const struct xd_hub *hub = parcel->route.hub;

    return hub && hub->country == parcel->country &&
           xd_windsor_applies(decider->shared->tables->countries->of[hub->country].alpha2,
                              parcel->lines[0].value[XD_FIELD_POSTAL_CODE]);
}

void
xd_parcel_check_windsor(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_customs_rules *rules = &decider->shared->tables->customs;
    bool to_business = parcel->lines[0].value[XD_FIELD_COMPANY].len > 0;
    xd_date day = decider->shared->as_of;
    struct xd_diagnosis diagnosis;
    unsigned has;
    size_t at;

    if (!xd_parcel_under_windsor(decider, parcel)) {
        return;
    }
    has = windsor_values(parcel);
    at = xd_windsor_check(rules, to_business, has, day, 0, &diagnosis);
    while (at < rules->windsor_count) {
        xd_parcel_report(decider, parcel->sources[0], windsor_field(rules->windsor[at].wanted),
                         &diagnosis, NULL);
        at = xd_windsor_check(rules, to_business, has, day, at + 1, &diagnosis);
    }
}
