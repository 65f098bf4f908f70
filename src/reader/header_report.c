/*
 * What is wrong with a header, in words. Structure comes first: a file that is refused for its
 * delimiter is not also blamed for what it lacks.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/near.h"
#include "base/utf8.h"
#include "reader/delimiter.h"
#include "reader/file_name.h"
#include "reader/header_work.h"

#define NAMES_SHOWN 3  /* columns of a header that nobody knows */
#define NAME_SHOWN  24 /* bytes of each */

/* A finding about one column, or (column == count) about the header as a whole. */
void
xd_header_report(struct xd_header_work *ctx, enum xd_finding_code code, size_t column,
                 enum xd_field field, struct xd_slice detail)
{
    bool whole = column >= ctx->header->count;
    struct xd_finding finding = {
        .code = code,
        .document = ctx->ask->document->index,
        .field = (uint8_t)field,
        .column = whole ? 0 : (uint16_t)(column + 1),
        .row = ctx->ask->row,
        .offset = whole ? ctx->ask->offset : ctx->header->column[column].offset,
        .value = whole ? XD_NONE : ctx->header->column[column].name,
        .detail = detail,
    };

    xd_findings_add(ctx->findings, &finding);
}

/* The same, and no row can be read. */
static void
refuse(struct xd_header_work *ctx, enum xd_finding_code code, size_t column, enum xd_field field,
       struct xd_slice detail)
{
    xd_header_report(ctx, code, column, field, detail);
    ctx->refused = true;
}

void
xd_header_refuse_limit(struct xd_header_work *ctx, enum xd_finding_code code, size_t column,
                       enum xd_limit limit)
{
    const struct xd_limits *limits = ctx->ask->limits;
    char text[120] = "";

    if (limits) {
        (void)snprintf(text, sizeof(text), "the limit %.*s is %llu %.*s",
                       XD_FMT(limits->of[limit].name), (unsigned long long)limits->of[limit].value,
                       XD_FMT(limits->of[limit].unit));
    }
    refuse(ctx, code, column, XD_FIELD_NONE, xd_slice_str(text));
}

void
xd_header_report_twice(struct xd_header_work *ctx, size_t at)
{
    const struct xd_header_column *column = ctx->header->column;
    enum xd_field field = column[at].field;
    struct xd_buf text;

    xd_buf_init(&text, 512);
    xd_buf_printf(&text, "\"%.*s\" is %s too",
                  XD_FMT(column[ctx->header->column_of[field] - 1].name), xd_field_name(field));
    refuse(ctx, XD_F_CSV_COLUMN_TWICE, at, field, xd_buf_slice(&text));
    xd_buf_free(&text);
}

void
xd_header_refuse_unknown(struct xd_header_work *ctx)
{
    const struct xd_header *header = ctx->header;
    uint32_t below = xd_csv_header_below(ctx->dialects, ctx->ask->document->text);
    struct xd_buf text;
    bool data = false;

    xd_buf_init(&text, 512);
    if (below) {
        xd_buf_printf(&text, "row %u looks like it: delete the rows above", (unsigned)below);
    } else {
        for (size_t i = 0; i < header->count; i++) {
            struct xd_slice name = xd_utf8_cut(header->column[i].name, NAME_SHOWN);
            data |= xd_slice_digits(name);
            if (i < NAMES_SHOWN) {
                xd_buf_printf(&text, "%s\"%.*s\"", i ? ", " : "it reads ", XD_FMT(name));
            }
        }
        xd_buf_str(&text, data ? ", which is no header but a parcel: put the header above" : "");
    }
    refuse(ctx, XD_F_CSV_HEADER_UNKNOWN, header->count, XD_FIELD_NONE, xd_buf_slice(&text));
    xd_buf_free(&text);
}

/* The column of the layout that the unknown header was perhaps meant to be, among those that are
 * missing. */
static const struct xd_dialect_column *
near_column(const struct xd_header_work *ctx, struct xd_slice key)
{
    const struct xd_dialect *dialect = ctx->header->dialect;
    const struct xd_dialect_column *best = NULL;
    unsigned least = xd_near_limit(key);

    for (size_t i = 0; i < dialect->column_count; i++) {
        const struct xd_dialect_column *column = &dialect->columns[i];
        if (column->field == XD_FIELD_NONE || ctx->header->column_of[column->field]) {
            continue;
        }
        unsigned found = xd_near_distance(column->key, key);
        if (found < least) {
            least = found;
            best = column;
        }
    }
    return best;
}

static void
report_unread(struct xd_header_work *ctx, size_t at)
{
    const struct xd_header_column *column = &ctx->header->column[at];
    struct xd_buf text;

    xd_buf_init(&text, 512);
    if (column->why == XD_WHY_AMBIGUOUS) {
        xd_buf_str(&text, "it can be ");
        for (size_t i = 0; i < column->choices.len; i++) {
            char c = column->choices.ptr[i];
            xd_buf_str(&text, c == '|' ? " or " : c == ':' ? " in " : "");
            if (c != '|' && c != ':') {
                xd_buf_char(&text, c);
            }
        }
        xd_header_report(ctx, XD_F_CSV_COLUMN_AMBIGUOUS, at, XD_FIELD_NONE, xd_buf_slice(&text));
    } else if (column->why == XD_WHY_UNKNOWN) {
        const struct xd_dialect_column *near = near_column(ctx, ctx->keys[at]);
        if (near) {
            xd_buf_printf(&text, "did you mean \"%.*s\"?", XD_FMT(near->header));
        }
        xd_header_report(ctx, XD_F_CSV_COLUMN_UNKNOWN, at, XD_FIELD_NONE, xd_buf_slice(&text));
    }
    xd_buf_free(&text);
}

/* A column without a name inside the header holds data that nobody can name; at the end it is a
 * trailing delimiter. */
static void
report_nameless(struct xd_header_work *ctx)
{
    size_t end = ctx->header->count;

    while (end > 0 && ctx->header->column[end - 1].why == XD_WHY_NAMELESS) {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        if (ctx->header->column[i].why == XD_WHY_NAMELESS) {
            xd_header_report(ctx, XD_F_CSV_COLUMN_UNKNOWN, i, XD_FIELD_NONE,
                             XD_LIT("it has no name"));
        }
    }
}

/* A required column that is missing, and which unread column may be it. */
static void
refuse_missing(struct xd_header_work *ctx, const struct xd_dialect_column *missing)
{
    const char *name = xd_field_name(missing->field);
    struct xd_buf text;

    xd_buf_init(&text, 512);
    xd_buf_printf(&text, "\"%.*s\"", XD_FMT(missing->header));
    for (size_t i = 0; i < ctx->header->count; i++) {
        const struct xd_header_column *column = &ctx->header->column[i];
        struct xd_slice rest = column->choices;
        struct xd_slice one;
        while (xd_slice_next(&rest, '|', &one)) {
            if (xd_slice_starts(one, xd_slice_str(name))) {
                xd_buf_printf(&text, "; \"%.*s\" may be it: say so with --map",
                              XD_FMT(column->name));
                break;
            }
        }
    }
    refuse(ctx, XD_F_CSV_COLUMN_REQUIRED, ctx->header->count, missing->field, xd_buf_slice(&text));
    xd_buf_free(&text);
}

/* None of the columns of which one must be there. */
static void
report_neither(struct xd_header_work *ctx)
{
    const struct xd_dialect *dialect = ctx->header->dialect;
    enum xd_field first = XD_FIELD_NONE;
    struct xd_buf text;

    xd_buf_init(&text, 512);
    for (size_t i = 0; i < dialect->column_count; i++) {
        const struct xd_dialect_column *column = &dialect->columns[i];
        if (column->presence != XD_PRESENCE_EITHER) {
            continue;
        }
        if (xd_header_has(ctx->header, column->field)) {
            xd_buf_free(&text);
            return;
        }
        xd_buf_printf(&text, "%s\"%.*s\"", text.len ? " or " : "", XD_FMT(column->header));
        first = first == XD_FIELD_NONE ? column->field : first;
    }
    if (text.len) {
        refuse(ctx, XD_F_CSV_COLUMN_REQUIRED, ctx->header->count, first, xd_buf_slice(&text));
    }
    xd_buf_free(&text);
}

static bool
is_demanded(const struct xd_header *header, const struct xd_dialect_column *column)
{
    switch (column->presence) {
    case XD_PRESENCE_REQUIRED:
    case XD_PRESENCE_OPTIONAL:
        return column->field != XD_FIELD_NONE;
    case XD_PRESENCE_LINE:
        return header->has_lines;
    default:
        return false;
    }
}

static bool
is_missing(const struct xd_header_work *ctx, const struct xd_dialect_column *column, bool required)
{
    return (column->presence == XD_PRESENCE_REQUIRED) == required &&
           is_demanded(ctx->header, column) && !xd_header_has(ctx->header, column->field);
}

/* One note for all: a merchant with four columns knows that the others are not there. */
static void
note_missing(struct xd_header_work *ctx)
{
    const struct xd_dialect *dialect = ctx->header->dialect;
    enum xd_field field = XD_FIELD_NONE;
    struct xd_buf text;
    size_t count = 0;

    xd_buf_init(&text, 1 << 14);
    for (size_t i = 0; i < dialect->column_count; i++) {
        if (is_missing(ctx, &dialect->columns[i], false)) {
            xd_buf_printf(&text, "%s\"%.*s\"", count ? ", " : "",
                          XD_FMT(dialect->columns[i].header));
            field = count ? XD_FIELD_NONE : dialect->columns[i].field;
            count++;
        }
    }
    if (count) {
        xd_header_report(ctx, XD_F_CSV_COLUMN_MISSING, ctx->header->count, field,
                         xd_buf_slice(&text));
    }
    xd_buf_free(&text);
}

/* A file that is refused needs no note on what else it lacks. */
static void
check_presence(struct xd_header_work *ctx)
{
    const struct xd_dialect *dialect = ctx->header->dialect;

    report_neither(ctx);
    for (size_t i = 0; i < dialect->column_count; i++) {
        if (is_missing(ctx, &dialect->columns[i], true)) {
            refuse_missing(ctx, &dialect->columns[i]);
        }
    }
    if (!ctx->refused) {
        note_missing(ctx);
    }
}

static void
check_delimiter(struct xd_header_work *ctx)
{
    const struct xd_dialect *dialect = ctx->header->dialect;
    char seen = ctx->ask->delimiter;
    char wanted[8];
    char found[8];
    struct xd_buf text;

    if (strchr(dialect->delimiters, seen)) {
        return;
    }
    xd_buf_init(&text, 256);
    xd_buf_printf(&text, "%.*s wants a %s; this file has a %s", XD_FMT(dialect->title),
                  xd_delimiter_name(dialect->delimiters[0], wanted),
                  xd_delimiter_name(seen, found));
    refuse(ctx, XD_F_CSV_DELIMITER, ctx->header->count, XD_FIELD_NONE, xd_buf_slice(&text));
    xd_buf_free(&text);
}

static void
check_file_name(struct xd_header_work *ctx)
{
    const struct xd_document *document = ctx->ask->document;
    struct xd_slice name = document->member.len ? document->member : document->file;
    struct xd_slice wanted = ctx->header->dialect->file_name;
    struct xd_span span = {0, 0};
    struct xd_finding finding = {
        .document = document->index, .field = XD_FIELD_NONE, .value = name, .detail = wanted};

    if (wanted.len == 0 || xd_slice_eq(name, XD_LIT("-"))) {
        return;
    }
    finding.code = xd_file_name_check(wanted, name, &span);
    finding.span = span;
    if (finding.code != XD_F_NONE) {
        xd_findings_add(ctx->findings, &finding);
    }
}

void
xd_header_report_all(struct xd_header_work *ctx)
{
    check_delimiter(ctx);
    for (size_t i = 0; i < ctx->header->count; i++) {
        report_unread(ctx, i);
    }
    report_nameless(ctx);
    check_presence(ctx);
    check_file_name(ctx);
}
