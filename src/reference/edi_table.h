/*
 * The tables of schemas/edi compiled for a reader that looks at every byte of a hundred megabytes:
 * a segment tag becomes a small number, an element two numbers and a kind, and the structure of a
 * message a table that says for each place and each tag where the message goes next. Loaded only
 * when an EDI document is read.
 */
#ifndef XD_REFERENCE_EDI_TABLE_H
#define XD_REFERENCE_EDI_TABLE_H

#include "base/arena.h"
#include "reference/embedded.h"

enum xd_edi_syntax {
    XD_EDI_EDIFACT,
    XD_EDI_X12,
};

/* "edifact" or "x12": how the tables name it. */
struct xd_slice xd_edi_syntax_name(enum xd_edi_syntax syntax);

enum xd_edi_form {
    XD_EDI_AN, /* any characters */
    XD_EDI_A,  /* letters and spaces */
    XD_EDI_N,  /* EDIFACT number; X12 whole number */
    XD_EDI_R,  /* X12 decimal */
    XD_EDI_DT, /* YYMMDD or CCYYMMDD */
    XD_EDI_TM, /* HHMM, HHMMSS and decimals of seconds */
};

struct xd_edi_component {
    uint16_t least; /* characters */
    uint16_t most;
    uint8_t form; /* enum xd_edi_form */
    bool mandatory;
    uint16_t range;  /* most - least, for one comparison instead of two */
    uint8_t next[2]; /* how far on the next part's is: of this element, of the next one */
    uint8_t allows;  /* bits of enum xd_edi_allow: what may stand here */
};

/* Which of the four things a part can be: with or without text, with more of its element behind it
 * or not. */
enum xd_edi_allow {
    XD_EDI_EMPTY_THEN_MORE,
    XD_EDI_EMPTY_AT_END,
    XD_EDI_TEXT_THEN_MORE,
    XD_EDI_TEXT_AT_END,
};

struct xd_edi_element {
    uint16_t first;     /* of the directory's components */
    uint8_t components; /* 1 for a stand-alone element */
    uint8_t needed;     /* components up to the last mandatory one */
    bool mandatory;
};

struct xd_edi_segment {
    char tag[4];    /* NUL-terminated */
    uint16_t first; /* of the directory's elements */
    uint8_t elements;
    uint8_t needed; /* elements up to the last mandatory one */
};

#define XD_EDI_NONE      0xff /* no segment, no node */
#define XD_EDI_TAG_SLOTS 512

/* Segments of one release together with those of the envelope. */
struct xd_edi_directory {
    struct xd_edi_directory *next;
    struct xd_slice release; /* name of the table that gave the segments */
    struct xd_slice
        service; /* name of the table that gave the envelope; NULL release: that alone */
    struct xd_edi_segment *segments;
    struct xd_edi_element *elements;
    struct xd_edi_component *components;
    uint16_t segment_count;
    uint16_t element_count;
    uint16_t component_count;
    uint32_t keys[XD_EDI_TAG_SLOTS]; /* open addressing by xd_edi_tag_key; 0 free */
    uint8_t ids[XD_EDI_TAG_SLOTS];
};

/* Two or three bytes as a number; 0 when `len` is neither. */
static inline uint32_t
xd_edi_tag_key(const char *tag, size_t len)
{
    const unsigned char *t = (const unsigned char *)tag;

    if (len == 3) {
        return (uint32_t)t[0] | (uint32_t)t[1] << 8 | (uint32_t)t[2] << 16;
    }
    return len == 2 ? (uint32_t)t[0] | (uint32_t)t[1] << 8 : 0;
}

static inline uint32_t
xd_edi_tag_slot(uint32_t key)
{
    return (key * 0x9e3779b1u) >> 23;
}

/* Index of the segment in the directory, or XD_EDI_NONE. */
static inline uint8_t
xd_edi_segment_find(const struct xd_edi_directory *directory, uint32_t key)
{
    for (uint32_t slot = xd_edi_tag_slot(key);; slot = (slot + 1) % XD_EDI_TAG_SLOTS) {
        if (directory->keys[slot] == key) {
            return key ? directory->ids[slot] : XD_EDI_NONE;
        }
        if (directory->keys[slot] == 0) {
            return XD_EDI_NONE;
        }
    }
}

/* One place in the structure of a message. A segment group is its trigger and the nodes up to
 * `end`. */
struct xd_edi_node {
    uint8_t segment;
    uint8_t parent; /* trigger of the group it stands in, or XD_EDI_NONE */
    uint8_t end;    /* trigger: first node behind its group; else the next node */
    bool trigger;
    bool mandatory;
    uint32_t most;
};

#define XD_EDI_NODES_MAX 250

struct xd_edi_message_table {
    struct xd_edi_message_table *next;
    struct xd_slice type;     /* "DESADV" */
    struct xd_slice version;  /* "D96A", "004010" */
    struct xd_slice function; /* GS01; empty for EDIFACT */
    const struct xd_edi_directory *directory;
    struct xd_edi_node *nodes;
    uint8_t node_count;
    uint8_t *follow; /* [node * segment_count + segment]: node to go to, or XD_EDI_NONE */
    uint8_t *skips;  /* the same place: 1 when a mandatory node is passed over on the way */
};

/* The tables loaded so far; nothing is loaded twice. */
struct xd_edi_tables {
    const struct xd_tables *tables;
    struct xd_arena *arena;
    struct xd_edi_directory *directories;
    struct xd_edi_message_table *messages;
};

/* The envelope's segments alone: `service` is "service_x12.tsv" or the like. NULL with *err set. */
const struct xd_edi_directory *xd_edi_directory_get(struct xd_edi_tables *edi,
                                                    struct xd_slice service,
                                                    struct xd_slice release, struct xd_error *err);

/*
 * The message of that type and version. *out is NULL when there is no such row in messages.tsv;
 * false, with *err set, only when a table is wrong.
 */
bool xd_edi_message_get(struct xd_edi_tables *edi, enum xd_edi_syntax syntax,
                        struct xd_slice service, struct xd_slice type, struct xd_slice version,
                        const struct xd_edi_message_table **out, struct xd_error *err);

/*
 * Where a message that stands at `node` goes with `segment` when the node `barred` (or XD_EDI_NONE)
 * may not be entered again; each mandatory node passed over is told to `missing` (may be NULL).
 * XD_EDI_NONE: nowhere.
 */
uint8_t xd_edi_follow(const struct xd_edi_message_table *message, uint8_t node, uint8_t segment,
                      uint8_t barred, void (*missing)(void *context, uint8_t node), void *context);

#endif
