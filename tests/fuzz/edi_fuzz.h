/*
 * What the two EDI fuzz targets share: any bytes go through the reader and, with what it made of
 * them, through every acknowledgement; then the invariants that hold whatever came in.
 */
#ifndef XD_EDI_FUZZ_H
#define XD_EDI_FUZZ_H

#include <stdlib.h>

#include "reader/reader.h"
#include "writer/ack.h"

#define FUZZ_MUST(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct fuzz_run {
    struct xd_arena arena;
    struct xd_tables tables;
    struct xd_limits limits;
    struct xd_finding_texts texts;
    struct xd_edi_codes codes;
    struct xd_findings findings;
    struct xd_error err;
    uint32_t rows;
    struct xd_buf first_rows; /* uint32_t: of each batch */
};

static inline bool
fuzz_take(void *taker, struct xd_rows *rows)
{
    struct fuzz_run *run = taker;

    FUZZ_MUST(rows->first_row == run->rows + 1 && rows->count > 0);
    for (uint32_t row = 0; row < rows->count; row++) {
        for (unsigned column = 0; column < rows->columns->count; column++) {
            struct xd_slice value = xd_rows_value(rows, row, column, &run->arena);
            FUZZ_MUST(value.len == 0 || value.ptr);
            FUZZ_MUST(value.len == 0 ||
                      xd_rows_value_offset(rows, row, column) < rows->document->text.len);
        }
    }
    xd_buf_put(&run->first_rows,
               xd_slice_of((const char *)&rows->first_row, sizeof(rows->first_row)));
    run->rows += rows->count;
    return true;
}

static inline void
fuzz_recall(void *taker, size_t batches)
{
    struct fuzz_run *run = taker;
    uint32_t first_row;

    FUZZ_MUST(batches * sizeof(first_row) <= run->first_rows.len);
    run->first_rows.len -= batches * sizeof(first_row);
    memcpy(&first_row, run->first_rows.ptr + run->first_rows.len, sizeof(first_row));
    run->rows = first_row - 1;
}

/* What is settled cannot be called back. */
static inline void
fuzz_settle(void *taker)
{
    struct fuzz_run *run = taker;

    run->first_rows.len = 0;
}

/* Rows belong to accepted messages of accepted interchanges, each to one. */
static inline void
fuzz_check_verdicts(const struct fuzz_run *run, const struct xd_interchange *interchange)
{
    uint32_t rows = 0;

    for (; interchange; interchange = interchange->next) {
        for (const struct xd_edi_group *group = interchange->first; group; group = group->next) {
            for (const struct xd_edi_message *m = group->first; m; m = m->next) {
                bool refused = m->verdict == XD_EDI_REJECTED || group->verdict == XD_EDI_REJECTED ||
                               interchange->verdict == XD_EDI_REJECTED;
                FUZZ_MUST(!refused || m->rows == 0);
                rows += m->rows;
            }
        }
    }
    FUZZ_MUST(rows == run->rows);
}

static inline int
fuzz_edi(const struct xd_reader *reader, const uint8_t *data, size_t size)
{
    static struct fuzz_run run;
    struct xd_document document = {.text = xd_slice_of((const char *)data, size)};
    struct xd_reading reading = {.document = &document,
                                 .limits = &run.limits,
                                 .tables = &run.tables,
                                 .findings = &run.findings,
                                 .arena = &run.arena,
                                 .err = &run.err,
                                 .take = fuzz_take,
                                 .recall = fuzz_recall,
                                 .settle = fuzz_settle,
                                 .taker = &run};
    struct xd_ack_in in = {.codes = &run.codes, .texts = &run.texts, .tables = &run.tables};
    struct xd_buf out;

    run = (struct fuzz_run){.rows = 0};
    xd_arena_init(&run.arena, 1 << 16, 0);
    run.tables.arena = &run.arena;
    xd_buf_init(&run.first_rows, SIZE_MAX);
    xd_findings_init(&run.findings, &run.arena, 100);
    FUZZ_MUST(xd_limits_load(&run.limits, &run.tables, &run.err));
    FUZZ_MUST(xd_finding_texts_load(&run.texts, &run.tables, &run.err));
    FUZZ_MUST(xd_edi_codes_load(&run.codes, &run.tables, &run.err));
    FUZZ_MUST(reader->read(&reading));
    FUZZ_MUST(!reading.refused || run.rows == 0);
    fuzz_check_verdicts(&run, reading.interchanges);
    in.interchange = reading.interchanges;
    xd_buf_init(&out, 1 << 24);
    for (size_t i = 0; xd_ack_at(i); i++) {
        FUZZ_MUST(xd_ack_write(xd_ack_at(i), &in, &out, &run.err) && !out.failed);
    }
    xd_buf_free(&out);
    xd_buf_free(&run.first_rows);
    xd_arena_free(&run.arena);
    return 0;
}

#endif
