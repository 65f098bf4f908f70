/*
 * The only place that opens, writes, renames and syncs. A file is finished (data on disk) before
 * any file is published (renamed), so a crash between the two leaves either the old set or
 * temporary names, never a mix of half files: the temporary names start with a dot and every reader
 * of a drop folder skips those.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/region.h"

/* Maps the file over the front of a zero region, so that a zero byte follows it even when it fills
 * its last page. */
static enum xd_input_status
map_file(struct xd_input *input, const char *path, int fd, size_t size, struct xd_error *err)
{
    struct xd_region region;

    if (size == 0) {
        return XD_INPUT_OK;
    }
    if (!xd_region_open(&region, size) ||
        /* cppcheck-suppress leakReturnValNotUsed ; a fixed place: the region holds it */
        mmap(region.ptr, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED) {
        xd_error_errno(err, EX_IOERR, errno, "cannot map %s", path);
        xd_region_close(&region);
        return XD_INPUT_ERROR;
    }
    input->map = region.map;
    (void)madvise(input->map, size, MADV_SEQUENTIAL);
    input->map_len = region.map_len;
    input->mapped = true;
    input->bytes = xd_slice_of(input->map, size);
    return XD_INPUT_OK;
}

#define STREAM_STEP ((size_t)1 << 20)  /* memory is taken at least so far apart */
#define TOLD_STEP   ((size_t)64 << 10) /* and progress told: what a pipe holds */

struct stream {
    const char *path;
    int fd;
    uint64_t limit;
    bool (*grown)(void *ctx, struct xd_slice have);
    void *ctx;
};

/* Half as much again, so that a long stream takes few steps. */
static bool
make_room(struct xd_region *region, size_t len)
{
    size_t more = region->size / 2 > STREAM_STEP ? region->size / 2 : STREAM_STEP;

    return len < region->size || xd_region_grow(region, region->size + more) ||
           (len + STREAM_STEP > region->size && xd_region_grow(region, len + STREAM_STEP));
}

/* Reads to the end, to one byte beyond the limit or until nobody wants more. False with errno set,
 * 0 when it was memory that ran out. */
static bool
fill(const struct stream *stream, struct xd_region *region, size_t *len)
{
    size_t told = 0;

    while (*len <= stream->limit) {
        ssize_t got;
        if (!make_room(region, *len)) {
            errno = 0;
            return false;
        }
        got = read(stream->fd, region->ptr + *len, region->size - *len);
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno != EINTR) {
            return false;
        }
        *len += got > 0 ? (size_t)got : 0;
        if (stream->grown && *len - told >= TOLD_STEP) {
            told = *len;
            if (!stream->grown(stream->ctx, xd_slice_of(region->ptr, *len))) {
                return true;
            }
        }
    }
    return true;
}

static enum xd_input_status
read_stream(struct xd_input *input, const struct stream *stream, struct xd_error *err)
{
    struct xd_region region;
    size_t len = 0;

    errno = 0;
    if (!xd_region_reserve(&region, stream->limit < SIZE_MAX / 4 ? stream->limit + 4 * STREAM_STEP
                                                                 : SIZE_MAX / 4) ||
        !fill(stream, &region, &len)) {
        if (errno) {
            xd_error_errno(err, EX_IOERR, errno, "cannot read %s", stream->path);
        } else {
            xd_error_set(err, EX_OSERR, "not enough memory to read %s", stream->path);
        }
        xd_region_close(&region);
        return XD_INPUT_ERROR;
    }
    input->map = region.map;
    input->map_len = region.map_len;
    input->bytes = xd_slice_of(region.ptr, len);
    if (len > stream->limit) {
        xd_input_close(input);
        return XD_INPUT_TOO_LARGE;
    }
    return XD_INPUT_OK;
}

static enum xd_input_status
open_descriptor(struct xd_input *input, const struct stream *stream, struct xd_error *err)
{
    struct stat info;

    if (fstat(stream->fd, &info) != 0) {
        xd_error_errno(err, EX_NOINPUT, errno, "cannot look at %s", stream->path);
        return XD_INPUT_ERROR;
    }
    if (S_ISREG(info.st_mode)) {
        if ((uint64_t)info.st_size > stream->limit) {
            return XD_INPUT_TOO_LARGE;
        }
        return map_file(input, stream->path, stream->fd, (size_t)info.st_size, err);
    }
    if (stream->fd != STDIN_FILENO) {
        xd_error_set(err, EX_NOINPUT, "%s is not a regular file", stream->path);
        return XD_INPUT_ERROR;
    }
    return read_stream(input, stream, err);
}

enum xd_input_status
xd_input_follow(struct xd_input *input, const char *path, uint64_t limit,
                bool (*grown)(void *ctx, struct xd_slice have), void *ctx, struct xd_error *err)
{
    struct stream stream = {path, STDIN_FILENO, limit, grown, ctx};
    enum xd_input_status status;

    *input = (struct xd_input){.bytes = XD_NONE};
    if (strcmp(path, "-") == 0) {
        stream.path = "standard input";
        return open_descriptor(input, &stream, err);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        xd_error_errno(err, errno == EACCES ? EX_NOPERM : EX_NOINPUT, errno, "cannot open %s",
                       path);
        return XD_INPUT_ERROR;
    }
    stream.fd = fd;
    status = open_descriptor(input, &stream, err);
    (void)close(fd);
    return status;
}

enum xd_input_status
xd_input_open(struct xd_input *input, const char *path, uint64_t limit, struct xd_error *err)
{
    return xd_input_follow(input, path, limit, NULL, NULL, err);
}

void
xd_input_close(struct xd_input *input)
{
    if (input->map) {
        (void)munmap(input->map, input->map_len);
    }
    *input = (struct xd_input){.bytes = XD_NONE};
}

void
xd_input_release(const struct xd_input *input, struct xd_slice part)
{
    uintptr_t map = (uintptr_t)input->map;
    uintptr_t first = (uintptr_t)part.ptr;

    if (!input->mapped || first < map || first + part.len > map + input->bytes.len) {
        return;
    }
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (first + page - 1) / page * page;
    uintptr_t to = (first + part.len) / page * page;
    if (from < to) {
        (void)madvise((char *)input->map + (from - map), to - from, MADV_DONTNEED);
    }
}

bool
xd_file_read(const char *path, struct xd_arena *arena, size_t limit, struct xd_slice *out,
             struct xd_error *err)
{
    struct xd_input input;

    switch (xd_input_open(&input, path, limit, err)) {
    case XD_INPUT_OK:
        break;
    case XD_INPUT_TOO_LARGE:
        return xd_error_set(err, EX_DATAERR, "%s is larger than %zu bytes", path, limit);
    case XD_INPUT_ERROR:
        return false;
    }
    *out = xd_arena_copy(arena, input.bytes);
    xd_input_close(&input);
    return out->ptr ? true : xd_error_set(err, EX_OSERR, "not enough memory for %s", path);
}

/* All of `bytes` to the descriptor, however the kernel cuts it. False with errno set. */
static bool
write_all(int fd, struct xd_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        bytes = xd_slice_sub(bytes, put > 0 ? (size_t)put : 0, SIZE_MAX);
    }
    return true;
}

bool
xd_outfile_open(struct xd_outfile *file, const char *dir, const char *name, struct xd_error *err)
{
    int full = snprintf(file->path, sizeof(file->path), "%s/%s", dir, name);
    int temporary = snprintf(file->temporary, sizeof(file->temporary), "%s/.%s.%ld.tmp", dir, name,
                             (long)getpid());

    file->fd = -1;
    file->bytes = 0;
    file->started = 0;
    if (full < 0 || temporary < 0 || (size_t)temporary >= sizeof(file->temporary)) {
        return xd_error_set(err, EX_CANTCREAT, "the output path is too long: %s", dir);
    }
    file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file->fd < 0) {
        return xd_error_errno(err, EX_CANTCREAT, errno, "cannot create %s", file->temporary);
    }
    return true;
}

/* Bytes after which a long file is started early. */
#define WRITEBACK_STEP ((uint64_t)8 << 20)

/* That the kernel cannot start writing (a pipe, an odd file system) changes nothing: the final sync
 * does all of it then. */
void
xd_outfile_start(struct xd_outfile *file)
{
    (void)sync_file_range(file->fd, (off64_t)file->started, (off64_t)(file->bytes - file->started),
                          SYNC_FILE_RANGE_WRITE);
    file->started = file->bytes;
}

bool
xd_outfile_write(struct xd_outfile *file, struct xd_slice bytes, struct xd_error *err)
{
    if (!write_all(file->fd, bytes)) {
        return xd_error_errno(err, EX_IOERR, errno, "cannot write %s", file->temporary);
    }
    file->bytes += bytes.len;
    if (file->bytes - file->started >= WRITEBACK_STEP) {
        xd_outfile_start(file);
    }
    return true;
}

bool
xd_outfile_finish(struct xd_outfile *file, struct xd_error *err)
{
    int fd = file->fd;

    if (fsync(fd) != 0) {
        return xd_error_errno(err, EX_IOERR, errno, "cannot sync %s", file->temporary);
    }
    file->fd = -1;
    if (close(fd) != 0) {
        return xd_error_errno(err, EX_IOERR, errno, "cannot close %s", file->temporary);
    }
    return true;
}

bool
xd_outfile_publish(struct xd_outfile *file, struct xd_error *err)
{
    if (rename(file->temporary, file->path) != 0) {
        return xd_error_errno(err, EX_CANTCREAT, errno, "cannot rename to %s", file->path);
    }
    return true;
}

void
xd_outfile_discard(struct xd_outfile *file)
{
    if (file->fd >= 0) {
        (void)close(file->fd);
        file->fd = -1;
    }
    if (file->temporary[0]) {
        (void)unlink(file->temporary);
    }
}

bool
xd_file_remove(const char *dir, const char *name, struct xd_error *err)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s", dir, name);

    if (len < 0 || (size_t)len >= sizeof(path)) {
        return xd_error_set(err, EX_CANTCREAT, "the output path is too long: %s", dir);
    }
    if (unlink(path) != 0 && errno != ENOENT) {
        return xd_error_errno(err, EX_IOERR, errno, "cannot remove %s", path);
    }
    return true;
}

bool
xd_dir_sync(const char *dir, struct xd_error *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;

    if (!synced) {
        xd_error_errno(err, EX_IOERR, errno, "cannot sync the folder %s", dir);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return synced;
}

bool
xd_dir_lock(const char *dir, int *lock, struct xd_error *err)
{
    *lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0) {
        return xd_error_errno(err, EX_CANTCREAT, errno, "cannot open the folder %s", dir);
    }
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        xd_dir_unlock(lock);
        return xd_error_set(err, EX_TEMPFAIL, "another run is writing to %s", dir);
    }
    return true;
}

void
xd_dir_unlock(int *lock)
{
    if (*lock >= 0) {
        (void)close(*lock);
        *lock = -1;
    }
}

/* .NAME.PID.tmp, as xd_outfile_open makes them */
static bool
is_temporary(struct xd_slice name)
{
    size_t end = name.len;

    if (!xd_slice_starts(name, XD_LIT(".")) || !xd_slice_ends(name, XD_LIT(".tmp"))) {
        return false;
    }
    end -= 4;
    while (end > 0 && xd_is_digit(name.ptr[end - 1])) {
        end--;
    }
    return end < name.len - 4 && end > 2 && name.ptr[end - 1] == '.';
}

bool
xd_dir_sweep(const char *dir, struct xd_error *err)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    bool swept = true;

    if (!folder) {
        return xd_error_errno(err, EX_CANTCREAT, errno, "cannot read the folder %s", dir);
    }
    /* cppcheck-suppress readdirCalled ; the stream is this function's own */
    while (swept && (entry = readdir(folder)) != NULL) {
        if (is_temporary(xd_slice_str(entry->d_name))) {
            swept = xd_file_remove(dir, entry->d_name, err);
        }
    }
    (void)closedir(folder);
    return swept;
}

bool
xd_dir_make(const char *dir, struct xd_error *err)
{
    char path[4096];
    size_t len = strlen(dir);

    if (len == 0 || len >= sizeof(path)) {
        return xd_error_set(err, EX_CANTCREAT, "not a usable folder name: \"%s\"", dir);
    }
    memcpy(path, dir, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        char kept = path[i];
        path[i] = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            return xd_error_errno(err, EX_CANTCREAT, errno, "cannot create the folder %s", path);
        }
        path[i] = kept;
    }
    return true;
}

bool
xd_file_mark(const char *path, struct xd_file_mark *mark)
{
    struct stat info;

    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return false;
    }
    *mark = (struct xd_file_mark){.device = info.st_dev,
                                  .inode = info.st_ino,
                                  .bytes = (uint64_t)info.st_size,
                                  .seconds = info.st_mtim.tv_sec,
                                  .nanoseconds = info.st_mtim.tv_nsec};
    return true;
}
