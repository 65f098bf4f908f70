/*
 * One place decides which kind of store a path means: today there is one.
 */
#include "cli/store_command.h"

bool
xd_store_command_open(struct xd_store_command *command, const char *path, bool create,
                      struct xd_error *err)
{
    *command =
        (struct xd_store_command){.kind = &xd_store_sqlite, .path = path ? path : XD_STORE_DEFAULT};
    xd_arena_init(&command->arena, 1 << 14, 0);
    command->tables.arena = &command->arena;
    struct xd_store_options options = {command->path, create, &command->tables, &command->arena};
    command->store = command->kind->open(&options, err);
    return command->store != NULL;
}

void
xd_store_command_close(struct xd_store_command *command)
{
    if (command->store) {
        command->kind->close(command->store);
    }
    xd_arena_free(&command->arena);
}
