/* Carriers: every spelling of the table finds its row, and a table that cannot be trusted is
 * refused by line. */
#include "table_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "reference/carrier.h"
#include "reference/identifier.h"

static struct xd_carriers carriers;
static struct xd_arena arena;

static xd_date
day(const char *text)
{
    xd_date date = 0;

    assert_true(xd_date_parse(xd_slice_str(text), &date));
    return date;
}

static int
load(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 16, 0);
    if (!xd_carriers_load(&carriers, &tables, day("2026-11-22"), &arena, &err)) {
        fail_msg("%s", err.text);
    }
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    xd_arena_free(&arena);
    return 0;
}

static void
find_row(const struct xd_slice *cells, const char *where)
{
    uint32_t index = xd_carrier_find(&carriers, cells[0]);
    struct xd_slice code = index == XD_CARRIER_NONE ? XD_LIT("-") : carriers.list[index].code;

    if (!xd_slice_eq(code, cells[1])) {
        fail_msg("%s: \"%.*s\" gave %.*s", where, XD_FMT(cells[0]), XD_FMT(code));
    }
}

static void
test_names(void **state)
{
    static const char *const COLUMNS[] = {"name", "code"};

    (void)state;
    each_table_row("carrier", COLUMNS, 2, find_row);
}

static void
test_every_carrier_finds_itself(void **state)
{
    (void)state;
    assert_true(carriers.count >= 45);
    for (uint32_t i = 0; i < carriers.count; i++) {
        assert_int_equal(xd_carrier_find(&carriers, carriers.list[i].code), i);
        assert_int_equal(xd_carrier_find(&carriers, carriers.list[i].name), i);
        assert_true(carriers.list[i].layout.len > 0);
    }
}

static void
test_flags(void **state)
{
    const struct xd_carrier *ups = &carriers.list[xd_carrier_find(&carriers, XD_LIT("ups"))];
    const struct xd_carrier *post = &carriers.list[xd_carrier_find(&carriers, XD_LIT("post"))];

    (void)state;
    assert_true(ups->integrated && ups->consolidated && !ups->po_box);
    assert_true(!post->integrated && !post->consolidated && post->po_box);
}

/* Loads a table of one or two rows from a folder of its own; the text of the error, empty when it
 * was taken. */
static struct xd_error
load_text(const char *rows, const char *as_of, uint32_t *count)
{
    static const char HEADER[] =
        "code\tname\taliases\tchannel\tintegrated\tconsolidated\tpo_box\tlayout\t"
        "tracking\tsource\teffective_from\teffective_until\n";
    static struct xd_identifiers ids;
    char dir[] = "/tmp/xd-carrier-XXXXXX";
    char path[128];
    struct xd_carriers loaded;
    struct xd_arena own;
    struct xd_error err = {0};
    FILE *file;

    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/reference", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/reference/carriers.tsv", dir);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(HEADER, file) >= 0 && fputs(rows, file) >= 0);
    assert_int_equal(fclose(file), 0);
    xd_arena_init(&own, 1 << 14, 0);
    if (xd_carriers_load(&loaded, &(struct xd_tables){dir, &own}, day(as_of), &own, &err)) {
        (void)xd_identifiers_load(&ids, &(struct xd_tables){dir, &own}, &own, &err);
    }
    *count = loaded.count;
    xd_arena_free(&own);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/reference", dir);
    (void)rmdir(path);
    (void)rmdir(dir);
    return err;
}

static void
test_bad_tables(void **state)
{
    static const struct {
        const char *rows;
        const char *says;
    } BAD[] = {
        {"A B\tAb\t\tcourier\tyes\tno\tno\tcrossdock\t\tx\t\t\n",
         "carriers.tsv:2: a code is lower-case"},
        {"ab\tAb\t\tcourier\tmaybe\tno\tno\tcrossdock\t\tx\t\t\n",
         "carriers.tsv:2: yes or no, not \"maybe\""},
        {"ab\tAb\t\tcourier\tyes\tno\tno\t\t\tx\t\t\n", "the carrier has no layout"},
        {"ab\tAb\t\trail\tyes\tno\tno\tl\t\tx\t\t\n", "a channel is post or courier"},
        {"ab\tAb\tx|"
         "y\tcourier\tyes\tno\tno\tl\t\tx\t\t\ncd\tCd\tX\tcourier\tyes\tno\tno\tl\t\tx\t\t\n",
         "carriers.tsv:3: the name already stands for another carrier: \"X\""},
        {"ab\tAb\t\tcourier\tyes\tno\tno\tl\tups-1z|ups-2z\tx\t\t\n",
         "carriers.tsv:2: there is no such tracking scheme: \"ups-2z\""},
        {"ab\tAb\tbrand\tcourier\tyes\tno\tno\tl\tups-1z|brand:ups-2z\tx\t\t\n",
         "carriers.tsv:2: there is no such tracking scheme: \"ups-2z\""},
        {"ab\tAb\t\tcourier\tyes\tno\tno\tl\t\tx\t2026-13-01\t\n", "not a date: \"2026-13-01\""},
        {"ab\tAb\t\tcourier\tyes\tno\tno\tl\t\tx\t\tlater\n", "not a date: \"later\""},
        {"ab\tAb\ta||b\tcourier\tyes\tno\tno\tl\t\tx\t\t\n", "not a usable carrier name"},
    };
    uint32_t count;

    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct xd_error err = load_text(BAD[i].rows, "2026-11-22", &count);
        if (!strstr(err.text, BAD[i].says)) {
            fail_msg("row %zu gave \"%s\"", i, err.text);
        }
    }
}

static void
test_dates(void **state)
{
    static const char ROWS[] = "old\tSame\t\tcourier\tyes\tno\tno\tl\t\tx\t\t2026-06-30\n"
                               "new\tSame\t\tcourier\tyes\tno\tno\tl\t\tx\t2026-07-01\t\n";
    uint32_t count = 0;

    (void)state;
    assert_int_equal(load_text(ROWS, "2026-06-30", &count).status, 0);
    assert_int_equal(count, 1);
    assert_int_equal(load_text(ROWS, "2026-07-01", &count).status, 0);
    assert_int_equal(count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names), cmocka_unit_test(test_every_carrier_finds_itself),
        cmocka_unit_test(test_flags), cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_dates),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
