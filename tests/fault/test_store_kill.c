/*
 * An import that is killed at any moment leaves the orders as they were before or as it would have
 * made them, never between, and a store that the next import opens. XD_TEST_LEVEL=slow kills a
 * thousand times, else twenty.
 */
#include "store_test.h"

#include <signal.h>
#include <sys/wait.h>

#include <sqlite3.h>

#define ORDERS 400

/* One import as the program does it, without anything of the test's harness: it runs in the process
 * that is killed. */
static void
import(struct store_test *test, const char *status)
{
    struct xd_order_line lines[2];
    enum xd_store_change change;
    char text[128];
    struct xd_store *store = store_test_open(test, true);

    if (!store || !xd_store_sqlite.begin(store, &test->err)) {
        _exit(1);
    }
    for (unsigned i = 0; i < ORDERS; i++) {
        struct xd_order order = store_test_order(i, status, lines, text);
        if (!xd_store_sqlite.put(store, &order, &change, &test->err)) {
            _exit(1);
        }
    }
    if (!xd_store_sqlite.commit(store, &test->err)) {
        _exit(1);
    }
    xd_store_sqlite.close(store);
    _exit(0);
}

/* Starts an import and kills it after `delay` microseconds; 0 waits for its end. True when it had
 * ended. */
static bool
import_killed(struct store_test *test, const char *status, unsigned delay)
{
    int result = 0;
    pid_t child;

    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        import(test, status);
    }
    if (delay > 0) {
        (void)usleep(delay);
        (void)kill(child, SIGKILL);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (WIFEXITED(result) && WEXITSTATUS(result) != 0) {
        fail_msg("the import failed by itself");
    }
    return WIFEXITED(result);
}

static void
assert_sound(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *check = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &check, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(check), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(check, 0), "ok");
    (void)sqlite3_finalize(check);
    (void)sqlite3_close(db);
}

static void
test_killed_import(void **state)
{
    const char *level = getenv("XD_TEST_LEVEL");
    unsigned trials = level && strcmp(level, "slow") == 0 ? 1000 : 20;
    unsigned killed = 0;
    const char *before = "none";
    struct store_test test;

    (void)state;
    store_test_begin(&test);
    for (unsigned i = 0; i < trials; i++) {
        const char *status = i % 2 ? "Paid" : "Cancelled";
        /* Spread over the whole of an import, which takes some 5 to 50 ms. */
        killed += !import_killed(&test, status, 1 + i * 7919 % 20000);
        struct xd_store *store = store_test_open(&test, true);
        if (!store) {
            fail_msg("trial %u: %s", i, test.err.text);
        }
        struct store_count now = store_test_count(&test, store, status);
        struct store_count old = store_test_count(&test, store, before);
        xd_store_sqlite.close(store);
        assert_int_equal(now.lines, 2 * now.orders);
        if (now.of_status == ORDERS && now.orders == ORDERS) {
            before = status;
        } else if (now.of_status != (before == status ? ORDERS : 0) ||
                   old.of_status != old.orders || (old.orders != ORDERS && old.orders != 0)) {
            fail_msg("trial %u: %u orders, %u new, %u old", i, now.orders, now.of_status,
                     old.of_status);
        }
        assert_sound(test.path);
    }
    assert_true(killed > 0); /* else nothing was tested */
    assert_true(import_killed(&test, "Shipped", 0));
    struct xd_store *store = store_test_open(&test, false);
    assert_int_equal(store_test_count(&test, store, "Shipped").of_status, ORDERS);
    xd_store_sqlite.close(store);
    store_test_end(&test);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_import),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
