/*
 * One pass over a batch. A clean value costs a few comparisons; the words of a finding are put
 * together only when there is one, so a clean manifest pays nothing for good messages.
 */
#include "check/row.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "check/excel.h"
#include "check/hint.h"
#include "check/identifier.h"
#include "check/parcel_code.h"

static struct xd_slice
get(const struct xd_row_ctx *ctx, enum xd_field field)
{
    return xd_slice_trim(xd_rows_get(&ctx->batch->rows, ctx->row, field, &ctx->batch->scratch));
}

static void
report(struct xd_row_ctx *ctx, enum xd_field field, enum xd_finding_code code)
{
    struct xd_diagnosis diagnosis;

    if (code == XD_F_NONE) {
        return;
    }
    if (xd_report_counts_only(&ctx->reporter)) {
        xd_report_count(&ctx->reporter, ctx->batch, ctx->row, code);
        return;
    }
    xd_hint(field, field < XD_FIELD_COUNT ? get(ctx, field) : XD_NONE, code, &diagnosis);
    xd_report(&ctx->reporter, ctx->batch, ctx->row, field, &diagnosis, NULL);
}

/* Digits that the value should have, when one leading zero is gone: HS codes go by pairs, and
 * chapters 01 to 09 start with one. */
static unsigned
digits_expected(enum xd_field field, struct xd_slice value)
{
    return field == XD_FIELD_HS_CODE && value.len % 2 ? (unsigned)value.len + 1 : 0;
}

/* A value that failed its check: what a spreadsheet did to it says more than "malformed". */
static void
report_value(struct xd_row_ctx *ctx, enum xd_field field, enum xd_finding_code code)
{
    struct xd_diagnosis diagnosis;
    struct xd_slice value;

    if (code == XD_F_NONE) {
        return;
    }
    value = get(ctx, field);
    if (xd_excel_check(field, value, digits_expected(field, value), &diagnosis)) {
        xd_report(&ctx->reporter, ctx->batch, ctx->row, field, &diagnosis, NULL);
    } else {
        report(ctx, field, code);
    }
}

/* Identifiers have no shape of their own that would fail, so damage is looked for where the quick
 * test sees a trace. */
static void
check_damage(struct xd_row_ctx *ctx, enum xd_field field, struct xd_slice value)
{
    struct xd_diagnosis diagnosis;

    if (xd_excel_suspect(value) && xd_excel_check(field, value, 0, &diagnosis)) {
        xd_report(&ctx->reporter, ctx->batch, ctx->row, field, &diagnosis, NULL);
    }
}

/* What cannot be seen cannot be compared: an id with such a character never matches on the hub
 * floor. */
static void
check_visible(struct xd_row_ctx *ctx)
{
    static const enum xd_field IDS[] = {XD_FIELD_ORDER_ID, XD_FIELD_MERCHANT_ORDER_ID,
                                        XD_FIELD_PARCEL_CODE, XD_FIELD_TRACKING_NUMBER,
                                        XD_FIELD_SKU};

    for (size_t i = 0; i < sizeof(IDS) / sizeof(IDS[0]); i++) {
        struct xd_slice value = get(ctx, IDS[i]);
        struct xd_diagnosis diagnosis;
        uint32_t point;
        size_t len;
        size_t at = xd_utf8_invisible(value, &len, &point);
        if (at < value.len) {
            xd_diagnose(&diagnosis, XD_F_VALUE_CONTROL_CHARACTER, at, len, "U+%04X is invisible",
                        (unsigned)point);
            xd_report(&ctx->reporter, ctx->batch, ctx->row, IDS[i], &diagnosis, NULL);
        }
    }
}

/* The line of sums that spreadsheets put under a table: numbers without an order, a parcel, goods
 * or a recipient. Where an order's number would stand is nothing, or a word. Asked of rows without
 * a parcel code only. Told once, it is not also blamed for all that it lacks. */
static bool
is_totals(const struct xd_row_ctx *ctx, struct xd_slice order)
{
    static const enum xd_field OF_PARCELS[] = {
        XD_FIELD_TRACKING_NUMBER, XD_FIELD_SKU,         XD_FIELD_GTIN,
        XD_FIELD_DESCRIPTION,     XD_FIELD_HS_CODE,     XD_FIELD_ORIGIN_COUNTRY,
        XD_FIELD_RECIPIENT_NAME,  XD_FIELD_COMPANY,     XD_FIELD_ADDRESS1,
        XD_FIELD_ADDRESS2,        XD_FIELD_ADDRESS3,    XD_FIELD_CITY,
        XD_FIELD_REGION,          XD_FIELD_POSTAL_CODE, XD_FIELD_COUNTRY,
        XD_FIELD_PHONE,           XD_FIELD_EMAIL,       XD_FIELD_CUSTOMER_TAX_ID,
        XD_FIELD_IS_BACKORDER};

    if (xd_slice_has_digit(order)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(OF_PARCELS) / sizeof(OF_PARCELS[0]); i++) {
        if (get(ctx, OF_PARCELS[i]).len) {
            return false;
        }
    }
    return get(ctx, XD_FIELD_QUANTITY).len || get(ctx, XD_FIELD_UNIT_PRICE).len ||
           get(ctx, XD_FIELD_WEIGHT_G).len;
}

/* False when the row is no line of a parcel, which has been said. */
static bool
check_keys(struct xd_row_ctx *ctx, struct xd_row_fact *fact)
{
    struct xd_slice order = xd_row_order_id(&ctx->batch->rows, ctx->row, &ctx->batch->scratch);
    struct xd_slice parcel = get(ctx, XD_FIELD_PARCEL_CODE);

    if (parcel.len == 0 && is_totals(ctx, order)) {
        report(ctx, XD_FIELD_NONE, XD_F_CSV_TOTALS_ROW);
        return false;
    }
    check_damage(ctx, XD_FIELD_ORDER_ID, order);
    check_damage(ctx, XD_FIELD_PARCEL_CODE, parcel);
    fact->order_hash = order.len ? xd_hash(order) : 0;
    fact->parcel_hash =
        parcel.len
            ? xd_hash(xd_parcel_code_key(ctx->tables->identifiers, parcel, &ctx->batch->scratch))
            : 0;
    if (order.len == 0) {
        report(ctx, XD_FIELD_ORDER_ID, XD_F_REQUIRED_MISSING);
    }
    report(ctx, XD_FIELD_IS_BACKORDER,
           xd_read_flag(get(ctx, XD_FIELD_IS_BACKORDER), false, &fact->backorder));
    if (fact->backorder) {
        report(ctx, XD_FIELD_IS_BACKORDER, XD_F_LINE_BACKORDERED);
    } else if (parcel.len == 0) {
        report(ctx, XD_FIELD_PARCEL_CODE, XD_F_PARCEL_CODE_MISSING);
    }
    return true;
}

/* Digits of an SSCC: eighteen, or twenty with its application identifier. */
static bool
is_sscc(struct xd_slice code)
{
    return (code.len == 18 && xd_slice_digits(code)) ||
           (code.len == 20 && xd_slice_digits(code) && xd_slice_starts(code, XD_LIT("00")));
}

static void
check_identifier(struct xd_row_ctx *ctx, enum xd_field field, uint16_t scheme,
                 struct xd_slice value)
{
    struct xd_diagnosis diagnosis = {.code = XD_F_NONE};

    (void)xd_identifier_check(ctx->tables->identifiers, scheme, value, &diagnosis);
    if (diagnosis.code != XD_F_NONE) {
        xd_report(&ctx->reporter, ctx->batch, ctx->row, field, &diagnosis, NULL);
    }
}

/* A parcel code is free text, but one that is shaped as an SSCC is scanned as one. */
static void
check_barcodes(struct xd_row_ctx *ctx)
{
    struct xd_slice parcel = get(ctx, XD_FIELD_PARCEL_CODE);
    struct xd_slice gtin = get(ctx, XD_FIELD_GTIN);

    if (is_sscc(parcel)) {
        check_identifier(ctx, XD_FIELD_PARCEL_CODE, ctx->tables->sscc, parcel);
    }
    if (gtin.len) {
        check_identifier(ctx, XD_FIELD_GTIN, ctx->tables->gtin, gtin);
    }
}

static void
check_numbers(struct xd_row_ctx *ctx)
{
    struct xd_slice quantity = get(ctx, XD_FIELD_QUANTITY);
    struct xd_slice weight = get(ctx, XD_FIELD_WEIGHT_G);
    uint32_t number;

    if (quantity.len) {
        report_value(ctx, XD_FIELD_QUANTITY, xd_read_quantity(quantity, &number));
    } else if (!(ctx->misfits >> XD_FIELD_QUANTITY & 1)) {
        report(ctx, XD_FIELD_QUANTITY, XD_F_REQUIRED_MISSING);
    }
    if (weight.len) {
        report_value(ctx, XD_FIELD_WEIGHT_G, xd_read_weight(weight, &number));
    }
}

static void
report_decimals(struct xd_row_ctx *ctx, struct xd_slice price, unsigned decimals,
                struct xd_slice currency)
{
    struct xd_diagnosis diagnosis;

    if (!xd_excel_check(XD_FIELD_UNIT_PRICE, price, 0, &diagnosis)) {
        xd_hint_decimals(price, decimals, currency, &diagnosis);
    }
    xd_report(&ctx->reporter, ctx->batch, ctx->row, XD_FIELD_UNIT_PRICE, &diagnosis, NULL);
}

static void
check_money(struct xd_row_ctx *ctx)
{
    struct xd_slice currency = get(ctx, XD_FIELD_CURRENCY);
    struct xd_slice price = get(ctx, XD_FIELD_UNIT_PRICE);
    unsigned decimals = 3;
    struct xd_decimal amount;

    if (currency.len) {
        uint16_t at = xd_currency_find(ctx->tables->currencies, currency);
        if (at == XD_CURRENCY_NONE || !ctx->tables->currencies->of[at].payable) {
            report(ctx, XD_FIELD_CURRENCY, XD_F_CURRENCY_UNKNOWN);
        } else {
            decimals = ctx->tables->currencies->of[at].minor_units;
        }
    }
    if (price.len) {
        enum xd_finding_code code = xd_read_amount(price, decimals, &amount);
        if (code == XD_F_CURRENCY_DECIMALS && decimals < 3) {
            report_decimals(ctx, price, decimals, currency);
        } else {
            report_value(ctx, XD_FIELD_UNIT_PRICE, code);
        }
    }
}

static void
check_codes(struct xd_row_ctx *ctx)
{
    struct xd_slice origin = get(ctx, XD_FIELD_ORIGIN_COUNTRY);
    struct xd_slice hs_code = get(ctx, XD_FIELD_HS_CODE);
    struct xd_slice date = get(ctx, XD_FIELD_SHIP_DATE);
    struct xd_slice sku = get(ctx, XD_FIELD_SKU);
    char digits[XD_HS_DIGITS];
    size_t count;
    xd_date day;

    check_damage(ctx, XD_FIELD_TRACKING_NUMBER, get(ctx, XD_FIELD_TRACKING_NUMBER));
    check_damage(ctx, XD_FIELD_SKU, sku);
    if (sku.len == 0) {
        report(ctx, XD_FIELD_SKU, XD_F_REQUIRED_MISSING);
    }
    if (origin.len && xd_country_find(ctx->tables->countries, origin) == XD_COUNTRY_NONE) {
        report(ctx, XD_FIELD_ORIGIN_COUNTRY, XD_F_COUNTRY_UNKNOWN);
    }
    if (hs_code.len) {
        report_value(ctx, XD_FIELD_HS_CODE, xd_read_hs_code(hs_code, digits, &count));
    }
    if (date.len && !xd_date_parse(date, &day)) {
        report_value(ctx, XD_FIELD_SHIP_DATE, XD_F_DATE_MALFORMED);
    }
}

static void
check_row(struct xd_row_ctx *ctx)
{
    if (!check_keys(ctx, &ctx->batch->facts[ctx->row])) {
        return;
    }
    check_visible(ctx);
    check_barcodes(ctx);
    check_numbers(ctx);
    check_money(ctx);
    check_codes(ctx);
}

/* Reports the misfits of a row, *next being the first one that is not of an earlier row. Returns
 * their fields, a bit each. */
static uint64_t
report_misfits(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
               uint32_t *next)
{
    const struct xd_rows *rows = &batch->rows;
    uint64_t fields = 0;

    for (; *next < rows->misfit_count && rows->misfits[*next].row == row; (*next)++) {
        const struct xd_misfit *misfit = &rows->misfits[*next];
        struct xd_diagnosis diagnosis;
        enum xd_field field = (enum xd_field)misfit->field;
        xd_hint(field, misfit->value, XD_F_NUMBER_NOT_DECIMAL_COMMA, &diagnosis);
        xd_report(reporter, batch, row, field, &diagnosis, &misfit->value);
        fields |= 1ull << misfit->field;
    }
    return fields;
}

void
xd_report_misfits(const struct xd_reporter *reporter, const struct xd_batch *batch)
{
    for (uint32_t next = 0; next < batch->rows.misfit_count;) {
        (void)report_misfits(reporter, batch, batch->rows.misfits[next].row, &next);
    }
}

void
xd_rows_check(struct xd_row_ctx *ctx, struct xd_batch *batch)
{
    const struct xd_rows *rows = &batch->rows;
    uint32_t ragged = 0;
    uint32_t misfit = 0;

    ctx->batch = batch;
    ctx->reporter = (struct xd_reporter){ctx->tables->texts, &batch->findings, &batch->scratch};
    for (ctx->row = 0; ctx->row < rows->count; ctx->row++) {
        if (ragged < rows->ragged_count && rows->ragged[ragged].row == ctx->row) {
            xd_report_ragged(&ctx->reporter, batch, &rows->ragged[ragged++]);
            continue;
        }
        ctx->misfits = report_misfits(&ctx->reporter, batch, ctx->row, &misfit);
        check_row(ctx);
    }
}
