/*
 * crossdock.run.json: which files a run published, with size and digest. It is read back by the
 * next run, which trusts it only as far as the files themselves agree with it.
 */
#include <jansson.h>
#include <stdio.h>

#include "base/json.h"
#include "writer/output.h"

static void
remember_one(struct xd_output_set *set, const json_t *entry)
{
    const json_t *name = json_object_get(entry, "name");
    const json_t *hash = json_object_get(entry, "hash");
    json_int_t bytes = json_integer_value(json_object_get(entry, "bytes"));
    struct xd_slice text = xd_slice_of(json_string_value(name), json_string_length(name));
    struct xd_output_old *old;

    if (!json_is_string(hash) || bytes < 0 || !xd_output_name_good(text) ||
        !xd_output_is_there(set, json_string_value(name), (uint64_t)bytes, XD_NONE)) {
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

void
xd_output_read_list(struct xd_output_set *set, const char *name)
{
    struct xd_input input;
    struct xd_error ignored = {0};
    char path[4096];
    json_t *run;

    if ((size_t)snprintf(path, sizeof(path), "%s/%s", set->dir, name) >= sizeof(path) ||
        xd_input_open(&input, path, XD_OUTPUT_LIST_MAX, &ignored) != XD_INPUT_OK) {
        return;
    }
    run = json_loadb(input.bytes.ptr ? input.bytes.ptr : "", input.bytes.len, 0, NULL);
    remember(set, json_object_get(run, "files"));
    remember(set, json_object_get(run, "removed"));
    if (strcmp(name, XD_OUTPUT_NEXT_FILE) == 0) {
        remember(set, json_object_get(run, "replaced"));
    }
    json_decref(run);
    xd_input_close(&input);
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

/* The files of earlier runs whose names this one takes again, or does not. */
static void
put_old(const struct xd_output_set *set, const char *key, bool taken, struct xd_json *json)
{
    xd_json_array(json, key);
    for (const struct xd_output_old *old = set->old; old; old = old->next) {
        const struct xd_output *output = xd_output_find(set, old->name);
        bool same = output && xd_slice_eq(old->hash, xd_slice_str(output->hash));
        if (taken == (output != NULL) && !same) {
            put_entry(json, old->name, old->bytes, old->hash);
        }
    }
    xd_json_end(json);
}

void
xd_output_write_list(const struct xd_output_set *set, struct xd_buf *buf)
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
    put_old(set, "removed", false, &json);
    put_old(set, "replaced", true, &json);
    xd_json_end(&json);
}
