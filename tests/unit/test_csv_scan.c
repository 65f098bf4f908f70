/*
 * The quick scan must never be told from libcsv: the same chunks, random and hostile, go both ways
 * and give the same rows, the same values and the same faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reader/csv.h"
#include "reader/csv_watch.h"

#define TEXTS     60000
#define LONGEST   300
#define FIELD_CAP 100 /* low, so that random texts meet it */

static uint64_t g_seed = 20261122;

static uint32_t
pick(uint32_t below)
{
    g_seed = g_seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(g_seed >> 33) % below;
}

struct fixture {
    struct xd_arena arena;
    struct xd_document document;
    struct xd_limits limits;
    struct xd_columns columns;
    struct xd_csv csv;
    struct xd_csv_scratch *quick;
    struct xd_csv_scratch *libcsv;
};

static int
set_up(void **state)
{
    static struct fixture fixture;

    fixture.limits.of[XD_LIMIT_CSV_FIELD_BYTES].value = FIELD_CAP;
    fixture.limits.of[XD_LIMIT_CSV_RECORD_BYTES].value = 10 * LONGEST;
    fixture.columns.count = 3;
    fixture.csv = (struct xd_csv){.document = &fixture.document,
                                  .limits = &fixture.limits,
                                  .columns = &fixture.columns,
                                  .delimiter = ','};
    xd_arena_init(&fixture.arena, 1 << 12, 0);
    fixture.quick = xd_csv_scratch_new(&fixture.arena);
    fixture.libcsv = xd_csv_scratch_new(&fixture.arena);
    if (!fixture.quick || !fixture.libcsv) {
        return 1;
    }
    xd_csv_scratch_no_scan(fixture.libcsv);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;

    xd_csv_scratch_close(fixture->quick);
    xd_csv_scratch_close(fixture->libcsv);
    xd_arena_free(&fixture->arena);
    return 0;
}

static void
check_rows(const struct xd_rows *got, const struct xd_rows *wanted)
{
    assert_int_equal(got->count, wanted->count);
    assert_int_equal(got->ragged_count, wanted->ragged_count);
    for (uint32_t i = 0; i < wanted->ragged_count; i++) {
        assert_memory_equal(&got->ragged[i], &wanted->ragged[i], sizeof(struct xd_ragged));
    }
    assert_int_equal(got->blanks, wanted->blanks);
    for (uint32_t row = 0; row < wanted->count; row++) {
        assert_int_equal(xd_rows_number(got, row), xd_rows_number(wanted, row));
        for (unsigned column = 0; column < wanted->columns->count; column++) {
            struct xd_slice a = xd_rows_raw(got, row, column);
            struct xd_slice b = xd_rows_raw(wanted, row, column);
            assert_ptr_equal(a.ptr, b.ptr);
            assert_int_equal(a.len, b.len);
        }
    }
}

/* Both ways over one text; true when there is no fault in it. */
static bool
check_text(struct fixture *fixture, struct xd_slice text)
{
    struct xd_csv_fault quick_fault;
    struct xd_csv_fault libcsv_fault;
    struct xd_arena arena;
    struct xd_rows quick;
    struct xd_rows libcsv;

    xd_arena_init(&arena, 1 << 14, 0);
    fixture->document.text = text;
    fixture->csv.trailing = pick(4) == 0;
    fixture->csv.sheet = pick(2) == 0;
    assert_true(
        xd_csv_parse(&fixture->csv, fixture->quick, 0, text.len, &arena, &quick, &quick_fault));
    assert_true(
        xd_csv_parse(&fixture->csv, fixture->libcsv, 0, text.len, &arena, &libcsv, &libcsv_fault));
    assert_int_equal(quick_fault.code, libcsv_fault.code);
    assert_int_equal(quick_fault.offset, libcsv_fault.offset);
    check_rows(&quick, &libcsv);
    xd_arena_free(&arena);
    return libcsv_fault.code == XD_F_NONE;
}

static void
test_hostile_texts(void **state)
{
    static const char *const HOSTILE[] = {
        "",
        "\n",
        "\r\n\r\n",
        "a",
        "a,b,c",
        "a,b,",
        ",,",
        ",,\r\n,,",
        "\"\"",
        "\"\"\"\"",
        "\"\"\"",
        "\"a\"\"b\",c",
        "\"a\"b,c",
        "a\"b",
        "a,\"b\nc\",d",
        "a,\"b",
        "a\"\"b",
        "\"a\" ,b",
        "a, \"b\",c",
        "a,b,c\r\r\n",
        "\n\n\na,b,c\n",
        "a,b,c\n\"\"",
        "\"a\",\"b\"\"",
        "a,b,c,\n",
    };
    char shifted[2 * LONGEST];

    for (size_t i = 0; i < sizeof(HOSTILE) / sizeof(HOSTILE[0]); i++) {
        struct xd_slice text = xd_slice_str(HOSTILE[i]);
        /* at every place of a block of 64 */
        for (size_t lead = 0; lead < 130; lead++) {
            memset(shifted, 'x', lead);
            for (size_t at = 1; at < lead; at += 2) {
                shifted[at] = '\n';
            }
            memcpy(shifted + lead, text.ptr, text.len);
            (void)check_text(*state, xd_slice_of(shifted, lead + text.len));
        }
    }
}

/* The row that a spreadsheet shows is the number of line ends in front of it, and one. */
static void
test_row_numbers(void **state)
{
    static const struct {
        const char *text;
        uint32_t numbers[3]; /* counted from 0 */
        uint32_t blanks;
    } TEXTS_WITH_GAPS[] = {
        {"a\nb\nc\n", {0, 1, 2}, 0},
        {"\na\n\nb\nc\n\n\n", {1, 3, 4}, 4},
        {"a\r\nb\r\n\r\nc", {0, 1, 3}, 1},
        {"\r\n\r\na\r\n\nb\r\n\rc", {2, 4, 6}, 4},
        {"a\r\rb\rc\r\r", {0, 2, 3}, 2},
        {"a\n\"b\n\n\"\n\nc", {0, 1, 3}, 1},
        {"a\n\r\n\r\nb\n\n\r\nc", {0, 3, 6}, 4},
    };
    struct fixture *fixture = *state;
    struct xd_csv_fault fault;
    struct xd_arena arena;
    struct xd_rows rows;

    xd_arena_init(&arena, 1 << 14, 0);
    for (size_t i = 0; i < sizeof(TEXTS_WITH_GAPS) / sizeof(TEXTS_WITH_GAPS[0]); i++) {
        struct xd_slice text = xd_slice_str(TEXTS_WITH_GAPS[i].text);
        (void)check_text(fixture, text);
        assert_true(
            xd_csv_parse(&fixture->csv, fixture->quick, 0, text.len, &arena, &rows, &fault));
        assert_int_equal(rows.count, 3);
        assert_int_equal(rows.blanks, TEXTS_WITH_GAPS[i].blanks);
        for (uint32_t row = 0; row < 3; row++) {
            assert_int_equal(xd_rows_number(&rows, row), TEXTS_WITH_GAPS[i].numbers[row]);
        }
    }
    xd_arena_free(&arena);
}

static void
test_random_texts(void **state)
{
    static const char ALPHABET[] = "aaaaaaaaaaab  \t,,,,,,\n\n\r\"";
    uint32_t clean = 0;
    char text[LONGEST];

    for (uint32_t i = 0; i < TEXTS; i++) {
        size_t len = pick(LONGEST);
        for (size_t at = 0; at < len; at++) {
            text[at] = ALPHABET[pick(sizeof(ALPHABET) - (i % 2 ? 1 : 2))];
        }
        clean += check_text(*state, xd_slice_of(text, len));
    }
    assert_in_range(clean, TEXTS / 4, TEXTS * 3 / 4);
}

/* Quotes only where RFC 4180 has them, so that long texts stay clean. */
static void
test_random_records(void **state)
{
    static const char *const PIECES[] = {"",         "a",       "value",    "\"\"",
                                         "\"a,b\"",  "é",       "\"\"\"\"", "\"say \"\"a\"\"\"",
                                         "\"x\ny\"", "\"\r\n\""};
    static const char *const ENDS[] = {",", ",", ",", "\n", "\r\n", "\r"};
    char text[LONGEST + 32];

    for (uint32_t i = 0; i < TEXTS / 4; i++) {
        size_t wanted = pick(LONGEST);
        size_t len = 0;
        while (len < wanted) {
            struct xd_slice piece = xd_slice_str(PIECES[pick(10)]);
            struct xd_slice end = xd_slice_str(ENDS[pick(6)]);
            memcpy(text + len, piece.ptr, piece.len);
            memcpy(text + len + piece.len, end.ptr, end.len);
            len += piece.len + end.len;
        }
        assert_true(check_text(*state, xd_slice_of(text, len)) || len > FIELD_CAP);
    }
}

static void
test_long_values(void **state)
{
    char text[LONGEST];

    memset(text, 'x', sizeof(text));
    for (size_t len = FIELD_CAP - 20; len < FIELD_CAP + 20; len++) {
        for (unsigned quoted = 0; quoted < 2; quoted++) {
            text[0] = text[len - 1] = quoted ? '"' : 'x';
            text[len] = '\n';
            (void)check_text(*state, xd_slice_of(text, len));
            (void)check_text(*state, xd_slice_of(text, len + 1));
            text[len] = text[len - 1] = 'x';
        }
    }
}

/* Of a text that is still coming, a field is too long when so many bytes are certainly one. */
static void
test_watched_field(void **state)
{
    static const char ENDS[] = "\",;\t|\r\n";
    char text[200];

    (void)state;
    for (size_t end = 0; end < sizeof(ENDS); end++) { /* the NUL of the literal is the last */
        for (size_t at = 0; at < 100; at += 33) {
            struct xd_csv_watch watch = {0};
            memset(text, 'x', sizeof(text));
            text[at] = ENDS[end];
            for (size_t len = 1; len <= sizeof(text); len += 1 + len / 3) {
                size_t run = len > at ? len - at - 1 : len;
                assert_int_equal(xd_csv_watch_field(&watch, xd_slice_of(text, len), 64), run <= 64);
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_texts), cmocka_unit_test(test_row_numbers),
        cmocka_unit_test(test_random_texts),  cmocka_unit_test(test_random_records),
        cmocka_unit_test(test_long_values),   cmocka_unit_test(test_watched_field),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
