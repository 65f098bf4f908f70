/*
 * The table of commands and the road from the command line to one of them. The options of a command
 * are data, so that its help cannot tell another story than its parser.
 */
#include "cli/command.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/near.h"
#include "reference/embedded.h"

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
        return xd_error_set(err, EX_USAGE, "--as-of takes a day written YYYY-MM-DD, not %s", value);
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
xd_program_help(FILE *to)
{
    (void)fputs(
        "usage: crossdock COMMAND [OPTION]... [FILE]...\n\n"
        "Reads merchants' manifests, checks every parcel, and writes the carriers' handoff\n"
        "files and the exception reports.\n\n",
        to);
    for (size_t i = 0; xd_command_at(i); i++) {
        (void)fprintf(to, "  %-16s %s\n", xd_command_at(i)->name, xd_command_at(i)->brief);
    }
    (void)fputs("\n`crossdock help COMMAND` tells more of one of them. Exit status: 0 nothing to "
                "report, 1 findings,\n"
                "2 an input could not be processed at all, 64-78 as in sysexits.h.\n",
                to);
}

/* Whether the command's name is `group` and a second word. */
static bool
is_of_group(const struct xd_command *command, struct xd_slice group)
{
    struct xd_slice rest = xd_slice_str(command->name);
    struct xd_slice first;

    return xd_slice_next(&rest, ' ', &first) && rest.len > 0 && xd_slice_eq(first, group);
}

bool
xd_group_help(const char *name)
{
    bool found = false;

    for (size_t i = 0; xd_command_at(i); i++) {
        if (is_of_group(xd_command_at(i), xd_slice_str(name))) {
            printf("%s  %-16s %s\n",
                   found ? "" : "usage: crossdock COMMAND [OPTION]... [FILE]...\n\n",
                   xd_command_at(i)->name, xd_command_at(i)->brief);
            found = true;
        }
    }
    return found;
}

/* The command that was perhaps meant by one word or two, or NULL. */
static const struct xd_command *
near_command(struct xd_slice first, struct xd_slice second)
{
    const struct xd_command *best = NULL;
    unsigned least = XD_NEAR_NOT;

    for (size_t i = 0; xd_command_at(i); i++) {
        struct xd_slice rest = xd_slice_str(xd_command_at(i)->name);
        struct xd_slice word = XD_NONE;
        unsigned found;
        (void)xd_slice_next(&rest, ' ', &word);
        found = xd_near_distance(word, first) + (rest.len ? xd_near_distance(rest, second) : 0);
        if (found < least && found < xd_near_limit(first)) {
            least = found;
            best = xd_command_at(i);
        }
    }
    return best;
}

int
xd_command_unknown(struct xd_cli *cli, const char *first, const char *second)
{
    const struct xd_command *near =
        near_command(xd_slice_str(first), xd_slice_str(second ? second : ""));
    bool group = false;

    for (size_t i = 0; xd_command_at(i); i++) {
        group = group || is_of_group(xd_command_at(i), xd_slice_str(first));
    }
    if (near) {
        xd_error_set(cli->err, EX_USAGE, "there is no command \"%s%s%s\"; did you mean \"%s\"?",
                     first, second && group ? " " : "", second && group ? second : "", near->name);
    } else if (group) {
        xd_error_set(cli->err, EX_USAGE, "\"%s\" is not all of a command; see `crossdock help %s`",
                     first, first);
    } else {
        xd_error_set(cli->err, EX_USAGE, "there is no command \"%s\"; see `crossdock help`", first);
    }
    return EX_USAGE;
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

/* What the command line says of a command's options. */
struct options {
    const char *values[XD_OPTIONS_MAX];
    const char *many[XD_OPTION_MANY];
    size_t many_count;
};

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

/* Says that the options which `name` begins are several, and which. False when they are not. */
static bool
say_several(struct xd_cli *cli, const struct xd_option *options, struct xd_slice name)
{
    char list[256] = "";
    size_t used = 0;
    size_t count = 0;

    for (; options && options->name; options++) {
        if (!xd_slice_starts(xd_slice_str(options->name), name)) {
            continue;
        }
        int put = snprintf(list + used, sizeof(list) - used, "%s--%s", count++ ? " or " : "",
                           options->name);
        used += put > 0 && (size_t)put < sizeof(list) - used ? (size_t)put : 0;
    }
    if (count > 1) {
        xd_error_set(cli->err, EX_USAGE, "--%.*s may be %s", XD_FMT(name), list);
    }
    return count > 1;
}

/* Says what is wrong with the option that getopt stumbled over. */
static void
say_option(struct xd_cli *cli, const struct xd_command *command, const char *word)
{
    struct xd_slice rest = xd_slice_sub(xd_slice_str(word), 2, SIZE_MAX);
    const char *best = NULL;
    unsigned least;
    struct xd_slice name = XD_NONE;

    if (!xd_slice_starts(xd_slice_str(word), XD_LIT("--"))) {
        xd_error_set(cli->err, EX_USAGE, "there is no option -%c; see `crossdock help %s`", optopt,
                     command->name);
        return;
    }
    (void)xd_slice_next(&rest, '=', &name);
    least = xd_near_limit(name);
    if (say_several(cli, command->options, name)) {
        return;
    }
    for (const struct xd_option *option = command->options; option && option->name; option++) {
        unsigned found = xd_near_distance(xd_slice_str(option->name), name);
        if (found < least) {
            least = found;
            best = option->name;
        }
    }
    if ((best && least == 0) || xd_slice_eq(name, XD_LIT("help"))) {
        xd_error_set(cli->err, EX_USAGE, "--%.*s takes no value", XD_FMT(name));
    } else if (best) {
        xd_error_set(cli->err, EX_USAGE, "there is no option --%.*s; did you mean --%s?",
                     XD_FMT(name), best);
    } else {
        xd_error_set(cli->err, EX_USAGE, "there is no option --%.*s; see `crossdock help %s`",
                     XD_FMT(name), command->name);
    }
}

/* Fills the values, and leaves the operands behind them in argv. False when the help was asked for
 * or *err says what is wrong. */
static bool
read_options(struct xd_cli *cli, const struct xd_command *command, int argc, char **argv,
             struct options *out)
{
    struct option longs[XD_OPTIONS_MAX + 2];
    char letters[3 * XD_OPTIONS_MAX + 4];
    int found;

    fill_getopt(command->options, longs, letters);
    optind = 1;
    opterr = 0;
    while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (found == 'h') {
            xd_command_help(command);
            return false;
        }
        if (found == ':') {
            return xd_error_set(cli->err, EX_USAGE,
                                "a value is missing behind %s; see `crossdock help %s`",
                                argv[optind - 1], command->name);
        }
        int at = found == '?' ? -1 : option_index(command->options, found);
        if (at < 0) {
            say_option(cli, command, argv[optind - 1]);
            return false;
        }
        out->values[at] = optarg ? optarg : "";
        if (command->options[at].many && out->many_count == XD_OPTION_MANY) {
            return xd_error_set(cli->err, EX_USAGE, "--%s can be given %d times, no more",
                                command->options[at].name, XD_OPTION_MANY);
        }
        if (command->options[at].many) {
            out->many[out->many_count++] = optarg;
        }
    }
    return true;
}

/* What every command wants: newer tables that are there, and as many operands as it takes. */
static bool
check_arguments(struct xd_cli *cli, const struct xd_command *command,
                const struct xd_arguments *arguments)
{
    for (size_t i = 0; command->options && command->options[i].name; i++) {
        if (arguments->values[i] && strcmp(command->options[i].name, "reference") == 0 &&
            !xd_tables_check(arguments->values[i], cli->err)) {
            return false;
        }
    }
    if (arguments->count < command->least) {
        return xd_error_set(cli->err, EX_USAGE, "%s is missing; see `crossdock help %s`",
                            command->operands, command->name);
    }
    return arguments->count <= command->most ||
           xd_error_set(cli->err, EX_USAGE, "\"%s\" is too much; usage: crossdock %s%s%s",
                        arguments->operands[command->most], command->name,
                        command->operands[0] ? " " : "", command->operands);
}

static int
run_command(struct xd_cli *cli, const struct xd_command *command, int argc, char **argv)
{
    struct options options = {.many_count = 0};

    if (!read_options(cli, command, argc, argv, &options)) {
        return cli->err->status;
    }
    struct xd_arguments arguments = {options.values, argv + optind, (size_t)(argc - optind),
                                     options.many, options.many_count};
    return check_arguments(cli, command, &arguments) ? command->run(cli, &arguments)
                                                     : cli->err->status;
}

int
xd_command_run(struct xd_cli *cli, int argc, char **argv)
{
    if (argc < 2) {
        xd_program_help(stderr);
        return EX_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        xd_program_help(stdout);
        return EX_OK;
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
    if (argc == 3 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0) &&
        xd_group_help(argv[1])) {
        return EX_OK;
    }
    return xd_command_unknown(cli, argv[1], argc > 2 ? argv[2] : NULL);
}
