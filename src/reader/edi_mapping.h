/*
 * schemas/edi/mapping.tsv for one message, bound to the places of its structure: which element of
 * which segment becomes which field of the manifest.
 */
#ifndef XD_READER_EDI_MAPPING_H
#define XD_READER_EDI_MAPPING_H

#include "model/rows.h"
#include "reference/edi_table.h"

/* What a row of the table does. Within a node they are done in this order. */
enum xd_edi_act {
    XD_EDI_ACT_LEVEL,    /* begins a parcel or a line */
    XD_EDI_ACT_TREE,     /* is a node of the hierarchy */
    XD_EDI_ACT_GATE,     /* decides whether the group that the segment opens qualifies */
    XD_EDI_ACT_FUNCTION, /* purpose of the message */
    XD_EDI_ACT_DOCUMENT, /* what answers call it by */
    XD_EDI_ACT_LINES,    /* control totals */
    XD_EDI_ACT_NODES,
    XD_EDI_ACT_QUANTITY,
    XD_EDI_ACT_SET, /* sets a field */
};

enum xd_edi_how {
    XD_EDI_HOW_PLAIN,
    XD_EDI_HOW_UNSET,
    XD_EDI_HOW_NUMBER,
    XD_EDI_HOW_DATE,
    XD_EDI_HOW_WEIGHT,
    XD_EDI_HOW_LENGTH,
    XD_EDI_HOW_SSCC,
    XD_EDI_HOW_JOIN,
    XD_EDI_HOW_NEXT,
    XD_EDI_HOW_COUNT,
};

/*
 * Elements first, first + step .. last; component from 1; one of `value_count` values in order of
 * rank. Conditions of one node that look at the same place share a list of the values that mean
 * something there, so that the place is looked at once: its own begin `rank_0` behind the list's
 * first.
 */
struct xd_edi_condition {
    uint8_t first;
    uint8_t last;
    uint8_t step;
    uint8_t component;
    uint8_t value_count;
    uint8_t rank_0;
    uint8_t list_count;
    uint16_t list; /* first of the mapping's values */
};

/* A short value as a number that differs from that of every other short value; 0 for one of more
 * than four bytes or none, which only a comparison of bytes tells apart. */
static inline uint64_t
xd_edi_value_key(struct xd_slice value)
{
    uint32_t bytes = 0;

    switch (value.len) {
    case 1:
        return 1ull << 32 | (unsigned char)value.ptr[0];
    case 2:
        memcpy(&bytes, value.ptr, 2);
        return 2ull << 32 | bytes;
    case 3:
        memcpy(&bytes, value.ptr, 3);
        return 3ull << 32 | bytes;
    case 4:
        memcpy(&bytes, value.ptr, 4);
        return 4ull << 32 | bytes;
    default:
        return 0;
    }
}

/* The same where four bytes can be read whatever the length is. */
static inline uint64_t
xd_edi_wide_key(struct xd_slice value)
{
    static const uint32_t MASKS[5] = {0, 0xff, 0xffff, 0xffffff, 0xffffffff};
    uint32_t bytes;

    if (value.len - 1 > 3) {
        return 0;
    }
    memcpy(&bytes, value.ptr, sizeof(bytes));
    return (uint64_t)value.len << 32 | (bytes & MASKS[value.len]);
}

struct xd_edi_action {
    uint8_t act;
    uint8_t node;
    uint8_t field;     /* enum xd_field */
    uint8_t how;       /* enum xd_edi_how; LEVEL: the level; TREE: element of the level code */
    uint8_t element;   /* counted from the matched element when `relative` */
    uint8_t component; /* from 1 */
    bool relative;
    bool direct;          /* sets a field to what stands there */
    uint8_t with_element; /* 0: none */
    uint8_t with_component;
    uint8_t gate; /* of GATE: its bit */
    uint8_t condition_count;
    uint16_t condition;      /* first of the mapping's conditions */
    uint32_t gates;          /* bits that must be set */
    uint64_t governs;        /* of GATE: the fields that are cleared when a better group comes */
    struct xd_slice literal; /* of FUNCTION: the purpose that is read */
};

/* The actions of a node are done step by step. */
enum xd_edi_step_kind {
    XD_EDI_STEP_ALWAYS, /* an action without conditions, which is no gate */
    XD_EDI_STEP_ALONE,  /* an action with all its conditions, or a gate */
    /* All actions whose only condition looks at the same element, or at the same range of them: the
     * value that stands there chooses some. */
    XD_EDI_STEP_CHOICE,
    XD_EDI_STEP_CHOICE_IN_RANGE,
};

struct xd_edi_step {
    uint8_t kind;
    uint8_t element; /* of a choice: the condition, once more */
    uint8_t component;
    uint8_t list_count;
    uint16_t list;
    uint16_t action; /* the only or the first one */
};

/* Which actions a value chooses: a run of the mapping's `chosen`. */
struct xd_edi_choice {
    uint16_t first;
    uint16_t count;
};

/* From a unit of measure to grams or millimetres. */
struct xd_edi_unit {
    struct xd_slice unit;
    uint8_t how; /* XD_EDI_HOW_WEIGHT or XD_EDI_HOW_LENGTH */
    int64_t numerator;
    int64_t denominator;
};

#define XD_EDI_UNITS_MAX 40

struct xd_edi_mapping {
    struct xd_edi_mapping *next;
    const struct xd_edi_message_table *table;
    struct xd_edi_action *actions;
    struct xd_edi_condition *conditions;
    struct xd_slice *values;
    uint64_t *keys;                /* xd_edi_value_key of each value */
    struct xd_edi_choice *choices; /* of each value */
    const struct xd_edi_action **chosen;
    struct xd_edi_step *steps;
    uint16_t action_count;
    uint16_t condition_count;
    uint16_t value_count;
    uint16_t chosen_count;
    uint16_t step_count;
    uint8_t gate_count;
    bool sums_quantity; /* some control total is the sum of the lines' quantities */
    uint16_t first[XD_EDI_NODES_MAX + 1]; /* steps of node n: first[n] .. first[n + 1] - 1 */
    struct xd_edi_unit units[XD_EDI_UNITS_MAX];
    uint8_t unit_count;
};

/* NULL with *err set when the table is wrong. */
struct xd_edi_mapping *xd_edi_mapping_load(const struct xd_edi_tables *edi,
                                           const struct xd_edi_message_table *table,
                                           enum xd_edi_syntax syntax, struct xd_error *err);

/* Turns the actions that were read into steps; their number does not grow. */
void xd_edi_mapping_make_steps(struct xd_edi_mapping *mapping);

/* The columns of rows: every field that some message can set. */
bool xd_edi_mapping_columns(const struct xd_tables *tables, struct xd_columns *columns,
                            struct xd_error *err);

#endif
