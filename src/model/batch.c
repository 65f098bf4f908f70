/*
 * The id by which the rows of an order are brought together, in one place: what groups rows must be
 * what looks the order up.
 */
#include "model/batch.h"

#include "base/utf8.h"

struct xd_slice
xd_row_order_id(const struct xd_rows *rows, uint32_t row, struct xd_arena *scratch)
{
    struct xd_slice id = xd_slice_trim(xd_rows_get(rows, row, XD_FIELD_ORDER_ID, scratch));

    if (id.len == 0) {
        id = xd_slice_trim(xd_rows_get(rows, row, XD_FIELD_MERCHANT_ORDER_ID, scratch));
    }
    return xd_utf8_compose(id, scratch);
}
