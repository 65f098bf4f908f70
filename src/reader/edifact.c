/*
 * EDIFACT (ISO 9735, syntax versions 1 to 4): UNA, UNB, UNG, UNH and their trailers. What is inside
 * a message is the tables' business; this file knows what holds messages together. A damaged
 * envelope refuses what it holds and no more: the next interchange of the same file is read as if
 * nothing had happened.
 */
#include "reader/edi_envelope.h"

#define UNA_BYTES  9
#define TERMINATOR '\'' /* unless UNA names another */

#define UNB XD_EDI_KEY('U', 'N', 'B')
#define UNO XD_EDI_KEY('U', 'N', 'O')

static struct xd_bid
bid(struct xd_slice head)
{
    head = xd_edi_skip_terminators(head, TERMINATOR);
    if (xd_slice_starts(head, XD_LIT("UNA")) && head.len > UNA_BYTES) {
        return (struct xd_bid){95, "it starts with UNA"};
    }
    return (struct xd_bid){xd_slice_starts(head, XD_LIT("UNB+")) ? 95u : 0u, "it starts with UNB"};
}

/* --- UNA and UNB --- */

/* UNB after a separator with the name of a character set, or UNA in front of UNB. */
static bool
is_start(struct xd_slice rest)
{
    if (xd_slice_starts(rest, XD_LIT("UNA")) && rest.len > UNA_BYTES) {
        rest = xd_edi_skip_terminators(xd_slice_sub(rest, UNA_BYTES, rest.len), ' ');
        return xd_slice_starts(rest, XD_LIT("UNB"));
    }
    return xd_slice_starts(rest, XD_LIT("UNB+UNO"));
}

/* True when `c` separates already. */
static bool
is_taken(const struct xd_edi_scan *scan, char c, bool or_releases)
{
    return c == scan->component || c == scan->element || c == scan->segment ||
           (or_releases && c == scan->release);
}

/* The six characters of UNA, or those that hold when it is missing: false when they cannot do their
 * work. */
static bool
take_separators(struct xd_edi *edi, const char *una)
{
    struct xd_edi_scan *scan = &edi->scan;

    scan->component = una[0];
    scan->element = una[1];
    edi->decimal = una[2] == ',' || una[2] == '.' ? ',' : 0;
    scan->release = una[3] == ' ' ? 0 : una[3];
    scan->repeat = 0; /* only syntax version 4 knows it, and only UNB says the version */
    scan->segment = una[5];
    xd_edi_scan_separators(scan);
    if (!xd_edi_may_separate(scan->component) || !xd_edi_may_separate(scan->element) ||
        !xd_edi_may_separate(scan->segment) || !edi->decimal ||
        (scan->release && !xd_edi_may_separate(scan->release))) {
        return false;
    }
    return scan->component != scan->element && scan->component != scan->segment &&
           scan->element != scan->segment && !is_taken(scan, scan->release, false) &&
           !is_taken(scan, una[2], true);
}

/* The separator of repetitions, which a blank says is not used: false when it cannot do its work.
 */
static bool
take_repetition(struct xd_edi *edi, char repeat, char decimal)
{
    if (repeat == ' ') {
        return true;
    }
    if (!xd_edi_may_separate(repeat) || repeat == decimal || is_taken(&edi->scan, repeat, true)) {
        return false;
    }
    edi->scan.repeat = repeat;
    edi->interchange->repeat = repeat;
    return true;
}

/* For the reports, which show the text as it came; the set of the first interchange that has one.
 */
static void
note_charset(const struct xd_edi *edi)
{
    struct xd_document *document = edi->reading->document;
    uint16_t *high = NULL;

    if (edi->charset.encoding == XD_EDI_SINGLE && !document->high) {
        high = xd_arena_alloc(edi->reading->arena, sizeof(edi->charset.high));
    }
    if (high) {
        memcpy(high, edi->charset.high, sizeof(edi->charset.high));
        document->high = high;
    }
}

static bool
check_syntax(struct xd_edi *edi, const char *una)
{
    struct xd_slice level = xd_edi_raw(edi, 1, 1);
    struct xd_slice version = xd_edi_raw(edi, 1, 2);
    bool found;

    edi->service_name = XD_LIT("service_edifact3.tsv");
    if (!xd_edi_charset_get(edi->reading->tables, level, &edi->charset, &found,
                            edi->reading->err)) {
        return false;
    }
    if (!found || version.len != 1 || version.ptr[0] < '1' || version.ptr[0] > '4') {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_SYNTAX_VERSION, 1, 0, NULL);
        edi->charset.name = XD_LIT("unknown");
    } else if (version.ptr[0] == '4') {
        edi->service_name = XD_LIT("service_edifact4.tsv");
        if (!take_repetition(edi, una[4], una[2])) {
            xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_SEPARATORS, 0, 0,
                        "the one for repetitions");
        }
    }
    note_charset(edi);
    edi->interchange->repertoire = edi->charset.repertoire;
    edi->scan.repertoire = edi->charset.repertoire == 'A'   ? XD_EDI_LEVEL_A
                           : edi->charset.repertoire == 'B' ? XD_EDI_LEVEL_B
                                                            : XD_EDI_PRINTABLE;
    xd_edi_scan_separators(&edi->scan);
    edi->scan.odd |= edi->scan.repertoire != XD_EDI_PRINTABLE;
    edi->service =
        xd_edi_directory_get(&edi->tables, edi->service_name, XD_NONE, edi->reading->err);
    return edi->service != NULL;
}

/* UNB is in hand. */
static bool
open_interchange(struct xd_edi *edi, const char *una, bool has_una)
{
    struct xd_interchange *interchange = edi->interchange;
    interchange->has_una = has_una;
    interchange->decimal = una[2];
    interchange->header =
        xd_edi_keep(edi, xd_slice_of(edi->scan.base + edi->scan.from, edi->scan.size));
    interchange->level = xd_edi_keep(edi, xd_edi_composite(edi, 1));
    interchange->sender = xd_edi_keep(edi, xd_edi_composite(edi, 2));
    interchange->recipient = xd_edi_keep(edi, xd_edi_composite(edi, 3));
    interchange->date = xd_edi_keep(edi, xd_edi_raw(edi, 4, 1));
    interchange->time = xd_edi_keep(edi, xd_edi_raw(edi, 4, 2));
    interchange->reference = xd_edi_keep(edi, xd_edi_raw(edi, 5, 1));
    interchange->agreement = xd_edi_keep(edi, xd_edi_raw(edi, 10, 1));
    interchange->test = xd_slice_eq(xd_edi_raw(edi, 11, 1), XD_LIT("1"));
    if (!check_syntax(edi, una)) {
        return false;
    }
    xd_edi_check_service(edi, XD_EDI_LEVEL_INTERCHANGE);
    xd_edi_interchange_known(edi);
    xd_edi_forget_references(edi);
    return true;
}

/* --- messages and groups --- */

static void
take_group(struct xd_edi *edi)
{
    struct xd_edi_group *group;

    if (edi->group && !edi->group->present) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_MIXED, 0, 0, NULL);
    }
    xd_edi_end_group(edi);
    group = xd_edi_group_open(edi);
    if (!group) {
        return;
    }
    xd_edi_check_service(edi, XD_EDI_LEVEL_GROUP);
    group->present = true;
    group->function = xd_edi_keep(edi, xd_edi_raw(edi, 1, 1));
    group->sender = xd_edi_keep(edi, xd_edi_composite(edi, 2));
    group->recipient = xd_edi_keep(edi, xd_edi_composite(edi, 3));
    group->reference = xd_edi_keep(edi, xd_edi_raw(edi, 5, 1));
    group->agency = xd_edi_keep(edi, xd_edi_raw(edi, 6, 1));
    group->version = xd_edi_keep(edi, xd_edi_composite(edi, 7));
    xd_edi_group_known(edi, 5);
}

static void
take_message(struct xd_edi *edi)
{
    char version[16];
    struct xd_slice parts[2];
    size_t len = 0;

    if (!edi->group) {
        if (edi->interchange->groups) {
            xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_MIXED, 0, 0, NULL);
        }
        if (!xd_edi_group_open(edi)) {
            return;
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        parts[i] = xd_slice_sub(xd_edi_raw(edi, 2, i + 2), 0, 8);
        if (parts[i].len) {
            memcpy(version + len, parts[i].ptr, parts[i].len);
        }
        len += parts[i].len;
    }
    xd_edi_message_open(edi, xd_edi_raw(edi, 2, 1), xd_slice_of(version, len));
    if (edi->message) {
        edi->message->identity = xd_edi_keep(edi, xd_edi_composite(edi, 2));
        xd_edi_check_service(edi, XD_EDI_LEVEL_MESSAGE);
    }
}

/* A package with a binary object: what follows is bytes, and nothing in them can be trusted to be a
 * segment. */
static enum xd_edi_special
take_special(struct xd_edi *edi, uint32_t key)
{
    if (key != UNO) {
        return XD_EDI_NOT_SPECIAL;
    }
    xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_BINARY, 0, 0, NULL);
    xd_edi_end_group(edi);
    return XD_EDI_STOP;
}

/* One interchange, from UNA or UNB; false when reading should not go on. */
static bool
read_interchange(struct xd_edi *edi)
{
    static const char DEFAULT[] = ":+.? '";
    static const char DEFAULT_4[] = ":+.?*'";
    struct xd_slice rest = xd_slice_of(edi->scan.text + edi->scan.at, edi->scan.len - edi->scan.at);
    bool has_una = xd_slice_starts(rest, XD_LIT("UNA")) && rest.len >= UNA_BYTES;
    const char *una = has_una ? rest.ptr + 3 : DEFAULT;
    bool sound = take_separators(edi, una);
    enum xd_edi_scan_status status = XD_EDI_SCAN_END;
    size_t unb;
    bool more;

    edi->scan.repertoire = XD_EDI_PRINTABLE;
    if (!xd_edi_interchange_open(edi)) {
        return false;
    }
    rest = xd_edi_skip_terminators(xd_slice_sub(rest, has_una ? UNA_BYTES : 0, rest.len), ' ');
    unb = edi->scan.len - rest.len;
    edi->scan.at += has_una ? UNA_BYTES : 0;
    if (!sound) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_SEPARATORS, 0, 0, NULL);
    } else if (!xd_edi_next(edi, &status) || status != XD_EDI_SCAN_SEGMENT ||
               xd_edi_key(edi) != UNB) {
        xd_edi_tell_missing(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_HEADER, "UNB");
    } else {
        more = open_interchange(edi, has_una ? una : DEFAULT_4, has_una) && !xd_edi_too_many(edi) &&
               xd_edi_read_segments(edi);
        xd_edi_interchange_close(edi);
        return more;
    }
    /* Its own UNB is not tried with other separators than its UNA names. */
    xd_edi_find_interchange(edi, unb + (rest.len > 0));
    more = !xd_edi_too_many(edi);
    xd_edi_interchange_close(edi);
    return more;
}

static const struct xd_edi_envelope ENVELOPE = {
    .starts = {"UNB", "UNA"},
    .is_start = is_start,
    .terminator = TERMINATOR,
    .trailer = "UNZ",
    .group_header = "UNG",
    .group_trailer = "UNE",
    .message_header = "UNH",
    .message_trailer = "UNT",
    .answer = "CONTRL",
    .take_group = take_group,
    .take_message = take_message,
    .take_special = take_special,
    .read_interchange = read_interchange,
};

static bool
read_document(struct xd_reading *reading)
{
    struct xd_edi edi = {.envelope = &ENVELOPE};

    if (xd_edi_open(&edi, reading, XD_EDI_EDIFACT)) {
        xd_edi_read_interchanges(&edi);
    }
    xd_edi_close(&edi);
    return reading->err->status == 0;
}

const struct xd_reader xd_reader_edifact = {
    .name = "edifact",
    .title = "UN/EDIFACT DESADV D96A, D01B, D04A (ISO 9735)",
    .bid = bid,
    .read = read_document,
};
