/*
 * Currencies: the ISO 4217 list that the build takes from iso-codes, with the number of decimals,
 * which that package does not hold, from our own table.
 */
#ifndef XD_REFERENCE_CURRENCY_H
#define XD_REFERENCE_CURRENCY_H

#include "base/date.h"
#include "base/hash.h"
#include "reference/embedded.h"

#define XD_MINOR_UNITS_MAX 4 /* decimals of an amount in any currency of ISO 4217: CLF and UYW */
#define XD_CURRENCY_NONE   ((uint16_t)0xffff)
#define XD_CURRENCY_MAX    256 /* a table with more rows is refused */

struct xd_currency {
    struct xd_slice code;   /* "EUR" */
    struct xd_slice name;   /* English name */
    uint8_t minor_units;    /* decimals of an amount: 2, 0 for JPY, 3 for KWD */
    uint16_t cash_step;     /* smallest cash payment in minor units: 5 for CHF; 1 where cash is not
                               rounded */
    bool payable;           /* false for gold, test and fund codes: nothing is sold in them */
    xd_date effective_from; /* first and last day in force */
    xd_date effective_until;
};

struct xd_currencies {
    uint16_t by_code[26 * 26 * 26]; /* dense index or XD_CURRENCY_NONE */
    struct xd_currency of[XD_CURRENCY_MAX];
    uint16_t count;
    struct xd_map aliases; /* folded spelling or symbol -> index */
};

/* Loads reference/currencies.tsv (made by the build) and reference/currency_units.tsv. */
bool xd_currencies_load(struct xd_currencies *currencies, const struct xd_tables *tables,
                        struct xd_arena *arena, struct xd_error *err);

/* The index of exactly an ISO 4217 code in capitals, or XD_CURRENCY_NONE. */
static inline uint16_t
xd_currency_find(const struct xd_currencies *currencies, struct xd_slice code)
{
    unsigned a;
    unsigned b;
    unsigned c;

    if (code.len != 3) {
        return XD_CURRENCY_NONE;
    }
    a = (unsigned)(unsigned char)code.ptr[0] - 'A';
    b = (unsigned)(unsigned char)code.ptr[1] - 'A';
    c = (unsigned)(unsigned char)code.ptr[2] - 'A';
    return a < 26 && b < 26 && c < 26 ? currencies->by_code[(a * 26 + b) * 26 + c]
                                      : XD_CURRENCY_NONE;
}

/* Also codes in small letters, ISO numbers, unambiguous symbols and usual wrong codes (RMB);
 * XD_CURRENCY_NONE when nothing fits or when several do ("$"). */
uint16_t xd_currency_guess(const struct xd_currencies *currencies, struct xd_slice written);

#endif
