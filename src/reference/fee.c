/*
 * The fee table: words to enums, one row a fee and period.
 */
#include "reference/fee.h"

#include <sysexits.h>

#include "base/tsv.h"

enum {
    C_ID,
    C_MARKET,
    C_NAME,
    C_PAYEE,
    C_CARRIER,
    C_DISPATCH,
    C_BASIS,
    C_AMOUNT,
    C_CURRENCY,
    C_MIN,
    C_MAX,
    C_WHEN,
    C_LIMIT,
    C_IN_TAX_BASE,
    C_ENABLED,
    C_FROM,
    C_UNTIL,
    C_CONFIDENCE,
    C_SOURCE,
    C_SOURCE_DATE,
    C_COUNT
};

static const char *const COLUMNS[C_COUNT] = {
    "fee_id",          "market",      "name",    "payee",
    "carrier",         "dispatch",    "basis",   "amount",
    "currency",        "min",         "max",     "when",
    "limit",           "in_tax_base", "enabled", "effective_from",
    "effective_until", "confidence",  "source",  "source_date"};

static bool
word_of(const struct xd_tsv *tsv, struct xd_slice text, const char *const *words, unsigned count,
        unsigned *out, struct xd_error *err)
{
    for (unsigned i = 0; i < count; i++) {
        if (xd_slice_eq(text, xd_slice_str(words[i]))) {
            *out = i;
            return true;
        }
    }
    return xd_tsv_fail(tsv, err, "a fee cannot have", text);
}

static bool
parse_words(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_fee *fee,
            struct xd_error *err)
{
    static const char *const PAYEES[] = {"state", "post", "courier"};
    static const char *const BASES[] = {"parcel", "item", "charges", "value"};
    static const char *const WHENS[] = {"always", "border", "within", "above"};
    static const char *const ANSWERS[] = {"no", "yes"};
    unsigned payee = 0;
    unsigned basis = 0;
    unsigned when = 0;
    unsigned in_base = 0;
    unsigned enabled = 0;

    if (!word_of(tsv, cells[C_PAYEE], PAYEES, 3, &payee, err) ||
        !word_of(tsv, cells[C_BASIS], BASES, 4, &basis, err) ||
        !word_of(tsv, cells[C_WHEN], WHENS, 4, &when, err) ||
        !word_of(tsv, cells[C_IN_TAX_BASE], ANSWERS, 2, &in_base, err) ||
        !word_of(tsv, cells[C_ENABLED], ANSWERS, 2, &enabled, err)) {
        return false;
    }
    fee->payee = (enum xd_fee_payee)payee;
    fee->basis = (enum xd_fee_basis)basis;
    fee->when = (enum xd_fee_when)when;
    fee->in_tax_base = in_base == 1;
    fee->enabled = enabled == 1;
    return true;
}

static bool
parse_amounts(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_fee *fee,
              struct xd_error *err)
{
    fee->least.set = cells[C_MIN].len > 0;
    fee->most.set = cells[C_MAX].len > 0;
    fee->unknown = cells[C_AMOUNT].len == 0;
    if ((!fee->unknown && xd_decimal_parse(cells[C_AMOUNT], 6, &fee->amount) != XD_DECIMAL_OK) ||
        (fee->least.set && xd_decimal_parse(cells[C_MIN], 6, &fee->least.value) != XD_DECIMAL_OK) ||
        (fee->most.set && xd_decimal_parse(cells[C_MAX], 6, &fee->most.value) != XD_DECIMAL_OK)) {
        return xd_tsv_fail(tsv, err, "the amounts of a fee are plain numbers:", cells[C_AMOUNT]);
    }
    fee->currency = xd_alpha_of(cells[C_CURRENCY]);
    if (cells[C_CURRENCY].len != 3 || !fee->currency) {
        return xd_tsv_fail(tsv, err, "not a currency:", cells[C_CURRENCY]);
    }
    if (!xd_threshold_parse(cells[C_LIMIT], &fee->limit) ||
        (fee->when != XD_FEE_BORDER &&
         fee->limit.set != (fee->when == XD_FEE_WITHIN || fee->when == XD_FEE_ABOVE))) {
        return xd_tsv_fail(tsv, err,
                           "within and above need a limit, always has none:", cells[C_LIMIT]);
    }
    return true;
}

/* "DE FR IT AT", or "!DE FR IT AT": from anywhere but there. */
static bool
parse_dispatch(struct xd_slice text, struct xd_fee *fee)
{
    struct xd_slice word;
    size_t count = 0;

    fee->dispatch_not = text.len > 0 && text.ptr[0] == '!';
    text = xd_slice_sub(text, fee->dispatch_not, SIZE_MAX);
    while (xd_slice_next(&text, ' ', &word)) {
        if (count == 4 || (fee->dispatch[count++] = xd_alpha_of(word)) == 0) {
            return false;
        }
    }
    return true;
}

static bool
parse_fee(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_fee *fee,
          struct xd_error *err)
{
    *fee = (struct xd_fee){.id = cells[C_ID],
                           .market = xd_alpha_of(cells[C_MARKET]),
                           .name = cells[C_NAME],
                           .carrier = cells[C_CARRIER],
                           .until = XD_DATE_MAX,
                           .confidence = xd_confidence_parse(cells[C_CONFIDENCE]),
                           .source = cells[C_SOURCE],
                           .source_date = cells[C_SOURCE_DATE]};
    if (!fee->market) {
        return xd_tsv_fail(tsv, err, "market is a two-letter code, not", cells[C_MARKET]);
    }
    if (!xd_date_parse(cells[C_FROM], &fee->from) ||
        (cells[C_UNTIL].len && !xd_date_parse(cells[C_UNTIL], &fee->until))) {
        return xd_tsv_fail(tsv, err, "not a date:", cells[C_FROM]);
    }
    if (!parse_dispatch(cells[C_DISPATCH], fee)) {
        return xd_tsv_fail(tsv, err, "dispatch is up to four countries, not", cells[C_DISPATCH]);
    }
    return parse_words(tsv, cells, fee, err) && parse_amounts(tsv, cells, fee, err);
}

static bool
note_market(struct xd_markets *markets, xd_alpha market, size_t at)
{
    bool together = true;

    for (size_t i = 0; i < markets->count; i++) {
        if (markets->rules[i].market == market) {
            together &= xd_rows_of_add(&markets->rules[i].fees, at);
        }
    }
    return together;
}

bool
xd_fees_load(struct xd_fees *fees, struct xd_markets *markets, const struct xd_tables *tables,
             struct xd_error *err)
{
    struct xd_slice cells[C_COUNT];
    struct xd_slice text;
    struct xd_tsv tsv;

    fees->count = 0;
    if (!xd_tables_get(tables, "reference/fees.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/fees.tsv", text, COLUMNS, C_COUNT, err)) {
        return false;
    }
    size_t room = xd_tsv_count(text) + 1;
    fees->rows = xd_arena_array(tables->arena, room, sizeof(*fees->rows));
    if (!fees->rows || room > UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu fees", room);
    }
    for (; xd_tsv_next(&tsv, cells, err); fees->count++) {
        struct xd_fee *fee = &fees->rows[fees->count];
        if (!parse_fee(&tsv, cells, fee, err)) {
            return false;
        }
        if (!note_market(markets, fee->market, fees->count)) {
            return xd_tsv_fail(&tsv, err, "the rows of a market stand together, not so", cells[0]);
        }
    }
    return err->status == 0;
}
