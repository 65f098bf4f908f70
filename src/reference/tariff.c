/*
 * Lookup: a code is packed into 64 bits, and each length that the market uses is probed from the
 * longest down. The first row that fits is the answer for its measure, so the walk ends when every
 * measure has one or the code is used up. No allocation, no comparison of text.
 */
#include "reference/tariff.h"

/* The first `digits` digits of a packed code. */
static uint64_t
cut(uint64_t code, size_t digits)
{
    return digits == 0 ? 0 : code & (UINT64_MAX << (64 - 4 * digits));
}

bool
xd_measures_bits(const struct xd_measures *measures, struct xd_slice names, uint32_t *out)
{
    struct xd_slice name;

    *out = 0;
    while (xd_slice_next(&names, ' ', &name)) {
        size_t at = 0;
        while (at < measures->count && !xd_slice_eq(measures->of[at].name, name)) {
            at++;
        }
        if (at == measures->count) {
            return false;
        }
        *out |= UINT32_C(1) << at;
    }
    return true;
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
find_code(const struct xd_tariff *tariff, xd_alpha market, uint64_t code, xd_alpha origin)
{
    size_t at = xd_tariff_hash(market, code, origin) & tariff->mask;

    for (;; at = (at + 1) & tariff->mask) {
        const struct xd_tariff_slot *slot = &tariff->slots[at];
        if (slot->row == XD_RATE_ROW_NONE ||
            (slot->code == code && slot->market == market && slot->origin == origin)) {
            return slot->row;
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

/* Takes the rows of one code and origin where they are better than what was found. */
static void
take_rows(const struct xd_tariff *tariff, const struct xd_tariff_query *query, uint64_t code,
          xd_alpha origin, struct xd_tariff_hit *hit)
{
    size_t at = find_code(tariff, query->market, code, origin);

    for (; at < tariff->count && tariff->rows[at].code == code &&
           tariff->rows[at].origin == origin && tariff->rows[at].market == query->market;
         at++) {
        const struct xd_tariff_row *row = &tariff->rows[at];
        uint32_t bit = UINT32_C(1) << row->measure;
        if (better(row, hit->found & bit ? hit->of[row->measure] : NULL, query)) {
            hit->of[row->measure] = row;
            hit->found |= bit;
        }
    }
}

void
xd_tariff_find(const struct xd_tariff *tariff, const struct xd_tariff_query *query,
               struct xd_tariff_hit *hit)
{
    const struct xd_tariff_span *span = find_span(tariff, query->market);

    hit->found = 0;
    hit->known = span != NULL;
    hit->by_origin = span && span->by_origin;
    if (!span) {
        return;
    }
    for (size_t length = query->digits + 1U; length-- > 0;) {
        if (!((span->lengths >> length) & 1)) {
            continue;
        }
        uint64_t code = cut(query->code, length);
        take_rows(tariff, query, code, 0, hit);
        if (query->origin && span->origins) {
            take_rows(tariff, query, code, query->origin, hit);
        }
        if (query->origin_group && query->origin_group != query->origin && span->origins) {
            take_rows(tariff, query, code, query->origin_group, hit);
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
xd_tariff_neighbours(const struct xd_tariff *tariff, xd_alpha market, uint64_t code, size_t digits,
                     size_t *first, size_t *count)
{
    const struct xd_tariff_span *span = find_span(tariff, market);

    if (!span) {
        return false;
    }
    *first = span->first;
    *count = span->count;
    if (digits > 0) {
        uint64_t low = cut(code, digits);
        *first = lower_bound(tariff, span, low);
        *count = lower_bound(tariff, span, low + (UINT64_C(1) << (64 - 4 * digits))) - *first;
    }
    return true;
}
