/*
 * The names are those of the columns that orders files have, so that what is shown can be sent
 * again.
 */
#include "cli/order_text.h"

#include "base/utf8.h"

static void
put_json_values(struct xd_json *json, const struct xd_slice *values, const enum xd_field *fields,
                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].len) {
            xd_json_text(json, xd_field_name(fields[i]), values[i]);
        }
    }
}

void
xd_order_put_json(struct xd_json *json, const struct xd_order *order)
{
    xd_json_object(json, NULL);
    put_json_values(json, order->value, xd_order_fields, XD_ORDER_FIELD_COUNT);
    if (order->has_lines) {
        xd_json_array(json, "lines");
        for (size_t i = 0; i < order->line_count; i++) {
            xd_json_object(json, NULL);
            put_json_values(json, order->lines[i].value, xd_order_line_fields,
                            XD_ORDER_LINE_FIELD_COUNT);
            xd_json_end(json);
        }
        xd_json_end(json);
    }
    xd_json_end(json);
}

static void
put_named(struct xd_buf *buf, const char *indent, enum xd_field field, struct xd_slice value)
{
    if (value.len) {
        xd_buf_printf(buf, "%s%-20s ", indent, xd_field_name(field));
        (void)xd_utf8_visible(value, buf);
        xd_buf_char(buf, '\n');
    }
}

void
xd_order_put_text(struct xd_buf *buf, const struct xd_order *order)
{
    for (unsigned i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
        put_named(buf, "", xd_order_fields[i], order->value[i]);
    }
    for (size_t line = 0; line < order->line_count; line++) {
        xd_buf_printf(buf, "line %zu\n", line + 1);
        for (unsigned i = 0; i < XD_ORDER_LINE_FIELD_COUNT; i++) {
            put_named(buf, "  ", xd_order_line_fields[i], order->lines[line].value[i]);
        }
    }
    if (!order->has_lines) {
        xd_buf_str(buf, "its lines are not known\n");
    }
}
