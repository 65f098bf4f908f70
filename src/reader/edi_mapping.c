/*
 * The mapping is a table so that a partner's habit is a new row and not a new program. Paths are
 * bound to the places of the message's structure once; a condition on a group's trigger becomes a
 * gate that its segments only have to look at.
 */
#include "reader/edi_mapping.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/tsv.h"

#define GATES_MAX 32

struct loader {
    struct xd_edi_mapping *mapping;
    struct xd_arena *arena;
    const struct xd_tsv *tsv;
    struct xd_error *err;
};

/* The number in front of `*text`; false when there is none of 0..99. */
static bool
take_number(struct xd_slice *text, uint8_t *out)
{
    size_t digits = 0;
    uint64_t value;

    while (digits < text->len && xd_is_digit(text->ptr[digits])) {
        digits++;
    }
    if (!xd_slice_u64(xd_slice_sub(*text, 0, digits), &value) || value > 99) {
        return false;
    }
    *text = xd_slice_sub(*text, digits, text->len);
    *out = (uint8_t)value;
    return true;
}

static bool
take_char(struct xd_slice *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c) {
        return false;
    }
    *text = xd_slice_sub(*text, 1, text->len);
    return true;
}

/* "4", "4.1" or "+1", "+0.1". */
static bool
read_element(struct xd_slice text, uint8_t *element, uint8_t *component, bool *relative)
{
    *component = 1;
    *relative = take_char(&text, '+');
    return take_number(&text, element) &&
           (!take_char(&text, '.') || take_number(&text, component)) && text.len == 0 &&
           *component > 0;
}

/* "1=UC|DP", "3.2=EN", "2..30/2=SK", "2..6.2=HS". */
static bool
read_condition(struct loader *loader, struct xd_slice text)
{
    struct xd_edi_mapping *mapping = loader->mapping;
    struct xd_edi_condition *condition = &mapping->conditions[mapping->condition_count++];
    struct xd_slice value;

    condition->step = 1;
    condition->component = 1;
    if (!take_number(&text, &condition->first)) {
        return false;
    }
    condition->last = condition->first;
    if (text.len > 1 && text.ptr[0] == '.' && text.ptr[1] == '.') {
        text = xd_slice_sub(text, 2, text.len);
        if (!take_number(&text, &condition->last) ||
            (take_char(&text, '/') && !take_number(&text, &condition->step))) {
            return false;
        }
    }
    if ((take_char(&text, '.') && !take_number(&text, &condition->component)) ||
        !take_char(&text, '=') || condition->step == 0 || condition->component == 0) {
        return false;
    }
    condition->list = mapping->value_count;
    while (xd_slice_next(&text, '|', &value)) {
        mapping->keys[mapping->value_count] = xd_edi_value_key(value);
        mapping->values[mapping->value_count++] = value;
        condition->value_count++;
    }
    condition->list_count = condition->value_count;
    return condition->value_count > 0;
}

/* "NAD(1=UC|DP)": tag and, between the parentheses, conditions. */
static bool
split_step(struct xd_slice step, struct xd_slice *tag, struct xd_slice *conditions)
{
    size_t open = xd_slice_find(step, '(');

    *tag = xd_slice_sub(step, 0, open);
    *conditions = XD_NONE;
    if (open == step.len) {
        return true;
    }
    *conditions = xd_slice_sub(step, open + 1, step.len - open - 2);
    return step.ptr[step.len - 1] == ')' && conditions->len > 0;
}

/* The node of `tag` directly inside the group `parent`, or XD_EDI_NONE. */
static uint8_t
find_node(const struct xd_edi_message_table *table, uint8_t parent, struct xd_slice tag)
{
    uint8_t segment = xd_edi_segment_find(table->directory, xd_edi_tag_key(tag.ptr, tag.len));

    for (uint8_t node = 0; segment != XD_EDI_NONE && node < table->node_count; node++) {
        if (table->nodes[node].segment == segment && table->nodes[node].parent == parent) {
            return node;
        }
    }
    return XD_EDI_NONE;
}

static bool
read_conditions(struct loader *loader, struct xd_slice text, struct xd_edi_action *action)
{
    struct xd_slice one;

    action->condition = loader->mapping->condition_count;
    while (xd_slice_next(&text, ',', &one)) {
        if (!read_condition(loader, one)) {
            return false;
        }
        action->condition_count++;
    }
    return true;
}

static bool
same_conditions(const struct xd_edi_mapping *mapping, const struct xd_edi_action *a,
                const struct xd_edi_action *b)
{
    if (a->node != b->node || a->condition_count != b->condition_count) {
        return false;
    }
    for (unsigned i = 0; i < a->condition_count; i++) {
        const struct xd_edi_condition *x = &mapping->conditions[a->condition + i];
        const struct xd_edi_condition *y = &mapping->conditions[b->condition + i];
        if (x->first != y->first || x->last != y->last || x->component != y->component ||
            x->value_count != y->value_count) {
            return false;
        }
        for (unsigned v = 0; v < x->value_count; v++) {
            if (!xd_slice_eq(mapping->values[x->list + v], mapping->values[y->list + v])) {
                return false;
            }
        }
    }
    return true;
}

/* The gate of a trigger's conditions, made when it is new. NULL when there are too many or they
 * cannot be read. */
static struct xd_edi_action *
gate_of(struct loader *loader, uint8_t node, struct xd_slice conditions)
{
    struct xd_edi_mapping *mapping = loader->mapping;
    struct xd_edi_action fresh = {.act = XD_EDI_ACT_GATE, .node = node};

    if (!read_conditions(loader, conditions, &fresh)) {
        return NULL;
    }
    for (unsigned i = 0; i < mapping->action_count; i++) {
        struct xd_edi_action *old = &mapping->actions[i];
        if (old->act == XD_EDI_ACT_GATE && same_conditions(mapping, old, &fresh)) {
            return old;
        }
    }
    if (mapping->gate_count == GATES_MAX) {
        return NULL;
    }
    fresh.gate = mapping->gate_count++;
    mapping->actions[mapping->action_count] = fresh;
    return &mapping->actions[mapping->action_count++];
}

/* Cuts the first step off `*path`. A '/' inside parentheses is that of a range "2..30/2". */
static struct xd_slice
take_step(struct xd_slice *path)
{
    struct xd_slice step;
    size_t len = 0;
    bool inside = false;

    for (; len < path->len && (inside || path->ptr[len] != '/'); len++) {
        inside = path->ptr[len] == '(' || (inside && path->ptr[len] != ')');
    }
    step = xd_slice_sub(*path, 0, len);
    *path = xd_slice_sub(*path, len + 1, path->len);
    return step;
}

/* Conditions on a trigger decide about its whole group; but a range of elements is tried for each
 * field, so it stays with the action. */
static bool
makes_gate(const struct loader *loader, uint8_t node, struct xd_slice conditions)
{
    return conditions.len && loader->mapping->table->nodes[node].trigger &&
           !memmem(conditions.ptr, conditions.len, "..", 2);
}

/* Walks the path; the node at its end and the gates on the way. A release that has no such place
 * gives XD_EDI_NONE. */
static bool
bind_path(struct loader *loader, struct xd_slice path, struct xd_edi_action *action)
{
    struct xd_slice conditions = XD_NONE;
    struct xd_slice tag;

    action->node = XD_EDI_NONE;
    do {
        if (!split_step(take_step(&path), &tag, &conditions)) {
            return false;
        }
        action->node = find_node(loader->mapping->table, action->node, tag);
        if (action->node == XD_EDI_NONE) {
            return true;
        }
        if (makes_gate(loader, action->node, conditions)) {
            const struct xd_edi_action *gate = gate_of(loader, action->node, conditions);
            if (!gate) {
                return false;
            }
            action->gates |= 1u << gate->gate;
            conditions = XD_NONE;
        } else if (path.len && conditions.len) {
            return false;
        }
    } while (path.len);
    return read_conditions(loader, conditions, action);
}

static bool
read_how(struct xd_slice text, struct xd_edi_action *action)
{
    static const char *const HOW[XD_EDI_HOW_COUNT] = {"",       "unset", "number", "date", "weight",
                                                      "length", "sscc",  "join",   "next"};

    for (unsigned i = 0; i < XD_EDI_HOW_COUNT; i++) {
        if (xd_slice_eq(text, xd_slice_str(HOW[i]))) {
            action->how = (uint8_t)i;
            return true;
        }
    }
    return false;
}

/* The columns field and how. */
static bool
read_purpose(struct xd_slice field, struct xd_slice how, struct xd_edi_action *action)
{
    static const struct {
        const char *name;
        uint8_t act;
    } ACTS[] = {{"@level", XD_EDI_ACT_LEVEL},       {"@tree", XD_EDI_ACT_TREE},
                {"@document", XD_EDI_ACT_DOCUMENT}, {"@lines", XD_EDI_ACT_LINES},
                {"@nodes", XD_EDI_ACT_NODES},       {"@quantity", XD_EDI_ACT_QUANTITY}};

    for (size_t i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++) {
        if (xd_slice_eq(field, xd_slice_str(ACTS[i].name))) {
            action->act = ACTS[i].act;
            return action->act > XD_EDI_ACT_TREE ? how.len == 0 : take_number(&how, &action->how);
        }
    }
    if (xd_slice_eq(field, XD_LIT("@function"))) {
        action->act = XD_EDI_ACT_FUNCTION;
        action->literal = how;
        return how.len > 0;
    }
    action->act = XD_EDI_ACT_SET;
    action->field = (uint8_t)xd_field_find(field);
    return action->field != XD_FIELD_NONE && read_how(how, action);
}

/* path, element, field, how, with. */
static bool
add_row(struct loader *loader, const struct xd_slice *cells)
{
    struct xd_edi_mapping *mapping = loader->mapping;
    struct xd_edi_action action = {0};
    bool relative;

    if (!read_element(cells[1], &action.element, &action.component, &action.relative) ||
        (cells[4].len &&
         (!read_element(cells[4], &action.with_element, &action.with_component, &relative) ||
          relative)) ||
        !read_purpose(cells[2], cells[3], &action) || !bind_path(loader, cells[0], &action)) {
        return false;
    }
    if (action.node == XD_EDI_NONE) {
        return true;
    }
    mapping->sums_quantity |= action.act == XD_EDI_ACT_QUANTITY;
    mapping->actions[mapping->action_count++] = action;
    return true;
}

static bool
load_units(struct xd_edi_mapping *mapping, const struct xd_tables *tables, struct xd_slice syntax,
           struct xd_error *err)
{
    static const char *const COLUMNS[] = {"syntax", "unit", "what", "numerator", "denominator"};
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "edi/units.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "edi/units.tsv", text, COLUMNS, 5, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_edi_unit *unit = &mapping->units[mapping->unit_count];
        uint64_t numerator;
        uint64_t denominator;
        if (!xd_slice_eq(cells[0], syntax)) {
            continue;
        }
        if (mapping->unit_count == XD_EDI_UNITS_MAX || !xd_slice_u64(cells[3], &numerator) ||
            !xd_slice_u64(cells[4], &denominator) || denominator == 0) {
            return xd_tsv_fail(&tsv, err, "not a factor, or too many units:", cells[1]);
        }
        *unit = (struct xd_edi_unit){cells[1],
                                     xd_slice_eq(cells[2], XD_LIT("length")) ? XD_EDI_HOW_LENGTH
                                                                             : XD_EDI_HOW_WEIGHT,
                                     (int64_t)numerator, (int64_t)denominator};
        mapping->unit_count++;
    }
    return err->status == 0;
}

static bool
load_rows(struct loader *loader, struct xd_tsv *tsv)
{
    struct xd_slice cells[6];

    while (xd_tsv_next(tsv, cells, loader->err)) {
        if (xd_slice_eq(cells[0], loader->mapping->table->type) && !add_row(loader, cells + 1)) {
            return xd_tsv_fail(tsv, loader->err, "not a mapping:", cells[1]);
        }
    }
    return loader->err->status == 0;
}

static const char *const COLUMNS[] = {"message", "path", "element", "field", "how", "with"};

struct xd_edi_mapping *
xd_edi_mapping_load(const struct xd_edi_tables *edi, const struct xd_edi_message_table *table,
                    enum xd_edi_syntax syntax, struct xd_error *err)
{
    struct xd_edi_mapping *mapping = xd_arena_alloc(edi->arena, sizeof(*mapping));
    struct loader loader = {mapping, edi->arena, NULL, err};
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t room;

    if (!xd_tables_get(edi->tables, "edi/mapping.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "edi/mapping.tsv", text, COLUMNS, 6, err)) {
        return NULL;
    }
    room = text.len / 2; /* no row makes more of anything, twice, than half of its bytes */
    if (mapping) {
        mapping->table = table;
        mapping->actions =
            xd_arena_array(edi->arena, 2 * xd_tsv_count(text), sizeof(*mapping->actions));
        mapping->conditions = xd_arena_array(edi->arena, room, sizeof(*mapping->conditions));
        mapping->values = xd_arena_array(edi->arena, room, sizeof(*mapping->values));
        mapping->keys = xd_arena_array(edi->arena, room, sizeof(*mapping->keys));
        mapping->choices = xd_arena_array(edi->arena, room, sizeof(*mapping->choices));
        mapping->chosen = xd_arena_array(edi->arena, room, sizeof(*mapping->chosen));
        mapping->steps =
            xd_arena_array(edi->arena, 2 * xd_tsv_count(text), sizeof(*mapping->steps));
    }
    if (!mapping || !mapping->actions || !mapping->conditions || !mapping->values ||
        !mapping->keys || !mapping->choices || !mapping->chosen || !mapping->steps) {
        (void)xd_error_set(err, EX_OSERR, "memory ran out while reading edi/mapping.tsv");
        return NULL;
    }
    if (!load_rows(&loader, &tsv) ||
        !load_units(mapping, edi->tables, xd_edi_syntax_name(syntax), err)) {
        return NULL;
    }
    xd_edi_mapping_make_steps(mapping);
    return mapping;
}

bool
xd_edi_mapping_columns(const struct xd_tables *tables, struct xd_columns *columns,
                       struct xd_error *err)
{
    struct xd_slice cells[6];
    struct xd_slice text;
    struct xd_tsv tsv;

    memset(columns, 0xff, sizeof(*columns));
    columns->count = 0;
    if (!xd_tables_get(tables, "edi/mapping.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "edi/mapping.tsv", text, COLUMNS, 6, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        enum xd_field field = xd_field_find(cells[3]);
        if (field != XD_FIELD_NONE && columns->of_field[field] == XD_FIELD_NONE) {
            columns->of_field[field] = (uint8_t)columns->count;
            columns->field_of[columns->count++] = (uint8_t)field;
        }
    }
    return err->status == 0;
}
