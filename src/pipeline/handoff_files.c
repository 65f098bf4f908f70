/*
 * A parcel never lies in two files: rows are cut into parts between parcels, and each part has
 * totals of its own, so that a carrier can check every file by itself.
 */
#include "pipeline/handoff_files.h"

#include <sysexits.h>

#include "writer/totals.h"

/* Schema and totals are small; a layout has at most some hundred columns. */
#define BESIDE_MAX ((size_t)4 << 20)

bool
xd_handoff_files_open(struct xd_handoff_files *files, const struct xd_deciding *deciding,
                      struct xd_output_set *outputs, struct xd_arena *arena)
{
    *files = (struct xd_handoff_files){.deciding = deciding, .outputs = outputs, .arena = arena};
    files->open = xd_arena_array(arena, deciding->tables->carriers.count, sizeof(*files->open));
    return files->open;
}

static bool
write_buf(struct xd_output *output, struct xd_buf *buf, struct xd_error *err)
{
    bool ok = buf->failed ? xd_error_set(err, EX_OSERR, "not enough memory for an output")
                          : xd_output_write(output, xd_buf_slice(buf), err);

    xd_buf_free(buf);
    return ok;
}

static bool
begin_file(struct xd_handoff_files *files, uint32_t carrier, struct xd_error *err)
{
    const struct xd_layout *layout = files->deciding->layouts[carrier];
    struct xd_handoff_file *file = &files->open[carrier];
    struct xd_buf name;
    struct xd_buf header;

    xd_buf_init(&name, 4096);
    xd_buf_init(&header, BESIDE_MAX);
    file->part++;
    file->totals = (struct xd_totals){.rows = 0};
    if (!xd_totals_reserve(&file->totals, XD_CURRENCY_MAX, files->arena)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the control totals");
    }
    xd_layout_file_name(layout, files->deciding->tables->carriers.list[carrier].code,
                        files->deciding->as_of, file->part, &name);
    file->output = xd_output_add(files->outputs, xd_buf_slice(&name), err);
    xd_buf_free(&name);
    if (!file->output) {
        return false;
    }
    xd_layout_header(layout, &header);
    return write_buf(file->output, &header, err);
}

/* A file beside `base`, named with `ending`. */
static bool
write_beside(struct xd_handoff_files *files, struct xd_slice base, const char *ending,
             struct xd_buf *content, struct xd_error *err)
{
    struct xd_buf name;
    struct xd_output *output;

    xd_buf_init(&name, 4096);
    xd_buf_put(&name, base);
    xd_buf_str(&name, ending);
    output = xd_output_add(files->outputs, xd_buf_slice(&name), err);
    xd_buf_free(&name);
    if (!output) {
        xd_buf_free(content);
        return false;
    }
    return write_buf(output, content, err) && xd_output_finish(files->outputs, output, err);
}

static bool
remember(struct xd_handoff_files *files, uint32_t carrier)
{
    if (files->done_count == files->done_room) {
        size_t room = files->done_room ? files->done_room * 2 : 16;
        struct xd_summary_carrier *grown = xd_arena_array(files->arena, room, sizeof(*grown));
        if (!grown) {
            return false;
        }
        if (files->done_count) {
            memcpy(grown, files->done, files->done_count * sizeof(*grown));
        }
        files->done = grown;
        files->done_room = room;
    }
    files->done[files->done_count++] =
        (struct xd_summary_carrier){files->deciding->tables->carriers.list[carrier].code,
                                    files->open[carrier].output->name, files->open[carrier].totals};
    return true;
}

static bool
end_file(struct xd_handoff_files *files, uint32_t carrier, struct xd_error *err)
{
    struct xd_handoff_file *file = &files->open[carrier];
    const struct xd_layout *layout = files->deciding->layouts[carrier];
    struct xd_buf schema;
    struct xd_buf totals;

    if (!file->output) {
        return true;
    }
    if (!xd_output_finish(files->outputs, file->output, err)) {
        return false;
    }
    struct xd_totals_file about = {.layout = layout,
                                   .carrier = files->deciding->tables->carriers.list[carrier].code,
                                   .file = file->output->name,
                                   .hash = xd_slice_str(file->output->hash),
                                   .bytes = file->output->bytes,
                                   .as_of = files->deciding->as_of};
    xd_buf_init(&schema, BESIDE_MAX);
    xd_buf_init(&totals, BESIDE_MAX);
    xd_layout_schema(layout, &schema);
    xd_totals_json(&about, &file->totals, &totals);
    if (!write_beside(files, file->output->name, ".schema.json", &schema, err)) {
        xd_buf_free(&totals);
        return false;
    }
    if (!write_beside(files, file->output->name, ".totals.json", &totals, err)) {
        return false;
    }
    bool kept = remember(files, carrier);
    file->output = NULL;
    return kept ? true : xd_error_set(err, EX_OSERR, "not enough memory for the summary");
}

static bool
append(struct xd_handoff_files *files, uint32_t carrier, struct xd_slice rows,
       const struct xd_totals *totals, struct xd_error *err)
{
    struct xd_handoff_file *file = &files->open[carrier];

    if (!file->output && !begin_file(files, carrier, err)) {
        return false;
    }
    if (!xd_totals_add(&file->totals, totals)) {
        return xd_error_set(err, EX_SOFTWARE, "the control totals of %.*s do not fit in 63 bits",
                            XD_FMT(file->output->name));
    }
    return xd_output_write(file->output, rows, err);
}

/* Appends parcel by parcel, with a new file before the one that would be too long. */
static bool
append_parcels(struct xd_handoff_files *files, uint32_t carrier, const struct xd_carrier_rows *rows,
               struct xd_error *err)
{
    const struct xd_carrier_piece *pieces =
        (const struct xd_carrier_piece *)(const void *)rows->pieces.ptr;
    size_t count = rows->pieces.len / sizeof(*pieces);
    uint64_t most = files->deciding->layouts[carrier]->max_rows;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        struct xd_handoff_file *file = &files->open[carrier];
        if (file->output && file->totals.rows + pieces[i].totals.rows > most &&
            !end_file(files, carrier, err)) {
            return false;
        }
        if (!append(files, carrier, xd_slice_of(rows->rows.ptr + at, pieces[i].bytes),
                    &pieces[i].totals, err)) {
            return false;
        }
        at += pieces[i].bytes;
    }
    return true;
}

bool
xd_handoff_files_add(struct xd_handoff_files *files, const struct xd_decided *decided,
                     struct xd_error *err)
{
    for (uint32_t i = 0; i < files->deciding->tables->carriers.count; i++) {
        const struct xd_carrier_rows *rows = &decided->carriers[i];
        if (rows->totals.parcels == 0) {
            continue;
        }
        bool ok = rows->pieces.len
                      ? append_parcels(files, i, rows, err)
                      : append(files, i, xd_buf_slice(&rows->rows), &rows->totals, err);
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool
xd_handoff_files_finish(struct xd_handoff_files *files, struct xd_error *err)
{
    for (uint32_t i = 0; i < files->deciding->tables->carriers.count; i++) {
        if (!end_file(files, i, err)) {
            return false;
        }
    }
    return true;
}
