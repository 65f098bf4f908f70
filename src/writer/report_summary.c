/*
 * The run on one screen. The last line is the one an operator reads first: every row that came in
 * went somewhere.
 */
#include "base/decimal.h"
#include "base/utf8.h"
#include "writer/report.h"

bool
xd_report_balances(const struct xd_summary *summary)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < XD_DISPOSITION_COUNT; i++) {
        sum += summary->rows[i];
    }
    return sum == summary->rows_read;
}

static void
put_count(uint64_t count, const char *one, const char *many, struct xd_buf *buf)
{
    xd_buf_u64(buf, count);
    xd_buf_char(buf, ' ');
    xd_buf_str(buf, count == 1 ? one : many);
}

static void
put_documents(const struct xd_summary *summary, struct xd_buf *buf)
{
    static const char *const USES[] = {[XD_DOCUMENT_READ] = "read",
                                       [XD_DOCUMENT_LISTED] = "listed",
                                       [XD_DOCUMENT_REFUSED] = "refused"};

    for (size_t i = 0; i < summary->document_count; i++) {
        const struct xd_document *document = &summary->documents[i];
        xd_buf_printf(buf, "%-8s ", USES[document->use]);
        xd_report_source(document, buf);
        if (document->format.len > 0) {
            xd_buf_printf(buf, ": %.*s", XD_FMT(document->format));
        }
        if (document->dialect.len > 0) {
            xd_buf_printf(buf, ", %.*s", XD_FMT(document->dialect));
        }
        if (document->reason.len > 0) {
            xd_buf_str(buf, " (");
            (void)xd_utf8_visible(document->reason, buf);
            xd_buf_char(buf, ')');
        }
        xd_buf_char(buf, '\n');
    }
}

static void
put_carrier(const struct xd_summary_carrier *carrier, struct xd_buf *buf)
{
    const struct xd_totals *totals = &carrier->totals;
    char text[XD_DECIMAL_TEXT];
    struct xd_decimal kilograms = {(int64_t)totals->weight_g, 3};

    xd_buf_printf(buf, "%-8s %-16.*s ", "carrier", XD_FMT(carrier->code));
    put_count(totals->parcels, "parcel", "parcels", buf);
    xd_buf_str(buf, ", ");
    put_count(totals->lines, "line", "lines", buf);
    xd_buf_str(buf, ", ");
    put_count(totals->pieces, "piece", "pieces", buf);
    xd_buf_printf(buf, ", %.*s kg", (int)xd_decimal_format(kilograms, text), text);
    for (size_t i = 0; i < totals->currencies; i++) {
        struct xd_decimal amount = {totals->values[i].units, totals->values[i].minor_units};
        xd_buf_printf(buf, ", %s %.*s", totals->values[i].currency,
                      (int)xd_decimal_format(amount, text), text);
    }
    if (carrier->file.len > 0) {
        xd_buf_printf(buf, " -> %.*s", XD_FMT(carrier->file));
    }
    xd_buf_char(buf, '\n');
}

static void
put_routes(const struct xd_summary *summary, struct xd_buf *buf)
{
    for (unsigned i = 0; i < XD_ROUTE_COUNT; i++) {
        if (summary->routes[i] > 0) {
            xd_buf_printf(buf, "%-8s %-16s ", "route", xd_route_name((enum xd_route)i));
            put_count(summary->routes[i], "parcel", "parcels", buf);
            xd_buf_char(buf, '\n');
        }
    }
}

static void
put_findings(const struct xd_reports *report, struct xd_buf *buf)
{
    const struct xd_findings *findings = report->summary->findings;
    uint64_t total = 0;

    for (unsigned i = XD_F_NONE + 1; findings && i < XD_F_COUNT; i++) {
        const struct xd_finding_text *text = &report->texts->of[i];
        if (findings->totals[i] > 0) {
            xd_buf_printf(buf, "%-8.*s %.*s %.*s: %llu\n", XD_FMT(text->severity),
                          XD_FMT(text->code), XD_FMT(text->slug),
                          (unsigned long long)findings->totals[i]);
            total += findings->totals[i];
        }
    }
    if (findings && total > findings->count) {
        xd_buf_printf(
            buf,
            "the reports show the first %zu of %llu findings; the counts are of all (--limit "
            "findings-kept=N)\n",
            findings->count, (unsigned long long)total);
    }
}

static void
put_balance(const char *what, uint64_t all, const uint64_t by[XD_DISPOSITION_COUNT],
            struct xd_buf *buf)
{
    uint64_t sum = by[XD_HANDOFF] + by[XD_HOLD] + by[XD_REJECT];

    xd_buf_printf(buf, "%s %llu %s handed off %llu + held %llu + rejected %llu\n", what,
                  (unsigned long long)all, sum == all ? "=" : "DOES NOT EQUAL",
                  (unsigned long long)by[XD_HANDOFF], (unsigned long long)by[XD_HOLD],
                  (unsigned long long)by[XD_REJECT]);
}

void
xd_report_summary(const struct xd_reports *report, struct xd_buf *buf)
{
    const struct xd_summary *summary = report->summary;
    char date[XD_DATE_TEXT];

    xd_date_format(summary->as_of, date);
    xd_buf_printf(buf, "crossdock %s, as of %.*s\n", summary->command, XD_DATE_TEXT, date);
    put_documents(summary, buf);
    for (size_t i = 0; i < summary->carrier_count; i++) {
        put_carrier(&summary->carriers[i], buf);
    }
    put_routes(summary, buf);
    put_findings(report, buf);
    put_balance("parcels", summary->parcels, summary->parcels_by, buf);
    put_balance("rows read", summary->rows_read, summary->rows, buf);
}
