/*
 * A partner's program waits for these, so they are written also when everything was refused: then
 * most of all.
 */
#include "pipeline/acks.h"

#include <sysexits.h>

#include "writer/ack.h"

#define ACK_MAX ((size_t)256 << 20)

static bool
out_of_memory(struct xd_error *err)
{
    return xd_error_set(err, EX_OSERR, "not enough memory for the acknowledgements");
}

/* One entry for the rows of a parcel that follow each other: EDI names a parcel once and its lines
 * below it. */
static bool
collect_parcels(struct xd_run *run, struct xd_ack_parcel **parcels, size_t *count)
{
    const struct xd_row_fact *last = NULL;

    *count = 0;
    *parcels = xd_arena_array(&run->arena, (size_t)run->manifests.rows_read, sizeof(**parcels));
    for (size_t i = 0; *parcels && i < run->manifests.batch_count; i++) {
        struct xd_batch *batch = run->manifests.batches[i];
        for (uint32_t row = 0; row < batch->rows.count; row++) {
            const struct xd_row_fact *fact = &batch->facts[row];
            bool same = row > 0 && last->order_hash == fact->order_hash &&
                        last->parcel_hash == fact->parcel_hash;
            last = fact;
            if (same) {
                continue;
            }
            (*parcels)[(*count)++] = (struct xd_ack_parcel){
                .document = batch->rows.document->index,
                .row = xd_rows_number(&batch->rows, row),
                .code = xd_rows_get(&batch->rows, row, XD_FIELD_PARCEL_CODE, &run->arena),
                .order = xd_row_order_id(&batch->rows, row, &run->arena),
                .disposition = (enum xd_disposition)fact->disposition,
                .reason = (enum xd_finding_code)fact->reason,
            };
        }
    }
    return *parcels ? true : out_of_memory(run->err);
}

static bool
prepare(struct xd_run *run, struct xd_ack_in *in, struct xd_error *err)
{
    struct xd_edi_codes *codes = xd_arena_alloc(&run->arena, sizeof(*codes));

    *in = (struct xd_ack_in){.interchange = run->manifests.interchanges,
                             .codes = codes,
                             .texts = run->tables->texts,
                             .tables = &run->tables->source,
                             .as_of = run->options->as_of};
    return codes ? xd_edi_codes_load(codes, &run->tables->source, err) : out_of_memory(err);
}

bool
xd_acks_show(struct xd_run *run, struct xd_buf *out, struct xd_error *err)
{
    struct xd_ack_in in;

    return !run->manifests.interchanges ||
           (prepare(run, &in, err) && xd_ack_write_all(&in, out, err));
}

static bool
publish_one(struct xd_run *run, const struct xd_ack *ack, const struct xd_ack_in *in)
{
    struct xd_output *output;
    struct xd_buf buf;
    bool ok;

    xd_buf_init(&buf, ACK_MAX);
    ok = xd_ack_write(ack, in, &buf, run->err) && (!buf.failed || out_of_memory(run->err));
    if (ok && buf.len) {
        output = xd_output_add(&run->outputs, xd_slice_str(ack->file), run->err);
        ok = output && xd_output_write(output, xd_buf_slice(&buf), run->err);
    }
    xd_buf_free(&buf);
    return ok;
}

bool
xd_acks_publish(struct xd_run *run)
{
    struct xd_ack_parcel *parcels;
    struct xd_ack_in in;

    if (!run->manifests.interchanges) {
        return true;
    }
    if (!prepare(run, &in, run->err) || !collect_parcels(run, &parcels, &in.parcel_count)) {
        return false;
    }
    in.parcels = parcels;
    for (size_t i = 0; xd_ack_at(i); i++) {
        if (!publish_one(run, xd_ack_at(i), &in)) {
            return false;
        }
    }
    return true;
}
