/*
 * From segments to rows. What a segment says holds for all that is below it: the address of a
 * message for every parcel, the number of a parcel for every line. So a value is remembered with
 * the depth at which it was said, and beginning a parcel or a line forgets what was said as deep or
 * deeper. A row is complete when the next thing begins.
 */
#include "reader/edi.h"
#include "reader/edi_mapping.h"

_Static_assert(XD_FIELD_COUNT <= 64, "the fields said at a depth are a 64-bit set");

/* The loop over the actions of a segment is quick as long as it is small: what only few of them
 * need is kept out of it by `noinline`. */

/* Forgets what was said at `depth` and below, and goes there. */
static void
go_to_depth(struct xd_edi *edi, unsigned depth)
{
    struct xd_edi_map *map = &edi->map;

    for (unsigned i = depth; i <= map->depth; i++) {
        xd_row_builder_clear(&edi->rows.builder, map->set[i]);
        map->set[i] = 0;
    }
    for (uint32_t ranked = map->ranked; ranked; ranked &= ranked - 1) {
        unsigned gate = (unsigned)__builtin_ctz(ranked);
        if (map->gate_depth[gate] >= depth) {
            map->gate_rank[gate] = UINT8_MAX;
            map->ranked &= ~(1u << gate);
        }
    }
    map->depth = depth;
    map->shared &= (1u << depth) - 1;
}

bool
xd_edi_map_begin(struct xd_edi *edi)
{
    struct xd_edi_map *map = &edi->map;
    struct xd_edi_mapping *mapping = map->mappings;

    while (mapping && mapping->table != edi->table) {
        mapping = mapping->next;
    }
    if (!mapping) {
        mapping = xd_edi_mapping_load(&edi->tables, edi->table, edi->syntax, edi->reading->err);
        if (!mapping) {
            return false;
        }
        mapping->next = map->mappings;
        map->mappings = mapping;
    }
    map->mapping = mapping;
    memset(map->gate_rank, 0xff, sizeof(map->gate_rank));
    memset(map->gate_depth, 0, sizeof(map->gate_depth));
    map->gates = 0;
    map->ranked = 0;
    go_to_depth(edi, 0);
    map->open = XD_EDI_OPEN_NOTHING;
    map->lines = 0;
    map->nodes = 0;
    map->quantity = 0;
    map->quantity_known = true;
    return true;
}

/* --- what is open becomes a row --- */

/* Levels of the hierarchy that are goods: a shipment or an order without any of them below it is no
 * line. */
static bool
is_goods(char level)
{
    return level == 'I' || level == 'P' || level == 'T';
}

/* HL04 of the open node against what follows it. Nobody needs it to read the tree, so it only
 * warns. */
static void
check_child_code(struct xd_edi *edi, bool has_child)
{
    const struct xd_edi_spot *spot = &edi->map.child_code;

    if (spot->value.len == 1 && spot->value.ptr[0] == (has_child ? '0' : '1')) {
        xd_edi_tell_earlier(edi, spot, XD_F_EDI_CHILD_CODE, "%s below it",
                            has_child ? "a level stands" : "no level stands");
    }
}

/* A quantity of a level above is that of all rows below it: with two of them nobody can tell how
 * much of it is in which package. */
static void
check_share(struct xd_edi *edi)
{
    struct xd_edi_map *map = &edi->map;
    struct xd_edi_spot spot = map->child_code;
    unsigned depth = map->depth;

    while (depth > 0 && !(map->set[depth] >> XD_FIELD_QUANTITY & 1)) {
        depth--;
    }
    if (depth == 0) {
        return;
    }
    if (depth < map->depth && (map->shared >> depth & 1)) {
        spot.element = 0;
        spot.value = XD_NONE;
        spot.offset = map->open_offset;
        xd_edi_tell_earlier(edi, &spot, XD_F_EDI_PARCELS_UNCLEAR,
                            "one quantity for several packages");
    }
    map->shared |= 1u << depth;
}

/* Something new begins, whose parent is `parent` (empty when that means nothing). */
static void
finish_open(struct xd_edi *edi, bool has_child)
{
    struct xd_edi_map *map = &edi->map;
    bool row = map->open == XD_EDI_OPEN_LINE;

    if (map->open == XD_EDI_OPEN_PARCEL) {
        row = !has_child && !map->lines_below &&
              edi->rows.builder.values[XD_FIELD_PARCEL_CODE].len > 0;
    } else if (map->open == XD_EDI_OPEN_NODE) {
        row = !has_child && is_goods(map->open_level);
        check_child_code(edi, has_child);
    }
    if (row) {
        if (map->open == XD_EDI_OPEN_NODE) {
            check_share(edi);
        }
        xd_edi_rows_add(edi, map->open_offset);
    }
    map->open = XD_EDI_OPEN_NOTHING;
}

static void
begin_level(struct xd_edi *edi, const struct xd_edi_action *action)
{
    struct xd_edi_map *map = &edi->map;
    struct xd_slice parent = xd_edi_raw(edi, action->with_element, 1);
    bool line = action->how > 1;

    if (line) {
        bool in_parcel = map->open == XD_EDI_OPEN_PARCEL;
        map->lines_below |= in_parcel;
        finish_open(edi, in_parcel);
        map->lines++;
        map->open = XD_EDI_OPEN_LINE;
    } else {
        finish_open(edi, parent.len && xd_slice_eq(parent, map->open_id));
        map->open = XD_EDI_OPEN_PARCEL;
        map->lines_below = false;
        map->open_id = xd_edi_keep(edi, xd_edi_raw(edi, action->element, 1));
    }
    go_to_depth(edi, action->how);
    map->open_offset = edi->scan.offset;
}

/* After a wrong parent: a sibling of the open node when it is of the same level, else its child. So
 * one fault is told once and not for each node below it. */
static unsigned
likely_parent(const struct xd_edi_map *map, struct xd_slice level)
{
    bool sibling = level.len && level.ptr[0] == map->open_level;

    return map->depth - (sibling && map->depth > 0);
}

/* HL: numbered 1, 2, 3 ..., each below a node that is still open. */
static void
begin_node(struct xd_edi *edi, const struct xd_edi_action *action)
{
    struct xd_edi_map *map = &edi->map;
    struct xd_slice parent_text = xd_edi_raw(edi, action->with_element, 1);
    struct xd_slice level = xd_edi_raw(edi, action->how, 1);
    uint64_t id = 0;
    uint64_t parent = 0;
    unsigned at = 0;

    map->nodes++;
    if (!xd_slice_u64(xd_edi_raw(edi, action->element, 1), &id) || id != map->nodes) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_HIERARCHY, action->element, 0,
                    "level number %u is due", map->nodes);
    }
    if (parent_text.len && xd_slice_u64(parent_text, &parent)) {
        for (at = map->open == XD_EDI_OPEN_NODE ? map->depth : 0;
             at > 0 && map->stack[at] != parent;) {
            at--;
        }
    }
    if ((at == 0) != (map->nodes == 1 && parent_text.len == 0)) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_HIERARCHY, action->with_element, 0,
                    map->nodes == 1 ? "the first level has no parent"
                                    : "the parent is not an open level");
        at = likely_parent(map, level);
    }
    finish_open(edi, at > 0 && at == map->depth);
    if (at == XD_EDI_DEPTH_MAX) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_HIERARCHY, action->element, 0,
                    "more than %d levels", XD_EDI_DEPTH_MAX);
        at--;
    }
    go_to_depth(edi, at + 1);
    map->stack[at + 1] = map->nodes;
    map->child_code = xd_edi_spot(edi, action->with_component);
    map->open = XD_EDI_OPEN_NODE;
    map->open_level = level.len ? level.ptr[0] : 0;
    map->open_offset = edi->scan.offset;
}

/* --- conditions --- */

#define NO_VALUE UINT8_MAX

/* Which value of a list this is, or NO_VALUE. */
static inline uint8_t
rank_in(const struct xd_edi *edi, uint16_t list, uint8_t count, struct xd_slice value)
{
    const struct xd_edi_mapping *mapping = edi->map.mapping;
    const uint64_t *keys = mapping->keys + list;
    uint64_t key =
        value.ptr < edi->scan.wide_end ? xd_edi_wide_key(value) : xd_edi_value_key(value);

    for (uint8_t rank = 0; rank < count; rank++) {
        if (keys[rank] == key && (key || xd_slice_eq(mapping->values[list + rank], value))) {
            return rank;
        }
    }
    return NO_VALUE;
}

static inline uint8_t
rank_of(const struct xd_edi *edi, const struct xd_edi_condition *condition, struct xd_slice value)
{
    return rank_in(edi, condition->list, condition->list_count, value);
}

/* The last element where a condition looks in the segment in hand. */
static inline unsigned
last_place(const struct xd_edi *edi, const struct xd_edi_condition *condition)
{
    return condition->last < edi->scan.elements ? condition->last : edi->scan.elements;
}

/* The rank of the condition's value that stands first where it looks, or -1; *element is where. */
static int
holds(const struct xd_edi *edi, const struct xd_edi_condition *condition, unsigned *element)
{
    unsigned last = last_place(edi, condition);

    for (unsigned at = condition->first; at <= last; at += condition->step) {
        struct xd_slice value = xd_edi_raw(edi, at, condition->component);
        unsigned rank = (unsigned)rank_of(edi, condition, value) - condition->rank_0;
        if (rank < condition->value_count) {
            *element = at;
            return (int)rank;
        }
    }
    return -1;
}

/* The rank of the first condition's value when all conditions hold, or -1; *element is where the
 * last value stands. */
static int
all_hold(const struct xd_edi *edi, const struct xd_edi_action *action, unsigned *element)
{
    const struct xd_edi_condition *condition = edi->map.mapping->conditions + action->condition;
    int rank = 0;

    for (unsigned i = 0; i < action->condition_count; i++) {
        int found = holds(edi, condition + i, element);
        if (found < 0) {
            return -1;
        }
        rank = i == 0 ? found : rank;
    }
    return rank;
}

/* `rank` is that of the value which qualifies the group, or -1. */
static void
set_gate(struct xd_edi *edi, const struct xd_edi_action *gate, int rank)
{
    struct xd_edi_map *map = &edi->map;

    map->gates &= ~(1u << gate->gate);
    if (rank < 0 || rank > map->gate_rank[gate->gate]) {
        return;
    }
    if (map->gate_rank[gate->gate] != UINT8_MAX) {
        xd_row_builder_clear(&edi->rows.builder, gate->governs & map->set[map->depth]);
        map->set[map->depth] &= ~gate->governs;
    }
    map->gate_rank[gate->gate] = (uint8_t)rank;
    map->gate_depth[gate->gate] = (uint8_t)map->depth;
    map->gates |= 1u << gate->gate;
    map->ranked |= 1u << gate->gate;
}

/* --- values --- */

/* `raw` is what stands at the element and component, and what `value` was made from. */
static inline void
set_field(struct xd_edi *edi, enum xd_field field, struct xd_slice value, struct xd_slice raw,
          unsigned element, unsigned component)
{
    const struct xd_edi_scan *scan = &edi->scan;
    size_t offset = scan->offset + (size_t)(raw.ptr - scan->base) - scan->from;

    if (scan->wrapped) {
        offset = xd_edi_part_offset(scan, scan->element_part[element] + component - 1);
    }
    xd_row_builder_set(&edi->rows.builder, field, value, offset);
    edi->map.set[edi->map.depth] |= 1ull << field;
}

/* SSCC with or without the application identifier 00 in front of it. */
static void
set_sscc(struct xd_edi *edi, const struct xd_edi_action *action, struct xd_slice value,
         struct xd_slice raw, unsigned element)
{
    struct xd_edi_map *map = &edi->map;
    /* GIN has pairs of first and last, and up to five of them; MAN has the last behind the first.
     */
    bool more = xd_edi_raw(edi, element, action->component + 1u).len > 0 ||
                xd_edi_raw(edi, element + 1, 1).len > 0;

    if (value.len == 20 && value.ptr[0] == '0' && value.ptr[1] == '0') {
        value = xd_slice_sub(value, 2, 18);
    }
    if (more || (map->set[map->depth] & 1ull << action->field)) {
        xd_edi_tell(edi, XD_EDI_LEVEL_MESSAGE, XD_F_EDI_PARCELS_UNCLEAR, element, 0, NULL);
        return;
    }
    set_field(edi, (enum xd_field)action->field, value, raw, element, action->component);
}

static __attribute__((noinline)) void
set_action(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element)
{
    struct xd_edi_map *map = &edi->map;
    enum xd_field field = (enum xd_field)action->field;
    struct xd_slice raw = xd_edi_raw(edi, element, action->component);
    struct xd_slice value = raw;

    if (raw.len == 0) {
        return;
    }
    if (action->how == XD_EDI_HOW_UNSET && edi->rows.builder.values[field].len) {
        return;
    }
    for (unsigned i = 0; action->how == XD_EDI_HOW_NEXT && i < 2; i++) {
        field = (enum xd_field)(field + (map->set[map->depth] >> field & 1));
    }
    if (edi->scan.odd || edi->scan.escaped || edi->scan.wrapped) {
        value = xd_edi_value(edi, element, action->component, &map->own[field]);
    }
    switch (action->how) {
    case XD_EDI_HOW_NUMBER:
        value = xd_edi_as_number(edi, &edi->map.own[field], value);
        if (field == XD_FIELD_QUANTITY) {
            xd_edi_take_quantity(edi, value, element, action->component);
        }
        break;
    case XD_EDI_HOW_DATE:
        value = xd_edi_as_date(edi, field, value);
        break;
    case XD_EDI_HOW_WEIGHT:
    case XD_EDI_HOW_LENGTH:
        value = xd_edi_as_measure(edi, action, value);
        break;
    case XD_EDI_HOW_SSCC:
        set_sscc(edi, action, value, raw, element);
        return;
    case XD_EDI_HOW_JOIN:
        value = xd_edi_as_joined(edi, action, value, element);
        break;
    default:
        break;
    }
    if (value.len) {
        set_field(edi, field, value, raw, element, action->component);
    }
}

static __attribute__((noinline)) void
act(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element)
{
    switch (action->act) {
    case XD_EDI_ACT_LEVEL:
        begin_level(edi, action);
        break;
    case XD_EDI_ACT_TREE:
        begin_node(edi, action);
        break;
    case XD_EDI_ACT_FUNCTION:
        xd_edi_check_function(edi, action, element);
        break;
    case XD_EDI_ACT_DOCUMENT:
        edi->message->document = xd_edi_keep(edi, xd_edi_raw(edi, element, action->component));
        break;
    case XD_EDI_ACT_LINES:
    case XD_EDI_ACT_NODES:
    case XD_EDI_ACT_QUANTITY:
        xd_edi_check_total(edi, action, element);
        break;
    default:
        break;
    }
}

/* A value that needs no conversion, of a segment without anything odd: what most are. */
static inline void
set_plain(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element)
{
    struct xd_slice raw = xd_edi_raw(edi, element, action->component);

    if (raw.len) {
        set_field(edi, (enum xd_field)action->field, raw, raw, element, action->component);
    }
}

/* The same for a number, of which only the decimal mark may need conversion. */
static __attribute__((noinline)) void
set_number(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element)
{
    enum xd_field field = (enum xd_field)action->field;
    struct xd_slice raw = xd_edi_raw(edi, element, action->component);
    struct xd_slice value = xd_edi_as_number(edi, &edi->map.own[field], raw);

    if (value.len == 0) {
        return;
    }
    if (field == XD_FIELD_QUANTITY) {
        xd_edi_take_quantity(edi, value, element, action->component);
    }
    set_field(edi, field, value, raw, element, action->component);
}

static inline bool
gates_are_open(const struct xd_edi *edi, const struct xd_edi_action *action)
{
    return (edi->map.gates & action->gates) == action->gates;
}

/* `found` is the element whose value chose the action. */
static inline void
do_action(struct xd_edi *edi, const struct xd_edi_action *action, unsigned found, bool plain)
{
    unsigned element = action->relative ? found + action->element : action->element;

    if (plain && action->direct) {
        set_plain(edi, action, element);
    } else if (plain && action->how == XD_EDI_HOW_NUMBER && action->act == XD_EDI_ACT_SET) {
        set_number(edi, action, element);
    } else if (action->act == XD_EDI_ACT_SET) {
        set_action(edi, action, element);
    } else {
        act(edi, action, element);
    }
}

/* An action by itself, with as many conditions as it has. */
static __attribute__((noinline)) void
do_alone(struct xd_edi *edi, const struct xd_edi_action *action, bool plain)
{
    unsigned element = 0;
    int rank = gates_are_open(edi, action) ? all_hold(edi, action, &element) : -1;

    if (action->act == XD_EDI_ACT_GATE) {
        set_gate(edi, action, rank);
    } else if (rank >= 0) {
        do_action(edi, action, element, plain);
    }
}

/* The actions that the value at the place of the step chooses. */
static inline void
do_choice(struct xd_edi *edi, const struct xd_edi_step *step, bool plain)
{
    const struct xd_edi_mapping *mapping = edi->map.mapping;
    struct xd_slice value = xd_edi_raw(edi, step->element, step->component);
    uint8_t rank = rank_in(edi, step->list, step->list_count, value);
    const struct xd_edi_choice *choice = &mapping->choices[step->list + rank];
    const struct xd_edi_action *const *chosen = mapping->chosen + choice->first;

    if (rank == NO_VALUE) {
        return;
    }
    for (unsigned i = 0; i < choice->count; i++) {
        if (gates_are_open(edi, chosen[i])) {
            do_action(edi, chosen[i], step->element, plain);
        }
    }
}

/* The same with several places: each action is done for the first value that chooses it. */
static __attribute__((noinline)) void
do_choice_in_range(struct xd_edi *edi, const struct xd_edi_action *first, bool plain)
{
    const struct xd_edi_mapping *mapping = edi->map.mapping;
    const struct xd_edi_condition *condition = mapping->conditions + first->condition;
    unsigned last = last_place(edi, condition);
    uint64_t done = 0;

    for (unsigned at = condition->first; at <= last; at += condition->step) {
        struct xd_slice value = xd_edi_raw(edi, at, condition->component);
        uint8_t rank = rank_of(edi, condition, value);
        const struct xd_edi_choice *choice = &mapping->choices[condition->list + rank];
        const struct xd_edi_action *const *chosen = mapping->chosen + choice->first;
        for (unsigned i = 0; rank != NO_VALUE && i < choice->count; i++) {
            const struct xd_edi_action *action = chosen[i];
            uint64_t bit = 1ull << ((action - first) & 63);
            if (!(done & bit) && gates_are_open(edi, action)) {
                done |= bit;
                do_action(edi, action, at, plain);
            }
        }
    }
}

void
xd_edi_map_segment(struct xd_edi *edi, uint8_t node)
{
    const struct xd_edi_mapping *mapping = edi->map.mapping;
    const struct xd_edi_step *step = mapping->steps + mapping->first[node];
    const struct xd_edi_step *end = mapping->steps + mapping->first[node + 1];
    bool plain = !edi->scan.odd && !edi->scan.escaped && !edi->scan.wrapped;

    for (; step < end; step++) {
        const struct xd_edi_action *action = mapping->actions + step->action;
        if (step->kind == XD_EDI_STEP_CHOICE) {
            do_choice(edi, step, plain);
        } else if (step->kind == XD_EDI_STEP_ALONE) {
            do_alone(edi, action, plain);
        } else if (step->kind == XD_EDI_STEP_CHOICE_IN_RANGE) {
            do_choice_in_range(edi, action, plain);
        } else if (gates_are_open(edi, action)) {
            do_action(edi, action, 0, plain);
        }
    }
}

void
xd_edi_map_end(struct xd_edi *edi)
{
    finish_open(edi, false);
}
