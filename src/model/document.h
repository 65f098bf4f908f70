/*
 * A document is one manifest or orders text: a file, or a member of an archive. Findings point into
 * it by byte, and lines and columns are counted only when somebody reads them.
 */
#ifndef XD_MODEL_DOCUMENT_H
#define XD_MODEL_DOCUMENT_H

#include "base/slice.h"

/* What may be done with a document. */
enum xd_document_use {
    XD_DOCUMENT_READ,    /* a reader takes it */
    XD_DOCUMENT_LISTED,  /* a file beside the manifests of an archive: known by name, never read */
    XD_DOCUMENT_REFUSED, /* nothing of it counts; a finding says why */
};

struct xd_document {
    struct xd_slice file;     /* name of the input as given; "-" for standard input */
    struct xd_slice member;   /* name inside the archive; empty for a plain file */
    struct xd_slice text;     /* UTF-8 but for `high`, without byte order mark; lives as long as the
                                 run; a zero byte follows */
    struct xd_slice format;   /* "csv", "xml", ...: the reader that took it */
    struct xd_slice dialect;  /* "crossdock", "global-e-eod", ...; empty until the reader knows */
    struct xd_slice reason;   /* one clause: why it was taken for this format and dialect */
    struct xd_slice encoding; /* what the bytes were before they became UTF-8 */
    const uint16_t *high;     /* [96] of EDIFACT that is not UTF-8: code points of the bytes
                               * from 0xA0 on, 0 for none; else NULL */
    uint64_t text_offset;     /* bytes of the original in front of text[0] (a byte order mark) */
    uint16_t index;           /* place among the documents of the run */
    enum xd_document_use use;
    /* Of a format with columns; else NULL and 0. */
    const struct xd_slice *header; /* names of the columns as spelled */
    uint16_t header_count;
    uint64_t header_offset;    /* byte at which the header row starts */
    char delimiter;            /* between columns */
    bool literal_quotes;       /* a quote in it is a character like any other */
    const uint16_t *column_of; /* by enum xd_field: column from 1, 0 when it has none */
};

/* Where a byte of the text stands for a person: editor line and column, from 1; the column counts
 * characters. CR LF, LF and a lone CR each end a line. */
struct xd_place {
    uint64_t line;
    uint64_t column;
};

/* Counts from `from` (which stands at byte `from_offset`) to `offset`. */
struct xd_place xd_document_place(const struct xd_document *document, struct xd_place from,
                                  uint64_t from_offset, uint64_t offset);

#define XD_PLACE_MARKS 1024

/*
 * The same for bytes asked for in any order. An EDI interchange of 100 MB may be one line, and what
 * is wrong with it is told in no order that its bytes have: so the places of some bytes are kept.
 * Most are asked for in order, though, and counted on from the last.
 */
struct xd_places {
    const struct xd_document *document;
    uint64_t stride; /* mark i stands at byte i * stride */
    size_t known;    /* marks counted so far */
    struct xd_place marks[XD_PLACE_MARKS];
    uint64_t last_offset;
    struct xd_place last;
};

void xd_places_start(struct xd_places *places, const struct xd_document *document);
struct xd_place xd_places_find(struct xd_places *places, uint64_t offset);

#endif
