/*
 * Rows go on as soon as a batch of them is full, so that a large interchange needs no more memory
 * than a small one. Only its trailer proves it, and the trailers of a group and a message prove
 * those: so no batch holds rows of two of them where one may still be refused, and a refusal calls
 * whole batches back.
 */
#include <sysexits.h>

#include "reader/edi.h"

#define ROWS_OF_BATCH  4096
#define BYTES_OF_BATCH ((size_t)4 << 20)
#define ARENA_BLOCK    ((size_t)256 << 10)
#define ALL_FIELDS     ((1ull << XD_FIELD_COUNT) - 1)

void
xd_edi_rows_init(struct xd_edi *edi)
{
    edi->rows.next_row = 1;
    xd_arena_init(&edi->rows.arena, ARENA_BLOCK, 0);
    xd_arena_init(&edi->rows.spare, ARENA_BLOCK, 0);
    xd_row_builder_init(&edi->rows.builder, &edi->rows.arena, edi->reading->document,
                        edi->rows.columns, 0);
    edi->rows.builder.keeps = true;
}

/* Hands rows on that live in `arena`, which is empty afterwards. */
static void
hand_on(struct xd_edi *edi, struct xd_rows *batch, struct xd_arena *arena)
{
    struct xd_reading *reading = edi->reading;

    reading->rows_arena = arena;
    reading->provisional = edi->interchange != NULL;
    edi->stopped |= !reading->take(reading->taker, batch);
    edi->rows.batches++;
    xd_arena_reset(arena);
}

/* An empty batch in an arena that holds nothing. */
static void
start_batch(struct xd_edi_rows *rows)
{
    xd_arena_reset(&rows->arena);
    xd_row_builder_next(&rows->builder, rows->next_row);
}

static void
hand_all_on(struct xd_edi *edi)
{
    struct xd_edi_rows *rows = &edi->rows;
    struct xd_rows batch = rows->builder.rows;

    batch.first_row = rows->next_row - batch.count;
    hand_on(edi, &batch, &rows->arena);
    start_batch(rows);
}

/* Hands on the first `count` rows, which end where something begins that may be refused. */
static void
hand_head_on(struct xd_edi *edi, uint32_t count)
{
    struct xd_edi_rows *rows = &edi->rows;
    struct xd_arena old = rows->arena;
    struct xd_rows head;

    rows->arena = rows->spare;
    rows->builder.rows.first_row = rows->next_row - rows->builder.rows.count;
    xd_row_builder_split(&rows->builder, count, &rows->arena, &head);
    hand_on(edi, &head, &old);
    rows->spare = old;
    for (size_t i = 0; i < XD_EDI_MARKS; i++) {
        if (rows->marks[i].row >= count) {
            rows->marks[i].row -= count;
            rows->marks[i].batches = rows->batches;
        }
    }
}

/* The open batch is full. What it holds of earlier interchanges, groups or messages goes on by
 * itself. */
static void
make_room(struct xd_edi *edi)
{
    struct xd_edi_rows *rows = &edi->rows;

    for (size_t i = 0; i < XD_EDI_MARKS; i++) {
        if (rows->marks[i].row > 0) {
            hand_head_on(edi, rows->marks[i].row);
            return;
        }
    }
    hand_all_on(edi);
}

void
xd_edi_rows_mark(struct xd_edi *edi, enum xd_edi_level level)
{
    struct xd_edi_rows *rows = &edi->rows;

    /* What begins inside it has not begun yet. */
    for (size_t i = level; i < XD_EDI_MARKS; i++) {
        rows->marks[i] =
            (struct xd_edi_mark){rows->batches, rows->builder.rows.count, rows->next_row};
    }
}

/* Nobody will ask for rows of what is refused already. */
static bool
is_refused(const struct xd_edi *edi)
{
    return edi->message->verdict == XD_EDI_REJECTED || edi->group->verdict == XD_EDI_REJECTED ||
           edi->interchange->verdict == XD_EDI_REJECTED;
}

void
xd_edi_rows_add(struct xd_edi *edi, uint64_t offset)
{
    struct xd_edi_rows *rows = &edi->rows;

    rows->of_message++;
    if (is_refused(edi)) {
        return;
    }
    if (rows->builder.rows.count >= ROWS_OF_BATCH ||
        (rows->builder.rows.count > 0 && rows->arena.total > BYTES_OF_BATCH)) {
        make_room(edi);
    }
    rows->next_row++;
    xd_row_builder_add(&rows->builder, offset);
    if (rows->builder.failed) {
        edi->stopped = true;
        (void)xd_error_set(edi->reading->err, EX_OSERR,
                           "memory ran out while reading the rows of %.*s",
                           XD_FMT(edi->reading->document->file));
    }
}

void
xd_edi_rows_drop(struct xd_edi *edi, enum xd_edi_level level)
{
    struct xd_edi_rows *rows = &edi->rows;
    const struct xd_edi_mark *mark = &rows->marks[level];
    struct xd_reading *reading = edi->reading;

    if (rows->batches > mark->batches && reading->recall) {
        reading->recall(reading->taker, rows->batches - mark->batches);
    }
    rows->batches = mark->batches;
    rows->next_row = mark->next_row;
    rows->builder.rows.count = mark->row;
    rows->builder.changed = ALL_FIELDS;
    if (mark->row == 0) {
        start_batch(rows);
    }
}

void
xd_edi_rows_settle(struct xd_edi *edi)
{
    struct xd_reading *reading = edi->reading;

    if (edi->rows.batches > edi->rows.settled && reading->settle) {
        reading->settle(reading->taker);
    }
    edi->rows.settled = edi->rows.batches;
}

void
xd_edi_rows_finish(struct xd_edi *edi)
{
    if (edi->rows.builder.rows.count && !edi->stopped) {
        hand_all_on(edi);
    }
    edi->reading->provisional = false;
    xd_arena_free(&edi->rows.arena);
    xd_arena_free(&edi->rows.spare);
}
