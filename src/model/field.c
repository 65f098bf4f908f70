/*
 * Names of fields, made from the one list so that a new field cannot be forgotten in a message or a
 * schema.
 */
#include "model/field.h"

static const char *const NAMES[XD_FIELD_COUNT] = {
#define X(upper, lower) [XD_FIELD_##upper] = #lower,
    XD_FIELDS(X)
#undef X
};

const char *
xd_field_name(enum xd_field field)
{
    return field < XD_FIELD_COUNT ? NAMES[field] : "";
}

enum xd_field
xd_field_find(struct xd_slice name)
{
    for (unsigned i = 0; i < XD_FIELD_COUNT; i++) {
        if (xd_slice_eq(name, xd_slice_str(NAMES[i]))) {
            return (enum xd_field)i;
        }
    }
    return XD_FIELD_NONE;
}

bool
xd_field_is_number(enum xd_field field)
{
    switch (field) {
    case XD_FIELD_QUANTITY:
    case XD_FIELD_UNIT_PRICE:
    case XD_FIELD_WEIGHT_G:
    case XD_FIELD_LENGTH_MM:
    case XD_FIELD_WIDTH_MM:
    case XD_FIELD_HEIGHT_MM:
    case XD_FIELD_FREIGHT:
    case XD_FIELD_INSURANCE:
    case XD_FIELD_COLLECTED_DUTY:
    case XD_FIELD_COLLECTED_TAX:
        return true;
    default:
        return false;
    }
}
