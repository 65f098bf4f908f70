/*
 * `limits` prints how much of anything is accepted, so that the number in a finding and the setting
 * that moves it can be looked up before a large partner's first file arrives.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"
#include "reference/limits.h"

enum { OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    struct xd_limits limits;

    struct xd_tables tables = {arguments->values[OPT_REFERENCE], cli->arena};
    if (!xd_limits_load(&limits, &tables, cli->err)) {
        return cli->err->status;
    }
    for (unsigned i = 0; i < XD_LIMIT_COUNT; i++) {
        const struct xd_limit_row *row = &limits.of[i];
        printf("%-20.*s %12llu %-24.*s %.*s\n", XD_FMT(row->name), (unsigned long long)row->value,
               XD_FMT(row->unit), XD_FMT(row->what));
    }
    return EX_OK;
}

const struct xd_command xd_cmd_limits = {
    .name = "limits",
    .operands = "",
    .brief = "list how much of anything is accepted, and the settings that move it",
    .options = OPTIONS,
    .run = run,
};
