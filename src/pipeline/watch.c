/*
 * A file is known by device and inode, so that links and other spellings of a name are seen
 * through.
 */
#include "pipeline/watch.h"

#include <sysexits.h>

static bool
same_file(const struct xd_file_mark *a, const struct xd_file_mark *b)
{
    return a->inode && a->inode == b->inode && a->device == b->device;
}

bool
xd_watch_begin(struct xd_watch *watch, const char *const *paths, size_t count,
               struct xd_arena *arena)
{
    *watch = (struct xd_watch){paths, xd_arena_array(arena, count, sizeof(*watch->marks)), count};
    for (size_t i = 0; watch->marks && i < count; i++) {
        (void)xd_file_mark(paths[i], &watch->marks[i]);
    }
    return watch->marks;
}

bool
xd_watch_check(const struct xd_watch *watch, struct xd_error *err)
{
    for (size_t i = 0; i < watch->count; i++) {
        const struct xd_file_mark *before = &watch->marks[i];
        struct xd_file_mark now;
        if (xd_file_mark(watch->paths[i], &now) && same_file(before, &now) &&
            (before->bytes != now.bytes || before->seconds != now.seconds ||
             before->nanoseconds != now.nanoseconds)) {
            return xd_error_set(err, EX_TEMPFAIL,
                                "%s changed while it was read; nothing was written",
                                watch->paths[i]);
        }
    }
    return true;
}

bool
xd_watch_spare(const struct xd_watch *watch, const char *path, struct xd_error *err)
{
    struct xd_file_mark there;

    if (!xd_file_mark(path, &there)) {
        return true;
    }
    for (size_t i = 0; i < watch->count; i++) {
        if (same_file(&watch->marks[i], &there)) {
            return xd_error_set(
                err, EX_CANTCREAT,
                "%s is an input of this run and would be replaced or removed; choose another "
                "folder with --out",
                path);
        }
    }
    return true;
}
