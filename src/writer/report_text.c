/*
 * Diagnostics in the manner of a good compiler: the merchant's own line, the very characters
 * underlined, what was expected, what to do. Thousands of rows with one fault are one diagnostic
 * with a true count, and errors come last, because the end of the text is what stays on the screen.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "writer/report.h"

#define EXAMPLES    3  /* diagnostics shown in full for one code */
#define ALSO        8  /* rows named beyond them */
#define WINDOW      96 /* bytes of a long line that are shown */
#define WINDOW_LEFT 40 /* of these, in front of the fault */

struct paint {
    const char *severity;
    const char *bold;
    const char *dim;
    const char *off;
};

struct examples {
    struct xd_report_item items[EXAMPLES];
    size_t count;
};

static struct paint
paint_for(struct xd_slice severity, bool color)
{
    bool error = xd_slice_eq(severity, XD_LIT("error"));
    bool warning = xd_slice_eq(severity, XD_LIT("warning"));

    if (!color) {
        return (struct paint){"", "", "", ""};
    }
    return (struct paint){error     ? "\033[1;31m"
                          : warning ? "\033[1;33m"
                                    : "\033[1;36m",
                          "\033[1m", "\033[34m", "\033[0m"};
}

static void
put_where(const struct xd_report_item *item, const struct paint *paint, struct xd_buf *buf)
{
    const struct xd_finding *finding = item->finding;
    const char *separator = " (";

    xd_buf_printf(buf, "  %s-->%s ", paint->dim, paint->off);
    xd_report_source(item->document, buf);
    if (item->place.line > 0) {
        xd_buf_printf(buf, ":%llu", (unsigned long long)item->place.line);
    }
    if (finding->row > 0) {
        xd_buf_printf(buf, "%srow %u", separator, finding->row);
        separator = ", ";
    }
    if (item->column_name.len > 0) {
        xd_buf_printf(buf, "%scolumn %s%s`", separator, item->column_letters,
                      item->column_letters[0] ? " " : "");
        (void)xd_utf8_visible(item->column_name, buf);
        xd_buf_char(buf, '`');
        separator = ", ";
    }
    if (finding->order.len > 0) {
        xd_buf_printf(buf, "%sorder ", separator);
        (void)xd_utf8_visible(finding->order, buf);
        separator = ", ";
    }
    if (finding->parcel.len > 0) {
        xd_buf_printf(buf, "%sparcel ", separator);
        (void)xd_utf8_visible(finding->parcel, buf);
        separator = ", ";
    }
    xd_buf_str(buf, separator[0] == ',' ? ")\n" : "\n");
}

/* Moves `at` to the start of the character it is in. */
static size_t
char_start(struct xd_slice s, size_t at)
{
    while (at > 0 && at < s.len && ((unsigned char)s.ptr[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}

/* The line that holds byte `at`, without its line end. */
static struct xd_slice
line_around(struct xd_slice text, size_t at)
{
    size_t begin = at;
    size_t end = at;

    while (begin > 0 && text.ptr[begin - 1] != '\n' && text.ptr[begin - 1] != '\r') {
        begin--;
    }
    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r') {
        end++;
    }
    return xd_slice_sub(text, begin, end - begin);
}

static void
put_gutter(uint64_t line, int width, const struct paint *paint, struct xd_buf *buf)
{
    if (line > 0) {
        xd_buf_printf(buf, " %s%*llu |%s", paint->dim, width, (unsigned long long)line, paint->off);
    } else {
        xd_buf_printf(buf, " %s%*s |%s", paint->dim, width, "", paint->off);
    }
}

/* A piece of the text as a person sees it; returns its columns. */
static size_t
put_piece(const struct xd_document *document, struct xd_slice piece, struct xd_buf *buf)
{
    struct xd_buf read;
    size_t columns;

    if (!document->high) {
        return xd_utf8_visible(piece, buf);
    }
    xd_buf_init(&read, SIZE_MAX);
    for (size_t i = 0; i < piece.len; i++) {
        unsigned char c = (unsigned char)piece.ptr[i];
        char utf8[4] = {(char)c};
        size_t len = 1;
        if (c >= 0xa0 && document->high[c - 0xa0]) {
            len = (size_t)(xd_utf8_put(utf8, document->high[c - 0xa0]) - utf8);
        }
        xd_buf_put(&read, xd_slice_of(utf8, len));
    }
    columns = xd_utf8_visible(xd_buf_slice(&read), buf);
    xd_buf_free(&read);
    return columns;
}

/* The line, cut to a window round the fault, and below it the carets with the detail behind them.
 */
static void
put_excerpt(const struct xd_report_item *item, int width, const struct paint *paint,
            struct xd_buf *buf)
{
    struct xd_slice text = item->document->text;
    size_t at = item->found.ptr ? (size_t)(item->found.ptr - text.ptr) : 0;
    struct xd_slice line = line_around(text, at);
    size_t fault = at - (size_t)(line.ptr - text.ptr);
    size_t from = fault > WINDOW_LEFT ? char_start(line, fault - WINDOW_LEFT) : 0;
    size_t to = line.len - from > WINDOW ? char_start(line, from + WINDOW) : line.len;
    size_t len = item->found.len < to - fault ? item->found.len : to - fault;
    struct xd_buf carets;
    size_t blanks;
    size_t marks;

    put_gutter(0, width, paint, buf);
    xd_buf_char(buf, '\n');
    put_gutter(item->place.line, width, paint, buf);
    xd_buf_str(buf, from > 0 ? " \xe2\x80\xa6" : " ");
    blanks = (from > 0) + put_piece(item->document, xd_slice_sub(line, from, fault - from), buf);
    marks = put_piece(item->document, xd_slice_sub(line, fault, len), buf);
    (void)put_piece(item->document, xd_slice_sub(line, fault + len, to - fault - len), buf);
    xd_buf_str(buf, to < line.len ? "\xe2\x80\xa6\n" : "\n");
    put_gutter(0, width, paint, buf);
    xd_buf_init(&carets, 1 << 12);
    for (size_t i = 0; i < blanks; i++) {
        xd_buf_char(&carets, ' ');
    }
    for (size_t i = 0; i < (marks ? marks : 1); i++) {
        xd_buf_char(&carets, '^');
    }
    xd_buf_printf(buf, " %s%.*s", paint->severity, XD_FMT(xd_buf_slice(&carets)));
    xd_buf_free(&carets);
    if (item->finding->detail.len > 0) {
        xd_buf_char(buf, ' ');
        (void)xd_utf8_visible(item->finding->detail, buf);
    }
    xd_buf_printf(buf, "%s\n", paint->off);
}

static int
digits(uint64_t number)
{
    int count = 1;

    for (; number > 9; number /= 10) {
        count++;
    }
    return count > 3 ? count : 3;
}

static void
put_note(const char *name, struct xd_slice text, int width, const struct paint *paint,
         struct xd_buf *buf)
{
    xd_buf_printf(buf, " %*s %s= %s:%s ", width, "", paint->bold, name, paint->off);
    (void)xd_utf8_visible(text, buf);
    xd_buf_char(buf, '\n');
}

/* "= also: 37 more rows (4190, 4201, ...)": rows of the same code that are not shown in full. */
static void
put_also(const struct xd_findings *findings, enum xd_finding_code code, size_t shown, int width,
         const struct paint *paint, struct xd_buf *buf)
{
    uint64_t more = findings->totals[code] - shown;
    const char *separator = " (row ";
    size_t named = 0;

    if (more == 0) {
        return;
    }
    xd_buf_printf(buf, " %*s %s= also:%s %llu more", width, "", paint->bold, paint->off,
                  (unsigned long long)more);
    for (size_t i = 0; i < findings->count && named < ALSO; i++) {
        const struct xd_finding *finding = &findings->list[i];
        if (finding->code != code) {
            continue;
        }
        if (shown > 0) {
            shown--;
        } else if (finding->row > 0) {
            xd_buf_printf(buf, "%s%u", separator, finding->row);
            separator = ", ";
            named++;
        }
    }
    xd_buf_str(buf, named == 0 ? "\n" : named < more ? ", ...)\n" : ")\n");
}

static void
put_group(const struct xd_reports *report, enum xd_finding_code code,
          const struct examples *examples, bool color, struct xd_buf *buf)
{
    const struct xd_finding_text *text = &report->texts->of[code];
    struct paint paint = paint_for(text->severity, color);
    int width = 3;

    xd_buf_printf(buf, "%s%.*s[%.*s]%s %s%.*s: %.*s%s\n", paint.severity, XD_FMT(text->severity),
                  XD_FMT(text->code), paint.off, paint.bold, XD_FMT(text->slug), XD_FMT(text->text),
                  paint.off);
    for (size_t i = 0; i < examples->count; i++) {
        const struct xd_report_item *item = &examples->items[i];
        width = digits(item->place.line);
        put_where(item, &paint, buf);
        if (item->place.line > 0) {
            put_excerpt(item, width, &paint, buf);
        } else if (item->finding->detail.len > 0) {
            put_note("found", item->finding->detail, width, &paint, buf);
        }
    }
    put_note("expected", text->expected, width, &paint, buf);
    put_note("help", text->fix, width, &paint, buf);
    put_also(report->summary->findings, code, examples->count, width, &paint, buf);
    xd_buf_printf(buf, " %*s %s= explain:%s crossdock explain %.*s\n\n", width, "", paint.bold,
                  paint.off, XD_FMT(text->code));
}

void
xd_report_diagnostics(const struct xd_reports *report, bool color, struct xd_buf *buf)
{
    static const struct xd_slice SEVERITIES[] = {{"note", 4}, {"warning", 7}, {"error", 5}};
    struct examples groups[XD_F_COUNT] = {0};
    struct xd_report_walk walk;
    struct xd_report_item item;

    xd_report_walk_start(&walk, report);
    while (xd_report_walk_next(&walk, &item)) {
        struct examples *group = &groups[item.finding->code];
        if (group->count < EXAMPLES) {
            group->items[group->count++] = item;
        }
    }
    for (size_t s = 0; s < sizeof(SEVERITIES) / sizeof(SEVERITIES[0]); s++) {
        for (unsigned i = XD_F_NONE + 1; i < XD_F_COUNT; i++) {
            if (report->summary->findings && report->summary->findings->totals[i] > 0 &&
                xd_slice_eq(report->texts->of[i].severity, SEVERITIES[s])) {
                put_group(report, (enum xd_finding_code)i, &groups[i], color, buf);
            }
        }
    }
}

void
xd_report_short(const struct xd_reports *report, struct xd_buf *buf)
{
    struct xd_report_walk walk;
    struct xd_report_item item;

    xd_report_walk_start(&walk, report);
    while (xd_report_walk_next(&walk, &item)) {
        xd_report_source(item.document, buf);
        if (item.place.line > 0) {
            xd_buf_printf(buf, ":%llu:%llu", (unsigned long long)item.place.line,
                          (unsigned long long)item.place.column);
        }
        xd_buf_printf(buf, ": %.*s: %.*s %.*s", XD_FMT(item.text->severity),
                      XD_FMT(item.text->code), XD_FMT(item.text->text));
        if (item.finding->detail.len > 0) {
            xd_buf_str(buf, " (");
            (void)xd_utf8_visible(item.finding->detail, buf);
            xd_buf_char(buf, ')');
        }
        xd_buf_char(buf, '\n');
    }
}
