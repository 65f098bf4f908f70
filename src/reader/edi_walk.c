/*
 * A message's way through its structure: one look into the table for each segment, and a search
 * only where the table says that something is wrong.
 */
#include <sysexits.h>

#include "reader/edi_envelope.h"

static const char *
tag_of(const struct xd_edi *edi, uint8_t node)
{
    return edi->table->directory->segments[edi->table->nodes[node].segment].tag;
}

static void
tell_missing(void *context, uint8_t node)
{
    struct xd_edi *edi = context;

    xd_edi_tell_missing(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_SEGMENT_MISSING, tag_of(edi, node));
}

static inline void
enter(struct xd_edi *edi, uint8_t node)
{
    const struct xd_edi_node *place = &edi->table->nodes[node];

    if (place->trigger) {
        memset(edi->counts + node + 1, 0, (size_t)(place->end - node - 1) * sizeof(edi->counts[0]));
    }
    edi->node = node;
}

/* The node has had its repeats: the same tag may stand further on, else it is once too often. */
static uint8_t
beyond_most(struct xd_edi *edi, uint8_t node, uint8_t segment)
{
    const struct xd_edi_node *place = &edi->table->nodes[node];
    uint8_t other = xd_edi_follow(edi->table, edi->node, segment, node, NULL, NULL);

    edi->counts[node]--;
    if (other != XD_EDI_NONE && edi->counts[other] < edi->table->nodes[other].most) {
        (void)xd_edi_follow(edi->table, edi->node, segment, node, tell_missing, edi);
        edi->counts[other]++;
        enter(edi, other);
        return other;
    }
    xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE,
                place->trigger ? XD_F_EDI_GROUP_REPEATS : XD_F_EDI_SEGMENT_REPEATS, 0, 0,
                "at most %u", place->most);
    enter(edi, node);
    return node;
}

/* Takes the message to the place of `segment`; its node, or XD_EDI_NONE when it cannot stand here
 * (told). */
static inline uint8_t
walk(struct xd_edi *edi, uint8_t segment)
{
    const struct xd_edi_message_table *table = edi->table;
    size_t step = (size_t)edi->node * table->directory->segment_count + segment;
    uint8_t node = table->follow[step];

    if (node == XD_EDI_NONE) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_SEGMENT_MISPLACED, 0, 0, "after %s",
                    tag_of(edi, edi->node));
        return XD_EDI_NONE;
    }
    if (++edi->counts[node] > table->nodes[node].most) {
        return beyond_most(edi, node, segment);
    }
    if (table->skips[step]) {
        (void)xd_edi_follow(table, edi->node, segment, XD_EDI_NONE, tell_missing, edi);
    } else if (segment >= edi->service->segment_count) {
        edi->nexts[edi->node] = (struct xd_edi_next){xd_edi_key(edi), segment, node};
    }
    enter(edi, node);
    return node;
}

static bool
known_reference(const struct xd_edi *edi, struct xd_slice reference)
{
    return xd_map_get(&edi->references, reference) != XD_MAP_NONE;
}

static void
check_reference(struct xd_edi *edi, struct xd_slice reference)
{
    if (reference.len == 0) {
        return;
    }
    if (known_reference(edi, reference)) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_DUPLICATE_MESSAGE,
                    edi->syntax == XD_EDI_X12 ? 2 : 1, 0, NULL);
    } else if (!xd_map_put(&edi->references, reference, 1, NULL)) {
        (void)xd_error_set(edi->reading->err, EX_OSERR, "memory ran out");
    }
}

/* A slice of the document, also when the segment in hand was joined from several lines. */
struct xd_slice
xd_edi_keep(struct xd_edi *edi, struct xd_slice raw)
{
    return edi->scan.wrapped && raw.len ? xd_arena_copy(edi->reading->arena, raw) : raw;
}

/* True when the message just opened is an acknowledgement, of which nothing but its place is
 * checked. A message that is read is none, and its group is not one of them, whatever it says. */
static bool
is_answer(struct xd_edi *edi)
{
    struct xd_edi_message *message = edi->message;

    edi->group->answer &= !edi->table;
    message->answer =
        edi->group->answer ||
        (edi->envelope->answer && xd_slice_eq(message->type, xd_slice_str(edi->envelope->answer)));
    if (message->answer) {
        xd_edi_note_answer(edi);
    } else {
        edi->interchange->has_other = true;
    }
    return message->answer;
}

/* What was learned of another kind of message is of no use for this one. */
static void
forget_others(struct xd_edi *edi)
{
    if (edi->nexts_of != edi->table) {
        memset(edi->nexts, 0, sizeof(edi->nexts));
        edi->nexts_of = edi->table;
    }
    if (edi->shapes->directory != edi->directory) {
        memset(edi->shapes, 0, sizeof(*edi->shapes));
        edi->shapes->directory = edi->directory;
    }
}

void
xd_edi_message_open(struct xd_edi *edi, struct xd_slice type, struct xd_slice version)
{
    struct xd_edi_message *message = xd_arena_alloc(edi->reading->arena, sizeof(*message));
    struct xd_edi_group *group = edi->group;

    if (!message) {
        (void)xd_error_set(edi->reading->err, EX_OSERR, "memory ran out");
        return;
    }
    if (group->last) {
        group->last->next = message;
    } else {
        group->first = message;
    }
    group->last = message;
    group->messages++;
    edi->interchange->messages++;
    edi->message = message;
    edi->position = 1;
    message->type = xd_edi_keep(edi, type);
    message->reference = xd_edi_keep(edi, xd_edi_raw(edi, edi->syntax == XD_EDI_X12 ? 2 : 1, 1));
    check_reference(edi, message->reference);
    edi->rows.of_message = 0;
    xd_edi_rows_mark(edi, XD_EDI_LEVEL_MESSAGE);
    if (!xd_edi_message_get(&edi->tables, edi->syntax, edi->service_name, type, version,
                            &edi->table, edi->reading->err) ||
        is_answer(edi)) {
        return;
    }
    edi->directory = edi->table ? edi->table->directory : edi->service;
    if (!edi->table) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_MESSAGE_UNKNOWN,
                    edi->syntax == XD_EDI_X12 ? 1 : 2, 0, "%.*s %.*s",
                    (int)(type.len > 20 ? 20 : type.len), type.ptr ? type.ptr : "",
                    (int)(version.len > 20 ? 20 : version.len), version.ptr ? version.ptr : "");
        return;
    }
    forget_others(edi);
    memset(edi->counts, 0, edi->table->node_count * sizeof(edi->counts[0]));
    edi->counts[0] = 1;
    edi->node = 0;
    if (xd_edi_map_begin(edi)) {
        xd_edi_map_segment(edi, 0);
    }
}

void
xd_edi_message_segment(struct xd_edi *edi, uint8_t segment)
{
    uint8_t node;

    edi->position++;
    if (!edi->table) {
        return;
    }
    if (segment == XD_EDI_NONE) {
        struct xd_slice tag = xd_edi_part(&edi->scan, 0);
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_SEGMENT_UNKNOWN, 0, 0, "%.*s",
                    (int)(tag.len > 20 ? 20 : tag.len), tag.ptr);
        return;
    }
    if (!xd_edi_check_shape(edi, segment)) {
        xd_edi_check(edi, edi->directory, segment, XD_EDI_LEVEL_MESSAGE);
    }
    node = walk(edi, segment);
    if (node != XD_EDI_NONE) {
        xd_edi_map_segment(edi, node);
    }
}

bool
xd_edi_message_goes_on(struct xd_edi *edi)
{
    const struct xd_edi_next *next = &edi->nexts[edi->node];
    uint8_t node = next->node;

    if (next->key != xd_edi_key(edi) || edi->counts[node] >= edi->table->nodes[node].most ||
        !xd_edi_check_shape(edi, next->segment)) {
        return false;
    }
    edi->position++;
    edi->counts[node]++;
    enter(edi, node);
    xd_edi_map_segment(edi, node);
    return true;
}

void
xd_edi_message_close(struct xd_edi *edi)
{
    struct xd_edi_message *message = edi->message;

    if (edi->table) {
        xd_edi_map_end(edi);
    }
    if (edi->table && message->verdict != XD_EDI_REJECTED && edi->rows.of_message == 0) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_NO_LINES, 0, 0, NULL);
    }
    message->segments = edi->position;
    if (message->verdict == XD_EDI_REJECTED) {
        xd_edi_rows_drop(edi, XD_EDI_LEVEL_MESSAGE);
    }
    message->first_row = edi->rows.marks[XD_EDI_LEVEL_MESSAGE].next_row;
    message->rows = edi->rows.next_row - message->first_row;
    edi->group->accepted += message->verdict != XD_EDI_REJECTED;
    edi->message = NULL;
    edi->table = NULL;
    edi->directory = edi->service;
}
