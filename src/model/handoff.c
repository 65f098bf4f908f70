/*
 * Names of handoff values and the sums a carrier checks. A sum that does not fit is said, never
 * wrapped: a total that is wrong once is never trusted again.
 */
#include "model/handoff.h"

static const char *const NAMES[XD_VALUE_COUNT - XD_FIELD_COUNT] = {
#define X(upper, lower) [XD_VALUE_##upper - XD_FIELD_COUNT] = #lower,
    XD_VALUES(X)
#undef X
};

static const char *
value_name(unsigned value)
{
    if (value < XD_FIELD_COUNT) {
        return xd_field_name((enum xd_field)value);
    }
    return value < XD_VALUE_COUNT ? NAMES[value - XD_FIELD_COUNT] : "";
}

unsigned
xd_value_find(struct xd_slice name)
{
    for (unsigned i = 0; i < XD_VALUE_COUNT; i++) {
        if (xd_slice_eq(name, xd_slice_str(value_name(i)))) {
            return i;
        }
    }
    return XD_VALUE_COUNT;
}

static struct xd_totals_value *
value_of(struct xd_totals *totals, const char *currency)
{
    struct xd_totals_value *value;

    for (size_t i = 0; i < totals->currencies; i++) {
        if (memcmp(totals->values[i].currency, currency, 4) == 0) {
            return &totals->values[i];
        }
    }
    if (totals->currencies == sizeof(totals->values) / sizeof(totals->values[0])) {
        return NULL;
    }
    value = &totals->values[totals->currencies++];
    memcpy(value->currency, currency, 4);
    return value;
}

bool
xd_totals_add(struct xd_totals *to, const struct xd_totals *from)
{
    bool fits = !__builtin_add_overflow(to->weight_g, from->weight_g, &to->weight_g) &&
                !__builtin_add_overflow(to->pieces, from->pieces, &to->pieces);

    to->lines += from->lines;
    to->parcels += from->parcels;
    to->code_hash += from->code_hash;
    for (size_t i = 0; fits && i < from->currencies; i++) {
        struct xd_totals_value *value = value_of(to, from->values[i].currency);
        if (!value) {
            return false;
        }
        value->minor_units = from->values[i].minor_units;
        fits = !__builtin_add_overflow(value->units, from->values[i].units, &value->units);
    }
    return fits;
}
