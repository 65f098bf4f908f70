/*
 * Options become a run, the run becomes a report and an exit status. Machine forms go to standard
 * output alone, so that a program behind a pipe sees nothing else.
 */
#include "cli/run_command.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "pipeline/acks.h"
#include "pipeline/run.h"
#include "pipeline/workers.h"
#include "writer/report.h"

#define DEFAULT_STORE "crossdock.db"
#define REPORT_MAX    ((size_t)1 << 30)
#define MAP_MAX       ((size_t)1 << 20)

enum form { FORM_TEXT, FORM_SHORT, FORM_JSON, FORM_JSONL, FORM_CSV };

struct job {
    struct xd_cli *cli;
    struct xd_run_tables *tables;
    struct xd_run_options options;
    struct xd_run run;
    struct xd_arena arena;
    struct xd_mapping mapping;
    size_t form;
    size_t fail_on;
};

static bool
set_limits(struct job *job, const char *list)
{
    struct xd_slice rest = xd_slice_str(list);
    struct xd_slice one;

    while (xd_slice_next(&rest, ',', &one)) {
        struct xd_slice text = xd_arena_copy(&job->arena, one);
        if (!xd_limits_set(&job->tables->limits, text.ptr, job->cli->err)) {
            return false;
        }
    }
    return true;
}

static bool
read_choices(struct job *job, const char *const *values)
{
    static const char *const FORMS[] = {"text", "short", "json", "jsonl", "csv"};
    static const char *const LEVELS[] = {"error", "warning", "note", "never"};
    struct xd_error *err = job->cli->err;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t threads = processors > 0 ? (uint64_t)processors : 1;

    threads = threads > XD_WORKERS_MAX ? XD_WORKERS_MAX : threads;
    if (!xd_option_date(values[XD_RUN_AS_OF], job->cli->today, &job->options.as_of, err) ||
        !xd_option_word("format", values[XD_RUN_FORMAT], FORMS, 5, &job->form, err) ||
        !xd_option_word("fail-on", values[XD_RUN_FAIL_ON], LEVELS, 4, &job->fail_on, err) ||
        !xd_option_number("threads", values[XD_RUN_THREADS], 1, XD_WORKERS_MAX, &threads, err)) {
        return false;
    }
    job->options.threads = (unsigned)threads;
    if (values[XD_RUN_ENCODING] &&
        !xd_encoding_find(xd_slice_str(values[XD_RUN_ENCODING]), &job->options.encoding)) {
        return xd_error_set(err, EX_USAGE, "the encoding %s is not one that crossdock reads",
                            values[XD_RUN_ENCODING]);
    }
    return true;
}

static bool
read_tables(struct job *job, const char *const *values)
{
    struct xd_error *err = job->cli->err;
    struct xd_slice text;

    if (!xd_run_tables_load(job->tables, values[XD_RUN_REFERENCE], job->options.as_of, err)) {
        return false;
    }
    if (values[XD_RUN_LIMIT] && !set_limits(job, values[XD_RUN_LIMIT])) {
        return false;
    }
    if (!values[XD_RUN_MAP]) {
        return true;
    }
    job->options.mapping = &job->mapping;
    return xd_file_read(values[XD_RUN_MAP], &job->arena, MAP_MAX, &text, err) &&
           xd_mapping_load(&job->mapping, &job->tables->dialects, values[XD_RUN_MAP], text,
                           &job->arena, err);
}

/* Choices that exclude each other: one would be passed over without a word. */
static bool
check_choices(const struct xd_arguments *arguments, struct xd_error *err)
{
    size_t streams = 0;

    for (size_t i = 0; i < arguments->count; i++) {
        streams += strcmp(arguments->operands[i], "-") == 0;
    }
    for (size_t i = 0; i < arguments->many_count; i++) {
        streams += strcmp(arguments->many[i], "-") == 0;
    }
    if (streams > 1) {
        return xd_error_set(err, EX_USAGE, "standard input, \"-\", can be read only once");
    }
    return !arguments->values[XD_RUN_ORDERS] || !arguments->values[XD_RUN_STORE] ||
           xd_error_set(err, EX_USAGE, "the orders come from --orders or from --store, not both");
}

/* Orders come from the files that were given; else from the store that was given; else from the
 * usual one. */
static bool
open_orders(struct job *job, const struct xd_arguments *arguments)
{
    const char *const *values = arguments->values;
    const char *path = values[XD_RUN_STORE] ? values[XD_RUN_STORE] : DEFAULT_STORE;
    struct xd_store_options options = {
        .path = path, .tables = &job->tables->source, .arena = &job->arena};

    if (values[XD_RUN_ORDERS]) {
        job->options.orders = arguments->many;
        job->options.order_count = arguments->many_count;
        return true;
    }
    if (!values[XD_RUN_STORE] && access(path, F_OK) != 0) {
        return !job->options.out ||
               xd_error_set(job->cli->err, EX_NOINPUT,
                            "there are no orders: give --orders FILE, or fill the store with "
                            "`crossdock orders import FILE`");
    }
    job->options.store_kind = &xd_store_sqlite;
    job->options.store = xd_store_sqlite.open(&options, job->cli->err);
    return job->options.store;
}

static void
print_report(struct job *job)
{
    struct xd_reports reports = {&job->run.summary, job->tables->texts};
    struct xd_buf buf;

    xd_buf_init(&buf, REPORT_MAX);
    switch ((enum form)job->form) {
    case FORM_TEXT:
        if (!job->options.out) {
            xd_report_diagnostics(&reports, job->cli->color, &buf);
            (void)xd_acks_show(&job->run, &buf, job->cli->err);
        }
        xd_report_summary(&reports, &buf);
        break;
    case FORM_SHORT:
        xd_report_short(&reports, &buf);
        break;
    case FORM_JSON:
        xd_report_json(&reports, &buf);
        break;
    case FORM_JSONL:
        xd_report_jsonl(&reports, &buf);
        break;
    case FORM_CSV:
        xd_report_csv(&reports, &buf);
        break;
    }
    if (buf.failed) {
        xd_error_set(job->cli->err, EX_OSERR, "not enough memory for the report");
    }
    if (buf.len > 0) {
        (void)fwrite(buf.ptr, 1, buf.len, stdout);
    }
    xd_buf_free(&buf);
}

/* 2 when an input was of no use at all, 1 when there is a finding that counts, else 0. */
static int
status_of(const struct job *job)
{
    static const char *const SEVERITIES[] = {"error", "warning", "note"};

    if (job->run.summary.refused) {
        return 2;
    }
    for (unsigned code = XD_F_NONE + 1; code < XD_F_COUNT && job->fail_on < 3; code++) {
        for (size_t level = 0; job->run.findings.totals[code] && level <= job->fail_on; level++) {
            if (xd_slice_eq(job->tables->texts->of[code].severity,
                            xd_slice_str(SEVERITIES[level]))) {
                return 1;
            }
        }
    }
    return 0;
}

static int
run_job(struct job *job, const struct xd_arguments *arguments)
{
    int status = 0;

    if (!check_choices(arguments, job->cli->err) || !read_choices(job, arguments->values) ||
        !read_tables(job, arguments->values) || !open_orders(job, arguments)) {
        return job->cli->err->status;
    }
    if (xd_run(&job->run, &job->options, job->tables, job->cli->err)) {
        print_report(job);
        status = status_of(job);
    }
    xd_run_close(&job->run);
    if (job->options.store) {
        job->options.store_kind->close(job->options.store);
    }
    return job->cli->err->status ? job->cli->err->status : status;
}

int
xd_run_command(struct xd_cli *cli, const struct xd_arguments *arguments, const char *command,
               const char *out)
{
    struct xd_arena arena;
    struct job *job;
    int status = EX_OSERR;

    xd_arena_init(&arena, 1 << 16, 0);
    job = xd_arena_alloc(&arena, sizeof(*job));
    if (job) {
        job->tables = xd_arena_alloc(&arena, sizeof(*job->tables));
    }
    if (job && job->tables) {
        xd_arena_init(&job->arena, 1 << 14, 0);
        job->cli = cli;
        job->options.command = command;
        job->options.out = out;
        job->options.manifests = (const char *const *)arguments->operands;
        job->options.manifest_count = arguments->count;
        status = run_job(job, arguments);
        xd_run_tables_free(job->tables);
        xd_arena_free(&job->arena);
    }
    xd_arena_free(&arena);
    return status;
}
