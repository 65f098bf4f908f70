/*
 * A partner's program waits for these, so they are written also when everything was refused: then
 * most of all.
 */
#include "pipeline/acks.h"

#include <sysexits.h>

#include "base/hash.h"
#include "writer/ack.h"

#define ACK_MAX ((size_t)256 << 20)

static bool
out_of_memory(struct xd_error *err)
{
    return xd_error_set(err, EX_OSERR, "not enough memory for the acknowledgements");
}

/* Where the rows of the run stand in their messages: both come in the order of the documents. */
struct place {
    const struct xd_interchange *interchange;
    const struct xd_edi_group *group;
    const struct xd_edi_message *message;
};

/* What the rows of one parcel have in common: its lines need not follow each other, and a parcel
 * that two messages name is told in both. */
struct parcel_key {
    const struct xd_edi_message *message;
    uint64_t order;
    uint64_t parcel;
};

static void
step(struct place *place)
{
    place->message = place->message ? place->message->next : NULL;
    while (!place->message && place->interchange) {
        if (place->group) {
            place->group = place->group->next;
        } else {
            place->group = place->interchange->first;
        }
        if (place->group) {
            place->message = place->group->first;
        } else {
            place->interchange = place->interchange->next;
        }
    }
}

static bool
holds_row(const struct place *place, uint16_t document, uint32_t row)
{
    return place->message && place->interchange->document == document &&
           row - place->message->first_row < place->message->rows;
}

/* The message that a row came from; NULL for a row of another format. */
static const struct xd_edi_message *
message_of(struct place *place, uint16_t document, uint32_t row)
{
    while (place->interchange && place->interchange->document <= document &&
           !holds_row(place, document, row)) {
        step(place);
    }
    return holds_row(place, document, row) ? place->message : NULL;
}

struct collecting {
    struct xd_run *run;
    struct place place;
    struct xd_map seen; /* parcel_key to the index of its entry */
    struct parcel_key *keys;
    struct xd_ack_parcel *parcels;
    size_t count;
};

/* A row that tells something worse of its parcel than those before it. */
static void
worsen(struct xd_ack_parcel *parcel, const struct xd_row_fact *fact)
{
    if (fact->disposition > (uint8_t)parcel->disposition) {
        parcel->disposition = (enum xd_disposition)fact->disposition;
        parcel->reason = (enum xd_finding_code)fact->reason;
    }
}

static bool
add_row(struct collecting *work, const struct xd_batch *batch, uint32_t row)
{
    const struct xd_row_fact *fact = &batch->facts[row];
    uint16_t document = batch->rows.document->index;
    uint32_t number = xd_rows_number(&batch->rows, row);
    struct parcel_key *key = &work->keys[work->count];
    uint32_t before = XD_MAP_NONE;

    *key = (struct parcel_key){message_of(&work->place, document, number), fact->order_hash,
                               fact->parcel_hash};
    if (!key->message) {
        return true;
    }
    before = xd_map_get(&work->seen, xd_slice_of((const char *)key, sizeof(*key)));
    if (before != XD_MAP_NONE) {
        worsen(&work->parcels[before], fact);
        return true;
    }
    work->parcels[work->count] = (struct xd_ack_parcel){
        .document = document,
        .row = number,
        .code = xd_rows_get(&batch->rows, row, XD_FIELD_PARCEL_CODE, &work->run->arena),
        .order = xd_row_order_id(&batch->rows, row, &work->run->arena),
        .disposition = (enum xd_disposition)fact->disposition,
        .reason = (enum xd_finding_code)fact->reason,
    };
    return xd_map_put(&work->seen, xd_slice_of((const char *)key, sizeof(*key)),
                      (uint32_t)work->count++, NULL);
}

/* One entry for each parcel of a message, in the order of the parcels' first rows. */
static bool
collect_parcels(struct xd_run *run, struct xd_ack_parcel **parcels, size_t *count)
{
    struct collecting work = {.run = run, .place = {.interchange = run->manifests.interchanges}};
    size_t rows = (size_t)run->manifests.rows_read;

    work.parcels = xd_arena_array(&run->arena, rows + 1, sizeof(*work.parcels));
    work.keys = xd_arena_array(&run->arena, rows + 1, sizeof(*work.keys));
    if (!work.parcels || !work.keys || !xd_map_init(&work.seen, &run->arena, 1024, false)) {
        return out_of_memory(run->err);
    }
    step(&work.place);
    for (size_t i = 0; i < run->manifests.batch_count; i++) {
        const struct xd_batch *batch = run->manifests.batches[i];
        for (uint32_t row = 0; row < batch->rows.count; row++) {
            if (!add_row(&work, batch, row)) {
                return out_of_memory(run->err);
            }
        }
    }
    *parcels = work.parcels;
    *count = work.count;
    return true;
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
    struct xd_ack_parcel *parcels = NULL;
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
