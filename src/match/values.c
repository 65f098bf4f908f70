/*
 * The order is what the shopper paid for and what customs is told, so it wins by default. Values
 * are compared for what they mean, not how they are written: 18.5 and 18.50 are one price.
 */
#include "match/values.h"

#include "base/decimal.h"
#include "check/row.h"

/* Where an order says a field, and how its word is held against the manifest's. */
enum source {
    NOT_OF_ORDER,
    ORDER_ONLY,  /* of the order as a whole; the manifest has no say */
    ORDER_FILLS, /* of the order; taken where the manifest is silent */
    ORDER_TEXT,  /* the same, and compared as text without case */
    LINE_TEXT,   /* of the order's line, compared as text without case */
    LINE_NUMBER, /* compared as a number */
    LINE_DIGITS, /* compared by its digits */
};

static const uint8_t SOURCES[XD_FIELD_COUNT] = {
    [XD_FIELD_ORDER_ID] = ORDER_FILLS,
    [XD_FIELD_MERCHANT_ID] = ORDER_TEXT,
    [XD_FIELD_MERCHANT_ORDER_ID] = ORDER_FILLS,
    [XD_FIELD_RECIPIENT_NAME] = ORDER_TEXT,
    [XD_FIELD_COMPANY] = ORDER_TEXT,
    [XD_FIELD_ADDRESS1] = ORDER_TEXT,
    [XD_FIELD_ADDRESS2] = ORDER_TEXT,
    [XD_FIELD_ADDRESS3] = ORDER_TEXT,
    [XD_FIELD_CITY] = ORDER_TEXT,
    [XD_FIELD_REGION] = ORDER_TEXT,
    [XD_FIELD_POSTAL_CODE] = ORDER_TEXT,
    [XD_FIELD_COUNTRY] = ORDER_TEXT,
    [XD_FIELD_PHONE] = ORDER_TEXT,
    [XD_FIELD_EMAIL] = ORDER_TEXT,
    [XD_FIELD_CUSTOMER_TAX_ID] = ORDER_TEXT,
    [XD_FIELD_HUB_CODE] = ORDER_FILLS,
    [XD_FIELD_STORE_CODE] = ORDER_FILLS,
    [XD_FIELD_INCOTERM] = ORDER_TEXT,
    [XD_FIELD_REGISTRATION_NUMBER] = ORDER_FILLS,
    [XD_FIELD_CARRIER] = ORDER_FILLS,
    [XD_FIELD_SERVICE] = ORDER_FILLS,
    [XD_FIELD_CURRENCY] = ORDER_TEXT,
    [XD_FIELD_STATUS] = ORDER_ONLY,
    [XD_FIELD_ORDER_DATE] = ORDER_ONLY,
    [XD_FIELD_FREIGHT] = ORDER_ONLY,
    [XD_FIELD_INSURANCE] = ORDER_ONLY,
    [XD_FIELD_COLLECTED_DUTY] = ORDER_ONLY,
    [XD_FIELD_COLLECTED_TAX] = ORDER_ONLY,
    [XD_FIELD_GTIN] = LINE_TEXT,
    [XD_FIELD_DESCRIPTION] = LINE_TEXT,
    [XD_FIELD_UNIT_PRICE] = LINE_NUMBER,
    [XD_FIELD_HS_CODE] = LINE_DIGITS,
    [XD_FIELD_ORIGIN_COUNTRY] = LINE_TEXT,
};

static bool
same_number(struct xd_slice a, struct xd_slice b)
{
    struct xd_decimal left;
    struct xd_decimal right;

    return xd_decimal_parse(a, XD_DECIMAL_SCALE_MAX, &left) == XD_DECIMAL_OK &&
           xd_decimal_parse(b, XD_DECIMAL_SCALE_MAX, &right) == XD_DECIMAL_OK &&
           xd_decimal_cmp(left, right) == 0;
}

static bool
same_digits(struct xd_slice a, struct xd_slice b)
{
    char left[XD_HS_DIGITS];
    char right[XD_HS_DIGITS];
    size_t left_count;
    size_t right_count;

    return xd_read_hs_code(a, left, &left_count) == XD_F_NONE &&
           xd_read_hs_code(b, right, &right_count) == XD_F_NONE && left_count == right_count &&
           memcmp(left, right, left_count) == 0;
}

static bool
agree(enum source source, struct xd_slice manifest, struct xd_slice order)
{
    if (xd_slice_ieq(manifest, order)) {
        return true;
    }
    return source == LINE_NUMBER   ? same_number(manifest, order)
           : source == LINE_DIGITS ? same_digits(manifest, order)
                                   : source == ORDER_FILLS;
}

/* Settles one field of which the order says `order`, which is not empty. */
static void
settle(const struct xd_match_ctx *ctx, const struct xd_match *match,
       const struct xd_match_line *line, enum xd_field field, struct xd_slice order,
       struct xd_handoff *out)
{
    enum source source = (enum source)SOURCES[field];
    struct xd_slice manifest = out->value[field];
    struct xd_slice shown = xd_slice_sub(order, 0, 60);
    struct xd_diagnosis diagnosis;

    if (source == NOT_OF_ORDER) {
        return;
    }
    if (manifest.len == 0 || source == ORDER_ONLY) {
        out->value[field] = order;
        return;
    }
    if (agree(source, manifest, order)) {
        return;
    }
    xd_diagnose(&diagnosis,
                match->merchant->manifest_wins ? XD_F_MANIFEST_WINS : XD_F_ORDER_DIFFERS, 0, 0,
                "%s: the order says \"%.*s\"", xd_field_name(field), XD_FMT(shown));
    xd_report(&ctx->reporter, line->batch, line->row, field, &diagnosis, NULL);
    if (!match->merchant->manifest_wins) {
        out->value[field] = order;
    }
}

/* All that one row of the orders says, of the order or of its line. */
static void
settle_row(const struct xd_match_ctx *ctx, const struct xd_match *match,
           const struct xd_match_line *line, const struct xd_batch *batch, uint32_t row,
           bool of_line, struct xd_handoff *out)
{
    const struct xd_columns *columns = batch->rows.columns;

    for (unsigned column = 0; column < columns->count; column++) {
        uint8_t field = columns->field_of[column];
        if (field == XD_FIELD_NONE || (SOURCES[field] >= LINE_TEXT) != of_line) {
            continue;
        }
        struct xd_slice value = xd_slice_trim(xd_rows_value(&batch->rows, row, column, ctx->arena));
        if (value.len) {
            settle(ctx, match, line, (enum xd_field)field, value, out);
        }
    }
}

void
xd_match_values(const struct xd_match_ctx *ctx, const struct xd_match *match,
                const struct xd_match_line *line, struct xd_handoff *out)
{
    const struct xd_columns *columns = line->batch->rows.columns;

    memset(out, 0, sizeof(*out));
    for (unsigned column = 0; column < columns->count; column++) {
        if (columns->field_of[column] != XD_FIELD_NONE) {
            out->value[columns->field_of[column]] =
                xd_slice_trim(xd_rows_value(&line->batch->rows, line->row, column, ctx->arena));
        }
    }
    if (match->order_batch) {
        settle_row(ctx, match, line, match->order_batch, match->order_row, false, out);
    }
    if (line->order_batch) {
        settle_row(ctx, match, line, line->order_batch, line->order_row, true, out);
    }
    if (out->value[XD_FIELD_ORDER_ID].len == 0) {
        out->value[XD_FIELD_ORDER_ID] = out->value[XD_FIELD_MERCHANT_ORDER_ID];
    }
}
