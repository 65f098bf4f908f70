/*
 * The files of one run, which appear together or not at all. Each is written under a temporary
 * name; when the run is good, all are synced and renamed, and crossdock.run.json names them with
 * size and hash, so that whoever collects them can tell a whole set from one that a power cut
 * interrupted.
 */
#ifndef XD_WRITER_OUTPUT_H
#define XD_WRITER_OUTPUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"

#define XD_OUTPUT_RUN_FILE  "crossdock.run.json"
#define XD_OUTPUT_NEXT_FILE ".crossdock.run.next.json"
#define XD_OUTPUT_LIST_MAX  (16u << 20) /* bytes of such a list */

/* One file of the set. One thread at a time writes it; different threads may write different files.
 */
struct xd_output {
    struct xd_output *next;
    struct xd_slice name;
    struct xd_outfile file;
    struct xd_digest digest;
    uint64_t bytes;
    char hash[XD_DIGEST_TEXT]; /* set by xd_output_finish; `b2sum -l 256 FILE` gives the same
                                       digits */
    bool finished;
};

/* A file that an earlier run wrote and this one may have to remove. */
struct xd_output_old {
    struct xd_output_old *next;
    struct xd_slice name;
    uint64_t bytes;
    struct xd_slice hash;
};

struct xd_output_set {
    const char *dir;
    struct xd_arena *arena;
    struct xd_output *first;
    struct xd_output **last;
    struct xd_output_old *old; /* what earlier runs left in the folder */
    int lock;                  /* of the folder, from open to commit or abort */
    unsigned started;          /* files that are complete and not yet synced */
};

/* Makes the folder where it is missing and reads what an earlier run left there. False with *err.
 */
bool xd_output_open(struct xd_output_set *set, const char *dir, struct xd_arena *arena,
                    struct xd_error *err);

/* A new file of the set; NULL with *err when the name is taken, holds anything but letters, digits,
 * '.', '_' and '-', starts with a dot, or the file cannot be created. */
struct xd_output *xd_output_add(struct xd_output_set *set, struct xd_slice name,
                                struct xd_error *err);

bool xd_output_write(struct xd_output *output, struct xd_slice bytes, struct xd_error *err);

/* The file is complete: `bytes` and `hash` are final, nothing more can be written, and it is on its
 * way to the disk. */
bool xd_output_finish(struct xd_output_set *set, struct xd_output *output, struct xd_error *err);

/* Publishes all files and removes those of earlier runs that this run did not write again. False
 * with *err: before the first rename nothing has changed; behind it the next run completes the
 * cleaning. */
bool xd_output_commit(struct xd_output_set *set, struct xd_error *err);

/* Removes every temporary file; what an earlier run published stays. Harmless after a commit. */
void xd_output_abort(struct xd_output_set *set);

/* ---- the list of files, as output_json.c keeps it ---- */

/* Remembers the files that DIR/NAME, a list of an earlier run, says were written and that are still
 * there. A list that is missing or not ours tells nothing, and then nothing is ever removed on its
 * word. */
void xd_output_read_list(struct xd_output_set *set, const char *name);

/* Appends the list of this set. */
void xd_output_write_list(const struct xd_output_set *set, struct xd_buf *buf);

/* The file of that name in the set, or NULL. */
struct xd_output *xd_output_find(const struct xd_output_set *set, struct xd_slice name);

/* Whether a name can be the name of an output. */
bool xd_output_name_good(struct xd_slice name);

/* Whether DIR/NAME is there with that size, and with that hash unless `hash` is empty. */
bool xd_output_is_there(const struct xd_output_set *set, const char *name, uint64_t bytes,
                        struct xd_slice hash);

#endif
