/*
 * `orders import` brings the store up to date with orders files, all of them or none: a store that
 * holds half a day's orders would reject the other half's parcels.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/store_command.h"
#include "pipeline/orders.h"
#include "pipeline/workers.h"
#include "writer/report.h"

#define REPORT_MAX ((size_t)1 << 28)

enum { OPT_STORE, OPT_FORMAT, OPT_THREADS, OPT_ENCODING, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_STORE] = XD_STORE_OPTION,
    [OPT_FORMAT] = {"format", 0, "text|json", "what to print; text is the default"},
    [OPT_THREADS] = {"threads", 0, "N", "threads to read with (default: the processors)"},
    [OPT_ENCODING] = {"encoding", 0, "NAME", "the encoding of inputs that do not say it"},
    [OPT_REFERENCE] = {"reference", 0, "DIR", "read newer tables from DIR, laid out as schemas/"},
    {NULL, 0, NULL, NULL},
};

struct import {
    struct xd_cli *cli;
    struct xd_store_command store;
    struct xd_run_tables *tables;
    struct xd_orders_loading loading;
    uint64_t changes[XD_STORE_CHANGE_COUNT];
    size_t json;
};

static bool
put(void *data, const struct xd_order *order)
{
    struct import *import = data;
    enum xd_store_change change;

    if (!import->store.kind->put(import->store.store, order, &change, import->cli->err)) {
        return false;
    }
    import->changes[change]++;
    return true;
}

static bool
fill_store(struct import *import, const char *path)
{
    const struct xd_store_kind *kind;
    struct xd_error *err = import->cli->err;

    if (!xd_store_command_open(&import->store, path, true, err)) {
        return false;
    }
    kind = import->store.kind;
    return kind->begin(import->store.store, err) &&
           xd_orders_each(&import->loading, (struct xd_order_taker){put, import}, err) &&
           kind->commit(import->store.store, err);
}

static void
print_text(const struct import *import, const struct xd_reports *reports, struct xd_buf *buf)
{
    const struct xd_orders_loading *loading = &import->loading;

    xd_report_diagnostics(reports, import->cli->color, buf);
    if (loading->summary.refused) {
        xd_buf_str(buf, "nothing was imported: an input could not be used\n");
        return;
    }
    xd_buf_printf(buf, "store    %s\n", import->store.path);
    xd_buf_printf(buf,
                  "orders   %" PRIu64 " = added %" PRIu64 " + changed %" PRIu64
                  " + unchanged %" PRIu64 " + rejected %" PRIu64 "\n",
                  (loading->orders + loading->rejected), import->changes[XD_STORE_ADDED],
                  import->changes[XD_STORE_CHANGED], import->changes[XD_STORE_UNCHANGED],
                  loading->rejected);
    xd_buf_printf(buf, "rows     %" PRIu64 " = imported %" PRIu64 " + rejected %" PRIu64 "\n",
                  loading->summary.rows_read, loading->summary.rows[XD_HANDOFF],
                  loading->summary.rows[XD_REJECT]);
}

static void
print_json(const struct import *import, struct xd_buf *buf)
{
    const struct xd_orders_loading *loading = &import->loading;
    struct xd_json json;

    xd_json_init(&json, buf, false);
    xd_json_object(&json, NULL);
    xd_json_text(&json, "store", xd_slice_str(import->store.path));
    xd_json_u64(&json, "orders", loading->orders + loading->rejected);
    xd_json_u64(&json, "added", import->changes[XD_STORE_ADDED]);
    xd_json_u64(&json, "changed", import->changes[XD_STORE_CHANGED]);
    xd_json_u64(&json, "unchanged", import->changes[XD_STORE_UNCHANGED]);
    xd_json_u64(&json, "rejected", loading->rejected);
    xd_json_u64(&json, "rows", loading->summary.rows_read);
    xd_json_u64(&json, "rows_rejected", loading->summary.rows[XD_REJECT]);
    xd_json_u64(&json, "inputs_refused", loading->summary.refused);
    xd_json_end(&json);
}

static void
print(const struct import *import)
{
    struct xd_reports reports = {&import->loading.summary, import->tables->texts};
    struct xd_buf buf;

    xd_buf_init(&buf, REPORT_MAX);
    if (import->json) {
        print_json(import, &buf);
    } else {
        print_text(import, &reports, &buf);
    }
    if (buf.failed) {
        xd_error_set(import->cli->err, EX_OSERR, "not enough memory for the report");
    }
    (void)fwrite(buf.ptr, 1, buf.len, stdout);
    xd_buf_free(&buf);
}

static bool
read_options(struct import *import, const char *const *values)
{
    static const char *const FORMS[] = {"text", "json"};
    struct xd_error *err = import->cli->err;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t threads = processors > 0 ? (uint64_t)processors : 1;

    threads = threads > XD_WORKERS_MAX ? XD_WORKERS_MAX : threads;
    if (!xd_option_word("format", values[OPT_FORMAT], FORMS, 2, &import->json, err) ||
        !xd_option_number("threads", values[OPT_THREADS], 1, XD_WORKERS_MAX, &threads, err)) {
        return false;
    }
    import->loading.threads = (unsigned)threads;
    if (values[OPT_ENCODING] &&
        !xd_encoding_find(xd_slice_str(values[OPT_ENCODING]), &import->loading.encoding)) {
        return xd_error_set(err, EX_USAGE, "the encoding %s is not one that crossdock reads",
                            values[OPT_ENCODING]);
    }
    return true;
}

static int
import_files(struct import *import, const struct xd_arguments *arguments)
{
    struct xd_error *err = import->cli->err;
    const char *const *paths = (const char *const *)arguments->operands;
    const struct xd_summary *summary = &import->loading.summary;
    int status = 0;

    import->loading.tables = import->tables;
    if (xd_orders_read(&import->loading, paths, arguments->count, err) &&
        (summary->refused || fill_store(import, arguments->values[OPT_STORE]))) {
        print(import);
        status = summary->refused ? 2 : import->loading.rejected ? 1 : 0;
    }
    xd_store_command_close(&import->store);
    xd_orders_close(&import->loading);
    return err->status ? err->status : status;
}

static int
load_and_import(struct import *import, const struct xd_arguments *arguments)
{
    struct xd_error *err = import->cli->err;
    int status;

    if (!read_options(import, arguments->values)) {
        return err->status;
    }
    status = xd_run_tables_load(import->tables, arguments->values[OPT_REFERENCE],
                                import->cli->today, err)
                 ? import_files(import, arguments)
                 : err->status;
    xd_run_tables_free(import->tables);
    return status;
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    struct xd_arena arena;
    struct import import = {.cli = cli};
    int status = EX_OSERR;

    xd_arena_init(&arena, 1 << 16, 0);
    import.tables = xd_arena_alloc(&arena, sizeof(*import.tables));
    if (import.tables) {
        status = load_and_import(&import, arguments);
    } else {
        xd_error_set(cli->err, EX_OSERR, "not enough memory");
    }
    xd_arena_free(&arena);
    return status;
}

const struct xd_command xd_cmd_orders_import = {
    .name = "orders import",
    .operands = "FILE...",
    .brief = "bring the order store up to date with orders files",
    .details =
        "FILE is orders as CSV or JSON; \"-\" is standard input. The same order again changes\n"
        "nothing; one with other values takes the place of what was there, with all its lines.\n"
        "Either all files are imported or none.",
    .options = OPTIONS,
    .least = 1,
    .most = XD_OPERANDS_MANY,
    .run = run,
};
