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

bool
xd_totals_reserve(struct xd_totals *totals, size_t room, struct xd_arena *arena)
{
    totals->room = (uint32_t)(room < XD_CURRENCY_MAX ? room : XD_CURRENCY_MAX);
    totals->values = xd_arena_array(arena, totals->room, sizeof(*totals->values));
    return totals->values;
}

bool
xd_totals_add_value(struct xd_totals *to, const struct xd_totals_value *value)
{
    for (uint32_t i = 0; i < to->currencies; i++) {
        if (memcmp(to->values[i].currency, value->currency, sizeof(value->currency)) == 0) {
            return !__builtin_add_overflow(to->values[i].units, value->units, &to->values[i].units);
        }
    }
    if (to->currencies == to->room) {
        return false;
    }
    to->values[to->currencies++] = *value;
    return true;
}

bool
xd_totals_add(struct xd_totals *to, const struct xd_totals *from)
{
    bool fits = !__builtin_add_overflow(to->weight_g, from->weight_g, &to->weight_g) &&
                !__builtin_add_overflow(to->pieces, from->pieces, &to->pieces);

    to->rows += from->rows;
    to->lines += from->lines;
    to->parcels += from->parcels;
    to->code_hash += from->code_hash;
    for (uint32_t i = 0; fits && i < from->currencies; i++) {
        fits = xd_totals_add_value(to, &from->values[i]);
    }
    return fits;
}
