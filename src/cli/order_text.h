/*
 * An order of the store in words, for the commands that show it. Every value is one line of visible
 * text, whatever a merchant put into it; what an order does not say is left out.
 */
#ifndef XD_CLI_ORDER_TEXT_H
#define XD_CLI_ORDER_TEXT_H

#include "base/json.h"
#include "model/order.h"

/* One "name value" line a value, and the lines of the order below it. */
void xd_order_put_text(struct xd_buf *buf, const struct xd_order *order);

/* One object, an element of the array that `json` is in; its "lines" are missing when they are not
 * known. */
void xd_order_put_json(struct xd_json *json, const struct xd_order *order);

#endif
