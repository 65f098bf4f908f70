/*
 * `map` shows what was made of a header, column by column with a sample, before anything is
 * processed. It asks nothing: what it writes with --out can be edited and kept, and goes back in
 * with --map.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/decimal_comma.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "model/place.h"
#include "reader/convert.h"
#include "reader/csv.h"
#include "reader/delimiter.h"
#include "reader/guard.h"
#include "reader/header.h"
#include "reader/reader.h"
#include "reference/finding_text.h"
#include "source/source.h"

#define SAMPLE_BYTES 65536 /* of rows that are looked at for a sample of each column */
#define SAMPLE_SHOWN 32    /* bytes of a sample */

enum { OPT_ORDERS, OPT_MAP, OPT_OUT, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_ORDERS] = {"orders", 0, NULL, "the file holds orders, not a manifest"},
    [OPT_MAP] = {"map", 0, "FILE", "what columns mean, as a file written by --out says"},
    [OPT_OUT] = {"out", 'o', "FILE", "write what was recognised as a mapping to keep"},
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

struct map {
    struct xd_cli *cli;
    const struct xd_arguments *arguments;
    struct xd_arena arena;
    struct xd_tables tables;
    struct xd_finding_texts texts;
    struct xd_limits limits;
    struct xd_dialects dialects;
    struct xd_mapping mapping;
    struct xd_findings findings;
    struct xd_buf out; /* of --out */
    size_t mapped;     /* documents with a header */
    bool refused;
};

/* One CSV on its way from text to header. */
struct opened {
    struct xd_document *document;
    struct xd_csv csv;
    struct xd_csv_shape shape;
    struct xd_header header;
    struct xd_slice sample[XD_COLUMNS_MAX];
    struct evidence {
        bool any;                         /* a value is not blank */
        bool comma;                       /* a value can be read by a decimal comma only */
        bool no_comma;                    /* a value cannot be read by one */
        bool no_date[XD_CONVERSIONS_MAX]; /* a value is no day by that conversion */
    } tells[XD_COLUMNS_MAX];
};

static bool
load(struct map *map)
{
    struct xd_error *err = map->cli->err;
    const char *file = map->arguments->values[OPT_MAP];
    struct xd_slice text;

    xd_arena_init(&map->arena, 1 << 18, 0);
    map->tables = (struct xd_tables){map->arguments->values[OPT_REFERENCE], &map->arena};
    xd_findings_init(&map->findings, &map->arena, XD_COLUMNS_MAX * 2);
    xd_buf_init(&map->out, 1 << 20);
    return xd_finding_texts_load(&map->texts, &map->tables, err) &&
           xd_limits_load(&map->limits, &map->tables, err) &&
           xd_dialects_load(&map->dialects, &map->tables, NULL, &map->arena, err) &&
           (!file ||
            (xd_file_read(file, &map->arena, 1 << 20, &text, err) &&
             xd_mapping_load(&map->mapping, &map->dialects, file, text, &map->arena, err)));
}

/* What a value tells of how its column is written. */
static void
weigh_value(struct map *map, struct evidence *tells, struct xd_slice value)
{
    struct xd_decimal_comma number;
    xd_date day;

    tells->any = true;
    tells->no_comma |= !xd_decimal_comma_read(value, &number);
    tells->comma |= number.certain;
    for (size_t i = 0; i < map->dialects.conversion_count; i++) {
        const struct xd_conversion *conversion = &map->dialects.conversions[i];
        tells->no_date[i] = tells->no_date[i] || conversion->kind != XD_CONVERT_DATE ||
                            !xd_date_parse(xd_convert_date(conversion, value, &map->arena), &day);
    }
}

static bool
has_commas(const struct opened *opened, size_t column)
{
    return opened->tells[column].comma && !opened->tells[column].no_comma;
}

/* The one conversion by which all values of the column can be read, when those that are read as
 * they stand cannot; or NULL. */
static const struct xd_conversion *
only_reading(const struct map *map, const struct opened *opened, size_t at)
{
    const struct xd_conversion *now = opened->header.column[at].conversion;
    const struct xd_conversion *only = NULL;

    if (has_commas(opened, at)) {
        return xd_conversion_comma(&map->dialects, now);
    }
    for (size_t i = 0; now == map->dialects.copy && i < map->dialects.conversion_count; i++) {
        if (!opened->tells[at].no_date[i]) {
            if (only) {
                return NULL;
            }
            only = &map->dialects.conversions[i];
        }
    }
    return only;
}

/* A person's word on a column stands, and a column that is not read has no conversion. */
static void
propose(const struct map *map, struct opened *opened)
{
    for (size_t i = 0; i < opened->header.count; i++) {
        struct xd_header_column *column = &opened->header.column[i];
        const struct xd_conversion *only =
            opened->tells[i].any ? only_reading(map, opened, i) : NULL;
        if (only && column->why != XD_WHY_MAPPING && column->field != XD_FIELD_NONE &&
            xd_conversion_fits(only, column->field)) {
            column->conversion = only;
            column->why = XD_WHY_VALUES;
        }
    }
}

/* A row with another number of columns tells nothing of how they are written. */
static void
take_sample(struct map *map, struct opened *opened, const struct xd_rows *rows, uint32_t row,
            bool ragged)
{
    for (unsigned i = 0; i < opened->header.count; i++) {
        struct xd_slice value = xd_rows_value(rows, row, i, &map->arena);
        opened->sample[i] = opened->sample[i].len ? opened->sample[i] : value;
        if (opened->header.column[i].guarded) {
            (void)xd_unguard(&value);
        }
        value = xd_slice_trim(value);
        if (value.len && !ragged) {
            weigh_value(map, &opened->tells[i], value);
        }
    }
}

/* The first value that is not blank, of each column, and what all of them tell. */
static bool
take_samples(struct map *map, struct opened *opened, size_t from)
{
    struct xd_csv_scratch *scratch = xd_csv_scratch_new(&map->arena);
    struct xd_csv_fault fault;
    struct xd_rows rows;
    uint32_t next_ragged = 0;
    bool ok;

    opened->csv.columns = &opened->header.columns;
    ok = scratch &&
         xd_csv_parse(&opened->csv, scratch, from, xd_csv_cut(&opened->csv, from, SAMPLE_BYTES),
                      &map->arena, &rows, &fault);
    for (uint32_t row = 0; ok && row < rows.count; row++) {
        bool ragged = next_ragged < rows.ragged_count && rows.ragged[next_ragged].row == row;
        next_ragged += ragged;
        take_sample(map, opened, &rows, row, ragged);
    }
    xd_csv_scratch_close(scratch);
    propose(map, opened);
    return ok || xd_error_set(map->cli->err, EX_OSERR, "not enough memory");
}

static void
add_fault(struct map *map, const struct opened *opened, const struct xd_csv_fault *fault)
{
    struct xd_finding finding = {.code = fault->code,
                                 .document = opened->document->index,
                                 .field = XD_FIELD_NONE,
                                 .row = opened->shape.header_row,
                                 .offset = fault->offset};

    xd_findings_add(&map->findings, &finding);
    map->refused = true;
}

/* False when memory ran out; a header that cannot be read is a finding. */
static bool
open_header(struct map *map, struct opened *opened)
{
    struct xd_slice *cells = xd_arena_array(&map->arena, XD_COLUMNS_MAX, sizeof(*cells));
    struct xd_csv_fault fault;
    size_t count;
    size_t end;

    xd_csv_shape_find(&map->dialects, opened->document->text, &opened->shape);
    opened->csv = (struct xd_csv){
        .document = opened->document, .limits = &map->limits, .delimiter = opened->shape.delimiter};
    if (!cells || (opened->shape.formulas &&
                   !xd_unguard_document(opened->document, opened->shape.delimiter, &map->arena))) {
        return xd_error_set(map->cli->err, EX_OSERR, "not enough memory");
    }
    if (!xd_csv_header(&opened->csv, opened->shape.header_at, cells, &count, &end, &fault)) {
        add_fault(map, opened, &fault);
        return true;
    }
    struct xd_header_ask ask = {
        .document = opened->document,
        .cells = cells,
        .count = count,
        .offset = opened->shape.header_at,
        .delimiter = opened->shape.delimiter,
        .formulas = opened->shape.formulas,
        .apostrophes = opened->shape.apostrophes,
        .row = opened->shape.header_row,
        .use = map->arguments->values[OPT_ORDERS] ? XD_USE_ORDERS : XD_USE_MANIFEST,
        .mapping = &map->mapping,
        .limits = &map->limits,
    };
    map->refused |=
        !xd_header_map(&map->dialects, &ask, &map->arena, &opened->header, &map->findings);
    return opened->header.count == 0 || take_samples(map, opened, end);
}

/* Pads to `width` characters and one blank, or not at all for 0; the bytes behind the first of a
 * UTF-8 character take no room. Control characters show as '?'. */
static void
print_cell(struct xd_slice text, size_t width)
{
    size_t shown = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        putchar(c < 0x20 || c == 0x7f ? '?' : c);
        shown += (c & 0xc0) != 0x80;
    }
    for (; width && shown <= width; shown++) {
        putchar(' ');
    }
}

static void
print_column(const struct opened *opened, size_t at, size_t conversion_width)
{
    const struct xd_header_column *column = &opened->header.column[at];
    char letters[XD_LETTERS_MAX];

    xd_column_letters((unsigned)at + 1, letters);
    print_cell(xd_slice_str(letters), 6);
    print_cell(column->name, 34);
    print_cell(column->field == XD_FIELD_NONE ? XD_LIT("-")
                                              : xd_slice_str(xd_field_name(column->field)),
               19);
    print_cell(column->conversion->name, conversion_width);
    print_cell(xd_slice_str(xd_why_text(column->why)), 14);
    print_cell(xd_utf8_cut(opened->sample[at], SAMPLE_SHOWN), 0);
    putchar('\n');
}

static void
print_header(const struct opened *opened)
{
    const struct xd_header *header = &opened->header;
    size_t width = strlen("conversion");
    bool proposed = false;
    char room[8];

    for (size_t i = 0; i < header->count; i++) {
        size_t len = header->column[i].conversion->name.len;
        width = len > width ? len : width;
        proposed |= header->column[i].why == XD_WHY_VALUES;
    }
    printf("layout     %.*s: %.*s\n", XD_FMT(header->dialect->name), XD_FMT(header->reason));
    printf("delimiter  %s: %s\n", xd_delimiter_name(opened->shape.delimiter, room),
           opened->shape.reason);
    printf("\ncolumn header                             field               ");
    print_cell(XD_LIT("conversion"), width);
    printf("why            sample\n");
    for (size_t i = 0; i < header->count; i++) {
        print_column(opened, i, width);
    }
    if (proposed) {
        printf(
            "\n%s: proposed, for they can be read in no other way; without a mapping (--out, then "
            "--map) they are refused\n",
            xd_why_text(XD_WHY_VALUES));
    }
}

/* A header as a cell of a table: no tab or line break, and no '#' in front, which would make it a
 * comment. */
static void
put_header(struct xd_buf *out, struct xd_slice name)
{
    if (name.len && name.ptr[0] == '#') {
        xd_buf_char(out, ' ');
    }
    for (size_t i = 0; i < name.len; i++) {
        xd_buf_char(out, xd_is_blank(name.ptr[i]) ? ' ' : name.ptr[i]);
    }
}

/* "weight_g:g|weight_g:kg", and with decimal commas where the values have them. */
static void
put_choices(const struct map *map, struct xd_buf *out, struct xd_slice choices, bool commas)
{
    struct xd_slice word;
    struct xd_slice field;

    for (bool first = true; xd_slice_next(&choices, '|', &word); first = false) {
        const struct xd_conversion *conversion = map->dialects.copy;
        const struct xd_conversion *comma;
        (void)xd_slice_next(&word, ':', &field);
        conversion = word.len ? xd_conversion_find(&map->dialects, word) : conversion;
        comma = commas ? xd_conversion_comma(&map->dialects, conversion) : NULL;
        if (comma && xd_conversion_fits(comma, xd_field_find(field))) {
            conversion = comma;
        }
        xd_buf_printf(out, "%s%.*s", first ? "" : "|", XD_FMT(field));
        if (conversion != map->dialects.copy) {
            xd_buf_printf(out, ":%.*s", XD_FMT(conversion->name));
        }
    }
}

static void
put_mapping(const struct map *map, struct xd_buf *out, const struct opened *opened)
{
    const struct xd_header *header = &opened->header;

    xd_buf_printf(
        out, "# What the columns mean: give it to --map. Made from a file of the layout %.*s.\n",
        XD_FMT(header->dialect->name));
    xd_buf_str(
        out,
        "# field: see `crossdock formats`; - for a column that is not to be read. conversion: g kg "
        "lb oz mm cm in iso dmy mdy decimal-comma ...\n");
    xd_buf_str(out, "header\tfield\tconversion\n");
    for (size_t i = 0; i < header->count; i++) {
        const struct xd_header_column *column = &header->column[i];
        if (column->why == XD_WHY_NAMELESS) {
            continue;
        }
        if (column->choices.len) {
            xd_buf_str(out, "# the next one can be ");
            put_choices(map, out, column->choices, has_commas(opened, i));
            xd_buf_char(out, '\n');
        }
        put_header(out, column->name);
        xd_buf_printf(out, "\t%s\t%.*s\n",
                      column->field == XD_FIELD_NONE ? "-" : xd_field_name(column->field),
                      XD_FMT(column->conversion->name));
    }
}

static bool
map_document(struct map *map, struct xd_document *document)
{
    struct opened *opened = xd_arena_alloc(&map->arena, sizeof(*opened));
    const char *reason = "";
    const struct xd_reader *reader = xd_reader_choose(document->text, &reason);

    if (!opened) {
        return xd_error_set(map->cli->err, EX_OSERR, "not enough memory");
    }
    printf("%.*s%s%.*s\n", XD_FMT(document->file), document->member.len ? ": " : "",
           XD_FMT(document->member));
    if (!reader || reader->read) {
        printf("format     %s: its fields have fixed names, there is nothing to map\n",
               reader ? reader->name : "unknown");
        return true;
    }
    opened->document = document;
    if (!open_header(map, opened)) {
        return false;
    }
    if (opened->header.count) {
        print_header(opened);
        put_mapping(map, &map->out, opened);
        map->mapped++;
    }
    return true;
}

static void
print_findings(const struct map *map)
{
    if (map->findings.count) {
        putchar('\n');
    }
    for (size_t i = 0; i < map->findings.count; i++) {
        const struct xd_finding *finding = &map->findings.list[i];
        const struct xd_finding_text *text = &map->texts.of[finding->code];
        char letters[XD_LETTERS_MAX];
        xd_column_letters(finding->column, letters);
        printf("%.*s %.*s: ", XD_FMT(text->code), XD_FMT(text->severity));
        if (finding->column) {
            printf("column %s \"%.*s\": ", letters, XD_FMT(finding->value));
        }
        printf("%.*s%s%.*s\n", XD_FMT(text->text), finding->detail.len ? " " : "",
               XD_FMT(finding->detail));
    }
}

static bool
write_mapping(struct map *map)
{
    const char *path = map->arguments->values[OPT_OUT];
    const char *slash = path ? strrchr(path, '/') : NULL;
    struct xd_error *err = map->cli->err;
    struct xd_outfile file;
    char dir[4096] = ".";

    if (!path || map->mapped == 0) {
        return true;
    }
    if (map->mapped > 1) {
        return xd_error_set(err, EX_USAGE, "--out keeps the mapping of one document; there are %zu",
                            map->mapped);
    }
    if (slash) {
        (void)snprintf(dir, sizeof(dir), "%.*s", slash == path ? 1 : (int)(slash - path), path);
    }
    if (!xd_outfile_open(&file, dir, slash ? slash + 1 : path, err)) {
        return false;
    }
    if (!xd_outfile_write(&file, xd_buf_slice(&map->out), err) || !xd_outfile_finish(&file, err) ||
        !xd_outfile_publish(&file, err)) {
        xd_outfile_discard(&file);
        return false;
    }
    return xd_dir_sync(dir, err);
}

static bool
map_input(struct map *map)
{
    struct xd_source_options options = {
        .limits = &map->limits, .arena = &map->arena, .findings = &map->findings};
    struct xd_source source;
    bool ok = xd_source_open(&source, &options, map->arguments->operands[0], map->cli->err);

    for (size_t i = 0; ok && i < source.count; i++) {
        map->refused |= source.documents[i].use == XD_DOCUMENT_REFUSED;
        if (source.documents[i].use == XD_DOCUMENT_READ) {
            ok = map_document(map, &source.documents[i]);
        }
    }
    if (ok) {
        print_findings(map);
        ok = write_mapping(map);
    }
    xd_source_close(&source);
    return ok;
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    static struct map map;
    bool ok;

    map = (struct map){.cli = cli, .arguments = arguments};
    ok = load(&map) && map_input(&map);
    xd_buf_free(&map.out);
    xd_arena_free(&map.arena);
    if (!ok) {
        return cli->err->status;
    }
    return map.refused ? 2 : 0;
}

const struct xd_command xd_cmd_map = {
    .name = "map",
    .operands = "FILE",
    .brief = "show how the columns of a CSV are read, and write a mapping to keep",
    .details =
        "Each column is shown with its letter, header, field, conversion, why it is read so,\n"
        "and the first value that is not blank. Nothing is asked and nothing is processed.\n"
        "A mapping is a table of header, field and conversion; give it to --map of\n"
        "`process`, `validate` or `map` for files of the same sender. Exit status 2 when\n"
        "the file cannot be read by this header.\n"
        "Decimal commas are proposed for a column whose values can be read in no other way.",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
