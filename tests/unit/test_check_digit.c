/*
 * Check characters: published examples, and what each family promises. The promise is worked out
 * here a second time, from the weights as published, so that a slip in check_digit.c cannot hide
 * behind itself: a single wrong digit or a swap of neighbours must be caught whenever the remainder
 * changes and the family does not fold both remainders into one character.
 */
#include "table_test.h"

#include "check/check_digit.h"

#define BODIES 300 /* random numbers for each family */

struct promise {
    enum xd_check_family family;
    unsigned modulus;
    const char *weights; /* one letter a weight: digits, then a = 10 ...; repeated when the body is
                            longer */
    bool from_right;
    size_t len;
    unsigned singles_missed; /* of all single digit changes, in a thousand, at most */
    unsigned swaps_missed;   /* of all swaps of unlike neighbours, in a thousand, at most */
};

/* The last two columns say how weak a family is, so that nobody relies on what it does not give. */
static const struct promise PROMISES[] = {
    {XD_CHECK_GS1, 10, "31", true, 17, 0, 112},
    {XD_CHECK_UPS, 10, "12", false, 15, 60, 0},
    {XD_CHECK_FEDEX, 11, "137", true, 11, 25, 25},
    {XD_CHECK_S10, 11, "86423597", false, 8, 40, 40},
    {XD_CHECK_MOD7, 7, "132645", true, 10, 75, 75},
    {XD_CHECK_DEUTSCHE_POST, 10, "49", false, 11, 65, 460},
    {XD_CHECK_GLS, 10, "31", false, 11, 0, 112},
    {XD_CHECK_COLISSIMO, 10, "13", false, 10, 0, 112},
    {XD_CHECK_MONDIAL_RELAY, 11, "234567", true, 14, 40, 40},
    {XD_CHECK_PARCELFORCE, 11, "423597", false, 6, 40, 40},
};

static uint64_t random_state = 20261122;
static bool exampled[XD_CHECK_FAMILY_COUNT]; /* families that a row of the table shows */

static unsigned
random_below(unsigned bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % bound;
}

static void
fill_digits(char *body, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        body[i] = (char)('0' + random_below(10));
    }
}

static unsigned
remainder_of(const struct promise *p, const char *body)
{
    size_t period = strlen(p->weights);
    unsigned sum = 0;

    for (size_t i = 0; i < p->len; i++) {
        size_t at = p->from_right ? p->len - 1 - i : i;
        sum += (unsigned)(p->weights[i % period] - '0') * (unsigned)(body[at] - '0');
    }
    return sum % p->modulus;
}

/* True when the family gives both remainders one character, as it publishes. */
static bool
folded(const struct promise *p, unsigned a, unsigned b)
{
    if (p->family == XD_CHECK_FEDEX) {
        return a % 10 == b % 10; /* 10 becomes 0 */
    }
    if (p->family == XD_CHECK_S10 || p->family == XD_CHECK_PARCELFORCE) {
        /* 11 - 1 is 10 and becomes 0: no other remainder gives 0; 11 - 0 becomes 5, as 11 - 6 is */
        return (a == 0 && b == 6) || (a == 6 && b == 0);
    }
    if (p->family == XD_CHECK_MONDIAL_RELAY) {
        return a <= 1 && b <= 1; /* 11 and 10 become 0 */
    }
    return false;
}

struct tally {
    unsigned total;
    unsigned caught;
    unsigned broken; /* promised and not caught, or caught and not promised */
};

/* Exactly what was promised is caught, and of a thousand no more are missed than told. */
static void
hold(enum xd_check_family family, const struct tally *singles, const struct tally *swaps,
     unsigned singles_missed, unsigned swaps_missed)
{
    printf("%-14s single characters %u of %u caught, swaps %u of %u\n",
           xd_check_family_name(family), singles->caught, singles->total, swaps->caught,
           swaps->total);
    assert_int_equal(singles->broken, 0);
    assert_int_equal(swaps->broken, 0);
    assert_true((singles->total - singles->caught) * 1000 <= singles_missed * singles->total);
    assert_true((swaps->total - swaps->caught) * 1000 <= swaps_missed * swaps->total);
}

static void
judge(const struct promise *p, const char *before, const char *after, struct tally *tally)
{
    struct xd_slice a = {before, p->len};
    struct xd_slice b = {after, p->len};
    unsigned ra = remainder_of(p, before);
    unsigned rb = remainder_of(p, after);
    bool promised = ra != rb && !folded(p, ra, rb);
    bool caught = xd_check_digit(p->family, a) != xd_check_digit(p->family, b);

    tally->total++;
    tally->caught += caught;
    tally->broken += promised != caught;
}

static void
mutate(const struct promise *p, const char *body, struct tally *singles, struct tally *swaps)
{
    char other[32];

    for (size_t i = 0; i < p->len; i++) {
        memcpy(other, body, p->len);
        for (char c = '0'; c <= '9'; c++) {
            other[i] = c;
            if (c != body[i]) {
                judge(p, body, other, singles);
            }
        }
        memcpy(other, body, p->len);
        if (i + 1 < p->len && body[i] != body[i + 1]) {
            other[i] = body[i + 1];
            other[i + 1] = body[i];
            judge(p, body, other, swaps);
        }
    }
}

static void
test_promises(void **state)
{
    char body[32];

    (void)state;
    for (size_t i = 0; i < sizeof(PROMISES) / sizeof(PROMISES[0]); i++) {
        const struct promise *p = &PROMISES[i];
        struct tally singles = {0};
        struct tally swaps = {0};
        for (size_t round = 0; round < BODIES; round++) {
            fill_digits(body, p->len);
            mutate(p, body, &singles, &swaps);
        }
        assert_int_equal(singles.total, BODIES * p->len * 9);
        hold(p->family, &singles, &swaps, p->singles_missed, p->swaps_missed);
    }
}

/* --- families with letters, or that are no weighted sum: reckoned a second time, as published ---
 */

static unsigned
letter_number(char c)
{
    return xd_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

/* ISO 6346: A is 10, and 11, 22 and 33 are left out; doubled from place to place; modulo 11, 10 is
 * told as 0. */
static unsigned
second_iso6346(const char *body, size_t len)
{
    unsigned long sum = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned value = letter_number(body[i]);
        value += value > 30 ? 3 : value > 20 ? 2 : value > 10 ? 1 : 0;
        sum += (unsigned long)value << i;
    }
    return (unsigned)(sum % 11 % 10);
}

/* UPS: A is 2, B is 3 and so on modulo 10; weights 1 and 2 from the left, products not folded. */
static unsigned
second_ups(const char *body, size_t len)
{
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned value = letter_number(body[i]);
        sum += (i % 2 ? 2 : 1) * (value < 10 ? value : (value - 8) % 10);
    }
    return sum % 10;
}

/* ISO 7064: the hybrid system, from its definition with remainders. */
static unsigned
second_mod37_36(const char *body, size_t len)
{
    unsigned product = 36;

    for (size_t i = 0; i < len; i++) {
        unsigned sum = (product + letter_number(body[i])) % 36;
        product = (sum ? sum : 36) * 2 % 37;
    }
    return product;
}

static unsigned
second_luhn(const char *body, size_t len)
{
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned value = letter_number(body[i]) * ((len - i) % 2 ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    return sum % 10;
}

struct full_promise {
    enum xd_check_family family;
    unsigned (*second)(const char *body, size_t len);
    size_t letters; /* the first so many places take letters only */
    size_t len;
    bool mixed; /* the others take letters, too */
    /* in a thousand, at most */
    unsigned singles_missed;
    unsigned swaps_missed;
};

static const struct full_promise FULL_PROMISES[] = {
    {XD_CHECK_ISO6346, second_iso6346, 4, 10, false, 80, 60},
    {XD_CHECK_UPS, second_ups, 0, 15, true, 130, 90},
    {XD_CHECK_MOD37_36, second_mod37_36, 0, 27, true, 0, 2},
    {XD_CHECK_MOD37_36, second_mod37_36, 0, 14, false, 0, 10},
    {XD_CHECK_LUHN, second_luhn, 0, 11, false, 0, 30},
};

static const char SYMBOLS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* First and behind the last of the symbols that may stand in a place. */
static void
symbols_at(const struct full_promise *p, size_t at, unsigned *from, unsigned *to)
{
    *from = at < p->letters ? 10 : 0;
    *to = at < p->letters || p->mixed ? 36 : 10;
}

static void
judge_full(const struct full_promise *p, const char *before, const char *after, struct tally *tally)
{
    bool promised = p->second(before, p->len) != p->second(after, p->len);
    bool caught = xd_check_digit(p->family, xd_slice_of(before, p->len)) !=
                  xd_check_digit(p->family, xd_slice_of(after, p->len));

    tally->total++;
    tally->caught += caught;
    tally->broken += promised != caught;
}

static void
mutate_full(const struct full_promise *p, const char *body, struct tally *singles,
            struct tally *swaps)
{
    char other[32];
    unsigned from;
    unsigned to;

    memcpy(other, body, p->len);
    for (size_t i = 0; i < p->len; i++) {
        symbols_at(p, i, &from, &to);
        for (unsigned k = from; k < to; k++) {
            other[i] = SYMBOLS[k];
            if (other[i] != body[i]) {
                judge_full(p, body, other, singles);
            }
        }
        other[i] = body[i];
        if (i + 1 < p->len && i + 1 != p->letters && body[i] != body[i + 1]) {
            other[i] = body[i + 1];
            other[i + 1] = body[i];
            judge_full(p, body, other, swaps);
            other[i] = body[i];
            other[i + 1] = body[i + 1];
        }
    }
}

static void
test_full_promises(void **state)
{
    char body[32];
    unsigned from;
    unsigned to;

    (void)state;
    for (size_t f = 0; f < sizeof(FULL_PROMISES) / sizeof(FULL_PROMISES[0]); f++) {
        const struct full_promise *p = &FULL_PROMISES[f];
        struct tally singles = {0};
        struct tally swaps = {0};
        for (size_t round = 0; round < BODIES; round++) {
            for (size_t i = 0; i < p->len; i++) {
                symbols_at(p, i, &from, &to);
                body[i] = SYMBOLS[from + random_below(to - from)];
            }
            mutate_full(p, body, &singles, &swaps);
        }
        hold(p->family, &singles, &swaps, p->singles_missed, p->swaps_missed);
    }
}

/* Luhn catches every swap of unlike neighbours but that of 0 and 9, at every place. */
static void
test_luhn_swaps(void **state)
{
    char body[] = "00000000000";

    (void)state;
    for (size_t at = 0; at + 1 < sizeof(body) - 1; at++) {
        for (char a = '0'; a <= '9'; a++) {
            for (char b = '0'; b <= '9'; b++) {
                struct xd_slice text = {body, sizeof(body) - 1};
                body[at] = a;
                body[at + 1] = b;
                char before = xd_check_digit(XD_CHECK_LUHN, text);
                body[at] = b;
                body[at + 1] = a;
                bool caught = xd_check_digit(XD_CHECK_LUHN, text) != before;
                bool blind = a == b || (a == '0' && b == '9') || (a == '9' && b == '0');
                assert_true(caught == !blind);
            }
        }
        body[at] = '0';
        body[at + 1] = '0';
    }
}

/* Every family is held to its promise, and has an example of the standards. */
static void
test_every_family(void **state)
{
    bool promised[XD_CHECK_FAMILY_COUNT] = {false};

    (void)state;
    for (size_t i = 0; i < sizeof(PROMISES) / sizeof(PROMISES[0]); i++) {
        promised[PROMISES[i].family] = true;
    }
    for (size_t i = 0; i < sizeof(FULL_PROMISES) / sizeof(FULL_PROMISES[0]); i++) {
        promised[FULL_PROMISES[i].family] = true;
    }
    for (unsigned i = 0; i < XD_CHECK_FAMILY_COUNT; i++) {
        if (!promised[i] || !exampled[i]) {
            fail_msg("%s has no promise or no example",
                     xd_check_family_name((enum xd_check_family)i));
        }
    }
}

/* A remainder modulo 7 does not see a digit changed by 7, and is never 7, 8 or 9. */
static void
test_mod7_blind(void **state)
{
    (void)state;
    assert_int_equal(xd_check_digit(XD_CHECK_MOD7, XD_LIT("331881002")),
                     xd_check_digit(XD_CHECK_MOD7, XD_LIT("331881009")));
    assert_int_equal(xd_check_digit(XD_CHECK_MOD7, XD_LIT("1000000000")),
                     xd_check_digit(XD_CHECK_MOD7, XD_LIT("8000000000")));
    for (char c = '0'; c <= '9'; c++) {
        assert_in_range(xd_check_digit(XD_CHECK_MOD7, xd_slice_of(&c, 1)), '0', '6');
    }
}

/* Every length up to 40, against the sum written out: the fast way takes eight digits at a time. */
static void
test_gs1_lengths(void **state)
{
    char body[40];

    (void)state;
    for (size_t len = 1; len <= sizeof(body); len++) {
        for (size_t round = 0; round < 50; round++) {
            unsigned sum = 0;
            fill_digits(body, len);
            for (size_t i = 0; i < len; i++) {
                sum += ((len - i) % 2 ? 3u : 1u) * (unsigned)(body[i] - '0');
            }
            assert_int_equal(xd_check_gs1(xd_slice_of(body, len)), '0' + (10 - sum % 10) % 10);
        }
    }
}

static void
example_row(const struct xd_slice *cells, const char *where)
{
    unsigned family = 0;

    while (
        family < XD_CHECK_FAMILY_COUNT &&
        !xd_slice_eq(cells[0], xd_slice_str(xd_check_family_name((enum xd_check_family)family)))) {
        family++;
    }
    if (family == XD_CHECK_FAMILY_COUNT || cells[2].len != 1) {
        fail_msg("%s: no such family or no check character", where);
    }
    exampled[family] = true;
    char got = xd_check_digit((enum xd_check_family)family, cells[1]);
    if (got != cells[2].ptr[0]) {
        fail_msg("%s: got %c", where, got);
    }
}

static void
test_examples(void **state)
{
    static const char *const COLUMNS[] = {"family", "body", "check"};

    (void)state;
    each_table_row("check_digits", COLUMNS, 3, example_row);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),      cmocka_unit_test(test_promises),
        cmocka_unit_test(test_full_promises), cmocka_unit_test(test_luhn_swaps),
        cmocka_unit_test(test_mod7_blind),    cmocka_unit_test(test_gs1_lengths),
        cmocka_unit_test(test_every_family),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
