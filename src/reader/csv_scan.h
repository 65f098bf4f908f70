/*
 * Finds the separators of a CSV that nobody could misread, 64 bytes at a time. It is a quick first
 * look and no judge: whatever it does not take for plain is libcsv's to accept or refuse.
 */
#ifndef XD_READER_CSV_SCAN_H
#define XD_READER_CSV_SCAN_H

#include "base/slice.h"

#define XD_CSV_BLOCK 64

/* Where a scan is; the text is scanned block by block from its start. */
struct xd_csv_scan {
    struct xd_slice text; /* starts with a record */
    char delimiter;       /* neither quote nor line end nor NUL */
    size_t at;            /* of the next block */
    uint64_t inside;      /* all ones when the last block ended between quotes */
    uint64_t border;      /* 1 when a quote may open a value at the first byte of the next block */
    uint64_t closed;      /* 1 when the last byte was a quote that must have closed a value */
};

void xd_csv_scan_init(struct xd_csv_scan *scan, struct xd_slice text, char delimiter);

/*
 * The separators of the next block: bit i of *marks is set when byte i of the block is a delimiter,
 * CR or LF outside of quotes. False when a quote stands where strict RFC 4180 allows none: then no
 * mark of the text counts.
 */
bool xd_csv_scan_block(struct xd_csv_scan *scan, uint64_t *marks);

/* True at the end of a text that did not end between quotes. */
static inline bool
xd_csv_scan_closed(const struct xd_csv_scan *scan)
{
    return scan->inside == 0;
}

#endif
