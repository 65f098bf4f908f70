/*
 * Rows a second of the handoff writer and of its check, over parcels of the usual shape. Prints a
 * line each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "writer/layout.h"

#define ROWS 1000000u

static double
now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
fill(struct xd_handoff *handoff)
{
    static const struct {
        unsigned value;
        const char *text;
    } VALUES[] = {
        {XD_FIELD_MANIFEST_ID, "M-20261122-01"},
        {XD_FIELD_ORDER_ID, "GE175560201GB"},
        {XD_FIELD_MERCHANT_ORDER_ID, "SO-1001"},
        {XD_FIELD_PARCEL_CODE, "340123450000000017"},
        {XD_FIELD_TRACKING_NUMBER, "00340434292135100186"},
        {XD_FIELD_CARRIER, "dhl-paket"},
        {XD_FIELD_SERVICE, "standard"},
        {XD_FIELD_SHIP_DATE, "2026-11-22"},
        {XD_FIELD_HUB_CODE, "EMA"},
        {XD_FIELD_RECIPIENT_NAME, "Anna M\xc3\xbcller"},
        {XD_FIELD_ADDRESS1, "Lindenstra\xc3\x9f"
                            "e 12"},
        {XD_FIELD_ADDRESS2, "Hinterhaus, 3. Stock"},
        {XD_FIELD_CITY, "Berlin"},
        {XD_FIELD_REGION, "Berlin"},
        {XD_FIELD_POSTAL_CODE, "10969"},
        {XD_FIELD_COUNTRY, "DE"},
        {XD_FIELD_PHONE, "+4930123456"},
        {XD_FIELD_EMAIL, "anna.mueller@example.com"},
        {XD_FIELD_INCOTERM, "DDP"},
        {XD_FIELD_SKU, "TEE-M-BLU"},
        {XD_FIELD_DESCRIPTION, "T-shirt, knitted cotton, men's"},
        {XD_FIELD_QUANTITY, "2"},
        {XD_FIELD_UNIT_PRICE, "18.50"},
        {XD_FIELD_CURRENCY, "GBP"},
        {XD_FIELD_HS_CODE, "610910"},
        {XD_FIELD_ORIGIN_COUNTRY, "PT"},
        {XD_VALUE_ROUTE, "hub"},
        {XD_VALUE_LINE_NUMBER, "1"},
        {XD_VALUE_PARCEL_LINES, "2"},
        {XD_VALUE_PARCEL_WEIGHT_G, "630"},
        {XD_VALUE_PARCEL_VALUE, "49.00"},
        {XD_VALUE_LINE_VALUE, "37.00"},
        {XD_VALUE_DT_CURRENCY, "EUR"},
        {XD_VALUE_LINE_DUTY, "3.00"},
        {XD_VALUE_LINE_TAX, "8.64"},
        {XD_VALUE_PARCEL_DUTY, "3.00"},
        {XD_VALUE_PARCEL_TAX, "10.50"},
        {XD_VALUE_DT_COLLECTED_BY, "seller"},
    };

    for (size_t i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++) {
        handoff->value[VALUES[i].value] = xd_slice_str(VALUES[i].text);
    }
}

static void
report(const char *layout, double seconds, uint64_t bytes)
{
    printf("%-24s %5.0f ns a row written and checked, %6.2f M rows/s, %5.0f MB/s\n", layout,
           seconds * 1e9 / ROWS, ROWS / seconds / 1e6, (double)bytes / seconds / 1e6);
}

static void
measure(const struct xd_layout *layout)
{
    struct xd_handoff handoff = {0};
    struct xd_layout_doubt doubt;
    struct xd_diagnosis diagnosis;
    uint64_t bytes = 0;
    size_t found = 0;
    struct xd_buf buf;
    char name[64];
    double start;

    fill(&handoff);
    (void)snprintf(name, sizeof(name), "%.*s", XD_FMT(layout->name));
    xd_buf_init(&buf, 1 << 20);
    start = now();
    for (unsigned i = 0; i < ROWS; i++) {
        xd_layout_row(layout, &handoff, &buf, &doubt);
        found += xd_layout_check(layout, &handoff, &doubt, 0, &diagnosis);
        if (buf.len > 1 << 16) {
            bytes += buf.len;
            buf.len = 0;
        }
    }
    report(name, now() - start, found ? bytes + buf.len : 0);
    xd_buf_free(&buf);
}

int
main(void)
{
    struct xd_layouts layouts;
    struct xd_error err = {0};
    struct xd_arena arena;

    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_layouts_load(&layouts, &(struct xd_tables){NULL, &arena}, &arena, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < layouts.count; i++) {
        measure(&layouts.list[i]);
    }
    xd_arena_free(&arena);
    return 0;
}
