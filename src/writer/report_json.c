/*
 * The contract with programs: schemas/reports/report.schema.json describes every member, and
 * "format" changes when one changes its meaning. Amounts are decimal strings, counts are numbers.
 */
#include "base/decimal.h"
#include "base/json.h"
#include "writer/report.h"

static void
put_optional(struct xd_json *json, const char *name, struct xd_slice value)
{
    if (value.len > 0) {
        xd_json_text(json, name, value);
    }
}

static void
put_documents(const struct xd_summary *summary, struct xd_json *json)
{
    static const char *const USES[] = {[XD_DOCUMENT_READ] = "read",
                                       [XD_DOCUMENT_LISTED] = "listed",
                                       [XD_DOCUMENT_REFUSED] = "refused"};

    xd_json_array(json, "documents");
    for (size_t i = 0; i < summary->document_count; i++) {
        const struct xd_document *document = &summary->documents[i];
        xd_json_object(json, NULL);
        xd_json_text(json, "file", document->file);
        put_optional(json, "member", document->member);
        xd_json_text(json, "use", xd_slice_str(USES[document->use]));
        put_optional(json, "format", document->format);
        put_optional(json, "dialect", document->dialect);
        put_optional(json, "reason", document->reason);
        put_optional(json, "encoding", document->encoding);
        xd_json_end(json);
    }
    xd_json_end(json);
}

static void
put_by_disposition(struct xd_json *json, const char *name, const char *all, uint64_t total,
                   const uint64_t by[XD_DISPOSITION_COUNT])
{
    xd_json_object(json, name);
    xd_json_u64(json, all, total);
    for (unsigned i = 0; i < XD_DISPOSITION_COUNT; i++) {
        xd_json_u64(json, xd_disposition_name((enum xd_disposition)i), by[i]);
    }
    xd_json_end(json);
}

static void
put_counts(const struct xd_summary *summary, struct xd_json *json)
{
    put_by_disposition(json, "rows", "read", summary->rows_read, summary->rows);
    xd_json_bool(json, "balanced", xd_report_balances(summary));
    xd_json_u64(json, "orders", summary->orders);
    put_by_disposition(json, "parcels", "all", summary->parcels, summary->parcels_by);
    xd_json_object(json, "routes");
    for (unsigned i = 0; i < XD_ROUTE_COUNT; i++) {
        if (summary->routes[i] > 0) {
            xd_json_u64(json, xd_route_name((enum xd_route)i), summary->routes[i]);
        }
    }
    xd_json_end(json);
}

static void
put_carrier(const struct xd_summary_carrier *carrier, struct xd_json *json)
{
    const struct xd_totals *totals = &carrier->totals;
    char text[XD_DECIMAL_TEXT];

    xd_json_object(json, NULL);
    xd_json_text(json, "code", carrier->code);
    put_optional(json, "file", carrier->file);
    xd_json_u64(json, "lines", totals->lines);
    xd_json_u64(json, "parcels", totals->parcels);
    xd_json_u64(json, "pieces", totals->pieces);
    xd_json_u64(json, "weight_g", totals->weight_g);
    xd_json_object(json, "values");
    for (size_t i = 0; i < totals->currencies; i++) {
        struct xd_decimal amount = {totals->values[i].units, totals->values[i].minor_units};
        xd_json_text(json, totals->values[i].currency,
                     xd_slice_of(text, xd_decimal_format(amount, text)));
    }
    xd_json_end(json);
    xd_json_end(json);
}

static void
put_codes(const struct xd_reports *report, struct xd_json *json)
{
    const struct xd_findings *findings = report->summary->findings;

    xd_json_array(json, "codes");
    for (unsigned i = XD_F_NONE + 1; findings && i < XD_F_COUNT; i++) {
        const struct xd_finding_text *text = &report->texts->of[i];
        if (findings->totals[i] == 0) {
            continue;
        }
        xd_json_object(json, NULL);
        xd_json_text(json, "code", text->code);
        xd_json_text(json, "slug", text->slug);
        xd_json_text(json, "severity", text->severity);
        xd_json_u64(json, "count", findings->totals[i]);
        xd_json_text(json, "text", text->text);
        xd_json_text(json, "expected", text->expected);
        xd_json_text(json, "fix", text->fix);
        xd_json_end(json);
    }
    xd_json_end(json);
}

static void
put_position(const struct xd_report_item *item, struct xd_json *json)
{
    const struct xd_finding *finding = item->finding;

    if (item->document) {
        xd_json_text(json, "file", item->document->file);
        put_optional(json, "member", item->document->member);
    }
    if (finding->row > 0) {
        xd_json_u64(json, "row", finding->row);
    }
    if (finding->row > 0 || finding->placed) {
        xd_json_u64(json, "byte_offset",
                    finding->offset + (item->document ? item->document->text_offset : 0));
    }
    if (item->place.line > 0) {
        xd_json_u64(json, "line", item->place.line);
        xd_json_u64(json, "character", item->place.column);
    }
    put_optional(json, "column", xd_slice_str(item->column_letters));
    put_optional(json, "column_name", item->column_name);
}

static void
put_finding(const struct xd_report_item *item, struct xd_json *json)
{
    const struct xd_finding *finding = item->finding;

    xd_json_object(json, NULL);
    xd_json_text(json, "code", item->text->code);
    xd_json_text(json, "slug", item->text->slug);
    xd_json_text(json, "severity", item->text->severity);
    put_position(item, json);
    put_optional(json, "order_id", finding->order);
    put_optional(json, "parcel_code", finding->parcel);
    xd_json_text(json, "value", finding->value);
    if (finding->span.len > 0) {
        xd_json_object(json, "span");
        xd_json_u64(json, "offset", finding->span.off);
        xd_json_u64(json, "length", finding->span.len);
        xd_json_end(json);
    }
    put_optional(json, "detail", finding->detail);
    xd_json_end(json);
}

static void
put_found_counts(const struct xd_summary *summary, struct xd_json *json)
{
    const struct xd_findings *findings = summary->findings;
    uint64_t total = 0;

    for (unsigned i = XD_F_NONE + 1; findings && i < XD_F_COUNT; i++) {
        total += findings->totals[i];
    }
    xd_json_u64(json, "findings_total", total);
    xd_json_u64(json, "findings_dropped", total - (findings ? findings->count : 0));
}

static void
put_head(const struct xd_summary *summary, struct xd_json *json)
{
    char date[XD_DATE_TEXT];

    xd_date_format(summary->as_of, date);
    xd_json_text(json, "format", XD_LIT("crossdock-report/1"));
    xd_json_text(json, "program", XD_LIT("crossdock " XD_VERSION));
    xd_json_text(json, "command", xd_slice_str(summary->command));
    xd_json_text(json, "as_of", xd_slice_of(date, sizeof(date)));
}

void
xd_report_json(const struct xd_reports *report, struct xd_buf *buf)
{
    const struct xd_summary *summary = report->summary;
    struct xd_report_walk walk;
    struct xd_report_item item;
    struct xd_json json;

    xd_json_init(&json, buf, false);
    xd_json_object(&json, NULL);
    put_head(summary, &json);
    put_counts(summary, &json);
    put_documents(summary, &json);
    xd_json_array(&json, "carriers");
    for (size_t i = 0; i < summary->carrier_count; i++) {
        put_carrier(&summary->carriers[i], &json);
    }
    xd_json_end(&json);
    put_found_counts(summary, &json);
    put_codes(report, &json);
    xd_json_array(&json, "findings");
    xd_report_walk_start(&walk, report);
    while (xd_report_walk_next(&walk, &item)) {
        put_finding(&item, &json);
    }
    xd_json_end(&json);
    xd_json_end(&json);
}

void
xd_report_jsonl(const struct xd_reports *report, struct xd_buf *buf)
{
    struct xd_report_walk walk;
    struct xd_report_item item;
    struct xd_json json;

    xd_json_init(&json, buf, true);
    xd_report_walk_start(&walk, report);
    while (xd_report_walk_next(&walk, &item)) {
        put_finding(&item, &json);
    }
    xd_json_object(&json, NULL);
    put_head(report->summary, &json);
    put_counts(report->summary, &json);
    put_found_counts(report->summary, &json);
    xd_json_end(&json);
}
