/* The two names of every part of an address, from the one list in party.h. */
#include "model/party.h"

const char *
xd_address_field_name(enum xd_address_field field)
{
    static const char *const NAMES[XD_ADDRESS_COUNT] = {
#define X(upper, lower, field) #lower,
        XD_ADDRESS_FIELDS(X)
#undef X
    };

    return field < XD_ADDRESS_COUNT ? NAMES[field] : "";
}

enum xd_field
xd_address_field_of(enum xd_address_field field)
{
    static const enum xd_field FIELDS[XD_ADDRESS_COUNT] = {
#define X(upper, lower, field) XD_FIELD_##field,
        XD_ADDRESS_FIELDS(X)
#undef X
    };

    return field < XD_ADDRESS_COUNT ? FIELDS[field] : XD_FIELD_NONE;
}
