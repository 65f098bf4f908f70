/*
 * `help` prints what the command tables say.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"

static bool
same_words(const char *name, const struct xd_arguments *arguments)
{
    struct xd_slice rest = xd_slice_str(name);
    struct xd_slice word;
    size_t at = 0;

    while (xd_slice_next(&rest, ' ', &word)) {
        if (at >= arguments->count || !xd_slice_eq(word, xd_slice_str(arguments->operands[at]))) {
            return false;
        }
        at++;
    }
    return at == arguments->count;
}

static int
help_of(struct xd_cli *cli, const struct xd_command *command)
{
    static const char *const none[XD_OPTIONS_MAX];
    struct xd_arguments nothing = {.values = none};

    if (command->is_topic) {
        return command->run(cli, &nothing);
    }
    xd_command_help(command);
    return EX_OK;
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    if (arguments->count == 0) {
        xd_program_help(stdout);
        return EX_OK;
    }
    for (size_t i = 0; xd_command_at(i); i++) {
        if (same_words(xd_command_at(i)->name, arguments)) {
            return help_of(cli, xd_command_at(i));
        }
    }
    if (arguments->count == 1 && xd_group_help(arguments->operands[0])) {
        return EX_OK;
    }
    return xd_command_unknown(cli, arguments->operands[0],
                              arguments->count > 1 ? arguments->operands[1] : NULL);
}

const struct xd_command xd_cmd_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .brief = "list the commands, or tell more of one of them",
    .least = 0,
    .most = 2,
    .run = run,
};
