/*
 * Nearly every header row holds one candidate only, so the first look decides and costs one pass
 * over one line. Counting columns of sample rows comes last, because free text full of commas is
 * more regular than one would think.
 */
#include "reader/delimiter.h"

#include <stdio.h>

#include "reader/guard.h"

#define HEAD_MAX    65536
#define SAMPLE_ROWS 20
#define CANDIDATES  4
#define TITLE_ROWS  20 /* that may stand above a header */
#define KNOWN_LEAST 3  /* columns that make a row a header */

const char *
xd_delimiter_name(char delimiter, char room[8])
{
    static const char *const NAMES[CANDIDATES] = {"comma", "semicolon", "tab", "bar"};
    const char *at = delimiter ? strchr(XD_DELIMITERS, delimiter) : NULL;

    if (at) {
        return NAMES[at - XD_DELIMITERS];
    }
    (void)snprintf(room, 8, "'%c'", delimiter);
    return room;
}

/* The record at the start of `text`, without its line end; *next is the byte behind that. */
static struct xd_slice
first_record(struct xd_slice text, size_t *next)
{
    bool quoted = false;
    size_t i = 0;

    while (i < text.len && (quoted || (text.ptr[i] != '\n' && text.ptr[i] != '\r'))) {
        quoted ^= text.ptr[i] == '"';
        i++;
    }
    *next = i + (i < text.len);
    if (i + 1 < text.len && text.ptr[i] == '\r' && text.ptr[i + 1] == '\n') {
        *next = i + 2;
    }
    return xd_slice_sub(text, 0, i);
}

/* Cuts the next cell off a record; false when none is left. `done` tells an empty last cell from no
 * cell. */
static bool
next_cell(struct xd_slice *rest, char delimiter, bool *done, struct xd_slice *cell)
{
    bool quoted = false;
    size_t i = 0;

    if (*done) {
        return false;
    }
    while (i < rest->len && (quoted || rest->ptr[i] != delimiter)) {
        quoted ^= rest->ptr[i] == '"';
        i++;
    }
    *cell = xd_slice_sub(*rest, 0, i);
    *done = i == rest->len;
    *rest = xd_slice_sub(*rest, i + 1, SIZE_MAX);
    return true;
}

static size_t
count_cells(struct xd_slice record, char delimiter)
{
    struct xd_slice cell;
    bool done = false;
    size_t count = 0;

    while (next_cell(&record, delimiter, &done, &cell)) {
        count++;
    }
    return count;
}

static bool
is_known(const struct xd_dialects *dialects, struct xd_slice header)
{
    char room[XD_HEADER_KEY_MAX];
    struct xd_slice key = xd_header_key(header, room);

    if (key.len == 0 || xd_map_get(&dialects->alias_keys, key) != XD_MAP_NONE) {
        return key.len != 0;
    }
    for (size_t i = 0; i < dialects->count; i++) {
        for (size_t j = 0; j < dialects->list[i].column_count; j++) {
            if (xd_slice_eq(dialects->list[i].columns[j].key, key)) {
                return true;
            }
        }
    }
    return false;
}

static size_t
count_known(const struct xd_dialects *dialects, struct xd_slice header, char delimiter)
{
    struct xd_slice cell;
    bool done = false;
    size_t known = 0;

    while (next_cell(&header, delimiter, &done, &cell)) {
        known += is_known(dialects, cell);
    }
    return known;
}

/* Rows among the first ones that have as many columns as the header. */
static size_t
count_even(struct xd_slice text, char delimiter)
{
    size_t next;
    size_t columns = count_cells(first_record(text, &next), delimiter);
    size_t even = 0;

    for (size_t i = 0; i < SAMPLE_ROWS && next < text.len; i++) {
        text = xd_slice_sub(text, next, SIZE_MAX);
        struct xd_slice record = first_record(text, &next);
        even += record.len && count_cells(record, delimiter) == columns;
    }
    return even;
}

/* The best of the candidates whose bit is set in `there`. */
static char
choose(const struct xd_dialects *dialects, struct xd_slice text, struct xd_slice header,
       unsigned there, struct xd_csv_shape *shape)
{
    size_t most_known = 0;
    size_t most_even = 0;
    char best = ',';

    for (unsigned i = 0; i < CANDIDATES; i++) {
        char delimiter = XD_DELIMITERS[i];
        size_t known = there & (1u << i) ? count_known(dialects, header, delimiter) : 0;
        size_t even = there & (1u << i) ? count_even(text, delimiter) : 0;
        if (known > most_known || (known == most_known && even > most_even)) {
            best = delimiter;
            most_known = known;
            most_even = even;
        }
    }
    if (most_known) {
        (void)snprintf(shape->reason, sizeof(shape->reason),
                       "cut at it the header row has %zu known columns", most_known);
    } else {
        (void)snprintf(shape->reason, sizeof(shape->reason),
                       "cut at it %zu of the first rows are as wide as the header row", most_even);
    }
    return best;
}

static unsigned
candidates_in(struct xd_slice header)
{
    unsigned there = 0;
    bool quoted = false;

    for (size_t i = 0; i < header.len; i++) {
        const char *at = quoted || !header.ptr[i] ? NULL : strchr(XD_DELIMITERS, header.ptr[i]);
        quoted ^= header.ptr[i] == '"';
        there |= at ? 1u << (at - XD_DELIMITERS) : 0;
    }
    return there;
}

/* "sep=;" alone on the first line, quoted or not. */
static bool
declares(struct xd_slice line, char *delimiter)
{
    if (line.len >= 2 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"') {
        line = xd_slice_sub(line, 1, line.len - 2);
    }
    if (line.len != 5 || !xd_slice_ieq(xd_slice_sub(line, 0, 4), XD_LIT("sep="))) {
        return false;
    }
    *delimiter = line.ptr[4];
    return true;
}

static bool
has_mixed_ends(struct xd_slice head)
{
    unsigned kinds = 0;
    bool quoted = false;

    /* The last byte is left out: what follows a CR there is not known. */
    for (size_t i = 0; i + 1 < head.len; i++) {
        char c = head.ptr[i];
        quoted ^= c == '"';
        if (quoted || (c != '\n' && c != '\r')) {
            continue;
        }
        if (c == '\r' && head.ptr[i + 1] == '\n') {
            kinds |= 1;
            i++;
        } else {
            kinds |= c == '\n' ? 2u : 4u;
        }
    }
    return (kinds & (kinds - 1)) != 0;
}

/* Some exports end each row, but not the header, with a delimiter: most of the first rows show it,
 * damaged ones aside. */
static bool
has_trailing(struct xd_slice text, char delimiter)
{
    size_t next;
    size_t columns = count_cells(first_record(text, &next), delimiter);
    size_t rows = 0;
    size_t trailing = 0;

    while (rows < SAMPLE_ROWS && next < text.len) {
        text = xd_slice_sub(text, next, SIZE_MAX);
        struct xd_slice record = first_record(text, &next);
        rows += record.len > 0;
        trailing += record.len > 0 && record.ptr[record.len - 1] == delimiter &&
                    count_cells(record, delimiter) == columns + 1;
    }
    return trailing > rows / 2;
}

static void
skip_blank_lines(struct xd_slice head, struct xd_csv_shape *shape)
{
    size_t next;

    while (shape->header_at < head.len &&
           first_record(xd_slice_sub(head, shape->header_at, SIZE_MAX), &next).len == 0) {
        shape->header_at += next;
        shape->header_row++;
    }
}

/* Delimiter, header_at, header_row, declared and reason. */
static void
find_delimiter(const struct xd_dialects *dialects, struct xd_slice head, struct xd_csv_shape *shape)
{
    struct xd_slice header;
    unsigned there;
    size_t next;

    skip_blank_lines(head, shape);
    header = first_record(xd_slice_sub(head, shape->header_at, SIZE_MAX), &next);
    if (declares(header, &shape->delimiter)) {
        shape->declared = true;
        shape->header_at += next; /* a spreadsheet does not show that line */
        skip_blank_lines(head, shape);
        (void)snprintf(shape->reason, sizeof(shape->reason), "a \"sep=\" line names it");
        return;
    }
    there = candidates_in(header);
    if (there & (there - 1)) {
        shape->delimiter =
            choose(dialects, xd_slice_sub(head, shape->header_at, SIZE_MAX), header, there, shape);
        return;
    }
    for (unsigned i = 0; i < CANDIDATES; i++) {
        shape->delimiter = there & (1u << i) ? XD_DELIMITERS[i] : shape->delimiter;
    }
    (void)snprintf(shape->reason, sizeof(shape->reason), "%s",
                   there ? "it is the only one in the header row"
                         : "the header row has no delimiter, so the file has one column");
}

void
xd_csv_shape_find(const struct xd_dialects *dialects, struct xd_slice text,
                  struct xd_csv_shape *shape)
{
    struct xd_slice head = xd_slice_sub(text, 0, HEAD_MAX);

    *shape = (struct xd_csv_shape){.delimiter = ',', .header_row = 1};
    find_delimiter(dialects, head, shape);
    shape->mixed_ends = has_mixed_ends(head);
    shape->trailing =
        has_trailing(xd_slice_sub(head, shape->header_at, SIZE_MAX), shape->delimiter);
    shape->formulas = xd_has_formulas(head, shape->delimiter);
    shape->apostrophes = xd_has_apostrophes(head, shape->delimiter);
}

uint32_t
xd_csv_header_below(const struct xd_dialects *dialects, struct xd_slice text)
{
    struct xd_slice rest = xd_slice_sub(text, 0, HEAD_MAX);
    size_t next = 0;

    for (uint32_t row = 1; row <= TITLE_ROWS && rest.len; row++) {
        struct xd_slice record = first_record(rest, &next);
        for (unsigned i = 0; row > 1 && i < CANDIDATES; i++) {
            if (count_known(dialects, record, XD_DELIMITERS[i]) >= KNOWN_LEAST) {
                return row;
            }
        }
        rest = xd_slice_sub(rest, next, SIZE_MAX);
    }
    return 0;
}
