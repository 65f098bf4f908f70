/*
 * Whole addresses from a table, with the faulty part marked; the folded spellings of regions held
 * to their names; the wrapping of lines; and the shared tables' own consistency.
 */
#include "table_test.h"

#include "base/fold.h"
#include "check/address.h"
#include "marked.h"
#include "model/address_lines.h"

static const struct xd_address_tables *tables;
static struct xd_address_ctx ctx;
static struct xd_arena arena;

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
    xd_address_ctx_init(&ctx, tables);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_address_ctx_free(&ctx);
    xd_arena_free(&arena);
    return 0;
}

/* "field:problem;..." in the order of the columns, as the command prints it. */
static size_t
problems_of(const struct xd_address_result *result, char *out, size_t cap)
{
    size_t len = 0;

    for (unsigned field = 0; field < XD_ADDRESS_COUNT; field++) {
        unsigned said = 0;
        for (size_t i = 0; i < result->count; i++) {
            const struct xd_address_problem *p = &result->problems[i];
            if (p->field == field && p->kind != XD_PROBLEM_NOTE && !((said >> p->kind) & 1)) {
                said |= 1U << p->kind;
                len += (size_t)snprintf(out + len, cap - len, "%s%s:%s", len ? ";" : "",
                                        xd_address_field_name((enum xd_address_field)field),
                                        xd_address_problem_name(p->kind));
            }
        }
    }
    return len;
}

static bool
has_span(const struct xd_address_result *result, unsigned field, struct xd_span span)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct xd_address_problem *p = &result->problems[i];
        if (p->field == field && p->diagnosis.span.off == span.off &&
            p->diagnosis.span.len == span.len) {
            return true;
        }
    }
    return false;
}

/* Cell of each field of an address in the table; address3 has none. */
static const int CELLS[XD_ADDRESS_COUNT] = {0, 1, 2, 3, -1, 4, 5, 6, 7, 8, 9};

static void
address_row(const struct xd_slice *cells, const char *where)
{
    static const char *const VERDICTS[] = {"valid", "review", "invalid"};
    struct marked marked[XD_ADDRESS_COUNT];
    struct xd_address_options options = {.carrier = cells[10]};
    struct xd_address_result result;
    struct xd_address address = {0};
    char problems[512];
    size_t len;

    assert_true(xd_date_parse(cells[11], &options.as_of));
    for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
        marked_read(&marked[i], CELLS[i] < 0 ? XD_NONE : cells[CELLS[i]]);
        address.of[i] = marked[i].value;
    }
    xd_address_check(&ctx, &address, &options, &result);
    len = problems_of(&result, problems, sizeof(problems));
    if (!xd_slice_eq(cells[12], xd_slice_str(VERDICTS[result.verdict])) ||
        !xd_slice_eq(cells[13], xd_address_postal_code(&result)) ||
        !xd_slice_eq(cells[14], xd_address_region(&ctx, &result)) ||
        !xd_slice_eq(cells[15], xd_address_territory(&ctx, &result)) ||
        !xd_slice_eq(cells[16], xd_slice_of(problems, len))) {
        fail_msg("%s: got %s \"%.*s\" \"%.*s\" \"%.*s\" \"%s\"", where, VERDICTS[result.verdict],
                 XD_FMT(xd_address_postal_code(&result)), XD_FMT(xd_address_region(&ctx, &result)),
                 XD_FMT(xd_address_territory(&ctx, &result)), len ? problems : "");
    }
    for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
        if (marked[i].has_span && !has_span(&result, i, marked[i].span)) {
            for (size_t k = 0; k < result.count; k++) {
                print_message("%s %u+%u\n", xd_address_field_name(result.problems[k].field),
                              result.problems[k].diagnosis.span.off,
                              result.problems[k].diagnosis.span.len);
            }
            fail_msg("%s: no problem underlines what is marked in %s", where,
                     xd_address_field_name((enum xd_address_field)i));
        }
    }
}

static void
test_address_table(void **state)
{
    static const char *const COLUMNS[] = {
        "name",        "company",   "address1",    "address2",  "city",     "region",
        "postal_code", "country",   "phone",       "email",     "carrier",  "day",
        "verdict",     "canonical", "region_code", "territory", "problems",
    };

    (void)state;
    each_table_row("address", COLUMNS, 17, address_row);
}

/* Every name of a region leads to it, and the folded spellings are what folding gives. */
static void
test_region_keys(void **state)
{
    (void)state;
    assert_true(tables->subregions.count > 1300);
    for (uint32_t i = 0; i < tables->subregions.count; i++) {
        const struct xd_subregion *region = &tables->subregions.of[i];
        struct xd_slice keys = region->keys;
        struct xd_slice key;
        assert_int_equal(xd_subregion_find(&tables->subregions, &tables->countries, region->country,
                                           region->key),
                         i);
        while (xd_slice_next(&keys, ' ', &key)) {
            char folded[128];
            size_t len = xd_fold_key(key, folded, sizeof(folded));
            if (!xd_slice_eq(key, xd_slice_of(folded, len))) {
                fail_msg("the key \"%.*s\" of %.*s is not folded", XD_FMT(key),
                         XD_FMT(region->name));
            }
        }
        if (region->code.len) {
            assert_memory_equal(region->code.ptr, tables->countries.of[region->country].alpha2.ptr,
                                2);
        }
    }
}

static void
region_row(const struct xd_slice *cells, const char *where)
{
    uint16_t country = xd_country_find(&tables->countries, cells[0]);
    uint32_t at = xd_subregion_find(&tables->subregions, &tables->countries, country, cells[1]);
    struct xd_slice code = at == XD_SUBREGION_NONE ? XD_NONE : tables->subregions.of[at].code;

    if (!xd_slice_eq(code, cells[2])) {
        fail_msg("%s: got \"%.*s\"", where, XD_FMT(code));
    }
}

static void
test_region_table(void **state)
{
    static const char *const COLUMNS[] = {"country", "written", "code"};

    (void)state;
    each_table_row("region", COLUMNS, 3, region_row);
}

static void
check_wrap(const char *text, size_t chars, size_t lines, const char *expected)
{
    struct xd_slice parts[8];
    char out[512] = "";
    size_t len = 0;
    size_t count = xd_address_wrap(xd_slice_str(text), chars, lines, parts);

    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%.*s", i ? "|" : "",
                                XD_FMT(parts[i]));
        assert_true(parts[i].len <= chars);
    }
    assert_string_equal(out, expected);
}

static void
test_wrap(void **state)
{
    (void)state;
    check_wrap("Hauptstrasse 12", 35, 3, "Hauptstrasse 12");
    check_wrap("Friedrich-Wilhelm-Weber-Strasse 1234", 35, 3,
               "Friedrich-Wilhelm-Weber-Strasse|1234");
    check_wrap("Building Alpha, Flat 12 B, Long Garden Road 7", 20, 3,
               "Building Alpha,|Flat 12 B, Long|Garden Road 7");
    check_wrap("Apt 4 Very Long Street Name Indeed 123 bis", 20, 3,
               "Apt 4 Very Long|Street Name Indeed|123 bis");
    check_wrap("Donaudampfschifffahrtsgesellschaft", 20, 3, "");
    check_wrap("one two three four", 5, 2, "");
    check_wrap("", 35, 3, "");
}

static void
latin_row(const struct xd_slice *cells, const char *where)
{
    uint16_t at = xd_country_find(&tables->countries, cells[0]);
    uint64_t lost = 0;
    size_t misses = 0;
    char out[256];
    size_t len =
        xd_transliterate(&tables->transliteration, at, cells[1], out, sizeof(out), &misses);

    assert_true(xd_slice_u64(cells[3], &lost));
    if (!xd_slice_eq(xd_slice_of(out, len), cells[2]) || misses != lost) {
        fail_msg("%s: got \"%.*s\", %zu lost", where, (int)len, out, misses);
    }
    /* whatever room there is, nothing is written beyond it */
    for (size_t room = 0; room < len; room++) {
        char small[256];
        memset(small, '#', sizeof(small));
        assert_true(xd_transliterate(&tables->transliteration, at, cells[1], small, room, NULL) <=
                    room);
        assert_int_equal(small[room], '#');
    }
}

static void
test_transliteration(void **state)
{
    static const char *const COLUMNS[] = {"country", "text", "latin", "lost"};

    (void)state;
    each_table_row("transliteration", COLUMNS, 4, latin_row);
}

/* A phone number becomes E.164, with the trunk prefix of its country taken away, or kept where it
 * belongs. */
static void
check_phone(const char *country, const char *text, const char *expected)
{
    uint16_t at = xd_country_find(&tables->countries, xd_slice_str(country));
    struct xd_phone phone;

    assert_true(xd_phone_check(&tables->calling, at, xd_slice_str(text), &phone));
    if (!xd_slice_eq(xd_slice_of(phone.text, phone.len), xd_slice_str(expected))) {
        fail_msg("%s in %s: got %.*s", text, country, phone.len, phone.text);
    }
}

static void
test_phone(void **state)
{
    (void)state;
    check_phone("DE", "030 1234567", "+49301234567");
    check_phone("GB", "+44 (0)20 7946 0958", "+442079460958");
    check_phone("IT", "06 1234 5678", "+390612345678");
    check_phone("US", "(650) 253-0000", "+16502530000");
    check_phone("US", "1-650-253-0000", "+16502530000");
    check_phone("FR", "0033 1 42 34 56 78", "+33142345678");
    check_phone("HU", "06 1 234 5678", "+3612345678");
    check_phone("ZZ", "030 1234567", "0301234567");
}

/* The notes, which the command does not print: they reach the reports of a run. */
static void
check_note(struct xd_address address, enum xd_finding_code code)
{
    struct xd_address_options options = {.as_of = 20779}; /* 2026-11-22 */
    struct xd_address_result result;

    assert_int_equal(xd_address_check(&ctx, &address, &options, &result), XD_ADDRESS_VALID);
    assert_int_equal(result.count, 1);
    assert_int_equal(result.problems[0].kind, XD_PROBLEM_NOTE);
    assert_int_equal(result.problems[0].diagnosis.code, code);
}

static void
test_notes(void **state)
{
    struct xd_address good = {{[XD_ADDRESS_ADDRESS1] = XD_LIT("Hauptstrasse 12"),
                               [XD_ADDRESS_CITY] = XD_LIT("Berlin"),
                               [XD_ADDRESS_POSTAL_CODE] = XD_LIT("10115"),
                               [XD_ADDRESS_COUNTRY] = XD_LIT("DE")}};
    struct xd_address address = good;

    (void)state;
    address.of[XD_ADDRESS_ADDRESS2] = XD_LIT("HAUPTSTRASSE 12");
    check_note(address, XD_F_ADDRESS_LINE_TWICE);
    address = good;
    address.of[XD_ADDRESS_NAME] = XD_LIT("Mu\xcc\x88ller");
    check_note(address, XD_F_TEXT_NOT_NORMALIZED);
    address = good;
    address.of[XD_ADDRESS_COUNTRY] = XD_LIT("Germany");
    check_note(address, XD_F_COUNTRY_REWRITTEN);
    address = (struct xd_address){{[XD_ADDRESS_ADDRESS1] = XD_LIT("PO Box 12"),
                                   [XD_ADDRESS_CITY] = XD_LIT("Nairobi"),
                                   [XD_ADDRESS_COUNTRY] = XD_LIT("KE")}};
    check_note(address, XD_F_ADDRESS_PO_BOX_USUAL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_table),   cmocka_unit_test(test_region_keys),
        cmocka_unit_test(test_region_table),    cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_transliteration), cmocka_unit_test(test_phone),
        cmocka_unit_test(test_notes),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
