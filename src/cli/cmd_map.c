/*
 * `map` shows what was made of a header, column by column with a sample, before anything is
 * processed. It asks nothing: what it writes with --out can be edited and kept, and goes back in
 * with --map.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/buf.h"
#include "cli/command.h"
#include "model/place.h"
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

/* The first value that is not blank, of each column. */
static bool
take_samples(struct map *map, struct opened *opened, size_t from)
{
    struct xd_csv_scratch *scratch = xd_csv_scratch_new(&map->arena);
    struct xd_csv_fault fault;
    struct xd_rows rows;
    bool ok;

    opened->csv.columns = &opened->header.columns;
    ok = scratch &&
         xd_csv_parse(&opened->csv, scratch, from, xd_csv_cut(&opened->csv, from, SAMPLE_BYTES),
                      &map->arena, &rows, &fault);
    for (uint32_t row = 0; ok && row < rows.count; row++) {
        for (unsigned i = 0; i < opened->header.count; i++) {
            if (opened->sample[i].len == 0) {
                opened->sample[i] = xd_rows_value(&rows, row, i, &map->arena);
            }
        }
    }
    xd_csv_scratch_close(scratch);
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

/* A sample cut in front of the character that would not fit. */
static struct xd_slice
shortened(struct xd_slice text)
{
    size_t len = text.len < SAMPLE_SHOWN ? text.len : SAMPLE_SHOWN;

    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    return xd_slice_sub(text, 0, len);
}

static void
print_column(const struct opened *opened, size_t at)
{
    const struct xd_header_column *column = &opened->header.column[at];
    char letters[XD_LETTERS_MAX];

    xd_column_letters((unsigned)at + 1, letters);
    print_cell(xd_slice_str(letters), 6);
    print_cell(column->name, 34);
    print_cell(column->field == XD_FIELD_NONE ? XD_LIT("-")
                                              : xd_slice_str(xd_field_name(column->field)),
               19);
    print_cell(column->conversion->name, 10);
    print_cell(xd_slice_str(xd_why_text(column->why)), 14);
    print_cell(shortened(opened->sample[at]), 0);
    putchar('\n');
}

static void
print_header(const struct opened *opened)
{
    const struct xd_header *header = &opened->header;
    char room[8];

    printf("layout     %.*s: %.*s\n", XD_FMT(header->dialect->name), XD_FMT(header->reason));
    printf("delimiter  %s: %s\n", xd_delimiter_name(opened->shape.delimiter, room),
           opened->shape.reason);
    printf(
        "\ncolumn header                             field               conversion why            "
        "sample\n");
    for (size_t i = 0; i < header->count; i++) {
        print_column(opened, i);
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

static void
put_mapping(struct xd_buf *out, const struct xd_header *header)
{
    xd_buf_printf(
        out, "# What the columns mean: give it to --map. Made from a file of the layout %.*s.\n",
        XD_FMT(header->dialect->name));
    xd_buf_str(
        out,
        "# field: see `crossdock formats`; - for a column that is not to be read. conversion: g kg "
        "lb oz mm cm in iso dmy mdy ...\n");
    xd_buf_str(out, "header\tfield\tconversion\n");
    for (size_t i = 0; i < header->count; i++) {
        const struct xd_header_column *column = &header->column[i];
        if (column->why == XD_WHY_NAMELESS) {
            continue;
        }
        if (column->choices.len) {
            xd_buf_printf(out, "# the next one can be %.*s\n", XD_FMT(column->choices));
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
        put_mapping(&map->out, &opened->header);
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
        "the file cannot be read by this header.",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
