/*
 * Only the order at hand is on the tape, so a file of many orders needs the memory of its largest.
 */
#include "reader/shape.h"

static struct xd_shape_event *
add(struct xd_shape_tape *tape, const struct xd_shape_entry *entry, uint64_t offset)
{
    struct xd_shape_event *event;

    if (tape->count == tape->cap) {
        size_t cap = tape->cap ? tape->cap * 2 : 256;
        struct xd_shape_event *events = xd_arena_array(tape->arena, cap, sizeof(*events));
        if (!events) {
            tape->failed = true;
            return NULL;
        }
        if (tape->count) {
            memcpy(events, tape->events, tape->count * sizeof(*events));
        }
        tape->events = events;
        tape->cap = cap;
    }
    event = &tape->events[tape->count++];
    *event = (struct xd_shape_event){.entry = entry, .offset = offset, .end = tape->count};
    return event;
}

void
xd_tape_enter(struct xd_shape_tape *tape, const struct xd_shape_entry *entry, uint64_t offset)
{
    if (tape->depth == XD_SHAPE_NODES) {
        tape->failed = true;
        return;
    }
    tape->open[tape->depth++] = tape->count;
    (void)add(tape, entry, offset);
}

void
xd_tape_value(struct xd_shape_tape *tape, const struct xd_shape_entry *entry, struct xd_slice value,
              uint64_t offset)
{
    struct xd_shape_event *event = add(tape, entry, offset);

    if (event) {
        event->value = value;
    }
}

void
xd_tape_leave(struct xd_shape_tape *tape)
{
    size_t open = tape->open[--tape->depth];

    if (!tape->failed) {
        tape->events[open].end = tape->count;
    }
}

static bool play(const struct xd_shape_tape *tape, size_t from, size_t to,
                 struct xd_shaping *shaping);

static bool
play_node(const struct xd_shape_tape *tape, size_t at, struct xd_shaping *shaping)
{
    const struct xd_shape_event *event = &tape->events[at];

    if (!xd_shaping_enter(shaping, event->entry, event->offset)) {
        return false;
    }
    if (!play(tape, at + 1, event->end, shaping)) {
        return false;
    }
    xd_shaping_leave(shaping);
    return true;
}

/* Events [from, to) of one object: its values and inner objects first, then the nodes in it. */
static bool
play(const struct xd_shape_tape *tape, size_t from, size_t to, struct xd_shaping *shaping)
{
    for (size_t at = from; at < to; at = tape->events[at].end) {
        const struct xd_shape_event *event = &tape->events[at];
        if (event->entry->kind == XD_SHAPE_VALUE) {
            xd_shaping_value(shaping, event->entry, event->value, event->offset);
        } else if (event->entry->kind == XD_SHAPE_OBJECT && !play_node(tape, at, shaping)) {
            return false;
        }
    }
    for (size_t at = from; at < to; at = tape->events[at].end) {
        enum xd_shape_kind kind = tape->events[at].entry->kind;
        if ((kind == XD_SHAPE_ITEM || kind == XD_SHAPE_LIST) && !play_node(tape, at, shaping)) {
            return false;
        }
    }
    return true;
}

bool
xd_tape_play(struct xd_shape_tape *tape, struct xd_shaping *shaping)
{
    bool good = !tape->failed && play(tape, 0, tape->count, shaping);

    tape->count = 0;
    return good;
}
