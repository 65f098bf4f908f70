/*
 * What the EDIFACT and the X12 reader share: where the document stands, how a fault is told, how a
 * segment is checked and followed through its message, and how it becomes rows. Only the envelopes
 * differ, and they have a file each.
 */
#ifndef XD_READER_EDI_H
#define XD_READER_EDI_H

#include "base/hash.h"
#include "reader/edi_scan.h"
#include "reader/reader.h"
#include "reference/edi_charset.h"
#include "reference/edi_codes.h"

/* What a fault is about, and so what it refuses. */
enum xd_edi_level {
    XD_EDI_LEVEL_INTERCHANGE,
    XD_EDI_LEVEL_GROUP,
    XD_EDI_LEVEL_MESSAGE,
};

/* A place to take rows back to: where an interchange, group or message begins. */
struct xd_edi_mark {
    uint32_t batches;  /* handed on before it */
    uint32_t row;      /* of the open batch */
    uint32_t next_row; /* number that its first row gets */
};

enum { XD_EDI_MARKS = XD_EDI_LEVEL_MESSAGE + 1 };

struct xd_edi_rows {
    struct xd_columns *columns; /* only fields that EDI can say; lives as long as the rows */
    struct xd_row_builder builder;
    struct xd_arena arena; /* of the open batch */
    struct xd_arena spare; /* of the batch before: its memory is still in the cache */
    uint32_t batches;      /* handed on and not called back */
    uint32_t settled;      /* of those, the ones that cannot be called back any more */
    struct xd_edi_mark marks[XD_EDI_MARKS]; /* of the open interchange, group and message */
    uint32_t next_row;                      /* number of the next row */
    uint32_t of_message;                    /* rows of the open message */
};

/* An element of a segment that has been left. */
struct xd_edi_spot {
    uint32_t position; /* of the segment in its message */
    uint16_t element;
    char tag[4];
    size_t offset; /* byte of the document */
    struct xd_slice value;
};

/* The room for a value that cannot be a slice of the document. */
struct xd_edi_own {
    char *ptr;
    size_t cap;
};

#define XD_EDI_DEPTH_MAX 15
#define XD_EDI_GATES_MAX 32

struct xd_edi_mapping;

/* State of a message on its way into rows: see edi_map.c. */
struct xd_edi_map {
    struct xd_edi_mapping *mappings; /* compiled so far */
    const struct xd_edi_mapping *mapping;
    uint64_t set[XD_EDI_DEPTH_MAX + 1]; /* fields that were said at each depth */
    struct xd_edi_own own[XD_FIELD_COUNT];
    struct xd_edi_own total; /* of a control total */
    struct xd_edi_own scratch;
    uint32_t gates;                      /* bit set: the open group of that gate qualifies */
    uint32_t ranked;                     /* bit set: gate_rank says something */
    uint8_t gate_rank[XD_EDI_GATES_MAX]; /* best so far */
    uint8_t gate_depth[XD_EDI_GATES_MAX];
    unsigned depth; /* 0 message, 1 parcel, 2 line; in a tree as deep as the node */
    enum { XD_EDI_OPEN_NOTHING, XD_EDI_OPEN_PARCEL, XD_EDI_OPEN_LINE, XD_EDI_OPEN_NODE } open;
    uint64_t open_offset;                 /* byte at which it began */
    struct xd_slice open_id;              /* CPS01 */
    char open_level;                      /* HL03 */
    struct xd_edi_spot child_code;        /* HL04 of the open node */
    uint32_t shared;                      /* bit set: a row has the quantity said at that depth */
    bool lines_below;                     /* the open parcel had a line */
    uint32_t stack[XD_EDI_DEPTH_MAX + 1]; /* HL01 of the open nodes; [0] unused */
    uint32_t lines;                       /* LIN segments */
    uint32_t nodes;                       /* HL segments */
    int64_t quantity;                     /* sum of the lines', in millionths */
    bool quantity_known;                  /* false after an overflow */
};

#define XD_EDI_SHAPE_PARTS 16

/*
 * How a sound segment was cut: where another of the same tag is cut in the same way, only the
 * lengths of its parts and its numbers are left to check. Senders' programs write one segment like
 * the other, so nearly all are.
 */
struct xd_edi_shape {
    uint8_t stops[XD_EDI_SHAPE_PARTS];
    uint32_t mask;  /* a bit for each part */
    uint32_t count; /* parts; 0: none was seen yet */
    uint32_t elements;
    uint32_t element_part[XD_EDI_SHAPE_PARTS + 2];
    int32_t least[XD_EDI_SHAPE_PARTS]; /* of part 1 and so on; of any length behind the last one */
    int32_t most[XD_EDI_SHAPE_PARTS];
    bool short_text; /* no text needs more than one character */
    uint8_t number_count;
    uint8_t numbers[XD_EDI_SHAPE_PARTS];     /* parts that are numbers */
    uint16_t components[XD_EDI_SHAPE_PARTS]; /* their definitions */
};

/* Two for each segment, by whether the parts are an even or odd number. */
struct xd_edi_shapes {
    const struct xd_edi_directory *directory; /* of these segments */
    struct xd_edi_shape of[2 * XD_EDI_NONE];
};

struct xd_edi_envelope;

struct xd_edi {
    struct xd_reading *reading;
    const struct xd_edi_envelope *envelope;
    enum xd_edi_syntax syntax;
    struct xd_arena work; /* tables and scratch, gone when the document is read */
    struct xd_edi_tables tables;
    struct xd_edi_codes codes;
    struct xd_edi_charset charset;
    struct xd_edi_scan scan;
    struct xd_map seen;       /* interchanges of the run: sender, recipient and reference */
    struct xd_map groups;     /* of the open interchange: function, sender and reference */
    struct xd_map references; /* messages of the open interchange (EDIFACT) or group (X12) */
    struct xd_interchange **tail;
    struct xd_interchange *interchange;
    struct xd_edi_group *group;
    struct xd_edi_message *message;
    struct xd_slice service_name;
    const struct xd_edi_directory *service;
    const struct xd_edi_message_table
        *table; /* NULL: a message that is not known is only counted */
    const struct xd_edi_directory *directory; /* of the open message; else the service's */
    struct xd_edi_shapes *shapes;
    uint8_t node;
    /* How the message went on from each node last time, without passing over a mandatory one: it
     * mostly does so again. */
    struct xd_edi_next {
        uint32_t key; /* of the tag */
        uint8_t segment;
        uint8_t node;
    } nexts[XD_EDI_NODES_MAX];
    const struct xd_edi_message_table *nexts_of; /* of the nodes of this message */
    uint32_t counts[XD_EDI_NODES_MAX];           /* repeats of each node in the open groups */
    uint32_t position; /* of the segment in its message, UNH or ST being 1 */
    uint32_t interchanges;
    bool stopped; /* the taker of rows wants no more, or our surroundings failed */
    uint32_t accepted_messages;
    uint32_t faults_kept;
    const char *missing;   /* tag of the segment that a fault is about when it is not there */
    char decimal;          /* decimal mark beside the point, or 0 */
    uint8_t whole_numbers; /* enum xd_edi_form that takes no decimal mark */
    bool told_set;         /* charset warning given for this interchange */
    bool told_wrap;
    bool told_empty;
    struct xd_edi_rows rows;
    struct xd_edi_map map;
};

/* Sets up for one document; false with *err set. */
bool xd_edi_open(struct xd_edi *edi, struct xd_reading *reading, enum xd_edi_syntax syntax);
void xd_edi_close(struct xd_edi *edi);

/* --- telling (edi_fault.c) --- */

/* A fault of the segment in hand: `element` and `component` from 0 as in struct xd_edi_fault;
 * `format` completes the finding's sentence and may be NULL. */
void xd_edi_tell(struct xd_edi *edi, enum xd_edi_level level, enum xd_finding_code code,
                 unsigned element, unsigned component, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Where an element of the segment in hand stands, to come back to it. */
struct xd_edi_spot xd_edi_spot(const struct xd_edi *edi, unsigned element);

/* A fault of the message at such a place. */
void xd_edi_tell_earlier(struct xd_edi *edi, const struct xd_edi_spot *spot,
                         enum xd_finding_code code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A segment of that tag (a literal, or of a table) is not where it must be. */
void xd_edi_tell_missing(struct xd_edi *edi, enum xd_edi_level level, enum xd_finding_code code,
                         const char *tag);

/* A finding that the partner is not told of. */
void xd_edi_note(struct xd_edi *edi, enum xd_finding_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- segments (edi_check.c) --- */

/* Checks the segment in hand, which need not be split yet, against its definition. */
void xd_edi_check(struct xd_edi *edi, const struct xd_edi_directory *directory, uint8_t segment,
                  enum xd_edi_level level);

/* True when the segment in hand, split by that, is cut like one that was sound, and is sound too.
 */
bool xd_edi_check_shape(struct xd_edi *edi, uint8_t segment);

/* Component of an element of the segment in hand, as it stands; both from 1. Empty when there is
 * none. */
static inline struct xd_slice
xd_edi_raw(const struct xd_edi *edi, unsigned element, unsigned component)
{
    const struct xd_edi_scan *scan = &edi->scan;
    uint32_t part;

    if (element == 0 || element > scan->elements || component == 0) {
        return XD_NONE;
    }
    part = scan->element_part[element] + component - 1;
    return part < scan->element_part[element + 1] ? xd_edi_part(scan, part) : XD_NONE;
}

/* A whole composite as it stands, component separators inside; trailing ones are left out. */
struct xd_slice xd_edi_composite(const struct xd_edi *edi, unsigned element);

/* --- text (edi_text.c) --- */

/* The same as UTF-8 without release characters: a slice of the document where possible, else in
 * `own`. */
struct xd_slice xd_edi_value(struct xd_edi *edi, unsigned element, unsigned component,
                             struct xd_edi_own *own);

/* Room for `size` bytes in `own`, from the work arena; NULL when memory ran out. */
char *xd_edi_own_room(struct xd_edi *edi, struct xd_edi_own *own, size_t size);

/* Characters of a part, release characters and continuation bytes not counted. */
size_t xd_edi_length(const struct xd_edi *edi, struct xd_slice part);

/* What is wrong with the bytes of a part. */
enum xd_edi_text_status { XD_EDI_TEXT_OK, XD_EDI_TEXT_OUTSIDE_LEVEL, XD_EDI_TEXT_INVALID };
enum xd_edi_text_status xd_edi_text_check(const struct xd_edi *edi, struct xd_slice part);

/* --- conversion (edi_convert.c) --- */

struct xd_edi_action;

/* With a point as decimal mark, and digits on both sides of it. */
struct xd_slice xd_edi_as_number(struct xd_edi *edi, struct xd_edi_own *own, struct xd_slice raw);
/* CCYYMMDD or YYMMDD, with or without a time behind it, as YYYY-MM-DD; what is no date as it is. */
struct xd_slice xd_edi_as_date(struct xd_edi *edi, enum xd_field field, struct xd_slice raw);
/* In whole grams or millimetres. Empty, and told, when the unit is not known. */
struct xd_slice xd_edi_as_measure(struct xd_edi *edi, const struct xd_edi_action *action,
                                  struct xd_slice raw);
/* `first` and the components behind it as one text. */
struct xd_slice xd_edi_as_joined(struct xd_edi *edi, const struct xd_edi_action *action,
                                 struct xd_slice first, unsigned element);

/* --- a message as a whole (edi_total.c) --- */

/* Adds the quantity of a line, which stands at that place, to the sum of the message. Tells when
 * the line has one already. */
void xd_edi_take_quantity(struct xd_edi *edi, struct xd_slice number, unsigned element,
                          unsigned component);
/* Compares the total that an action names with what the data make. */
void xd_edi_check_total(struct xd_edi *edi, const struct xd_edi_action *action, unsigned element);
/* Tells of a purpose that is not the action's. */
void xd_edi_check_function(struct xd_edi *edi, const struct xd_edi_action *action,
                           unsigned element);

/* --- messages (edi_walk.c) --- */

/* `raw` itself, or a copy when the segment in hand does not lie in the document as one piece. */
struct xd_slice xd_edi_keep(struct xd_edi *edi, struct xd_slice raw);

/* Opens a group in the open interchange; NULL when memory ran out. */
struct xd_edi_group *xd_edi_group_open(struct xd_edi *edi);
/* Refuses a group whose sender used its reference before for a group of that kind; `element` is
 * where it stands. To be called when they are known. */
void xd_edi_group_known(struct xd_edi *edi, unsigned element);
/* Settles it: `declared` messages, as its trailer says. */
void xd_edi_group_close(struct xd_edi *edi);

/* Tells what is odd about how the segment in hand was cut. */
void xd_edi_note_cut(struct xd_edi *edi);

/* Cuts the next segment, but does not split it; false at the end of the text, or when reading
 * should not go on. */
static inline bool
xd_edi_cut(struct xd_edi *edi, enum xd_edi_scan_status *status)
{
    *status = xd_edi_scan_next(&edi->scan);
    if (*status == XD_EDI_SCAN_END || edi->stopped) {
        return false;
    }
    if (edi->scan.wrapped || edi->scan.empty) {
        xd_edi_note_cut(edi);
    }
    return true;
}

/* The same, and splits it. */
static inline bool
xd_edi_next(struct xd_edi *edi, enum xd_edi_scan_status *status)
{
    bool more = xd_edi_cut(edi, status);

    if (more) {
        xd_edi_scan_split(&edi->scan);
    }
    return more;
}

/* The segment in hand went beyond the limit, or the text ended inside it. */
void xd_edi_tell_long(struct xd_edi *edi);

/* Compares a trailer's count and reference with what was seen; the elements are counted from 1. */
void xd_edi_check_trailer(struct xd_edi *edi, enum xd_edi_level level, uint32_t count,
                          struct xd_slice reference);

/* True, and told, when the interchange or the document has more messages or interchanges than the
 * limit. */
bool xd_edi_too_many(struct xd_edi *edi);

/* An acknowledgement came, which is neither read nor answered. */
void xd_edi_note_answer(struct xd_edi *edi);

/* Forgets the message references seen: they are unique within an interchange or a group. */
void xd_edi_forget_references(struct xd_edi *edi);

/* Tag of the segment in hand as xd_edi_tag_key gives it. */
static inline uint32_t
xd_edi_key(const struct xd_edi *edi)
{
    return xd_edi_tag_key(edi->scan.base + edi->scan.from, edi->scan.ends[0] - edi->scan.from);
}
#define XD_EDI_KEY(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

struct xd_interchange *xd_edi_interchange_open(struct xd_edi *edi);
/* Refuses an interchange that came before, and tells of a test. To be called when the header is
 * known. */
void xd_edi_interchange_known(struct xd_edi *edi);
void xd_edi_interchange_close(struct xd_edi *edi);
/* Starts a message of that type and version: table and state. */
void xd_edi_message_open(struct xd_edi *edi, struct xd_slice type, struct xd_slice version);
/* Takes the segment in hand, which is whole, when the message, which is known, goes on as it did
 * last time from here, and nothing about the segment asks for a closer look. */
bool xd_edi_message_goes_on(struct xd_edi *edi);
/* A segment between header and trailer, or the trailer; `segment` of the message's directory or
 * XD_EDI_NONE. */
void xd_edi_message_segment(struct xd_edi *edi, uint8_t segment);
/* After the trailer: settles the verdict and keeps or drops the rows. */
void xd_edi_message_close(struct xd_edi *edi);

/* --- rows (edi_rows.c) --- */
void xd_edi_rows_init(struct xd_edi *edi);
/* An interchange, group or message begins. */
void xd_edi_rows_mark(struct xd_edi *edi, enum xd_edi_level level);
void xd_edi_rows_add(struct xd_edi *edi, uint64_t offset);
/* Takes back all rows of what began last at that level. */
void xd_edi_rows_drop(struct xd_edi *edi, enum xd_edi_level level);
/* The interchange is over: what is left of its rows counts. */
void xd_edi_rows_settle(struct xd_edi *edi);
/* Hands the last rows on. */
void xd_edi_rows_finish(struct xd_edi *edi);

/* --- mapping (edi_mapping.c, edi_map.c) --- */
bool xd_edi_map_begin(struct xd_edi *edi);
void xd_edi_map_segment(struct xd_edi *edi, uint8_t node);
void xd_edi_map_end(struct xd_edi *edi);

#endif
