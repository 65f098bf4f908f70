/*
 * `version` names the build, because a report is only worth something together with the program
 * that wrote it.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    (void)cli;
    (void)arguments;
    printf("crossdock %s\n", XD_VERSION);
    return EX_OK;
}

const struct xd_command xd_cmd_version = {
    .name = "version",
    .operands = "",
    .brief = "show the version of the program",
    .least = 0,
    .most = 0,
    .run = run,
};
