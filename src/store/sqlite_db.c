/*
 * A store's file is opened, known for crossdock's own, and brought up to date by the migrations of
 * schemas/store/, each in one transaction: a program killed on the way leaves the version before.
 */
#include "store/sqlite_db.h"

#include <errno.h>
#include <stdio.h>
#include <sysexits.h>

#define BUSY_MILLISECONDS 5000
#define APPLICATION_ID    0x58444f52 /* "XDOR": says of a database file whose it is */

/* Each brings the store from the version of its index to the next. */
static const char *const MIGRATIONS[] = {"store/001-orders.sql"};
#define VERSION ((int)(sizeof(MIGRATIONS) / sizeof(MIGRATIONS[0])))

bool
xd_sqlite_fail(const struct xd_sqlite *db, struct xd_error *err)
{
    int status = EX_SOFTWARE;

    switch (sqlite3_errcode(db->handle) & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
        status = EX_TEMPFAIL;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        status = EX_DATAERR;
        break;
    case SQLITE_CANTOPEN:
        status = sqlite3_system_errno(db->handle) == EACCES ? EX_NOPERM : EX_CANTCREAT;
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        status = EX_NOPERM;
        break;
    case SQLITE_IOERR:
        status = EX_IOERR;
        break;
    case SQLITE_NOMEM:
        status = EX_OSERR;
        break;
    default:
        break;
    }
    return xd_error_set(err, status, "the order store %s: %s", db->path,
                        sqlite3_errmsg(db->handle));
}

sqlite3_stmt *
xd_sqlite_prepared(struct xd_sqlite *db, unsigned which, struct xd_error *err)
{
    sqlite3_stmt **statement = &db->statements[which];

    if (!*statement && sqlite3_prepare_v3(db->handle, db->sql[which], -1, SQLITE_PREPARE_PERSISTENT,
                                          statement, NULL) != SQLITE_OK) {
        xd_sqlite_fail(db, err);
    }
    return *statement;
}

void
xd_sqlite_reset(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement); /* repeats what the step already said */
    (void)sqlite3_clear_bindings(statement);
}

bool
xd_sqlite_run(struct xd_sqlite *db, sqlite3_stmt *statement, struct xd_error *err)
{
    int rc = sqlite3_step(statement);

    if (rc != SQLITE_DONE) {
        xd_sqlite_fail(db, err);
    }
    xd_sqlite_reset(statement);
    return rc == SQLITE_DONE;
}

bool
xd_sqlite_execute(struct xd_sqlite *db, const char *sql, struct xd_error *err)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || xd_sqlite_fail(db, err);
}

/* The number that a PRAGMA or a count gives. */
static bool
query_number(struct xd_sqlite *db, const char *sql, int *out, struct xd_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool found = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;

    if (found) {
        *out = sqlite3_column_int(statement, 0);
    } else {
        xd_sqlite_fail(db, err);
    }
    (void)sqlite3_finalize(statement);
    return found;
}

/* Whose the file is and of which version: 0 for a new one. */
static bool
read_version(struct xd_sqlite *db, int *version, struct xd_error *err)
{
    int application = 0;
    int tables = 0;

    if (!query_number(db, "PRAGMA application_id", &application, err) ||
        !query_number(db, "PRAGMA user_version", version, err) ||
        !query_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err)) {
        return false;
    }
    if (application != APPLICATION_ID && (tables > 0 || *version != 0 || application != 0)) {
        return xd_error_set(err, EX_DATAERR,
                            "%s is an SQLite database, but not an order store of crossdock",
                            db->path);
    }
    if (*version > VERSION) {
        return xd_error_set(
            err, EX_CONFIG,
            "the order store %s has version %d; this crossdock knows versions up to %d", db->path,
            *version, VERSION);
    }
    return true;
}

/* One step from `version` to the next, inside a transaction. */
static bool
migrate_step(struct xd_sqlite *db, const struct xd_store_options *options, int version,
             struct xd_error *err)
{
    char mark[96];
    struct xd_slice script;

    if (!xd_tables_get(options->tables, MIGRATIONS[version], &script, err)) {
        return false;
    }
    struct xd_slice text = xd_arena_copy(options->arena, script); /* ends with a NUL */
    if (!text.ptr) {
        return xd_error_set(err, EX_OSERR, "no memory for %s", MIGRATIONS[version]);
    }
    (void)snprintf(mark, sizeof(mark), "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION_ID, version + 1);
    return xd_sqlite_execute(db, text.ptr, err) && xd_sqlite_execute(db, mark, err);
}

/* Brings the store up to date; another program may be doing the same, so the version is read again
 * under the lock. */
static bool
migrate(struct xd_sqlite *db, const struct xd_store_options *options, struct xd_error *err)
{
    int version = 0;

    if (!xd_sqlite_execute(db, "PRAGMA journal_mode = WAL", err) ||
        !xd_sqlite_execute(db, "BEGIN IMMEDIATE", err) || !read_version(db, &version, err)) {
        return false;
    }
    for (; version < VERSION; version++) {
        if (!migrate_step(db, options, version, err)) {
            return false;
        }
    }
    return xd_sqlite_execute(db, "COMMIT", err);
}

static bool
set_up(struct xd_sqlite *db, const struct xd_store_options *options, struct xd_error *err)
{
    int version = 0;

    (void)sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
    if (!xd_sqlite_execute(
            db,
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
            "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY",
            err) ||
        !read_version(db, &version, err)) {
        return false;
    }
    if (version == 0 && !options->create) {
        return xd_error_set(err, EX_NOINPUT, "%s is empty; `crossdock orders import` fills it",
                            db->path);
    }
    return version == VERSION || migrate(db, options, err);
}

void
xd_sqlite_close(struct xd_sqlite *db)
{
    for (size_t i = 0; i < db->count; i++) {
        (void)sqlite3_finalize(db->statements[i]);
    }
    (void)sqlite3_close(db->handle); /* rolls back what was not committed */
}

bool
xd_sqlite_open(struct xd_sqlite *db, const struct xd_store_options *options, struct xd_error *err)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (options->create ? SQLITE_OPEN_CREATE : 0);

    db->path = options->path;
    db->statements = xd_arena_array(options->arena, db->count, sizeof(*db->statements));
    if (!db->statements) {
        return xd_error_set(err, EX_OSERR, "no memory for the order store");
    }
    if (sqlite3_open_v2(options->path, &db->handle, flags, NULL) == SQLITE_OK) {
        return set_up(db, options, err);
    }
    if (!options->create && sqlite3_system_errno(db->handle) == ENOENT) {
        return xd_error_set(err, EX_NOINPUT,
                            "there is no order store %s; `crossdock orders import` makes one",
                            db->path);
    }
    return xd_sqlite_fail(db, err);
}
