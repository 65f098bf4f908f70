/*
 * A damaged envelope refuses what it holds and no more: where a trailer is missing the next header
 * closes what was open, and the next interchange of the same file is read as if nothing had
 * happened.
 */
#include "reader/edi_envelope.h"

static uint32_t
key_of(const char *tag)
{
    return tag ? xd_edi_tag_key(tag, strlen(tag)) : 0;
}

bool
xd_edi_may_separate(char c)
{
    return (unsigned char)c < 0x80 && !xd_is_alpha(c) && !xd_is_digit(c) && c != ' ' && c != 0;
}

void
xd_edi_check_service(struct xd_edi *edi, enum xd_edi_level level)
{
    xd_edi_check(edi, edi->service, xd_edi_segment_find(edi->service, xd_edi_key(edi)), level);
}

/* --- what was left open --- */

static void
end_message(struct xd_edi *edi)
{
    if (edi->message) {
        xd_edi_tell_missing(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_TRAILER_MISSING,
                            edi->envelope->message_trailer);
        xd_edi_message_close(edi);
    }
}

void
xd_edi_end_group(struct xd_edi *edi)
{
    end_message(edi);
    if (!edi->group) {
        return;
    }
    if (edi->group->present) {
        xd_edi_tell_missing(edi, XD_EDI_LEVEL_GROUP, XD_F_EDI_TRAILER_MISSING,
                            edi->envelope->group_trailer);
    }
    edi->group->declared = edi->group->messages;
    xd_edi_group_close(edi);
}

static void
end_interchange(struct xd_edi *edi)
{
    edi->scan.count = 0;
    edi->scan.elements = 0;
    xd_edi_end_group(edi);
    xd_edi_tell_missing(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_TRAILER_MISSING,
                        edi->envelope->trailer);
}

/* --- trailers --- */

static void
tell_no_header(struct xd_edi *edi, const char *trailer, const char *header)
{
    xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_NESTING, 0, 0, "%s without %s", trailer,
                header);
}

static void
take_group_trailer(struct xd_edi *edi)
{
    struct xd_edi_group *group;
    uint64_t declared;

    end_message(edi);
    group = edi->group;
    if (!group || !group->present) {
        tell_no_header(edi, edi->envelope->group_trailer, edi->envelope->group_header);
        return;
    }
    xd_edi_check_service(edi, XD_EDI_LEVEL_GROUP);
    xd_edi_check_trailer(edi, XD_EDI_LEVEL_GROUP, group->messages, group->reference);
    if (group->messages == 0) {
        xd_edi_tell(edi, XD_EDI_LEVEL_GROUP, XD_F_EDI_EMPTY, 0, 0, NULL);
    }
    group->declared =
        xd_slice_u64(xd_edi_raw(edi, 1, 1), &declared) ? (uint32_t)declared : group->messages;
    xd_edi_group_close(edi);
}

static void
take_message_trailer(struct xd_edi *edi)
{
    bool known = edi->table != NULL;

    if (!edi->message) {
        tell_no_header(edi, edi->envelope->message_trailer, edi->envelope->message_header);
        return;
    }
    xd_edi_message_segment(edi, xd_edi_segment_find(edi->directory, xd_edi_key(edi)));
    if (!known) {
        xd_edi_check_service(edi, XD_EDI_LEVEL_MESSAGE);
    }
    xd_edi_check_trailer(edi, XD_EDI_LEVEL_MESSAGE, edi->position, edi->message->reference);
    xd_edi_message_close(edi);
}

static void
take_trailer(struct xd_edi *edi, enum xd_edi_scan_status status)
{
    const struct xd_interchange *interchange = edi->interchange;
    bool groups =
        edi->envelope->counts_groups || (interchange->first && interchange->first->present);
    uint32_t count = groups ? interchange->groups : interchange->messages;

    xd_edi_end_group(edi);
    xd_edi_check_service(edi, XD_EDI_LEVEL_INTERCHANGE);
    xd_edi_check_trailer(edi, XD_EDI_LEVEL_INTERCHANGE, count, interchange->reference);
    if (count == 0 && !interchange->has_answer) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_EMPTY, 0, 0, NULL);
    }
    if (status == XD_EDI_SCAN_OPEN) {
        xd_edi_note(edi, XD_F_EDI_TERMINATOR_MISSING, NULL);
    }
}

/* --- segments --- */

static void
take_segment(struct xd_edi *edi, uint32_t key)
{
    const struct xd_edi_envelope *envelope = edi->envelope;

    if (key == key_of(envelope->message_header)) {
        end_message(edi);
        envelope->take_message(edi);
    } else if (key == key_of(envelope->message_trailer)) {
        take_message_trailer(edi);
    } else if (key == key_of(envelope->group_header)) {
        envelope->take_group(edi);
    } else if (key == key_of(envelope->group_trailer)) {
        take_group_trailer(edi);
    } else {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_NESTING, 0, 0,
                    "data stands outside messages");
    }
}

static bool
starts_interchange(const struct xd_edi *edi, uint32_t key)
{
    return key == key_of(edi->envelope->starts[0]) || key == key_of(edi->envelope->starts[1]);
}

static bool
opens_something(const struct xd_edi *edi, uint32_t key)
{
    return key == key_of(edi->envelope->message_header) ||
           key == key_of(edi->envelope->group_header);
}

/* A segment of the message that is open, known or not: `segment` is what its directory, in which
 * those of the envelope come first, says. */
static bool
is_body(const struct xd_edi *edi, uint32_t key, uint8_t segment)
{
    if (!edi->message || segment == XD_EDI_NONE) {
        return edi->message && !starts_interchange(edi, key);
    }
    return segment >= edi->service->segment_count;
}

/* Anything but a segment of a message; false when reading should not go on. */
static bool
take_other(struct xd_edi *edi, uint32_t key, enum xd_edi_scan_status status)
{
    if (opens_something(edi, key) && xd_edi_too_many(edi)) {
        xd_edi_end_group(edi);
        return false;
    }
    if (status == XD_EDI_SCAN_TOO_LONG) {
        xd_edi_tell_long(edi);
    } else {
        take_segment(edi, key);
    }
    return true;
}

/* Tells what ends an interchange: its trailer, or the header of the next one. */
static bool
ends_interchange(struct xd_edi *edi, uint32_t key, enum xd_edi_scan_status status)
{
    if (starts_interchange(edi, key)) {
        edi->scan.at = edi->scan.offset;
        end_interchange(edi);
        return true;
    }
    if (key == key_of(edi->envelope->trailer)) {
        take_trailer(edi, status);
        return true;
    }
    return false;
}

/* A segment that is no plain part of an open message; false when the interchange ends with it, and
 * *more says whether reading goes on. */
static bool
take_rare(struct xd_edi *edi, uint8_t segment, enum xd_edi_scan_status status, bool *more)
{
    uint32_t key = xd_edi_key(edi);
    bool body = status == XD_EDI_SCAN_SEGMENT && is_body(edi, key, segment);
    enum xd_edi_special special;

    *more = true;
    if (!body && ends_interchange(edi, key, status)) {
        return false;
    }
    *more = false;
    if (status == XD_EDI_SCAN_OPEN) {
        end_interchange(edi);
        return false;
    }
    special = edi->envelope->take_special(edi, key);
    if (special == XD_EDI_NOT_SPECIAL && body) {
        xd_edi_message_segment(edi, segment);
        return true;
    }
    return special == XD_EDI_TAKEN ||
           (special == XD_EDI_NOT_SPECIAL && take_other(edi, key, status));
}

bool
xd_edi_read_segments(struct xd_edi *edi)
{
    enum xd_edi_scan_status status;
    bool more = false;

    edi->directory = edi->service;
    while (xd_edi_cut(edi, &status)) {
        uint8_t segment;
        if (status == XD_EDI_SCAN_SEGMENT && edi->table && xd_edi_message_goes_on(edi)) {
            continue;
        }
        segment = xd_edi_segment_find(edi->directory, xd_edi_key(edi));
        if (status == XD_EDI_SCAN_SEGMENT && edi->table && segment != XD_EDI_NONE &&
            segment >= edi->service->segment_count) {
            xd_edi_message_segment(edi, segment);
            continue;
        }
        xd_edi_scan_split(&edi->scan);
        if (!take_rare(edi, segment, status, &more)) {
            return more;
        }
        edi->stopped |= edi->reading->err->status != 0;
    }
    if (edi->reading->err->status == 0) {
        end_interchange(edi);
    }
    return false;
}

/* --- the document --- */

struct xd_slice
xd_edi_skip_terminators(struct xd_slice head, char terminator)
{
    while (head.len && (xd_is_blank(head.ptr[0]) || head.ptr[0] == terminator)) {
        head = xd_slice_sub(head, 1, head.len);
    }
    return head;
}

static struct xd_slice
rest_at(const struct xd_edi *edi, size_t at)
{
    return xd_slice_of(edi->scan.text + at, edi->scan.len - at);
}

/* The tag alone tells it: a header that cannot be read is told as such. */
static bool
at_interchange(const struct xd_edi *edi)
{
    const char *const *starts = edi->envelope->starts;
    struct xd_slice rest = rest_at(edi, edi->scan.at);

    return xd_slice_starts(rest, xd_slice_str(starts[0])) ||
           (starts[1] && xd_slice_starts(rest, xd_slice_str(starts[1])));
}

void
xd_edi_find_interchange(struct xd_edi *edi, size_t from)
{
    struct xd_slice rest = rest_at(edi, from);
    const char *at;

    while ((at = memchr(rest.ptr, edi->envelope->starts[0][0], rest.len))) {
        rest = xd_slice_sub(rest, (size_t)(at - rest.ptr), rest.len);
        if (edi->envelope->is_start(rest)) {
            break;
        }
        rest = xd_slice_sub(rest, 1, rest.len);
    }
    edi->scan.at = at ? (size_t)(at - edi->scan.text) : edi->scan.len;
}

/* Goes over what stands between interchanges: blanks, terminators, and text that belongs to none.
 * False at the end of the text. */
static bool
skip_to_interchange(struct xd_edi *edi)
{
    struct xd_edi_scan *scan = &edi->scan;
    char terminator = edi->interchanges ? scan->segment : edi->envelope->terminator;
    struct xd_slice rest = rest_at(edi, scan->at);
    struct xd_slice solid = xd_edi_skip_terminators(rest, terminator);
    bool empty = solid.len < xd_edi_skip_terminators(rest, ' ').len;

    scan->at = scan->len - solid.len;
    scan->offset = scan->at; /* no segment is in hand: what is told is about this place */
    scan->count = 0;
    scan->elements = 0;
    if (empty) {
        xd_edi_note(edi, XD_F_EDI_SEGMENT_EMPTY, "outside interchanges");
    }
    if (solid.len && !at_interchange(edi)) {
        xd_edi_note(edi, XD_F_EDI_TEXT_BEHIND, NULL);
        xd_edi_find_interchange(edi, scan->at);
    }
    return scan->at < scan->len;
}

void
xd_edi_read_interchanges(struct xd_edi *edi)
{
    bool more = true;

    while (more && !edi->stopped && skip_to_interchange(edi)) {
        more = edi->envelope->read_interchange(edi);
    }
    xd_edi_rows_finish(edi);
    edi->reading->refused = edi->accepted_messages == 0;
}
