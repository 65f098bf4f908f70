/*
 * libcsv decides what a record is; this file only remembers where its fields lay. A chunk in which
 * every quote stands where it must is cut by csv_scan.c alone, to the same rows at a fraction of
 * the cost; any other is libcsv's, from its first byte, and so are all faults. libcsv hands over
 * copies without a position, but in strict mode a field's copy determines its bytes in the input
 * (quotes on both sides, inner ones doubled), so a cursor that moves field by field stays exact and
 * the rows can point into the mapped file. The cursor is checked against the separators it must
 * meet: a disagreement is a bug and stops the program.
 */
#include "reader/csv.h"

#include <assert.h>
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/scan.h"
#include "reader/csv_scan.h"

struct xd_csv_scratch {
    struct csv_parser parser;
    const struct xd_csv *csv;
    const char *text; /* the chunk */
    size_t len;
    size_t cursor; /* start of the field that libcsv gives next */
    size_t row_start;
    uint32_t *row_ends; /* where the current row's ends go */
    uint32_t column;    /* fields given of the current row */
    uint32_t rows;
    size_t record_cap;    /* bytes that a record may have */
    size_t too_long;      /* start of the first longer one; SIZE_MAX when there is none */
    bool wide;            /* a row of the chunk is longer than 64 KiB */
    bool libcsv_only;     /* for the test that holds both ways equal */
    struct xd_buf starts; /* uint32_t */
    struct xd_buf ends;   /* uint32_t, columns->count for each row */
    struct xd_buf ragged; /* struct xd_ragged */
    uint32_t blanks;      /* blank lines so far */
    struct xd_buf gaps;   /* struct xd_gap */
};

/* A chunk is a few hundred KiB; even rows of one byte stay far below this. */
#define SCRATCH_MAX ((size_t)1 << 31)

/* libcsv may refuse a value that is shorter than the limit by its quotes and its NUL. */
#define FIELD_SLACK 8

/* libcsv's allocator has no argument to tell whose field grows. */
static _Thread_local size_t field_cap;

static void *
capped_realloc(void *old, size_t size)
{
    return size > field_cap ? NULL : realloc(old, size);
}

/* Blanks belong to the value: trimming them would move the cursor and hide them from the checks. */
static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void
init_parser(struct csv_parser *parser)
{
    (void)csv_init(parser, CSV_STRICT | CSV_STRICT_FINI); /* fails only for a NULL parser */
    csv_set_space_func(parser, no_space);
    csv_set_realloc_func(parser, capped_realloc);
    csv_set_blk_size(parser, 4096);
}

struct xd_csv_scratch *
xd_csv_scratch_new(struct xd_arena *arena)
{
    struct xd_csv_scratch *scratch = xd_arena_alloc(arena, sizeof(*scratch));

    if (!scratch) {
        return NULL;
    }
    init_parser(&scratch->parser);
    xd_buf_init(&scratch->starts, SCRATCH_MAX);
    xd_buf_init(&scratch->ends, SCRATCH_MAX);
    xd_buf_init(&scratch->ragged, SCRATCH_MAX);
    xd_buf_init(&scratch->gaps, SCRATCH_MAX);
    return scratch;
}

void
xd_csv_scratch_no_scan(struct xd_csv_scratch *scratch)
{
    scratch->libcsv_only = true;
}

void
xd_csv_scratch_close(struct xd_csv_scratch *scratch)
{
    if (!scratch) {
        return;
    }
    csv_free(&scratch->parser);
    xd_buf_free(&scratch->starts);
    xd_buf_free(&scratch->ends);
    xd_buf_free(&scratch->ragged);
    xd_buf_free(&scratch->gaps);
}

size_t
xd_csv_cut(const struct xd_csv *csv, size_t from, size_t target)
{
    struct xd_slice text = csv->document->text;
    size_t at = from + target < text.len ? from + target : text.len;
    uint64_t stop = (uint64_t)at + xd_limit(csv->limits, XD_LIMIT_CSV_RECORD_BYTES) + 2;
    bool inside = !csv->literal && xd_scan_count(xd_slice_sub(text, from, at - from), '"') % 2;

    for (at -= at > from ? 1 : 0; at < text.len && at < stop; at++) {
        char c = text.ptr[at];
        inside ^= c == '"' && at >= from + target && !csv->literal;
        if (!inside && c == '\n') {
            return at + 1;
        }
        if (!inside && c == '\r' && (at + 1 == text.len || text.ptr[at + 1] != '\n')) {
            return at + 1;
        }
    }
    return at;
}

/* Passes over the line ends at the cursor; all but the second half of a CR LF are blank lines. */
static void
skip_blank_lines(struct xd_csv_scratch *scratch)
{
    const char *text = scratch->text;
    uint32_t blanks = scratch->blanks;
    struct xd_gap gap;

    for (; scratch->cursor < scratch->len; scratch->cursor++) {
        size_t at = scratch->cursor;
        if (text[at] != '\n' && text[at] != '\r') {
            break;
        }
        scratch->blanks += text[at] == '\r' || at == 0 || text[at - 1] != '\r';
    }
    gap = (struct xd_gap){scratch->rows, scratch->blanks};
    if (scratch->blanks != blanks) {
        xd_buf_put(&scratch->gaps, xd_slice_of((const char *)&gap, sizeof(gap)));
    }
}

static void
begin_row(struct xd_csv_scratch *scratch)
{
    size_t width = scratch->csv->columns->count * sizeof(uint32_t);

    if (scratch->cursor < scratch->len &&
        (scratch->text[scratch->cursor] == '\n' || scratch->text[scratch->cursor] == '\r')) {
        skip_blank_lines(scratch);
    }
    scratch->row_start = scratch->cursor;
    scratch->column = 0;
    scratch->row_ends = (uint32_t *)(void *)xd_buf_reserve(&scratch->ends, width);
}

/* Bytes that a field of `len` bytes takes in `text`, where it starts at `at`. */
static inline size_t
raw_length(struct xd_slice text, size_t at, const char *field, size_t len)
{
    if (at >= text.len || text.ptr[at] != '"') {
        return len;
    }
    return len + 2 + xd_scan_count(xd_slice_of(field, len), '"');
}

static void
on_field(void *field, size_t len, void *data)
{
    struct xd_csv_scratch *scratch = data;
    size_t end = scratch->cursor + len;

    if (!scratch->csv->literal) {
        end = scratch->cursor +
              raw_length(xd_slice_of(scratch->text, scratch->len), scratch->cursor, field, len);
    }
    assert(end <= scratch->len);
    if (scratch->column < scratch->csv->columns->count && scratch->row_ends) {
        scratch->row_ends[scratch->column] = (uint32_t)(end - scratch->row_start);
    }
    scratch->column++;
    scratch->cursor = end + 1;
}

static void
put_u32(struct xd_buf *buf, uint32_t value)
{
    xd_buf_put(buf, xd_slice_of((const char *)&value, sizeof(value)));
}

/* One empty cell too many, in a file of which all rows have one. */
static bool
is_trailing(const struct xd_csv_scratch *scratch, uint32_t width)
{
    return scratch->csv->trailing && scratch->column == width + 1 &&
           scratch->text[scratch->cursor - 2] == scratch->csv->delimiter;
}

static bool
is_blank_record(const struct xd_csv *csv, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        bool empty = !csv->literal && i + 1 < len && text[i] == '"' && text[i + 1] == '"';
        i += empty ? 2 : 0;
        if (i < len && text[i] != csv->delimiter) {
            return false;
        }
        i++;
    }
    return true;
}

static void
pass_blank_record(struct xd_csv_scratch *scratch)
{
    struct xd_gap gap = {scratch->rows, ++scratch->blanks};

    xd_buf_put(&scratch->gaps, xd_slice_of((const char *)&gap, sizeof(gap)));
    begin_row(scratch);
}

static void
put_ragged(struct xd_csv_scratch *scratch, uint32_t width)
{
    struct xd_ragged ragged = {scratch->rows, scratch->column, width};

    xd_buf_put(&scratch->ragged, xd_slice_of((const char *)&ragged, sizeof(ragged)));
}

/* The record ended in front of the cursor. */
static void
end_row(struct xd_csv_scratch *scratch)
{
    uint32_t width = scratch->csv->columns->count;
    uint32_t last = (uint32_t)(scratch->cursor - 1 - scratch->row_start);

    if (!scratch->row_ends) {
        return;
    }
    if (scratch->csv->sheet && last <= scratch->record_cap &&
        is_blank_record(scratch->csv, scratch->text + scratch->row_start, last)) {
        pass_blank_record(scratch);
        return;
    }
    if (scratch->column != width && !is_trailing(scratch, width)) {
        put_ragged(scratch, width);
    }
    for (uint32_t i = scratch->column; i < width; i++) {
        scratch->row_ends[i] = last + 1 + i - scratch->column; /* empty, wherever it is read */
    }
    scratch->wide |= last + width > UINT16_MAX;
    if (last > scratch->record_cap && scratch->too_long == SIZE_MAX) {
        scratch->too_long = scratch->row_start;
    }
    scratch->ends.len += width * sizeof(uint32_t);
    put_u32(&scratch->starts, (uint32_t)scratch->row_start);
    scratch->rows++;
    begin_row(scratch);
}

static void
on_row(int terminator, void *data)
{
    struct xd_csv_scratch *scratch = data;

    assert(terminator == -1 || scratch->text[scratch->cursor - 1] == (char)terminator);
    end_row(scratch);
}

static void
say(struct xd_csv_fault *fault, enum xd_finding_code code, uint64_t offset)
{
    fault->code = code;
    fault->offset = offset;
}

/* Whether the field at the cursor opens with a quote. */
static bool
is_quoted(const struct xd_csv_scratch *scratch)
{
    return !scratch->csv->literal && scratch->cursor < scratch->len &&
           scratch->text[scratch->cursor] == '"';
}

/* What is wrong with the field at the cursor, of which libcsv did not like byte `at`. */
static void
explain(struct xd_csv_scratch *scratch, size_t at, uint64_t base, struct xd_csv_fault *fault)
{
    bool quoted = is_quoted(scratch);

    if (csv_error(&scratch->parser) == CSV_ENOMEM) {
        say(fault, XD_F_CSV_FIELD_TOO_LONG, base + scratch->cursor);
    } else if (!quoted || at < scratch->cursor + 2) {
        say(fault, XD_F_CSV_STRAY_QUOTE, base + at);
    } else {
        char before = scratch->text[at - 2];
        bool opens = before == scratch->csv->delimiter || before == '\n' || before == '\r';
        say(fault, opens ? XD_F_CSV_UNCLOSED_QUOTE : XD_F_CSV_STRAY_QUOTE,
            base + (opens ? scratch->cursor : at));
    }
}

static void
copy_out(const struct xd_buf *from, void *to)
{
    if (from->len) {
        memcpy(to, from->ptr, from->len);
    }
}

static bool
copy_rows(const struct xd_csv_scratch *scratch, struct xd_arena *arena, struct xd_rows *rows)
{
    size_t values = (size_t)scratch->rows * scratch->csv->columns->count;
    const uint32_t *ends = (const uint32_t *)(const void *)scratch->ends.ptr;

    rows->count = scratch->rows;
    rows->starts = xd_arena_array(arena, scratch->rows, sizeof(uint32_t));
    rows->ragged_count = (uint32_t)(scratch->ragged.len / sizeof(struct xd_ragged));
    rows->ragged = xd_arena_array(arena, rows->ragged_count, sizeof(struct xd_ragged));
    rows->gap_count = (uint32_t)(scratch->gaps.len / sizeof(struct xd_gap));
    rows->gaps = xd_arena_array(arena, rows->gap_count, sizeof(struct xd_gap));
    rows->blanks = scratch->blanks;
    if (!rows->starts || !rows->ragged || !rows->gaps) {
        return false;
    }
    copy_out(&scratch->starts, rows->starts);
    copy_out(&scratch->ragged, rows->ragged);
    copy_out(&scratch->gaps, rows->gaps);
    if (scratch->wide) {
        rows->wide_ends = xd_arena_room(arena, values * sizeof(uint32_t));
        if (rows->wide_ends && values) {
            memcpy(rows->wide_ends, ends, values * sizeof(uint32_t));
        }
        return rows->wide_ends;
    }
    rows->ends = xd_arena_room(arena, values * sizeof(uint16_t));
    for (size_t i = 0; rows->ends && i < values; i++) {
        rows->ends[i] = (uint16_t)ends[i];
    }
    return rows->ends;
}

static void
start_chunk(struct xd_csv_scratch *scratch, const struct xd_csv *csv, struct xd_slice chunk)
{
    scratch->csv = csv;
    scratch->text = chunk.ptr;
    scratch->len = chunk.len;
    scratch->cursor = 0;
    scratch->rows = 0;
    scratch->wide = false;
    scratch->record_cap = xd_limit(csv->limits, XD_LIMIT_CSV_RECORD_BYTES);
    scratch->too_long = SIZE_MAX;
    scratch->starts.len = 0;
    scratch->ends.len = 0;
    scratch->ragged.len = 0;
    scratch->gaps.len = 0;
    scratch->blanks = 0;
    field_cap = xd_limit(csv->limits, XD_LIMIT_CSV_FIELD_BYTES) + 1;
    csv_set_delim(&scratch->parser, (unsigned char)csv->delimiter);
    csv_set_quote(&scratch->parser, csv->literal ? '\0' : '"'); /* no text holds a NUL */
    begin_row(scratch);
}

/* A value ends at `at`, and a record with it unless a delimiter stands there. False when the record
 * is too long to be sure that libcsv would take its values. */
static inline bool
end_value(struct xd_csv_scratch *scratch, size_t at, size_t longest)
{
    char stop = at < scratch->len ? scratch->text[at] : '\n';

    if (scratch->column < scratch->csv->columns->count && scratch->row_ends) {
        scratch->row_ends[scratch->column] = (uint32_t)(at - scratch->row_start);
    }
    scratch->column++;
    if (stop == scratch->csv->delimiter) {
        return true;
    }
    if (at - scratch->row_start > longest) {
        return false;
    }
    scratch->cursor = at + 1;
    end_row(scratch);
    return true;
}

/* Cuts a chunk of whole records without libcsv. False when there is anything to be judged; then
 * what was cut so far means nothing. */
static bool
scan_chunk(struct xd_csv_scratch *scratch)
{
    size_t longest = field_cap - 1 - FIELD_SLACK;
    struct xd_csv_scan scan;
    uint64_t marks;

    if (field_cap <= 1 + FIELD_SLACK) {
        return false;
    }
    xd_csv_scan_init(&scan, xd_slice_of(scratch->text, scratch->len), scratch->csv->delimiter);
    while (scan.at < scratch->len) {
        size_t base = scan.at;
        if (!xd_csv_scan_block(&scan, &marks)) {
            return false;
        }
        for (; marks; marks &= marks - 1) {
            size_t at = base + (size_t)__builtin_ctzll(marks);
            /* what lies before the row are the line ends behind the last one */
            if (at >= scratch->row_start && !end_value(scratch, at, longest)) {
                return false;
            }
        }
    }
    return xd_csv_scan_closed(&scan) &&
           (scratch->row_start >= scratch->len || end_value(scratch, scratch->len, longest));
}

/* Runs libcsv over the chunk; what it dislikes goes to *fault. */
static void
run_parser(struct xd_csv_scratch *scratch, size_t from, bool torn, struct xd_csv_fault *fault)
{
    struct csv_parser *parser = &scratch->parser;
    size_t done = csv_parse(parser, scratch->text, scratch->len, on_field, on_row, scratch);

    if (done < scratch->len) {
        explain(scratch, done, from, fault);
    } else if (torn) {
        bool quoted = is_quoted(scratch);
        say(fault, quoted ? XD_F_CSV_UNCLOSED_QUOTE : XD_F_CSV_RECORD_TOO_LONG,
            from + (quoted ? scratch->cursor : scratch->row_start));
    } else if (csv_fini(parser, on_field, on_row, scratch) != 0) {
        say(fault, XD_F_CSV_UNCLOSED_QUOTE, from + scratch->cursor);
    }
    if (fault->code != XD_F_NONE) {
        /* A parser that failed keeps half a record; the next chunk must not see it. */
        csv_free(parser);
        init_parser(parser);
    }
}

static bool
ends_record(struct xd_slice text, size_t to)
{
    return to == text.len || (to > 0 && (text.ptr[to - 1] == '\n' || text.ptr[to - 1] == '\r'));
}

bool
xd_csv_parse(const struct xd_csv *csv, struct xd_csv_scratch *scratch, size_t from, size_t to,
             struct xd_arena *arena, struct xd_rows *rows, struct xd_csv_fault *fault)
{
    struct xd_slice text = csv->document->text;
    bool whole = ends_record(text, to);

    *fault = (struct xd_csv_fault){.code = XD_F_NONE};
    *rows = (struct xd_rows){.document = csv->document,
                             .columns = csv->columns,
                             .text = text.ptr + from,
                             .quoted = !csv->literal,
                             .text_offset = from};
    start_chunk(scratch, csv, xd_slice_sub(text, from, to - from));
    if (scratch->libcsv_only || csv->literal || !whole || !scan_chunk(scratch)) {
        start_chunk(scratch, csv, xd_slice_sub(text, from, to - from));
        run_parser(scratch, from, !whole, fault);
    }
    if (scratch->too_long != SIZE_MAX &&
        (fault->code == XD_F_NONE || from + scratch->too_long < fault->offset)) {
        say(fault, XD_F_CSV_RECORD_TOO_LONG, from + scratch->too_long);
    }
    if (scratch->ends.failed || scratch->starts.failed || scratch->ragged.failed ||
        scratch->gaps.failed) {
        return false;
    }
    return copy_rows(scratch, arena, rows);
}

struct header {
    struct xd_slice text;
    size_t cursor;
    struct xd_slice *cells;
    size_t count;
};

static void
on_header_field(void *field, size_t len, void *data)
{
    struct header *header = data;
    size_t raw = raw_length(header->text, header->cursor, field, len);

    if (header->count < XD_COLUMNS_MAX) {
        header->cells[header->count] = xd_slice_sub(header->text, header->cursor, raw);
    }
    header->count++;
    header->cursor += raw + 1;
}

static void
on_header_row(int terminator, void *data)
{
    (void)terminator;
    (void)data;
}

/* One record of `text`, whole by construction unless a quote is wrong or a limit was hit. */
static void
parse_header(const struct xd_csv *csv, struct header *header, struct xd_csv_fault *fault)
{
    struct csv_parser parser;
    size_t done;

    init_parser(&parser);
    csv_set_delim(&parser, (unsigned char)csv->delimiter);
    field_cap = xd_limit(csv->limits, XD_LIMIT_CSV_FIELD_BYTES) + 1;
    done = csv_parse(&parser, header->text.ptr, header->text.len, on_header_field, on_header_row,
                     header);
    if (done < header->text.len) {
        say(fault,
            csv_error(&parser) == CSV_ENOMEM ? XD_F_CSV_FIELD_TOO_LONG : XD_F_CSV_STRAY_QUOTE,
            done);
    } else if (csv_fini(&parser, on_header_field, on_header_row, header) != 0) {
        say(fault, XD_F_CSV_UNCLOSED_QUOTE, header->cursor);
    } else if (header->count > XD_COLUMNS_MAX) {
        say(fault, XD_F_CSV_TOO_MANY_COLUMNS, 0);
    }
    csv_free(&parser);
}

bool
xd_csv_header(const struct xd_csv *csv, size_t from, struct xd_slice *cells, size_t *count,
              size_t *end, struct xd_csv_fault *fault)
{
    struct xd_slice text = csv->document->text;
    struct header header = {.cells = cells};

    *fault = (struct xd_csv_fault){.code = XD_F_NONE};
    while (from < text.len && (text.ptr[from] == '\n' || text.ptr[from] == '\r')) {
        from++;
    }
    *end = xd_csv_cut(csv, from, 1);
    header.text = xd_slice_sub(text, from, *end - from);
    parse_header(csv, &header, fault);
    fault->offset += from;
    if (fault->code == XD_F_NONE && !ends_record(text, *end)) {
        say(fault, XD_F_CSV_RECORD_TOO_LONG, from);
    }
    *count = header.count;
    return fault->code == XD_F_NONE;
}

static struct xd_bid
bid(struct xd_slice head)
{
    static const char SEPARATORS[] = ",;\t|";
    size_t line;

    while (head.len && xd_is_blank(head.ptr[0]) && head.ptr[0] != '\t') {
        head = xd_slice_sub(head, 1, SIZE_MAX); /* blank lines in front of the header */
    }
    line = xd_slice_find(head, '\n');

    for (size_t i = 0; i < sizeof(SEPARATORS) - 1; i++) {
        if (xd_slice_find(xd_slice_sub(head, 0, line), SEPARATORS[i]) < line) {
            return (struct xd_bid){20, "its first line is cut into columns by a separator"};
        }
    }
    return (struct xd_bid){0, ""};
}

const struct xd_reader xd_reader_csv = {
    .name = "csv",
    .title = "comma-separated values (RFC 4180)",
    .bid = bid,
};
