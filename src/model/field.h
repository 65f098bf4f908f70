/*
 * The things that a manifest or an order can say, by one name each. Every reader, whatever its
 * format, gives rows of these fields, and every room behind it knows only them: a CSV header, an
 * XML element and an EDI segment that mean the same end here.
 */
#ifndef XD_MODEL_FIELD_H
#define XD_MODEL_FIELD_H

#include "base/slice.h"

/* One row is one line of one parcel. NAME is the column name of crossdock's own CSV and the element
 * name of its XML. */
#define XD_FIELDS(X)                                                                               \
    X(MANIFEST_ID, manifest_id)                                                                    \
    X(ORDER_ID, order_id)                                                                          \
    X(MERCHANT_ORDER_ID, merchant_order_id)                                                        \
    X(MERCHANT_ID, merchant_id)                                                                    \
    X(PARCEL_CODE, parcel_code)                                                                    \
    X(TRACKING_NUMBER, tracking_number)                                                            \
    X(SKU, sku)                                                                                    \
    X(GTIN, gtin)                                                                                  \
    X(DESCRIPTION, description)                                                                    \
    X(QUANTITY, quantity)                                                                          \
    X(UNIT_PRICE, unit_price)                                                                      \
    X(CURRENCY, currency)                                                                          \
    X(HS_CODE, hs_code)                                                                            \
    X(ORIGIN_COUNTRY, origin_country)                                                              \
    X(WEIGHT_G, weight_g)                                                                          \
    X(LENGTH_MM, length_mm)                                                                        \
    X(WIDTH_MM, width_mm)                                                                          \
    X(HEIGHT_MM, height_mm)                                                                        \
    X(RECIPIENT_NAME, recipient_name)                                                              \
    X(COMPANY, company)                                                                            \
    X(ADDRESS1, address1)                                                                          \
    X(ADDRESS2, address2)                                                                          \
    X(ADDRESS3, address3)                                                                          \
    X(CITY, city)                                                                                  \
    X(REGION, region)                                                                              \
    X(POSTAL_CODE, postal_code)                                                                    \
    X(COUNTRY, country)                                                                            \
    X(PHONE, phone)                                                                                \
    X(EMAIL, email)                                                                                \
    X(CUSTOMER_TAX_ID, customer_tax_id)                                                            \
    X(CARRIER, carrier)                                                                            \
    X(SERVICE, service)                                                                            \
    X(SHIP_DATE, ship_date)                                                                        \
    X(HUB_CODE, hub_code)                                                                          \
    X(SHIPPING_METHOD, shipping_method)                                                            \
    X(STORE_CODE, store_code)                                                                      \
    X(INCOTERM, incoterm)                                                                          \
    X(REGISTRATION_NUMBER, registration_number)                                                    \
    X(SENDER_EORI, sender_eori)                                                                    \
    X(RECIPIENT_EORI, recipient_eori)                                                              \
    X(UKIMS_NUMBER, ukims_number)                                                                  \
    X(IS_BACKORDER, is_backorder)                                                                  \
    X(BACKORDER_DATE, backorder_date)                                                              \
    X(IS_COMPLETED, is_completed)                                                                  \
    /* of orders only */                                                                           \
    X(STATUS, status)                                                                              \
    X(ORDER_DATE, order_date)                                                                      \
    X(FREIGHT, freight)                                                                            \
    X(INSURANCE, insurance)                                                                        \
    X(COLLECTED_DUTY, collected_duty)                                                              \
    X(COLLECTED_TAX, collected_tax)

enum xd_field {
#define X(upper, lower) XD_FIELD_##upper,
    XD_FIELDS(X)
#undef X
        XD_FIELD_COUNT,
    XD_FIELD_NONE = 0xff, /* a column that means nothing to us */
};

/* "order_id" for XD_FIELD_ORDER_ID; a literal. */
const char *xd_field_name(enum xd_field field);

/* The field of exactly that name, or XD_FIELD_NONE. */
enum xd_field xd_field_find(struct xd_slice name);

/* True for pieces, weights, lengths and amounts. */
bool xd_field_is_number(enum xd_field field);

#endif
