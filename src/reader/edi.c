/*
 * The bookkeeping around interchanges and groups that EDIFACT and X12 have in common, and what a
 * document needs before its first byte is looked at.
 */
#include "reader/edi.h"

#include <sysexits.h>

#include "reader/edi_mapping.h"

#define ARENA_BLOCK (128u << 10)

static bool
no_memory(struct xd_edi *edi)
{
    edi->stopped = true;
    return xd_error_set(edi->reading->err, EX_OSERR, "memory ran out while reading %.*s",
                        XD_FMT(edi->reading->document->file));
}

static struct xd_slice
join(struct xd_edi *edi, struct xd_slice first, struct xd_slice second, struct xd_slice third)
{
    const struct xd_slice parts[3] = {first, second, third};
    size_t len = 0;
    char *key = xd_arena_alloc(&edi->work, first.len + second.len + third.len + 3);

    for (size_t i = 0; key && i < 3; i++) {
        if (parts[i].len) {
            memcpy(key + len, parts[i].ptr, parts[i].len);
        }
        len += parts[i].len;
        key[len++] = '\n';
    }
    return xd_slice_of(key, key ? len : 0);
}

static struct xd_slice
interchange_key(struct xd_edi *edi, const struct xd_interchange *interchange)
{
    return join(edi, interchange->sender, interchange->recipient, interchange->reference);
}

/* Interchanges of earlier documents of the run count too. */
static bool
remember_earlier(struct xd_edi *edi)
{
    struct xd_interchange **tail = &edi->reading->interchanges;

    if (!xd_map_init(&edi->seen, &edi->work, 64, false)) {
        return false;
    }
    for (; *tail; tail = &(*tail)->next) {
        if ((*tail)->reference.len &&
            !xd_map_put(&edi->seen, interchange_key(edi, *tail), 1, NULL)) {
            return false;
        }
    }
    edi->tail = tail;
    return true;
}

bool
xd_edi_open(struct xd_edi *edi, struct xd_reading *reading, enum xd_edi_syntax syntax)
{
    const struct xd_limits *limits = reading->limits;

    edi->reading = reading;
    edi->syntax = syntax;
    edi->whole_numbers = syntax == XD_EDI_X12 ? XD_EDI_N : XD_EDI_NONE;
    xd_arena_init(&edi->work, ARENA_BLOCK, 0);
    edi->tables = (struct xd_edi_tables){.tables = reading->tables, .arena = &edi->work};
    edi->scan.limit = xd_limit(limits, XD_LIMIT_EDI_SEGMENT_BYTES);
    edi->scan.element_limit = xd_limit(limits, XD_LIMIT_EDI_ELEMENTS);
    edi->scan.component_limit = xd_limit(limits, XD_LIMIT_EDI_COMPONENTS);
    edi->rows.columns = xd_arena_alloc(reading->arena, sizeof(*edi->rows.columns));
    xd_edi_rows_init(edi);
    edi->shapes = xd_arena_alloc(&edi->work, sizeof(*edi->shapes));
    if (!edi->rows.columns || !edi->shapes || !remember_earlier(edi) ||
        !xd_edi_scan_init(&edi->scan, reading->document->text, &edi->work)) {
        return no_memory(edi);
    }
    if (!xd_edi_codes_load(&edi->codes, reading->tables, reading->err) ||
        !xd_edi_mapping_columns(reading->tables, edi->rows.columns, reading->err)) {
        return false;
    }
    return true;
}

void
xd_edi_close(struct xd_edi *edi)
{
    xd_arena_free(&edi->rows.arena);
    xd_arena_free(&edi->rows.spare);
    xd_arena_free(&edi->work);
}

struct xd_interchange *
xd_edi_interchange_open(struct xd_edi *edi)
{
    struct xd_interchange *interchange = xd_arena_alloc(edi->reading->arena, sizeof(*interchange));

    if (!interchange) {
        (void)no_memory(edi);
        return NULL;
    }
    interchange->syntax = edi->syntax;
    interchange->document = edi->reading->document->index;
    interchange->element = edi->scan.element;
    interchange->component = edi->scan.component;
    interchange->release = edi->scan.release;
    interchange->repeat = edi->scan.repeat;
    interchange->segment = edi->scan.segment;
    interchange->decimal = '.';
    *edi->tail = interchange;
    edi->tail = &interchange->next;
    edi->interchange = interchange;
    edi->group = NULL;
    edi->message = NULL;
    edi->told_set = false;
    edi->told_wrap = false;
    edi->told_empty = false;
    edi->interchanges++;
    xd_edi_rows_mark(edi, XD_EDI_LEVEL_INTERCHANGE);
    return interchange;
}

void
xd_edi_interchange_known(struct xd_edi *edi)
{
    uint32_t before = XD_MAP_NONE;

    if (edi->interchange->test) {
        xd_edi_note(edi, XD_F_EDI_TEST, NULL);
    }
    if (!xd_map_init(&edi->groups, &edi->work, 16, false)) {
        (void)no_memory(edi);
    }
    if (!edi->interchange->reference.len) {
        return;
    }
    if (!xd_map_put(&edi->seen, interchange_key(edi, edi->interchange), 1, &before)) {
        (void)no_memory(edi);
    } else if (before != XD_MAP_NONE) {
        xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_DUPLICATE_INTERCHANGE, 0, 0,
                    "reference %.*s", XD_FMT(edi->interchange->reference));
    }
}

/* What the verdict about the interchange means for its messages. */
static void
settle_messages(struct xd_edi *edi, bool accepted)
{
    for (struct xd_edi_group *group = edi->interchange->first; group; group = group->next) {
        for (struct xd_edi_message *message = group->first; message; message = message->next) {
            message->rows = accepted ? message->rows : 0;
            edi->accepted_messages +=
                accepted && message->verdict != XD_EDI_REJECTED && !message->answer;
        }
    }
}

void
xd_edi_interchange_close(struct xd_edi *edi)
{
    struct xd_interchange *interchange = edi->interchange;
    bool accepted = interchange->verdict != XD_EDI_REJECTED;

    settle_messages(edi, accepted);
    if (!accepted) {
        xd_edi_rows_drop(edi, XD_EDI_LEVEL_INTERCHANGE);
    }
    xd_edi_rows_settle(edi);
    edi->interchange = NULL;
    edi->group = NULL;
    edi->message = NULL;
}

struct xd_edi_group *
xd_edi_group_open(struct xd_edi *edi)
{
    struct xd_edi_group *group = xd_arena_alloc(edi->reading->arena, sizeof(*group));

    if (!group) {
        (void)no_memory(edi);
        return NULL;
    }
    if (edi->interchange->last) {
        edi->interchange->last->next = group;
    } else {
        edi->interchange->first = group;
    }
    edi->interchange->last = group;
    edi->interchange->groups++;
    edi->group = group;
    xd_edi_rows_mark(edi, XD_EDI_LEVEL_GROUP);
    return group;
}

void
xd_edi_group_known(struct xd_edi *edi, unsigned element)
{
    const struct xd_edi_group *group = edi->group;
    uint32_t before = XD_MAP_NONE;

    if (group->reference.len &&
        !xd_map_put(&edi->groups, join(edi, group->function, group->sender, group->reference), 1,
                    &before)) {
        (void)no_memory(edi);
    } else if (before != XD_MAP_NONE) {
        xd_edi_tell(edi, XD_EDI_LEVEL_GROUP, XD_F_EDI_DUPLICATE_GROUP, element, 0, NULL);
    }
}

void
xd_edi_group_close(struct xd_edi *edi)
{
    if (edi->group->verdict == XD_EDI_REJECTED) {
        for (struct xd_edi_message *message = edi->group->first; message; message = message->next) {
            message->verdict = XD_EDI_REJECTED;
            message->rows = 0;
        }
        edi->group->accepted = 0;
        xd_edi_rows_drop(edi, XD_EDI_LEVEL_GROUP);
    }
    edi->group = NULL;
}

void
xd_edi_forget_references(struct xd_edi *edi)
{
    if (!xd_map_init(&edi->references, &edi->work, 16, false)) {
        (void)no_memory(edi);
    }
}

void
xd_edi_note_answer(struct xd_edi *edi)
{
    if (!edi->interchange->has_answer) {
        edi->interchange->has_answer = true;
        xd_edi_note(edi, XD_F_EDI_ANSWER, NULL);
    }
}

void
xd_edi_note_cut(struct xd_edi *edi)
{
    if (edi->scan.wrapped && !edi->told_wrap) {
        edi->told_wrap = true;
        xd_edi_note(edi, XD_F_EDI_LINE_BREAK, NULL);
    }
    if (edi->scan.empty && !edi->told_empty) {
        edi->told_empty = true;
        xd_edi_note(edi, XD_F_EDI_SEGMENT_EMPTY, "in front of it");
    }
}

void
xd_edi_tell_long(struct xd_edi *edi)
{
    edi->scan.elements = 0;
    edi->position += edi->message != NULL;
    xd_edi_tell(edi, edi->message ? XD_EDI_LEVEL_MESSAGE : XD_EDI_LEVEL_INTERCHANGE,
                XD_F_EDI_SEGMENT_TOO_LONG, 0, 0, "limit edi-segment-bytes=%zu", edi->scan.limit);
}

void
xd_edi_check_trailer(struct xd_edi *edi, enum xd_edi_level level, uint32_t count,
                     struct xd_slice reference)
{
    struct xd_slice said = xd_edi_raw(edi, 1, 1);
    struct xd_slice same = xd_edi_raw(edi, 2, 1);
    uint64_t number;

    if (said.len && (!xd_slice_u64(said, &number) || number != count)) {
        xd_edi_tell(edi, level, XD_F_EDI_COUNT, 1, 0, "the trailer says %.*s, counted %u",
                    (int)(said.len > 20 ? 20 : said.len), said.ptr, count);
    }
    if (same.len && !xd_slice_eq(same, reference)) {
        xd_edi_tell(edi, level, XD_F_EDI_REFERENCE, 2, 0, "the header says %.*s",
                    (int)(reference.len > 35 ? 35 : reference.len),
                    reference.len ? reference.ptr : "");
    }
}

bool
xd_edi_too_many(struct xd_edi *edi)
{
    uint64_t limit = xd_limit(edi->reading->limits, XD_LIMIT_EDI_MESSAGES);

    if (edi->interchange->messages < limit && edi->interchange->groups <= limit &&
        edi->interchanges <= limit) {
        return false;
    }
    xd_edi_tell(edi, XD_EDI_LEVEL_INTERCHANGE, XD_F_EDI_TOO_MANY_MESSAGES, 0, 0,
                "limit edi-messages=%llu", (unsigned long long)limit);
    return true;
}
