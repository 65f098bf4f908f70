/*
 * The order of a commit, and why a crash at any point of it does no harm.
 * 1. Every file is on disk under its temporary name. Crash: the earlier set is untouched. They are
 *    started first and waited for afterwards: twenty small files then cost about one sync.
 * 2. .crossdock.run.next.json names the new set, and the folder is synced. Crash: as 1.
 * 3. The files get their names, and the folder is synced. Crash: each file is whole, but
 *    crossdock.run.json still holds the earlier digests, so the mix is seen as one; the next run
 *    knows from step 2 what may have appeared.
 * 4. next.json becomes crossdock.run.json, and the folder is synced: the new set is the valid one.
 *    Names that it takes from files of earlier runs are listed as "replaced", so that these are
 *    known as ours even when the next run crashes as well.
 * 5. Files of earlier runs that are not in it are removed, if they still have the size and digest
 *    under which that run listed them. Crash: the new list names them as "removed", and the next
 *    run removes them.
 */
#include "writer/output.h"

#include <stdio.h>
#include <sysexits.h>

/* Complete files that may stay open until the commit; a handoff in a thousand parts must not run
 * out of descriptors. */
#define STARTED_MAX 64

bool
xd_output_name_good(struct xd_slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!xd_is_alpha(c) && !xd_is_digit(c) && c != '-' && c != '_' && (c != '.' || i == 0)) {
            return false;
        }
    }
    return name.len > 0 && name.len <= 200;
}

struct xd_output *
xd_output_find(const struct xd_output_set *set, struct xd_slice name)
{
    struct xd_output *output = set->first;

    while (output && !xd_slice_eq(output->name, name)) {
        output = output->next;
    }
    return output;
}

bool
xd_output_is_there(const struct xd_output_set *set, const char *name, uint64_t bytes,
                   struct xd_slice hash)
{
    char text[XD_DIGEST_TEXT];
    struct xd_error ignored = {0};
    struct xd_input input;
    char path[4096];
    bool same;

    if ((size_t)snprintf(path, sizeof(path), "%s/%s", set->dir, name) >= sizeof(path) ||
        xd_input_open(&input, path, bytes, &ignored) != XD_INPUT_OK) {
        return false;
    }
    same = input.bytes.len == bytes;
    if (same && hash.len > 0) {
        xd_digest_of(input.bytes, text);
        same = xd_slice_eq(hash, xd_slice_str(text));
    }
    xd_input_close(&input);
    return same;
}

bool
xd_output_open(struct xd_output_set *set, const char *dir, struct xd_arena *arena,
               struct xd_error *err)
{
    *set = (struct xd_output_set){.dir = dir, .arena = arena, .lock = -1};
    set->last = &set->first;
    if (!xd_dir_make(dir, err) || !xd_dir_lock(dir, &set->lock, err)) {
        return false;
    }
    if (!xd_dir_sweep(dir, err)) {
        xd_dir_unlock(&set->lock);
        return false;
    }
    xd_output_read_list(set, XD_OUTPUT_RUN_FILE);
    xd_output_read_list(set, XD_OUTPUT_NEXT_FILE);
    return true;
}

/* The hash state wants the alignment of a cache line, which is more than an arena gives. */
static struct xd_output *
new_output(struct xd_arena *arena)
{
    const size_t alignment = _Alignof(struct xd_output);
    char *memory = xd_arena_alloc(arena, sizeof(struct xd_output) + alignment);
    size_t excess = (size_t)(uintptr_t)memory % alignment;

    return memory ? (struct xd_output *)(void *)(memory + (alignment - excess)) : NULL;
}

struct xd_output *
xd_output_add(struct xd_output_set *set, struct xd_slice name, struct xd_error *err)
{
    struct xd_output *output;

    if (!xd_output_name_good(name) || xd_slice_eq(name, XD_LIT(XD_OUTPUT_RUN_FILE)) ||
        xd_output_find(set, name)) {
        xd_error_set(err, EX_SOFTWARE, "not a new output name: \"%.*s\"", XD_FMT(name));
        return NULL;
    }
    output = new_output(set->arena);
    if (output) {
        output->name = xd_arena_copy(set->arena, name);
    }
    if (!output || !output->name.ptr) {
        xd_error_set(err, EX_OSERR, "not enough memory for the outputs");
        return NULL;
    }
    xd_digest_start(&output->digest);
    if (!xd_outfile_open(&output->file, set->dir, output->name.ptr, err)) {
        return NULL;
    }
    *set->last = output;
    set->last = &output->next;
    return output;
}

bool
xd_output_write(struct xd_output *output, struct xd_slice bytes, struct xd_error *err)
{
    if (output->finished) {
        return xd_error_set(err, EX_SOFTWARE, "%s is finished", output->file.path);
    }
    xd_digest_add(&output->digest, bytes);
    output->bytes += bytes.len;
    return xd_outfile_write(&output->file, bytes, err);
}

bool
xd_output_finish(struct xd_output_set *set, struct xd_output *output, struct xd_error *err)
{
    if (output->finished) {
        return true;
    }
    xd_digest_finish(&output->digest, output->hash);
    output->finished = true;
    if (set->started >= STARTED_MAX) {
        return xd_outfile_finish(&output->file, err);
    }
    set->started++;
    xd_outfile_start(&output->file);
    return true;
}

static bool
sync_all(struct xd_output_set *set, struct xd_error *err)
{
    for (struct xd_output *output = set->first; output; output = output->next) {
        if (!xd_output_finish(set, output, err)) {
            return false;
        }
    }
    for (struct xd_output *output = set->first; output; output = output->next) {
        if (output->file.fd >= 0 && !xd_outfile_finish(&output->file, err)) {
            return false;
        }
    }
    return true;
}

/* Steps 1 and 2. */
static bool
announce(struct xd_output_set *set, struct xd_error *err)
{
    struct xd_outfile next = {.fd = -1};
    struct xd_buf buf;
    bool done;

    if (!sync_all(set, err)) {
        return false;
    }
    xd_buf_init(&buf, XD_OUTPUT_LIST_MAX);
    xd_output_write_list(set, &buf);
    done = !buf.failed || xd_error_set(err, EX_OSERR, "not enough memory for the list of outputs");
    done = done && xd_outfile_open(&next, set->dir, XD_OUTPUT_NEXT_FILE, err) &&
           xd_outfile_write(&next, xd_buf_slice(&buf), err) && xd_outfile_finish(&next, err) &&
           xd_outfile_publish(&next, err) && xd_dir_sync(set->dir, err);
    xd_buf_free(&buf);
    if (!done) {
        xd_outfile_discard(&next);
    }
    return done;
}

/* What an earlier run wrote may be replaced; what somebody else put there may be his only copy. */
static bool
check_names(const struct xd_output_set *set, struct xd_error *err)
{
    for (const struct xd_output *output = set->first; output; output = output->next) {
        struct xd_file_mark mark;
        const struct xd_output_old *old = set->old;
        while (old && !xd_slice_eq(old->name, output->name)) {
            old = old->next;
        }
        if (!old && xd_file_mark(output->file.path, &mark)) {
            return xd_error_set(err, EX_CANTCREAT,
                                "%s is there and was not written by an earlier run, or was changed "
                                "since; move it away",
                                output->file.path);
        }
    }
    return true;
}

/* Steps 3 and 4. */
static bool
publish(struct xd_output_set *set, struct xd_error *err)
{
    struct xd_outfile run = {.fd = -1};

    for (struct xd_output *output = set->first; output; output = output->next) {
        if (!xd_outfile_publish(&output->file, err)) {
            return false;
        }
        output->file.temporary[0] = '\0';
    }
    (void)snprintf(run.path, sizeof(run.path), "%s/%s", set->dir, XD_OUTPUT_RUN_FILE);
    (void)snprintf(run.temporary, sizeof(run.temporary), "%s/%s", set->dir, XD_OUTPUT_NEXT_FILE);
    return xd_dir_sync(set->dir, err) && xd_outfile_publish(&run, err) &&
           xd_dir_sync(set->dir, err);
}

/* Step 5. */
static bool
clean(struct xd_output_set *set, struct xd_error *err)
{
    bool removed = false;

    for (const struct xd_output_old *old = set->old; old; old = old->next) {
        if (xd_output_find(set, old->name) ||
            !xd_output_is_there(set, old->name.ptr, old->bytes, old->hash)) {
            continue;
        }
        if (!xd_file_remove(set->dir, old->name.ptr, err)) {
            return false;
        }
        removed = true;
    }
    return !removed || xd_dir_sync(set->dir, err);
}

bool
xd_output_commit(struct xd_output_set *set, struct xd_error *err)
{
    bool done = check_names(set, err) && announce(set, err) && publish(set, err) && clean(set, err);

    xd_output_abort(set);
    return done;
}

void
xd_output_abort(struct xd_output_set *set)
{
    for (struct xd_output *output = set->first; output; output = output->next) {
        xd_outfile_discard(&output->file);
        output->file.temporary[0] = '\0';
        output->finished = true;
    }
    xd_dir_unlock(&set->lock);
}
