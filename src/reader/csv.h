/*
 * The CSV reader in three steps, so that pipeline/ may run the last one on many chunks at once:
 * open (delimiter and header), cut (where a chunk may end), parse (one chunk with a libcsv parser
 * of its own).
 */
#ifndef XD_READER_CSV_H
#define XD_READER_CSV_H

#include "reader/reader.h"

struct xd_csv {
    const struct xd_document *document;
    const struct xd_limits *limits;
    const struct xd_columns
        *columns; /* of the header; its count is the width every row must have */
    char delimiter;
    bool sheet;   /* a record of empty cells alone is a blank row of a spreadsheet, and no record */
    bool literal; /* a quote is a character like any other */
    bool trailing; /* rows may have one empty cell more than the header */
};

/* What made a chunk unreadable. Everything in front of it is right; nothing behind it can be. */
struct xd_csv_fault {
    enum xd_finding_code code; /* XD_F_NONE: no fault */
    uint64_t offset;           /* byte of the document */
};

/*
 * Where the chunk that starts at byte `from` (the start of a record) ends: behind the first record
 * end at or behind `from + target`, found by the parity of quotes, or the end of the text. When no
 * record ends within the record limit the chunk is cut there, and parsing it tells the fault.
 */
size_t xd_csv_cut(const struct xd_csv *csv, size_t from, size_t target);

/* What a worker keeps from chunk to chunk: a libcsv parser and the arrays that rows are collected
 * in. NULL when memory ran out. */
struct xd_csv_scratch;
struct xd_csv_scratch *xd_csv_scratch_new(struct xd_arena *arena);
void xd_csv_scratch_close(struct xd_csv_scratch *scratch);

/* Leaves every chunk to libcsv; for the test that holds both ways equal. */
void xd_csv_scratch_no_scan(struct xd_csv_scratch *scratch);

/*
 * Parses the chunk [from, to) of the document's text. Rows are copied into `arena`; rows->first_row
 * is the caller's to set. The rows in front of a fault are given too. False when memory ran out.
 */
bool xd_csv_parse(const struct xd_csv *csv, struct xd_csv_scratch *scratch, size_t from, size_t to,
                  struct xd_arena *arena, struct xd_rows *rows, struct xd_csv_fault *fault);

/*
 * Reads the first record at or behind byte `from` alone: its cells as they stand in the text,
 * quotes still on, XD_COLUMNS_MAX of them at most; `*end` is the byte behind it. csv->columns is
 * not needed yet. False with a fault. No cells when the text holds no record.
 */
bool xd_csv_header(const struct xd_csv *csv, size_t from, struct xd_slice *cells, size_t *count,
                   size_t *end, struct xd_csv_fault *fault);

#endif
