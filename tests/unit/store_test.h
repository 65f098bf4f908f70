/*
 * What the tests of the order store share: a store in a folder of its own, orders made from a
 * number, and counting what a store gives back.
 */
#ifndef XD_STORE_TEST_H
#define XD_STORE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

struct store_test {
    char dir[64];
    char path[96];
    struct xd_arena arena;
    struct xd_tables tables;
    struct xd_error err;
};

static inline void
store_test_begin(struct store_test *test)
{
    *test = (struct store_test){.dir = "/tmp/xd-store-XXXXXX"};
    assert_non_null(mkdtemp(test->dir));
    (void)snprintf(test->path, sizeof(test->path), "%s/orders.db", test->dir);
    xd_arena_init(&test->arena, 1 << 16, 0);
    test->tables.arena = &test->arena;
}

static inline void
store_test_end(struct store_test *test)
{
    static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
    char path[128];

    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof(path), "%s%s", test->path, SUFFIXES[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(test->dir), 0); /* nothing else was left there */
    xd_arena_free(&test->arena);
}

/* NULL with test->err set when it cannot be opened. */
static inline struct xd_store *
store_test_open(struct store_test *test, bool create)
{
    struct xd_store_options options = {test->path, create, &test->tables, &test->arena};

    test->err = (struct xd_error){0};
    return xd_store_sqlite.open(&options, &test->err);
}

/* An order with two lines whose ids are made from `number`; `text` must hold 4 * 32 bytes and
 * outlive it. */
static inline struct xd_order
store_test_order(unsigned number, const char *status, struct xd_order_line *lines, char *text)
{
    struct xd_order order = {.lines = lines, .line_count = 2, .has_lines = true};

    for (unsigned i = 0; i < 4; i++) {
        (void)snprintf(text + 32 * i, 32, "%s%u",
                       i == 0   ? "GE"
                       : i == 1 ? "SO-"
                       : i == 2 ? "A-"
                                : "B-",
                       number);
    }
    order.value[XD_ORDER_ORDER_ID] = xd_slice_str(text);
    order.value[XD_ORDER_MERCHANT_ORDER_ID] = xd_slice_str(text + 32);
    order.value[XD_ORDER_MERCHANT_ID] = XD_LIT("NORTHLANE");
    order.value[XD_ORDER_STATUS] = xd_slice_str(status);
    order.value[XD_ORDER_ADDRESS1] = XD_LIT("1 Robert'); DROP TABLE orders;--");
    lines[0] = (struct xd_order_line){0};
    lines[1] = (struct xd_order_line){0};
    lines[0].value[XD_ORDER_LINE_SKU] = xd_slice_str(text + 64);
    lines[1].value[XD_ORDER_LINE_SKU] = xd_slice_str(text + 96);
    lines[1].value[XD_ORDER_LINE_QUANTITY] = XD_LIT("2");
    return order;
}

/* Puts one order and tells what became of it; fails the test when the store fails. */
static inline enum xd_store_change
store_test_put(struct store_test *test, struct xd_store *store, const struct xd_order *order)
{
    enum xd_store_change change = XD_STORE_CHANGE_COUNT;

    if (!xd_store_sqlite.put(store, order, &change, &test->err)) {
        fail_msg("%s", test->err.text);
    }
    return change;
}

/* What a scan gave: how many orders, their lines, and how many of them have the status. */
struct store_count {
    const char *status;
    unsigned orders;
    unsigned lines;
    unsigned of_status;
};

static inline bool
store_test_take(void *data, const struct xd_order *order)
{
    struct store_count *count = data;

    count->orders++;
    count->lines += (unsigned)order->line_count;
    count->of_status += xd_slice_eq(order->value[XD_ORDER_STATUS], xd_slice_str(count->status));
    return true;
}

static inline struct store_count
store_test_count(struct store_test *test, struct xd_store *store, const char *status)
{
    struct store_count count = {.status = status};

    if (!xd_store_sqlite.scan(store, true, (struct xd_order_taker){store_test_take, &count},
                              &test->err)) {
        fail_msg("%s", test->err.text);
    }
    return count;
}

#endif
