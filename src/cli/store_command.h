/*
 * What the commands about the order store share: the option that names it, opening it, and the
 * words for an order.
 */
#ifndef XD_CLI_STORE_COMMAND_H
#define XD_CLI_STORE_COMMAND_H

#include "cli/command.h"
#include "store/store.h"

#define XD_STORE_OPTION                                                                            \
    {                                                                                              \
        "store", 0, "PATH", "the order store (default " XD_STORE_DEFAULT ")"                       \
    }
#define XD_STORE_DEFAULT "crossdock.db"

struct xd_store_command {
    const struct xd_store_kind *kind;
    struct xd_store *store;
    const char *path;
    struct xd_arena arena;
    struct xd_tables tables;
};

/* Opens the store at `path` (NULL: the usual one). False with *err; close it either way. */
bool xd_store_command_open(struct xd_store_command *command, const char *path, bool create,
                           struct xd_error *err);
void xd_store_command_close(struct xd_store_command *command);

#endif
