/*
 * TA1 for the interchange and one 997, or 999 from 005010 on, for each functional group. A refused
 * interchange is answered by TA1 alone; groups that are acknowledgements themselves (FA) are never
 * answered.
 */
#include <stdio.h>

#include "base/tsv.h"
#include "writer/ack.h"

/* The row of edi/acknowledgements.tsv for one version. */
struct kind {
    struct xd_slice set;            /* "997" */
    struct xd_slice implementation; /* "005010X231" */
    struct xd_slice prefix;         /* "AK" or "IK" */
    struct xd_slice context;        /* "HL01": the element whose value CTX tells; or empty */
};

static bool
find_kind(const struct xd_ack_in *in, struct xd_slice version, struct kind *kind,
          struct xd_error *err)
{
    static const char *const COLUMNS[] = {"version", "set", "implementation", "prefix", "context"};
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;

    *kind = (struct kind){0};
    if (!xd_tables_get(in->tables, "edi/acknowledgements.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "edi/acknowledgements.tsv", text, COLUMNS, 5, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (kind->set.len == 0 || xd_slice_cmp(cells[0], xd_slice_sub(version, 0, 6)) <= 0) {
            *kind = (struct kind){cells[1], cells[2], cells[3], cells[4]};
        }
    }
    return err->status == 0 &&
           (kind->set.len > 0 || xd_tsv_fail(&tsv, err, "the table is empty:", cells[0]));
}

static void
put_tag(struct xd_edi_out *out, const struct kind *kind, char number)
{
    const char tag[4] = {kind->prefix.ptr[0], kind->prefix.ptr[1], number, 0};

    xd_edi_out_tag(out, tag);
}

static struct xd_slice
letter(enum xd_edi_verdict verdict)
{
    static const char LETTERS[] = "AER";

    return xd_slice_of(&LETTERS[verdict], 1);
}

static void
put_ta1(const struct xd_ack_in *in, struct xd_edi_out *out)
{
    const struct xd_interchange *interchange = in->interchange;
    struct xd_slice code = XD_LIT("000");

    for (const struct xd_edi_fault *fault = interchange->faults.first; fault; fault = fault->next) {
        if (in->codes->of[fault->code].ta1.len) {
            code = in->codes->of[fault->code].ta1;
            break;
        }
    }
    xd_edi_out_tag(out, "TA1");
    xd_edi_out_raw(out, interchange->reference);
    xd_edi_out_raw(out, interchange->date);
    xd_edi_out_raw(out, interchange->time);
    xd_edi_out_raw(out, letter(interchange->verdict));
    xd_edi_out_raw(out, code);
    xd_edi_out_end(out);
}

/* AK4 or IK4: position, component, code and the bad data. */
static void
put_element(struct xd_edi_out *out, const struct kind *kind, const struct xd_edi_fault *fault,
            struct xd_slice code)
{
    char component[8];
    size_t len = 0;

    put_tag(out, kind, '4');
    xd_edi_out_number(out, fault->element);
    for (unsigned divisor = 100; fault->component && divisor; divisor /= 10) {
        if (fault->component >= divisor) {
            component[len++] = (char)('0' + fault->component / divisor % 10);
        }
    }
    xd_edi_out_component(out, xd_slice_of(component, len), len);
    xd_edi_out_raw(out, XD_NONE); /* the data element's reference number, which is optional */
    xd_edi_out_raw(out, code);
    xd_edi_out_text(out, fault->value, 99);
    xd_edi_out_end(out);
}

/* CTX: in which level of the hierarchy the segment stands, since its place among thousands tells a
 * person little. A level that is faulty itself needs none. */
static void
put_context(struct xd_edi_out *out, const struct kind *kind, const struct xd_edi_fault *fault)
{
    char text[12];
    int len = snprintf(text, sizeof(text), "%u", fault->node);

    if (kind->context.len == 0 || fault->node == 0 ||
        xd_slice_starts(kind->context, xd_slice_str(fault->tag))) {
        return;
    }
    xd_edi_out_tag(out, "CTX");
    xd_edi_out_raw(out, kind->context);
    xd_edi_out_component(out, xd_slice_of(text, (size_t)len), (size_t)len);
    xd_edi_out_end(out);
}

/* AK3 with its AK4: one for each segment, and one more for each fault of a segment as a whole. */
static void
put_segments(const struct xd_ack_in *in, struct xd_edi_out *out, const struct kind *kind,
             const struct xd_edi_message *message)
{
    uint32_t segment = 0;

    for (const struct xd_edi_fault *fault = message->faults.first; fault; fault = fault->next) {
        const struct xd_edi_code *code = &in->codes->of[fault->code];
        bool element = fault->element > 0 && code->element.len > 0;
        if (code->segment.len == 0) {
            continue;
        }
        if (fault->segment != segment || !element) {
            put_tag(out, kind, '3');
            xd_edi_out_raw(out, xd_slice_str(fault->tag));
            xd_edi_out_number(out, fault->segment);
            xd_edi_out_raw(out, XD_NONE);
            xd_edi_out_raw(out, code->segment);
            xd_edi_out_end(out);
            put_context(out, kind, fault);
        }
        segment = element ? fault->segment : 0;
        if (element) {
            put_element(out, kind, fault, code->element);
        }
    }
}

/* Up to five different codes of the faults behind a verdict. */
static void
put_codes(const struct xd_ack_in *in, struct xd_edi_out *out, const struct xd_edi_faults *faults,
          bool group)
{
    struct xd_slice told[5];
    size_t count = 0;

    for (const struct xd_edi_fault *fault = faults->first; fault && count < 5;
         fault = fault->next) {
        const struct xd_edi_code *row = &in->codes->of[fault->code];
        struct xd_slice code = group ? row->group : row->set;
        size_t i = 0;
        while (i < count && !xd_slice_eq(told[i], code)) {
            i++;
        }
        if (i == count && code.len) {
            told[count++] = code;
            xd_edi_out_raw(out, code);
        }
    }
}

static void
put_set(const struct xd_ack_in *in, struct xd_edi_out *out, const struct kind *kind,
        const struct xd_edi_message *message)
{
    xd_edi_out_tag(out, "AK2");
    xd_edi_out_raw(out, message->type);
    xd_edi_out_reference(out, message->reference, "0000");
    if (kind->implementation.len) {
        xd_edi_out_raw(out, message->identity);
    }
    xd_edi_out_end(out);
    put_segments(in, out, kind, message);
    put_tag(out, kind, '5');
    xd_edi_out_raw(out, letter(message->verdict));
    put_codes(in, out, &message->faults, false);
    xd_edi_out_end(out);
}

/* A all, E all with errors, P some, R none. */
static struct xd_slice
group_letter(const struct xd_edi_group *group)
{
    bool errors = group->faults.count > 0;

    if (group->verdict == XD_EDI_REJECTED || group->accepted == 0) {
        return XD_LIT("R");
    }
    if (group->accepted < group->messages) {
        return XD_LIT("P");
    }
    for (const struct xd_edi_message *message = group->first; message; message = message->next) {
        errors |= message->verdict == XD_EDI_ACCEPTED_WITH_ERRORS;
    }
    return errors ? XD_LIT("E") : XD_LIT("A");
}

static void
put_group(const struct xd_ack_in *in, struct xd_edi_out *out, const struct kind *kind,
          const struct xd_edi_group *group, uint32_t number)
{
    struct xd_slice version = kind->implementation.len ? kind->implementation : group->version;

    xd_edi_out_gs(out, group, "FA", version, number, in->as_of);
    out->segments = 0;
    xd_edi_out_tag(out, "ST");
    xd_edi_out_raw(out, kind->set);
    xd_edi_out_raw(out, XD_LIT("0001"));
    xd_edi_out_raw(out, kind->implementation);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "AK1");
    xd_edi_out_raw(out, group->function);
    xd_edi_out_reference(out, group->reference, "0");
    if (kind->implementation.len) {
        xd_edi_out_raw(out, group->version);
    }
    xd_edi_out_end(out);
    for (const struct xd_edi_message *message = group->first; message; message = message->next) {
        put_set(in, out, kind, message);
    }
    xd_edi_out_tag(out, "AK9");
    xd_edi_out_raw(out, group_letter(group));
    xd_edi_out_number(out, group->declared);
    xd_edi_out_number(out, group->messages);
    xd_edi_out_number(out, group->accepted);
    put_codes(in, out, &group->faults, true);
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "SE");
    xd_edi_out_number(out, out->segments);
    xd_edi_out_raw(out, XD_LIT("0001"));
    xd_edi_out_end(out);
    xd_edi_out_tag(out, "GE");
    xd_edi_out_number(out, 1);
    xd_edi_out_number(out, number);
    xd_edi_out_end(out);
}

static bool
write_x12(const struct xd_ack_in *in, struct xd_buf *buf, struct xd_error *err)
{
    const struct xd_interchange *interchange = in->interchange;
    const struct xd_edi_group *group = interchange->first;
    struct xd_edi_out out;
    struct kind kind;
    uint32_t groups = 0;

    if (!xd_edi_answerable(interchange)) {
        return true;
    }
    xd_edi_out_open(&out, interchange, buf, false);
    xd_edi_out_isa(&out, in->as_of);
    put_ta1(in, &out);
    for (; group && interchange->verdict != XD_EDI_REJECTED; group = group->next) {
        if (group->answer) {
            continue;
        }
        if (!find_kind(in, group->version, &kind, err)) {
            return false;
        }
        put_group(in, &out, &kind, group, ++groups);
    }
    xd_edi_out_iea(&out, groups);
    return true;
}

const struct xd_ack xd_ack_x12 = {
    .name = "x12",
    .file = "ack-997.x12",
    .title = "TA1 with 997 (004010) or 999 (005010) of X12",
    .syntax = XD_EDI_X12,
    .write = write_x12,
};
