/*
 * Lookup: a code is packed into 64 bits, and each length that the market uses is probed from the
 * longest down. The first row that fits is the answer for its measure, so the walk ends when every
 * measure has one or the code is used up. No allocation, no comparison of text.
 */
#include "reference/tariff.h"

#define SLOT_EMPTY UINT32_MAX

/* The first `digits` digits, four bits each, one more than the digit so that "0101" is not "101".
 */
static uint64_t
pack(struct xd_slice code, size_t digits)
{
    uint64_t packed = 0;

    for (size_t i = 0; i < digits; i++) {
        packed |= (uint64_t)(code.ptr[i] - '0' + 1) << (60 - 4 * i);
    }
    return packed;
}

static const struct xd_tariff_span *
find_span(const struct xd_tariff *tariff, xd_alpha market)
{
    size_t low = 0;
    size_t high = tariff->span_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (tariff->spans[middle].market < market) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < tariff->span_count && tariff->spans[low].market == market ? &tariff->spans[low]
                                                                           : NULL;
}

static uint32_t
find_code(const struct xd_tariff *tariff, xd_alpha market, uint64_t code)
{
    for (size_t at = xd_tariff_hash(market, code) & tariff->mask;; at = (at + 1) & tariff->mask) {
        uint32_t row = tariff->slots[at];
        if (row == SLOT_EMPTY) {
            return XD_RATE_ROW_NONE;
        }
        if (tariff->rows[row].code == code && tariff->rows[row].market == market) {
            return row;
        }
    }
}

/* How well the origin fits: 0 not, 1 any, 2 by group, 3 by name. */
static int
origin_fit(const struct xd_tariff_row *row, const struct xd_tariff_query *query)
{
    if (row->origin == 0) {
        return 1;
    }
    if (row->origin == query->origin) {
        return 3;
    }
    return query->origin_group && row->origin == query->origin_group ? 2 : 0;
}

static bool
better(const struct xd_tariff_row *row, const struct xd_tariff_row *held,
       const struct xd_tariff_query *query)
{
    int fit = origin_fit(row, query);

    if (fit == 0 || query->date < row->from || query->date > row->until) {
        return false;
    }
    if (!held) {
        return true;
    }
    if (held->digits != row->digits) {
        return false;
    }
    int other = origin_fit(held, query);
    if (fit != other) {
        return fit > other;
    }
    return row->priority != held->priority ? row->priority > held->priority
                                           : row->from > held->from;
}

static size_t
usable_digits(struct xd_slice code)
{
    size_t digits = 0;

    while (digits < code.len && digits < XD_HS_DIGITS_MAX && xd_is_digit(code.ptr[digits])) {
        digits++;
    }
    return digits;
}

void
xd_tariff_find(const struct xd_tariff *tariff, const struct xd_tariff_query *query,
               struct xd_tariff_hit *hit)
{
    const struct xd_tariff_span *span = find_span(tariff, query->market);
    size_t digits = usable_digits(query->hs_code);
    uint64_t full = pack(query->hs_code, digits);

    hit->found = 0;
    hit->known = span != NULL;
    hit->by_origin = span && span->by_origin;
    if (!span) {
        return;
    }
    for (size_t length = digits + 1; length-- > 0;) {
        if (!((span->lengths >> length) & 1)) {
            continue;
        }
        uint64_t code = length == 0 ? 0 : full & (UINT64_MAX << (64 - 4 * length));
        uint32_t at = find_code(tariff, query->market, code);
        for (; at < span->first + span->count && tariff->rows[at].code == code; at++) {
            const struct xd_tariff_row *row = &tariff->rows[at];
            uint32_t bit = UINT32_C(1) << row->measure;
            if (better(row, hit->found & bit ? hit->of[row->measure] : NULL, query)) {
                hit->of[row->measure] = row;
                hit->found |= bit;
            }
        }
    }
}

/* First row of the market at or behind `code`. */
static size_t
lower_bound(const struct xd_tariff *tariff, const struct xd_tariff_span *span, uint64_t code)
{
    size_t low = span->first;
    size_t high = span->first + span->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (tariff->rows[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool
xd_tariff_neighbours(const struct xd_tariff *tariff, xd_alpha market, struct xd_slice hs_code,
                     size_t digits, size_t *first, size_t *count)
{
    const struct xd_tariff_span *span = find_span(tariff, market);

    if (!span || digits > usable_digits(hs_code)) {
        return false;
    }
    *first = span->first;
    *count = span->count;
    if (digits > 0) {
        uint64_t code = pack(hs_code, digits);
        *first = lower_bound(tariff, span, code);
        *count = lower_bound(tariff, span, code + (UINT64_C(1) << (64 - 4 * digits))) - *first;
    }
    return true;
}
