/*
 * `tariff import` turns a publisher's tariff into the table that landed-cost reads with --tariff.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"
#include "cli/out_file.h"
#include "cli/tariff_import.h"
#include "reference/tariff.h"

#define TABLE_MAX ((size_t)1 << 30)
#define INPUT_MAX ((size_t)1 << 30)

enum { OPT_FROM, OPT_OUT, OPT_VALID_FROM, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_FROM] = {"from", 0, "LAYOUT", "usitc-json, usitc-csv, uk-csv, taric-csv or crossdock"},
    [OPT_OUT] = {"out", 'o', "FILE", "write the table there; standard output by default"},
    [OPT_VALID_FROM] = {"valid-from", 0, "DATE", "first day of rates whose publisher states none"},
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

enum layout { USITC_JSON, USITC_CSV, UK_CSV, TARIC_CSV, CROSSDOCK };

static const char *const LAYOUTS[] = {"usitc-json", "usitc-csv", "uk-csv", "taric-csv",
                                      "crossdock"};

/* Our own layout is only checked, row by row, as landed-cost would read it. */
static bool
check_own(struct xd_tariff_import *import, const char *path, const struct xd_tables *tables,
          struct xd_error *err)
{
    struct xd_tariff tariff;
    struct xd_slice text;

    if (!xd_table_text(path, import->arena, &text, err) ||
        !xd_tariff_load(&tariff, tables, text, path, err)) {
        return false;
    }
    for (size_t i = 0; i < tariff.count; i++) {
        const struct xd_tariff_row *row = &tariff.rows[i];
        if (!row->bundled) {
            import->rows++;
            import->unreadable += row->rate.shape == XD_RATE_PROSE;
        }
    }
    xd_buf_put(&import->out, text);
    return true;
}

static bool
import_csv(struct xd_tariff_import *import, const char *path, enum layout layout,
           struct xd_error *err)
{
    struct xd_csv_input csv;
    bool ok;

    if (!xd_csv_input_open(&csv, path, import->arena, err)) {
        return false;
    }
    if (csv.fault[0]) {
        ok = xd_error_set(err, EX_DATAERR, "%s: %s", path, csv.fault);
    } else if (layout == USITC_CSV) {
        ok = xd_tariff_from_usitc_csv(import, &csv, err);
    } else if (layout == UK_CSV) {
        ok = xd_tariff_from_uk_csv(import, &csv, err);
    } else {
        ok = xd_tariff_from_taric_csv(import, &csv, err);
    }
    xd_csv_input_close(&csv);
    return ok;
}

static bool
import_file(struct xd_tariff_import *import, const char *path, enum layout layout,
            const struct xd_tables *tables, struct xd_error *err)
{
    struct xd_slice text;

    if (layout == CROSSDOCK) {
        return check_own(import, path, tables, err);
    }
    if (layout == USITC_JSON) {
        return xd_file_read(path, import->arena, INPUT_MAX, &text, err) &&
               xd_tariff_from_usitc_json(import, text, err);
    }
    return import_csv(import, path, layout, err);
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    struct xd_tables tables = {arguments->values[OPT_REFERENCE], cli->arena};
    struct xd_tariff_import import = {.arena = cli->arena};
    const char *path = arguments->operands[0];
    const char *out = arguments->values[OPT_OUT];
    size_t layout;

    if (!arguments->values[OPT_FROM]) {
        xd_error_set(cli->err, EX_USAGE, "--from says whose layout the file has");
        return EX_USAGE;
    }
    if (!xd_option_word("from", arguments->values[OPT_FROM], LAYOUTS, 5, &layout, cli->err) ||
        !xd_option_date(arguments->values[OPT_VALID_FROM], XD_DATE_MIN, &import.valid_from,
                        cli->err)) {
        return cli->err->status;
    }
    xd_buf_init(&import.out, TABLE_MAX);
    bool ok = import_file(&import, path, (enum layout)layout, &tables, cli->err) &&
              xd_out_file(out, &import.out, cli->err);
    xd_buf_free(&import.out);
    if (!ok) {
        return cli->err->status;
    }
    (void)fprintf(
        out ? stdout : stderr,
        "%llu rates, %llu measures left out, %llu rates in words that cannot be computed\n",
        (unsigned long long)import.rows, (unsigned long long)import.skipped,
        (unsigned long long)import.unreadable);
    return EX_OK;
}

const struct xd_command xd_cmd_tariff_import = {
    .name = "tariff import",
    .operands = "--from LAYOUT FILE",
    .brief = "turn a published tariff into a table for landed-cost --tariff",
    .details =
        "The table has the columns market, hs_code, origin, valid_from, valid_until, measure,\n"
        "expression and priority, and source; --from crossdock checks such a table. Expressions "
        "are\n"
        "those that tariffs print: Free, 8 %, 35.10 GBP/100 kg, 4.2 % + 1.20 EUR/pair,\n"
        "13.80 % MIN 13.00 GBP/100 kg MAX 15.00 GBP/100 kg - 7.00 GBP/100 kg, TOPUP 10 %,\n"
        "RANGE 0 % TO 12 %. MIN and MAX bind to all that stands behind them.",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
