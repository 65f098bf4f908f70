/*
 * The value and the ids are read from the row again when there is something to report: checks need
 * not carry them along.
 */
#include "model/report.h"

static void
add(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
    enum xd_field field, const struct xd_diagnosis *diagnosis, const struct xd_slice *value)
{
    const struct xd_rows *rows = &batch->rows;
    const struct xd_document *document = rows->document;
    uint8_t at = field < XD_FIELD_COUNT ? rows->columns->of_field[field] : XD_FIELD_NONE;
    struct xd_finding finding = {
        .code = diagnosis->code,
        .document = document->index,
        .field = (uint8_t)field,
        .row = xd_rows_number(rows, row),
        .span = diagnosis->span,
        .detail = xd_slice_str(diagnosis->detail),
        .order = xd_row_order_id(rows, row, reporter->scratch),
        .parcel = xd_rows_get(rows, row, XD_FIELD_PARCEL_CODE, reporter->scratch),
    };

    if (at == XD_FIELD_NONE) {
        finding.offset = xd_rows_offset(rows, row);
    } else {
        finding.offset = xd_rows_value_offset(rows, row, at);
        finding.column = document->column_of ? document->column_of[field] : 0;
        finding.value = xd_rows_get(rows, row, field, reporter->scratch);
    }
    if (value) {
        finding.value = *value;
    }
    xd_findings_add(reporter->findings, &finding);
}

static void
bear(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
     enum xd_finding_code code)
{
    if (batch->facts) {
        xd_row_fact_worsen(&batch->facts[row], code, reporter->texts->of[code].effect);
    }
}

void
xd_report_count(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
                enum xd_finding_code code)
{
    reporter->findings->totals[code]++;
    bear(reporter, batch, row, code);
}

void
xd_report(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
          enum xd_field field, const struct xd_diagnosis *diagnosis, const struct xd_slice *value)
{
    if (xd_findings_full(reporter->findings)) {
        xd_report_count(reporter, batch, row, diagnosis->code);
        return;
    }
    add(reporter, batch, row, field, diagnosis, value);
    bear(reporter, batch, row, diagnosis->code);
}

void
xd_report_code(const struct xd_reporter *reporter, const struct xd_batch *batch, uint32_t row,
               enum xd_field field, enum xd_finding_code code)
{
    struct xd_diagnosis diagnosis = {.code = code};

    if (code != XD_F_NONE) {
        xd_report(reporter, batch, row, field, &diagnosis, NULL);
    }
}

void
xd_report_ragged(const struct xd_reporter *reporter, const struct xd_batch *batch,
                 const struct xd_ragged *ragged)
{
    struct xd_diagnosis diagnosis;

    xd_diagnose(&diagnosis, XD_F_CSV_RAGGED_ROW, 0, 0, "%u columns; the header has %u",
                ragged->columns, ragged->wanted);
    xd_report(reporter, batch, ragged->row, XD_FIELD_NONE, &diagnosis, NULL);
}
