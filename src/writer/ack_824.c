/*
 * 824, application advice: what becomes of the parcels of a transaction set that was syntactically
 * sound. One OTI for the set as a whole and one for each parcel that does not ship, with the
 * sentence of its finding. Where one set cannot hold them all, further ones go on.
 */
#include <stdio.h>

#include "writer/ack.h"

#define OTI_MOST 99999 /* of a set, the one about the set included */

static struct xd_slice
parcel_letter(const struct xd_ack_parcel *parcel)
{
    return parcel->disposition == XD_REJECT ? XD_LIT("IR") : XD_LIT("IE");
}

/* TA all shipped, TP some, TR none. */
static struct xd_slice
set_letter(const struct xd_ack_parcel *parcels, size_t count)
{
    size_t exceptions = xd_ack_count_exceptions(parcels, count);

    if (exceptions == 0) {
        return XD_LIT("TA");
    }
    return exceptions < count ? XD_LIT("TP") : XD_LIT("TR");
}

static void
put_oti(struct xd_edi_out *out, struct xd_slice letter, const char *qualifier,
        struct xd_slice reference, const struct xd_edi_group *group,
        const struct xd_edi_message *message)
{
    xd_edi_out_tag(out, "OTI");
    xd_edi_out_raw(out, letter);
    xd_edi_out_raw(out, xd_slice_str(qualifier));
    xd_edi_out_text(out, reference, 30);
    xd_edi_out_raw(out, group->sender);
    xd_edi_out_raw(out, group->recipient);
    xd_edi_out_raw(out, XD_NONE);
    xd_edi_out_raw(out, XD_NONE);
    xd_edi_out_raw(out, group->reference);
    xd_edi_out_raw(out, message->reference);
    xd_edi_out_raw(out, message->type);
    xd_edi_out_raw(out, group->version);
    xd_edi_out_end(out);
}

static void
put_exception(const struct xd_ack_in *in, struct xd_edi_out *out,
              const struct xd_ack_parcel *parcel, const struct xd_edi_group *group,
              const struct xd_edi_message *message)
{
    const struct xd_finding_text *row = &in->texts->of[parcel->reason];

    put_oti(out, parcel_letter(parcel), parcel->code.len ? "2I" : "PO",
            parcel->code.len ? parcel->code : parcel->order, group, message);
    xd_edi_out_tag(out, "TED");
    xd_edi_out_raw(out, XD_LIT("ZZZ"));
    xd_edi_out_text(out, row->code, 60);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "NTE");
    xd_edi_out_raw(out, XD_NONE);
    xd_edi_out_text(out, row->text, 80);
    xd_edi_out_end(out);
}

static void
put_opening(const struct xd_ack_in *in, struct xd_edi_out *out, struct xd_slice reference,
            struct xd_slice number)
{
    char date[8];

    out->segments = 0;
    xd_edi_out_tag(out, "ST");
    xd_edi_out_raw(out, XD_LIT("824"));
    xd_edi_out_raw(out, number);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "BGN");
    xd_edi_out_raw(out, XD_LIT("11"));
    xd_edi_out_raw(out, reference);
    xd_edi_out_raw(out, xd_edi_out_date(in->as_of, 8, date));
    xd_edi_out_end(out);
}

/* As many parcels from `at` on as one set may hold; where the next set begins. */
static size_t
put_set(const struct xd_ack_in *in, struct xd_edi_out *out, const struct xd_edi_group *group,
        const struct xd_edi_message *message, uint32_t set, const struct xd_ack_parcel *parcels,
        size_t count, size_t at)
{
    struct xd_slice reference = message->document.len ? message->document : message->reference;
    char room[12];
    int digits = snprintf(room, sizeof(room), "%04u", set);
    struct xd_slice number = xd_slice_of(room, (size_t)digits);
    size_t told = 1;

    put_opening(in, out, reference, number);
    put_oti(out, set_letter(parcels, count), "TN", reference, group, message);
    for (; at < count && told < OTI_MOST; at++) {
        if (parcels[at].disposition != XD_HANDOFF) {
            put_exception(in, out, &parcels[at], group, message);
            told++;
        }
    }
    xd_edi_out_tag(out, "SE");
    xd_edi_out_number(out, out->segments);
    xd_edi_out_raw(out, number);
    xd_edi_out_end(out);
    return xd_ack_next_exception(parcels, count, at);
}

/* All sets of one group that have rows; how many. */
static uint32_t
put_group(const struct xd_ack_in *in, struct xd_edi_out *out, const struct xd_edi_group *group,
          uint32_t number)
{
    uint32_t sets = 0;

    for (const struct xd_edi_message *message = xd_ack_next_reported(group->first); message;
         message = xd_ack_next_reported(message->next)) {
        size_t count;
        const struct xd_ack_parcel *parcels = xd_ack_parcels_of(in, message, &count);
        size_t at = 0;
        if (sets == 0) {
            if (number == 1) {
                xd_edi_out_isa(out, in->as_of);
            }
            xd_edi_out_gs(out, group, "AG", group->version, number, in->as_of);
        }
        do {
            at = put_set(in, out, group, message, ++sets, parcels, count, at);
        } while (at < count);
    }
    if (sets) {
        xd_edi_out_tag(out, "GE");
        xd_edi_out_number(out, sets);
        xd_edi_out_number(out, number);
        xd_edi_out_end(out);
    }
    return sets;
}

static bool
write_824(const struct xd_ack_in *in, struct xd_buf *buf, struct xd_error *err)
{
    const struct xd_edi_group *group = in->interchange->first;
    struct xd_edi_out out;
    uint32_t groups = 0;

    (void)err;
    for (group = xd_ack_open_business(in, &out, buf) ? group : NULL; group; group = group->next) {
        groups += put_group(in, &out, group, groups + 1) > 0;
    }
    if (groups) {
        xd_edi_out_iea(&out, groups);
    }
    return true;
}

const struct xd_ack xd_ack_824 = {
    .name = "824",
    .file = "ack-824.x12",
    .title = "824, application advice of X12: what becomes of the parcels",
    .business = true,
    .syntax = XD_EDI_X12,
    .write = write_824,
};
