/*
 * The order store in one SQLite file. Write-ahead logging lets a run read while another imports;
 * synchronous FULL makes a commit survive a power cut; BEGIN IMMEDIATE takes the write lock before
 * anything is read, so that two imports cannot fail each other half way. Every value is bound, none
 * is ever part of a statement's text: a street may hold any quote.
 */
#include <sysexits.h>

#include <sodium.h>

#include "base/buf.h"
#include "store/sqlite_db.h"

#define HASH_BYTES    16
#define CANONICAL_MAX ((size_t)1 << 28) /* bytes of one order with all its lines */

enum statement {
    FIND_ORDER_ID,
    FIND_MERCHANT_ORDER_ID,
    INSERT,
    UPDATE,
    INSERT_LINE,
    DELETE_LINES,
    SELECT_LINES,
    SELECT_ALL,
    SELECT_BY_ID,
    STATEMENT_COUNT,
};

#define NAME(upper, lower) ", " #lower
#define MARK(upper, lower) ", ?"
#define SET(upper, lower)  ", " #lower " = ?"
#define COLUMNS            "has_lines" XD_ORDER_FIELDS(NAME)

static const char *const SQL[STATEMENT_COUNT] = {
    [FIND_ORDER_ID] = "SELECT id, hash FROM orders WHERE order_id = ?1 AND merchant_id = ?2",
    [FIND_MERCHANT_ORDER_ID] =
        "SELECT id, hash FROM orders WHERE merchant_order_id = ?1"
        " AND merchant_id = ?2 AND (order_id IS NULL OR ?3) ORDER BY id LIMIT 1",
    [INSERT] = "INSERT INTO orders (hash, " COLUMNS ") VALUES (?, ?" XD_ORDER_FIELDS(MARK) ")",
    [UPDATE] = "UPDATE orders SET hash = ?, has_lines = ?" XD_ORDER_FIELDS(SET) " WHERE id = ?",
    [INSERT_LINE] = "INSERT INTO order_lines (order_row, line" XD_ORDER_LINE_FIELDS(
        NAME) ") VALUES (?, ?" XD_ORDER_LINE_FIELDS(MARK) ")",
    [DELETE_LINES] = "DELETE FROM order_lines WHERE order_row = ?",
    [SELECT_LINES] = "SELECT line" XD_ORDER_LINE_FIELDS(NAME) " FROM order_lines"
                                                              " WHERE order_row = ? ORDER BY line",
    [SELECT_ALL] = "SELECT id, " COLUMNS " FROM orders ORDER BY id",
    [SELECT_BY_ID] = "SELECT id, " COLUMNS " FROM orders WHERE order_id = ?1"
                     " OR merchant_order_id = ?1 ORDER BY id",
};

struct xd_store {
    struct xd_sqlite db;
    struct xd_buf canonical; /* what is hashed of an order */
    struct xd_arena lines;   /* of the order that is being read */
};

/* An empty value stays NULL: not said. Binding fails only for a statement of another shape, which
 * the tests would show, and for values beyond SQLite's 1 GB, far above the limit of a field. */
static void
bind_text(sqlite3_stmt *statement, int at, struct xd_slice value)
{
    if (value.len > 0) {
        (void)sqlite3_bind_text64(statement, at, value.ptr, value.len, SQLITE_STATIC, SQLITE_UTF8);
    }
}

/* A merchant id is never NULL: NULLs are all different to a unique index. */
static void
bind_merchant(sqlite3_stmt *statement, int at, struct xd_slice value)
{
    (void)sqlite3_bind_text64(statement, at, value.len ? value.ptr : "", value.len, SQLITE_STATIC,
                              SQLITE_UTF8);
}

static struct xd_slice
column_slice(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *)sqlite3_column_text(statement, at);

    return xd_slice_of(text, text ? (size_t)sqlite3_column_bytes(statement, at) : 0);
}

static void
store_close(struct xd_store *store)
{
    xd_sqlite_close(&store->db);
    xd_buf_free(&store->canonical);
    xd_arena_free(&store->lines);
}

static struct xd_store *
store_open(const struct xd_store_options *options, struct xd_error *err)
{
    struct xd_store *store = xd_arena_alloc(options->arena, sizeof(*store));

    if (!store || sodium_init() < 0) {
        xd_error_set(err, EX_OSERR, "no memory for the order store");
        return NULL;
    }
    store->db.sql = SQL;
    store->db.count = STATEMENT_COUNT;
    xd_buf_init(&store->canonical, CANONICAL_MAX);
    xd_arena_init(&store->lines, 1 << 16, 0);
    if (!xd_sqlite_open(&store->db, options, err)) {
        store_close(store);
        return NULL;
    }
    return store;
}

/* ---- writing ---- */

static bool
store_begin(struct xd_store *store, struct xd_error *err)
{
    return xd_sqlite_execute(&store->db, "BEGIN IMMEDIATE", err);
}

static bool
store_commit(struct xd_store *store, struct xd_error *err)
{
    return xd_sqlite_execute(&store->db, "COMMIT", err);
}

/* Values that were said, each with its place and length in front: two orders that differ never look
 * alike. */
static void
canonical_values(struct xd_buf *buf, const struct xd_slice *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].len > 0) {
            xd_buf_char(buf, (char)i);
            xd_buf_u64(buf, values[i].len);
            xd_buf_char(buf, ' ');
            xd_buf_put(buf, values[i]);
        }
    }
}

static bool
hash_order(struct xd_store *store, const struct xd_order *order, unsigned char *hash)
{
    struct xd_buf *buf = &store->canonical;

    buf->len = 0;
    canonical_values(buf, order->value, XD_ORDER_FIELD_COUNT);
    xd_buf_char(buf, order->has_lines ? '\xfe' : '\xff');
    for (size_t i = 0; i < order->line_count; i++) {
        canonical_values(buf, order->lines[i].value, XD_ORDER_LINE_FIELD_COUNT);
        xd_buf_char(buf, '\xff');
    }
    return !buf->failed && crypto_generichash(hash, HASH_BYTES, (const unsigned char *)buf->ptr,
                                              buf->len, NULL, 0) == 0;
}

/* What the store knows of an order that is put. */
struct known {
    sqlite3_int64 id; /* 0: nothing */
    bool same;        /* and its hash is the same */
};

static bool
find_known(struct xd_store *store, enum statement which, const struct xd_order *order,
           const unsigned char *hash, struct known *known, struct xd_error *err)
{
    struct xd_slice order_id = order->value[XD_ORDER_ORDER_ID];
    sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, which, err);
    int rc;

    if (!statement) {
        return false;
    }
    bind_merchant(statement, 2, order->value[XD_ORDER_MERCHANT_ID]);
    if (which == FIND_ORDER_ID) {
        bind_text(statement, 1, order_id);
    } else {
        bind_text(statement, 1, order->value[XD_ORDER_MERCHANT_ORDER_ID]);
        (void)sqlite3_bind_int(statement, 3, order_id.len == 0);
    }
    rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        known->id = sqlite3_column_int64(statement, 0);
        known->same = sqlite3_column_bytes(statement, 1) == HASH_BYTES &&
                      memcmp(sqlite3_column_blob(statement, 1), hash, HASH_BYTES) == 0;
    } else if (rc != SQLITE_DONE) {
        xd_sqlite_fail(&store->db, err);
    }
    xd_sqlite_reset(statement);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool
look_up(struct xd_store *store, const struct xd_order *order, const unsigned char *hash,
        struct known *known, struct xd_error *err)
{
    bool has_id = order->value[XD_ORDER_ORDER_ID].len > 0;
    bool has_merchant_id = order->value[XD_ORDER_MERCHANT_ORDER_ID].len > 0;

    if (!has_id && !has_merchant_id) {
        return xd_error_set(err, EX_DATAERR, "an order without any id cannot be stored");
    }
    if (has_id && !find_known(store, FIND_ORDER_ID, order, hash, known, err)) {
        return false;
    }
    return known->id != 0 || !has_merchant_id ||
           find_known(store, FIND_MERCHANT_ORDER_ID, order, hash, known, err);
}

/* Inserts the order, or updates the one that is known. The id of its row, or 0 with *err set. */
static sqlite3_int64
write_order(struct xd_store *store, const struct xd_order *order, const unsigned char *hash,
            sqlite3_int64 id, struct xd_error *err)
{
    sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, id ? UPDATE : INSERT, err);

    if (!statement) {
        return 0;
    }
    (void)sqlite3_bind_blob(statement, 1, hash, HASH_BYTES, SQLITE_STATIC);
    (void)sqlite3_bind_int(statement, 2, order->has_lines);
    for (int i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
        bind_text(statement, i + 3, order->value[i]);
    }
    bind_merchant(statement, XD_ORDER_MERCHANT_ID + 3, order->value[XD_ORDER_MERCHANT_ID]);
    if (id) {
        (void)sqlite3_bind_int64(statement, XD_ORDER_FIELD_COUNT + 3, id);
    }
    if (!xd_sqlite_run(&store->db, statement, err)) {
        return 0;
    }
    return id ? id : sqlite3_last_insert_rowid(store->db.handle);
}

static bool
write_lines(struct xd_store *store, const struct xd_order *order, sqlite3_int64 id,
            struct xd_error *err)
{
    for (size_t i = 0; i < order->line_count; i++) {
        sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, INSERT_LINE, err);
        if (!statement) {
            return false;
        }
        (void)sqlite3_bind_int64(statement, 1, id);
        (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)i + 1);
        for (int field = 0; field < XD_ORDER_LINE_FIELD_COUNT; field++) {
            bind_text(statement, field + 3, order->lines[i].value[field]);
        }
        if (!xd_sqlite_run(&store->db, statement, err)) {
            return false;
        }
    }
    return true;
}

static bool
delete_lines(struct xd_store *store, sqlite3_int64 id, struct xd_error *err)
{
    sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, DELETE_LINES, err);

    if (!statement) {
        return false;
    }
    (void)sqlite3_bind_int64(statement, 1, id);
    return xd_sqlite_run(&store->db, statement, err);
}

static bool
store_put(struct xd_store *store, const struct xd_order *order, enum xd_store_change *change,
          struct xd_error *err)
{
    unsigned char hash[HASH_BYTES];
    struct known known = {0};

    if (!hash_order(store, order, hash)) {
        return xd_error_set(err, EX_OSERR, "no memory for an order of %zu lines",
                            order->line_count);
    }
    if (!look_up(store, order, hash, &known, err)) {
        return false;
    }
    *change = known.id == 0 ? XD_STORE_ADDED : known.same ? XD_STORE_UNCHANGED : XD_STORE_CHANGED;
    if (*change == XD_STORE_UNCHANGED) {
        return true;
    }
    if (*change == XD_STORE_CHANGED && !delete_lines(store, known.id, err)) {
        return false;
    }
    sqlite3_int64 id = write_order(store, order, hash, known.id, err);
    return id != 0 && write_lines(store, order, id, err);
}

/* ---- reading ---- */

/* Lines of one order while they are read. */
struct lines {
    struct xd_order_line *list;
    size_t count;
    size_t room;
};

/* Adds the line that the statement stands on, copied: SQLite's own text lasts only to the next row.
 * False when memory ran out. */
static bool
add_line(struct xd_arena *arena, sqlite3_stmt *statement, struct lines *lines)
{
    if (lines->count == lines->room) {
        size_t room = lines->room * 2 + 8;
        struct xd_order_line *list = xd_arena_array(arena, room, sizeof(*list));
        if (!list) {
            return false;
        }
        if (lines->list) {
            memcpy(list, lines->list, lines->count * sizeof(*list));
        }
        lines->list = list;
        lines->room = room;
    }
    struct xd_order_line *line = &lines->list[lines->count++];
    for (int field = 0; field < XD_ORDER_LINE_FIELD_COUNT; field++) {
        line->value[field] = xd_arena_copy(arena, column_slice(statement, field + 1));
    }
    return true;
}

/* The lines of the order in row `id`. */
static bool
read_lines(struct xd_store *store, sqlite3_int64 id, struct xd_order *order, struct xd_error *err)
{
    sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, SELECT_LINES, err);
    struct lines lines = {0};
    bool added = true;
    int rc = SQLITE_DONE;

    if (!statement) {
        return false;
    }
    (void)sqlite3_bind_int64(statement, 1, id);
    while (added && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        added = add_line(&store->lines, statement, &lines);
    }
    if (!added) {
        xd_error_set(err, EX_OSERR, "no memory for the lines of an order");
    } else if (rc != SQLITE_DONE) {
        xd_sqlite_fail(&store->db, err);
    }
    xd_sqlite_reset(statement);
    order->lines = lines.list;
    order->line_count = lines.count;
    return added && rc == SQLITE_DONE;
}

/* Hands on every order that the bound statement gives. */
static bool
take_all(struct xd_store *store, sqlite3_stmt *statement, bool lines, struct xd_order_taker taker,
         struct xd_error *err)
{
    bool more = true;
    int rc = SQLITE_DONE;

    while (more && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct xd_order order = {.has_lines = sqlite3_column_int(statement, 1) != 0};
        for (int i = 0; i < XD_ORDER_FIELD_COUNT; i++) {
            order.value[i] = column_slice(statement, i + 2);
        }
        xd_arena_reset(&store->lines);
        if (lines && order.has_lines &&
            !read_lines(store, sqlite3_column_int64(statement, 0), &order, err)) {
            break;
        }
        more = taker.take(taker.data, &order);
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        xd_sqlite_fail(&store->db, err);
    }
    xd_sqlite_reset(statement);
    return rc == SQLITE_DONE || !more;
}

static bool
store_find(struct xd_store *store, struct xd_slice id, struct xd_order_taker taker,
           struct xd_error *err)
{
    sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, SELECT_BY_ID, err);

    if (!statement) {
        return false;
    }
    bind_text(statement, 1, id);
    return take_all(store, statement, true, taker, err);
}

static bool
store_scan(struct xd_store *store, bool lines, struct xd_order_taker taker, struct xd_error *err)
{
    sqlite3_stmt *statement = xd_sqlite_prepared(&store->db, SELECT_ALL, err);

    return statement && take_all(store, statement, lines, taker, err);
}

const struct xd_store_kind xd_store_sqlite = {
    .name = "sqlite",
    .open = store_open,
    .begin = store_begin,
    .put = store_put,
    .commit = store_commit,
    .find = store_find,
    .scan = store_scan,
    .close = store_close,
};
