/*
 * The one place that knows how rows are laid out. Two bytes a value instead of a pointer and a
 * length keep a manifest of a million rows within the memory that its own text needs.
 */
#include "model/rows.h"

_Static_assert(XD_FIELD_COUNT <= 64, "the fields of a builder that changed are a 64-bit set");

static inline uint32_t
value_end(const struct xd_rows *rows, size_t at)
{
    return rows->ends ? rows->ends[at] : rows->wide_ends[at];
}

/* A value that was built: in the document, or aside. */
static struct xd_slice
placed_value(const struct xd_rows *rows, size_t at)
{
    if (rows->value_lengths[at] == 0) {
        return XD_NONE; /* the document may have no text at all: orders of the store have none */
    }
    if (rows->value_lengths[at] == XD_ASIDE) {
        return rows->asides[rows->value_places[at]].value;
    }
    return xd_slice_of(rows->document->text.ptr + rows->row_offsets[0] + rows->value_places[at],
                       rows->value_lengths[at]);
}

struct xd_slice
xd_rows_raw_elsewhere(const struct xd_rows *rows, uint32_t row, size_t at)
{
    bool first = at == (size_t)row * rows->columns->count;
    uint32_t begin;

    if (rows->value_lengths) {
        return placed_value(rows, at);
    }
    begin = first ? 0 : rows->wide_ends[at - 1] + 1;
    return xd_slice_of(rows->text + rows->starts[row] + begin, rows->wide_ends[at] - begin);
}

struct xd_slice
xd_rows_undouble(struct xd_slice inner, struct xd_arena *scratch)
{
    char *out = xd_arena_alloc(scratch, inner.len);
    size_t len = 0;

    for (size_t i = 0; out && i < inner.len; i++) {
        out[len++] = inner.ptr[i];
        i += inner.ptr[i] == '"';
    }
    return xd_slice_of(out, len);
}

uint32_t
xd_rows_number(const struct xd_rows *rows, uint32_t row)
{
    uint32_t low = 0;
    uint32_t high = rows->gap_count;

    while (low < high) { /* the last gap at or in front of the row */
        uint32_t middle = low + (high - low) / 2;
        if (rows->gaps[middle].row <= row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return rows->first_row + row + (low ? rows->gaps[low - 1].blanks : 0);
}

uint64_t
xd_rows_offset(const struct xd_rows *rows, uint32_t row)
{
    return rows->row_offsets ? rows->row_offsets[row] : rows->text_offset + rows->starts[row];
}

/* An empty value has a place when it was said in the row itself: a cell of a CSV. */
static uint64_t
placed_offset(const struct xd_rows *rows, uint32_t row, size_t at)
{
    uint64_t offset = rows->row_offsets[0] + (uint64_t)rows->value_places[at];

    if (rows->value_lengths[at] == XD_ASIDE) {
        return rows->asides[rows->value_places[at]].offset;
    }
    return rows->value_lengths[at] == 0 && offset < rows->row_offsets[row] ? rows->row_offsets[row]
                                                                           : offset;
}

uint64_t
xd_rows_value_offset(const struct xd_rows *rows, uint32_t row, unsigned column)
{
    size_t at = (size_t)row * rows->columns->count + column;

    if (rows->row_offsets) {
        return placed_offset(rows, row, at);
    }
    return xd_rows_offset(rows, row) + (column ? value_end(rows, at - 1) + 1 : 0);
}

void
xd_columns_all(struct xd_columns *columns)
{
    memset(columns, 0xff, sizeof(*columns));
    columns->count = XD_FIELD_COUNT;
    for (unsigned i = 0; i < XD_FIELD_COUNT; i++) {
        columns->of_field[i] = (uint8_t)i;
        columns->field_of[i] = (uint8_t)i;
    }
}

void
xd_row_builder_init(struct xd_row_builder *builder, struct xd_arena *arena,
                    const struct xd_document *document, const struct xd_columns *columns,
                    uint32_t first_row)
{
    memset(builder, 0, sizeof(*builder));
    builder->arena = arena;
    builder->rows.document = document;
    builder->rows.columns = columns;
    builder->rows.first_row = first_row;
}

/* A larger copy of an array that lives in the arena; the old one stays there until the arena goes.
 */
static void *
grown(struct xd_arena *arena, const void *old, size_t used, size_t cap)
{
    void *fresh = xd_arena_room(arena, cap);

    if (fresh && used) {
        memcpy(fresh, old, used);
    }
    return fresh;
}

static bool
room_for_row(struct xd_row_builder *builder)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    uint32_t first = builder->expect ? builder->expect : 64;
    size_t cap = builder->row_cap ? builder->row_cap * 2 : first;
    size_t used = rows->count * columns;

    if (rows->count < builder->row_cap) {
        return true;
    }
    rows->row_offsets = grown(builder->arena, rows->row_offsets, rows->count * 8, cap * 8);
    rows->value_places = grown(builder->arena, rows->value_places, used * 4, cap * columns * 4);
    rows->value_lengths = grown(builder->arena, rows->value_lengths, used * 2, cap * columns * 2);
    builder->row_cap = (uint32_t)cap;
    return rows->row_offsets && rows->value_places && rows->value_lengths;
}

/* Keeps a copy of a value for which the document's own bytes do not do; which of the asides it is.
 */
static uint32_t
put_aside(struct xd_row_builder *builder, struct xd_slice value, uint64_t offset)
{
    struct xd_rows *rows = &builder->rows;
    char *copy = xd_arena_room(builder->arena, value.len);

    if (rows->aside_count == builder->aside_cap) {
        uint32_t cap = builder->aside_cap ? builder->aside_cap * 2 : 16;
        rows->asides =
            grown(builder->arena, rows->asides, rows->aside_count * sizeof(*rows->asides),
                  cap * sizeof(*rows->asides));
        builder->aside_cap = cap;
    }
    if (!rows->asides || !copy) {
        builder->failed = true;
        return 0;
    }
    memcpy(copy, value.ptr, value.len);
    rows->asides[rows->aside_count] = (struct xd_aside){xd_slice_of(copy, value.len), offset};
    return rows->aside_count++;
}

static inline void
put_value(struct xd_row_builder *builder, size_t at, enum xd_field field)
{
    struct xd_rows *rows = &builder->rows;
    struct xd_slice value = builder->values[field];
    uint64_t offset = builder->offsets[field];
    int64_t distance = (int64_t)(offset - rows->row_offsets[0]);

    rows->value_lengths[at] = (uint16_t)value.len;
    rows->value_places[at] = (int32_t)distance;
    if (value.len == 0) {
        return;
    }
    if (value.ptr != rows->document->text.ptr + offset || value.len >= XD_ASIDE ||
        distance != (int32_t)distance) {
        rows->value_places[at] = (int32_t)put_aside(builder, value, offset);
        rows->value_lengths[at] = XD_ASIDE;
    }
}

void
xd_row_builder_add(struct xd_row_builder *builder, uint64_t offset)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t first = rows->count * columns;

    if (builder->failed || !room_for_row(builder)) {
        builder->failed = true;
        return;
    }
    rows->row_offsets[rows->count] = offset;
    if (!builder->keeps || rows->count == 0) {
        for (size_t i = 0; i < columns; i++) {
            put_value(builder, first + i, (enum xd_field)rows->columns->field_of[i]);
        }
    } else {
        memcpy(rows->value_places + first, rows->value_places + first - columns,
               columns * sizeof(*rows->value_places));
        memcpy(rows->value_lengths + first, rows->value_lengths + first - columns,
               columns * sizeof(*rows->value_lengths));
        for (uint64_t changed = builder->changed; changed; changed &= changed - 1) {
            enum xd_field field = (enum xd_field)__builtin_ctzll(changed);
            uint8_t column = rows->columns->of_field[field];
            if (column != XD_FIELD_NONE) {
                put_value(builder, first + column, field);
            }
        }
    }
    builder->changed = 0;
    rows->count++;
}

void
xd_row_builder_widen(struct xd_row_builder *builder, const struct xd_columns *columns)
{
    struct xd_rows *rows = &builder->rows;
    struct xd_rows old = *rows;

    rows->columns = columns;
    if (builder->row_cap == 0) {
        return;
    }
    rows->value_places =
        xd_arena_room(builder->arena, (size_t)builder->row_cap * columns->count * 4);
    rows->value_lengths =
        xd_arena_room(builder->arena, (size_t)builder->row_cap * columns->count * 2);
    if (!rows->value_places || !rows->value_lengths) {
        builder->failed = true;
        return;
    }
    for (uint32_t row = 0; row < rows->count; row++) {
        for (size_t i = 0; i < columns->count; i++) {
            size_t to = (size_t)row * columns->count + i;
            size_t from =
                (size_t)row * old.columns->count + old.columns->of_field[columns->field_of[i]];
            rows->value_places[to] = old.value_places[from];
            rows->value_lengths[to] = old.value_lengths[from];
        }
    }
}

void
xd_row_builder_next(struct xd_row_builder *builder, uint32_t first_row)
{
    const struct xd_document *document = builder->rows.document;
    const struct xd_columns *columns = builder->rows.columns;

    builder->expect = builder->rows.count;
    builder->row_cap = 0;
    builder->aside_cap = 0;
    builder->rows =
        (struct xd_rows){.document = document, .columns = columns, .first_row = first_row};
}

/* A row of another batch as it is there. */
static void
add_copy(struct xd_row_builder *builder, const struct xd_rows *from, uint32_t row)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t source = row * columns;
    size_t first = rows->count * columns;
    int64_t moved;

    if (builder->failed || !room_for_row(builder)) {
        builder->failed = true;
        return;
    }
    rows->row_offsets[rows->count++] = from->row_offsets[row];
    moved = (int64_t)(rows->row_offsets[0] - from->row_offsets[0]);
    for (size_t i = 0; i < columns; i++) {
        int32_t place = from->value_places[source + i];
        uint16_t length = from->value_lengths[source + i];
        rows->value_lengths[first + i] = length;
        rows->value_places[first + i] =
            length == XD_ASIDE
                ? (int32_t)put_aside(builder, from->asides[place].value, from->asides[place].offset)
                : (int32_t)(place - moved);
    }
}

void
xd_row_builder_split(struct xd_row_builder *builder, uint32_t count, struct xd_arena *arena,
                     struct xd_rows *head)
{
    struct xd_rows all = builder->rows;

    builder->arena = arena;
    xd_row_builder_next(builder, all.first_row + count);
    for (uint32_t row = count; row < all.count; row++) {
        add_copy(builder, &all, row);
    }
    *head = all;
    head->count = count;
}
