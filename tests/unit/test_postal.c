/*
 * Postal codes: worked examples with the faulty part marked, the published examples of all
 * countries, and the shapes held equal to the published patterns over some hundred thousand made-up
 * codes.
 */
#include "table_test.h"

#include "check/postal.h"
#include "marked.h"

static struct xd_countries countries;
static struct xd_postal_rules rules;
static struct xd_postal_ctx ctx;
static struct xd_arena arena;

static const char *const STATUSES[] = {"ok",        "absent", "missing", "unexpected",
                                       "corrected", "format", "area"};

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_countries_load(&countries, &tables, &arena, &err) ||
        !xd_postal_rules_load(&rules, &countries, &tables, &arena, &err)) {
        fail_msg("%s", err.text);
    }
    xd_postal_ctx_init(&ctx, &rules);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_postal_ctx_free(&ctx);
    xd_arena_free(&arena);
    return 0;
}

static void
postal_row(const struct xd_slice *cells, const char *where)
{
    uint16_t country = xd_country_find(&countries, cells[0]);
    struct xd_postal_result result;
    struct xd_diagnosis diagnosis;
    struct marked written;

    marked_read(&written, cells[1]);
    assert_true(country != XD_COUNTRY_NONE);
    xd_postal_check(&ctx, country, written.value, &result);
    if (!xd_slice_eq(cells[2], xd_slice_str(STATUSES[result.status])) ||
        !xd_slice_eq(cells[3], xd_slice_of(result.text, result.len))) {
        fail_msg("%s: got %s \"%.*s\"", where, STATUSES[result.status], (int)result.len,
                 result.text);
    }
    if (written.has_span &&
        (written.span.off != result.span.off || written.span.len != result.span.len)) {
        fail_msg("%s: span %u+%u", where, result.span.off, result.span.len);
    }
    xd_postal_diagnose(&rules, country, &result, &diagnosis);
    assert_true((diagnosis.code == XD_F_NONE) ==
                (result.status == XD_POSTAL_STATUS_OK || result.status == XD_POSTAL_STATUS_ABSENT));
}

static void
test_postal_table(void **state)
{
    static const char *const COLUMNS[] = {"country", "written", "status", "canonical"};

    (void)state;
    each_table_row("postal", COLUMNS, 4, postal_row);
}

static void
check_examples(uint16_t country, struct xd_slice list, bool valid, const char *where)
{
    struct xd_postal_result result;
    struct xd_slice code;

    while (xd_slice_next(&list, '|', &code)) {
        xd_postal_check(&ctx, country, code, &result);
        if ((result.status == XD_POSTAL_STATUS_OK) != valid) {
            fail_msg("%s: \"%.*s\" is %s", where, XD_FMT(code), STATUSES[result.status]);
        }
    }
}

static void
example_row(const struct xd_slice *cells, const char *where)
{
    uint16_t country = xd_country_find(&countries, cells[0]);

    assert_true(country != XD_COUNTRY_NONE);
    check_examples(country, cells[1], true, where);
    check_examples(country, cells[2], false, where);
}

static void
test_postal_examples(void **state)
{
    static const char *const COLUMNS[] = {"country", "valid", "contradicts"};

    (void)state;
    each_table_row("postal_examples", COLUMNS, 3, example_row);
}

static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static char
member(uint64_t set, uint32_t *seed)
{
    unsigned pick = next_random(seed) % (unsigned)__builtin_popcountll(set);

    for (; pick; pick--) {
        set &= set - 1;
    }
    unsigned code = (unsigned)__builtin_ctzll(set);
    return (char)(code < 10 ? '0' + code : 'A' + code - 10);
}

/* A code of one of the country's shapes, with one character changed, dropped or doubled in two of
 * three cases. */
static size_t
make_code(const struct xd_postal_rule *rule, uint32_t *seed, char *out)
{
    static const char OTHERS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const struct xd_postal_shape *shape = &rule->shapes[next_random(seed) % rule->shape_count];
    size_t len = 0;

    for (unsigned i = 0; i < shape->len; i++) {
        if (shape->before[i]) {
            out[len++] = shape->before[i];
        }
        out[len++] = member(shape->sets[i], seed);
    }
    if (next_random(seed) % 3) {
        size_t at = next_random(seed) % len;
        out[at] = out[at] == ' ' || out[at] == '-' ? out[at] : OTHERS[next_random(seed) % 36];
    }
    return len;
}

/* No code is 00000, whatever the patterns say. */
static bool
is_zeros(struct xd_slice code)
{
    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] != '0' && code.ptr[i] != '-' && code.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

/* What the check accepts is what the pattern accepts, for every country, and the canonical form is
 * a fixed point. */
static void
test_shapes_equal_patterns(void **state)
{
    uint32_t seed = 20261122;
    unsigned accepted = 0;
    unsigned refused = 0;

    (void)state;
    for (uint16_t c = 0; c < countries.count; c++) {
        const struct xd_postal_rule *rule = &rules.of[c];
        for (unsigned i = 0; i < 3000 && rule->shape_count && rule->pattern.len; i++) {
            char text[64];
            struct xd_slice code = {text, make_code(rule, &seed, text)};
            struct xd_postal_result result;
            struct xd_postal_result again;
            bool ok = xd_postal_check(&ctx, c, code, &result) == XD_POSTAL_STATUS_OK;
            bool matches = xd_postal_pattern_match(&ctx, c, code);
            bool canonical = xd_slice_eq(code, xd_slice_of(result.text, result.len));
            if (ok && !xd_postal_pattern_match(&ctx, c, xd_slice_of(result.text, result.len))) {
                fail_msg("%.*s: %.*s became %.*s, which its pattern refuses",
                         XD_FMT(countries.of[c].alpha2), XD_FMT(code), (int)result.len,
                         result.text);
            }
            if (matches && !(ok && canonical) && !is_zeros(code)) {
                fail_msg("%.*s: %.*s is what the pattern wants and was refused",
                         XD_FMT(countries.of[c].alpha2), XD_FMT(code));
            }
            if (ok) {
                assert_int_equal(
                    xd_postal_check(&ctx, c, xd_slice_of(result.text, result.len), &again),
                    XD_POSTAL_STATUS_OK);
                assert_memory_equal(again.text, result.text, result.len);
            }
            accepted += ok;
            refused += !ok;
        }
    }
    assert_true(accepted > 100000 && refused > 50000);
}

/* Patterns run under limits: a hostile subject costs nothing (every pattern, 40 letters and a mark
 * behind). */
static void
test_hostile_subject(void **state)
{
    char text[64];
    struct xd_postal_result result;

    (void)state;
    memset(text, 'A', 40);
    text[40] = '!';
    for (uint16_t c = 0; c < countries.count; c++) {
        (void)xd_postal_pattern_match(&ctx, c, xd_slice_of(text, 41));
        if (rules.of[c].need != XD_POSTAL_UNUSED) {
            assert_int_equal(xd_postal_check(&ctx, c, xd_slice_of(text, 41), &result),
                             XD_POSTAL_STATUS_FORMAT);
        }
    }
}

/* No row of the table needs a country that the list of countries lacks, and nearly every country
 * has a row. */
static void
test_rules_complete(void **state)
{
    unsigned known = 0;

    (void)state;
    for (uint16_t c = 0; c < countries.count; c++) {
        known += rules.of[c].known;
        if (rules.of[c].example.len) {
            check_examples(c, rules.of[c].example, true, "example in postal.tsv");
        }
    }
    assert_int_equal(known, 252);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_postal_table),          cmocka_unit_test(test_postal_examples),
        cmocka_unit_test(test_shapes_equal_patterns), cmocka_unit_test(test_hostile_subject),
        cmocka_unit_test(test_rules_complete),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
