/*
 * Checks the rows of a batch one by one, as far as a row can be judged by itself: required values,
 * numbers and dates, codes, identifiers. What needs the order or the other rows of a parcel is
 * judged when those are at hand.
 */
#ifndef XD_CHECK_ROW_H
#define XD_CHECK_ROW_H

#include "base/date.h"
#include "base/decimal.h"
#include "model/report.h"
#include "reference/country.h"
#include "reference/currency.h"
#include "reference/finding_text.h"
#include "reference/identifier.h"

/* Tables that all workers share. */
struct xd_row_tables {
    const struct xd_finding_texts *texts;
    const struct xd_countries *countries;
    const struct xd_currencies *currencies;
    const struct xd_identifiers *identifiers;
    uint16_t sscc; /* their schemes of that name */
    uint16_t gtin;
    xd_date as_of;
};

struct xd_row_ctx {
    const struct xd_row_tables *tables;
    /* The row at hand. */
    struct xd_batch *batch;
    uint32_t row;
    uint64_t misfits; /* fields of it that were reported as such, a bit each */
    struct xd_reporter reporter;
};

/* Reports the misfits of rows that nothing else is checked of: those of an order. */
void xd_report_misfits(const struct xd_reporter *reporter, const struct xd_batch *batch);

/* Fills batch->facts and batch->findings of a manifest's rows. */
void xd_rows_check(struct xd_row_ctx *ctx, struct xd_batch *batch);

/*
 * Reading of single values, shared by all who need a number out of a row. Each gives XD_F_NONE, or
 * the finding that says why there is none.
 */

#define XD_QUANTITY_MOST 999999                /* pieces of a line */
#define XD_WEIGHT_MOST   999999999             /* grams of a line */
#define XD_AMOUNT_MOST   INT64_C(999999999999) /* minor units */

/* Whole pieces, 1 .. XD_QUANTITY_MOST. */
enum xd_finding_code xd_read_quantity(struct xd_slice value, uint32_t *quantity);

/* An amount from 0 with at most `decimals` decimals, up to XD_AMOUNT_MOST minor units. */
enum xd_finding_code xd_read_amount(struct xd_slice value, unsigned decimals,
                                    struct xd_decimal *amount);

/* Whole grams, 1 .. XD_WEIGHT_MOST. */
enum xd_finding_code xd_read_weight(struct xd_slice value, uint32_t *grams);

/* An HS code of 6 to 12 digits, dots and blanks between them allowed; the digits go to `digits`,
 * which holds XD_HS_DIGITS. */
#define XD_HS_DIGITS 12
enum xd_finding_code xd_read_hs_code(struct xd_slice value, char *digits, size_t *count);

/* A flag: empty, 0 or 1. */
enum xd_finding_code xd_read_flag(struct xd_slice value, bool otherwise, bool *flag);

#endif
