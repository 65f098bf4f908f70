/*
 * Whether what is said of the goods would pass customs, line by line: a description that names
 * nothing or a code that is too short stops a parcel at the border, three days later and far from
 * the merchant.
 */
#include "check/customs_data.h"
#include "check/row.h"
#include "pipeline/parcel.h"

/* What one piece weighs is said by the order alone: the manifest weighs the parcel. */
static void
fill_weight(const struct xd_decider *decider, const struct xd_match_line *source,
            struct xd_customs_line *out)
{
    uint32_t grams;

    if (source->order_batch &&
        xd_read_weight(xd_slice_trim(xd_rows_get(&source->order_batch->rows, source->order_row,
                                                 XD_FIELD_WEIGHT_G, decider->match_ctx.arena)),
                       &grams) == XD_F_NONE) {
        out->has_weight = true;
        out->weight_g = grams;
    }
}

static void
fill(const struct xd_decider *decider, const struct xd_handoff *line, struct xd_customs_line *out)
{
    const struct xd_currencies *currencies = &decider->shared->tables->currencies;
    struct xd_decimal price;

    *out = (struct xd_customs_line){
        .description = line->value[XD_FIELD_DESCRIPTION],
        .hs_code = line->value[XD_FIELD_HS_CODE],
        .origin = line->value[XD_FIELD_ORIGIN_COUNTRY],
        .currency = xd_currency_find(currencies, line->value[XD_FIELD_CURRENCY]),
    };
    if (out->currency != XD_CURRENCY_NONE) {
        uint8_t decimals = currencies->of[out->currency].minor_units;
        out->has_value =
            xd_read_amount(line->value[XD_FIELD_UNIT_PRICE], decimals, &price) == XD_F_NONE &&
            xd_decimal_rescale(price, decimals, XD_ROUND_HALF_UP, &out->value_minor);
    }
}

/* A code may be written with dots; carriers and the tariff take its digits. */
static void
use_digits(struct xd_decider *decider, struct xd_slice *hs_code)
{
    char digits[XD_HS_DIGITS];
    size_t count;

    if (!xd_slice_digits(*hs_code) && xd_read_hs_code(*hs_code, digits, &count) == XD_F_NONE) {
        *hs_code = xd_arena_copy(&decider->arena, xd_slice_of(digits, count));
    }
}

void
xd_parcel_check_goods(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_run_tables *from = decider->shared->tables;
    struct xd_customs_tables tables = {&from->customs, from->countries, &from->currencies,
                                       decider->shared->as_of};
    bool windsor = xd_parcel_under_windsor(decider, parcel);

    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        struct xd_customs_line line;
        struct xd_customs_result result = {.count = 0};
        fill(decider, &parcel->lines[i], &line);
        fill_weight(decider, parcel->sources[i], &line);
        (void)xd_customs_line_check(&tables, parcel->country, &line, &result);
        for (size_t k = 0; k < result.count; k++) {
            if (windsor && result.of[k].diagnosis.code == XD_F_HS_CODE_MISSING) {
                continue; /* the framework has its own rule for it */
            }
            xd_parcel_report(decider, parcel->sources[i], result.of[k].field,
                             &result.of[k].diagnosis, &parcel->lines[i].value[result.of[k].field]);
        }
        use_digits(decider, &parcel->lines[i].value[XD_FIELD_HS_CODE]);
    }
}
