/*
 * Addresses a second on one core: clean addresses of the countries that most parcels go to, a tenth
 * of them with letters beyond ASCII, each checked whole. bench_address [COUNT]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "check/address.h"

#define A(name, street, city, region, code, country, phone, mail)                                  \
    {                                                                                              \
        {                                                                                          \
            XD_LIT(name), {NULL, 0}, XD_LIT(street), {NULL, 0}, {NULL, 0}, XD_LIT(city),           \
                XD_LIT(region), XD_LIT(code), XD_LIT(country), XD_LIT(phone), XD_LIT(mail)         \
        }                                                                                          \
    }

static const struct xd_address ADDRESSES[] = {
    A("Anna Schmidt", "Invalidenstrasse 12", "Berlin", "", "10115", "DE", "+49301234567",
      "anna.schmidt@example.org"),
    A("John Smith", "22 Baker Street", "London", "", "NW1 6XE", "GB", "+442079460958",
      "john.smith@example.com"),
    A("Jane Roe", "1600 Amphitheatre Pkwy", "Mountain View", "CA", "94043", "US", "+16502530000",
      "jane.roe@example.com"),
    A("Luc Martin", "12 rue de Rivoli", "Paris", "", "75004", "FR", "+33142345678",
      "luc.martin@example.fr"),
    A("Sophie Tremblay", "350 rue Saint-Paul", "Montreal", "QC", "H2Y 1H2", "CA", "+15145550123",
      "sophie@example.ca"),
    A("Mario Rossi", "Via Garibaldi 7", "Torino", "TO", "10122", "IT", "+390111234567",
      "mario.rossi@example.it"),
    A("Pieter de Vries", "Keizersgracht 101", "Amsterdam", "", "1015 CJ", "NL", "+31201234567",
      "pieter@example.nl"),
    A("Jack Brown", "45 George Street", "Sydney", "NSW", "2000", "AU", "+61291234567",
      "jack.brown@example.com.au"),
    A("Erik Svensson", "Drottninggatan 5", "Stockholm", "", "111 51", "SE", "+4681234567",
      "erik@example.se"),
    A("J\xc3\xbcrgen M\xc3\xbcller",
      "Hauptstra\xc3\x9f"
      "e 5",
      "K\xc3\xb6ln", "", "50667", "DE", "+492211234567", "jm@example.de"),
};

int
main(int argc, char **argv)
{
    size_t count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 5000000;
    struct xd_address_options options = {0};
    struct xd_arena arena;
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};
    struct xd_address_ctx ctx;
    struct xd_address_result result;
    struct timespec from;
    struct timespec to;
    size_t faults = 0;

    xd_arena_init(&arena, 1 << 18, 0);
    const struct xd_address_tables *all = xd_address_tables_load(&tables, &arena, &err);
    if (!all || !xd_date_parse(XD_LIT("2026-11-22"), &options.as_of)) {
        (void)fprintf(stderr, "bench_address: %s\n", err.text);
        return 1;
    }
    xd_address_ctx_init(&ctx, all);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (size_t i = 0; i < count; i++) {
        faults += xd_address_check(&ctx, &ADDRESSES[i % (sizeof(ADDRESSES) / sizeof(*ADDRESSES))],
                                   &options, &result) != XD_ADDRESS_VALID;
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    xd_address_ctx_free(&ctx);
    xd_arena_free(&arena);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("addresses/s\t%.0f\t(%zu checked, %zu not valid)\n", (double)count / seconds, count,
           faults);
    return faults != 0;
}
