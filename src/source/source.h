/*
 * From one input (a file, a pipe, an archive of either) to the documents in it. What is refused,
 * listed or converted on the way becomes a finding of the document it is about; an error is left
 * for a disk or memory that fails.
 */
#ifndef XD_SOURCE_SOURCE_H
#define XD_SOURCE_SOURCE_H

#include "base/file.h"
#include "model/document.h"
#include "model/finding.h"
#include "reference/limits.h"
#include "source/archive.h"
#include "source/charset.h"

struct xd_source_options {
    const struct xd_limits *limits;
    enum xd_encoding encoding; /* --encoding; XD_ENCODING_NONE when not given */
    struct xd_arena *arena;    /* lives as long as the run: documents and names go here */
    struct xd_findings *findings;
    uint16_t first_document; /* index of the first document of this input in the run */
    /* Whether a member of an archive is a manifest, by its first bytes (4 KiB at most). A reader
     * bids for it. */
    bool (*is_manifest)(void *ctx, struct xd_slice head);
    /*
     * Hears while a UTF-8 document is unpacked, or comes by a pipe, what of its text is there: it
     * grows, its start stays. A reader in another thread may follow, but what it finds counts only
     * when xd_source_open returned and refused nothing. False: more of a pipe would change nothing,
     * it is not read on (an archive is, to its end). NULL when nobody follows.
     */
    bool (*progress)(void *follower, const struct xd_document *document, struct xd_slice text);
    void *follower;
    void *ctx; /* of is_manifest */
};

struct xd_source {
    struct xd_document *documents;
    size_t count;
    struct xd_input input;     /* private, as what follows */
    struct xd_region *regions; /* [2 * capacity] what the documents' texts live in */
    struct xd_region unpacked; /* what came out of a gzip */
    size_t capacity;
};

/*
 * Opens `path` ("-" is standard input). Every document of it is in the list, also those that are
 * only listed or refused; there is at least one. Text that was UTF-8 already is not validated yet
 * (see xd_charset_check). False, with *err set, when the input cannot be read at all. The caller
 * closes it either way, when nothing points into the texts any more.
 */
bool xd_source_open(struct xd_source *source, const struct xd_source_options *options,
                    const char *path, struct xd_error *err);

/* The same for bytes in memory, which a zero byte must follow; `name` is what the report calls
 * them. */
bool xd_source_read(struct xd_source *source, const struct xd_source_options *options,
                    const char *name, struct xd_slice bytes, struct xd_error *err);

void xd_source_close(struct xd_source *source);

/* Gives back the memory of text that nobody needs soon, where it can be read again from the file.
 */
void xd_source_release(const struct xd_source *source, struct xd_slice text);

/*
 * Validates text[from, to) of a document (see xd_charset_check) and adds a finding for its first
 * fault. True when the range is clean. A chunk of a CSV calls it for itself; the other readers call
 * it for the whole.
 */
bool xd_source_check(const struct xd_document *document, uint64_t from, uint64_t to,
                     struct xd_findings *findings);

#endif
