/*
 * `validate` is the merchant's command: it says what is wrong with a file and what to do, and
 * writes nothing.
 */
#include "cli/run_command.h"

static const struct xd_option OPTIONS[] = {
    XD_RUN_OPTIONS,
    [XD_RUN_OUT] = {NULL, 0, NULL, NULL},
};

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    return xd_run_command(cli, arguments, "validate", NULL);
}

const struct xd_command xd_cmd_validate = {
    .name = "validate",
    .operands = "FILE...",
    .brief = "say what is wrong with manifests and how to fix it; writes nothing",
    .details =
        "FILE is a manifest or an archive of manifests; \"-\" is standard input. Without --orders "
        "and\n"
        "without a store only what the manifest says is checked; with them, everything that\n"
        "`process` would decide.",
    .options = OPTIONS,
    .least = 1,
    .most = XD_OPERANDS_MANY,
    .run = run,
};
