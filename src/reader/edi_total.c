/*
 * What a message says about itself as a whole: its purpose, and the totals by which its sender
 * proves that nothing was lost.
 */
#include "base/decimal.h"
#include "reader/edi.h"
#include "reader/edi_mapping.h"

#define QUANTITY_SCALE 6
#define QUANTITY_ONE   1000000

static void
add_quantity(struct xd_edi_map *map, struct xd_slice number)
{
    struct xd_decimal value;
    uint64_t whole;
    int64_t units;

    if (number.len <= 9 && xd_slice_u64(number, &whole)) {
        units = (int64_t)whole * QUANTITY_ONE;
        map->quantity_known &= !__builtin_add_overflow(map->quantity, units, &map->quantity);
        return;
    }
    if (xd_decimal_parse(number, QUANTITY_SCALE, &value) != XD_DECIMAL_OK ||
        !xd_decimal_rescale(value, QUANTITY_SCALE, XD_ROUND_HALF_UP, &units) ||
        __builtin_add_overflow(map->quantity, units, &map->quantity)) {
        map->quantity_known = false;
    }
}

void
xd_edi_take_quantity(struct xd_edi *edi, struct xd_slice number, unsigned element,
                     unsigned component)
{
    const struct xd_edi_map *map = &edi->map;

    if (map->set[map->depth] >> XD_FIELD_QUANTITY & 1) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_QUANTITY_TWICE, element,
                    edi->syntax == XD_EDI_EDIFACT ? component : 0, NULL);
    }
    if (map->mapping->sums_quantity) {
        add_quantity(&edi->map, number);
    }
}

/* What the data make of the total that the action names, in millionths; false when nobody knows. */
static bool
due_total(const struct xd_edi_map *map, const struct xd_edi_action *action, int64_t *due)
{
    if (action->act == XD_EDI_ACT_QUANTITY) {
        *due = map->quantity;
        return map->quantity_known;
    }
    *due = (int64_t)(action->act == XD_EDI_ACT_LINES ? map->lines : map->nodes) * QUANTITY_ONE;
    return true;
}

void
xd_edi_check_total(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element)
{
    int64_t due;
    bool known = due_total(&edi->map, action, &due);
    struct xd_slice raw = xd_edi_raw(edi, element, action->component);
    struct xd_decimal said;
    struct xd_decimal is = {due, QUANTITY_SCALE};
    char text[XD_DECIMAL_TEXT];

    if (!known || raw.len == 0 ||
        xd_decimal_parse(xd_edi_as_number(edi, &edi->map.total, raw), QUANTITY_SCALE, &said) !=
            XD_DECIMAL_OK ||
        xd_decimal_cmp(said, is) == 0) {
        return;
    }
    if (due % QUANTITY_ONE == 0) {
        is = (struct xd_decimal){due / QUANTITY_ONE, 0};
    }
    xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_CONTROL_TOTAL, element,
                edi->syntax == XD_EDI_EDIFACT ? action->component : 0,
                "the message says %.*s, its data make %.*s", (int)raw.len, raw.ptr,
                (int)xd_decimal_format(is, text), text);
}

void
xd_edi_check_function(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element)
{
    struct xd_slice raw = xd_edi_raw(edi, element, action->component);

    if (raw.len && !xd_slice_eq(raw, action->literal)) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_FUNCTION, element, 0, "purpose %.*s",
                    (int)(raw.len > 3 ? 3 : raw.len), raw.ptr);
    }
}
