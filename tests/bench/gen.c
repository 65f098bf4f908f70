/*
 * Makes the manifests and orders that the benchmark measures: row i depends on i alone, so that a
 * manifest and its orders agree without knowing each other, and every machine measures the same
 * bytes. A row is one parcel of one order, about 256 bytes of 24 columns: quoted commas, names
 * beyond ASCII, some twenty countries, 2 % wrong check digits, 1 % wrong postal codes. `faulty`
 * makes every row faulty, to show that a bad day costs no more than a good one.
 *
 * gen manifest|faulty|orders|xml ROWS >FILE; xml is the manifest in crossdock's own XML.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where parcels go; in a postal code '#' is any digit and '@' any letter that the posts use there.
 */
struct place {
    const char *country;
    const char *postal;
    const char *city;
    const char *region;
    const char *street;
    const char *phone;
};

static const struct place PLACES[] = {
    {"GB", "SW1A #@@", "London", "", "Buckingham Gate %u", "+44207946%04u"},
    {"GB", "M## #@@", "Manchester", "", "%u Deansgate", "+44161496%04u"},
    {"DE", "109##", "Berlin", "", "Lindenstraße %u", "+493012%05u"},
    {"DE", "803##", "München", "", "Türkenstraße %u", "+498912%05u"},
    {"FR", "750##", "Paris", "", "%u rue de l'Église", "+331423%05u"},
    {"IT", "201##", "Milano", "MI", "\"Via Torino, %u\"", "+390212%05u"},
    {"ES", "280##", "Madrid", "Madrid", "\"Calle de Alcalá, %u\"", "+349112%05u"},
    {"NL", "1012 @@", "Amsterdam", "", "Damrak %u", "+312012%05u"},
    {"BE", "10##", "Bruxelles", "", "Rue Neuve %u", "+322512%04u"},
    {"AT", "10#0", "Wien", "", "Mariahilfer Straße %u", "+431512%04u"},
    {"IE", "D02 AF##", "Dublin", "Dublin", "%u Grafton Street", "+353151%04u"},
    {"PL", "00-1##", "Warszawa", "", "ul. Świętokrzyska %u", "+482212%05u"},
    {"SE", "111 ##", "Stockholm", "", "Sveavägen %u", "+46812%05u"},
    {"DK", "1###", "København", "", "Nørregade %u", "+453312%04u"},
    {"PT", "1100-###", "Lisboa", "", "\"Rua Augusta, %u\"", "+351211%05u"},
    {"FI", "001##", "Helsinki", "", "Aleksanterinkatu %u", "+358912%05u"},
    {"US", "100##", "New York", "NY", "\"%u Broadway, Apt. 4\"", "+1212555%04u"},
    {"US", "941##", "San Francisco", "CA", "%u Market Street", "+1415555%04u"},
    {"CA", "M5V #A#", "Toronto", "ON", "%u Queen Street West", "+1416555%04u"},
    {"AU", "20##", "Sydney", "NSW", "%u Harbour Road", "+612912%05u"},
    {"NZ", "10##", "Auckland", "", "%u Queen Street", "+64912%05u"},
    {"NO", "01##", "Oslo", "", "Karl Johans gate %u", "+472212%04u"},
    {"CH", "80##", "Zürich", "", "Bahnhofstrasse %u", "+4144332%04u"},
    {"JP", "100-00##", "東京都千代田区", "東京都", "丸の内 %u", "+81312%05u"},
    {"SG", "0189##", "Singapore", "", "%u Marina Boulevard", "+65612%05u"},
};

static const char *const NAMES[] = {
    "Anna Müller",      "Chloé Dubois",    "Liam O'Connor", "Søren Kjær",     "José García Núñez",
    "Zoë van den Berg", "Łukasz Wójcik",   "佐藤 さくら",   "Emily Tremblay", "François Lefèvre",
    "Giulia Rossi",     "\"Smith, John\"", "Åsa Lindström", "Mária Kováčová", "Oliver Brown",
};

static const char *const GOODS[] = {
    "TEE-M-BLU,\"T-shirt, knitted cotton, men's\",%u,18.50,GBP,610910,PT,%u",
    "BAG-TOTE,\"Tote bag, cotton canvas\",%u,12.00,GBP,420292,IN,%u",
    "SHOE-42,\"Running shoes, textile upper\",%u,79.90,GBP,640411,VN,%u",
    "BOOK-HC,\"Printed book, hardcover, 320 pages\",%u,22.00,GBP,490199,GB,%u",
    "JKT-L-GRN,\"Jacket, woven, recycled polyester\",%u,64.00,GBP,620193,VN,%u",
    "MUG-11OZ,Stoneware mug with printed handle,%u,9.95,GBP,691200,CN,%u",
    "WATCH-QZ,\"Wrist watch, quartz, steel\",%u,95.00,GBP,910211,CN,%u",
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Numbers of one row: splitmix64 from its index. */
static uint64_t
next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned
below(uint64_t *state, unsigned limit)
{
    return (unsigned)(next(state) % limit);
}

/* What the manifest and the order of row `index` must agree on. */
struct shipment {
    uint64_t state;
    const struct place *place;
    char postal[16];
};

static struct shipment
shipment(uint64_t index)
{
    static const char LETTERS[] = "ABEGHJLNPRSTWXYZ";
    struct shipment s = {.state = index * 0xd1342543de82ef95u + 1};
    size_t len;

    s.place = &PLACES[below(&s.state, COUNT(PLACES))];
    len = strlen(s.place->postal);
    for (size_t i = 0; i < len; i++) {
        char c = s.place->postal[i];
        s.postal[i] = c == '#'   ? (char)('0' + below(&s.state, 10))
                      : c == '@' ? LETTERS[below(&s.state, COUNT(LETTERS) - 1)]
                                 : c;
    }
    if (below(&s.state, 100) == 0) { /* too long for its country */
        s.postal[len++] = '7';
        s.postal[len++] = 'Q';
    }
    return s;
}

/* GS1: weights 3 and 1 from the digit before the check digit leftward. */
static unsigned
gs1_check_digit(const char *digits, size_t len)
{
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++) {
        sum += (unsigned)(digits[i] - '0') * ((len - i) % 2 ? 3 : 1);
    }
    return (10 - sum % 10) % 10;
}

static void
ups_number(uint64_t index, char *out, size_t size)
{
    char body[16];
    unsigned sum = 0;

    (void)snprintf(body, sizeof(body), "99904203%07" PRIu64, index % 10000000);
    for (unsigned i = 0; i < 15; i++) {
        sum += (unsigned)(body[i] - '0') * (i % 2 ? 2 : 1);
    }
    (void)snprintf(out, size, "1Z%s%u", body, (10 - sum % 10) % 10);
}

static void
postal_number(uint64_t index, char *out, size_t size)
{
    static const unsigned WEIGHTS[] = {8, 6, 4, 2, 3, 5, 9, 7};
    char serial[9];
    unsigned sum = 0;
    unsigned check;

    (void)snprintf(serial, sizeof(serial), "%08" PRIu64, index % 100000000);
    for (unsigned i = 0; i < 8; i++) {
        sum += (unsigned)(serial[i] - '0') * WEIGHTS[i];
    }
    check = 11 - sum % 11;
    (void)snprintf(out, size, "LV%s%uGB", serial, check == 10 ? 0 : check == 11 ? 5 : check);
}

static void
waybill_number(uint64_t index, char *out, size_t size)
{
    uint64_t body = 100000000 + index % 900000000;

    (void)snprintf(out, size, "%" PRIu64 "%" PRIu64, body, body % 7);
}

/* The columns of a manifest row in the element that says each, in the order of the XML. */
static const struct {
    const char *name;
    const char *before; /* opens in front of it */
    unsigned column;
} ELEMENTS[] = {
    {"order_id", "<order>", 1},
    {"recipient_name", "", 12},
    {"address1", "", 13},
    {"address2", "", 14},
    {"city", "", 15},
    {"region", "", 16},
    {"postal_code", "", 17},
    {"country", "", 18},
    {"phone", "", 19},
    {"email", "", 20},
    {"parcel_code", "<parcel>", 2},
    {"tracking_number", "", 3},
    {"weight_g", "", 11},
    {"carrier", "", 21},
    {"service", "", 22},
    {"ship_date", "", 23},
    {"sku", "<line>", 4},
    {"description", "", 5},
    {"quantity", "", 6},
    {"unit_price", "", 7},
    {"currency", "", 8},
    {"hs_code", "", 9},
    {"origin_country", "", 10},
};

/* Cuts a row of the CSV where it stands; quotes hold no quotes here, and nothing is to be escaped.
 */
static void
cut(char *row, const char *values[24])
{
    for (unsigned i = 0; i < 24; i++) {
        char end = *row == '"' ? '"' : ',';
        row += *row == '"';
        values[i] = row;
        row += strcspn(row, end == '"' ? "\"" : ",\n");
        if (end == '"') {
            *row++ = '\0';
        }
        *row++ = '\0';
    }
}

static void
print_xml(char *row)
{
    const char *values[24];

    cut(row, values);
    for (unsigned i = 0; i < COUNT(ELEMENTS); i++) {
        (void)fputs(ELEMENTS[i].before, stdout);
        if (*values[ELEMENTS[i].column]) {
            printf("<%s>%s</%s>", ELEMENTS[i].name, values[ELEMENTS[i].column], ELEMENTS[i].name);
        }
    }
    puts("</line></parcel></order>");
}

static void
print_manifest_row(uint64_t index, int faulty, int xml)
{
    static const struct {
        const char *name;
        void (*number)(uint64_t index, char *out, size_t size);
    } CARRIERS[] = {{"ups,saver", ups_number},
                    {"dhl-express,worldwide", waybill_number},
                    {"royal-mail,international-tracked", postal_number},
                    {"postnord,parcel", postal_number}};
    struct shipment s = shipment(index);
    unsigned carrier = below(&s.state, COUNT(CARRIERS));
    unsigned wrong = faulty || below(&s.state, 50) == 0;
    unsigned number = 1 + below(&s.state, 999);
    char parcel[18];
    char tracking[32];
    char street[64];
    char phone[32];
    char goods[128];
    char row[1024];

    (void)snprintf(parcel, sizeof(parcel), "34012345%09" PRIu64, index % 1000000000);
    CARRIERS[carrier].number(index, tracking, sizeof(tracking));
    /* The formats are rows of the tables above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(street, sizeof(street), s.place->street, number);
    (void)snprintf(phone, sizeof(phone), s.place->phone, 1000 + below(&s.state, 9000));
    (void)snprintf(goods, sizeof(goods), GOODS[below(&s.state, COUNT(GOODS))],
                   1 + below(&s.state, 3), 150 + below(&s.state, 1800));
#pragma GCC diagnostic pop
    (void)snprintf(
        row, sizeof(row),
        "M-20261122-01,GE%09" PRIu64 "GB,%s%u,%s,%s,%s,%s,,%s,%s,%s,%s,%s,shopper%" PRIu64
        "@example.com,%s,2026-11-22\n",
        100000000 + index, parcel, (gs1_check_digit(parcel, 17) + wrong) % 10, tracking, goods,
        NAMES[below(&s.state, COUNT(NAMES))], street, s.place->city, s.place->region, s.postal,
        s.place->country, phone, index, CARRIERS[carrier].name);
    if (xml) {
        print_xml(row);
    } else {
        (void)fputs(row, stdout);
    }
}

static void
print_order_row(uint64_t index)
{
    struct shipment s = shipment(index);

    printf("GE%09" PRIu64 "GB,SO-%08" PRIu64 ",NORTHLANE,Paid,2026-11-20,GBP,DDP,STANDARD,%s,%s\n",
           100000000 + index, index, s.place->country, s.postal);
}

static void
print_head(const char *kind)
{
    if (strcmp(kind, "xml") == 0) {
        puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest "
             "xmlns=\"urn:crossdock:manifest:1\"><manifest_id>M-20261122-01</manifest_id>");
    } else if (strcmp(kind, "orders") == 0) {
        puts("order_id,merchant_order_id,merchant_id,status,order_date,currency,incoterm,"
             "shipping_method,country,postal_code");
    } else {
        puts("manifest_id,order_id,parcel_code,tracking_number,sku,description,quantity,unit_price,"
             "currency,hs_code,origin_country,weight_g,recipient_name,address1,address2,city,"
             "region,postal_code,country,phone,email,carrier,service,ship_date");
    }
}

static int
is_kind(const char *kind)
{
    static const char *const KINDS[] = {"manifest", "faulty", "orders", "xml"};

    for (size_t i = 0; i < COUNT(KINDS); i++) {
        if (strcmp(kind, KINDS[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

int
main(int argc, char **argv)
{
    static char buffer[1 << 16];
    uint64_t rows = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    const char *kind = argc == 3 ? argv[1] : "";
    int orders = strcmp(kind, "orders") == 0;
    int xml = strcmp(kind, "xml") == 0;

    if (rows == 0 || !is_kind(kind)) {
        (void)fprintf(stderr, "usage: gen manifest|faulty|orders|xml ROWS\n");
        return 64;
    }
    (void)setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    print_head(kind);
    for (uint64_t i = 0; i < rows; i++) {
        if (orders) {
            /* Not in the order of the manifest: 611953 is a prime, so every index comes once unless
             * it divides ROWS. */
            print_order_row(rows % 611953 ? i * 611953 % rows : i);
        } else {
            print_manifest_row(i, strcmp(kind, "faulty") == 0, xml);
        }
    }
    if (xml) {
        puts("</manifest>");
    }
    return fflush(stdout) == 0 ? 0 : 74;
}
