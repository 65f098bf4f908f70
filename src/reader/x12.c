/*
 * ASC X12: ISA, GS, ST and their trailers. ISA is the one segment of fixed width, because it says
 * with which characters everything behind it is separated. There is no escape character: a
 * separator inside a value is a broken segment.
 */
#include "reader/edi_envelope.h"

#define ISA_BYTES     106
#define ISA_COMPONENT 104 /* where the component separator stands */
#define TERMINATOR    '~' /* the usual one */

#define BIN XD_EDI_KEY('B', 'I', 'N')
#define TA1 XD_EDI_KEY('T', 'A', '1')

#define ANSWER_GROUP "FA"

static struct xd_bid
bid(struct xd_slice head)
{
    head = xd_edi_skip_terminators(head, TERMINATOR);
    if (!xd_slice_starts(head, XD_LIT("ISA")) || head.len < 4 || xd_is_alpha(head.ptr[3])) {
        return (struct xd_bid){0, ""};
    }
    return (struct xd_bid){95, "it starts with ISA"};
}

/* --- ISA --- */

/* Element separators stand at fixed places of an ISA of full width. */
static bool
isa_is_whole(struct xd_slice isa)
{
    static const uint8_t AT[] = {3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103};
    size_t separators = 0;

    if (isa.len < ISA_BYTES) {
        return false;
    }
    for (size_t i = 0; i < sizeof(AT); i++) {
        if (isa.ptr[AT[i]] != isa.ptr[3]) {
            return false;
        }
    }
    for (size_t i = 0; i < ISA_COMPONENT; i++) {
        separators += isa.ptr[i] == isa.ptr[3];
    }
    return separators == sizeof(AT);
}

static bool
is_start(struct xd_slice rest)
{
    return xd_slice_starts(rest, XD_LIT("ISA")) && isa_is_whole(rest);
}

/* ISA11 separates repetitions from 00402 on, where partners use it so. */
static char
repetition(const struct xd_edi_scan *scan, const char *isa)
{
    bool since = xd_slice_cmp(xd_slice_of(isa + 84, 5), XD_LIT("00402")) >= 0;
    char c = isa[82];

    if (!since || !xd_edi_may_separate(c) || c == scan->element || c == scan->component ||
        c == scan->segment) {
        return 0;
    }
    return c;
}

static bool
take_separators(struct xd_edi *edi, const char *isa)
{
    struct xd_edi_scan *scan = &edi->scan;

    scan->element = isa[3];
    scan->component = isa[ISA_COMPONENT];
    scan->segment = isa[105];
    scan->release = 0;
    scan->repeat = 0; /* ISA itself shows the character and is not separated by it */
    xd_edi_scan_separators(scan);
    return xd_edi_may_separate(scan->element) && xd_edi_may_separate(scan->component) &&
           xd_edi_may_separate(scan->segment) && scan->element != scan->component &&
           scan->element != scan->segment && scan->component != scan->segment;
}

/* ISA is in hand. Its last element is the component separator itself, so it is left out of the
 * check. */
static void
open_interchange(struct xd_edi *edi, const char *isa)
{
    struct xd_interchange *interchange = edi->interchange;

    edi->scan.count = 16;
    edi->scan.elements = 15;
    edi->scan.repeat = repetition(&edi->scan, isa);
    xd_edi_scan_separators(&edi->scan);
    interchange->repeat = isa[82];
    interchange->header = xd_slice_of(isa, ISA_BYTES);
    interchange->sender = xd_slice_of(isa + 32, 18);
    interchange->recipient = xd_slice_of(isa + 51, 18);
    interchange->date = xd_slice_of(isa + 70, 6);
    interchange->time = xd_slice_of(isa + 77, 4);
    interchange->reference = xd_slice_of(isa + 90, 9);
    interchange->test = isa[102] == 'T';
    xd_edi_check_service(edi, XD_EDI_LEVEL_INTERCHANGE);
    xd_edi_interchange_known(edi);
    xd_edi_forget_references(edi);
}

/* --- groups and transaction sets --- */

static void
take_group(struct xd_edi *edi)
{
    struct xd_edi_group *group;

    xd_edi_end_group(edi);
    group = xd_edi_group_open(edi);
    if (!group) {
        return;
    }
    xd_edi_check_service(edi, XD_EDI_LEVEL_GROUP);
    group->present = true;
    group->function = xd_edi_keep(edi, xd_edi_raw(edi, 1, 1));
    group->sender = xd_edi_keep(edi, xd_edi_raw(edi, 2, 1));
    group->recipient = xd_edi_keep(edi, xd_edi_raw(edi, 3, 1));
    group->reference = xd_edi_keep(edi, xd_edi_raw(edi, 6, 1));
    group->agency = xd_edi_keep(edi, xd_edi_raw(edi, 7, 1));
    group->version = xd_edi_keep(edi, xd_edi_raw(edi, 8, 1));
    group->answer = xd_slice_eq(group->function, XD_LIT(ANSWER_GROUP));
    if (group->answer) {
        xd_edi_note_answer(edi);
    }
    xd_edi_group_known(edi, 6);
    xd_edi_forget_references(edi);
}

static void
take_set(struct xd_edi *edi)
{
    if (!edi->group) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_NESTING, 0, 0,
                    "ST stands outside a group");
        if (!xd_edi_group_open(edi)) {
            return;
        }
    }
    xd_edi_message_open(edi, xd_edi_raw(edi, 1, 1), xd_slice_sub(edi->group->version, 0, 6));
    if (!edi->message) {
        return;
    }
    edi->message->identity = xd_edi_keep(edi, xd_edi_raw(edi, 3, 1));
    xd_edi_check_service(edi, XD_EDI_LEVEL_MESSAGE);
    if (edi->table && !xd_slice_eq(edi->table->function, edi->group->function)) {
        xd_edi_tell(
            edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_FUNCTION_GROUP, 1, 0, "GS01 %.*s, expected %.*s",
            (int)(edi->group->function.len > 8 ? 8 : edi->group->function.len),
            edi->group->function.len ? edi->group->function.ptr : "", XD_FMT(edi->table->function));
    }
}

/* The bytes of a binary segment may look like segments: it is passed over by its length, where that
 * is true. */
static void
skip_binary(struct xd_edi *edi)
{
    struct xd_edi_scan *scan = &edi->scan;
    uint64_t length;
    size_t begin;

    if (edi->scan.elements >= 2 && xd_slice_u64(xd_edi_raw(edi, 1, 1), &length)) {
        begin = xd_edi_part_offset(scan, edi->scan.element_part[2]);
        if (length < scan->len - begin && scan->text[begin + length] == scan->segment) {
            scan->at = begin + (size_t)length + 1;
        }
    }
    edi->position += edi->message != NULL;
    xd_edi_tell(edi, edi->message ? XD_EDI_LEVEL_MESSAGE : XD_EDI_LEVEL_INTERCHANGE,
                XD_F_EDI_BINARY, 0, 0, NULL);
}

static enum xd_edi_special
take_special(struct xd_edi *edi, uint32_t key)
{
    if (key == TA1 && !edi->interchange->first) {
        xd_edi_note_answer(edi);
        return XD_EDI_TAKEN;
    }
    if (key != BIN) {
        return XD_EDI_NOT_SPECIAL;
    }
    skip_binary(edi);
    return XD_EDI_TAKEN;
}

/* ISA as it stands, or without the line ends that a transfer of 80 columns put into it. */
static struct xd_slice
find_isa(struct xd_edi *edi)
{
    struct xd_slice rest = xd_slice_of(edi->scan.text + edi->scan.at, edi->scan.len - edi->scan.at);
    char *joined;
    size_t len = 0;

    if (isa_is_whole(rest)) {
        return rest;
    }
    joined = xd_arena_alloc(edi->reading->arena, ISA_BYTES);
    for (size_t i = 0; joined && i < rest.len && len < ISA_BYTES; i++) {
        if (rest.ptr[i] != '\r' && rest.ptr[i] != '\n') {
            joined[len++] = rest.ptr[i];
        }
    }
    return xd_slice_of(joined, len);
}

static bool
read_interchange(struct xd_edi *edi)
{
    struct xd_slice isa = find_isa(edi);
    bool whole = isa_is_whole(isa);
    bool sound = whole && take_separators(edi, isa.ptr);
    enum xd_edi_scan_status status;
    bool more = false;

    if (!xd_edi_interchange_open(edi)) {
        return false;
    }
    if (!whole) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_HEADER, 0, 0, "ISA is not 106 bytes");
    } else if (!sound) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_SEPARATORS, 0, 0, NULL);
    } else if (xd_edi_next(edi, &status)) {
        open_interchange(edi, isa.ptr);
        more = !xd_edi_too_many(edi) && xd_edi_read_segments(edi);
    }
    if (!sound) {
        xd_edi_find_interchange(edi, edi->scan.at + 1);
        more = !xd_edi_too_many(edi);
    }
    xd_edi_interchange_close(edi);
    return more;
}

static const struct xd_edi_envelope ENVELOPE = {
    .starts = {"ISA", NULL},
    .is_start = is_start,
    .terminator = TERMINATOR,
    .trailer = "IEA",
    .group_header = "GS",
    .group_trailer = "GE",
    .message_header = "ST",
    .message_trailer = "SE",
    .counts_groups = true,
    .take_group = take_group,
    .take_message = take_set,
    .take_special = take_special,
    .read_interchange = read_interchange,
};

static bool
read_document(struct xd_reading *reading)
{
    struct xd_edi edi = {.envelope = &ENVELOPE};

    if (xd_edi_open(&edi, reading, XD_EDI_X12)) {
        edi.charset = (struct xd_edi_charset){XD_LIT("UTF-8"), XD_EDI_UTF8, 'a', {0}};
        edi.service_name = XD_LIT("service_x12.tsv");
        edi.service = xd_edi_directory_get(&edi.tables, edi.service_name, XD_NONE, reading->err);
    }
    if (edi.service) {
        xd_edi_read_interchanges(&edi);
    }
    xd_edi_close(&edi);
    return reading->err->status == 0;
}

const struct xd_reader xd_reader_x12 = {
    .name = "x12",
    .title = "ASC X12 856 (004010, 005010) and 945 (004010)",
    .bid = bid,
    .read = read_document,
};
