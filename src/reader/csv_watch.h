/*
 * Looks at a text that is still coming: whether a record has grown beyond anything that the limits
 * allow, so that nothing behind it can make the document right.
 */
#ifndef XD_READER_CSV_WATCH_H
#define XD_READER_CSV_WATCH_H

#include "base/slice.h"

/* Zeroed at the start of a text. */
struct xd_csv_watch {
    size_t at;     /* bytes looked at */
    size_t border; /* behind the last record end among them */
    bool inside;   /* a quote is open at `at` */
};

/* Looks at what has come since; false when the last record has more than `most` bytes. */
bool xd_csv_watch(struct xd_csv_watch *watch, struct xd_slice text, uint64_t most);

#endif
