/*
 * What a parcel holds, weighs and is worth, and the sums that its carrier will check. Sums are made
 * from minor units; a value that no row says rightly is left out and was reported where it stands.
 */
#include "base/hash.h"
#include "check/customs_data.h"
#include "check/hint.h"
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
        enum xd_field field =
            line->value[XD_FIELD_CURRENCY].len ? XD_FIELD_UNIT_PRICE : XD_FIELD_CURRENCY;
        struct xd_diagnosis diagnosis;
        xd_hint(field, XD_NONE, XD_F_REQUIRED_MISSING, &diagnosis);
        xd_parcel_report(decider, source, field, &diagnosis, NULL);
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

/* Adds the value of every line up. False when the sum is beyond what is computed with. */
static bool
price(struct xd_decider *decider, struct xd_parcel *parcel)
{
    struct xd_totals *totals = &parcel->totals;
    bool fits = true;

    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        const struct xd_currency *currency = NULL;
        struct xd_totals_value value = {.units = 0};
        if (price_line(decider, parcel, i, &value.units, &currency)) {
            memcpy(value.currency, currency->code.ptr, 3);
            value.minor_units = currency->minor_units;
            fits = xd_totals_add_value(totals, &value) && fits;
            xd_parcel_amount(decider, &parcel->lines[i].value[XD_VALUE_LINE_VALUE], value.units,
                             currency->minor_units);
        }
    }
    for (uint32_t i = 0; i < totals->currencies; i++) {
        /* As large as one amount may be: no sum of a run can overflow then. */
        fits = fits && totals->values[i].units <= XD_AMOUNT_MOST;
    }
    return fits;
}

/* The value of the parcel in its one currency, into *text. */
static void
value_parcel(struct xd_decider *decider, struct xd_parcel *parcel, struct xd_slice *text)
{
    const struct xd_totals_value *value = parcel->totals.values;

    if (!price(decider, parcel)) {
        xd_parcel_say_code(decider, parcel, XD_FIELD_UNIT_PRICE, XD_F_DT_OVERFLOW);
    } else if (parcel->totals.currencies > 1) {
        xd_parcel_say_code(decider, parcel, XD_FIELD_CURRENCY, XD_F_PARCEL_CURRENCIES);
    } else if (parcel->totals.currencies == 1) {
        struct xd_decimal amount = {value->units, value->minor_units};
        decider->failed |= !xd_decimal_rescale(amount, 3, XD_ROUND_HALF_UP, &parcel->goods_milli);
        xd_parcel_amount(decider, text, value->units, value->minor_units);
    }
}

static void
check_weight(struct xd_decider *decider, const struct xd_parcel *parcel, uint64_t grams)
{
    struct xd_diagnosis diagnosis;

    xd_parcel_weight_check(&decider->shared->tables->customs, grams, &diagnosis);
    if (diagnosis.code != XD_F_NONE) {
        xd_parcel_report(decider, parcel->sources[0], XD_FIELD_WEIGHT_G, &diagnosis, NULL);
    }
}

void
xd_parcel_measure(struct xd_decider *decider, struct xd_parcel *parcel)
{
    uint64_t grams = weigh(decider, parcel);
    struct xd_slice weight = XD_NONE;
    struct xd_slice value = XD_NONE;
    struct xd_slice lines;

    parcel->totals = (struct xd_totals){.lines = parcel->match->lines,
                                        .parcels = 1,
                                        .weight_g = grams,
                                        .code_hash = xd_hash(parcel->match->code)};
    if (!xd_totals_reserve(&parcel->totals, parcel->match->lines, &decider->arena)) {
        decider->failed = true;
        return;
    }
    value_parcel(decider, parcel, &value);
    xd_parcel_number(decider, &lines, parcel->match->lines);
    if (grams) {
        check_weight(decider, parcel, grams);
        xd_parcel_number(decider, &weight, grams);
    }
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        parcel->totals.pieces += parcel->sources[i]->quantity;
        parcel->lines[i].value[XD_VALUE_PARCEL_LINES] = lines;
        parcel->lines[i].value[XD_VALUE_PARCEL_WEIGHT_G] = weight;
        parcel->lines[i].value[XD_VALUE_PARCEL_VALUE] = value;
        xd_parcel_number(decider, &parcel->lines[i].value[XD_VALUE_LINE_NUMBER], i + 1);
    }
}
