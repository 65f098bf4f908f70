/*
 * Reading the measure and tariff tables. An operator's table comes first and silences the bundled
 * rows of the same market and measure, so that a bundled heading never outbids a rate that somebody
 * looked up.
 */
#include <stdlib.h>
#include <sysexits.h>

#include "base/hash.h"
#include "base/tsv.h"
#include "reference/tariff.h"

static const char *const BUNDLED[] = {"reference/tariff.tsv", "reference/tariff_layers.tsv"};

#define BUNDLED_COUNT (sizeof(BUNDLED) / sizeof(BUNDLED[0]))

/* Markets that a given table speaks of: enough for every country. */
#define MARKETS_MAX 300

struct loading {
    struct xd_tariff *tariff;
    struct xd_arena *arena;
    struct spoken {
        xd_alpha market;
        uint32_t measures;
    } spoken[MARKETS_MAX];
    size_t spoken_count;
    bool bundled;
};

static bool
parse_kind(struct xd_slice text, enum xd_measure_kind *out)
{
    static const char *const WORDS[] = {"base", "preference", "additional", "ban", "listed"};

    for (unsigned i = 0; i < 5; i++) {
        if (xd_slice_eq(text, xd_slice_str(WORDS[i]))) {
            *out = (enum xd_measure_kind)i;
            return true;
        }
    }
    return false;
}

/* By name or alias, letters of either case; the table's first base measure for an empty name. */
static bool
find_measure(const struct xd_measures *measures, struct xd_slice name, uint8_t *out)
{
    for (size_t i = 0; i < measures->count; i++) {
        const struct xd_measure *measure = &measures->of[i];
        struct xd_slice aliases = measure->aliases;
        struct xd_slice alias;
        bool found = xd_slice_ieq(measure->name, name) ||
                     (name.len == 0 && measure->kind == XD_MEASURE_BASE);
        while (!found && xd_slice_next(&aliases, '|', &alias)) {
            found = xd_slice_ieq(alias, name);
        }
        if (found) {
            *out = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool
parse_displaced(const struct xd_measures *measures, struct xd_slice text, uint32_t *bits)
{
    struct xd_slice word;
    uint8_t at;

    *bits = 0;
    while (xd_slice_next(&text, ' ', &word)) {
        if (!find_measure(measures, word, &at)) {
            return false;
        }
        *bits |= UINT32_C(1) << at;
    }
    return true;
}

/* Loads reference/measures.tsv. */
static bool
load_measures(struct xd_measures *measures, const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"measure",      "kind",    "displaced_by",
                                          "exempt_claim", "aliases", "title"};
    struct xd_slice cells[6];
    struct xd_slice text;
    struct xd_tsv tsv;

    measures->count = 0;
    if (!xd_tables_get(tables, "reference/measures.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/measures.tsv", text, COLUMNS, 6, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (measures->count == XD_MEASURES_MAX) {
            return xd_tsv_fail(&tsv, err, "there is no room for the measure", cells[0]);
        }
        struct xd_measure *measure = &measures->of[measures->count];
        *measure = (struct xd_measure){
            .name = cells[0], .exempt_claim = cells[3], .aliases = cells[4], .title = cells[5]};
        if (!parse_kind(cells[1], &measure->kind)) {
            return xd_tsv_fail(&tsv, err, "kind is base, preference, additional or ban, not",
                               cells[1]);
        }
        if (!parse_displaced(measures, cells[2], &measure->displaced_by)) {
            return xd_tsv_fail(&tsv, err,
                               "displaced by a measure that is not above this row:", cells[2]);
        }
        measures->count++;
    }
    return err->status == 0;
}

static struct spoken *
spoken_of(struct loading *load, xd_alpha market)
{
    for (size_t i = 0; i < load->spoken_count; i++) {
        if (load->spoken[i].market == market) {
            return &load->spoken[i];
        }
    }
    if (load->spoken_count == MARKETS_MAX) {
        return NULL;
    }
    load->spoken[load->spoken_count] = (struct spoken){market, 0};
    return &load->spoken[load->spoken_count++];
}

/* "6109.10.00.10" or "6109 10" to packed digits; spaces and dots are how tariffs print. */
static bool
parse_code(struct xd_slice text, struct xd_tariff_row *row)
{
    row->code = 0;
    row->digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' || c == ' ') {
            continue;
        }
        if (!xd_is_digit(c) || row->digits == XD_HS_DIGITS_MAX) {
            return false;
        }
        row->code |= (uint64_t)(c - '0' + 1) << (60 - 4 * row->digits);
        row->digits++;
    }
    return true;
}

/* A UK or EU code is padded to ten digits with zeros, but a rate that hangs on a heading counts for
 * all below it. */
static void
strip_zero_pairs(struct xd_tariff_row *row)
{
    while (row->digits > 2 && row->digits % 2 == 0 &&
           ((row->code >> (64 - 4 * row->digits)) & 0xff) == 0x11) {
        row->digits = (uint8_t)(row->digits - 2);
        row->code &= UINT64_MAX << (64 - 4 * row->digits);
    }
}

static bool
parse_dates(const struct xd_slice *cells, struct xd_tariff_row *row)
{
    row->from = XD_DATE_MIN;
    row->until = XD_DATE_MAX;
    return (cells[3].len == 0 || xd_date_parse(cells[3], &row->from)) &&
           (cells[4].len == 0 || xd_date_parse(cells[4], &row->until));
}

static bool
parse_priority(struct xd_slice text, int32_t *out)
{
    struct xd_decimal value = {0, 0};

    if (text.len && (xd_decimal_parse(text, 0, &value) != XD_DECIMAL_OK ||
                     value.units > INT32_MAX || value.units < INT32_MIN)) {
        return false;
    }
    *out = (int32_t)value.units;
    return true;
}

/* "GB/6109/mfn", what the reports call the row. */
static struct xd_slice
row_name(struct loading *load, const struct xd_slice *cells, uint8_t measure)
{
    struct xd_slice name = load->tariff->measures.of[measure].name;
    size_t len = cells[0].len + cells[1].len + cells[2].len + name.len + 3;
    char *text = xd_arena_alloc(load->arena, len);
    size_t at = 0;

    if (!text) {
        return XD_NONE;
    }
    const struct xd_slice parts[] = {cells[0], cells[1].len ? cells[1] : XD_LIT("*"), name,
                                     cells[2]};
    for (size_t i = 0; i < 4; i++) {
        if (parts[i].len == 0) {
            continue;
        }
        if (i > 0 && at < len) {
            text[at++] = '/';
        }
        memcpy(text + at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    return xd_slice_of(text, at);
}

static const struct xd_rate_term *
copy_terms(struct xd_arena *arena, const struct xd_rate_expression *rate)
{
    size_t size = sizeof(*rate->terms);
    struct xd_rate_term *copy = xd_arena_array(arena, rate->count ? rate->count : 1U, size);

    if (copy && rate->count) {
        memcpy(copy, rate->terms, rate->count * size);
    }
    return copy;
}

static bool
parse_row(struct loading *load, const struct xd_tsv *tsv, const struct xd_slice *cells,
          struct xd_tariff_row *row, struct xd_error *err)
{
    struct xd_rate_term terms[XD_RATE_TERMS_MAX];
    size_t bad;

    row->market = xd_alpha_of(cells[0]);
    row->origin = xd_alpha_of(cells[2]);
    if (cells[0].len != 2 || row->market == 0) {
        return xd_tsv_fail(tsv, err, "market is a two-letter country code or EU, not", cells[0]);
    }
    if (!parse_code(cells[1], row)) {
        return xd_tsv_fail(tsv, err, "hs_code is up to 12 digits, not", cells[1]);
    }
    strip_zero_pairs(row);
    if (cells[2].len && row->origin == 0) {
        return xd_tsv_fail(tsv, err, "origin is a country code, EU or empty, not", cells[2]);
    }
    if (!parse_dates(cells, row)) {
        return xd_tsv_fail(tsv, err, "valid_from and valid_until are YYYY-MM-DD or empty, not",
                           cells[3].len ? cells[3] : cells[4]);
    }
    if (!find_measure(&load->tariff->measures, cells[5], &row->measure)) {
        return xd_tsv_fail(tsv, err, "there is no measure (see reference/measures.tsv)", cells[5]);
    }
    if (!parse_priority(cells[7], &row->priority)) {
        return xd_tsv_fail(tsv, err, "priority is a whole number, not", cells[7]);
    }
    /* An expression that cannot be read stays as prose: the line that meets it gets a finding, the
     * others a figure. */
    (void)xd_rate_expression_parse(cells[6], terms, &row->rate, &bad);
    row->rate.terms = copy_terms(load->arena, &row->rate);
    row->text = cells[6];
    row->bundled = load->bundled;
    row->source = cells[8];
    row->source_date = cells[9];
    row->confidence =
        (uint8_t)(cells[10].len ? xd_confidence_parse(cells[10]) : XD_CONFIDENCE_REPUTABLE);
    row->id = row_name(load, cells, row->measure);
    return (row->id.len > 0 && row->rate.terms) ||
           xd_error_set(err, EX_OSERR, "no memory for the tariff");
}

static bool
read_rows(struct loading *load, struct xd_slice text, const char *name, struct xd_error *err)
{
    static const char *const COLUMNS[] = {
        "market",     "?hs_code",  "?origin", "?valid_from",  "?valid_until", "?measure",
        "expression", "?priority", "?source", "?source_date", "?confidence"};
    struct xd_slice cells[11];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, name, text, COLUMNS, 11, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_tariff_row *row = &load->tariff->rows[load->tariff->count];
        if (!parse_row(load, &tsv, cells, row, err)) {
            return false;
        }
        struct spoken *spoken = spoken_of(load, row->market);
        if (!spoken) {
            return xd_tsv_fail(&tsv, err, "there are more markets than countries at", cells[0]);
        }
        if (!load->bundled) {
            spoken->measures |= UINT32_C(1) << row->measure;
        } else if ((spoken->measures >> row->measure) & 1) {
            continue;
        }
        load->tariff->count++;
    }
    return err->status == 0;
}

static int
compare_rows(const void *left, const void *right)
{
    const struct xd_tariff_row *a = left;
    const struct xd_tariff_row *b = right;

    if (a->market != b->market) {
        return a->market < b->market ? -1 : 1;
    }
    if (a->code != b->code) {
        return a->code < b->code ? -1 : 1;
    }
    if (a->origin != b->origin) {
        return a->origin < b->origin ? -1 : 1;
    }
    if (a->measure != b->measure) {
        return a->measure < b->measure ? -1 : 1;
    }
    return (a->from > b->from) - (a->from < b->from);
}

static bool
build_index(struct xd_tariff *tariff, struct xd_arena *arena, size_t markets)
{
    size_t size = 64;

    while (size < tariff->count * 2) {
        size *= 2;
    }
    tariff->mask = size - 1;
    tariff->slots = xd_arena_array(arena, size, sizeof(*tariff->slots));
    tariff->spans = xd_arena_array(arena, markets + 1, sizeof(*tariff->spans));
    if (!tariff->slots || !tariff->spans) {
        return false;
    }
    memset(tariff->slots, 0xff, size * sizeof(*tariff->slots));
    for (size_t i = 0; i < tariff->count; i++) {
        const struct xd_tariff_row *row = &tariff->rows[i];
        if (i == 0 || row[-1].market != row->market) {
            tariff->spans[tariff->span_count++] =
                (struct xd_tariff_span){.market = row->market, .first = (uint32_t)i};
        }
        struct xd_tariff_span *span = &tariff->spans[tariff->span_count - 1];
        span->lengths = (uint16_t)(span->lengths | (1U << row->digits));
        span->count++;
        span->origins |= row->origin != 0;
        span->by_origin |=
            row->origin && tariff->measures.of[row->measure].kind == XD_MEASURE_ADDITIONAL;
        if (i > 0 && row[-1].market == row->market && row[-1].code == row->code &&
            row[-1].origin == row->origin) {
            continue;
        }
        size_t at = xd_tariff_hash(row->market, row->code, row->origin) & tariff->mask;
        while (tariff->slots[at].row != XD_RATE_ROW_NONE) {
            at = (at + 1) & tariff->mask;
        }
        tariff->slots[at] =
            (struct xd_tariff_slot){row->code, row->market, row->origin, (uint32_t)i};
    }
    return true;
}

bool
xd_tariff_load(struct xd_tariff *tariff, const struct xd_tables *tables, struct xd_slice given,
               const char *given_name, struct xd_error *err)
{
    struct xd_slice texts[BUNDLED_COUNT];
    struct loading load = {.tariff = tariff, .arena = tables->arena};
    size_t room = xd_tsv_count(given) + 1;

    *tariff = (struct xd_tariff){0};
    if (!load_measures(&tariff->measures, tables, err)) {
        return false;
    }
    for (size_t i = 0; i < BUNDLED_COUNT; i++) {
        if (!xd_tables_get(tables, BUNDLED[i], &texts[i], err)) {
            return false;
        }
        room += xd_tsv_count(texts[i]);
    }
    tariff->rows = xd_arena_array(tables->arena, room, sizeof(*tariff->rows));
    if (!tariff->rows || room > UINT32_MAX / 2) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu tariff rows", room);
    }
    if (given.len && !read_rows(&load, given, given_name, err)) {
        return false;
    }
    load.bundled = true;
    for (size_t i = 0; i < BUNDLED_COUNT; i++) {
        if (!read_rows(&load, texts[i], BUNDLED[i], err)) {
            return false;
        }
    }
    qsort(tariff->rows, tariff->count, sizeof(*tariff->rows), compare_rows);
    return build_index(tariff, tables->arena, load.spoken_count) ||
           xd_error_set(err, EX_OSERR, "no memory for the tariff index");
}
