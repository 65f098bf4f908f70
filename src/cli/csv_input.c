/*
 * The CSV reader works on chunks of a manifest; here the whole text is one chunk and the columns
 * have no meaning beyond their names.
 */
#include "cli/csv_input.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/buf.h"
#include "reader/csv.h"
#include "reference/finding_text.h"

#define INPUT_LIMIT ((uint64_t)1 << 32)
#define TEXT_LIMIT  ((size_t)1 << 30)

/* Comma unless the header line has none but has tabs or semicolons. */
static char
choose_delimiter(struct xd_slice text)
{
    struct xd_slice first = xd_slice_sub(text, 0, xd_slice_find(text, '\n'));

    if (xd_slice_find(first, ',') < first.len) {
        return ',';
    }
    if (xd_slice_find(first, '\t') < first.len) {
        return '\t';
    }
    return xd_slice_find(first, ';') < first.len ? ';' : ',';
}

static struct xd_slice
without_bom(struct xd_slice text)
{
    return xd_slice_starts(text, XD_LIT("\xEF\xBB\xBF")) ? xd_slice_sub(text, 3, SIZE_MAX) : text;
}

static struct xd_slice
unquote(struct xd_slice cell)
{
    cell = xd_slice_trim(cell);
    if (cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"') {
        cell = xd_slice_sub(cell, 1, cell.len - 2);
    }
    return xd_slice_trim(cell);
}

static uint64_t
line_at(const struct xd_csv_input *input, uint64_t offset)
{
    return xd_document_place(&input->document, (struct xd_place){1, 1}, 0, offset).line;
}

static void
set_fault(struct xd_csv_input *input, const struct xd_csv_fault *fault,
          const struct xd_tables *tables)
{
    static struct xd_finding_texts texts;
    struct xd_error ignored = {0};
    struct xd_slice text = XD_LIT("the table cannot be read");

    if (xd_finding_texts_load(&texts, tables, &ignored)) {
        text = texts.of[fault->code].text;
    }
    (void)snprintf(input->fault, sizeof(input->fault), "line %llu: %.*s",
                   (unsigned long long)line_at(input, fault->offset), XD_FMT(text));
}

/* The header and the rows; faults become input->fault. False when memory ran out. */
static bool
parse(struct xd_csv_input *input, struct xd_arena *arena, struct xd_error *err)
{
    struct xd_tables tables = {NULL, arena};
    struct xd_limits limits;
    struct xd_csv csv = {.document = &input->document,
                         .limits = &limits,
                         .columns = &input->columns,
                         .delimiter = input->delimiter};
    struct xd_csv_fault fault = {0};
    size_t count = 0;
    size_t end = 0;

    if (!xd_limits_load(&limits, &tables, err)) {
        return false;
    }
    limits.of[XD_LIMIT_ROWS].value = UINT32_MAX;
    if (!xd_csv_header(&csv, 0, input->header, &count, &end, &fault)) {
        set_fault(input, &fault, &tables);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        input->header[i] = unquote(input->header[i]);
        input->columns.field_of[i] = XD_FIELD_NONE;
    }
    input->columns.count = (uint16_t)count;
    struct xd_csv_scratch *scratch = count ? xd_csv_scratch_new(arena) : NULL;
    if (!scratch) {
        (void)snprintf(input->fault, sizeof(input->fault), "the table is empty");
        return true;
    }
    bool parsed =
        xd_csv_parse(&csv, scratch, end, input->document.text.len, arena, &input->rows, &fault);
    xd_csv_scratch_close(scratch);
    input->rows.first_row = 2;
    if (parsed && fault.code != XD_F_NONE) {
        set_fault(input, &fault, &tables);
    } else if (parsed && input->rows.ragged_count) {
        (void)snprintf(input->fault, sizeof(input->fault),
                       "line %llu: the row has %u columns, the header %u",
                       (unsigned long long)xd_csv_input_line(input, input->rows.ragged[0].row),
                       input->rows.ragged[0].columns, input->rows.ragged[0].wanted);
    }
    return parsed || xd_error_set(err, EX_OSERR, "no memory for the rows of the table");
}

bool
xd_csv_input_open(struct xd_csv_input *input, const char *path, struct xd_arena *arena,
                  struct xd_error *err)
{
    *input = (struct xd_csv_input){0};
    enum xd_input_status status = xd_input_open(&input->file, path, INPUT_LIMIT, err);
    if (status == XD_INPUT_TOO_LARGE) {
        return xd_error_set(err, EX_DATAERR, "%s: larger than 4 GiB", path);
    }
    if (status != XD_INPUT_OK) {
        return false;
    }
    /* The copy has a NUL behind it, which the CSV reader relies on. */
    input->document.file = xd_slice_str(path);
    input->document.text = xd_arena_copy(arena, without_bom(input->file.bytes));
    if (input->file.bytes.len && !input->document.text.ptr) {
        return xd_error_set(err, EX_OSERR, "%s: no memory for the table", path);
    }
    input->delimiter = choose_delimiter(input->document.text);
    if (memchr(input->document.text.len ? input->document.text.ptr : "x", 0,
               input->document.text.len)) {
        (void)snprintf(input->fault, sizeof(input->fault), "the table holds a NUL byte");
        return true;
    }
    return parse(input, arena, err);
}

void
xd_csv_input_close(struct xd_csv_input *input)
{
    xd_input_close(&input->file);
}

int
xd_csv_input_column(const struct xd_csv_input *input, const char *name)
{
    for (int i = 0; i < input->columns.count; i++) {
        if (xd_slice_ieq(input->header[i], xd_slice_str(name))) {
            return i;
        }
    }
    return -1;
}

struct xd_slice
xd_csv_input_value(const struct xd_csv_input *input, uint32_t row, int column,
                   struct xd_arena *arena)
{
    return column < 0 ? XD_NONE
                      : xd_slice_trim(xd_rows_value(&input->rows, row, (unsigned)column, arena));
}

uint64_t
xd_csv_input_line(const struct xd_csv_input *input, uint32_t row)
{
    return line_at(input, xd_rows_offset(&input->rows, row));
}

/* Tabs and line ends inside a cell would break our own form, and no cell of a rate table needs
 * them. */
static void
put_cell(struct xd_buf *buf, struct xd_slice cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        xd_buf_char(buf, xd_is_blank(cell.ptr[i]) ? ' ' : cell.ptr[i]);
    }
}

static void
put_rows(struct xd_buf *buf, const struct xd_csv_input *input, struct xd_arena *arena)
{
    for (unsigned i = 0; i < input->columns.count; i++) {
        if (i > 0) {
            xd_buf_char(buf, '\t');
        }
        put_cell(buf, input->header[i]);
    }
    xd_buf_char(buf, '\n');
    for (uint32_t row = 0; row < input->rows.count; row++) {
        for (unsigned i = 0; i < input->columns.count; i++) {
            if (i > 0) {
                xd_buf_char(buf, '\t');
            }
            put_cell(buf, xd_csv_input_value(input, row, (int)i, arena));
        }
        xd_buf_char(buf, '\n');
    }
}

static bool
has_tab_header(struct xd_slice text)
{
    struct xd_slice line;

    while (xd_slice_next(&text, '\n', &line)) {
        if (line.len && line.ptr[0] != '#') {
            return xd_slice_find(line, '\t') < line.len;
        }
    }
    return false;
}

bool
xd_table_text(const char *path, struct xd_arena *arena, struct xd_slice *text, struct xd_error *err)
{
    struct xd_csv_input input;
    struct xd_buf buf;

    if (!xd_file_read(path, arena, TEXT_LIMIT, text, err)) {
        return false;
    }
    *text = without_bom(*text);
    if (has_tab_header(*text)) {
        return true;
    }
    if (!xd_csv_input_open(&input, path, arena, err)) {
        return false;
    }
    if (input.fault[0]) {
        xd_csv_input_close(&input);
        return xd_error_set(err, EX_DATAERR, "%s: %s", path, input.fault);
    }
    xd_buf_init(&buf, TEXT_LIMIT);
    put_rows(&buf, &input, arena);
    xd_csv_input_close(&input);
    *text = xd_arena_copy(arena, xd_buf_slice(&buf));
    bool kept = !buf.failed && text->ptr;
    xd_buf_free(&buf);
    return kept || xd_error_set(err, EX_OSERR, "%s: no memory for the table", path);
}
