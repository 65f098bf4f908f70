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

struct xd_slice
xd_rows_raw(const struct xd_rows *rows, uint32_t row, unsigned column)
{
    size_t at = (size_t)row * rows->columns->count + column;
    uint32_t begin = column ? value_end(rows, at - 1) + 1 : 0;

    return xd_slice_of(rows->text + rows->starts[row] + begin, value_end(rows, at) - begin);
}

static struct xd_slice
undouble(struct xd_slice inner, struct xd_arena *scratch)
{
    char *out = xd_arena_alloc(scratch, inner.len);
    size_t len = 0;

    for (size_t i = 0; out && i < inner.len; i++) {
        out[len++] = inner.ptr[i];
        i += inner.ptr[i] == '"';
    }
    return xd_slice_of(out, len);
}

struct xd_slice
xd_rows_unquote(const struct xd_rows *rows, struct xd_slice raw, struct xd_arena *scratch)
{
    if (!rows->quoted || raw.len < 2 || raw.ptr[0] != '"') {
        return raw;
    }
    raw = xd_slice_of(raw.ptr + 1, raw.len - 2);
    return memchr(raw.ptr, '"', raw.len) ? undouble(raw, scratch) : raw;
}

struct xd_slice
xd_rows_value(const struct xd_rows *rows, uint32_t row, unsigned column, struct xd_arena *scratch)
{
    return xd_rows_unquote(rows, xd_rows_raw(rows, row, column), scratch);
}

struct xd_slice
xd_rows_get(const struct xd_rows *rows, uint32_t row, enum xd_field field, struct xd_arena *scratch)
{
    uint8_t column = rows->columns->of_field[field];

    return column == XD_FIELD_NONE ? XD_NONE : xd_rows_value(rows, row, column, scratch);
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
        return rows->row_offsets[row] +
               (uint64_t)(rows->value_offsets ? rows->value_offsets[at] : 0);
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
room_for_rows(struct xd_row_builder *builder)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t cap = builder->row_cap ? builder->row_cap * 2 : 64;

    if (rows->starts && rows->count < builder->row_cap) {
        return true;
    }
    cap = rows->starts || !builder->row_cap ? cap : builder->row_cap;
    rows->starts = grown(builder->arena, rows->starts, rows->count * 4, cap * 4);
    rows->wide_ends =
        grown(builder->arena, rows->wide_ends, rows->count * columns * 4, cap * columns * 4);
    rows->row_offsets = grown(builder->arena, rows->row_offsets, rows->count * 8, cap * 8);
    rows->value_offsets =
        grown(builder->arena, rows->value_offsets, rows->count * columns * 4, cap * columns * 4);
    builder->row_cap = cap;
    return rows->starts && rows->wide_ends && rows->row_offsets && rows->value_offsets;
}

static bool
room_for_text(struct xd_row_builder *builder, size_t extra)
{
    size_t cap = builder->text_cap ? builder->text_cap : 4096;

    if (builder->text && extra <= builder->text_cap - builder->text_len) {
        return true;
    }
    while (cap - builder->text_len < extra) {
        cap *= 2;
    }
    builder->text = grown(builder->arena, builder->text, builder->text_len, cap);
    builder->rows.text = builder->text;
    builder->text_cap = cap;
    return builder->text && cap <= UINT32_MAX;
}

void
xd_row_builder_next(struct xd_row_builder *builder, uint32_t first_row)
{
    const struct xd_document *document = builder->rows.document;
    const struct xd_columns *columns = builder->rows.columns;

    builder->row_cap = builder->rows.count;
    builder->text_cap = builder->text_len + builder->text_len / 16;
    builder->text = NULL;
    builder->text_len = 0;
    builder->kept = 0;
    builder->rows =
        (struct xd_rows){.document = document, .columns = columns, .first_row = first_row};
}

/* The leading columns of the row before, as they are; where the last of them ends. */
static uint32_t
copy_kept(struct xd_row_builder *builder, char *text, uint64_t offset)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t to = rows->count * columns;
    size_t from = to - columns;
    uint32_t end = rows->wide_ends[from + builder->kept - 1] + 1;
    int32_t moved = (int32_t)(int64_t)(rows->row_offsets[rows->count - 1] - offset);

    memcpy(text, builder->text + rows->starts[rows->count - 1], end);
    memcpy(rows->wide_ends + to, rows->wide_ends + from, builder->kept * sizeof(uint32_t));
    for (size_t i = 0; i < builder->kept; i++) {
        rows->value_offsets[to + i] = rows->value_offsets[from + i] + moved;
    }
    return end;
}

void
xd_row_builder_add(struct xd_row_builder *builder, uint64_t offset)
{
    struct xd_rows *rows = &builder->rows;
    size_t columns = rows->columns->count;
    size_t need = columns;
    size_t at;
    char *text;
    uint32_t end;

    for (size_t i = 0; i < columns; i++) {
        need += builder->values[rows->columns->field_of[i]].len;
    }
    if (builder->failed || !room_for_rows(builder) || !room_for_text(builder, need)) {
        builder->failed = true;
        return;
    }
    rows->starts[rows->count] = (uint32_t)builder->text_len;
    rows->row_offsets[rows->count] = offset;
    text = builder->text + builder->text_len;
    at = rows->count * columns;
    end = builder->keeps && rows->count && builder->kept ? copy_kept(builder, text, offset) : 0;
    for (size_t i = end ? builder->kept : 0; i < columns; i++) {
        uint8_t field = rows->columns->field_of[i];
        struct xd_slice value = builder->values[field];
        if (value.len) {
            memcpy(text + end, value.ptr, value.len);
        }
        end += (uint32_t)value.len;
        rows->wide_ends[at + i] = end;
        rows->value_offsets[at + i] = (int32_t)(int64_t)(builder->offsets[field] - offset);
        end++;
    }
    builder->text_len += need;
    builder->kept = (uint16_t)columns;
    rows->count++;
}
