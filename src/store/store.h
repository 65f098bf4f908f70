/*
 * Where orders are kept between runs. A store is one file that defines one `const struct
 * xd_store_kind`; commands and pipeline know only this interface. What has been committed survives
 * a power cut; what has not leaves no trace.
 */
#ifndef XD_STORE_STORE_H
#define XD_STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "model/order.h"
#include "reference/embedded.h"

/* What an order was to the store when it was put. */
enum xd_store_change {
    XD_STORE_ADDED,
    XD_STORE_CHANGED,   /* the order was there with other values or lines: it is now what was put */
    XD_STORE_UNCHANGED, /* the very same was there: nothing was written */
    XD_STORE_CHANGE_COUNT,
};

struct xd_store; /* an open store, private to its kind */

struct xd_store_options {
    const char *path; /* of the file, or what else the kind opens */
    bool create;      /* make it where there is none, and bring an older one up to date */
    const struct xd_tables *tables; /* the migrations: schemas/store/ */
    struct xd_arena *arena;         /* the open store lives here, until it is closed */
};

/* Takes an order that was asked for; its slices live until it returns. False: no more of them. */
struct xd_order_taker {
    bool (*take)(void *data, const struct xd_order *order);
    void *data;
};

/* Each function but close returns false (open: NULL) with *err set when it failed: EX_NOINPUT no
 * such store, EX_TEMPFAIL another program held it for more than five seconds, EX_DATAERR it is
 * damaged or not crossdock's, EX_IOERR, EX_NOPERM. */
struct xd_store_kind {
    const char *name;

    struct xd_store *(*open)(const struct xd_store_options *options, struct xd_error *err);

    /* Between begin and commit nobody else sees what is put, nor puts anything. */
    bool (*begin)(struct xd_store *store, struct xd_error *err);

    /*
     * Puts an order as a whole in the place of what was there. It is the same order as one of the
     * same merchant with the same platform order id; where either has none, with the same merchant
     * order id. One without any id is EX_DATAERR.
     */
    bool (*put)(struct xd_store *store, const struct xd_order *order, enum xd_store_change *change,
                struct xd_error *err);

    bool (*commit)(struct xd_store *store, struct xd_error *err);

    /* The orders whose platform or merchant order id is exactly `id`, in the order in which they
     * were added. */
    bool (*find)(struct xd_store *store, struct xd_slice id, struct xd_order_taker taker,
                 struct xd_error *err);

    /* All orders, in the order in which they were added; without `lines` their lines are not read.
     */
    bool (*scan)(struct xd_store *store, bool lines, struct xd_order_taker taker,
                 struct xd_error *err);

    /* What was not committed is undone. */
    void (*close)(struct xd_store *store);
};

/* One SQLite file, for one machine. */
extern const struct xd_store_kind xd_store_sqlite;

#endif
