/*
 * Files in and out. What goes out is written under a temporary name, fsynced and renamed, so that
 * no reader ever sees half a handoff file; what comes in is mapped, never altered.
 */
#ifndef XD_BASE_FILE_H
#define XD_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

/* A whole input in memory: mapped when it is a regular file, read when it is a pipe. A zero byte
 * that does not count follows the last, unless the input is empty. */
struct xd_input {
    struct xd_slice bytes;
    void *map; /* private: what to unmap */
    size_t map_len;
    bool mapped;
};

enum xd_input_status {
    XD_INPUT_OK,
    XD_INPUT_ERROR,     /* see *err: no such file, no permission, I/O */
    XD_INPUT_TOO_LARGE, /* more than `limit` bytes */
};

/* Opens `path`; "-" is standard input. Never follows into a directory, never blocks on a FIFO that
 * is not "-". */
enum xd_input_status xd_input_open(struct xd_input *input, const char *path, uint64_t limit,
                                   struct xd_error *err);

/*
 * The same; `grown` hears what of a stream has come so far, which does not move any more. It says
 * whether more is wanted: when not, the input ends there. It is not asked about a regular file.
 */
enum xd_input_status xd_input_follow(struct xd_input *input, const char *path, uint64_t limit,
                                     bool (*grown)(void *ctx, struct xd_slice have), void *ctx,
                                     struct xd_error *err);
void xd_input_close(struct xd_input *input);

/* Lets the system take back the memory of a part of a mapped input; whoever looks at it again gets
 * the same bytes from the file. Does nothing for what is not part of the input or was not mapped.
 */
void xd_input_release(const struct xd_input *input, struct xd_slice part);

/* The whole of a small file, copied into the arena. False with *err set. */
bool xd_file_read(const char *path, struct xd_arena *arena, size_t limit, struct xd_slice *out,
                  struct xd_error *err);

/* A file that is not there until it is complete. */
struct xd_outfile {
    int fd;           /* -1 when closed */
    uint64_t bytes;   /* written */
    uint64_t started; /* of these, on their way to the disk: the final sync then has little left to
                         wait for */
    char path[4096];
    char temporary[4096];
};

/* Creates DIR/.NAME.PID.tmp. `name` holds no slash. False with *err set. */
bool xd_outfile_open(struct xd_outfile *file, const char *dir, const char *name,
                     struct xd_error *err);
bool xd_outfile_write(struct xd_outfile *file, struct xd_slice bytes, struct xd_error *err);

/* What was written so far sets out for the disk, and nobody waits: of files that are started
 * together the first sync takes the others along. */
void xd_outfile_start(struct xd_outfile *file);

/* Flushes to disk and closes; the temporary name stays. */
bool xd_outfile_finish(struct xd_outfile *file, struct xd_error *err);

/* Gives the finished file its name, replacing an older one. The directory must be synced
 * afterwards. */
bool xd_outfile_publish(struct xd_outfile *file, struct xd_error *err);

/* Removes the temporary file of an output that is not to be. */
void xd_outfile_discard(struct xd_outfile *file);

/* Removes DIR/NAME; one that is not there is no error. The directory must be synced afterwards. */
bool xd_file_remove(const char *dir, const char *name, struct xd_error *err);

/* Makes the renames in `dir` survive a power cut. */
bool xd_dir_sync(const char *dir, struct xd_error *err);

/* Keeps other runs out of `dir` until xd_dir_unlock or the end of the process. EX_TEMPFAIL when
 * another run is in it; a file system that knows no locks is no error. */
bool xd_dir_lock(const char *dir, int *lock, struct xd_error *err);
void xd_dir_unlock(int *lock);

/* Removes the temporary files (.NAME.PID.tmp) that a run which was killed left in `dir`; the caller
 * holds its lock. */
bool xd_dir_sweep(const char *dir, struct xd_error *err);

/* Creates `dir` and its parents where missing. */
bool xd_dir_make(const char *dir, struct xd_error *err);

/* Which file stands under a name, and when it was last written. */
struct xd_file_mark {
    uint64_t device;
    uint64_t inode;
    uint64_t bytes;
    int64_t seconds; /* of the last change */
    int64_t nanoseconds;
};

/* False when there is no regular file of that name. */
bool xd_file_mark(const char *path, struct xd_file_mark *mark);

#endif
