/*
 * How many identifiers a second one core checks: declared (the scheme is known, as for a manifest
 * column), by carrier (as the tracking number of a row) and detected (nothing is known). All
 * numbers differ; one in 256 is wrong. Prints one line each: name, tab, identifiers a second.
 */
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "check/identifier.h"
#include "check/parcel_code.h"

#define COUNT  4096
#define ROUNDS 1000

struct sample {
    const char *scheme;
    const char *carrier;
    const char *text;
    size_t vary;  /* from here four digits are varied ... */
    size_t check; /* ... and this check character is made right */
};

static const struct sample SAMPLES[] = {
    {"sscc", "gls", "340123451234567895", 12, 17},
    {"ups-1z", "ups", "1Z999AA10123456784", 12, 17},
    {"upu-s10", "royal-mail", "RB123456785GB", 4, 10},
    {"gtin", "", "9506000134352", 8, 12},
    {"fedex-12", "fedex", "986578788855", 6, 11},
    {"usps-impb-c", "usps", "9261292700768711948021", 16, 21},
    {"dhl-express", "dhl", "3318810025", 4, 9},
    {"dpd-14", "dpd", "01015026003653C", 9, 14},
};

#define SAMPLE_COUNT (sizeof(SAMPLES) / sizeof(SAMPLES[0]))

static char texts[COUNT][32];
static struct xd_slice values[COUNT];
static uint16_t schemes[COUNT];
static struct xd_slice carriers[COUNT];

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* of one core, whoever else is on the machine */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Writes `number` into four places of the text and the check character that it asks for. */
static void
vary(const struct xd_identifiers *ids, uint16_t scheme, const struct sample *sample,
     unsigned number, char *text)
{
    static const char SYMBOLS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct xd_diagnosis diagnosis;

    for (size_t i = 0; i < 4; i++, number /= 10) {
        text[sample->vary + i] = (char)('0' + number % 10);
    }
    for (const char *c = SYMBOLS; *c; c++) {
        text[sample->check] = *c;
        if (xd_identifier_check(ids, scheme, xd_slice_str(text), &diagnosis) == XD_VALID) {
            return;
        }
    }
}

static void
prepare(const struct xd_identifiers *ids)
{
    for (size_t i = 0; i < COUNT; i++) {
        const struct sample *sample = &SAMPLES[i % SAMPLE_COUNT];
        size_t len = strlen(sample->text);
        memcpy(texts[i], sample->text, len + 1);
        schemes[i] = xd_scheme_find(ids, xd_slice_str(sample->scheme));
        vary(ids, schemes[i], sample, (unsigned)(i / SAMPLE_COUNT * 19), texts[i]);
        if (i / SAMPLE_COUNT % 256 == 255) {
            texts[i][len / 2] = texts[i][len / 2] == '7' ? '8' : '7';
        }
        values[i] = xd_slice_of(texts[i], len);
        carriers[i] = xd_slice_str(sample->carrier);
    }
}

static void
report(const char *name, double seconds, size_t valid)
{
    printf("%s\t%.0f\t%zu of %d valid\n", name, (double)COUNT * ROUNDS / seconds, valid / ROUNDS,
           COUNT);
}

static void
bench_declared(const struct xd_identifiers *ids)
{
    struct xd_diagnosis diagnosis;
    double start = now();
    size_t valid = 0;

    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            valid += xd_identifier_check(ids, schemes[i], values[i], &diagnosis) == XD_VALID;
        }
    }
    report("identifiers-declared", now() - start, valid);
}

static void
bench_carrier(const struct xd_identifiers *ids)
{
    struct xd_diagnosis diagnosis;
    double start = now();
    size_t valid = 0;

    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            valid += xd_tracking_check(ids, carriers[i], values[i], &diagnosis) == XD_VALID;
        }
    }
    report("identifiers-by-carrier", now() - start, valid);
}

static void
bench_detected(const struct xd_identifiers *ids)
{
    static struct xd_identifier_result result;
    double start = now();
    size_t valid = 0;

    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            xd_identifier_detect(ids, values[i], &result);
            valid += result.verdict == XD_VALID;
        }
    }
    report("identifiers-detected", now() - start, valid);
}

/* Wrong numbers only: what the diagnosis costs. */
static void
bench_wrong(const struct xd_identifiers *ids)
{
    static char wrong[SAMPLE_COUNT][32];
    struct xd_diagnosis diagnosis;
    size_t invalid = 0;

    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        memcpy(wrong[i], texts[i], sizeof(wrong[i]));
        wrong[i][values[i].len / 2] = wrong[i][values[i].len / 2] == '7' ? '8' : '7';
    }
    double start = now();
    for (size_t i = 0; i < (size_t)COUNT * ROUNDS / 16; i++) {
        size_t at = i % SAMPLE_COUNT;
        invalid += xd_identifier_check(ids, schemes[at], xd_slice_of(wrong[at], values[at].len),
                                       &diagnosis) == XD_INVALID;
    }
    printf("identifiers-wrong\t%.0f\t%zu invalid\n", (double)COUNT * ROUNDS / 16 / (now() - start),
           invalid);
}

static void
bench_parcel_codes(const struct xd_identifiers *ids)
{
    char buffer[64];
    double start = now();
    size_t bytes = 0;

    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            struct xd_slice out;
            (void)xd_parcel_code_canonical(ids, values[i], buffer, sizeof(buffer), &out);
            bytes += out.len;
        }
    }
    report("parcel-codes", now() - start, bytes ? (size_t)COUNT * ROUNDS : 0);
}

int
main(void)
{
    static struct xd_identifiers ids;
    struct xd_error err = {0};
    struct xd_arena arena;
    struct xd_tables tables = {NULL, &arena};

    xd_arena_init(&arena, 1 << 18, 0);
    if (!xd_identifiers_load(&ids, &tables, &arena, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return EX_CONFIG;
    }
    prepare(&ids);
    bench_declared(&ids);
    bench_carrier(&ids);
    bench_detected(&ids);
    bench_wrong(&ids);
    bench_parcel_codes(&ids);
    xd_arena_free(&arena);
    return 0;
}
