/*
 * CONTRL: the syntax and service report of EDIFACT, D:3 for syntax version 3 and 4:1 for version 4.
 * It names every message, accepted or not, so that a partner who resends knows which to leave out.
 * A CONTRL is never answered with a CONTRL.
 */
#include "writer/ack.h"

/* Element 0083. */
static const struct xd_slice ACCEPTED = {"7", 1};
static const struct xd_slice REJECTED = {"4", 1};

static struct xd_slice
action(enum xd_edi_verdict verdict)
{
    return verdict == XD_EDI_REJECTED ? REJECTED : ACCEPTED;
}

static bool
is_service(const struct xd_edi_fault *fault)
{
    return fault->tag[0] == 'U' && fault->tag[1] == 'N' && fault->tag[2];
}

/* 0085 of a fault, or empty when the partner is not told of it. */
static struct xd_slice
code_of(const struct xd_ack_in *in, const struct xd_edi_fault *fault)
{
    return in->codes->of[fault->code].contrl;
}

/* S011: the segment tag counts as position 1. */
static void
put_position(struct xd_edi_out *out, const struct xd_edi_fault *fault)
{
    char text[8];

    if (fault->element == 0) {
        return;
    }
    xd_edi_out_number(out, fault->element + 1u);
    if (fault->component) {
        size_t len = 0;
        for (unsigned divisor = 100; divisor; divisor /= 10) {
            if (fault->component >= divisor || divisor == 1) {
                text[len++] = (char)('0' + fault->component / divisor % 10);
            }
        }
        xd_edi_out_component(out, xd_slice_of(text, len), len);
    }
}

/* 0085, 0013 and S011 behind an action: the first fault of an envelope segment. */
static void
put_envelope_fault(const struct xd_ack_in *in, struct xd_edi_out *out,
                   const struct xd_edi_faults *faults)
{
    for (const struct xd_edi_fault *fault = faults->first; fault; fault = fault->next) {
        struct xd_slice code = code_of(in, fault);
        if (code.len && (is_service(fault) || fault->segment == 0)) {
            xd_edi_out_raw(out, code);
            xd_edi_out_raw(out, is_service(fault) ? xd_slice_str(fault->tag) : XD_NONE);
            put_position(out, fault);
            return;
        }
    }
}

/* UCS and UCD: one UCS for each segment, its UCDs in the order of the faults. */
static void
put_segment_faults(const struct xd_ack_in *in, struct xd_edi_out *out,
                   const struct xd_edi_faults *faults)
{
    uint32_t segment = 0;

    for (const struct xd_edi_fault *fault = faults->first; fault; fault = fault->next) {
        struct xd_slice code = code_of(in, fault);
        if (!code.len || is_service(fault) || fault->segment == 0) {
            continue;
        }
        if (fault->segment != segment || fault->element == 0) {
            xd_edi_out_tag(out, "UCS");
            xd_edi_out_number(out, fault->segment);
            xd_edi_out_raw(out, fault->element ? XD_NONE : code);
            xd_edi_out_end(out);
        }
        segment = fault->segment;
        if (fault->element) {
            xd_edi_out_tag(out, "UCD");
            xd_edi_out_raw(out, code);
            put_position(out, fault);
            xd_edi_out_end(out);
        }
    }
}

static void
put_messages(const struct xd_ack_in *in, struct xd_edi_out *out, const struct xd_edi_group *group)
{
    for (const struct xd_edi_message *message = group->first; message; message = message->next) {
        if (message->answer) {
            continue;
        }
        xd_edi_out_tag(out, "UCM");
        xd_edi_out_reference(out, message->reference, "0");
        xd_edi_out_raw(out, message->identity);
        xd_edi_out_raw(out, action(message->verdict));
        if (message->verdict == XD_EDI_REJECTED) {
            put_envelope_fault(in, out, &message->faults);
        }
        xd_edi_out_end(out);
        put_segment_faults(in, out, &message->faults);
    }
}

static void
put_group(const struct xd_ack_in *in, struct xd_edi_out *out, const struct xd_edi_group *group)
{
    if (group->present) {
        xd_edi_out_tag(out, "UCF");
        xd_edi_out_reference(out, group->reference, "0");
        xd_edi_out_raw(out, group->sender);
        xd_edi_out_raw(out, group->recipient);
        xd_edi_out_raw(out, action(group->verdict));
        put_envelope_fault(in, out, &group->faults);
        xd_edi_out_end(out);
    }
    if (group->verdict != XD_EDI_REJECTED) {
        put_messages(in, out, group);
    }
}

static bool
write_contrl(const struct xd_ack_in *in, struct xd_buf *buf, struct xd_error *err)
{
    const struct xd_interchange *interchange = in->interchange;
    struct xd_edi_out out;

    (void)err;
    if (!xd_edi_answerable(interchange)) {
        return true;
    }
    xd_edi_out_open(&out, interchange, buf, false);
    xd_edi_out_unb(&out, in->as_of);
    out.segments = 0;
    xd_edi_out_tag(&out, "UNH");
    xd_edi_out_number(&out, 1);
    xd_edi_out_raw(&out, XD_LIT("CONTRL"));
    xd_edi_out_component(&out, xd_edi_version_4(interchange) ? XD_LIT("4") : XD_LIT("D"), 1);
    xd_edi_out_component(&out, xd_edi_version_4(interchange) ? XD_LIT("1") : XD_LIT("3"), 1);
    xd_edi_out_component(&out, XD_LIT("UN"), 2);
    xd_edi_out_end(&out);
    xd_edi_out_tag(&out, "UCI");
    xd_edi_out_reference(&out, interchange->reference, "0");
    xd_edi_out_raw(&out, interchange->sender);
    xd_edi_out_raw(&out, interchange->recipient);
    xd_edi_out_raw(&out, action(interchange->verdict));
    put_envelope_fault(in, &out, &interchange->faults);
    xd_edi_out_end(&out);
    if (interchange->verdict != XD_EDI_REJECTED) {
        for (const struct xd_edi_group *group = interchange->first; group; group = group->next) {
            put_group(in, &out, group);
        }
    }
    xd_edi_out_tag(&out, "UNT");
    xd_edi_out_number(&out, out.segments);
    xd_edi_out_raw(&out, XD_LIT("1"));
    xd_edi_out_end(&out);
    xd_edi_out_unz(&out, 1);
    return true;
}

const struct xd_ack xd_ack_contrl = {
    .name = "contrl",
    .file = "ack-contrl.edi",
    .title = "CONTRL, syntax and service report of EDIFACT",
    .syntax = XD_EDI_EDIFACT,
    .write = write_contrl,
};
