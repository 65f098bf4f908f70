/* The order store: what is put comes back, the same again changes nothing, and a file that is not
 * ours is refused. */
#include "store_test.h"

#include <sysexits.h>

#include <sqlite3.h>

static bool
same_values(const struct xd_slice *a, const struct xd_slice *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!xd_slice_eq(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

/* What a taker compares with. */
struct expected {
    const struct xd_order *order;
    unsigned taken;
    bool equal;
};

static bool
compare(void *data, const struct xd_order *order)
{
    struct expected *expected = data;
    const struct xd_order *want = expected->order;

    expected->taken++;
    expected->equal = order->has_lines == want->has_lines &&
                      order->line_count == want->line_count &&
                      same_values(order->value, want->value, XD_ORDER_FIELD_COUNT);
    for (size_t i = 0; expected->equal && i < want->line_count; i++) {
        expected->equal =
            same_values(order->lines[i].value, want->lines[i].value, XD_ORDER_LINE_FIELD_COUNT);
    }
    return true;
}

static void
assert_found(struct store_test *test, struct xd_store *store, const char *id,
             const struct xd_order *want)
{
    struct expected expected = {.order = want};

    assert_true(xd_store_sqlite.find(store, xd_slice_str(id),
                                     (struct xd_order_taker){compare, &expected}, &test->err));
    if (expected.taken != (want ? 1 : 0) || (want && !expected.equal)) {
        fail_msg("%s: found %u times, equal %d", id, expected.taken, expected.equal);
    }
}

/* Every value and line comes back as it was put, by either id. */
static void
test_round_trip(void **state)
{
    struct store_test test;
    struct xd_order_line lines[2];
    char text[128];
    char values[XD_ORDER_FIELD_COUNT][24];

    (void)state;
    store_test_begin(&test);
    struct xd_store *store = store_test_open(&test, true);
    struct xd_order order = store_test_order(7, "Paid", lines, text);
    for (unsigned i = XD_ORDER_STATUS; i < XD_ORDER_FIELD_COUNT; i++) {
        (void)snprintf(values[i], sizeof(values[i]), "Zoë \"%u\", '%%_", i);
        order.value[i] = xd_slice_str(values[i]);
    }
    for (unsigned i = 0; i < XD_ORDER_LINE_FIELD_COUNT; i++) {
        lines[1].value[i] = xd_slice_str(values[XD_ORDER_FIELD_COUNT - 1 - i]);
    }
    assert_non_null(store);
    assert_true(xd_store_sqlite.begin(store, &test.err));
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    assert_true(xd_store_sqlite.commit(store, &test.err));
    xd_store_sqlite.close(store);

    store = store_test_open(&test, false);
    assert_non_null(store);
    assert_found(&test, store, "GE7", &order);
    assert_found(&test, store, "SO-7", &order);
    assert_found(&test, store, "SO-70", NULL);
    assert_found(&test, store, "", NULL);
    xd_store_sqlite.close(store);
    store_test_end(&test);
}

/* Any difference in a value, in a line or in the number of lines is a change; none is none. */
static void
test_change_is_seen(void **state)
{
    struct store_test test;
    struct xd_order_line lines[2];
    char text[128];

    (void)state;
    store_test_begin(&test);
    struct xd_store *store = store_test_open(&test, true);
    struct xd_order order = store_test_order(1, "Paid", lines, text);
    assert_true(xd_store_sqlite.begin(store, &test.err));
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_UNCHANGED);
    order.value[XD_ORDER_STATUS] = XD_LIT("Cancelled");
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    lines[1].value[XD_ORDER_LINE_QUANTITY] = XD_LIT("3");
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    order.line_count = 1;
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    assert_found(&test, store, "GE1", &order);
    order.line_count = 0;
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    order.has_lines = false;
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_UNCHANGED);
    /* A value that moves to the next field is another order content. */
    order.value[XD_ORDER_ADDRESS2] = order.value[XD_ORDER_ADDRESS1];
    order.value[XD_ORDER_ADDRESS1] = XD_NONE;
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    assert_true(xd_store_sqlite.commit(store, &test.err));
    assert_int_equal(store_test_count(&test, store, "Cancelled").of_status, 1);
    xd_store_sqlite.close(store);
    store_test_end(&test);
}

/* The platform's id comes later than the merchant's; two merchants may use the same number. */
static void
test_identity(void **state)
{
    struct store_test test;
    struct xd_order order = {.value[XD_ORDER_MERCHANT_ORDER_ID] = XD_LIT("1001"),
                             .value[XD_ORDER_MERCHANT_ID] = XD_LIT("NORTHLANE")};

    (void)state;
    store_test_begin(&test);
    struct xd_store *store = store_test_open(&test, true);
    assert_true(xd_store_sqlite.begin(store, &test.err));
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    order.value[XD_ORDER_ORDER_ID] = XD_LIT("GE1");
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_CHANGED);
    order.value[XD_ORDER_MERCHANT_ID] = XD_LIT("MERIDIAN");
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    order.value[XD_ORDER_MERCHANT_ID] = XD_NONE;
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_UNCHANGED);
    order.value[XD_ORDER_ORDER_ID] =
        XD_LIT("GE2"); /* another platform order of the same merchant's number */
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    assert_true(xd_store_sqlite.commit(store, &test.err));
    assert_int_equal(store_test_count(&test, store, "").orders, 4);

    order.value[XD_ORDER_ORDER_ID] = XD_NONE;
    order.value[XD_ORDER_MERCHANT_ORDER_ID] = XD_NONE;
    enum xd_store_change change;
    assert_false(xd_store_sqlite.put(store, &order, &change, &test.err));
    assert_int_equal(test.err.status, EX_DATAERR);
    xd_store_sqlite.close(store);
    store_test_end(&test);
}

static void
test_not_committed_is_not_there(void **state)
{
    struct store_test test;
    struct xd_order_line lines[2];
    char text[128];

    (void)state;
    store_test_begin(&test);
    struct xd_store *store = store_test_open(&test, true);
    struct xd_order order = store_test_order(1, "Paid", lines, text);
    assert_true(xd_store_sqlite.begin(store, &test.err));
    assert_int_equal(store_test_put(&test, store, &order), XD_STORE_ADDED);
    xd_store_sqlite.close(store);
    store = store_test_open(&test, true);
    assert_int_equal(store_test_count(&test, store, "Paid").orders, 0);
    xd_store_sqlite.close(store);
    store_test_end(&test);
}

static bool
take_one(void *data, const struct xd_order *order)
{
    (void)order;
    return --*(int *)data > 0;
}

static void
test_scan_stops_when_told(void **state)
{
    struct store_test test;
    struct xd_order_line lines[2];
    char text[128];
    int wanted = 2;

    (void)state;
    store_test_begin(&test);
    struct xd_store *store = store_test_open(&test, true);
    assert_true(xd_store_sqlite.begin(store, &test.err));
    for (unsigned i = 0; i < 20; i++) {
        struct xd_order order = store_test_order(i, "Paid", lines, text);
        (void)store_test_put(&test, store, &order);
    }
    assert_true(xd_store_sqlite.commit(store, &test.err));
    struct store_count all = store_test_count(&test, store, "Paid");
    assert_int_equal(all.orders, 20);
    assert_int_equal(all.lines, 40);
    assert_true(
        xd_store_sqlite.scan(store, false, (struct xd_order_taker){take_one, &wanted}, &test.err));
    assert_int_equal(wanted, 0);
    xd_store_sqlite.close(store);
    store_test_end(&test);
}

/* Makes a database file by the statements given. */
static void
make_database(const char *path, const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
test_refused_files(void **state)
{
    static const struct {
        const char *sql;
        int status;
        const char *says;
    } CASES[] = {
        {"CREATE TABLE shopping (item TEXT)", EX_DATAERR, "not an order store"},
        {"PRAGMA user_version = 3", EX_DATAERR, "not an order store"},
        {"PRAGMA application_id = 7", EX_DATAERR, "not an order store"},
        {"PRAGMA application_id = 0x58444f52; PRAGMA user_version = 99", EX_CONFIG, "version 99"},
    };
    struct store_test test;

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        store_test_begin(&test);
        make_database(test.path, CASES[i].sql);
        assert_null(store_test_open(&test, true));
        assert_int_equal(test.err.status, CASES[i].status);
        assert_non_null(strstr(test.err.text, CASES[i].says));
        store_test_end(&test);
    }
    store_test_begin(&test);
    assert_null(store_test_open(&test, false));
    assert_int_equal(test.err.status, EX_NOINPUT);
    FILE *file = fopen(test.path, "w");
    assert_non_null(file);
    assert_null(store_test_open(&test, false)); /* empty: nothing was imported yet */
    assert_int_equal(test.err.status, EX_NOINPUT);
    assert_true(fputs("order_id,status\nGE1,Paid\nand so on, far beyond the header of a database",
                      file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_null(store_test_open(&test, true));
    assert_int_equal(test.err.status, EX_DATAERR);
    store_test_end(&test);
}

/* A second writer waits for five seconds and then says so; a reader is not in its way. */
static void
test_second_writer(void **state)
{
    struct store_test test;

    (void)state;
    store_test_begin(&test);
    struct xd_store *first = store_test_open(&test, true);
    struct xd_store *second = store_test_open(&test, true);
    assert_true(xd_store_sqlite.begin(first, &test.err));
    assert_int_equal(store_test_count(&test, second, "").orders, 0);
    assert_false(xd_store_sqlite.begin(second, &test.err));
    assert_int_equal(test.err.status, EX_TEMPFAIL);
    xd_store_sqlite.close(first);
    test.err = (struct xd_error){0};
    assert_true(xd_store_sqlite.begin(second, &test.err));
    xd_store_sqlite.close(second);
    store_test_end(&test);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_change_is_seen),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_not_committed_is_not_there),
        cmocka_unit_test(test_scan_stops_when_told),
        cmocka_unit_test(test_refused_files),
        cmocka_unit_test(test_second_writer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
