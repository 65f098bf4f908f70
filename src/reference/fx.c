/*
 * Quotes are sorted so that the one in force on a day is found by bisection; a publisher's history
 * of twenty years is two hundred thousand rows.
 */
#include "reference/fx.h"

#include <stdlib.h>
#include <sysexits.h>

#include "base/tsv.h"

#define SOURCES_MAX (sizeof(((struct xd_fx *)0)->sources) / sizeof(xd_alpha))

static int
compare_keys(const struct xd_fx_quote *a, const struct xd_fx_quote *b)
{
    if (a->bundled != b->bundled) {
        return a->bundled ? 1 : -1;
    }
    if (a->source != b->source) {
        return a->source < b->source ? -1 : 1;
    }
    return (a->currency > b->currency) - (a->currency < b->currency);
}

static int
compare_quotes(const void *left, const void *right)
{
    const struct xd_fx_quote *a = left;
    const struct xd_fx_quote *b = right;
    int order = compare_keys(a, b);

    return order ? order : (a->from > b->from) - (a->from < b->from);
}

static bool
parse_quote(const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_fx_quote *quote,
            struct xd_error *err)
{
    quote->source = xd_alpha_of(cells[0]);
    quote->base = xd_alpha_of(cells[1]);
    quote->currency = xd_alpha_of(cells[2]);
    if (!quote->source) {
        return xd_tsv_fail(tsv, err, "source is a short name such as ecb or hmrc, not", cells[0]);
    }
    if (cells[1].len != 3 || cells[2].len != 3 || !quote->base || !quote->currency) {
        return xd_tsv_fail(tsv, err, "base and currency are three-letter codes, not",
                           cells[1].len == 3 ? cells[2] : cells[1]);
    }
    if (xd_decimal_parse(cells[3], 9, &quote->rate) != XD_DECIMAL_OK || quote->rate.units <= 0) {
        return xd_tsv_fail(tsv, err, "rate is a positive number, not", cells[3]);
    }
    if (!xd_date_parse(cells[4], &quote->from)) {
        return xd_tsv_fail(tsv, err, "valid_from is a date, not", cells[4]);
    }
    quote->until = XD_DATE_MAX;
    if (cells[5].len && !xd_date_parse(cells[5], &quote->until)) {
        return xd_tsv_fail(tsv, err, "valid_until is a date or empty, not", cells[5]);
    }
    quote->in_base = xd_slice_eq(cells[6], XD_LIT("in-base"));
    if (cells[6].len && !quote->in_base && !xd_slice_eq(cells[6], XD_LIT("per-base"))) {
        return xd_tsv_fail(tsv, err, "quote is per-base or in-base, not", cells[6]);
    }
    quote->note = cells[7];
    return true;
}

static bool
note_source(struct xd_fx *fx, xd_alpha source)
{
    for (size_t i = 0; i < fx->source_count; i++) {
        if (fx->sources[i] == source) {
            return true;
        }
    }
    if (fx->source_count == SOURCES_MAX) {
        return false;
    }
    fx->sources[fx->source_count++] = source;
    return true;
}

static bool
read_quotes(struct xd_fx *fx, struct xd_slice text, const char *name, bool bundled,
            struct xd_error *err)
{
    static const char *const COLUMNS[] = {"?source",    "base",         "currency", "rate",
                                          "valid_from", "?valid_until", "?quote",   "?note"};
    struct xd_slice cells[8];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, name, text, COLUMNS, 8, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_fx_quote *quote = &fx->quotes[fx->count];
        if (!cells[0].ptr) {
            cells[0] = XD_LIT("file");
        }
        if (!parse_quote(&tsv, cells, quote, err)) {
            return false;
        }
        quote->bundled = bundled;
        if (!note_source(fx, quote->source)) {
            return xd_tsv_fail(&tsv, err, "there are too many sources of rates at", cells[0]);
        }
        fx->count++;
    }
    return err->status == 0;
}

bool
xd_fx_load(struct xd_fx *fx, const struct xd_tables *tables, struct xd_slice given,
           const char *given_name, struct xd_error *err)
{
    struct xd_slice text;

    *fx = (struct xd_fx){0};
    if (!xd_tables_get(tables, "reference/fx.tsv", &text, err)) {
        return false;
    }
    size_t room = xd_tsv_count(given) + xd_tsv_count(text) + 1;
    fx->quotes = xd_arena_array(tables->arena, room, sizeof(*fx->quotes));
    if (!fx->quotes) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu exchange rates", room);
    }
    if ((given.len && !read_quotes(fx, given, given_name, false, err)) ||
        !read_quotes(fx, text, "reference/fx.tsv", true, err)) {
        return false;
    }
    qsort(fx->quotes, fx->count, sizeof(*fx->quotes), compare_quotes);
    return true;
}

/* The latest quote of the key that is in force on the day, or NULL. */
static const struct xd_fx_quote *
find_quote(const struct xd_fx *fx, const struct xd_fx_quote *key, xd_date date)
{
    size_t low = 0;
    size_t high = fx->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct xd_fx_quote *quote = &fx->quotes[middle];
        int order = compare_keys(quote, key);
        if (order < 0 || (order == 0 && quote->from <= date)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct xd_fx_quote *quote = low > 0 ? &fx->quotes[low - 1] : NULL;
    return quote && compare_keys(quote, key) == 0 && date <= quote->until ? quote : NULL;
}

/* The base of a source, told by any of its quotes; 0 when it has none. */
static xd_alpha
base_of(const struct xd_fx *fx, xd_alpha source, bool bundled)
{
    struct xd_fx_quote key = {.source = source, .bundled = bundled};
    size_t low = 0;
    size_t high = fx->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_keys(&fx->quotes[middle], &key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < fx->count && fx->quotes[low].source == source && fx->quotes[low].bundled == bundled
               ? fx->quotes[low].base
               : 0;
}

/* The quote as a fraction: units of the currency for one of the base. */
static void
fraction(const struct xd_fx_quote *quote, int64_t *top, int64_t *bottom)
{
    int64_t units = quote ? quote->rate.units : 1;
    int64_t scale = quote ? xd_pow10(quote->rate.scale) : 1;

    *top = quote && quote->in_base ? scale : units;
    *bottom = quote && quote->in_base ? units : scale;
}

static __int128
common_divisor(__int128 a, __int128 b)
{
    while (b != 0) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* to/from as a reduced fraction of 63 bits a side. */
static bool
cross(struct xd_fx_rate *rate)
{
    int64_t from_top;
    int64_t from_bottom;
    int64_t to_top;
    int64_t to_bottom;

    fraction(rate->from_quote, &from_top, &from_bottom);
    fraction(rate->to_quote, &to_top, &to_bottom);
    __int128 top = (__int128)to_top * from_bottom;
    __int128 bottom = (__int128)to_bottom * from_top;
    __int128 divisor = common_divisor(top, bottom);
    top /= divisor;
    bottom /= divisor;
    if (top > INT64_MAX || bottom > INT64_MAX) {
        return false;
    }
    rate->numerator = (int64_t)top;
    rate->denominator = (int64_t)bottom;
    return true;
}

static bool
try_source(const struct xd_fx *fx, xd_alpha source, bool bundled, xd_date date,
           struct xd_fx_rate *rate)
{
    struct xd_fx_quote key = {.source = source, .bundled = bundled};
    xd_alpha base = source ? base_of(fx, source, bundled) : 0;

    if (base == 0) {
        return false;
    }
    key.currency = rate->from;
    rate->from_quote = rate->from == base ? NULL : find_quote(fx, &key, date);
    key.currency = rate->to;
    rate->to_quote = rate->to == base ? NULL : find_quote(fx, &key, date);
    if ((rate->from != base && !rate->from_quote) || (rate->to != base && !rate->to_quote)) {
        return false;
    }
    rate->source = source;
    rate->bundled = bundled;
    return cross(rate);
}

bool
xd_fx_find(const struct xd_fx *fx, const xd_alpha *sources, xd_alpha from, xd_alpha to,
           xd_date date, struct xd_fx_rate *out)
{
    *out = (struct xd_fx_rate){
        .from = from, .to = to, .prescribed = true, .numerator = 1, .denominator = 1};
    if (from == to) {
        return true;
    }
    for (unsigned bundled = 0; bundled < 2; bundled++) {
        for (size_t i = 0; i < 3; i++) {
            if (try_source(fx, sources[i], bundled == 1, date, out)) {
                return true;
            }
        }
    }
    out->prescribed = false;
    for (unsigned bundled = 0; bundled < 2; bundled++) {
        for (size_t i = 0; i < fx->source_count; i++) {
            if (try_source(fx, fx->sources[i], bundled == 1, date, out)) {
                return true;
            }
        }
    }
    return false;
}
