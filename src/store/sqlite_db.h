/*
 * What the SQLite store does with a database whatever is in it: open and migrate, prepare, run, and
 * say what failed. Private to the store.
 */
#ifndef XD_STORE_SQLITE_DB_H
#define XD_STORE_SQLITE_DB_H

#include <sqlite3.h>

#include "store/store.h"

struct xd_sqlite {
    const char *path;
    sqlite3 *handle;
    const char *const *sql;    /* [count] the statements of its user, set before it is opened */
    sqlite3_stmt **statements; /* [count] prepared when first used */
    size_t count;
};

/* Opens the file and brings it up to date. False with *err set; to be closed in either case. */
bool xd_sqlite_open(struct xd_sqlite *db, const struct xd_store_options *options,
                    struct xd_error *err);
void xd_sqlite_close(struct xd_sqlite *db);

/* Says in *err what SQLite says of the last call. Always false. */
bool xd_sqlite_fail(const struct xd_sqlite *db, struct xd_error *err);

/* Statement number `which`, ready to be bound; NULL with *err set. */
sqlite3_stmt *xd_sqlite_prepared(struct xd_sqlite *db, unsigned which, struct xd_error *err);

/* Makes a statement ready to be bound anew: everything is NULL. */
void xd_sqlite_reset(sqlite3_stmt *statement);

/* Runs a bound statement that gives no rows, and resets it. */
bool xd_sqlite_run(struct xd_sqlite *db, sqlite3_stmt *statement, struct xd_error *err);

/* Runs SQL text of ours that takes no values. */
bool xd_sqlite_execute(struct xd_sqlite *db, const char *sql, struct xd_error *err);

#endif
