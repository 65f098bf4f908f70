/*
 * Whom and where a parcel goes to, as the merchant wrote it.
 */
#ifndef XD_MODEL_PARTY_H
#define XD_MODEL_PARTY_H

#include "base/slice.h"
#include "model/field.h"

/* The values of an address. NAME is the column of `crossdock address`; FIELD is the manifest's. */
#define XD_ADDRESS_FIELDS(X)                                                                       \
    X(NAME, name, RECIPIENT_NAME)                                                                  \
    X(COMPANY, company, COMPANY)                                                                   \
    X(ADDRESS1, address1, ADDRESS1)                                                                \
    X(ADDRESS2, address2, ADDRESS2)                                                                \
    X(ADDRESS3, address3, ADDRESS3)                                                                \
    X(CITY, city, CITY)                                                                            \
    X(REGION, region, REGION)                                                                      \
    X(POSTAL_CODE, postal_code, POSTAL_CODE)                                                       \
    X(COUNTRY, country, COUNTRY)                                                                   \
    X(PHONE, phone, PHONE)                                                                         \
    X(EMAIL, email, EMAIL)

enum xd_address_field {
#define X(upper, lower, field) XD_ADDRESS_##upper,
    XD_ADDRESS_FIELDS(X)
#undef X
        XD_ADDRESS_COUNT,
};

struct xd_address {
    struct xd_slice of[XD_ADDRESS_COUNT]; /* by enum xd_address_field; empty when not given */
};

/* "postal_code" for XD_ADDRESS_POSTAL_CODE; a literal. */
const char *xd_address_field_name(enum xd_address_field field);

/* The manifest's field for a part of the recipient's address. */
enum xd_field xd_address_field_of(enum xd_address_field field);

#endif
