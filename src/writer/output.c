/*
 * The order of a commit, and why a crash at any point of it does no harm:
 *   1. every file is on disk under its temporary name        - crash: the earlier set is untouched
 *   2. .crossdock.run.next.json names the new set, dir synced - crash: as 1; the next run knows
 * what may appear
 *   3. the files get their names, dir synced                 - crash: each file is whole, but
 * crossdock.run.json still holds the earlier hashes, so the mix is seen as one
 *   4. next.json becomes crossdock.run.json, dir synced      - from here on the new set is the
 * valid one
 *   5. files of earlier runs that are not in it are removed  - crash: crossdock.run.json lists them
 * under "removed", and the next run removes them Step 5 removes only a file that still has the size
 * and hash under which an earlier run listed it.
 */
#include "writer/output.h"

#include <jansson.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/json.h"

#define RUN_FILE_MAX (16u << 20)

static void
format_hash(const unsigned char digest[XD_OUTPUT_HASH], char text[XD_OUTPUT_HASH_TEXT])
{
    (void)snprintf(text, XD_OUTPUT_HASH_TEXT, "blake2b-256:");
    (void)sodium_bin2hex(text + 12, 2 * XD_OUTPUT_HASH + 1, digest, XD_OUTPUT_HASH);
}

static bool
safe_name(struct xd_slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!xd_is_alpha(c) && !xd_is_digit(c) && c != '-' && c != '_' && (c != '.' || i == 0)) {
            return false;
        }
    }
    return name.len > 0 && name.len <= 200;
}

static struct xd_output *
find(const struct xd_output_set *set, struct xd_slice name)
{
    struct xd_output *output = set->first;

    while (output && !xd_slice_eq(output->name, name)) {
        output = output->next;
    }
    return output;
}

/* Whether the file is there with that size, and with that hash unless `hash` is empty. */
static bool
is_there(const struct xd_output_set *set, const char *name, uint64_t bytes, struct xd_slice hash)
{
    unsigned char digest[XD_OUTPUT_HASH];
    char text[XD_OUTPUT_HASH_TEXT] = "";
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
        (void)crypto_generichash(digest, sizeof(digest), (const unsigned char *)input.bytes.ptr,
                                 input.bytes.len, NULL, 0);
        format_hash(digest, text);
        same = xd_slice_eq(hash, xd_slice_str(text));
    }
    xd_input_close(&input);
    return same;
}

static void
remember_one(struct xd_output_set *set, const json_t *entry)
{
    const json_t *name = json_object_get(entry, "name");
    const json_t *hash = json_object_get(entry, "hash");
    json_int_t bytes = json_integer_value(json_object_get(entry, "bytes"));
    struct xd_slice text = xd_slice_of(json_string_value(name), json_string_length(name));
    struct xd_output_old *old;

    if (!json_is_string(hash) || bytes < 0 || !safe_name(text) ||
        !is_there(set, json_string_value(name), (uint64_t)bytes, XD_NONE)) {
        return;
    }
    old = xd_arena_alloc(set->arena, sizeof(*old));
    if (!old) {
        return;
    }
    old->name = xd_arena_copy(set->arena, text);
    old->bytes = (uint64_t)bytes;
    old->hash =
        xd_arena_copy(set->arena, xd_slice_of(json_string_value(hash), json_string_length(hash)));
    if (old->name.ptr && old->hash.ptr) {
        old->next = set->old;
        set->old = old;
    }
}

/* Remembers the files that one list of a run file names; what makes no sense, or is gone, is passed
 * over. */
static void
remember(struct xd_output_set *set, const json_t *list)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(list, i, entry)
    {
        remember_one(set, entry);
    }
}

/* A run file that is not there or not ours tells nothing, and then nothing is ever removed on its
 * word. */
static void
read_run_file(struct xd_output_set *set, const char *name)
{
    struct xd_input input;
    struct xd_error ignored = {0};
    char path[4096];
    json_t *run;

    if ((size_t)snprintf(path, sizeof(path), "%s/%s", set->dir, name) >= sizeof(path) ||
        xd_input_open(&input, path, RUN_FILE_MAX, &ignored) != XD_INPUT_OK) {
        return;
    }
    run = json_loadb(input.bytes.ptr ? input.bytes.ptr : "", input.bytes.len, 0, NULL);
    remember(set, json_object_get(run, "files"));
    remember(set, json_object_get(run, "removed"));
    json_decref(run);
    xd_input_close(&input);
}

bool
xd_output_open(struct xd_output_set *set, const char *dir, struct xd_arena *arena,
               struct xd_error *err)
{
    *set = (struct xd_output_set){.dir = dir, .arena = arena};
    set->last = &set->first;
    if (sodium_init() < 0) {
        return xd_error_set(err, EX_SOFTWARE, "libsodium cannot be initialised");
    }
    if (!xd_dir_make(dir, err)) {
        return false;
    }
    read_run_file(set, XD_OUTPUT_RUN_FILE);
    read_run_file(set, XD_OUTPUT_NEXT_FILE);
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

    if (!safe_name(name) || xd_slice_eq(name, XD_LIT(XD_OUTPUT_RUN_FILE)) || find(set, name)) {
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
    (void)crypto_generichash_init(&output->state, NULL, 0, XD_OUTPUT_HASH);
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
    (void)crypto_generichash_update(&output->state, (const unsigned char *)bytes.ptr, bytes.len);
    output->bytes += bytes.len;
    return xd_outfile_write(&output->file, bytes, err);
}

bool
xd_output_finish(struct xd_output *output, struct xd_error *err)
{
    unsigned char digest[XD_OUTPUT_HASH];

    if (output->finished) {
        return true;
    }
    (void)crypto_generichash_final(&output->state, digest, sizeof(digest));
    format_hash(digest, output->hash);
    output->finished = true;
    return xd_outfile_finish(&output->file, err);
}

static void
put_entry(struct xd_json *json, struct xd_slice name, uint64_t bytes, struct xd_slice hash)
{
    xd_json_object(json, NULL);
    xd_json_text(json, "name", name);
    xd_json_u64(json, "bytes", bytes);
    xd_json_text(json, "hash", hash);
    xd_json_end(json);
}

static void
put_run(const struct xd_output_set *set, struct xd_buf *buf)
{
    struct xd_json json;

    xd_json_init(&json, buf, false);
    xd_json_object(&json, NULL);
    xd_json_text(&json, "format", XD_LIT("crossdock-run/1"));
    xd_json_array(&json, "files");
    for (const struct xd_output *output = set->first; output; output = output->next) {
        put_entry(&json, output->name, output->bytes, xd_slice_str(output->hash));
    }
    xd_json_end(&json);
    xd_json_array(&json, "removed");
    for (const struct xd_output_old *old = set->old; old; old = old->next) {
        if (!find(set, old->name)) {
            put_entry(&json, old->name, old->bytes, old->hash);
        }
    }
    xd_json_end(&json);
    xd_json_end(&json);
}

/* Steps 1 and 2. */
static bool
announce(struct xd_output_set *set, struct xd_error *err)
{
    struct xd_outfile next = {.fd = -1};
    struct xd_buf buf;
    bool done;

    for (struct xd_output *output = set->first; output; output = output->next) {
        if (!xd_output_finish(output, err)) {
            return false;
        }
    }
    xd_buf_init(&buf, RUN_FILE_MAX);
    put_run(set, &buf);
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
        if (find(set, old->name) || !is_there(set, old->name.ptr, old->bytes, old->hash)) {
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
    if (announce(set, err) && publish(set, err)) {
        return clean(set, err);
    }
    xd_output_abort(set);
    return false;
}

void
xd_output_abort(struct xd_output_set *set)
{
    for (struct xd_output *output = set->first; output; output = output->next) {
        xd_outfile_discard(&output->file);
        output->file.temporary[0] = '\0';
        output->finished = true;
    }
}
