/*
 * The one place that knows how rows are laid out. Two bytes a value instead of a pointer and a
 * length keep a manifest of a million rows within the memory that its own text needs.
 */
#include "model/rows.h"

static inline uint32_t
value_end(const struct xd_rows *rows, size_t at)
{
    return rows->ends ? rows->ends[at] : rows->wide_ends[at];
}

/* A value that was built: in the document, or aside. */
static struct xd_slice
placed_value(const struct xd_rows *rows, uint32_t row, size_t at)
{
    uint32_t low = 0;
    uint32_t high = rows->aside_count;

    if (rows->value_lengths[at] != XD_ASIDE) {
        return xd_slice_of(rows->document->text.ptr + rows->row_offsets[row] +
                               rows->value_offsets[at],
                           rows->value_lengths[at]);
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rows->asides[middle].at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return rows->asides[low].value;
}

struct xd_slice
xd_rows_raw_elsewhere(const struct xd_rows *rows, uint32_t row, size_t at)
{
    bool first = at == (size_t)row * rows->columns->count;
    uint32_t begin;

    if (rows->value_lengths) {
        return placed_value(rows, row, at);
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

uint64_t
xd_rows_value_offset(const struct xd_rows *rows, uint32_t row, unsigned column)
{
    size_t at = (size_t)row * rows->columns->count + column;

    if (rows->row_offsets) {
        return rows->row_offsets[row] + (uint64_t)rows->value_offsets[at];
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
    rows->value_offsets = grown(builder->arena, rows->value_offsets, used * 4, cap * columns * 4);
    rows->value_lengths = grown(builder->arena, rows->value_lengths, used * 2, cap * columns * 2);
    builder->row_cap = (uint32_t)cap;
    return rows->row_offsets && rows->value_offsets && rows->value_lengths;
}

static void
add_aside(struct xd_row_builder *builder, size_t at, struct xd_slice value)
{
    struct xd_rows *rows = &builder->rows;

    if (rows->aside_count == builder->aside_cap) {
        uint32_t cap = builder->aside_cap ? builder->aside_cap * 2 : 16;
        rows->asides =
            grown(builder->arena, rows->asides, rows->aside_count * sizeof(*rows->asides),
                  cap * sizeof(*rows->asides));
        builder->aside_cap = cap;
    }
    if (!rows->asides) {
        builder->failed = true;
        return;
    }
    rows->asides[rows->aside_count++] = (struct xd_aside){(uint32_t)at, value};
    rows->value_lengths[at] = XD_ASIDE;
}

/* Keeps a copy of a value for which the document's own bytes do not do. */
static void
put_aside(struct xd_row_builder *builder, size_t at, struct xd_slice value)
{
    struct xd_slice copy = xd_arena_copy(builder->arena, value);

    builder->failed |= !copy.ptr;
    add_aside(builder, at, copy);
}

/* The leading columns of the row before; how many. A copy that was put aside serves both rows. */
static size_t
copy_kept(struct xd_row_builder *builder, size_t first, uint64_t offset)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t from = first - columns;
    uint32_t asides = rows->aside_count;
    int32_t moved;

    if (rows->document->text.len > INT32_MAX) {
        return 0;
    }
    moved = (int32_t)((int64_t)rows->row_offsets[rows->count - 1] - (int64_t)offset);
    for (size_t i = 0; i < builder->kept; i++) {
        rows->value_offsets[first + i] =
            rows->value_lengths[from + i] ? rows->value_offsets[from + i] + moved : 0;
    }
    memcpy(rows->value_lengths + first, rows->value_lengths + from,
           builder->kept * sizeof(*rows->value_lengths));
    for (uint32_t i = builder->row_aside; i < asides; i++) {
        struct xd_aside aside = rows->asides[i];
        if (aside.at - from < builder->kept) {
            add_aside(builder, aside.at + columns, aside.value);
        }
    }
    return builder->kept;
}

/* A row of a document below 2 GiB reaches every byte of it. */
static inline bool
is_in_place(const struct xd_document *document, struct xd_slice value, uint64_t offset,
            int64_t distance)
{
    return value.ptr == document->text.ptr + offset && value.len < XD_ASIDE &&
           distance == (int32_t)distance;
}

void
xd_row_builder_add(struct xd_row_builder *builder, uint64_t offset)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t first = rows->count * columns;
    uint32_t asides;
    size_t kept;

    if (builder->failed || !room_for_row(builder)) {
        builder->failed = true;
        return;
    }
    rows->row_offsets[rows->count] = offset;
    asides = rows->aside_count;
    kept = builder->keeps && rows->count ? copy_kept(builder, first, offset) : 0;
    for (size_t i = kept; i < columns; i++) {
        uint8_t field = rows->columns->field_of[i];
        struct xd_slice value = builder->values[field];
        int64_t distance = (int64_t)(builder->offsets[field] - offset);
        rows->value_offsets[first + i] = value.len ? (int32_t)distance : 0;
        rows->value_lengths[first + i] = (uint16_t)value.len;
        if (value.len && !is_in_place(rows->document, value, builder->offsets[field], distance)) {
            put_aside(builder, first + i, value);
        }
    }
    builder->row_aside = asides;
    builder->kept = (uint16_t)columns;
    rows->count++;
}

void
xd_row_builder_next(struct xd_row_builder *builder, uint32_t first_row)
{
    const struct xd_document *document = builder->rows.document;
    const struct xd_columns *columns = builder->rows.columns;

    builder->expect = builder->rows.count;
    builder->row_cap = 0;
    builder->aside_cap = 0;
    builder->kept = 0;
    builder->rows =
        (struct xd_rows){.document = document, .columns = columns, .first_row = first_row};
}
