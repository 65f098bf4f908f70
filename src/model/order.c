/*
 * Which field of the model each value of an order is: made from the same lists as the enums, so
 * that they cannot differ.
 */
#include "model/order.h"

const enum xd_field xd_order_fields[XD_ORDER_FIELD_COUNT] = {
#define X(upper, lower) XD_FIELD_##upper,
    XD_ORDER_FIELDS(X)
#undef X
};

const enum xd_field xd_order_line_fields[XD_ORDER_LINE_FIELD_COUNT] = {
#define X(upper, lower) XD_FIELD_##upper,
    XD_ORDER_LINE_FIELDS(X)
#undef X
};
