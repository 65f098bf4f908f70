/*
 * Any bytes as a CSV: shape, header, rows and their conversion. Exercises reader/delimiter.c,
 * header.c, header_report.c, guard.c, convert.c, dialect.c and check/excel.c. Holds: as many rows
 * come out as went in, every column of a header that is read has one meaning, and positions lie
 * inside the text.
 */
#include <stdlib.h>

#include "check/excel.h"
#include "reader/csv.h"
#include "reader/delimiter.h"
#include "reader/dialect.h"
#include "reader/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct xd_dialects g_dialects;
static struct xd_countries g_countries;
static struct xd_limits g_limits;
static struct xd_arena g_arena;

static void
require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void
load_tables(void)
{
    struct xd_tables tables = {NULL, &g_arena};
    struct xd_error err = {0};

    xd_arena_init(&g_arena, 1 << 16, 0);
    require(xd_countries_load(&g_countries, &tables, &g_arena, &err) &&
            xd_dialects_load(&g_dialects, &tables, &g_countries, &g_arena, &err) &&
            xd_limits_load(&g_limits, &tables, &err));
}

static void
check_rows(const struct xd_rows *raw, const struct xd_rows *rows, struct xd_arena *arena)
{
    uint64_t length = raw->document->text.len;
    uint32_t ragged = 0;

    require(rows->count == raw->count && rows->ragged_count == raw->ragged_count);
    for (uint32_t row = 0; row < rows->count; row++) {
        if (ragged < rows->ragged_count && rows->ragged[ragged].row == row) {
            ragged++; /* what it holds means nothing */
            continue;
        }
        for (unsigned i = 0; i < rows->columns->count; i++) {
            struct xd_diagnosis diagnosis;
            struct xd_slice value = xd_rows_value(rows, row, i, arena);
            uint8_t field = rows->columns->field_of[i];
            if (field == XD_FIELD_NONE) {
                continue;
            }
            require(xd_rows_value_offset(rows, row, i) <= length);
            if (xd_excel_check((enum xd_field)field, value, 5, &diagnosis)) {
                require((size_t)diagnosis.span.off + diagnosis.span.len <= value.len);
            }
        }
    }
}

static void
read_rows(struct xd_csv *csv, const struct xd_header *header, size_t from, struct xd_arena *arena,
          struct xd_findings *findings)
{
    struct xd_csv_scratch *scratch = xd_csv_scratch_new(arena);
    struct xd_carry carry = {0};
    struct xd_csv_fault fault;
    struct xd_arena row;
    struct xd_rows raw;
    struct xd_rows rows;

    csv->columns = &header->columns;
    xd_arena_init(&row, 1 << 12, 0);
    if (scratch && xd_csv_parse(csv, scratch, from, csv->document->text.len, arena, &raw, &fault)) {
        rows = raw;
        if (header->convert) {
            require(xd_dialect_apply(header, &raw, &carry, arena, &row, &rows, findings));
        }
        check_rows(&raw, &rows, arena);
    }
    xd_arena_free(&row);
    xd_csv_scratch_close(scratch);
}

static void
read_document(struct xd_document *document, enum xd_use use, struct xd_arena *arena)
{
    struct xd_slice cells[XD_COLUMNS_MAX];
    struct xd_findings findings;
    struct xd_csv_shape shape;
    struct xd_csv_fault fault;
    struct xd_header header;
    size_t count;
    size_t end;

    xd_findings_init(&findings, arena, 100);
    xd_csv_shape_find(&g_dialects, document->text, &shape);
    require(shape.header_at <= document->text.len);
    if (shape.formulas) {
        require(xd_unguard_document(document, shape.delimiter, arena));
        require(!xd_has_formulas(document->text, shape.delimiter));
    }
    struct xd_csv csv = {.document = document,
                         .limits = &g_limits,
                         .delimiter = shape.delimiter,
                         .trailing = shape.trailing};
    if (!xd_csv_header(&csv, shape.header_at, cells, &count, &end, &fault)) {
        return;
    }
    struct xd_header_ask ask = {.document = document,
                                .cells = cells,
                                .count = count,
                                .offset = shape.header_at,
                                .delimiter = shape.delimiter,
                                .formulas = shape.formulas,
                                .apostrophes = shape.apostrophes,
                                .row = shape.header_row,
                                .use = use,
                                .limits = &g_limits};
    if (xd_header_map(&g_dialects, &ask, arena, &header, &findings)) {
        read_rows(&csv, &header, end, arena, &findings);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xd_document document = {.file = XD_LIT("XManifest_1.csv")};
    struct xd_arena arena;
    char *text;

    if (!g_dialects.count) {
        load_tables();
    }
    xd_arena_init(&arena, 1 << 14, 0);
    text = xd_arena_alloc(&arena, size + 1);
    require(text);
    memcpy(text, data, size);
    document.text = xd_slice_of(text, size);
    read_document(&document, size % 2 ? XD_USE_MANIFEST : XD_USE_ORDERS, &arena);
    xd_arena_free(&arena);
    return 0;
}
