/*
 * What a parcel holds, weighs and is worth, and the sums that its carrier will check. Sums are made
 * from minor units; a value that no row says rightly is left out and was reported where it stands.
 */
#include "base/hash.h"
#include "check/customs_data.h"
#include "check/row.h"
#include "pipeline/parcel.h"

void
xd_parcel_number(struct xd_decider *decider, struct xd_slice *value, uint64_t number)
{
    char *text = xd_arena_alloc(&decider->arena, 24);
    struct xd_buf buf = {.ptr = text, .cap = 24, .max = 24};

    if (!text) {
        decider->failed = true;
        return;
    }
    xd_buf_u64(&buf, number);
    *value = xd_buf_slice(&buf);
}

void
xd_parcel_amount(struct xd_decider *decider, struct xd_slice *value, int64_t units,
                 uint8_t decimals)
{
    char *text = xd_arena_alloc(&decider->arena, XD_DECIMAL_TEXT);

    if (!text) {
        decider->failed = true;
        return;
    }
    *value = xd_slice_of(text, xd_decimal_format((struct xd_decimal){units, decimals}, text));
}

/* The parcel's own weight, or what its goods weigh by the order. 0 when neither is known. */
static uint64_t
weigh(const struct xd_decider *decider, const struct xd_parcel *parcel)
{
    uint32_t grams = 0;
    uint64_t sum = 0;

    if (xd_read_weight(parcel->lines[0].value[XD_FIELD_WEIGHT_G], &grams) == XD_F_NONE) {
        return grams;
    }
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        const struct xd_match_line *line = parcel->sources[i];
        struct xd_slice value = line->order_batch
                                    ? xd_rows_get(&line->order_batch->rows, line->order_row,
                                                  XD_FIELD_WEIGHT_G, decider->match_ctx.arena)
                                    : XD_NONE;
        if (xd_read_weight(xd_slice_trim(value), &grams) != XD_F_NONE) {
            return 0;
        }
        sum += (uint64_t)grams * line->quantity;
    }
    return sum;
}

/* The price of a line in minor units of its currency. False when it cannot be told. */
static bool
price_line(struct xd_decider *decider, struct xd_parcel *parcel, uint32_t at, int64_t *units,
           const struct xd_currency **currency)
{
    const struct xd_currencies *currencies = &decider->shared->tables->currencies;
    struct xd_handoff *line = &parcel->lines[at];
    const struct xd_match_line *source = parcel->sources[at];
    uint16_t index = xd_currency_find(currencies, line->value[XD_FIELD_CURRENCY]);
    struct xd_decimal price;
    int64_t each;

    if (line->value[XD_FIELD_UNIT_PRICE].len == 0 || line->value[XD_FIELD_CURRENCY].len == 0) {
        xd_parcel_report_code(decider, source,
                              line->value[XD_FIELD_CURRENCY].len ? XD_FIELD_UNIT_PRICE
                                                                 : XD_FIELD_CURRENCY,
                              XD_F_REQUIRED_MISSING);
        return false;
    }
    if (index == XD_CURRENCY_NONE) {
        return false; /* the row check has said so, or the order is at fault and differs */
    }
    *currency = &currencies->of[index];
    return xd_read_amount(line->value[XD_FIELD_UNIT_PRICE], (*currency)->minor_units, &price) ==
               XD_F_NONE &&
           xd_decimal_rescale(price, (*currency)->minor_units, XD_ROUND_HALF_UP, &each) &&
           !__builtin_mul_overflow(each, (int64_t)source->quantity, units);
}

static void
add_value(struct xd_totals *totals, const struct xd_currency *currency, int64_t units)
{
    struct xd_totals one = {.currencies = 1};

    memcpy(one.values[0].currency, currency->code.ptr, 3);
    one.values[0].minor_units = currency->minor_units;
    one.values[0].units = units;
    (void)xd_totals_add(totals, &one);
}

void
xd_parcel_measure(struct xd_decider *decider, struct xd_parcel *parcel)
{
    uint64_t grams = weigh(decider, parcel);
    struct xd_slice weight = XD_NONE;
    struct xd_slice lines;
    struct xd_slice value = XD_NONE;

    parcel->totals = (struct xd_totals){.lines = parcel->match->lines,
                                        .parcels = 1,
                                        .weight_g = grams,
                                        .code_hash = xd_hash(parcel->match->code)};
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        const struct xd_currency *currency = NULL;
        int64_t units = 0;
        parcel->totals.pieces += parcel->sources[i]->quantity;
        if (price_line(decider, parcel, i, &units, &currency)) {
            add_value(&parcel->totals, currency, units);
            xd_parcel_amount(decider, &parcel->lines[i].value[XD_VALUE_LINE_VALUE], units,
                             currency->minor_units);
        }
    }
    xd_parcel_number(decider, &lines, parcel->match->lines);
    if (grams) {
        struct xd_diagnosis diagnosis;
        xd_parcel_weight_check(&decider->shared->tables->customs, grams, &diagnosis);
        if (diagnosis.code != XD_F_NONE) {
            xd_parcel_report(decider, parcel->sources[0], XD_FIELD_WEIGHT_G, &diagnosis, NULL);
        }
        xd_parcel_number(decider, &weight, grams);
    }
    if (parcel->totals.currencies == 1) {
        parcel->goods_milli =
            parcel->totals.values[0].units * xd_pow10(3u - parcel->totals.values[0].minor_units);
        xd_parcel_amount(decider, &value, parcel->totals.values[0].units,
                         parcel->totals.values[0].minor_units);
    }
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        parcel->lines[i].value[XD_VALUE_PARCEL_LINES] = lines;
        parcel->lines[i].value[XD_VALUE_PARCEL_WEIGHT_G] = weight;
        parcel->lines[i].value[XD_VALUE_PARCEL_VALUE] = value;
        xd_parcel_number(decider, &parcel->lines[i].value[XD_VALUE_LINE_NUMBER], i + 1);
    }
}
