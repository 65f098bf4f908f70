/*
 * APERAK D.96A: what becomes of the parcels of a message that was syntactically sound. It is the
 * exception report in the partner's own language: one ERC for each parcel that does not ship, with
 * the sentence of its finding and, as reference, the parcel's number, or
 * its order's when it has none. Where one message cannot hold
 * them all, further ones go on.
 */
#include "writer/ack.h"

#define FTX_PARTS      5
#define FTX_CHARACTERS 70
#define ERC_MOST       999 /* segment group 3 */

/* Level A of ISO 9735 has no small letters. */
static struct xd_slice
in_level(const struct xd_interchange *interchange, struct xd_slice piece, char *room)
{
    for (size_t i = 0; i < piece.len; i++) {
        room[i] = interchange->repertoire == 'A' ? xd_to_upper(piece.ptr[i]) : piece.ptr[i];
    }
    return xd_slice_of(room, piece.len);
}

/* The sentence in up to five parts of 70 characters. */
static void
put_sentence(struct xd_edi_out *out, struct xd_slice text)
{
    char room[FTX_CHARACTERS];

    for (unsigned part = 0; part < FTX_PARTS && text.len; part++) {
        struct xd_slice piece =
            in_level(out->interchange, xd_slice_sub(text, 0, FTX_CHARACTERS), room);
        if (part == 0) {
            xd_edi_out_text(out, piece, FTX_CHARACTERS);
        } else {
            xd_edi_out_component(out, piece, FTX_CHARACTERS);
        }
        text = xd_slice_sub(text, piece.len, text.len);
    }
}

static void
put_exception(const struct xd_ack_in *in, struct xd_edi_out *out,
              const struct xd_ack_parcel *parcel)
{
    const struct xd_finding_text *row = &in->texts->of[parcel->reason];
    struct xd_slice code = row->code;

    if (xd_slice_starts(code, XD_LIT("XD-"))) {
        code = xd_slice_sub(code, 3, code.len); /* 9321 holds eight characters */
    }
    xd_edi_out_tag(out, "ERC");
    xd_edi_out_text(out, code, 8);
    xd_edi_out_component(out, XD_NONE, 0);
    xd_edi_out_component(out, XD_LIT("86"), 2);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "FTX");
    xd_edi_out_raw(out, XD_LIT("AAO"));
    xd_edi_out_raw(out, XD_NONE);
    xd_edi_out_raw(out, XD_NONE);
    put_sentence(out, row->text);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "RFF");
    xd_edi_out_raw(out, parcel->code.len ? XD_LIT("AAS") : XD_LIT("ON"));
    xd_edi_out_component(out, parcel->code.len ? parcel->code : parcel->order, 35);
    xd_edi_out_end(out);
}

static void
put_header(struct xd_edi_out *out, const struct xd_edi_message *message, uint32_t number,
           size_t exceptions, xd_date as_of)
{
    char date[8];

    out->segments = 0;
    xd_edi_out_tag(out, "UNH");
    xd_edi_out_number(out, number);
    xd_edi_out_raw(out, XD_LIT("APERAK"));
    xd_edi_out_component(out, XD_LIT("D"), 1);
    xd_edi_out_component(out, XD_LIT("96A"), 3);
    xd_edi_out_component(out, XD_LIT("UN"), 2);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "BGM");
    xd_edi_out_raw(out, exceptions ? XD_LIT("313") : XD_LIT("312"));
    xd_edi_out_raw(out, message->reference);
    xd_edi_out_raw(out, exceptions ? XD_LIT("27") : XD_LIT("6"));
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "DTM");
    xd_edi_out_raw(out, XD_LIT("137"));
    xd_edi_out_component(out, xd_edi_out_date(as_of, 8, date), 8);
    xd_edi_out_component(out, XD_LIT("102"), 3);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "RFF");
    xd_edi_out_raw(out, XD_LIT("AAK"));
    if (message->document.len) {
        char component = out->interchange->component;
        xd_buf_char(out->buf, component);
        xd_buf_put(out->buf, message->document);
    } else {
        xd_edi_out_component(out, message->reference, 35);
    }
    xd_edi_out_end(out);
}

/* As many parcels from `at` on as one message may hold; where the next message begins. */
static size_t
put_message(const struct xd_ack_in *in, struct xd_edi_out *out,
            const struct xd_edi_message *message, uint32_t number,
            const struct xd_ack_parcel *parcels, size_t count, size_t at)
{
    size_t told = 0;

    put_header(out, message, number, xd_ack_count_exceptions(parcels, count), in->as_of);
    for (; at < count && told < ERC_MOST; at++) {
        if (parcels[at].disposition != XD_HANDOFF) {
            put_exception(in, out, &parcels[at]);
            told++;
        }
    }
    xd_edi_out_tag(out, "UNT");
    xd_edi_out_number(out, out->segments);
    xd_edi_out_number(out, number);
    xd_edi_out_end(out);
    return xd_ack_next_exception(parcels, count, at);
}

/* What becomes of one message, in as many as that takes; how many are written by then. */
static uint32_t
put_messages(const struct xd_ack_in *in, struct xd_edi_out *out,
             const struct xd_edi_message *message, uint32_t written)
{
    size_t count;
    const struct xd_ack_parcel *parcels = xd_ack_parcels_of(in, message, &count);
    size_t at = 0;

    do {
        if (written == 0) {
            xd_edi_out_unb(out, in->as_of);
        }
        at = put_message(in, out, message, ++written, parcels, count, at);
    } while (at < count);
    return written;
}

static bool
write_aperak(const struct xd_ack_in *in, struct xd_buf *buf, struct xd_error *err)
{
    const struct xd_edi_group *group = in->interchange->first;
    struct xd_edi_out out;
    uint32_t messages = 0;

    (void)err;
    for (group = xd_ack_open_business(in, &out, buf) ? group : NULL; group; group = group->next) {
        for (const struct xd_edi_message *message = xd_ack_next_reported(group->first); message;
             message = xd_ack_next_reported(message->next)) {
            messages = put_messages(in, &out, message, messages);
        }
    }
    if (messages) {
        xd_edi_out_unz(&out, messages);
    }
    return true;
}

const struct xd_ack xd_ack_aperak = {
    .name = "aperak",
    .file = "ack-aperak.edi",
    .title = "APERAK D.96A, what becomes of the parcels",
    .business = true,
    .syntax = XD_EDI_EDIFACT,
    .write = write_aperak,
};
