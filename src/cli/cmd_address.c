/*
 * `address` checks addresses one by one: the address room without a manifest around it. The columns
 * are named by their header, any of them in any order; the rows go through the same CSV reader as a
 * manifest's, chunk by chunk, so a million addresses pass through in constant memory.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/fold.h"
#include "base/json.h"
#include "check/address.h"
#include "cli/command.h"
#include "reader/csv.h"
#include "source/source.h"

#define CHUNK_BYTES ((size_t)256 << 10)
#define OUTPUT_MAX  ((size_t)1 << 30)
#define NO_COLUMN   UINT16_MAX

enum { OPT_FORMAT, OPT_CARRIER, OPT_AS_OF, OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_FORMAT] = {"format", 0, "tsv|json", "what to print; tsv is the default"},
    [OPT_CARRIER] = {"carrier", 0, "CODE", "hold the widths of the lines to those of the carrier"},
    [OPT_AS_OF] = {"as-of", 0, "DATE", "the day for territories and embargoes; default today, UTC"},
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

struct address_run {
    struct xd_cli *cli;
    const struct xd_address_tables *tables;
    struct xd_address_ctx ctx;
    struct xd_address_options options;
    struct xd_limits limits;
    struct xd_source source;
    struct xd_csv csv;
    struct xd_columns columns;
    uint16_t column_of[XD_ADDRESS_COUNT]; /* NO_COLUMN: not in the file */
    struct xd_address_result result;
    struct xd_buf out;
    struct xd_json json;
    bool as_json;
    bool any_wrong;
    uint32_t row; /* of the data, from 1 */
};

static const char *const VERDICTS[] = {"valid", "review", "invalid"};

/* Problems in the order of the columns, each field:problem once. */
static void
put_problems(struct address_run *run)
{
    const struct xd_address_result *result = &run->result;
    const char *before = "";

    for (unsigned field = 0; field < XD_ADDRESS_COUNT; field++) {
        unsigned said = 0;
        for (size_t i = 0; i < result->count; i++) {
            const struct xd_address_problem *problem = &result->problems[i];
            if (problem->field != field || problem->kind == XD_PROBLEM_NOTE ||
                (said >> problem->kind) & 1) {
                continue;
            }
            said |= 1U << problem->kind;
            xd_buf_printf(&run->out, "%s%s:%s", before,
                          xd_address_field_name((enum xd_address_field)field),
                          xd_address_problem_name(problem->kind));
            before = ";";
        }
    }
}

static void
answer_tsv(struct address_run *run)
{
    struct xd_buf *out = &run->out;

    xd_buf_u64(out, run->row);
    xd_buf_printf(out, "\t%s\t", VERDICTS[run->result.verdict]);
    xd_buf_put(out, xd_address_postal_code(&run->result));
    xd_buf_char(out, '\t');
    xd_buf_put(out, xd_address_region(&run->ctx, &run->result));
    xd_buf_char(out, '\t');
    xd_buf_put(out, xd_address_territory(&run->ctx, &run->result));
    xd_buf_char(out, '\t');
    put_problems(run);
    xd_buf_char(out, '\n');
}

static void
put_finding(struct address_run *run, const struct xd_address_problem *problem)
{
    const struct xd_finding_text *text = &run->tables->findings.of[problem->diagnosis.code];
    struct xd_json *json = &run->json;

    xd_json_object(json, NULL);
    xd_json_text(json, "field", xd_slice_str(xd_address_field_name(problem->field)));
    xd_json_text(json, "problem", xd_slice_str(xd_address_problem_name(problem->kind)));
    xd_json_text(json, "code", text->code);
    xd_json_text(json, "severity", text->severity);
    xd_json_text(json, "text", text->text);
    xd_json_text(json, "detail", xd_slice_str(problem->diagnosis.detail));
    xd_json_text(json, "fix", text->fix);
    xd_json_object(json, "span");
    xd_json_u64(json, "offset", problem->diagnosis.span.off);
    xd_json_u64(json, "length", problem->diagnosis.span.len);
    xd_json_end(json);
    xd_json_end(json);
}

static void
answer_json(struct address_run *run)
{
    const struct xd_address_result *result = &run->result;
    const struct xd_territory *territory = result->territory;
    struct xd_json *json = &run->json;

    xd_json_object(json, NULL);
    xd_json_u64(json, "row", run->row);
    xd_json_text(json, "status", xd_slice_str(VERDICTS[result->verdict]));
    xd_json_text(json, "country",
                 result->country == XD_COUNTRY_NONE
                     ? XD_NONE
                     : run->tables->countries.of[result->country].alpha2);
    xd_json_text(json, "postal_code", xd_address_postal_code(result));
    xd_json_text(json, "region", xd_address_region(&run->ctx, result));
    xd_json_text(json, "territory", xd_address_territory(&run->ctx, result));
    xd_json_text(json, "territory_name", territory ? territory->name : XD_NONE);
    xd_json_text(json, "phone", xd_slice_of(result->phone.text, result->phone.len));
    xd_json_array(json, "findings");
    for (unsigned field = 0; field < XD_ADDRESS_COUNT; field++) {
        for (size_t i = 0; i < result->count; i++) {
            if (result->problems[i].field == field) {
                put_finding(run, &result->problems[i]);
            }
        }
    }
    xd_json_end(json);
    xd_json_end(json);
}

static void
answer(struct address_run *run, const struct xd_address *address)
{
    run->row++;
    if (xd_address_check(&run->ctx, address, &run->options, &run->result) != XD_ADDRESS_VALID) {
        run->any_wrong = true;
    }
    if (run->as_json) {
        answer_json(run);
    } else {
        answer_tsv(run);
    }
}

static bool
flush(struct address_run *run)
{
    struct xd_buf *out = &run->out;

    if (out->failed) {
        return xd_error_set(run->cli->err, EX_OSERR, "no memory for the answers");
    }
    if (out->len && fwrite(out->ptr, 1, out->len, stdout) != out->len) {
        return xd_error_set(run->cli->err, EX_IOERR, "cannot write to standard output");
    }
    out->len = 0;
    return true;
}

/* A document that cannot be read on: the finding's sentence and the place, as an error of the
 * command. */
static bool
refuse(struct address_run *run, enum xd_finding_code code, uint64_t offset)
{
    struct xd_place start = {1, 1};
    struct xd_place place = xd_document_place(run->csv.document, start, 0, offset);
    const struct xd_finding_text *text = &run->tables->findings.of[code];

    return xd_error_set(run->cli->err, EX_DATAERR, "%.*s:%llu:%llu: %.*s %.*s Expected: %.*s.",
                        XD_FMT(run->csv.document->file), (unsigned long long)place.line,
                        (unsigned long long)place.column, XD_FMT(text->code), XD_FMT(text->text),
                        XD_FMT(text->expected));
}

/* The row as an address. False when it has another number of columns than the header. */
static bool
read_row(struct address_run *run, const struct xd_rows *rows, uint32_t row, struct xd_arena *arena,
         struct xd_address *address)
{
    for (uint32_t i = 0; i < rows->ragged_count && rows->ragged[i].row <= row; i++) {
        if (rows->ragged[i].row == row) {
            return false;
        }
    }
    for (unsigned field = 0; field < XD_ADDRESS_COUNT; field++) {
        uint16_t column = run->column_of[field];
        address->of[field] =
            column == NO_COLUMN ? XD_NONE : xd_rows_value(rows, row, column, arena);
    }
    return true;
}

/* A row whose values cannot be told apart is wrong as a whole; the others are not affected. */
static void
answer_ragged(struct address_run *run)
{
    const struct xd_finding_text *text = &run->tables->findings.of[XD_F_CSV_RAGGED_ROW];
    struct xd_json *json = &run->json;

    run->row++;
    run->any_wrong = true;
    if (!run->as_json) {
        xd_buf_printf(&run->out, "%u\tinvalid\t\t\t\trow:format\n", run->row);
        return;
    }
    xd_json_object(json, NULL);
    xd_json_u64(json, "row", run->row);
    xd_json_text(json, "status", XD_LIT("invalid"));
    xd_json_array(json, "findings");
    xd_json_object(json, NULL);
    xd_json_text(json, "field", XD_LIT("row"));
    xd_json_text(json, "problem", XD_LIT("format"));
    xd_json_text(json, "code", text->code);
    xd_json_text(json, "severity", text->severity);
    xd_json_text(json, "text", text->text);
    xd_json_text(json, "fix", text->fix);
    xd_json_end(json);
    xd_json_end(json);
    xd_json_end(json);
}

static void
answer_rows(struct address_run *run, const struct xd_rows *rows, struct xd_arena *arena)
{
    for (uint32_t row = 0; row < rows->count; row++) {
        struct xd_address address;
        if (read_row(run, rows, row, arena, &address)) {
            answer(run, &address);
        } else {
            answer_ragged(run);
        }
    }
}

static bool
answer_chunks(struct address_run *run, size_t from, struct xd_csv_scratch *scratch,
              struct xd_arena *arena)
{
    struct xd_csv_fault fault = {.code = XD_F_NONE};

    while (from < run->csv.document->text.len) {
        struct xd_rows rows;
        size_t to = xd_csv_cut(&run->csv, from, CHUNK_BYTES);
        xd_arena_reset(arena);
        if (!xd_csv_parse(&run->csv, scratch, from, to, arena, &rows, &fault)) {
            return xd_error_set(run->cli->err, EX_OSERR, "no memory for the rows");
        }
        answer_rows(run, &rows, arena);
        if (!flush(run)) {
            return false;
        }
        if (fault.code != XD_F_NONE) {
            return refuse(run, fault.code, fault.offset);
        }
        from = to;
    }
    return true;
}

/* "Postal Code", "postal-code" and "postal_code" are one column. */
static unsigned
field_of_column(struct xd_slice name)
{
    char wanted[64];
    struct xd_slice key = {wanted, xd_fold_key(name, wanted, sizeof(wanted))};

    for (unsigned field = 0; field < XD_ADDRESS_COUNT; field++) {
        char own[64];
        struct xd_slice column = xd_slice_str(xd_address_field_name((enum xd_address_field)field));
        if (xd_slice_eq(key, xd_slice_of(own, xd_fold_key(column, own, sizeof(own))))) {
            return field;
        }
    }
    return XD_ADDRESS_COUNT;
}

/* Which field stands in which column; columns with other names are not read. */
static bool
read_header(struct address_run *run, size_t *behind)
{
    struct xd_slice cells[XD_COLUMNS_MAX];
    struct xd_csv_fault fault = {.code = XD_F_NONE};
    size_t count = 0;
    unsigned known = 0;

    if (!xd_csv_header(&run->csv, 0, cells, &count, behind, &fault)) {
        return refuse(run, fault.code, fault.offset);
    }
    if (count == 0) {
        return refuse(run, XD_F_INPUT_EMPTY, 0);
    }
    if (count > XD_COLUMNS_MAX) {
        return refuse(run, XD_F_CSV_TOO_MANY_COLUMNS, 0);
    }
    memset(run->column_of, 0xff, sizeof(run->column_of));
    run->columns.count = (uint16_t)count;
    for (uint16_t i = 0; i < count; i++) {
        unsigned field = field_of_column(cells[i]);
        if (field == XD_ADDRESS_COUNT) {
            continue;
        }
        if (run->column_of[field] != NO_COLUMN) {
            return refuse(run, XD_F_CSV_COLUMN_TWICE, 0);
        }
        run->column_of[field] = i;
        known++;
    }
    return known || xd_error_set(run->cli->err, EX_DATAERR,
                                 "%.*s: the header has none of the columns name, company, "
                                 "address1, address2, address3, city, region, postal_code, "
                                 "country, phone, email (separated by commas)",
                                 XD_FMT(run->csv.document->file));
}

static bool
is_any(void *ctx, struct xd_slice head)
{
    (void)ctx;
    (void)head;
    return true;
}

/* Opens the input and finds the one document to read. */
static bool
open_document(struct address_run *run, const char *path, struct xd_findings *findings,
              struct xd_arena *arena)
{
    struct xd_source_options options = {
        .limits = &run->limits,
        .encoding = XD_ENCODING_NONE,
        .arena = arena,
        .findings = findings,
        .is_manifest = is_any,
    };

    if (!xd_source_open(&run->source, &options, path, run->cli->err)) {
        return false;
    }
    for (size_t i = 0; i < run->source.count; i++) {
        const struct xd_document *document = &run->source.documents[i];
        run->csv.document = document;
        if (document->use == XD_DOCUMENT_READ &&
            xd_source_check(document, 0, document->text.len, findings)) {
            return true;
        }
    }
    return refuse(run,
                  findings->count ? findings->list[findings->count - 1].code : XD_F_INPUT_EMPTY,
                  findings->count ? findings->list[findings->count - 1].offset : 0);
}

static bool
answer_document(struct address_run *run, const char *path, struct xd_arena *arena)
{
    struct xd_csv_scratch *scratch = NULL;
    struct xd_findings findings;
    struct xd_arena rows;
    size_t behind = 0;
    bool ok;

    xd_findings_init(&findings, arena, 16);
    run->csv = (struct xd_csv){.limits = &run->limits, .columns = &run->columns, .delimiter = ','};
    if (!open_document(run, path, &findings, arena) || !read_header(run, &behind)) {
        return false;
    }
    scratch = xd_csv_scratch_new(arena);
    if (!scratch) {
        return xd_error_set(run->cli->err, EX_OSERR, "no memory for the CSV reader");
    }
    xd_arena_init(&rows, CHUNK_BYTES, 0);
    if (run->as_json) {
        xd_json_array(&run->json, NULL);
    }
    ok = answer_chunks(run, behind, scratch, &rows);
    if (ok && run->as_json) {
        xd_json_end(&run->json);
    }
    ok = ok && flush(run);
    xd_arena_free(&rows);
    xd_csv_scratch_close(scratch);
    return ok;
}

static bool
prepare(struct address_run *run, const struct xd_arguments *arguments, struct xd_arena *arena)
{
    static const char *const FORMATS[] = {"tsv", "json"};
    struct xd_tables tables = {arguments->values[OPT_REFERENCE], arena};
    struct xd_error *err = run->cli->err;
    size_t format = 0;

    if (!xd_option_word("format", arguments->values[OPT_FORMAT], FORMATS, 2, &format, err) ||
        !xd_option_date(arguments->values[OPT_AS_OF], run->cli->today, &run->options.as_of, err)) {
        return false;
    }
    run->as_json = format == 1;
    run->options.carrier = xd_slice_str(arguments->values[OPT_CARRIER]);
    run->tables = xd_address_tables_load(&tables, arena, err);
    if (!run->tables || !xd_limits_load(&run->limits, &tables, err)) {
        return false;
    }
    xd_address_ctx_init(&run->ctx, run->tables);
    return true;
}

static int
run_address(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    static struct address_run run;
    struct xd_arena arena;
    bool ok;

    xd_arena_init(&arena, 1 << 18, 0);
    run = (struct address_run){.cli = cli};
    xd_buf_init(&run.out, OUTPUT_MAX);
    xd_json_init(&run.json, &run.out, false);
    ok = prepare(&run, arguments, &arena);
    if (ok) {
        ok = answer_document(&run, arguments->count ? arguments->operands[0] : "-", &arena);
        xd_address_ctx_free(&run.ctx);
        xd_source_close(&run.source);
    }
    xd_buf_free(&run.out);
    xd_arena_free(&arena);
    return !ok ? cli->err->status : run.any_wrong ? 1 : EX_OK;
}

const struct xd_command xd_cmd_address = {
    .name = "address",
    .operands = "[FILE]",
    .brief = "check the addresses of a CSV file or of standard input",
    .details =
        "Reads CSV whose header names any of name, company, address1, address2, address3, city, "
        "region,\n"
        "postal_code, country, phone, email, in any order; other columns are not read. Prints a "
        "line for each\n"
        "row, without a header line, in six columns separated by tabs: the number of the row, the "
        "first below\n"
        "the header being 1; valid, invalid or review; the canonical postal code; the region as "
        "ISO 3166-2;\n"
        "the territory; and the problems as field:problem, separated by semicolons.\n\n"
        "Problems are missing, unexpected, unknown, format, mismatch, po_box, unsupported, "
        "placeholder,\n"
        "too_long and embargo. invalid: at least one is an error. review: a person must look, as "
        "for a post\n"
        "office box, a region partly under embargo, or a postal code that was corrected. A problem "
        "that stops\n"
        "nothing, as a postal code where the country has none, leaves the row valid. A column that "
        "is not in\n"
        "the file counts as empty; a row with another number of columns than the header is "
        "row:format.\n\n"
        "The territory is that of special VAT or customs rules, and empty everywhere else: a code "
        "such as IC\n"
        "or XI where the parcel is treated under another code than the country's, otherwise its "
        "name.\n\n"
        "Exit status: 0 when every row is valid, 1 when one is not.",
    .options = OPTIONS,
    .least = 0,
    .most = 1,
    .run = run_address,
};
