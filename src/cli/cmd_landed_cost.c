/*
 * `landed-cost` quotes duty and tax of a table of consignments: the duty room without a manifest
 * around it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "cli/command.h"
#include "cli/landed_output.h"

#define OUTPUT_MAX  ((size_t)1 << 30)
#define FLUSH_BYTES ((size_t)1 << 16)
#define STEPS_BYTES                                                                                \
    ((size_t)1 << 26) /* explained texts that are kept before the arena is emptied */

enum { OPT_AS_OF, OPT_TARIFF, OPT_FX, OPT_RULES, OPT_FORMAT, OPT_EXPLAIN, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_AS_OF] = {"as-of", 0, "DATE", "the day whose rules and rates apply; today by default"},
    [OPT_TARIFF] = {"tariff", 0, "FILE", "duty rates, see `crossdock help tariff import`"},
    [OPT_FX] = {"fx", 0, "FILE", "exchange rates, see `crossdock help fx import`"},
    [OPT_RULES] = {"rules", 0, "FILE", "rows that override those of the market table"},
    [OPT_FORMAT] = {"format", 0, "tsv|json", "what to print; tsv is the default"},
    [OPT_EXPLAIN] = {"explain", 0, NULL, "show the steps of every sum"},
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

struct landed {
    struct xd_duty_rules rules;
    struct xd_countries countries;
    struct xd_currencies currencies;
    struct xd_territories territories;
    struct xd_finding_texts texts;
    struct xd_csv_input csv;
    struct xd_landed_input input;
    struct xd_landed_output output;
    struct xd_buf buf;
    xd_date date;
};

static bool
load_given(const char *const *values, struct xd_arena *arena, struct xd_duty_tables *given,
           struct xd_error *err)
{
    given->rules_name = values[OPT_RULES];
    given->tariff_name = values[OPT_TARIFF];
    given->fx_name = values[OPT_FX];
    return (!given->rules_name || xd_table_text(given->rules_name, arena, &given->rules, err)) &&
           (!given->tariff_name || xd_table_text(given->tariff_name, arena, &given->tariff, err)) &&
           (!given->fx_name || xd_table_text(given->fx_name, arena, &given->fx, err));
}

static bool
load(struct landed *landed, struct xd_cli *cli, const char *const *values, struct xd_arena *arena)
{
    static const char *const FORMATS[] = {"tsv", "json"};
    struct xd_tables tables = {values[OPT_REFERENCE], arena};
    struct xd_duty_tables given = {0};
    size_t format;

    if (!xd_option_date(values[OPT_AS_OF], cli->today, &landed->date, cli->err) ||
        !xd_option_word("format", values[OPT_FORMAT], FORMATS, 2, &format, cli->err) ||
        !xd_finding_texts_load(&landed->texts, &tables, cli->err) ||
        !xd_countries_load(&landed->countries, &tables, arena, cli->err) ||
        !xd_currencies_load(&landed->currencies, &tables, arena, cli->err) ||
        !xd_territories_load(&landed->territories, &landed->countries, &tables, arena, cli->err) ||
        !load_given(values, arena, &given, cli->err) ||
        !xd_duty_rules_load(&landed->rules, &tables, &given, cli->err)) {
        return false;
    }
    landed->output = (struct xd_landed_output){.buf = &landed->buf,
                                               .texts = &landed->texts,
                                               .as_json = format == 1,
                                               .explain = values[OPT_EXPLAIN] != NULL};
    return true;
}

static bool
flush(struct xd_buf *buf, size_t least, struct xd_error *err)
{
    if (buf->failed) {
        return xd_error_set(err, EX_OSERR, "no memory for the output");
    }
    if (buf->len < least) {
        return true;
    }
    if (buf->len && fwrite(buf->ptr, 1, buf->len, stdout) != buf->len) {
        return xd_error_set(err, EX_IOERR, "cannot write to standard output");
    }
    buf->len = 0;
    return true;
}

static bool
quote_all(struct landed *landed, struct xd_error *err)
{
    struct xd_arena scratch;
    struct xd_duty_ctx ctx = {.arena = &scratch, .explain = landed->output.explain};
    bool ok = true;

    xd_arena_init(&scratch, 1 << 20, 0);
    xd_landed_output_begin(&landed->output, landed->date);
    for (size_t i = 0; ok && i < landed->input.count; i++) {
        const struct xd_landed_group *group = &landed->input.groups[i];
        struct xd_landed_cost cost = {.market = group->consignment.destination};
        bool quoted =
            !group->refused && xd_duty_quote(&landed->rules, &group->consignment, &ctx, &cost);
        xd_landed_output_put(&landed->output, &landed->input, group, &cost, quoted);
        if (scratch.total > STEPS_BYTES) {
            xd_arena_reset(&scratch);
            xd_duty_ctx_reset(&ctx);
        }
        ok = flush(&landed->buf, FLUSH_BYTES, err);
    }
    xd_landed_output_end(&landed->output);
    xd_arena_free(&scratch);
    return ok && flush(&landed->buf, 0, err);
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    struct landed *landed = xd_arena_alloc(cli->arena, sizeof(*landed));
    const char *path = arguments->count ? arguments->operands[0] : "-";

    if (!landed) {
        xd_error_set(cli->err, EX_OSERR, "no memory for the tables");
        return EX_OSERR;
    }
    if (!load(landed, cli, arguments->values, cli->arena) ||
        !xd_csv_input_open(&landed->csv, path, cli->arena, cli->err)) {
        return cli->err->status;
    }
    struct xd_landed_tables tables = {&landed->countries, &landed->currencies, &landed->territories,
                                      &landed->rules.markets};
    if (landed->csv.fault[0]) {
        (void)fprintf(stderr, "crossdock: %s: %s\n", path, landed->csv.fault);
        return 2;
    }
    xd_buf_init(&landed->buf, OUTPUT_MAX);
    bool done = xd_landed_input_read(&landed->csv, &tables, landed->date, cli->arena,
                                     &landed->input, cli->err) &&
                quote_all(landed, cli->err);
    xd_buf_free(&landed->buf);
    xd_csv_input_close(&landed->csv);
    if (!done) {
        return cli->err->status;
    }
    return landed->output.errors ? 1 : EX_OK;
}

const struct xd_command xd_cmd_landed_cost = {
    .name = "landed-cost",
    .operands = "[FILE]",
    .brief = "quote duty, tax and fees of a table of consignments",
    .details =
        "FILE is CSV, one row a line, by default standard input. Columns: consignment_id, "
        "line_id,\n"
        "destination, region, postal_code, dispatch_country, origin, hs_code, description, "
        "quantity,\n"
        "unit_price, currency, weight_g, net_mass_kg, supplementary_quantity, supplementary_unit,\n"
        "freight, insurance, incoterm, channel, registration_number, preference, collected_duty,\n"
        "collected_tax. Only destination, quantity, unit_price and currency must be there. Weights "
        "and\n"
        "quantities are of the whole line; freight, insurance and what checkout collected are of "
        "the\n"
        "consignment and stand in its first row. Rows without consignment_id are consignments of\n"
        "their own. channel is post, courier, air-courier, freight, air, or a courier's name.\n\n"
        "Printed are the lines and, with line_id \"*\", the consignment, in the currency of the "
        "market;\n"
        "total is duty, tax and fees, without the goods. An amount that cannot be told is empty.\n"
        "With --explain, lines starting with \"#\" follow: base | rate | = result | rounding | "
        "row, source.\n"
        "Exit status 1: a finding of severity error; 2: the table cannot be read.",
    .options = OPTIONS,
    .least = 0,
    .most = 1,
    .run = run,
};
