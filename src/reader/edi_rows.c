/*
 * Rows wait for the trailer of their interchange: only then is it known that nothing was lost on
 * the way, and a row that has gone on cannot be called back. A message that is refused takes its
 * rows back to the place where it began.
 */
#include <sysexits.h>

#include "reader/edi.h"

#define ROWS_OF_BATCH 4096
#define ALL_FIELDS    ((1ull << XD_FIELD_COUNT) - 1)

static void
out_of_memory(struct xd_edi *edi)
{
    (void)xd_error_set(edi->reading->err, EX_OSERR, "memory ran out while reading the rows of %.*s",
                       XD_FMT(edi->reading->document->file));
}

void
xd_edi_rows_init(struct xd_edi *edi)
{
    edi->rows.next_row = 1;
    xd_row_builder_init(&edi->rows.builder, edi->reading->arena, edi->reading->document,
                        edi->rows.columns, 0);
    edi->rows.builder.keeps = true;
}

/* Puts the open batch, if it has rows, behind those that wait. */
static void
close_batch(struct xd_edi *edi)
{
    struct xd_edi_rows *rows = &edi->rows;
    struct xd_edi_batch *batch;

    if (rows->builder.failed) {
        out_of_memory(edi);
    }
    if (rows->builder.rows.count == 0) {
        return;
    }
    batch = xd_arena_alloc(edi->reading->arena, sizeof(*batch));
    if (!batch) {
        out_of_memory(edi);
        return;
    }
    batch->rows = rows->builder.rows;
    if (rows->last) {
        rows->last->next = batch;
    } else {
        rows->first = batch;
    }
    rows->last = batch;
    xd_row_builder_next(&rows->builder, 0);
}

void
xd_edi_rows_mark(const struct xd_edi *edi, struct xd_edi_mark *mark)
{
    mark->last = edi->rows.last;
    mark->rows = edi->rows.builder.rows.count;
    mark->asides = edi->rows.builder.rows.aside_count;
}

void
xd_edi_rows_add(struct xd_edi *edi, uint64_t offset)
{
    struct xd_edi_rows *rows = &edi->rows;

    xd_row_builder_add(&rows->builder, offset);
    rows->of_message++;
    if (rows->builder.rows.count >= ROWS_OF_BATCH) {
        close_batch(edi);
    }
}

void
xd_edi_rows_drop(struct xd_edi *edi, const struct xd_edi_mark *mark)
{
    struct xd_edi_rows *rows = &edi->rows;
    struct xd_edi_batch *batch = mark->last ? mark->last->next : rows->first;

    if (batch) {
        /* The batch that was open at the mark has been closed since: it keeps what stood before. */
        batch->rows.count = mark->rows;
        batch->rows.aside_count = mark->asides;
        batch->next = NULL;
        rows->last = batch;
        rows->builder.rows.count = 0;
        rows->builder.rows.aside_count = 0;
    } else {
        rows->builder.rows.count = mark->rows;
        rows->builder.rows.aside_count = mark->asides;
    }
    rows->builder.changed = ALL_FIELDS;
    rows->of_message = 0;
}

void
xd_edi_rows_settle(struct xd_edi *edi, bool accepted)
{
    struct xd_edi_rows *rows = &edi->rows;
    struct xd_reading *reading = edi->reading;

    close_batch(edi);
    for (struct xd_edi_batch *batch = rows->first; accepted && batch; batch = batch->next) {
        batch->rows.first_row = rows->next_row;
        rows->next_row += batch->rows.count;
        if (batch->rows.count && !reading->take(reading->taker, &batch->rows)) {
            edi->stopped = true;
            break;
        }
    }
    rows->first = NULL;
    rows->last = NULL;
}
