/*
 * `fx import` turns the rates of the ECB or of HM Revenue & Customs into the table that landed-cost
 * reads with --fx.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/hash.h"
#include "base/tsv.h"
#include "cli/command.h"
#include "cli/csv_input.h"
#include "cli/out_file.h"
#include "cli/tariff_import.h"
#include "reference/fx.h"

#define TABLE_MAX ((size_t)1 << 30)

/* A publication is used until the next one; the last known for a week, which outlasts the longest
 * holiday. */
#define LAST_DAYS 7

enum { OPT_FROM, OPT_OUT, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_FROM] = {"from", 0, "LAYOUT", "ecb, hmrc or crossdock"},
    [OPT_OUT] = {"out", 'o', "FILE", "write the table there; standard output by default"},
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

enum layout { ECB, HMRC, CROSSDOCK };

static const char *const LAYOUTS[] = {"ecb", "hmrc", "crossdock"};

struct import {
    struct xd_buf out;
    struct xd_arena *arena;
    uint64_t rows;
};

static void
begin(struct import *import, const char *what)
{
    xd_buf_printf(
        &import->out,
        "# Exchange rates in crossdock's own layout, made by `crossdock fx import` from %s.\n"
        "source\tbase\tcurrency\trate\tvalid_from\tvalid_until\tquote\n",
        what);
}

static void
put(struct import *import, const char *source, struct xd_slice currency, struct xd_slice rate,
    struct xd_slice from, struct xd_slice until)
{
    const char *base = source[0] == 'e' ? "EUR" : "GBP";

    xd_buf_printf(&import->out, "%s\t%s\t%.*s\t%.*s\t%.*s\t%.*s\tper-base\n", source, base,
                  XD_FMT(currency), XD_FMT(rate), XD_FMT(from), XD_FMT(until));
    import->rows++;
}

/* "2026-11-20" of the history or "20 November 2026" of the daily file. */
static bool
ecb_date(struct xd_slice text, xd_date *out)
{
    static const char *const MONTHS[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct xd_slice part[3] = {{0}};
    uint64_t day;
    uint64_t year;

    if (xd_date_parse(text, out)) {
        return true;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (!xd_slice_next(&text, ' ', &part[i])) {
            return false;
        }
    }
    for (int month = 0; month < 12; month++) {
        if (xd_slice_ieq(part[1], xd_slice_str(MONTHS[month])) && xd_slice_u64(part[0], &day) &&
            xd_slice_u64(part[2], &year) && day < 32 && year < 10000) {
            return xd_date_make((int)year, month + 1, (int)day, out);
        }
    }
    return false;
}

static struct xd_slice
date_text(struct import *import, xd_date date)
{
    char text[XD_DATE_TEXT];

    xd_date_format(date, text);
    return xd_arena_copy(import->arena, xd_slice_of(text, sizeof(text)));
}

/* Newest first, as the ECB writes it, or oldest first: the day before the next publication ends a
 * rate. */
static xd_date
last_day(const xd_date *dates, uint32_t count, uint32_t at)
{
    xd_date next = XD_DATE_MAX;

    if (at > 0 && dates[at - 1] > dates[at]) {
        next = dates[at - 1];
    }
    if (at + 1 < count && dates[at + 1] > dates[at]) {
        next = dates[at + 1];
    }
    return next == XD_DATE_MAX ? dates[at] + LAST_DAYS : next - 1;
}

static bool
from_ecb(struct import *import, const struct xd_csv_input *csv, struct xd_error *err)
{
    int column = xd_csv_input_column(csv, "Date");
    xd_date *dates = xd_arena_array(import->arena, csv->rows.count + 1U, sizeof(*dates));

    if (column < 0 || !dates) {
        return xd_error_set(err, EX_DATAERR, "%.*s: the column Date is missing",
                            XD_FMT(csv->document.file));
    }
    for (uint32_t row = 0; row < csv->rows.count; row++) {
        struct xd_slice text = xd_csv_input_value(csv, row, column, import->arena);
        if (!ecb_date(text, &dates[row])) {
            return xd_error_set(err, EX_DATAERR, "%.*s:%llu: not a date: %.*s",
                                XD_FMT(csv->document.file),
                                (unsigned long long)xd_csv_input_line(csv, row), XD_FMT(text));
        }
    }
    begin(import, "the euro reference rates of the European Central Bank");
    for (uint32_t row = 0; row < csv->rows.count; row++) {
        struct xd_slice from = date_text(import, dates[row]);
        struct xd_slice until = date_text(import, last_day(dates, csv->rows.count, row));
        for (int i = 0; i < csv->columns.count; i++) {
            struct xd_slice rate = xd_csv_input_value(csv, row, i, import->arena);
            struct xd_decimal value;
            if (i != column && csv->header[i].len == 3 &&
                xd_decimal_parse(rate, 9, &value) == XD_DECIMAL_OK && value.units > 0) {
                put(import, "ecb", csv->header[i], rate, from, until);
            }
        }
    }
    return true;
}

static int
first_column(const struct xd_csv_input *csv, const char *const *names, size_t count)
{
    int column = -1;

    for (size_t i = 0; column < 0 && i < count; i++) {
        column = xd_csv_input_column(csv, names[i]);
    }
    return column;
}

/* One row a country: a currency comes again with the same rate, and only the first is kept. */
static bool
from_hmrc(struct import *import, const struct xd_csv_input *csv, struct xd_error *err)
{
    static const char *const RATES[] = {"Currency Units per GBP 1",
                                        "Currency Units per \xC2\xA3"
                                        "1",
                                        "Currency units per \xC2\xA3"
                                        "1"};
    int code = xd_csv_input_column(csv, "Currency Code");
    int rate = first_column(csv, RATES, sizeof(RATES) / sizeof(RATES[0]));
    int start = xd_csv_input_column(csv, "Start date");
    int end = xd_csv_input_column(csv, "End date");
    struct xd_map seen;
    uint32_t old;

    if (code < 0 || rate < 0 || start < 0 || end < 0) {
        return xd_error_set(err, EX_DATAERR,
                            "%.*s: the columns Currency Code, Currency Units per GBP 1, Start date "
                            "and End date are needed",
                            XD_FMT(csv->document.file));
    }
    if (!xd_map_init(&seen, import->arena, 256, true)) {
        return xd_error_set(err, EX_OSERR, "no memory for the rates");
    }
    begin(import, "the monthly exchange rates of HM Revenue & Customs");
    for (uint32_t row = 0; row < csv->rows.count; row++) {
        struct xd_slice currency = xd_csv_input_value(csv, row, code, import->arena);
        struct xd_slice from =
            xd_import_date(import->arena, xd_csv_input_value(csv, row, start, import->arena));
        struct xd_slice until =
            xd_import_date(import->arena, xd_csv_input_value(csv, row, end, import->arena));
        char key[16];
        int len = snprintf(key, sizeof(key), "%.*s%.*s", XD_FMT(xd_slice_sub(currency, 0, 3)),
                           XD_FMT(from));
        if (from.len == 0 || until.len == 0 || currency.len != 3) {
            return xd_error_set(err, EX_DATAERR, "%.*s:%llu: currency or dates cannot be read",
                                XD_FMT(csv->document.file),
                                (unsigned long long)xd_csv_input_line(csv, row));
        }
        struct xd_slice kept = xd_arena_copy(import->arena, xd_slice_of(key, (size_t)len));
        if (!xd_map_put(&seen, kept, 1, &old)) {
            return xd_error_set(err, EX_OSERR, "no memory for the rates");
        }
        if (old == XD_MAP_NONE) {
            put(import, "hmrc", currency, xd_csv_input_value(csv, row, rate, import->arena), from,
                until);
        }
    }
    return true;
}

/* Reads the made table back as landed-cost will: a publisher's typing error is found now. */
static bool
check(struct xd_slice text, const char *path, const struct xd_tables *tables, struct xd_error *err)
{
    struct xd_fx fx;

    return xd_fx_load(&fx, tables, text, path, err);
}

static bool
import_csv(struct import *import, const char *path, enum layout layout, struct xd_error *err)
{
    struct xd_csv_input csv;
    bool ok;

    if (!xd_csv_input_open(&csv, path, import->arena, err)) {
        return false;
    }
    ok = csv.fault[0]    ? xd_error_set(err, EX_DATAERR, "%s: %s", path, csv.fault)
         : layout == ECB ? from_ecb(import, &csv, err)
                         : from_hmrc(import, &csv, err);
    xd_csv_input_close(&csv);
    return ok;
}

static bool
import_file(struct import *import, const char *path, enum layout layout,
            const struct xd_tables *tables, struct xd_error *err)
{
    struct xd_slice text;

    if (layout != CROSSDOCK) {
        return import_csv(import, path, layout, err) &&
               check(xd_buf_slice(&import->out), path, tables, err);
    }
    if (!xd_table_text(path, import->arena, &text, err) || !check(text, path, tables, err)) {
        return false;
    }
    xd_buf_put(&import->out, text);
    import->rows = xd_tsv_count(text);
    return true;
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    struct xd_tables tables = {arguments->values[OPT_REFERENCE], cli->arena};
    struct import import = {.arena = cli->arena};
    const char *out = arguments->values[OPT_OUT];
    size_t layout;

    if (!arguments->values[OPT_FROM]) {
        xd_error_set(cli->err, EX_USAGE, "--from says whose layout the file has");
        return EX_USAGE;
    }
    if (!xd_option_word("from", arguments->values[OPT_FROM], LAYOUTS, 3, &layout, cli->err)) {
        return cli->err->status;
    }
    xd_buf_init(&import.out, TABLE_MAX);
    bool ok =
        import_file(&import, arguments->operands[0], (enum layout)layout, &tables, cli->err) &&
        xd_out_file(out, &import.out, cli->err);
    xd_buf_free(&import.out);
    if (!ok) {
        return cli->err->status;
    }
    (void)fprintf(out ? stdout : stderr, "%llu rates\n", (unsigned long long)import.rows);
    return EX_OK;
}

const struct xd_command xd_cmd_fx_import = {
    .name = "fx import",
    .operands = "--from LAYOUT FILE",
    .brief = "turn published exchange rates into a table for landed-cost --fx",
    .details =
        "ecb: eurofxref.csv or eurofxref-hist.csv of the European Central Bank (units per EUR; a "
        "day\n"
        "without a rate takes the last earlier one). hmrc: the monthly CSV of HM Revenue & "
        "Customs\n"
        "(units per GBP). crossdock: a table with the columns source, base, currency, rate,\n"
        "valid_from, valid_until and quote (per-base or in-base) is checked and passed on.",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
