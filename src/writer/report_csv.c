/*
 * This file is opened in a spreadsheet, and a cell that starts with "=" is run there. What a
 * merchant sent is shown, never executed: such a cell gets an apostrophe in front, which the
 * spreadsheet hides (OWASP, CSV injection). Carrier files are read by machines and are left as they
 * are.
 */
#include "base/utf8.h"
#include "writer/report.h"

static const char HEADER[] =
    "file,member,line,row,column,column_name,byte_offset,order_id,parcel_code,disposition,"
    "code,slug,severity,value,what_is_wrong,expected,what_to_do\n";

/* Also the full-width signs, which some spreadsheets read as the ASCII ones. */
static bool
starts_formula(struct xd_slice s)
{
    static const struct xd_slice WIDE[] = {
        {"\xef\xbc\x9d", 3}, {"\xef\xbc\x8b", 3}, {"\xef\xbc\x8d", 3}, {"\xef\xbc\xa0", 3}};

    for (size_t i = 0; i < sizeof(WIDE) / sizeof(WIDE[0]); i++) {
        if (xd_slice_starts(s, WIDE[i])) {
            return true;
        }
    }
    return s.len > 0 && memchr("=+-@\t\r\n", s.ptr[0], 7) != NULL;
}

static bool
needs_quotes(struct xd_slice s)
{
    return xd_slice_find(s, ',') < s.len || xd_slice_find(s, '"') < s.len;
}

static void
put_cell(struct xd_slice s, struct xd_buf *buf)
{
    struct xd_slice part;

    if (!needs_quotes(s)) {
        xd_buf_str(buf, starts_formula(s) ? "'" : "");
        (void)xd_utf8_visible(s, buf);
        return;
    }
    xd_buf_str(buf, starts_formula(s) ? "\"'" : "\"");
    while (s.len > 0) {
        size_t quote = xd_slice_find(s, '"');
        part = xd_slice_sub(s, 0, quote);
        (void)xd_utf8_visible(part, buf);
        xd_buf_str(buf, quote < s.len ? "\"\"" : "");
        s = xd_slice_sub(s, quote + 1, SIZE_MAX);
    }
    xd_buf_char(buf, '"');
}

static void
put_number(uint64_t number, struct xd_buf *buf)
{
    if (number > 0) {
        xd_buf_u64(buf, number);
    }
    xd_buf_char(buf, ',');
}

static void
put_text(struct xd_slice s, struct xd_buf *buf)
{
    put_cell(s, buf);
    xd_buf_char(buf, ',');
}

/* The sentence of the table and, in brackets, what is particular to this value. */
static void
put_wrong(const struct xd_report_item *item, struct xd_buf *buf)
{
    struct xd_buf text;

    xd_buf_init(&text, 1 << 16);
    xd_buf_put(&text, item->text->text);
    if (item->finding->detail.len > 0) {
        xd_buf_printf(&text, " (%.*s)", XD_FMT(item->finding->detail));
    }
    put_text(xd_buf_slice(&text), buf);
    xd_buf_free(&text);
}

static void
put_position(const struct xd_report_item *item, struct xd_buf *buf)
{
    const struct xd_finding *finding = item->finding;
    const struct xd_document *document = item->document;

    put_text(document ? document->file : XD_NONE, buf);
    put_text(document ? document->member : XD_NONE, buf);
    put_number(item->place.line, buf);
    put_number(finding->row, buf);
    put_text(xd_slice_str(item->column_letters), buf);
    put_text(item->column_name, buf);
    if (finding->row > 0 || finding->placed) {
        xd_buf_u64(buf, finding->offset + (document ? document->text_offset : 0));
    }
    xd_buf_char(buf, ',');
    put_text(finding->order, buf);
    put_text(finding->parcel, buf);
}

void
xd_report_csv(const struct xd_reports *report, struct xd_buf *buf)
{
    static const enum xd_disposition DISPOSITIONS[] = {
        [XD_EFFECT_NONE] = XD_HANDOFF, [XD_EFFECT_HOLD] = XD_HOLD, [XD_EFFECT_REJECT] = XD_REJECT};
    struct xd_report_walk walk;
    struct xd_report_item item;

    xd_buf_put(buf, XD_LIT(HEADER));
    xd_report_walk_start(&walk, report);
    while (xd_report_walk_next(&walk, &item)) {
        const struct xd_finding_text *text = item.text;
        put_position(&item, buf);
        put_text(xd_slice_str(xd_disposition_name(DISPOSITIONS[text->effect])), buf);
        put_text(text->code, buf);
        put_text(text->slug, buf);
        put_text(text->severity, buf);
        put_text(item.finding->value, buf);
        put_wrong(&item, buf);
        put_text(text->expected, buf);
        put_cell(text->fix, buf);
        xd_buf_char(buf, '\n');
    }
}
