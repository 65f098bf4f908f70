/*
 * Addresses a second on one core, through the function that `process` and `address` call: 4096
 * different recipients in 32 countries, so that no branch predictor knows them by heart. Nearly
 * half have a region, four in ten letters beyond ASCII, one in twenty is in a script of its own,
 * all have a telephone number and seven in eight a mail address; one in fifty is faulty. The
 * carriers' widths are looked at as well. bench_address [COUNT]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "check/address.h"

#define ADDRESSES 4096
#define TEXTS     512 /* bytes that the values of one address take at most */

/* In a template '#' is any digit, '@' a letter that the posts use, '%' a house number. */
struct place {
    const char *country;
    const char *postal;
    const char *city;
    const char *region;
    const char *street;
    const char *phone;
};

static const struct place PLACES[] = {
    {"GB", "SW1A #@@", "London", "", "% Buckingham Gate", "+44207946####"},
    {"GB", "M## #@@", "Manchester", "", "Flat 4, % Deansgate", "+44 161 496 ####"},
    {"GB", "EH1 #@@", "Edinburgh", "Midlothian", "% Princes Street", "+44131496####"},
    {"DE", "109##", "Berlin", "", "Lindenstrasse %", "+493012#####"},
    {"DE", "803##", "München", "Bayern", "Am Alten Markt %", "+49 89 12#####"},
    {"DE", "503##", "Koeln", "", "Hohe Strasse %a", "+4922112#####"},
    {"FR", "750##", "Paris", "", "% rue de l'Eglise", "+331423#####"},
    {"FR", "690##", "Lyon", "", "% avenue Jean Jaures", "+334785#####"},
    {"IT", "201##", "Milano", "MI", "Via Torino, %", "+390212#####"},
    {"IT", "001##", "Roma", "RM", "Via dei Condotti %", "+3906123####"},
    {"ES", "280##", "Madrid", "Madrid", "Calle de Alcala, %", "+349112#####"},
    {"ES", "080##", "Barcelona", "Barcelona", "Carrer de Mallorca %, 3-1", "+349312#####"},
    {"NL", "1012 @H", "Amsterdam", "", "Damrak %", "+312012#####"},
    {"NL", "3011@H", "Rotterdam", "", "Coolsingel %", "+311012#####"},
    {"BE", "10##", "Bruxelles", "", "Rue Neuve %", "+322512####"},
    {"AT", "10#0", "Wien", "", "Mariahilfer Strasse %", "+431512####"},
    {"IE", "D02 AF##", "Dublin", "Dublin", "% Grafton Street", "+353151####"},
    {"PL", "00-1##", "Warszawa", "", "ul. Świętokrzyska %", "+482212#####"},
    {"CZ", "110 ##", "Praha", "", "Narodni trida %", "+420222######"},
    {"SE", "111 ##", "Stockholm", "", "Sveavägen %", "+46812#####"},
    {"DK", "1###", "København", "", "Norregade %", "+453312####"},
    {"PT", "1100-###", "Lisboa", "", "Rua Augusta, %", "+351211#####"},
    {"FI", "001##", "Helsinki", "", "Aleksanterinkatu %", "+358912#####"},
    {"GR", "105 ##", "Athina", "", "Ermou %", "+302112####"},
    {"RO", "0100##", "Bucuresti", "", "Calea Victoriei %", "+402112####"},
    {"HU", "10##", "Budapest", "", "Váci utca %", "+3611234###"},
    {"US", "100##", "New York", "NY", "% Broadway, Apt. 4", "+1212555####"},
    {"US", "941##", "San Francisco", "CA", "% Market Street", "(415) 555-####"},
    {"US", "606##-####", "Chicago", "Illinois", "% N Michigan Ave", "+1 312 555 ####"},
    {"US", "770##", "Houston", "TX", "% Westheimer Rd", "713-555-####"},
    {"CA", "M5V #A#", "Toronto", "ON", "% Queen Street West", "+1416555####"},
    {"CA", "H2Y #H#", "Montreal", "QC", "% rue Saint-Paul", "+1514555####"},
    {"AU", "20##", "Sydney", "NSW", "% Harbour Road", "+612912#####"},
    {"NZ", "10##", "Auckland", "", "% Queen Street", "+64912#####"},
    {"NO", "01##", "Oslo", "", "Karl Johans gate %", "+472212####"},
    {"CH", "80##", "Zurich", "", "Bahnhofstrasse %", "+4144332####"},
    {"JP", "100-00##", "Chiyoda-ku", "Tokyo", "%-2 Marunouchi", "+81312#####"},
    {"JP", "530-00##", "大阪市北区", "大阪府", "梅田 %", "+81612#####"},
    {"BG", "10##", "София", "", "бул. Витоша %", "+3592123####"},
    {"SG", "0189##", "Singapore", "", "% Marina Boulevard", "+65612#####"},
    {"KR", "045##", "Jung-gu", "Seoul", "% Sejong-daero", "+82212#####"},
    {"AE", "", "Dubai", "Dubai", "Sheikh Zayed Road %", "+97141#####"},
    {"HK", "", "Central", "Hong Kong Island", "% Queen's Road Central", "+85221######"},
    {"MX", "060##", "Ciudad de Mexico", "CDMX", "Avenida Juárez %", "+525512######"},
    {"BR", "01310-###", "São Paulo", "SP", "Avenida Paulista, %", "+551112######"},
};

static const char *const FIRST[] = {"Anna",   "Chloe",   "Liam",     "Søren",  "Jose",
                                    "Zoe",    "Lukas",   "Maria",    "Emily",  "Giulia",
                                    "Thomas", "Åsa",     "Mohammed", "Sofia",  "Jan",
                                    "Peter",  "Charlie", "Priya",    "Oliver", "Katarzyna"};
static const char *const LAST[] = {
    "Müller",   "Dubois", "O'Connor", "Hansen",   "Garcia", "van den Berg", "Kowalski", "Smith",
    "Tremblay", "Rossi",  "Brown",    "Nováková", "Silva",  "Johansson",    "Papadakis"};
static const char *const COMPANIES[] = {"Northwind Trading Ltd", "Baeckerei Huber GmbH",
                                        "Acme Inc."};
static const char *const HOSTS[] = {"example.com", "mail.example.org", "example.co.uk",
                                    "post.example.de"};
static const char *const CARRIERS[] = {"ups", "dhl-express", "royal-mail", "dpd", "fedex", "gls"};

#define COUNT(list)       (sizeof(list) / sizeof((list)[0]))
#define ANY(list, random) ((list)[below(random, COUNT(list))])

/* splitmix64 */
static unsigned
below(uint64_t *state, size_t limit)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ (z >> 31)) % limit);
}

/* Texts that stand behind each other, as the values of a manifest do. */
static char texts[ADDRESSES * TEXTS];
static size_t used;

static struct xd_slice
fill(uint64_t *random, const char *template)
{
    static const char LETTERS[] = "ABEGHJLNPRSTWXYZ";
    struct xd_slice out = {texts + used, 0};

    for (; *template; template ++) {
        if (*template == '%') {
            out.len += (size_t)sprintf(texts + used + out.len, "%u", 1 + below(random, 250));
        } else {
            texts[used + out.len++] = *template == '#'   ? (char)('0' + below(random, 10))
                                      : *template == '@' ? LETTERS[below(random, 16)]
                                                         : *template;
        }
    }
    used += out.len + 1;
    return out;
}

static struct xd_slice
join(const char *first, const char *between, const char *second)
{
    struct xd_slice out = {texts + used, 0};

    out.len = (size_t)sprintf(texts + used, "%s%s%s", first, between, second);
    used += out.len + 1;
    return out;
}

/* What merchants get wrong, each as often as the others. */
static void
spoil(uint64_t *random, struct xd_address *address)
{
    switch (below(random, 5)) {
    case 0:
        address->of[XD_ADDRESS_POSTAL_CODE] = XD_LIT("1234567Q");
        break;
    case 1:
        address->of[XD_ADDRESS_ADDRESS1] = XD_LIT("P.O. Box 1234");
        break;
    case 2:
        address->of[XD_ADDRESS_CITY] = XD_NONE;
        break;
    case 3:
        address->of[XD_ADDRESS_NAME] = XD_LIT("test");
        break;
    default:
        address->of[XD_ADDRESS_EMAIL] = XD_LIT("anna(at)example.com");
        break;
    }
}

static void
make(uint64_t *random, struct xd_address *address)
{
    const struct place *place = &ANY(PLACES, random);
    const char *mails[] = {"shopper##########", "anna.smith##", "j_brown"};

    *address = (struct xd_address){0};
    address->of[XD_ADDRESS_NAME] = join(ANY(FIRST, random), " ", ANY(LAST, random));
    if (below(random, 8) == 0) {
        address->of[XD_ADDRESS_COMPANY] = xd_slice_str(ANY(COMPANIES, random));
    }
    address->of[XD_ADDRESS_ADDRESS1] = fill(random, place->street);
    if (below(random, 8) == 0) {
        address->of[XD_ADDRESS_ADDRESS2] = fill(random, "Apartment %");
    }
    address->of[XD_ADDRESS_CITY] = fill(random, place->city);
    address->of[XD_ADDRESS_REGION] = fill(random, place->region);
    address->of[XD_ADDRESS_POSTAL_CODE] = fill(random, place->postal);
    address->of[XD_ADDRESS_COUNTRY] = fill(random, place->country);
    address->of[XD_ADDRESS_PHONE] = fill(random, place->phone);
    if (below(random, 8)) {
        struct xd_slice local = fill(random, ANY(mails, random));
        texts[used - 1] = '\0';
        address->of[XD_ADDRESS_EMAIL] = join(local.ptr, "@", ANY(HOSTS, random));
    }
    if (below(random, 50) == 0) {
        spoil(random, address);
    }
}

/* The processor's time: others may be on the machine. */
static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
    static struct xd_address addresses[ADDRESSES];
    static struct xd_address_options options[ADDRESSES];
    static struct xd_address_result result;
    size_t count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 5000000;
    struct xd_arena arena;
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};
    struct xd_address_ctx ctx;
    uint64_t random = 20261122;
    size_t faults = 0;
    xd_date day;

    xd_arena_init(&arena, 1 << 18, 0);
    const struct xd_address_tables *all = xd_address_tables_load(&tables, &arena, &err);
    if (!all || !xd_date_parse(XD_LIT("2026-11-22"), &day)) {
        (void)fprintf(stderr, "bench_address: %s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < ADDRESSES; i++) {
        make(&random, &addresses[i]);
        options[i].as_of = day;
        options[i].carrier = xd_slice_str(ANY(CARRIERS, &random));
    }
    xd_address_ctx_init(&ctx, all);
    double start = now();
    for (size_t i = 0; i < count; i++) {
        size_t at = i % ADDRESSES;
        faults += xd_address_check(&ctx, &addresses[at], &options[at], &result) != XD_ADDRESS_VALID;
    }
    double seconds = now() - start;
    xd_address_ctx_free(&ctx);
    xd_arena_free(&arena);
    printf("addresses/s\t%.0f\t(%zu checked, %.1f %% not valid)\n", (double)count / seconds, count,
           100 * (double)faults / (double)count);
    return faults > count / 20;
}
