/*
 * The short cuts of the address check may only spare work. Every address of the table and some
 * hundred thousand that were made of them, letter by letter worse, are checked twice: with the
 * short cuts and without any; all that is found must be the same, down to the bytes underlined.
 */
#include "table_test.h"

#include "base/tsv.h"
#include "check/address.h"
#include "check/po_box.h"
#include "marked.h"

#define SEEDS    768
#define ROUNDS   150 /* addresses made of each seed */
#define ROOM     200 /* bytes of a value */
#define CARRIERS 4

static const struct xd_address_tables *tables;
static struct xd_address_ctx quick;
static struct xd_address_ctx thorough;
static struct xd_arena arena;
static struct xd_address seeds[SEEDS];
static size_t seed_count;
static uint64_t state_of_random = 20261122;

static int
load(void **state)
{
    struct xd_tables source = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 18, 0);
    tables = xd_address_tables_load(&source, &arena, &err);
    if (!tables) {
        fail_msg("%s", err.text);
    }
    xd_address_ctx_init(&quick, tables);
    xd_address_ctx_init(&thorough, tables);
    thorough.thorough = true;
    thorough.postal.thorough = true;
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_address_ctx_free(&quick);
    xd_address_ctx_free(&thorough);
    xd_arena_free(&arena);
    return 0;
}

/* splitmix64 */
static size_t
below(size_t limit)
{
    uint64_t z = state_of_random += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % limit);
}

/* What the short cuts look for, and what could lead them astray. */
static const char *const PIECES[] = {
    " ",
    "  ",
    "-",
    ".",
    ",",
    "'",
    "?",
    "??",
    "@",
    "@@",
    "_",
    "+",
    "00",
    "(0)",
    "\t",
    "\x01",
    "\x7f",
    "\xc3",
    "\xe2\x80",
    "\xf0\x9f\x93\xa6",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "P.O. Box 12",
    "po box",
    "PF 12",
    "bp12",
    "C.P. 7",
    "cs n 4",
    "Packstation 101",
    "Apartado",
    "apartado12",
    "Apartadox",
    "Apart 12",
    "apart.n12",
    "casilla",
    "Box",
    "box 9",
    "gpo 1",
    "Cedex 08",
    "APO",
    "Τ.Θ. 12",
    "а/я 5",
    "п/я",
    "私書箱",
    "邮箱",
    "사서함",
    "ตู้ ปณ",
    "صندوق بريد",
    "test",
    "n/a",
    "xxx",
    "order no 12",
    "Mr",
    "John Doe",
    "street",
    "1234567890",
    "0000000",
    "s/n",
    "ß",
    "Æ",
    "é",
    "e\xcc\x81",
    "Ł",
    "Ș",
    "ﬁ",
    "Ⅷ",
    "①",
    "１２３",
    "Ａ",
    "–",
    "’",
    "\xc2\xa0",
    "\xc2\xad",
    "\xe2\x80\x8b",
    "\xe2\x80\xae",
    "Ã¼",
    "Ä\xc5\xa1",
    "â€™",
    "\xef\xbf\xbd",
    "Щука",
    "Ελλάδα",
    "Երևան",
    "ԿԿ",
    "ԣ",
    "ｶﾀｶﾅ",
    "1ー2",
    "𠮷野",
    "\xce\x87",
    "anna@example.c",
    "anna@example.co1",
    "«»",
    "µ",
    "東京都",
    "カナ",
    "한글",
    "Москва",
    "a",
    "1",
    "12345",
    "SW1A 1AA",
    "sw1a1aa",
    "D02 AF30",
    "H2Y-1H2",
    "1015cj",
    "D-10115",
    "1O115",
    "100-0001",
    "Barcelona",
    "NY",
    "IC",
    "XI",
    "UK",
    "Germany",
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* `old` with one piece put in, taken out or changed, in `out`. */
static struct xd_slice
worsen(struct xd_slice old, char *out)
{
    struct xd_slice piece = xd_slice_str(PIECES[below(COUNT(PIECES))]);
    size_t at = old.len ? below(old.len + 1) : 0;
    size_t behind = at;

    switch (below(5)) {
    case 0: /* instead of all */
        at = 0;
        behind = old.len;
        break;
    case 1: /* in place of a byte */
        behind = at < old.len ? at + 1 : at;
        break;
    case 2: /* a byte falls out */
        behind = at < old.len ? at + 1 : at;
        piece.len = 0;
        break;
    case 3: /* the end falls off */
        behind = old.len;
        piece.len = below(2) ? piece.len : 0;
        break;
    default:
        break;
    }
    if (at + piece.len + old.len - behind > ROOM) {
        return old;
    }
    if (old.len) {
        memcpy(out, old.ptr, at);
        memcpy(out + at + piece.len, old.ptr + behind, old.len - behind);
    }
    memcpy(out + at, piece.ptr, piece.len);
    return xd_slice_of(out, at + piece.len + old.len - behind);
}

static bool
same_problem(const struct xd_address_problem *a, const struct xd_address_problem *b)
{
    return a->field == b->field && a->kind == b->kind && a->diagnosis.code == b->diagnosis.code &&
           a->diagnosis.span.off == b->diagnosis.span.off &&
           a->diagnosis.span.len == b->diagnosis.span.len &&
           strcmp(a->diagnosis.detail, b->diagnosis.detail) == 0;
}

static bool
same_postal(const struct xd_postal_result *a, const struct xd_postal_result *b)
{
    return a->status == b->status && a->code.packed == b->code.packed &&
           a->code.len == b->code.len &&
           xd_slice_eq(xd_slice_of(a->text, a->len), xd_slice_of(b->text, b->len));
}

static bool
same_result(const struct xd_address_result *a, const struct xd_address_result *b)
{
    bool same = a->verdict == b->verdict && a->country == b->country &&
                a->effective_country == b->effective_country && a->region == b->region &&
                a->region_of_code == b->region_of_code && a->territory == b->territory &&
                a->embargo == b->embargo && a->count == b->count &&
                (a->country == XD_COUNTRY_NONE || same_postal(&a->postal, &b->postal)) &&
                xd_slice_eq(xd_slice_of(a->phone.text, a->phone.len),
                            xd_slice_of(b->phone.text, b->phone.len));

    for (size_t i = 0; same && i < a->count; i++) {
        same = same_problem(&a->problems[i], &b->problems[i]);
    }
    return same;
}

static void
check_both(const struct xd_address *address)
{
    static const struct xd_slice NAMES[CARRIERS] = {
        {"", 0}, {"ups", 3}, {"DHL-Express", 11}, {"nobody", 6}};
    struct xd_address_options options = {.as_of = 20779, .carrier = NAMES[below(CARRIERS)]};
    struct xd_address_result with;
    struct xd_address_result without;

    xd_address_check(&quick, address, &options, &with);
    xd_address_check(&thorough, address, &options, &without);
    if (!same_result(&with, &without)) {
        for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
            print_message("%s: \"%.*s\"\n", xd_address_field_name((enum xd_address_field)i),
                          XD_FMT(address->of[i]));
        }
        for (size_t i = 0; i < with.count || i < without.count; i++) {
            print_message("with %s, without %s\n",
                          i < with.count ? with.problems[i].diagnosis.detail : "nothing",
                          i < without.count ? without.problems[i].diagnosis.detail : "nothing");
        }
        fail_msg("the short cuts found something else");
    }
}

static void
add_seed(const struct xd_slice *cells, const char *where)
{
    static const int CELLS[XD_ADDRESS_COUNT] = {0, 1, 2, 3, -1, 4, 5, 6, 7, 8, 9};
    struct marked marked;

    (void)where;
    assert_true(seed_count < SEEDS);
    for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
        marked_read(&marked, CELLS[i] < 0 ? XD_NONE : cells[CELLS[i]]);
        seeds[seed_count].of[i] = xd_arena_copy(&arena, marked.value);
    }
    seed_count++;
}

/* Each of the made addresses is a seed with one to four values worse, or of another seed. */
static void
test_roads_agree(void **state)
{
    static const char *const COLUMNS[] = {
        "name",        "company",   "address1",    "address2",  "city",     "region",
        "postal_code", "country",   "phone",       "email",     "carrier",  "day",
        "verdict",     "canonical", "region_code", "territory", "problems",
    };
    static char values[4][ROOM];

    (void)state;
    each_table_row("address", COLUMNS, 17, add_seed);
    for (size_t i = 0; i < seed_count; i++) {
        check_both(&seeds[i]);
        for (size_t round = 0; round < ROUNDS; round++) {
            struct xd_address address = seeds[i];
            for (size_t k = below(4) + 1; k-- > 0;) {
                size_t field = below(XD_ADDRESS_COUNT);
                address.of[field] = below(4) ? worsen(address.of[field], values[k])
                                             : seeds[below(seed_count)].of[field];
            }
            check_both(&address);
        }
    }
}

/* A word of a table with what may stand before and behind it, its letters apart or in capitals. */
static struct xd_slice
dress(struct xd_slice word, char *out)
{
    static const char *const BEFORE[] = {"", "", "12 ", "x", "Calle ", "n", "-", "é", "9"};
    static const char *const BEHIND[] = {"",     "",    "12", " 12", "x",  "n12", " no 5",
                                         "nr.5", "num", "n",  "é",   " x", "!",   "ß"};
    struct xd_slice front = xd_slice_str(BEFORE[below(COUNT(BEFORE))]);
    struct xd_slice back = xd_slice_str(BEHIND[below(COUNT(BEHIND))]);
    size_t apart = below(4) ? SIZE_MAX : below(word.len);
    bool capitals = below(2);
    size_t len = front.len;

    memcpy(out, front.ptr, front.len);
    for (size_t i = 0; i < word.len && len + 32 < ROOM; i++) {
        if (i == apart && (unsigned char)word.ptr[i] < 0x80) {
            out[len++] = ". -"[below(3)];
        }
        out[len++] = capitals ? xd_to_upper(word.ptr[i]) : word.ptr[i];
    }
    memcpy(out + len, back.ptr, back.len);
    return xd_slice_of(out, len + back.len);
}

/* No word of a box is overlooked by the question that spares a line the search. */
static void
test_boxes_are_possible(void **state)
{
    const struct xd_address_words *words = &tables->words;
    char line[ROOM];
    size_t found = 0;

    (void)state;
    for (size_t i = 0; i < words->box_count; i++) {
        for (size_t round = 0; round < 400; round++) {
            struct xd_slice text = dress(words->boxes[i].key, line);
            uint16_t country = (uint16_t)below(tables->countries.count);
            struct xd_byte_kinds kinds = xd_bytes_kinds(text);
            struct xd_letter_sum sum = xd_letters_sum(&quick.letters, text, kinds.high);
            struct xd_box_hit hit;
            if (text.len > XD_BYTES_MAX || !xd_box_find(words, country, text, &hit)) {
                continue;
            }
            found++;
            if (!(sum.flags & XD_LETTER_ANYWHERE) &&
                !xd_box_possible(&quick.letters, country, text, &kinds)) {
                fail_msg("%.*s: \"%.*s\" was overlooked",
                         XD_FMT(tables->countries.of[country].alpha2), XD_FMT(text));
            }
        }
    }
    assert_true(found > words->box_count * 50);
}

/* Nor is a placeholder, in whatever field it stands. */
static void
test_placeholders_are_possible(void **state)
{
    static const char *const COLUMNS[] = {"fields", "how", "word", "except"};
    struct xd_tables source = {NULL, &arena};
    struct xd_slice cells[4];
    struct xd_slice text;
    struct xd_tsv tsv;
    struct xd_error err = {0};
    static char value[ROOM];

    (void)state;
    assert_true(xd_tables_get(&source, "reference/placeholders.tsv", &text, &err));
    assert_true(xd_tsv_open(&tsv, "reference/placeholders.tsv", text, COLUMNS, 4, &err));
    while (xd_tsv_next(&tsv, cells, &err)) {
        for (size_t round = 0; round < 60; round++) {
            struct xd_address address = seeds[below(seed_count)];
            address.of[below(XD_ADDRESS_COUNT)] = round ? dress(cells[2], value) : cells[2];
            check_both(&address);
        }
    }
}

/* Every country's own example of a postal code, in all the ways it may be separated and spoilt. */
static void
test_postal_roads_agree(void **state)
{
    static char value[ROOM];

    (void)state;
    for (uint16_t country = 0; country < tables->countries.count; country++) {
        struct xd_slice example = tables->postal.of[country].example;
        for (size_t round = 0; round < 200; round++) {
            struct xd_slice code = round ? worsen(example, value) : example;
            struct xd_postal_result with;
            struct xd_postal_result without;
            xd_postal_check(&quick.postal, country, code, &with);
            xd_postal_check(&thorough.postal, country, code, &without);
            if (!same_postal(&with, &without) || with.span.off != without.span.off ||
                with.span.len != without.span.len) {
                fail_msg("%.*s: \"%.*s\" is read in two ways",
                         XD_FMT(tables->countries.of[country].alpha2), XD_FMT(code));
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roads_agree),
        cmocka_unit_test(test_boxes_are_possible),
        cmocka_unit_test(test_placeholders_are_possible),
        cmocka_unit_test(test_postal_roads_agree),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
