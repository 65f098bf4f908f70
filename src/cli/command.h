/*
 * A command is one file that defines one of these and one row in the table of command.c. Parsing,
 * help and the list of commands are made from the rows.
 */
#ifndef XD_CLI_COMMAND_H
#define XD_CLI_COMMAND_H

#include <stdio.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

/* What every command may use of the world outside: nothing below cli/ looks at it. */
struct xd_cli {
    const char *program;
    xd_date today;          /* the day of the clock, UTC: the default of --as-of */
    bool color;             /* stderr and stdout are terminals and NO_COLOR is not set */
    struct xd_error *err;   /* set before a command returns a sysexits status */
    struct xd_arena *arena; /* for what lives as long as the command runs */
};

struct xd_option {
    const char *name;     /* "as-of": the long option without dashes; NULL ends the list */
    char letter;          /* 'o' for -o, or 0 */
    const char *argument; /* "DATE" in the help; NULL when the option takes none */
    const char *help;     /* one line */
    bool many;            /* may be given several times; one option of a command at most */
};

/* The value of each option of a command, by its index in the list: NULL when not given, "" for one
 * without argument. The last one given counts. */
struct xd_arguments {
    const char *const *values;
    char *const *operands; /* what is left of the command line */
    size_t count;
    const char *const *many; /* the values of the option that may be given several times */
    size_t many_count;
};

struct xd_command {
    const char *name;     /* "process", or "orders import": up to two words */
    const char *operands; /* "FILE...", for the usage line; "" when it takes none */
    const char *brief;    /* one line, in the list of commands */
    const char *details;  /* paragraphs for `help COMMAND`, may be NULL */
    const struct xd_option *options;
    size_t least;  /* operands, at least */
    size_t most;   /* operands, at most */
    bool is_topic; /* its output is its help: `help NAME` runs it */
    /* Exit status: 0, 1, 2 or one of <sysexits.h>, see README. */
    int (*run)(struct xd_cli *cli, const struct xd_arguments *arguments);
};

#define XD_OPERANDS_MANY SIZE_MAX
#define XD_OPTIONS_MAX   32  /* of one command */
#define XD_OPTION_MANY   256 /* values of one option */

/* Reads YYYY-MM-DD or says EX_USAGE in *err. NULL gives `otherwise`. */
bool xd_option_date(const char *value, xd_date otherwise, xd_date *out, struct xd_error *err);

/* Reads a whole number of low..high or says EX_USAGE in *err. NULL leaves *out. */
bool xd_option_number(const char *name, const char *value, uint64_t low, uint64_t high,
                      uint64_t *out, struct xd_error *err);

/* The place of `value` among the `count` words of `words`, or EX_USAGE in *err naming them. NULL
 * gives 0, the first. */
bool xd_option_word(const char *name, const char *value, const char *const *words, size_t count,
                    size_t *out, struct xd_error *err);

/* The command at `index` of the table, or NULL behind the last. */
const struct xd_command *xd_command_at(size_t index);

/* Prints the usage, options and details of a command to standard output. */
void xd_command_help(const struct xd_command *command);

/* Prints what the program is and the list of its commands. */
void xd_program_help(FILE *to);

/* Prints the commands whose first of two words is `name`; false when there are none. */
bool xd_group_help(const char *name);

/* Says that there is no such command and which was perhaps meant. EX_USAGE. `second` may be NULL.
 */
int xd_command_unknown(struct xd_cli *cli, const char *first, const char *second);

/* Finds the command that argv[1] (and argv[2]) name, reads its options and runs it. The exit
 * status. */
int xd_command_run(struct xd_cli *cli, int argc, char **argv);

#endif
