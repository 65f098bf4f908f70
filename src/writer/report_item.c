/*
 * A finding knows a byte and a value; a person wants a line, a column letter and the very
 * characters. The way from one to the other is here, once, for every form of report.
 */
#include "base/utf8.h"
#include "model/place.h"
#include "writer/report.h"

void
xd_report_walk_start(struct xd_report_walk *walk, const struct xd_reports *report)
{
    walk->report = report;
    walk->next = 0;
    walk->places.document = NULL;
}

/*
 * The bytes of the document that make up value[off..off+len). A value that was quoted stands there
 * with its quotes doubled; a value that the reader changed in another way (an entity, a converted
 * unit) is not found, and then only the place where it starts is known.
 */
static struct xd_slice
find_span(struct xd_slice text, uint64_t at, struct xd_slice value, struct xd_span span)
{
    bool quoted = value.len > 0 && at < text.len && text.ptr[at] == '"' &&
                  (value.ptr[0] != '"' || at + 1 >= text.len || text.ptr[at + 1] == '"');
    uint64_t begin = at;
    size_t i;

    at += quoted;
    if (span.len == 0) {
        span = (struct xd_span){0, (uint32_t)value.len};
    }
    for (i = 0; i < value.len && i < (size_t)span.off + span.len; i++, at++) {
        if (i == span.off) {
            begin = at;
        }
        if (at >= text.len || text.ptr[at] != value.ptr[i]) {
            return xd_slice_sub(text, begin, 0);
        }
        at += quoted && value.ptr[i] == '"';
    }
    if (i == 0 || i <= span.off) {
        return xd_slice_sub(text, at, 0);
    }
    return xd_slice_sub(text, begin, at - begin);
}

static struct xd_slice
column_name(const struct xd_document *document, const struct xd_finding *finding)
{
    if (document && finding->column > 0 && finding->column <= document->header_count) {
        return document->header[finding->column - 1];
    }
    return finding->field < XD_FIELD_COUNT
               ? xd_slice_str(xd_field_name((enum xd_field)finding->field))
               : XD_NONE;
}

static void
locate(struct xd_report_walk *walk, struct xd_report_item *item)
{
    const struct xd_finding *finding = item->finding;
    const struct xd_document *document = item->document;
    uint64_t found;

    if (walk->places.document != document) {
        xd_places_start(&walk->places, document);
    }
    item->found = find_span(document->text, finding->offset, finding->value, finding->span);
    found = item->found.ptr ? (uint64_t)(item->found.ptr - document->text.ptr) : 0;
    item->place = xd_places_find(&walk->places, found);
}

bool
xd_report_walk_next(struct xd_report_walk *walk, struct xd_report_item *item)
{
    const struct xd_summary *summary = walk->report->summary;
    const struct xd_findings *findings = summary->findings;
    const struct xd_finding *finding;

    if (!findings || walk->next >= findings->count) {
        return false;
    }
    finding = &findings->list[walk->next];
    walk->next++;
    *item = (struct xd_report_item){.finding = finding,
                                    .text = &walk->report->texts->of[finding->code]};
    if (finding->document < summary->document_count) {
        item->document = &summary->documents[finding->document];
    }
    item->column_name = column_name(item->document, finding);
    xd_column_letters(finding->column, item->column_letters);
    if ((finding->row > 0 || finding->placed) && item->document && item->document->text.len > 0) {
        locate(walk, item);
    }
    return true;
}

void
xd_report_source(const struct xd_document *document, struct xd_buf *buf)
{
    if (!document) {
        xd_buf_str(buf, "(run)");
        return;
    }
    (void)xd_utf8_visible(document->file, buf);
    if (document->member.len > 0) {
        xd_buf_char(buf, '!');
        (void)xd_utf8_visible(document->member, buf);
    }
}
