/*
 * Trees of values, whether XML elements or JSON objects, become rows by a table that says which key
 * may stand where and which field it is. crossdock's own manifest and the dispatch request of
 * Global-e are two such tables; a third needs no code.
 */
#ifndef XD_READER_SHAPE_H
#define XD_READER_SHAPE_H

#include "reader/reader.h"

enum xd_shape_form {
    XD_SHAPE_XML = 1,
    XD_SHAPE_JSON = 2,
};

enum xd_shape_kind {
    XD_SHAPE_VALUE,  /* text: a field */
    XD_SHAPE_ITEM,   /* an element that may repeat: a node */
    XD_SHAPE_LIST,   /* an array, or an element around items, of a node */
    XD_SHAPE_OBJECT, /* one object whose values count as the outer object's */
    XD_SHAPE_IGNORE, /* known, not needed */
};

/* What leaving a node makes. */
enum xd_shape_role {
    XD_SHAPE_PLAIN,
    XD_SHAPE_LINE,      /* a row */
    XD_SHAPE_CARRIER,   /* an order or parcel: a row when nothing in it made one */
    XD_SHAPE_EXCEPTION, /* a row for a back-ordered line */
};

enum xd_shape_convert {
    XD_CONVERT_NONE,
    XD_CONVERT_BOOL,
    XD_CONVERT_MM_FROM_CM,
    XD_CONVERT_EXCEPTION,
};

struct xd_shape_entry {
    struct xd_slice key;
    enum xd_shape_kind kind;
    enum xd_shape_convert convert;
    uint8_t field;  /* enum xd_field, of a value */
    uint8_t node;   /* of an item, list or object */
    uint8_t least;  /* how many there must be */
    uint8_t number; /* place within its node: a bit of a mask */
};

#define XD_SHAPE_NODES   12
#define XD_SHAPE_ENTRIES 64 /* of one node */

struct xd_shape_node {
    struct xd_slice name; /* empty for the outermost, which is node 0 */
    enum xd_shape_role role;
    struct xd_shape_entry *entries;
    size_t count;
    uint64_t least; /* the entries of which there must be one, a bit each */
};

struct xd_shape {
    struct xd_shape_node nodes[XD_SHAPE_NODES];
    size_t count;
    bool nocase; /* letters of either case are one key */
};

/* Loads "manifest/NAME.tsv" for one form. False with *err set. */
bool xd_shape_load(struct xd_shape *shape, const char *path, enum xd_shape_form form, bool nocase,
                   const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err);

/* The entry of that key in a node, or NULL. */
const struct xd_shape_entry *xd_shape_find(const struct xd_shape *shape, unsigned node,
                                           struct xd_slice key);

/* A value that an inner object hid, to be put back when it ends. */
struct xd_shape_hidden {
    struct xd_slice value;
    uint64_t offset;
    uint8_t field;
};

struct xd_shape_frame {
    const struct xd_shape_node *node;
    uint64_t offset; /* byte of the document where it starts */
    uint32_t hidden; /* entries of the log below this frame */
    uint64_t told;   /* rows and withdrawn lines when it started */
    bool inner;      /* an object whose values stay with the outer one */
    bool withdrawn;  /* an exception that says: will not be shipped */
};

#define XD_SHAPE_HIDDEN (XD_FIELD_COUNT * XD_SHAPE_NODES)

/* One document on its way to rows. */
struct xd_shaping {
    struct xd_reading *reading;
    const struct xd_shape *shape;
    uint64_t fields; /* that the shape can say, a bit each */
    uint64_t said;   /* by this document, up to now */
    struct xd_columns *columns;
    struct xd_row_builder builder;
    struct xd_shape_frame frames[XD_SHAPE_NODES];
    size_t depth;
    struct xd_shape_hidden hidden[XD_SHAPE_HIDDEN];
    uint32_t hidden_count;
    uint64_t rows; /* made so far */
    uint64_t told; /* rows and withdrawn lines so far */
    bool stopped;  /* the taker wants no more, or the limit of rows was hit */
};

/* Starts a document. The shaping struct is large: it belongs into an arena. */
void xd_shaping_start(struct xd_shaping *shaping, struct xd_reading *reading,
                      const struct xd_shape *shape);

/* Goes into a node by its entry (of kind item, list or object). False, with a finding, when nested
 * too deep. */
bool xd_shaping_enter(struct xd_shaping *shaping, const struct xd_shape_entry *entry,
                      uint64_t offset);

/* Says a value, which must live until the row is made; `offset` is its byte in the document. */
void xd_shaping_value(struct xd_shaping *shaping, const struct xd_shape_entry *entry,
                      struct xd_slice value, uint64_t offset);

/* Leaves the node: makes a row where its role says so. */
void xd_shaping_leave(struct xd_shaping *shaping);

/* Hands the last rows on. False with the reading's *err set when memory ran out. */
bool xd_shaping_finish(struct xd_shaping *shaping);

/*
 * A tape for documents whose values may stand behind the items they belong to (the elements of a
 * data contract come in the order of the alphabet): one order is recorded and then played with the
 * values of each object first.
 */
struct xd_shape_event {
    const struct xd_shape_entry *entry;
    struct xd_slice value;
    uint64_t offset;
    size_t end; /* of a node: index of the first event behind it */
};

struct xd_shape_tape {
    struct xd_arena *arena;
    struct xd_shape_event *events;
    size_t count;
    size_t cap;
    size_t open[XD_SHAPE_NODES]; /* nodes that have not ended */
    size_t depth;
    bool failed; /* memory ran out, or nested too deep */
};

void xd_tape_enter(struct xd_shape_tape *tape, const struct xd_shape_entry *entry, uint64_t offset);
void xd_tape_value(struct xd_shape_tape *tape, const struct xd_shape_entry *entry,
                   struct xd_slice value, uint64_t offset);
void xd_tape_leave(struct xd_shape_tape *tape);

/* How far the tape has come, and back to there: what came since is forgotten. */
struct xd_tape_mark {
    size_t count;
    size_t depth;
    bool failed;
};

static inline struct xd_tape_mark
xd_tape_mark(const struct xd_shape_tape *tape)
{
    return (struct xd_tape_mark){tape->count, tape->depth, tape->failed};
}

static inline void
xd_tape_cut(struct xd_shape_tape *tape, struct xd_tape_mark mark)
{
    tape->count = mark.count;
    tape->depth = mark.depth;
    tape->failed = mark.failed;
}

/* Plays what was recorded and forgets it. False when it could not be recorded in full. */
bool xd_tape_play(struct xd_shape_tape *tape, struct xd_shaping *shaping);

#endif
