/*
 * The order in which the actions of a mapping are done, worked out once: what looks at the same
 * place looks once, and what a value does not choose costs nothing. A large interchange has
 * millions of segments and only a few dozen places to look at.
 */
#include "reader/edi_mapping.h"

/* A better group clears what a lesser one of the same gate said, parcel numbers excepted: two of
 * those are a fault. */
static void
bind_gates(struct xd_edi_mapping *mapping)
{
    for (unsigned i = 0; i < mapping->action_count; i++) {
        struct xd_edi_action *gate = &mapping->actions[i];
        for (unsigned j = 0; gate->act == XD_EDI_ACT_GATE && j < mapping->action_count; j++) {
            const struct xd_edi_action *action = &mapping->actions[j];
            if (action->act == XD_EDI_ACT_SET && (action->gates & 1u << gate->gate) &&
                action->how != XD_EDI_HOW_SSCC) {
                gate->governs |= 1ull << action->field;
            }
        }
    }
}

static bool
begins_level(const struct xd_edi_mapping *mapping, uint8_t node)
{
    for (unsigned i = 0; i < mapping->action_count; i++) {
        if (mapping->actions[i].node == node && mapping->actions[i].act <= XD_EDI_ACT_TREE) {
            return true;
        }
    }
    return false;
}

/* A gate that nothing below its trigger asks for, and of which no group is better than another, is
 * a condition of the actions themselves. */
static void
dissolve_gate(struct xd_edi_mapping *mapping, struct xd_edi_action *gate)
{
    const struct xd_edi_condition *condition = &mapping->conditions[gate->condition];
    uint32_t bit = 1u << gate->gate;

    if (gate->condition_count != 1 ||
        (condition->value_count > 1 && !begins_level(mapping, gate->node))) {
        return;
    }
    for (unsigned i = 0; i < mapping->action_count; i++) {
        const struct xd_edi_action *action = &mapping->actions[i];
        if ((action->gates & bit) && (action->node != gate->node || action->condition_count)) {
            return;
        }
    }
    for (unsigned i = 0; i < mapping->action_count; i++) {
        struct xd_edi_action *action = &mapping->actions[i];
        if (action->gates & bit) {
            struct xd_edi_condition *own = &mapping->conditions[mapping->condition_count];
            *own = *condition;
            action->gates &= ~bit;
            action->condition = mapping->condition_count++;
            action->condition_count = 1;
        }
    }
    gate->node = XD_EDI_NONE;
}

static void
dissolve_gates(struct xd_edi_mapping *mapping)
{
    for (unsigned i = 0; i < mapping->action_count; i++) {
        if (mapping->actions[i].act == XD_EDI_ACT_GATE) {
            dissolve_gate(mapping, &mapping->actions[i]);
        }
    }
}

/* By node, then by act, else in the order of the table: an insertion sort, since the rows nearly
 * are. */
static void
sort_actions(struct xd_edi_mapping *mapping)
{
    struct xd_edi_action *actions = mapping->actions;

    for (unsigned i = 1; i < mapping->action_count; i++) {
        struct xd_edi_action action = actions[i];
        unsigned j = i;
        while (j > 0 && (actions[j - 1].node > action.node ||
                         (actions[j - 1].node == action.node && actions[j - 1].act > action.act))) {
            actions[j] = actions[j - 1];
            j--;
        }
        actions[j] = action;
    }
}

static bool
same_place(const struct xd_edi_condition *a, const struct xd_edi_condition *b)
{
    return a->first == b->first && a->last == b->last && a->step == b->step &&
           a->component == b->component;
}

/* Where the values of `condition` stand in the list of `other`: list_count when none of them does,
 * UINT8_MAX when they overlap in another way. */
static uint8_t
place_in_list(const struct xd_edi_mapping *mapping, const struct xd_edi_condition *condition,
              const struct xd_edi_condition *other)
{
    const struct xd_slice *values = mapping->values + condition->list;
    const struct xd_slice *list = mapping->values + other->list;
    uint8_t at = other->list_count;
    unsigned found = 0;

    for (uint8_t i = 0; i < other->list_count; i++) {
        for (unsigned v = 0; v < condition->value_count; v++) {
            bool equal = xd_slice_eq(list[i], values[v]);
            at = equal && found == 0 ? i : at;
            if (equal && i != at + v) {
                return UINT8_MAX;
            }
            found += equal;
        }
    }
    return found == 0 || found == condition->value_count ? at : UINT8_MAX;
}

/* Adds the values of `condition` behind those that the list of `other`, the last list, has. */
static void
append_to_list(struct xd_edi_mapping *mapping, const struct xd_edi_condition *condition)
{
    for (unsigned v = 0; v < condition->value_count; v++) {
        mapping->keys[mapping->value_count] = mapping->keys[condition->list + v];
        mapping->values[mapping->value_count++] = mapping->values[condition->list + v];
    }
}

/* The conditions of the actions first..end-1, which look at the same place, share one list as far
 * as they can: the end of those that do. */
static unsigned
share_list(struct xd_edi_mapping *mapping, unsigned first, unsigned end)
{
    struct xd_edi_condition list = mapping->conditions[mapping->actions[first].condition];
    unsigned at = first;

    append_to_list(mapping, &list);
    list.list = (uint16_t)(mapping->value_count - list.value_count);
    for (; at < end; at++) {
        struct xd_edi_condition *condition = &mapping->conditions[mapping->actions[at].condition];
        uint8_t rank_0 = place_in_list(mapping, condition, &list);
        if (rank_0 == UINT8_MAX || list.list_count + condition->value_count >= UINT8_MAX) {
            break;
        }
        if (rank_0 == list.list_count) {
            append_to_list(mapping, condition);
            list.list_count = (uint8_t)(list.list_count + condition->value_count);
        }
        condition->rank_0 = rank_0;
        condition->list = list.list;
    }
    for (unsigned i = first; i < at; i++) {
        mapping->conditions[mapping->actions[i].condition].list_count = list.list_count;
    }
    return at;
}

/* Notes for each value of the list of the actions first..end-1 which of them it chooses. */
static void
make_choices(struct xd_edi_mapping *mapping, unsigned first, unsigned end)
{
    const struct xd_edi_condition *list = &mapping->conditions[mapping->actions[first].condition];

    for (unsigned rank = 0; rank < list->list_count; rank++) {
        struct xd_edi_choice *choice = &mapping->choices[list->list + rank];
        choice->first = mapping->chosen_count;
        for (unsigned at = first; at < end; at++) {
            const struct xd_edi_condition *condition =
                &mapping->conditions[mapping->actions[at].condition];
            if (rank - condition->rank_0 < condition->value_count) {
                mapping->chosen[mapping->chosen_count++] = &mapping->actions[at];
            }
        }
        choice->count = (uint16_t)(mapping->chosen_count - choice->first);
    }
}

static bool
may_share(const struct xd_edi_action *action)
{
    return action->condition_count == 1 && action->act != XD_EDI_ACT_GATE;
}

/* The step that begins with the action `at`: the first action behind it. */
static unsigned
add_step(struct xd_edi_mapping *mapping, unsigned at)
{
    const struct xd_edi_action *action = &mapping->actions[at];
    struct xd_edi_step *step = &mapping->steps[mapping->step_count++];
    unsigned end = at + 1;

    const struct xd_edi_condition *condition = &mapping->conditions[action->condition];

    step->action = (uint16_t)at;
    if (!may_share(action)) {
        bool always = action->condition_count == 0 && action->act != XD_EDI_ACT_GATE;
        step->kind = always ? XD_EDI_STEP_ALWAYS : XD_EDI_STEP_ALONE;
        return end;
    }
    while (end < mapping->action_count && mapping->actions[end].node == action->node &&
           may_share(&mapping->actions[end]) &&
           same_place(condition, &mapping->conditions[mapping->actions[end].condition])) {
        end++;
    }
    end = share_list(mapping, at, end);
    make_choices(mapping, at, end);
    step->kind =
        condition->first == condition->last ? XD_EDI_STEP_CHOICE : XD_EDI_STEP_CHOICE_IN_RANGE;
    step->element = condition->first;
    step->component = condition->component;
    step->list = condition->list;
    step->list_count = condition->list_count;
    return end;
}

void
xd_edi_mapping_make_steps(struct xd_edi_mapping *mapping)
{
    unsigned at = 0;

    bind_gates(mapping);
    dissolve_gates(mapping);
    sort_actions(mapping);
    for (unsigned node = 0; node <= XD_EDI_NODES_MAX; node++) {
        mapping->first[node] = mapping->step_count;
        while (at < mapping->action_count && mapping->actions[at].node == node) {
            mapping->actions[at].direct = mapping->actions[at].act == XD_EDI_ACT_SET &&
                                          mapping->actions[at].how == XD_EDI_HOW_PLAIN;
            at = add_step(mapping, at);
        }
    }
}
