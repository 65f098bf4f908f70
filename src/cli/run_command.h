/*
 * What `process` and `validate` share: the same road with or without files at its end.
 */
#ifndef XD_CLI_RUN_COMMAND_H
#define XD_CLI_RUN_COMMAND_H

#include "cli/command.h"

/* The options that both have, in this order at the head of their lists. */
enum {
    XD_RUN_ORDERS,
    XD_RUN_STORE,
    XD_RUN_AS_OF,
    XD_RUN_FORMAT,
    XD_RUN_FAIL_ON,
    XD_RUN_THREADS,
    XD_RUN_REFERENCE,
    XD_RUN_LIMIT,
    XD_RUN_ENCODING,
    XD_RUN_MAP,
    XD_RUN_OUT, /* of process only */
    XD_RUN_OPTION_COUNT,
};

#define XD_RUN_OPTIONS                                                                             \
    [XD_RUN_ORDERS] = {"orders", 0, "FILE", "the orders, as CSV or JSON; may be given again",      \
                       true},                                                                      \
    [XD_RUN_STORE] = {"store", 0, "PATH", "the order store (default crossdock.db)"},               \
    [XD_RUN_AS_OF] = {"as-of", 0, "DATE", "rules and rates of that day (default today, UTC)"},     \
    [XD_RUN_FORMAT] = {"format", 0, "FORM", "text, short, json, jsonl or csv on standard output"}, \
    [XD_RUN_FAIL_ON] = {"fail-on", 0, "LEVEL",                                                     \
                        "exit 1 from error, warning or note on, or never (default error)"},        \
    [XD_RUN_THREADS] = {"threads", 0, "N", "threads to work with (default: the processors)"},      \
    [XD_RUN_REFERENCE] = {"reference", 0, "DIR",                                                   \
                          "read newer tables from DIR, laid out as schemas/"},                     \
    [XD_RUN_LIMIT] = {"limit", 0, "NAME=N,...", "move limits; `crossdock limits` lists them"},     \
    [XD_RUN_ENCODING] = {"encoding", 0, "NAME", "the encoding of inputs that do not say it"},      \
    [XD_RUN_MAP] = {"map", 0, "FILE", "what the columns mean, as `crossdock map` writes it"}

/* Runs the manifests in `arguments`; `out` is the folder for the files, NULL to write none. The
 * exit status. */
int xd_run_command(struct xd_cli *cli, const struct xd_arguments *arguments, const char *command,
                   const char *out);

#endif
