/*
 * Identifiers: the table of worked examples and traps; shapes against the PCRE2 patterns of the
 * same rows, on random and mutated numbers; spans that always lie inside the value; the parcel
 * code.
 */
#include "marked.h"
#include "table_test.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "check/gs1.h"
#include "check/identifier.h"
#include "check/identifier_match.h"
#include "check/parcel_code.h"
#include "reference/finding_text.h"

static struct xd_identifiers ids;
static struct xd_finding_texts texts;
static struct xd_arena arena;
static uint64_t random_state = 4;

static unsigned
random_below(unsigned bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % bound;
}

static int
load_tables(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 18, 0);
    if (!xd_identifiers_load(&ids, &tables, &arena, &err) ||
        !xd_finding_texts_load(&texts, &tables, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int
free_tables(void **state)
{
    (void)state;
    xd_arena_free(&arena);
    return 0;
}

static void
run_check(struct xd_slice by, struct xd_slice value, const char *where,
          struct xd_identifier_result *result)
{
    struct xd_slice prefix = XD_LIT("carrier:");
    struct xd_diagnosis diagnosis;

    if (xd_slice_eq(by, XD_LIT("-"))) {
        xd_identifier_detect(&ids, value, result);
        return;
    }
    if (xd_slice_starts(by, prefix)) {
        struct xd_slice name = xd_slice_sub(by, prefix.len, SIZE_MAX);
        uint16_t carrier = xd_identifier_carrier_find(&ids, name);
        assert_int_not_equal(carrier, XD_ID_CARRIER_NONE);
        xd_tracking_read(&ids, carrier, value, result);
        assert_int_equal(xd_tracking_check(&ids, name, value, &diagnosis), result->verdict);
    } else {
        uint16_t scheme = xd_scheme_find(&ids, by);
        if (scheme == XD_SCHEME_NONE) {
            fail_msg("%s: there is no scheme %.*s", where, XD_FMT(by));
        }
        xd_identifier_read(&ids, scheme, value, result);
        assert_int_equal(xd_identifier_check(&ids, scheme, value, &diagnosis), result->verdict);
    }
    assert_int_equal(diagnosis.code, result->diagnosis.code);
}

static void
example_row(const struct xd_slice *cells, const char *where)
{
    static const char *const VERDICTS[] = {"valid", "invalid", "unknown"};
    struct xd_identifier_result result;
    struct marked marked;

    marked_read(&marked, cells[1]);
    run_check(cells[0], marked.value, where, &result);
    struct xd_slice scheme =
        result.scheme == XD_SCHEME_NONE ? XD_NONE : ids.schemes[result.scheme].name;
    struct xd_slice canonical = {result.canonical, result.canonical_len};
    struct xd_slice finding = texts.of[result.diagnosis.code].slug;
    if (!xd_slice_eq(cells[2], xd_slice_str(VERDICTS[result.verdict])) ||
        (!xd_slice_eq(cells[3], scheme) && cells[3].len) || !xd_slice_eq(cells[4], canonical) ||
        !xd_slice_eq(cells[5], finding)) {
        fail_msg("%s: got %s %.*s %.*s %.*s (%s)", where, VERDICTS[result.verdict], XD_FMT(scheme),
                 XD_FMT(canonical), XD_FMT(finding), result.diagnosis.detail);
    }
    struct xd_span span = result.diagnosis.span;
    if (marked.has_span && (span.off != marked.span.off || span.len != marked.span.len)) {
        fail_msg("%s: got the span %u+%u, not %u+%u", where, span.off, span.len, marked.span.off,
                 marked.span.len);
    }
}

static void
test_examples(void **state)
{
    static const char *const COLUMNS[] = {"by",     "text",      "verdict",
                                          "scheme", "canonical", "finding"};

    (void)state;
    each_table_row("identifiers", COLUMNS, 6, example_row);
}

/* --- shapes and patterns say the same --- */

static const char ALPHABET[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()ab-";

static char
random_symbol(uint64_t symbols)
{
    for (;;) {
        char c = ALPHABET[random_below(sizeof(ALPHABET) - 1)];
        if (symbols >> ids.symbol[(unsigned char)c] & 1) {
            return c;
        }
    }
}

/* A text that the shape takes, then as often as not changed, shortened or lengthened in one place.
 */
static size_t
random_text(const struct xd_shape *shape, char *out)
{
    size_t len = shape->shortest + random_below((unsigned)(shape->longest - shape->shortest) + 1);
    size_t at = random_below((unsigned)len);

    for (size_t i = 0; i < len; i++) {
        out[i] = random_symbol(xd_shape_symbols(shape, i, len));
    }
    switch (random_below(4)) {
    case 0:
        out[at] = ALPHABET[random_below(sizeof(ALPHABET) - 1)];
        return len;
    case 1:
        memmove(out + at, out + at + 1, len - at - 1);
        return len - 1;
    case 2:
        memmove(out + at + 1, out + at, len - at);
        return len + 1;
    default:
        return len;
    }
}

static bool
any_shape_fits(const struct xd_scheme *scheme, struct xd_slice text)
{
    size_t at;

    for (size_t i = 0; i < scheme->shapes; i++) {
        if (xd_shape_fits(&ids, &ids.shapes[scheme->first_shape + i], text, &at)) {
            return true;
        }
    }
    return false;
}

static bool
any_key_takes(const struct xd_scheme *scheme, struct xd_slice text)
{
    struct xd_clean clean;

    xd_clean_text(&ids.look_alikes, text, XD_CLEAN_KEEP_CASE, &clean);
    clean.text = text;
    if (text.len > XD_IDENTIFIER_TEXT) {
        return false;
    }
    for (size_t i = scheme->key_from[text.len]; i < scheme->key_from[text.len + 1]; i++) {
        if (xd_shape_takes(&ids, &scheme->keys[i], &clean)) {
            return true;
        }
    }
    return false;
}

static void
compare_with_pattern(const struct xd_scheme *scheme, size_t rounds)
{
    PCRE2_SIZE offset;
    char text[XD_CLEAN_MAX];
    size_t agreed_right = 0;
    int error;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)scheme->pattern.ptr, scheme->pattern.len,
                                     PCRE2_DOLLAR_ENDONLY, &error, &offset, NULL);

    if (!code) {
        fail_msg("the pattern of %.*s does not compile", XD_FMT(scheme->name));
    }
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(code, NULL);
    for (size_t i = 0; i < rounds; i++) {
        uint16_t shape = (uint16_t)(scheme->first_shape + random_below(scheme->shapes));
        struct xd_slice value = {text, random_text(&ids.shapes[shape], text)};
        bool by_pattern =
            pcre2_match(code, (PCRE2_SPTR)value.ptr, value.len, 0, 0, match, NULL) >= 0;
        if (any_shape_fits(scheme, value) != by_pattern ||
            any_key_takes(scheme, value) != by_pattern) {
            fail_msg("%.*s: pattern and shape differ on %.*s (pattern %d, shape %d, key %d)",
                     XD_FMT(scheme->name), XD_FMT(value), by_pattern, any_shape_fits(scheme, value),
                     any_key_takes(scheme, value));
        }
        agreed_right += by_pattern;
    }
    assert_true(agreed_right > rounds / 10 && agreed_right < rounds);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
}

static void
test_patterns(void **state)
{
    (void)state;
    for (uint16_t i = 0; i < ids.scheme_count; i++) {
        if (ids.schemes[i].rule != XD_RULE_ELEMENT_STRING) {
            compare_with_pattern(&ids.schemes[i], 4000);
        }
    }
}

/* --- every number that a shape can have is found wrong when its check character is --- */

/* A number with all check characters right. False when the shape has none that stands in the text.
 */
static bool
right_text(const struct xd_shape *shape, char *text, size_t *len)
{
    *len = shape->shortest;
    if (shape->checks == 0 || shape->appends) {
        return false;
    }
    for (size_t i = 0; i < *len; i++) {
        text[i] = random_symbol(xd_shape_symbols(shape, i, *len));
    }
    for (size_t i = 0; i < shape->checks; i++) {
        text[xd_shape_place(shape->check[i].at, *len)] =
            xd_shape_expected(shape, i, xd_slice_of(text, *len));
    }
    return xd_shape_valid(&ids, shape, xd_slice_of(text, *len));
}

static void
test_check_characters(void **state)
{
    struct xd_diagnosis diagnosis;
    char text[XD_CLEAN_MAX];
    size_t tried = 0;
    size_t caught = 0;
    size_t len;

    (void)state;
    for (uint16_t s = 0; s < ids.shape_count; s++) {
        const struct xd_shape *shape = &ids.shapes[s];
        for (size_t round = 0; round < 40; round++) {
            if (!right_text(shape, text, &len)) {
                continue;
            }
            size_t at = xd_shape_place(shape->check[0].at, len);
            text[at] = text[at] == '5' ? '6' : '5';
            tried++;
            enum xd_verdict verdict =
                xd_identifier_check(&ids, shape->scheme, xd_slice_of(text, len), &diagnosis);
            caught += verdict == XD_INVALID;
            if (verdict == XD_INVALID && diagnosis.code == XD_F_IDENTIFIER_CHECK_DIGIT) {
                assert_true(diagnosis.span.len == 1 && diagnosis.span.off < len);
            }
        }
    }
    printf("wrong check characters: %zu of %zu caught\n", caught, tried);
    assert_true(tried > 3000);
    /* a few are right numbers of another alternative of their scheme */
    assert_true(caught * 100 >= tried * 97);
}

/* --- every change and swap of a right number, counted --- */

struct count {
    unsigned total;
    unsigned caught;
};

static void
count_one(uint16_t scheme, struct xd_slice value, struct count *count)
{
    struct xd_diagnosis diagnosis;

    count->total++;
    count->caught += xd_identifier_check(&ids, scheme, value, &diagnosis) == XD_INVALID;
}

static void
count_mutations(uint16_t scheme, struct xd_slice number, struct count *changes, struct count *swaps)
{
    char text[XD_CLEAN_MAX];

    memcpy(text, number.ptr, number.len);
    for (size_t i = 0; i < number.len; i++) {
        for (char c = '0'; xd_is_digit(number.ptr[i]) && c <= '9'; c++) {
            text[i] = c;
            if (c != number.ptr[i]) {
                count_one(scheme, xd_slice_of(text, number.len), changes);
            }
        }
        text[i] = number.ptr[i];
        if (i + 1 < number.len && text[i] != text[i + 1]) {
            text[i] = number.ptr[i + 1];
            text[i + 1] = number.ptr[i];
            count_one(scheme, xd_slice_of(text, number.len), swaps);
            text[i] = number.ptr[i];
            text[i + 1] = number.ptr[i + 1];
        }
    }
}

static bool mutated[XD_SCHEMES_MAX];

static void
mutation_row(const struct xd_slice *cells, const char *where)
{
    uint16_t scheme = xd_scheme_find(&ids, cells[0]);
    struct count found[2] = {{0, 0}, {0, 0}};
    struct xd_diagnosis diagnosis;
    uint64_t expected[4];

    if (scheme == XD_SCHEME_NONE ||
        xd_identifier_check(&ids, scheme, cells[1], &diagnosis) != XD_VALID) {
        fail_msg("%s: no right number of a scheme", where);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_true(xd_slice_u64(cells[2 + i], &expected[i]));
    }
    mutated[scheme] = true;
    count_mutations(scheme, cells[1], &found[0], &found[1]);
    if (found[0].total != expected[0] || found[0].caught != expected[1] ||
        found[1].total != expected[2] || found[1].caught != expected[3]) {
        fail_msg("%s: %u of %u changes and %u of %u swaps are caught", where, found[0].caught,
                 found[0].total, found[1].caught, found[1].total);
    }
}

/* Each scheme that has a check character in its text stands in the table. */
static void
test_mutations(void **state)
{
    static const char *const COLUMNS[] = {"scheme",         "number", "changes",
                                          "changes_caught", "swaps",  "swaps_caught"};

    (void)state;
    each_table_row("identifier_mutations", COLUMNS, 6, mutation_row);
    for (uint16_t i = 0; i < ids.shape_count; i++) {
        if (ids.shapes[i].checks > 0 && !mutated[ids.shapes[i].scheme]) {
            fail_msg("no number of %.*s is mutated",
                     XD_FMT(ids.schemes[ids.shapes[i].scheme].name));
        }
    }
}

/* --- detection: everything that a number fits --- */

static void
overlap_row(const struct xd_slice *cells, const char *where)
{
    struct xd_identifier_result result;
    struct xd_buf buf;

    xd_identifier_detect(&ids, cells[0], &result);
    xd_buf_init(&buf, 1024);
    for (size_t i = 0; i < result.match_count; i++) {
        xd_buf_printf(&buf, "%s%.*s %u", i ? ", " : "",
                      XD_FMT(ids.schemes[result.matches[i].scheme].name), result.matches[i].score);
    }
    if (!xd_slice_eq(xd_buf_slice(&buf), cells[1])) {
        fail_msg("%s: got %.*s", where, XD_FMT(xd_buf_slice(&buf)));
    }
    xd_buf_free(&buf);
}

static void
test_overlaps(void **state)
{
    static const char *const COLUMNS[] = {"text", "matches"};

    (void)state;
    each_table_row("identifier_overlaps", COLUMNS, 2, overlap_row);
}

/* --- whatever comes in, spans stay inside and results are bounded --- */

static void
random_bytes(char *out, size_t len)
{
    static const char *const PIECES[] = {"0",        "1",        "9",
                                         "O",        "I",        "1Z",
                                         "JJD",      "(00)",     "]C1",
                                         "\x1d",     "E+",       " ",
                                         "-",        "\xc2\xa0", "\xef\xbc\x91",
                                         "\xd0\x90", "\xff",     "GE",
                                         "420",      "(",        "https://x.y/01/",
                                         "%",        "=\""};
    size_t at = 0;

    while (at < len) {
        const char *piece = PIECES[random_below(sizeof(PIECES) / sizeof(PIECES[0]))];
        for (size_t i = 0; piece[i] && at < len; i++) {
            out[at++] = piece[i];
        }
    }
}

static void
check_bounds(const struct xd_identifier_result *result, size_t len)
{
    size_t off = result->diagnosis.span.off;

    assert_true(off + result->diagnosis.span.len <= len);
    assert_true(result->canonical_len <= sizeof(result->canonical));
    assert_true(memchr(result->diagnosis.detail, 0, sizeof(result->diagnosis.detail)) != NULL);
    assert_true(result->match_count <= XD_MATCHES_MAX);
    assert_true((result->verdict == XD_VALID) == (result->canonical_len > 0));
}

static void
test_random_bytes(void **state)
{
    struct xd_identifier_result result;
    char text[90];

    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        struct xd_slice value = {text, random_below(sizeof(text))};
        random_bytes(text, value.len);
        xd_identifier_detect(&ids, value, &result);
        check_bounds(&result, value.len);
        xd_identifier_read(&ids, (uint16_t)random_below(ids.scheme_count), value, &result);
        check_bounds(&result, value.len);
        xd_tracking_read(&ids, (uint16_t)random_below(ids.carrier_count), value, &result);
        check_bounds(&result, value.len);
    }
}

/* A canonical form is its own canonical form. */
static void
stable_row(const struct xd_slice *cells, const char *where)
{
    struct xd_identifier_result result;
    uint16_t scheme = xd_scheme_find(&ids, cells[3]);

    if (scheme == XD_SCHEME_NONE || cells[4].len == 0) {
        return;
    }
    xd_identifier_read(&ids, scheme, cells[4], &result);
    if (!xd_slice_eq(cells[4], xd_slice_of(result.canonical, result.canonical_len))) {
        fail_msg("%s: %.*s becomes %.*s", where, XD_FMT(cells[4]), (int)result.canonical_len,
                 result.canonical);
    }
}

static void
test_canonical_is_stable(void **state)
{
    static const char *const COLUMNS[] = {"by",     "text",      "verdict",
                                          "scheme", "canonical", "finding"};

    (void)state;
    each_table_row("identifiers", COLUMNS, 6, stable_row);
}

static void
test_unknown_carrier(void **state)
{
    struct xd_diagnosis diagnosis;

    (void)state;
    assert_int_equal(xd_tracking_check(&ids, XD_LIT("nobody"), XD_LIT("1"), &diagnosis),
                     XD_UNKNOWN);
    assert_int_equal(diagnosis.code, XD_F_NONE);
}

/* --- parcel codes --- */

static void
parcel_code_row(const struct xd_slice *cells, const char *where)
{
    char buffer[128];
    struct marked marked;
    struct xd_slice out;

    marked_read(&marked, cells[0]);
    assert_true(xd_parcel_code_canonical(&ids, marked.value, buffer, marked.value.len + 1, &out));
    struct marked expected;
    marked_read(&expected, cells[1]);
    if (!xd_slice_eq(out, expected.value)) {
        fail_msg("%s: got %.*s", where, XD_FMT(out));
    }
}

static void
test_parcel_codes(void **state)
{
    static const char *const COLUMNS[] = {"code", "canonical"};
    char buffer[4];
    struct xd_slice out;

    (void)state;
    each_table_row("parcel_codes", COLUMNS, 2, parcel_code_row);
    assert_false(xd_parcel_code_canonical(&ids, XD_LIT("abcdefgh"), buffer, sizeof(buffer), &out));
    /* a licence plate gets longer by its J, or is not told at all */
    assert_true(xd_parcel_code_canonical(&ids, XD_LIT("jd1"), buffer, sizeof(buffer), &out));
    assert_int_equal(out.len, 4);
    assert_false(xd_parcel_code_canonical(&ids, XD_LIT("jd1"), buffer, 3, &out));
    assert_ptr_equal(
        (xd_parcel_code_canonical(&ids, XD_LIT("PC-1"), buffer, sizeof(buffer), &out), out.ptr),
        XD_LIT("PC-1").ptr);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_check_characters),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_canonical_is_stable),
        cmocka_unit_test(test_unknown_carrier),
        cmocka_unit_test(test_parcel_codes),
    };

    return cmocka_run_group_tests(tests, load_tables, free_tables);
}
