/*
 * An order as the store keeps it: what was said of it once, and its lines. The manifest's side of
 * an order is rows (model/rows.h); a store needs the whole of an order at a time, to know whether
 * it has changed.
 */
#ifndef XD_MODEL_ORDER_H
#define XD_MODEL_ORDER_H

#include "model/field.h"

/* What is said of an order as a whole. The store has one column for each; add at the end, with a
 * migration. */
#define XD_ORDER_FIELDS(X)                                                                         \
    X(ORDER_ID, order_id)                                                                          \
    X(MERCHANT_ORDER_ID, merchant_order_id)                                                        \
    X(MERCHANT_ID, merchant_id)                                                                    \
    X(STATUS, status)                                                                              \
    X(ORDER_DATE, order_date)                                                                      \
    X(CURRENCY, currency)                                                                          \
    X(INCOTERM, incoterm)                                                                          \
    X(SHIPPING_METHOD, shipping_method)                                                            \
    X(HUB_CODE, hub_code)                                                                          \
    X(STORE_CODE, store_code)                                                                      \
    X(CARRIER, carrier)                                                                            \
    X(SERVICE, service)                                                                            \
    X(FREIGHT, freight)                                                                            \
    X(INSURANCE, insurance)                                                                        \
    X(COLLECTED_DUTY, collected_duty)                                                              \
    X(COLLECTED_TAX, collected_tax)                                                                \
    X(REGISTRATION_NUMBER, registration_number)                                                    \
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
    X(CUSTOMER_TAX_ID, customer_tax_id)

/* What is said of each of its lines; the same rule. */
#define XD_ORDER_LINE_FIELDS(X)                                                                    \
    X(SKU, sku)                                                                                    \
    X(GTIN, gtin)                                                                                  \
    X(DESCRIPTION, description)                                                                    \
    X(QUANTITY, quantity)                                                                          \
    X(UNIT_PRICE, unit_price)                                                                      \
    X(HS_CODE, hs_code)                                                                            \
    X(ORIGIN_COUNTRY, origin_country)                                                              \
    X(WEIGHT_G, weight_g)

enum xd_order_field {
#define X(upper, lower) XD_ORDER_##upper,
    XD_ORDER_FIELDS(X)
#undef X
        XD_ORDER_FIELD_COUNT,
};

enum xd_order_line_field {
#define X(upper, lower) XD_ORDER_LINE_##upper,
    XD_ORDER_LINE_FIELDS(X)
#undef X
        XD_ORDER_LINE_FIELD_COUNT,
};

/* The field of the manifest's model that each of them is. */
extern const enum xd_field xd_order_fields[XD_ORDER_FIELD_COUNT];
extern const enum xd_field xd_order_line_fields[XD_ORDER_LINE_FIELD_COUNT];

struct xd_order_line {
    struct xd_slice value[XD_ORDER_LINE_FIELD_COUNT]; /* empty: not said */
};

struct xd_order {
    struct xd_slice value[XD_ORDER_FIELD_COUNT]; /* empty: not said */
    const struct xd_order_line *lines;
    size_t line_count;
    bool has_lines; /* the source speaks of lines at all; else nothing is known of them */
};

#endif
