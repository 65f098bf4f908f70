/*
 * Our own tables: tab-separated text with a header line, '#' comments on top that name the source,
 * and no quoting. The program carries them inside itself and reads a newer folder through this same
 * reader, so there is one way in and one set of checks.
 */
#ifndef XD_BASE_TSV_H
#define XD_BASE_TSV_H

#include "base/error.h"
#include "base/slice.h"

#define XD_TSV_COLUMNS_MAX 48

struct xd_tsv {
    const char *name; /* for messages: "reference/markets.tsv" */
    struct xd_slice rest;
    size_t line;                      /* of the row last given, from 1 */
    size_t width;                     /* columns of the header */
    uint8_t pick[XD_TSV_COLUMNS_MAX]; /* asked column -> column of the table */
    size_t asked;
};

/*
 * Opens `text`, which must outlive the reader. `columns` are the names wanted, in the caller's
 * order; a name that starts with '?' may be missing from the table (its cells are then empty).
 * False with a sentence in *err when the header lacks a column.
 */
bool xd_tsv_open(struct xd_tsv *tsv, const char *name, struct xd_slice text,
                 const char *const *columns, size_t count, struct xd_error *err);

/* Gives the next row's asked cells, blanks kept. False at the end or, with *err set, at a row of
 * another width. */
bool xd_tsv_next(struct xd_tsv *tsv, struct xd_slice *cells, struct xd_error *err);

/* Sets *err to "NAME:LINE: MESSAGE" with EX_CONFIG: a table that cannot be trusted stops the run.
 * Always false. */
bool xd_tsv_fail(const struct xd_tsv *tsv, struct xd_error *err, const char *message,
                 struct xd_slice value);

/* Rows that `text` holds, header and comments not counted: how much room a loader needs. */
size_t xd_tsv_count(struct xd_slice text);

#endif
