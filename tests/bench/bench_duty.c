/*
 * How many lines a second are quoted on one core: a million lines in parcels of one to four, over
 * the markets that parcels go to most, with the built-in tables. Prints one line.
 */
#include <stdio.h>
#include <time.h>

#include "duty/quote.h"

#define LINES 1000000

static struct xd_duty_rules rules;

static uint32_t
pick(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(*seed >> 33) % below;
}

enum { MARKETS = 18, CODES = 10, ORIGINS = 6 };

/* Read before the clock starts: what is measured is the quote, not the reading of names. */
static xd_alpha markets[MARKETS];
static struct xd_slice codes[CODES];
static xd_alpha origins[ORIGINS];

static void
read_names(void)
{
    static const char *const MARKET[MARKETS] = {"GB", "DE", "FR", "US", "CA", "AU",
                                                "NZ", "NO", "CH", "JP", "SG", "IT",
                                                "ES", "NL", "SE", "MX", "BR", "KR"};
    static const char *const CODE[CODES] = {"610910", "620342", "640399", "420221", "711319",
                                            "330300", "490110", "851713", "910211", "950300"};
    static const char *const ORIGIN[ORIGINS] = {"CN", "VN", "IT", "TR", "IN", "US"};

    for (size_t i = 0; i < MARKETS; i++) {
        markets[i] = xd_alpha_of(xd_slice_str(MARKET[i]));
    }
    for (size_t i = 0; i < CODES; i++) {
        codes[i] = xd_slice_str(CODE[i]);
    }
    for (size_t i = 0; i < ORIGINS; i++) {
        origins[i] = xd_alpha_of(xd_slice_str(ORIGIN[i]));
    }
}

static void
make_parcel(uint64_t *seed, struct xd_consignment *c, struct xd_duty_line *lines)
{
    *c = (struct xd_consignment){.destination = markets[pick(seed, MARKETS)],
                                 .dispatch = XD_ALPHA2('H', 'K'),
                                 .date = 20780,
                                 .currency = XD_ALPHA3('E', 'U', 'R'),
                                 .freight = {pick(seed, 2) ? 990 : 0, 2},
                                 .incoterm = XD_INCOTERM_DDP,
                                 .channel = XD_CHANNEL_COURIER,
                                 .registration_number = XD_LIT("IM1234567890"),
                                 .lines = lines,
                                 .line_count = 1 + pick(seed, 4)};
    for (uint32_t i = 0; i < c->line_count; i++) {
        lines[i] = (struct xd_duty_line){
            .number = i + 1,
            .hs_code = codes[pick(seed, CODES)],
            .description = XD_LIT("cotton goods, knitted"),
            .origin = origins[pick(seed, ORIGINS)],
            .quantity = {1 + pick(seed, 3), 0},
            .unit_price = {100 + pick(seed, 12000), 2},
            .gross_kg = {true, {350, 3}},
        };
    }
}

static double
seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
main(void)
{
    struct xd_arena arena;
    struct xd_arena scratch;
    struct xd_error err = {0};
    struct xd_duty_line lines[4];
    struct xd_consignment c;
    struct xd_landed_cost cost;
    uint64_t seed = 1;
    size_t quoted = 0;
    int64_t total = 0;

    xd_arena_init(&arena, 1 << 20, 0);
    xd_arena_init(&scratch, 1 << 16, 0);
    struct xd_tables tables = {NULL, &arena};
    struct xd_duty_ctx ctx = {.arena = &scratch};
    double start = seconds();
    if (!xd_duty_rules_load(&rules, &tables, NULL, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    read_names();
    double loaded = seconds();
    while (quoted < LINES) {
        make_parcel(&seed, &c, lines);
        if (!xd_duty_quote(&rules, &c, &ctx, &cost)) {
            (void)fprintf(stderr, "a parcel could not be quoted\n");
            return 1;
        }
        quoted += c.line_count;
        total += cost.amounts.total;
    }
    double end = seconds();
    printf("duty: %zu lines quoted in %.2f s (%.0f lines/s), tables loaded in %.2f ms, sum %lld\n",
           quoted, end - loaded, (double)quoted / (end - loaded), (loaded - start) * 1e3,
           (long long)total);
    xd_arena_free(&scratch);
    xd_arena_free(&arena);
    return 0;
}
