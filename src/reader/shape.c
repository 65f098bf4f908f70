/*
 * A row says everything that its line, parcel, order and manifest said. The values of the outer
 * objects stand in the row builder while their inner ones come and go, so a million lines cost a
 * copy of their values and no look-up.
 */
#include "reader/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/decimal.h"
#include "base/tsv.h"

#define BATCH_ROWS 4096u

enum column { NODE, FORM, KEY, KIND, TARGET, CONVERT, LEAST, COLUMNS };

static const char *const COLUMN_NAMES[COLUMNS] = {"node",   "form",    "key",  "kind",
                                                  "target", "convert", "least"};

static unsigned
find_word(struct xd_slice word, const char *const *words, unsigned count)
{
    unsigned i = 0;

    while (i < count && !xd_slice_eq(word, xd_slice_str(words[i]))) {
        i++;
    }
    return i;
}

/* The node of that name, added when it is new; XD_SHAPE_NODES when there is no room. */
static unsigned
find_node(struct xd_shape *shape, struct xd_slice name, struct xd_arena *arena)
{
    static const char *const WORDS[] = {"line", "order", "parcel", "exception"};
    static const enum xd_shape_role ROLES[] = {XD_SHAPE_LINE, XD_SHAPE_CARRIER, XD_SHAPE_CARRIER,
                                               XD_SHAPE_EXCEPTION, XD_SHAPE_PLAIN};
    struct xd_shape_node *node;

    for (unsigned i = 0; i < shape->count; i++) {
        if (xd_slice_eq(shape->nodes[i].name, name)) {
            return i;
        }
    }
    if (shape->count == XD_SHAPE_NODES) {
        return XD_SHAPE_NODES;
    }
    node = &shape->nodes[shape->count];
    node->name = name;
    node->role = ROLES[find_word(name, WORDS, 4)];
    node->entries = xd_arena_array(arena, XD_SHAPE_ENTRIES, sizeof(*node->entries));
    return node->entries ? (unsigned)shape->count++ : XD_SHAPE_NODES;
}

static bool
add_entry(struct xd_shape *shape, const struct xd_slice *cells, const struct xd_tsv *tsv,
          struct xd_arena *arena, struct xd_error *err)
{
    static const char *const KINDS[] = {"value", "item", "list", "object", "ignore"};
    static const char *const CONVERTS[] = {"", "bool", "mm-from-cm", "exception"};
    unsigned in = find_node(shape, cells[NODE], arena);
    unsigned kind = find_word(cells[KIND], KINDS, 5);
    unsigned convert = find_word(cells[CONVERT], CONVERTS, 4);
    struct xd_shape_node *node = &shape->nodes[in];
    struct xd_shape_entry *entry;
    uint64_t least = 0;

    if (in == XD_SHAPE_NODES || node->count == XD_SHAPE_ENTRIES) {
        return xd_tsv_fail(tsv, err, "too many nodes or entries at", cells[NODE]);
    }
    if (kind == 5 || convert == 4 || !xd_slice_u64(cells[LEAST], &least) || least > 1) {
        return xd_tsv_fail(tsv, err, "kind, convert or least is not known for", cells[KEY]);
    }
    entry = &node->entries[node->count];
    *entry = (struct xd_shape_entry){.key = cells[KEY],
                                     .kind = (enum xd_shape_kind)kind,
                                     .convert = (enum xd_shape_convert)convert,
                                     .field = XD_FIELD_NONE,
                                     .least = (uint8_t)least,
                                     .number = (uint8_t)node->count};
    node->least |= least << node->count++;
    if (kind == XD_SHAPE_VALUE) {
        entry->field = (uint8_t)xd_field_find(cells[TARGET]);
        return entry->field != XD_FIELD_NONE ||
               xd_tsv_fail(tsv, err, "there is no field", cells[TARGET]);
    }
    entry->node = kind == XD_SHAPE_IGNORE ? 0 : (uint8_t)find_node(shape, cells[TARGET], arena);
    return entry->node < XD_SHAPE_NODES ||
           xd_tsv_fail(tsv, err, "too many nodes at", cells[TARGET]);
}

bool
xd_shape_load(struct xd_shape *shape, const char *path, enum xd_shape_form form, bool nocase,
              const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const FORMS[] = {"", "xml", "json", "both"};
    struct xd_slice cells[COLUMNS];
    struct xd_slice text;
    struct xd_tsv tsv;

    *shape = (struct xd_shape){.nocase = nocase};
    if (!xd_tables_get(tables, path, &text, err) ||
        !xd_tsv_open(&tsv, path, text, COLUMN_NAMES, COLUMNS, err)) {
        return false;
    }
    (void)find_node(shape, XD_NONE, arena);
    while (xd_tsv_next(&tsv, cells, err)) {
        unsigned forms = find_word(cells[FORM], FORMS, 4);
        if (forms == 0 || forms == 4) {
            return xd_tsv_fail(&tsv, err, "form is xml, json or both, not", cells[FORM]);
        }
        if ((forms & form) && !add_entry(shape, cells, &tsv, arena, err)) {
            return false;
        }
    }
    return err->status == 0;
}

const struct xd_shape_entry *
xd_shape_find(const struct xd_shape *shape, unsigned node, struct xd_slice key)
{
    const struct xd_shape_node *in = &shape->nodes[node];

    for (size_t i = 0; i < in->count; i++) {
        if (shape->nocase ? xd_slice_ieq(in->entries[i].key, key)
                          : xd_slice_eq(in->entries[i].key, key)) {
            return &in->entries[i];
        }
    }
    return NULL;
}

static uint64_t
fields_of(const struct xd_shape *shape)
{
    uint64_t fields = 0;

    for (size_t i = 0; i < shape->count; i++) {
        for (size_t j = 0; j < shape->nodes[i].count; j++) {
            if (shape->nodes[i].entries[j].kind == XD_SHAPE_VALUE) {
                fields |= (uint64_t)1 << shape->nodes[i].entries[j].field;
            }
        }
    }
    return fields;
}

/*
 * One column for each field that was said, in the order of the fields, and one for all that the
 * shape could say besides: a column costs six bytes a row, and most of the fields that a shape
 * knows never come.
 */
static void
make_columns(struct xd_columns *columns, uint64_t fields, uint64_t said)
{
    uint8_t silent = XD_FIELD_NONE;

    memset(columns, 0xff, sizeof(*columns));
    columns->count = 0;
    for (uint8_t field = 0; field < XD_FIELD_COUNT; field++) {
        if (!(fields >> field & 1)) {
            continue;
        }
        if (said >> field & 1 || silent == XD_FIELD_NONE) {
            columns->of_field[field] = (uint8_t)columns->count;
            columns->field_of[columns->count++] = field;
            silent = said >> field & 1 ? silent : columns->of_field[field];
        } else {
            columns->of_field[field] = silent;
        }
    }
}

static void
start_batch(struct xd_shaping *s)
{
    struct xd_row_builder fresh;

    xd_row_builder_init(&fresh, s->reading->arena, s->reading->document, s->columns,
                        (uint32_t)s->rows + 1);
    fresh.expect = s->rows ? BATCH_ROWS : 0; /* where one batch was full, the next may be */
    memcpy(fresh.values, s->builder.values, sizeof(fresh.values));
    memcpy(fresh.offsets, s->builder.offsets, sizeof(fresh.offsets));
    s->builder = fresh;
}

/* Columns for what was said up to now; those of earlier batches stay. */
static void
take_columns(struct xd_shaping *s)
{
    s->columns = xd_arena_alloc(s->reading->arena, sizeof(*s->columns));
    if (s->columns) {
        make_columns(s->columns, s->fields, s->said);
    } else {
        s->builder.failed = true;
    }
}

/* A field is said for the first time. */
static void
add_field(struct xd_shaping *s, unsigned field)
{
    s->said |= (uint64_t)1 << field;
    take_columns(s);
    if (!s->builder.failed) {
        xd_row_builder_widen(&s->builder, s->columns);
    }
}

void
xd_shaping_start(struct xd_shaping *s, struct xd_reading *reading, const struct xd_shape *shape)
{
    memset(s, 0, sizeof(*s));
    s->reading = reading;
    s->shape = shape;
    s->fields = fields_of(shape);
    take_columns(s);
    start_batch(s);
}

static void
hand_on(struct xd_shaping *s)
{
    struct xd_rows *rows;

    if (s->builder.rows.count == 0 || s->builder.failed) {
        return;
    }
    rows = xd_arena_alloc(s->reading->arena, sizeof(*rows));
    if (!rows) {
        s->builder.failed = true;
        return;
    }
    *rows = s->builder.rows;
    if (!s->reading->take(s->reading->taker, rows)) {
        s->stopped = true;
    }
    start_batch(s);
}

static void
report(struct xd_shaping *s, enum xd_finding_code code, uint64_t offset, struct xd_slice value,
       struct xd_slice detail)
{
    xd_findings_add(s->reading->findings,
                    &(struct xd_finding){.code = code,
                                         .document = s->reading->document->index,
                                         .field = XD_FIELD_NONE,
                                         .placed = true,
                                         .offset = offset,
                                         .value = value,
                                         .detail = detail});
}

static void
make_row(struct xd_shaping *s, const struct xd_shape_frame *frame)
{
    const struct xd_limit_row *limit = &s->reading->limits->of[XD_LIMIT_ROWS];

    if (s->stopped || s->reading->refused) {
        return;
    }
    if (s->rows == limit->value) {
        char detail[80];
        (void)snprintf(detail, sizeof(detail), "the limit is %" PRIu64 " rows (--limit rows=N)",
                       limit->value);
        report(s, XD_F_CSV_TOO_MANY_ROWS, frame->offset, XD_NONE, xd_slice_str(detail));
        s->reading->refused = true;
        return;
    }
    xd_row_builder_add(&s->builder, frame->offset);
    s->rows++;
    s->told++;
    if (s->builder.rows.count == BATCH_ROWS) {
        hand_on(s);
    }
}

bool
xd_shaping_enter(struct xd_shaping *s, const struct xd_shape_entry *entry, uint64_t offset)
{
    struct xd_shape_frame *frame = &s->frames[s->depth];

    if (s->depth == XD_SHAPE_NODES) {
        return false;
    }
    *frame = (struct xd_shape_frame){.node = &s->shape->nodes[entry->node],
                                     .offset = offset,
                                     .hidden = s->hidden_count,
                                     .told = s->told,
                                     .inner = entry->kind == XD_SHAPE_OBJECT};
    s->depth++;
    return true;
}

/* true and false as JSON and XML Schema write them; anything else stays for the checks to refuse.
 */
static struct xd_slice
convert_bool(struct xd_slice value)
{
    if (xd_slice_ieq(value, XD_LIT("true"))) {
        return XD_LIT("1");
    }
    return xd_slice_ieq(value, XD_LIT("false")) ? XD_LIT("0") : value;
}

/* Ten times the number, exactly. */
static struct xd_slice
convert_mm(struct xd_shaping *s, struct xd_slice value)
{
    struct xd_decimal number;
    char text[XD_DECIMAL_TEXT];

    if (xd_decimal_parse(value, XD_DECIMAL_SCALE_MAX, &number) != XD_DECIMAL_OK) {
        return value;
    }
    if (number.scale > 0) {
        number.scale--;
    } else if (__builtin_mul_overflow(number.units, 10, &number.units)) {
        return value;
    }
    return xd_arena_copy(s->reading->arena, xd_slice_of(text, xd_decimal_format(number, text)));
}

static struct xd_slice
convert_exception(struct xd_shaping *s, struct xd_slice value)
{
    if (xd_slice_eq(value, XD_LIT("2"))) {
        return XD_LIT("1");
    }
    if (xd_slice_eq(value, XD_LIT("1")) || xd_slice_eq(value, XD_LIT("3"))) {
        s->frames[s->depth - 1].withdrawn = true;
        return XD_NONE;
    }
    return value;
}

void
xd_shaping_value(struct xd_shaping *s, const struct xd_shape_entry *entry, struct xd_slice value,
                 uint64_t offset)
{
    struct xd_shape_hidden *hidden;

    if (entry->kind != XD_SHAPE_VALUE || s->hidden_count == XD_SHAPE_HIDDEN) {
        return;
    }
    if (value.len && (xd_is_blank(value.ptr[0]) || xd_is_blank(value.ptr[value.len - 1]))) {
        struct xd_slice trimmed = xd_slice_trim(value);
        offset += trimmed.len ? (uint64_t)(trimmed.ptr - value.ptr) : 0;
        value = trimmed;
    }
    switch (entry->convert) {
    case XD_CONVERT_NONE:
        break;
    case XD_CONVERT_BOOL:
        value = convert_bool(value);
        break;
    case XD_CONVERT_MM_FROM_CM:
        value = convert_mm(s, value);
        break;
    case XD_CONVERT_EXCEPTION:
        value = convert_exception(s, value);
        break;
    }
    if (value.len && !(s->said >> entry->field & 1)) {
        add_field(s, entry->field);
    }
    hidden = &s->hidden[s->hidden_count++];
    hidden->field = entry->field;
    hidden->value = s->builder.values[entry->field];
    hidden->offset = s->builder.offsets[entry->field];
    xd_row_builder_set(&s->builder, (enum xd_field)entry->field, value, offset);
}

static void
make_role(struct xd_shaping *s, const struct xd_shape_frame *frame)
{
    switch (frame->node->role) {
    case XD_SHAPE_PLAIN:
        break;
    case XD_SHAPE_LINE:
        make_row(s, frame);
        break;
    case XD_SHAPE_CARRIER:
        if (s->told == frame->told) {
            make_row(s, frame);
        }
        break;
    case XD_SHAPE_EXCEPTION:
        if (frame->withdrawn) {
            s->told++;
            report(s, XD_F_LINE_WITHDRAWN, frame->offset, s->builder.values[XD_FIELD_SKU], XD_NONE);
        } else {
            make_row(s, frame);
        }
        break;
    }
}

void
xd_shaping_leave(struct xd_shaping *s)
{
    struct xd_shape_frame *frame = &s->frames[s->depth - 1];

    make_role(s, frame);
    while (!frame->inner && s->hidden_count > frame->hidden) {
        struct xd_shape_hidden *hidden = &s->hidden[--s->hidden_count];
        s->builder.values[hidden->field] = hidden->value;
        s->builder.offsets[hidden->field] = hidden->offset;
    }
    s->depth--;
}

bool
xd_shaping_finish(struct xd_shaping *s)
{
    if (!s->reading->refused && !s->stopped) {
        hand_on(s);
    }
    return !s->builder.failed ||
           xd_error_set(s->reading->err, EX_OSERR, "not enough memory for the rows of %.*s",
                        XD_FMT(s->reading->document->file));
}
