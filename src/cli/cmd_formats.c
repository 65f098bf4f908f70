/*
 * `formats` prints what inputs are read: the formats, and for CSV the layouts with their headers,
 * from the same tables that read them.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"
#include "reader/dialect_table.h"
#include "reader/reader.h"

enum { OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

static void
print_columns(const struct xd_dialect *dialect)
{
    static const char *const PRESENCES[XD_PRESENCE_COUNT] = {
        [XD_PRESENCE_REQUIRED] = "required", [XD_PRESENCE_EITHER] = "one of these is required",
        [XD_PRESENCE_OPTIONAL] = "optional", [XD_PRESENCE_LINE] = "of order lines",
        [XD_PRESENCE_EXTRA] = "optional",    [XD_PRESENCE_SPARE] = "read where no other says it",
    };

    for (size_t i = 0; i < dialect->column_count; i++) {
        const struct xd_dialect_column *column = &dialect->columns[i];
        struct xd_slice what =
            column->conversion->kind == XD_CONVERT_COPY ? XD_NONE : column->conversion->text;
        if (column->field == XD_FIELD_NONE) {
            continue;
        }
        printf("  %-42.*s %-20s %s%s%.*s\n", XD_FMT(column->header), xd_field_name(column->field),
               PRESENCES[column->presence], what.len ? "; " : "", XD_FMT(what));
    }
}

static void
print_dialect(const struct xd_dialect *dialect)
{
    printf("\n%.*s: %.*s (%s)\n", XD_FMT(dialect->name), XD_FMT(dialect->title),
           dialect->use == XD_USE_MANIFEST ? "manifests"
           : dialect->use == XD_USE_ORDERS ? "orders"
                                           : "manifests and orders");
    if (dialect->file_name.len) {
        printf("  file name %.*s\n", XD_FMT(dialect->file_name));
    }
    if (dialect->parcel_from != XD_FIELD_NONE) {
        printf("  an order is one parcel, and its %s the parcel code, where no column says it\n",
               xd_field_name(dialect->parcel_from));
    }
    print_columns(dialect);
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    struct xd_dialects dialects;

    struct xd_tables tables = {arguments->values[OPT_REFERENCE], cli->arena};
    if (!xd_dialects_load(&dialects, &tables, NULL, cli->arena, cli->err)) {
        return cli->err->status;
    }
    printf("An input is taken for what its first bytes show, never for what its name says.\n\n");
    for (size_t i = 0; xd_reader_at(i); i++) {
        printf("%-10s %s\n", xd_reader_at(i)->name, xd_reader_at(i)->title);
    }
    printf("\nLayouts of CSV, known by their headers; letters and digits count, case and signs do "
           "not:\n");
    for (size_t i = 0; i < dialects.count; i++) {
        print_dialect(&dialects.list[i]);
    }
    printf(
        "\nOther headers are read by %zu aliases; `crossdock map FILE` shows how a file is read.\n",
        dialects.alias_keys.count);
    return EX_OK;
}

const struct xd_command xd_cmd_formats = {
    .name = "formats",
    .operands = "",
    .brief = "list the formats and CSV layouts that are read, with their headers",
    .options = OPTIONS,
    .is_topic = true,
    .run = run,
};
