/*
 * The order store: how many orders an import puts, puts again unchanged, and a run reads, each in
 * orders a second. store [ORDERS [FOLDER]], default 1,000,000 in build/bench.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

static double
now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
say(const char *what, uint64_t orders, double seconds)
{
    printf("  %-34s %6.2f M orders/s\n", what, (double)orders / seconds / 1e6);
}

/* One order an index, not in the order of the index; ids as a platform and a merchant number them.
 */
static bool
put_all(struct xd_store *store, uint64_t orders, struct xd_error *err)
{
    char id[32];
    char merchant_id[32];
    enum xd_store_change change;
    struct xd_order order = {.value = {[XD_ORDER_MERCHANT_ID] = XD_LIT("NORTHLANE"),
                                       [XD_ORDER_STATUS] = XD_LIT("Paid"),
                                       [XD_ORDER_ORDER_DATE] = XD_LIT("2026-11-20"),
                                       [XD_ORDER_CURRENCY] = XD_LIT("GBP"),
                                       [XD_ORDER_INCOTERM] = XD_LIT("DDP"),
                                       [XD_ORDER_SHIPPING_METHOD] = XD_LIT("STANDARD"),
                                       [XD_ORDER_COUNTRY] = XD_LIT("DE"),
                                       [XD_ORDER_POSTAL_CODE] = XD_LIT("10969")}};

    for (uint64_t i = 0; i < orders; i++) {
        uint64_t number = orders % 611953 ? i * 611953 % orders : i;
        (void)snprintf(id, sizeof(id), "GE%09" PRIu64 "GB", number);
        (void)snprintf(merchant_id, sizeof(merchant_id), "SO-%08" PRIu64, number);
        order.value[XD_ORDER_ORDER_ID] = xd_slice_str(id);
        order.value[XD_ORDER_MERCHANT_ORDER_ID] = xd_slice_str(merchant_id);
        if (!xd_store_sqlite.put(store, &order, &change, err)) {
            return false;
        }
    }
    return true;
}

static bool
take(void *data, const struct xd_order *order)
{
    *(uint64_t *)data += order->value[XD_ORDER_STATUS].len == 4;
    return true;
}

static bool
measure(struct xd_store *store, uint64_t orders, struct xd_error *err)
{
    uint64_t taken = 0;
    double start = now();

    if (!xd_store_sqlite.begin(store, err) || !put_all(store, orders, err) ||
        !xd_store_sqlite.commit(store, err)) {
        return false;
    }
    say("import into an empty store", orders, now() - start);
    start = now();
    if (!xd_store_sqlite.begin(store, err) || !put_all(store, orders, err) ||
        !xd_store_sqlite.commit(store, err)) {
        return false;
    }
    say("import again, unchanged", orders, now() - start);
    start = now();
    if (!xd_store_sqlite.scan(store, true, (struct xd_order_taker){take, &taken}, err) ||
        taken != orders) {
        return false;
    }
    say("scan", orders, now() - start);
    start = now();
    for (uint64_t i = 0; i < orders / 10; i++) {
        char id[32];
        (void)snprintf(id, sizeof(id), "SO-%08" PRIu64, i * 7919 % orders);
        if (!xd_store_sqlite.find(store, xd_slice_str(id), (struct xd_order_taker){take, &taken},
                                  err)) {
            return false;
        }
    }
    say("find one by its merchant order id", orders / 10, now() - start);
    return true;
}

int
main(int argc, char **argv)
{
    uint64_t orders = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    char path[4096];
    struct xd_error err = {0};
    struct xd_arena arena;

    (void)snprintf(path, sizeof(path), "%s/store.db", argc > 2 ? argv[2] : "build/bench");
    (void)unlink(path);
    xd_arena_init(&arena, 1 << 16, 0);
    struct xd_tables tables = {NULL, &arena};
    struct xd_store_options options = {path, true, &tables, &arena};
    struct xd_store *store = xd_store_sqlite.open(&options, &err);
    bool done = store && orders > 0 && measure(store, orders, &err);
    if (store) {
        xd_store_sqlite.close(store);
    }
    if (!done) {
        (void)fprintf(stderr, "store: %s\n", err.text);
    }
    (void)unlink(path);
    xd_arena_free(&arena);
    return done ? 0 : 1;
}
