/*
 * The order of things for one cell: the cell itself, or the order's earlier one when it is blank;
 * then its quotes off; then its conversion. Earlier cells are kept as they stand in the input, so
 * nothing is copied to be remembered.
 */
#include "reader/dialect.h"

#include "base/buf.h"
#include "base/decimal_comma.h"
#include "reader/convert.h"
#include "reader/guard.h"

struct work {
    const struct xd_header *header;
    const struct xd_rows *raw;
    struct xd_carry *carry; /* NULL: nothing is carried down */
    struct xd_arena *scratch;
    struct xd_row_builder *builder;
    struct xd_findings *findings;
    struct xd_buf *misfits; /* struct xd_misfit */
    uint32_t row;
    struct xd_carry_cell cell[XD_COLUMNS_MAX]; /* of the current row */
};

/* What each line of an order says for itself: blank means blank. */
static bool
is_of_line(uint8_t field)
{
    switch (field) {
    case XD_FIELD_SKU:
    case XD_FIELD_GTIN:
    case XD_FIELD_DESCRIPTION:
    case XD_FIELD_QUANTITY:
    case XD_FIELD_UNIT_PRICE:
    case XD_FIELD_HS_CODE:
    case XD_FIELD_ORIGIN_COUNTRY:
    case XD_FIELD_IS_BACKORDER:
    case XD_FIELD_BACKORDER_DATE:
    case XD_FIELD_NONE:
        return true;
    default:
        return false;
    }
}

static bool
is_blank(struct xd_slice raw)
{
    return xd_slice_trim(raw).len == 0 || xd_slice_eq(raw, XD_LIT("\"\""));
}

static void
read_cells(struct work *work)
{
    for (unsigned i = 0; i < work->header->count; i++) {
        work->cell[i].raw = xd_rows_raw(work->raw, work->row, i);
        work->cell[i].offset = xd_rows_value_offset(work->raw, work->row, i);
    }
}

/* Fills blank cells from the order's earlier rows, and remembers this row for the next. */
static void
carry_down(struct work *work)
{
    const struct xd_header *header = work->header;
    struct xd_carry *carry = work->carry;
    unsigned key_at = header->column_of[header->dialect->carry_by] - 1u;
    struct xd_slice key = work->cell[key_at].raw;
    bool same = carry->open && (is_blank(key) || xd_slice_eq(key, carry->key));

    for (unsigned i = 0; i < header->count; i++) {
        if (is_of_line((uint8_t)header->column[i].field)) {
            continue;
        }
        if (same && is_blank(work->cell[i].raw)) {
            work->cell[i] = carry->cell[i];
        }
        carry->cell[i] = work->cell[i];
    }
    carry->key = work->cell[key_at].raw;
    carry->open = true;
}

static struct xd_slice
value_at(const struct work *work, unsigned column)
{
    struct xd_slice value = xd_rows_unquote(work->raw, work->cell[column].raw, work->scratch);

    if (work->header->column[column].guarded) {
        (void)xd_unguard(&value);
    }
    return value;
}

/* The value as a plain number. False when it is not written as its column promises. */
static bool
read_number(const struct work *work, unsigned column, struct xd_slice *number)
{
    struct xd_slice value = value_at(work, column);
    struct xd_slice bare = xd_slice_trim(value);
    struct xd_decimal_comma read;

    *number = value;
    if (!work->header->column[column].conversion->comma || bare.len == 0) {
        return true;
    }
    if (!xd_decimal_comma_read(bare, &read)) {
        return false;
    }
    *number = xd_arena_copy(work->scratch, xd_slice_of(read.plain, read.len));
    return true;
}

/* The same, or nothing: then the value is kept apart, to be reported where the row bears it. */
static struct xd_slice
number_at(const struct work *work, enum xd_field field, unsigned column)
{
    struct xd_misfit misfit = {work->row, (uint8_t)field, XD_NONE};

    if (read_number(work, column, &misfit.value)) {
        return misfit.value;
    }
    misfit.value = xd_arena_copy(work->builder->arena, xd_slice_trim(misfit.value));
    xd_buf_put(work->misfits, xd_slice_of((const char *)&misfit, sizeof(misfit)));
    return XD_NONE;
}

static bool
is_part(const struct work *work, unsigned column, enum xd_field field)
{
    return work->header->column[column].field == field && !work->header->column[column].whole;
}

/* The cells of the columns of the field that are joined, one blank between those that are not
 * blank. */
static struct xd_slice
joined(const struct work *work, enum xd_field field)
{
    const struct xd_header *header = work->header;
    size_t len = 0;
    char *out;

    for (unsigned i = 0; i < header->count; i++) {
        len += is_part(work, i, field) ? work->cell[i].raw.len + 1 : 0;
    }
    out = xd_arena_alloc(work->scratch, len + 1);
    len = 0;
    for (unsigned i = 0; out && i < header->count; i++) {
        struct xd_slice part = is_part(work, i, field) ? xd_slice_trim(value_at(work, i)) : XD_NONE;
        if (part.len == 0) {
            continue;
        }
        if (len) {
            out[len++] = ' ';
        }
        memcpy(out + len, part.ptr, part.len);
        len += part.len;
    }
    return xd_slice_of(out, len);
}

/* The two-letter code of a country written in a way that leaves no doubt; else what was written. */
static struct xd_slice
country_code(const struct work *work, struct xd_slice written)
{
    const struct xd_countries *countries = work->header->countries;
    struct xd_country_guess guess;

    if (!countries || written.len == 0 || xd_country_find(countries, written) != XD_COUNTRY_NONE) {
        return written;
    }
    guess = xd_country_guess(countries, xd_slice_trim(written));
    if (guess.country == XD_COUNTRY_NONE || guess.match >= XD_COUNTRY_WRONG) {
        return written;
    }
    return countries->of[guess.country].alpha2;
}

/* Pieces that a line total is of: those that were ordered, where the row says so, and not the part
 * of them that is sent now. False when there are none, or they are not as promised. */
static bool
read_pieces(const struct work *work, struct xd_slice *number)
{
    unsigned ordered_at = work->header->ordered_at;
    unsigned quantity_at = work->header->column_of[XD_FIELD_QUANTITY];
    uint64_t count;

    if (ordered_at && read_number(work, ordered_at - 1, number) && xd_slice_u64(*number, &count) &&
        count > 0) {
        return true;
    }
    return quantity_at && read_number(work, quantity_at - 1, number);
}

static struct xd_slice
unit_price(const struct work *work, unsigned column)
{
    struct xd_slice total = number_at(work, XD_FIELD_UNIT_PRICE, column);
    struct xd_slice quantity;
    struct xd_slice price;
    bool even;

    if (!read_pieces(work, &quantity)) {
        return total;
    }
    price = xd_convert_line_total(total, quantity, work->scratch, &even);
    if (!even) {
        struct xd_finding finding = {.code = XD_F_CSV_LINE_TOTAL_UNEVEN,
                                     .document = work->raw->document->index,
                                     .field = XD_FIELD_UNIT_PRICE,
                                     .column = (uint16_t)(column + 1),
                                     .row = xd_rows_number(work->raw, work->row),
                                     .offset = work->cell[column].offset,
                                     .value = total};
        xd_findings_add(work->findings, &finding);
    }
    return price;
}

static struct xd_slice
address_line(const struct work *work, enum xd_field field, unsigned column)
{
    const uint16_t *column_of = work->header->column_of;
    struct xd_slice whole = value_at(work, column);
    struct xd_slice first;
    struct xd_slice second;

    if (column_of[XD_FIELD_ADDRESS2] != column_of[XD_FIELD_ADDRESS1]) {
        return whole;
    }
    xd_convert_lines(whole, &first, &second);
    return field == XD_FIELD_ADDRESS2 ? second : first;
}

static struct xd_slice
converted(const struct work *work, enum xd_field field, unsigned column)
{
    const struct xd_conversion *conversion = work->header->column[column].conversion;

    if (work->header->column[column].whole && is_blank(work->cell[column].raw)) {
        return joined(work, field);
    }
    switch (conversion->kind) {
    case XD_CONVERT_WEIGHT:
    case XD_CONVERT_LENGTH:
        return xd_convert_measure(conversion, number_at(work, field, column), work->scratch);
    case XD_CONVERT_NUMBER:
        return number_at(work, field, column);
    case XD_CONVERT_DATE:
        return xd_convert_date(conversion, value_at(work, column), work->scratch);
    case XD_CONVERT_COUNTRY:
        return country_code(work, value_at(work, column));
    case XD_CONVERT_FLAG:
        return xd_convert_flag(value_at(work, column));
    case XD_CONVERT_DUTIES:
        return xd_convert_duties(value_at(work, column));
    case XD_CONVERT_JOIN:
        return joined(work, field);
    case XD_CONVERT_LINE_TOTAL:
        return unit_price(work, column);
    case XD_CONVERT_LINES:
        return address_line(work, field, column);
    default:
        return value_at(work, column);
    }
}

static void
build_row(struct work *work, bool ragged)
{
    const struct xd_columns *out = &work->header->converted;

    read_cells(work);
    if (work->carry && !ragged) {
        carry_down(work);
    }
    for (unsigned i = 0; i < out->count; i++) {
        enum xd_field field = (enum xd_field)out->field_of[i];
        unsigned column = work->header->column_of[field] - 1u;
        struct xd_slice value = ragged ? value_at(work, column) : converted(work, field, column);
        xd_row_builder_set(work->builder, field, value, work->cell[column].offset);
    }
    xd_row_builder_add(work->builder, xd_rows_offset(work->raw, work->row));
}

/* Moves what was kept apart to where the rows live. */
static void
keep_misfits(struct xd_row_builder *builder, struct xd_buf *misfits)
{
    size_t count = misfits->len / sizeof(struct xd_misfit);

    builder->rows.misfits = xd_arena_array(builder->arena, count, sizeof(struct xd_misfit));
    builder->rows.misfit_count = (uint32_t)count;
    builder->failed |= misfits->failed || !builder->rows.misfits;
    if (!builder->failed && count) {
        memcpy(builder->rows.misfits, misfits->ptr, misfits->len);
    }
    xd_buf_free(misfits);
}

bool
xd_dialect_apply(const struct xd_header *header, const struct xd_rows *raw, struct xd_carry *carry,
                 struct xd_arena *arena, struct xd_arena *scratch, struct xd_rows *out,
                 struct xd_findings *findings)
{
    struct xd_row_builder builder;
    struct xd_buf misfits;
    struct work work = {.header = header,
                        .raw = raw,
                        .carry = header->serial ? carry : NULL,
                        .scratch = scratch,
                        .builder = &builder,
                        .findings = findings,
                        .misfits = &misfits};
    uint32_t next_ragged = 0;

    xd_buf_init(&misfits, SIZE_MAX);
    xd_row_builder_init(&builder, arena, raw->document, &header->converted, raw->first_row);
    for (; work.row < raw->count; work.row++) {
        bool ragged = next_ragged < raw->ragged_count && raw->ragged[next_ragged].row == work.row;
        next_ragged += ragged;
        xd_arena_reset(scratch);
        build_row(&work, ragged);
    }
    builder.rows.gaps = raw->gaps;
    builder.rows.gap_count = raw->gap_count;
    builder.rows.blanks = raw->blanks;
    builder.rows.ragged = raw->ragged;
    builder.rows.ragged_count = raw->ragged_count;
    keep_misfits(&builder, &misfits);
    *out = builder.rows;
    return !builder.failed && !findings->failed;
}
