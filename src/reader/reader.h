/*
 * A format is one file that defines one `const struct xd_reader` and one row in the table of
 * reader.c. The reader that is surest of the first bytes takes the document; the report says why.
 */
#ifndef XD_READER_READER_H
#define XD_READER_READER_H

#include "base/error.h"
#include "model/finding.h"
#include "model/interchange.h"
#include "model/rows.h"
#include "reference/limits.h"

/* How sure a reader is that a document is of its format: 0 not at all, 100 certain; and a clause
 * that says why. */
struct xd_bid {
    unsigned sure;
    const char *reason; /* a literal */
};

/*
 * What a reader works with. Everything it finds wrong goes to `findings`; it returns false, with
 * *err set, only when our surroundings failed. A document that is refused as a whole sets
 * `refused`: none of its rows counts then.
 */
struct xd_reading {
    struct xd_document *document;
    const struct xd_limits *limits;
    const struct xd_tables *tables;
    struct xd_findings *findings;
    struct xd_arena *arena; /* lives as long as the run: rows and interchange go here */
    struct xd_error *err;
    bool checked; /* somebody else looks at the characters meanwhile, and forgets what is read where
                     they are not sound */
    bool refused;
    struct xd_interchange
        *interchanges; /* EDI: what to acknowledge; a list, NULL for other formats */
    /* Takes a batch of rows; called in document order. False: stop reading. The rows live in
     * `arena`, or in `rows_arena` where that is set: the taker may take that one over and leave an
     * empty one, else the next batch is written over them. */
    bool (*take)(void *taker, struct xd_rows *rows);
    struct xd_arena *rows_arena;
    /* EDI hands rows on before their interchange is proven. While `provisional` is set, a batch may
     * be called back: recall() forgets the last `batches` of those taken since settle(), which says
     * that all that were taken count. Both may be NULL. */
    bool provisional;
    void (*recall)(void *taker, size_t batches);
    void (*settle)(void *taker);
    /* Forgets all rows that were taken and all that was found: the document should not have been
     * read at all. NULL: the reader has to know before it hands anything on. */
    void (*forget)(void *taker);
    void *taker;
};

struct xd_reader {
    const char *name;  /* "csv" */
    const char *title; /* "comma-separated values (RFC 4180)": for `help formats` */
    struct xd_bid (*bid)(struct xd_slice head);
    /* Reads the whole document in one thread and hands its rows on in batches of some thousands.
     * NULL for the CSV reader, which pipeline/ cuts into chunks. */
    bool (*read)(struct xd_reading *reading);
    bool checks; /* it has all of the text checked (xd_source_check) unless it is told `checked` */
};

/* The reader for a document that starts with `head` (at most 4 KiB are looked at), or NULL when
 * none bids. */
const struct xd_reader *xd_reader_choose(struct xd_slice head, const char **reason);

/* The reader of that name, or NULL. */
const struct xd_reader *xd_reader_find(struct xd_slice name);

/* The reader at `index` of the table, or NULL behind the last. */
const struct xd_reader *xd_reader_at(size_t index);

#endif
