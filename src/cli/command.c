/*
 * The table of commands and the road from the command line to one of them. The options of a command
 * are data, so that its help cannot tell another story than its parser.
 */
#include "cli/command.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

/* Every command defines one struct in its own file. */
#define COMMANDS(X)                                                                                \
    X(xd_cmd_process)                                                                              \
    X(xd_cmd_validate)                                                                             \
    X(xd_cmd_orders_import)                                                                        \
    X(xd_cmd_orders_list)                                                                          \
    X(xd_cmd_orders_show)                                                                          \
    X(xd_cmd_address)                                                                              \
    X(xd_cmd_barcode)                                                                              \
    X(xd_cmd_explain)                                                                              \
    X(xd_cmd_formats)                                                                              \
    X(xd_cmd_limits)                                                                               \
    X(xd_cmd_map)                                                                                  \
    X(xd_cmd_landed_cost)                                                                          \
    X(xd_cmd_tariff_import)                                                                        \
    X(xd_cmd_fx_import)                                                                            \
    X(xd_cmd_version)                                                                              \
    X(xd_cmd_help)

#define X(name) extern const struct xd_command name;
COMMANDS(X)
#undef X

static const struct xd_command *const TABLE[] = {
#define X(name) &name,
    COMMANDS(X)
#undef X
};

const struct xd_command *
xd_command_at(size_t index)
{
    return index < sizeof(TABLE) / sizeof(TABLE[0]) ? TABLE[index] : NULL;
}

bool
xd_option_date(const char *value, xd_date otherwise, xd_date *out, struct xd_error *err)
{
    *out = otherwise;
    if (value && !xd_date_parse(xd_slice_str(value), out)) {
        return xd_error_set(err, EX_USAGE, "not a date of the form YYYY-MM-DD: %s", value);
    }
    return true;
}

bool
xd_option_number(const char *name, const char *value, uint64_t low, uint64_t high, uint64_t *out,
                 struct xd_error *err)
{
    uint64_t number;

    if (!value) {
        return true;
    }
    if (!xd_slice_u64(xd_slice_str(value), &number) || number < low || number > high) {
        return xd_error_set(err, EX_USAGE, "--%s takes a number from %llu to %llu, not %s", name,
                            (unsigned long long)low, (unsigned long long)high, value);
    }
    *out = number;
    return true;
}

bool
xd_option_word(const char *name, const char *value, const char *const *words, size_t count,
               size_t *out, struct xd_error *err)
{
    char list[256] = "";
    size_t used = 0;

    *out = 0;
    if (!value) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *out = i;
            return true;
        }
        int put = snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", words[i]);
        used += put > 0 && (size_t)put < sizeof(list) - used ? (size_t)put : 0;
    }
    return xd_error_set(err, EX_USAGE, "--%s takes one of %s, not %s", name, list, value);
}

void
xd_command_help(const struct xd_command *command)
{
    printf("usage: crossdock %s%s%s%s\n\n%s\n", command->name,
           command->options && command->options->name ? " [OPTION]..." : "",
           command->operands[0] ? " " : "", command->operands, command->brief);
    for (const struct xd_option *option = command->options; option && option->name; option++) {
        char left[64];
        char letter[8] = "    ";
        if (option->letter) {
            (void)snprintf(letter, sizeof(letter), "-%c, ", option->letter);
        }
        (void)snprintf(left, sizeof(left), "%s--%s%s%s", letter, option->name,
                       option->argument ? " " : "", option->argument ? option->argument : "");
        printf("%s  %-28s %s\n", option == command->options ? "\n" : "", left, option->help);
    }
    if (command->details) {
        printf("\n%s\n", command->details);
    }
}

void
xd_program_help(void)
{
    printf("usage: crossdock COMMAND [OPTION]... [FILE]...\n\n"
           "Reads merchants' manifests, checks every parcel, and writes the carriers' handoff\n"
           "files and the exception reports.\n\n");
    for (size_t i = 0; xd_command_at(i); i++) {
        printf("  %-16s %s\n", xd_command_at(i)->name, xd_command_at(i)->brief);
    }
    printf("\n`crossdock help COMMAND` tells more of one of them. Exit status: 0 nothing to "
           "report, 1 findings,\n"
           "2 an input could not be processed at all, 64-78 as in sysexits.h.\n");
}

/* Words of the command line that `command` is called by: 1, 2, or 0 when it is another. */
static int
words_matched(const struct xd_command *command, int argc, char **argv)
{
    struct xd_slice rest = xd_slice_str(command->name);
    struct xd_slice word;
    int at = 1;

    while (xd_slice_next(&rest, ' ', &word)) {
        if (at >= argc || !xd_slice_eq(word, xd_slice_str(argv[at]))) {
            return 0;
        }
        at++;
    }
    return at - 1;
}

/* Letters and long names in the form that getopt_long wants. */
static void
fill_getopt(const struct xd_option *options, struct option *longs, char *letters)
{
    size_t count = 0;

    *letters++ = ':';
    for (; options && options->name && count + 1 < XD_OPTIONS_MAX; options++, count++) {
        longs[count] =
            (struct option){options->name, options->argument ? required_argument : no_argument,
                            NULL, 256 + (int)count};
        if (options->letter) {
            *letters++ = options->letter;
            if (options->argument) {
                *letters++ = ':';
            }
        }
    }
    longs[count] = (struct option){"help", no_argument, NULL, 'h'};
    longs[count + 1] = (struct option){NULL, 0, NULL, 0};
    *letters++ = 'h';
    *letters = '\0';
}

static int
option_index(const struct xd_option *options, int found)
{
    if (found >= 256) {
        return found - 256;
    }
    for (int i = 0; options && options[i].name; i++) {
        if (options[i].letter == found) {
            return i;
        }
    }
    return -1;
}

static int
run_command(struct xd_cli *cli, const struct xd_command *command, int argc, char **argv)
{
    struct option longs[XD_OPTIONS_MAX + 2];
    char letters[3 * XD_OPTIONS_MAX + 4];
    const char *values[XD_OPTIONS_MAX] = {NULL};
    int found;

    fill_getopt(command->options, longs, letters);
    optind = 1;
    opterr = 0;
    while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (found == 'h') {
            xd_command_help(command);
            return EX_OK;
        }
        int at = found == '?' || found == ':' ? -1 : option_index(command->options, found);
        if (at < 0) {
            xd_error_set(cli->err, EX_USAGE, "%s %s; see `crossdock help %s`",
                         found == ':' ? "a value is missing behind" : "there is no option",
                         argv[optind - 1], command->name);
            return EX_USAGE;
        }
        values[at] = optarg ? optarg : "";
    }
    struct xd_arguments arguments = {values, argv + optind, (size_t)(argc - optind)};
    if (arguments.count < command->least || arguments.count > command->most) {
        xd_error_set(cli->err, EX_USAGE, "usage: crossdock %s %s", command->name,
                     command->operands);
        return EX_USAGE;
    }
    return command->run(cli, &arguments);
}

int
xd_command_run(struct xd_cli *cli, int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        xd_program_help();
        return argc < 2 ? EX_USAGE : EX_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        argv[1] += 2;
    }
    for (size_t i = 0; xd_command_at(i); i++) {
        int words = words_matched(xd_command_at(i), argc, argv);
        if (words > 0) {
            return run_command(cli, xd_command_at(i), argc - words, argv + words);
        }
    }
    xd_error_set(cli->err, EX_USAGE, "there is no command \"%s\"; see `crossdock help`", argv[1]);
    return EX_USAGE;
}
