/*
 * Looks at a text that is still coming: whether a field or a record has grown beyond anything that
 * the limits allow, so that nothing behind it can make the document right.
 */
#ifndef XD_READER_CSV_WATCH_H
#define XD_READER_CSV_WATCH_H

#include "base/slice.h"

/* Zeroed at the start of a text. */
struct xd_csv_watch {
    size_t at;     /* bytes looked at */
    size_t border; /* behind the last record end among them */
    bool inside;   /* a quote is open at `at` */
    size_t seen;   /* bytes looked at by xd_csv_watch_field */
    size_t field;  /* behind the last of them that may end a field, or a part of one */
};

/* Looks at what has come since; false when the last record has more than `most` bytes. */
bool xd_csv_watch(struct xd_csv_watch *watch, struct xd_slice text, uint64_t most);

/* The same, cheaply, for one field: false when the text ends in more than `most` bytes among which
 * is neither a quote, a blank, a delimiter of any kind nor a line end. */
bool xd_csv_watch_field(struct xd_csv_watch *watch, struct xd_slice text, uint64_t most);

#endif
