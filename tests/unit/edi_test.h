/*
 * What the tests of the EDI readers share: a run that keeps the rows it is given, forgets those
 * that are called back, and can tell how much memory reading took.
 */
#ifndef XD_EDI_TEST_H
#define XD_EDI_TEST_H

#include "table_test.h"

#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "reader/reader.h"
#include "writer/ack.h"

#define ROWS_MOST 64

struct run {
    struct xd_arena arena;
    struct xd_tables tables;
    struct xd_limits limits;
    struct xd_finding_texts texts;
    struct xd_edi_codes codes;
    struct xd_findings findings;
    struct xd_interchange *interchanges;
    struct xd_error err;
    struct xd_rows batches[ROWS_MOST];
    struct xd_arena arenas[ROWS_MOST]; /* of their rows */
    size_t batch_count;
    size_t settled; /* batches that cannot be called back any more */
    size_t recalled;
    uint32_t rows;
    struct xd_reading *reading;
    bool forgets;     /* keeps no rows */
    size_t heap_most; /* bytes in use */
    bool refused;
};

static inline bool
take(void *taker, struct xd_rows *rows)
{
    struct run *run = taker;

    assert_true(run->batch_count < ROWS_MOST);
    assert_int_equal(rows->first_row, run->rows + 1);
    assert_true(rows->count > 0);
    run->arenas[run->batch_count] = *run->reading->rows_arena;
    xd_arena_init(run->reading->rows_arena, 1 << 16, 0);
    run->batches[run->batch_count++] = *rows;
    run->rows += rows->count;
    return true;
}

static inline void
recall(void *taker, size_t batches)
{
    struct run *run = taker;

    assert_true(batches <= run->batch_count - run->settled);
    run->recalled += batches;
    for (; batches > 0; batches--) {
        run->rows -= run->batches[--run->batch_count].count;
        xd_arena_free(&run->arenas[run->batch_count]);
    }
}

static inline void
settle(void *taker)
{
    struct run *run = taker;

    run->settled = run->batch_count;
}

static inline void
close_run(struct run *run)
{
    while (run->batch_count > 0) {
        xd_arena_free(&run->arenas[--run->batch_count]);
    }
    xd_arena_free(&run->arena);
}

static inline void
open_run(struct run *run)
{
    *run = (struct run){.rows = 0};
    xd_arena_init(&run->arena, 1 << 16, 0);
    run->tables = (struct xd_tables){NULL, &run->arena};
    assert_true(xd_limits_load(&run->limits, &run->tables, &run->err));
    assert_true(xd_finding_texts_load(&run->texts, &run->tables, &run->err));
    assert_true(xd_edi_codes_load(&run->codes, &run->tables, &run->err));
    xd_findings_init(&run->findings, &run->arena, 1000);
}

/* Bytes of private memory that the process holds, heap and pages alike; 0 under the sanitizers,
 * which keep what was freed. */
static inline size_t
memory_held(void)
{
    size_t pages = 0;
#ifndef __SANITIZE_ADDRESS__
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*u %*u %*u %*u %*u %zu", &pages), 1);
    (void)fclose(file);
#endif
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Counts the rows and forgets them; notes how much of the heap is in use. */
static inline bool
take_and_forget(void *taker, struct xd_rows *rows)
{
    struct run *run = taker;
    size_t used = memory_held();

    run->rows += rows->count;
    run->heap_most = used > run->heap_most ? used : run->heap_most;
    return true;
}

static inline void
read_text(struct run *run, struct xd_slice text)
{
    struct xd_document *document = xd_arena_alloc(&run->arena, sizeof(*document));
    const char *reason = NULL;
    const struct xd_reader *reader = xd_reader_choose(text, &reason);

    document->text = text;
    assert_non_null(reader);
    assert_non_null(reader->read);
    struct xd_reading reading = {.document = document,
                                 .limits = &run->limits,
                                 .tables = &run->tables,
                                 .findings = &run->findings,
                                 .arena = &run->arena,
                                 .err = &run->err,
                                 .interchanges = run->interchanges,
                                 .take = run->forgets ? take_and_forget : take,
                                 .recall = recall,
                                 .settle = settle,
                                 .taker = run};
    run->reading = &reading;
    if (!reader->read(&reading)) {
        fail_msg("%s", run->err.text);
    }
    run->refused = reading.refused;
    run->reading = NULL;
    run->interchanges = reading.interchanges;
}

#endif
