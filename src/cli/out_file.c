/*
 * Temporary name, fsync, rename: what base/file.h promises, for one file.
 */
#include "cli/out_file.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/file.h"

static bool
publish(struct xd_outfile *file, const struct xd_buf *buf, const char *dir, struct xd_error *err)
{
    if (xd_outfile_write(file, xd_buf_slice(buf), err) && xd_outfile_finish(file, err) &&
        xd_outfile_publish(file, err)) {
        return xd_dir_sync(dir, err);
    }
    xd_outfile_discard(file);
    return false;
}

bool
xd_out_file(const char *path, const struct xd_buf *buf, struct xd_error *err)
{
    struct xd_outfile file;
    char dir[4096] = ".";
    const char *name = path;

    if (buf->failed) {
        return xd_error_set(err, EX_OSERR, "no memory for the table");
    }
    if (!path) {
        return buf->len == 0 || fwrite(buf->ptr, 1, buf->len, stdout) == buf->len ||
               xd_error_set(err, EX_IOERR, "cannot write to standard output");
    }
    const char *slash = strrchr(path, '/');
    if (slash) {
        if (snprintf(dir, sizeof(dir), "%.*s", slash == path ? 1 : (int)(slash - path), path) >=
            (int)sizeof(dir)) {
            return xd_error_set(err, EX_USAGE, "the name of the file is too long: %s", path);
        }
        name = slash + 1;
    }
    return xd_outfile_open(&file, dir, name, err) && publish(&file, buf, dir, err);
}
