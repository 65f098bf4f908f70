/*
 * Envelopes and escaping of the answers. An answer is dated as of the run and carries midnight as
 * its time, because the program below the command line knows no clock and the same run must give
 * the same bytes.
 */
#include "writer/edi_text.h"

#include <stdio.h>

#define X12_NUMBERS   1000000000u /* ISA13 has nine digits */
#define EDIFACT_CHARS 14          /* of element 0020 */

/* A character and the release character that protects it, if one does: bytes. */
static size_t
bytes_of_first(const struct xd_interchange *interchange, struct xd_slice text)
{
    return interchange->release && text.ptr[0] == interchange->release && text.len > 1 ? 2 : 1;
}

/* The last characters of the reference, at most `most` of them: by those references that follow
 * each other differ. */
static struct xd_slice
end_of_reference(const struct xd_interchange *interchange, size_t most)
{
    struct xd_slice reference = interchange->reference;
    size_t count = 0;

    for (struct xd_slice rest = reference; rest.len; count++) {
        rest = xd_slice_sub(rest, bytes_of_first(interchange, rest), rest.len);
    }
    for (; count > most; count--) {
        reference = xd_slice_sub(reference, bytes_of_first(interchange, reference), reference.len);
    }
    return reference;
}

/* The reference with an A behind it. */
static struct xd_slice
business_reference(const struct xd_interchange *interchange, char *room)
{
    struct xd_slice reference = end_of_reference(interchange, EDIFACT_CHARS - 1);

    if (reference.len) {
        memcpy(room, reference.ptr, reference.len);
    }
    room[reference.len] = 'A';
    return xd_slice_of(room, reference.len + 1);
}

static struct xd_slice
x12_reference(const struct xd_interchange *interchange, char *room)
{
    uint64_t number = 0;

    (void)xd_slice_u64(interchange->reference, &number);
    number = (number + X12_NUMBERS / 2) % X12_NUMBERS;
    for (size_t i = 9; i > 0; i--) {
        room[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return xd_slice_of(room, 9);
}

void
xd_edi_out_open(struct xd_edi_out *out, const struct xd_interchange *interchange,
                struct xd_buf *buf, bool business)
{
    *out = (struct xd_edi_out){.interchange = interchange, .buf = buf};
    if (interchange->syntax == XD_EDI_X12) {
        out->reference =
            business ? x12_reference(interchange, out->reference_room) : interchange->reference;
    } else if (business) {
        out->reference = business_reference(interchange, out->reference_room);
    } else {
        out->reference = end_of_reference(interchange, EDIFACT_CHARS);
    }
    if (out->reference.len == 0) {
        out->reference = XD_LIT("0"); /* it is mandatory, and nothing is to be copied */
    }
}

static void
owed_separators(struct xd_edi_out *out)
{
    for (; out->separators; out->separators--) {
        xd_buf_char(out->buf, out->interchange->element);
    }
}

void
xd_edi_out_tag(struct xd_edi_out *out, const char *tag)
{
    xd_buf_str(out->buf, tag);
    out->separators = 0;
    out->components = 0;
    out->segments++;
}

void
xd_edi_out_raw(struct xd_edi_out *out, struct xd_slice raw)
{
    out->separators++;
    out->components = 0;
    if (raw.len) {
        owed_separators(out);
        xd_buf_put(out->buf, raw);
    }
}

void
xd_edi_out_reference(struct xd_edi_out *out, struct xd_slice reference, const char *missing)
{
    xd_edi_out_raw(out, reference.len ? reference : xd_slice_str(missing));
}

void
xd_edi_out_number(struct xd_edi_out *out, uint64_t number)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)number);

    xd_edi_out_raw(out, xd_slice_of(text, (size_t)len));
}

static bool
is_separator(const struct xd_interchange *interchange, char c)
{
    return c == interchange->element || c == interchange->component || c == interchange->segment ||
           (interchange->syntax == XD_EDI_EDIFACT && interchange->repeat &&
            c == interchange->repeat) ||
           (interchange->release && c == interchange->release);
}

/* The first byte behind `most` characters of UTF-8. */
static size_t
bytes_of(struct xd_slice text, size_t most)
{
    size_t at = 0;

    for (size_t characters = 0; at < text.len; at++) {
        if ((text.ptr[at] & 0xc0) != 0x80 && characters++ == most) {
            break;
        }
    }
    return at;
}

static void
put_text(struct xd_edi_out *out, struct xd_slice text, size_t most)
{
    const struct xd_interchange *interchange = out->interchange;
    size_t len = bytes_of(text, most);

    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];
        bool special = is_separator(interchange, c);
        if (special && interchange->release) {
            xd_buf_char(out->buf, interchange->release);
        }
        /* Our own sentences are ASCII; a value they quote is not sent in a set that the partner did
         * not choose. */
        if ((special && !interchange->release) || (unsigned char)c < 0x20 ||
            (unsigned char)c >= 0x7f) {
            c = ' ';
        }
        xd_buf_char(out->buf, c);
    }
}

void
xd_edi_out_text(struct xd_edi_out *out, struct xd_slice text, size_t most)
{
    out->separators++;
    out->components = 0;
    if (text.len) {
        owed_separators(out);
        put_text(out, text, most);
    }
}

void
xd_edi_out_component(struct xd_edi_out *out, struct xd_slice text, size_t most)
{
    out->components++;
    if (text.len) {
        owed_separators(out);
        for (; out->components; out->components--) {
            xd_buf_char(out->buf, out->interchange->component);
        }
        put_text(out, text, most);
    }
}

void
xd_edi_out_end(struct xd_edi_out *out)
{
    xd_buf_char(out->buf, out->interchange->segment);
    if (out->interchange->segment != '\n' && out->interchange->segment != '\r') {
        xd_buf_char(out->buf, '\n');
    }
}

struct xd_slice
xd_edi_out_date(xd_date date, unsigned digits, char *room)
{
    char text[XD_DATE_TEXT];

    xd_date_format(date, text);
    memcpy(room, text, 4);
    memcpy(room + 4, text + 5, 2);
    memcpy(room + 6, text + 8, 2);
    return xd_slice_of(room + 8 - digits, digits);
}

bool
xd_edi_version_4(const struct xd_interchange *interchange)
{
    struct xd_slice level = interchange->level;

    return level.len >= 6 && level.ptr[5] == '4';
}

bool
xd_edi_answerable(const struct xd_interchange *interchange)
{
    return interchange->header.len > 0 && interchange->sender.len > 0 &&
           interchange->recipient.len > 0 && (!interchange->has_answer || interchange->has_other);
}

void
xd_edi_out_unb(struct xd_edi_out *out, xd_date as_of)
{
    const struct xd_interchange *interchange = out->interchange;
    char date[8];

    if (interchange->has_una) {
        const char una[6] = {interchange->component,
                             interchange->element,
                             interchange->decimal,
                             interchange->release ? interchange->release : ' ',
                             interchange->repeat ? interchange->repeat : ' ',
                             interchange->segment};
        xd_buf_str(out->buf, "UNA");
        xd_buf_put(out->buf, xd_slice_of(una, sizeof(una) - 1));
        xd_edi_out_end(out);
    }
    xd_edi_out_tag(out, "UNB");
    xd_edi_out_raw(out, interchange->level);
    xd_edi_out_raw(out, interchange->recipient);
    xd_edi_out_raw(out, interchange->sender);
    xd_edi_out_raw(out, xd_edi_out_date(as_of, xd_edi_version_4(interchange) ? 8 : 6, date));
    xd_edi_out_component(out, XD_LIT("0000"), 4);
    xd_edi_out_raw(out, out->reference);
    if (interchange->test) {
        out->separators += 5;
        xd_edi_out_raw(out, XD_LIT("1"));
    }
    xd_edi_out_end(out);
}

void
xd_edi_out_unz(struct xd_edi_out *out, uint32_t messages)
{
    xd_edi_out_tag(out, "UNZ");
    xd_edi_out_number(out, messages);
    xd_edi_out_raw(out, out->reference);
    xd_edi_out_end(out);
}

void
xd_edi_out_isa(struct xd_edi_out *out, xd_date as_of)
{
    const struct xd_interchange *interchange = out->interchange;
    const char *isa = interchange->header.ptr;
    char date[8];

    xd_edi_out_tag(out, "ISA");
    xd_edi_out_raw(out, XD_LIT("00"));
    xd_edi_out_raw(out, XD_LIT("          "));
    xd_edi_out_raw(out, XD_LIT("00"));
    xd_edi_out_raw(out, XD_LIT("          "));
    xd_edi_out_raw(out, interchange->recipient);
    xd_edi_out_raw(out, interchange->sender);
    xd_edi_out_raw(out, xd_edi_out_date(as_of, 6, date));
    xd_edi_out_raw(out, XD_LIT("0000"));
    xd_edi_out_raw(out, xd_slice_of(isa + 82, 7)); /* ISA11 and ISA12 */
    xd_edi_out_raw(out, out->reference);
    xd_edi_out_raw(out, XD_LIT("0"));
    xd_edi_out_raw(out, xd_slice_of(isa + 102, 1));
    xd_edi_out_raw(out, xd_slice_of(isa + 104, 1));
    xd_edi_out_end(out);
}

void
xd_edi_out_iea(struct xd_edi_out *out, uint32_t groups)
{
    xd_edi_out_tag(out, "IEA");
    xd_edi_out_number(out, groups);
    xd_edi_out_raw(out, out->reference);
    xd_edi_out_end(out);
}

void
xd_edi_out_gs(struct xd_edi_out *out, const struct xd_edi_group *group, const char *function,
              struct xd_slice version, uint32_t number, xd_date as_of)
{
    char date[8];

    xd_edi_out_tag(out, "GS");
    xd_edi_out_raw(out, xd_slice_str(function));
    xd_edi_out_raw(out, group->recipient);
    xd_edi_out_raw(out, group->sender);
    xd_edi_out_raw(out, xd_edi_out_date(as_of, 8, date));
    xd_edi_out_raw(out, XD_LIT("0000"));
    xd_edi_out_number(out, number);
    xd_edi_out_raw(out, group->agency.len ? group->agency : XD_LIT("X"));
    xd_edi_out_raw(out, version);
    xd_edi_out_end(out);
}
