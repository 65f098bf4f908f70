/*
 * `process` is the operator's command: manifests in, carrier files and reports out.
 */
#include "cli/run_command.h"

static const struct xd_option OPTIONS[] = {
    XD_RUN_OPTIONS,
    [XD_RUN_OUT] = {"out", 'o', "DIR", "folder for the files of the run (default out)"},
    [XD_RUN_OPTION_COUNT] = {NULL, 0, NULL, NULL},
};

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    const char *out = arguments->values[XD_RUN_OUT];

    return xd_run_command(cli, arguments, "process", out ? out : "out");
}

const struct xd_command xd_cmd_process = {
    .name = "process",
    .operands = "FILE...",
    .brief = "check manifests, match them to orders and write the carriers' handoff files",
    .details =
        "FILE is a manifest or an archive of manifests; \"-\" is standard input. The folder gets "
        "a\n"
        "handoff file for each carrier with its schema and control totals, exceptions.csv and\n"
        "exceptions.json, summary.txt, and crossdock.run.json, which names every file of the run.\n"
        "The files appear together, complete, or not at all; inputs are never altered.",
    .options = OPTIONS,
    .least = 1,
    .most = XD_OPERANDS_MANY,
    .run = run,
};
