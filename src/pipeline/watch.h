/*
 * Inputs are mapped, not copied, and nobody can be kept from writing to them: an upload that is not
 * over, an editor, or our own outputs under the same name. What changed while it was read is
 * noticed before anything is published.
 */
#ifndef XD_PIPELINE_WATCH_H
#define XD_PIPELINE_WATCH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/slice.h"

struct xd_watch {
    const char *const *paths;
    struct xd_file_mark *marks; /* all zero for what is no file: a pipe */
    size_t count;
};

/* Looks at the files before they are read. False when memory ran out. */
bool xd_watch_begin(struct xd_watch *watch, const char *const *paths, size_t count,
                    struct xd_arena *arena);

/* False with *err, EX_TEMPFAIL, when one of them was written to since. One that was replaced or
 * removed was read as it had been. */
bool xd_watch_check(const struct xd_watch *watch, struct xd_error *err);

/* False with *err, EX_CANTCREAT, when `path` is one of them. */
bool xd_watch_spare(const struct xd_watch *watch, const char *path, struct xd_error *err);

#endif
