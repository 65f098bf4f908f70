/*
 * How a CSV is cut before anything is known of it: the delimiter, the line of Excel that names it,
 * the kinds of line ends. A merchant in Berlin saves the same sheet with semicolons that one in
 * London saves with commas.
 */
#ifndef XD_READER_DELIMITER_H
#define XD_READER_DELIMITER_H

#include "reader/dialect_table.h"

struct xd_csv_shape {
    char delimiter;
    bool declared;    /* by a "sep=" line */
    bool mixed_ends;  /* lines end in more than one way */
    bool trailing;    /* most of the first rows have one empty cell more than the header */
    bool formulas;    /* cells are guarded as ="00123": see xd_unguard_text */
    bool apostrophes; /* cells are guarded as '00123 */
    size_t header_at; /* byte of the text at which the header row starts: behind a "sep=" line and
                         blank lines */
    uint32_t header_row; /* spreadsheet row of the header, from 1 */
    char reason[160];    /* one clause: why this delimiter */
};

/*
 * Looks at the first 64 KiB of a text without byte order mark. The delimiter is the one that a
 * "sep=" line declares; else the only one of , ; tab | in the header row outside quotes; else the
 * one that makes most known headers; else the one that gives the first rows most evenly the same
 * number of columns. Without any, a comma: the file has one column.
 */
void xd_csv_shape_find(const struct xd_dialects *dialects, struct xd_slice text,
                       struct xd_csv_shape *shape);

/*
 * The spreadsheet row, from 1, of a header that stands below the first row, under a title: a row
 * among the first ones with three columns at least that are known. 0 when there is none. `text` as
 * above.
 */
uint32_t xd_csv_header_below(const struct xd_dialects *dialects, struct xd_slice text);

/* "comma", "semicolon", "tab", "bar": for sentences; the character itself in quotes for any other,
 * in `room`. */
const char *xd_delimiter_name(char delimiter, char room[8]);

#endif
