/*
 * The EDIFACT and X12 readers and the syntax acknowledgements, driven directly: every sample gives
 * the same rows, and each row of edi_broken.tsv is a sample with one thing changed, the findings
 * that makes (place and faulty value included), what becomes of each message, and what the partner
 * is told.
 */
#include "table_test.h"

#include <malloc.h>

#include "base/buf.h"
#include "reader/reader.h"
#include "writer/ack.h"

#define ROWS_MOST 64

static const char *const SAMPLES[] = {"edi/desadv_d96a.edi", "edi/desadv_d01b.edi",
                                      "edi/desadv_d04a.edi", "edi/856_4010.x12",
                                      "edi/856_5010.x12",    "edi/945_4010.x12"};

struct run {
    struct xd_arena arena;
    struct xd_tables tables;
    struct xd_limits limits;
    struct xd_finding_texts texts;
    struct xd_edi_codes codes;
    struct xd_findings findings;
    struct xd_interchange *interchanges;
    struct xd_error err;
    struct xd_rows batches[ROWS_MOST];
    struct xd_arena arenas[ROWS_MOST]; /* of their rows */
    size_t batch_count;
    size_t settled; /* batches that cannot be called back any more */
    size_t recalled;
    uint32_t rows;
    struct xd_reading *reading;
    bool forgets;     /* keeps no rows */
    size_t heap_most; /* bytes in use */
    bool refused;
};

static bool
take(void *taker, struct xd_rows *rows)
{
    struct run *run = taker;

    assert_true(run->batch_count < ROWS_MOST);
    assert_int_equal(rows->first_row, run->rows + 1);
    assert_true(rows->count > 0);
    run->arenas[run->batch_count] = *run->reading->rows_arena;
    xd_arena_init(run->reading->rows_arena, 1 << 16, 0);
    run->batches[run->batch_count++] = *rows;
    run->rows += rows->count;
    return true;
}

static void
recall(void *taker, size_t batches)
{
    struct run *run = taker;

    assert_true(batches <= run->batch_count - run->settled);
    run->recalled += batches;
    for (; batches > 0; batches--) {
        run->rows -= run->batches[--run->batch_count].count;
        xd_arena_free(&run->arenas[run->batch_count]);
    }
}

static void
settle(void *taker)
{
    struct run *run = taker;

    run->settled = run->batch_count;
}

static void
close_run(struct run *run)
{
    while (run->batch_count > 0) {
        xd_arena_free(&run->arenas[--run->batch_count]);
    }
    xd_arena_free(&run->arena);
}

static void
open_run(struct run *run)
{
    *run = (struct run){.rows = 0};
    xd_arena_init(&run->arena, 1 << 16, 0);
    run->tables = (struct xd_tables){NULL, &run->arena};
    assert_true(xd_limits_load(&run->limits, &run->tables, &run->err));
    assert_true(xd_finding_texts_load(&run->texts, &run->tables, &run->err));
    assert_true(xd_edi_codes_load(&run->codes, &run->tables, &run->err));
    xd_findings_init(&run->findings, &run->arena, 1000);
}

static bool take_and_forget(void *taker, struct xd_rows *rows);

static void
read_text(struct run *run, struct xd_slice text)
{
    struct xd_document *document = xd_arena_alloc(&run->arena, sizeof(*document));
    const char *reason = NULL;
    const struct xd_reader *reader = xd_reader_choose(text, &reason);

    document->text = text;
    assert_non_null(reader);
    assert_non_null(reader->read);
    struct xd_reading reading = {.document = document,
                                 .limits = &run->limits,
                                 .tables = &run->tables,
                                 .findings = &run->findings,
                                 .arena = &run->arena,
                                 .err = &run->err,
                                 .interchanges = run->interchanges,
                                 .take = run->forgets ? take_and_forget : take,
                                 .recall = recall,
                                 .settle = settle,
                                 .taker = run};
    run->reading = &reading;
    if (!reader->read(&reading)) {
        fail_msg("%s", run->err.text);
    }
    run->refused = reading.refused;
    run->reading = NULL;
    run->interchanges = reading.interchanges;
}

static struct xd_slice
load(struct run *run, struct xd_slice name)
{
    const char *root = getenv("XD_ROOT");
    struct xd_slice text;
    char path[1024];

    (void)snprintf(path, sizeof(path), "%s/samples/%.*s", root ? root : ".", XD_FMT(name));
    if (!xd_file_read(path, &run->arena, 1 << 24, &text, &run->err)) {
        fail_msg("%s", run->err.text);
    }
    return text;
}

/* --- the same rows from every format --- */

static struct run same;

static void
row_case(const struct xd_slice *cells, const char *where)
{
    static uint32_t at;
    struct xd_rows *rows = &same.batches[0];
    uint32_t row = at++ % rows->count;

    for (unsigned field = 0; field < 24; field++) {
        static const enum xd_field ORDER[24] = {XD_FIELD_MANIFEST_ID,
                                                XD_FIELD_ORDER_ID,
                                                XD_FIELD_PARCEL_CODE,
                                                XD_FIELD_TRACKING_NUMBER,
                                                XD_FIELD_SKU,
                                                XD_FIELD_DESCRIPTION,
                                                XD_FIELD_QUANTITY,
                                                XD_FIELD_UNIT_PRICE,
                                                XD_FIELD_CURRENCY,
                                                XD_FIELD_HS_CODE,
                                                XD_FIELD_ORIGIN_COUNTRY,
                                                XD_FIELD_WEIGHT_G,
                                                XD_FIELD_RECIPIENT_NAME,
                                                XD_FIELD_ADDRESS1,
                                                XD_FIELD_ADDRESS2,
                                                XD_FIELD_CITY,
                                                XD_FIELD_REGION,
                                                XD_FIELD_POSTAL_CODE,
                                                XD_FIELD_COUNTRY,
                                                XD_FIELD_PHONE,
                                                XD_FIELD_EMAIL,
                                                XD_FIELD_CARRIER,
                                                XD_FIELD_SERVICE,
                                                XD_FIELD_SHIP_DATE};
        struct xd_slice value = xd_rows_get(rows, row, ORDER[field], &same.arena);
        if (!xd_slice_eq(value, cells[field])) {
            fail_msg("%s: %s is %.*s", where, xd_field_name(ORDER[field]), XD_FMT(value));
        }
    }
}

static const char *const ROW_COLUMNS[] = {
    "manifest_id",    "order_id", "parcel_code",    "tracking_number", "sku",
    "description",    "quantity", "unit_price",     "currency",        "hs_code",
    "origin_country", "weight_g", "recipient_name", "address1",        "address2",
    "city",           "region",   "postal_code",    "country",         "phone",
    "email",          "carrier",  "service",        "ship_date"};

static void
test_samples_give_the_same_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        open_run(&same);
        read_text(&same, load(&same, xd_slice_str(SAMPLES[i])));
        assert_int_equal(same.findings.count, 0);
        assert_int_equal(same.rows, 11);
        each_table_row("edi_rows", ROW_COLUMNS, 24, row_case);
        close_run(&same);
    }
}

/* The text on lines of `columns` bytes and not a segment a line: what transfers of fixed records
 * make of it, wherever that cuts. */
static struct xd_slice
wrap(struct run *run, struct xd_slice text, size_t columns, struct xd_slice line_end)
{
    char *out = xd_arena_alloc(&run->arena, text.len * (1 + line_end.len));
    size_t column = 0;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            continue;
        }
        if (column == columns) {
            memcpy(out + len, line_end.ptr, line_end.len);
            len += line_end.len;
            column = 0;
        }
        out[len++] = text.ptr[i];
        column++;
    }
    return xd_slice_of(out, len);
}

static void
test_wrapped_samples_give_the_same_rows(void **state)
{
    static const struct xd_slice ENDS[] = {{"\n", 1}, {"\r\n", 2}};

    (void)state;
    for (size_t i = 0; i < 6 * 2 * 3; i++) {
        if (i / 6 == 4) {
            continue; /* its segments end with line ends */
        }
        size_t columns = i % 3 == 0 ? 80 : i % 3 == 1 ? 17 : 41;
        open_run(&same);
        read_text(&same,
                  wrap(&same, load(&same, xd_slice_str(SAMPLES[i / 6])), columns, ENDS[i / 3 % 2]));
        if (same.findings.count != 1 || same.findings.list[0].code != XD_F_EDI_LINE_BREAK) {
            fail_msg("%s in lines of %zu: %zu findings, the first %.*s at %llu", SAMPLES[i / 6],
                     columns, same.findings.count,
                     XD_FMT(same.texts.of[same.findings.list[0].code].slug),
                     (unsigned long long)same.findings.list[0].offset);
        }
        assert_int_equal(same.interchanges->verdict, XD_EDI_ACCEPTED);
        assert_int_equal(same.rows, 11);
        each_table_row("edi_rows", ROW_COLUMNS, 24, row_case);
        close_run(&same);
    }
}

/* --- one thing changed --- */

/* "\n", "\\", "\xE4". */
static struct xd_slice
unescape(struct xd_arena *arena, struct xd_slice text)
{
    char *out = xd_arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\\' || i + 1 == text.len) {
            out[len++] = text.ptr[i];
        } else if (text.ptr[i + 1] == 'x') {
            char hex[3] = {text.ptr[i + 2], text.ptr[i + 3], 0};
            out[len++] = (char)strtoul(hex, NULL, 16);
            i += 3;
        } else {
            out[len++] = text.ptr[++i] == 'n' ? '\n' : text.ptr[i];
        }
    }
    return xd_slice_of(out, len);
}

/* Replaces the first `from` in the text by `to`; an empty `from` appends. */
static struct xd_slice
replace(struct xd_arena *arena, struct xd_slice text, struct xd_slice from, struct xd_slice to)
{
    const char *at =
        from.len ? memmem(text.ptr, text.len, from.ptr, from.len) : text.ptr + text.len;
    char *out = xd_arena_alloc(arena, text.len + to.len + 1);
    size_t before;

    if (!at) {
        fail_msg("the sample does not hold \"%.*s\"", XD_FMT(from));
        return text;
    }
    before = (size_t)(at - text.ptr);
    memcpy(out, text.ptr, before);
    memcpy(out + before, to.ptr, to.len);
    memcpy(out + before + to.len, at + from.len, text.len - before - from.len);
    return xd_slice_of(out, text.len - from.len + to.len);
}

/* "FROM=>TO" one or more times, between them " ;; ". */
static struct xd_slice
edit(struct run *run, struct xd_slice text, struct xd_slice edits)
{
    while (edits.len) {
        const char *end = memmem(edits.ptr, edits.len, " ;; ", 4);
        size_t len = end ? (size_t)(end - edits.ptr) : edits.len;
        struct xd_slice one = xd_slice_of(edits.ptr, len);
        const char *arrow = memmem(one.ptr, one.len, "=>", 2);
        assert_non_null(arrow);
        size_t from = (size_t)(arrow - one.ptr);
        text = replace(&run->arena, text, unescape(&run->arena, xd_slice_sub(one, 0, from)),
                       unescape(&run->arena, xd_slice_sub(one, from + 2, one.len)));
        edits = xd_slice_sub(edits, len + (end ? 4 : 0), edits.len);
    }
    return text;
}

/* "slug @OFFSET place [value]" of each finding. The offset is counted from the end of the text when
 * that is shorter. */
static void
put_findings(const struct run *run, struct xd_buf *out)
{
    for (size_t i = 0; i < run->findings.count; i++) {
        const struct xd_finding *finding = &run->findings.list[i];
        xd_buf_printf(out, "%s%.*s @%llu %.*s", i ? " | " : "",
                      XD_FMT(run->texts.of[finding->code].slug),
                      (unsigned long long)finding->offset, XD_FMT(finding->detail));
        if (finding->value.len) {
            xd_buf_printf(out, " [%.*s]", (int)(finding->value.len > 30 ? 30 : finding->value.len),
                          finding->value.ptr);
        }
    }
}

/* "A:AAR" of each interchange: itself, then its messages. */
static void
put_verdicts(const struct run *run, struct xd_buf *out)
{
    static const char LETTERS[] = "AER";

    for (const struct xd_interchange *i = run->interchanges; i; i = i->next) {
        xd_buf_printf(out, "%s%c:", i == run->interchanges ? "" : " ", LETTERS[i->verdict]);
        for (const struct xd_edi_group *group = i->first; group; group = group->next) {
            for (const struct xd_edi_message *m = group->first; m; m = m->next) {
                xd_buf_char(out, LETTERS[m->verdict]);
            }
        }
    }
}

static void
expect_text(const char *where, const char *what, struct xd_buf *got, struct xd_slice due)
{
    for (size_t i = 0; i < got->len; i++) {
        unsigned char c = (unsigned char)got->ptr[i];
        got->ptr[i] = c < 0x20 || c >= 0x80 ? '~' : got->ptr[i];
    }
    if (!xd_slice_eq(xd_buf_slice(got), due)) {
        fail_msg("%s: %s\n  got %.*s\n  due %.*s", where, what, (int)got->len,
                 got->len ? got->ptr : "", XD_FMT(due));
    }
}

static void
put_acks(struct run *run, struct xd_buf *out)
{
    struct xd_ack_in in = {.interchange = run->interchanges,
                           .codes = &run->codes,
                           .texts = &run->texts,
                           .tables = &run->tables};
    size_t kept = 0;

    assert_true(xd_date_parse(XD_LIT("2026-11-22"), &in.as_of));
    assert_true(xd_ack_write_all(&in, out, &run->err));
    for (size_t i = 0; i < out->len; i++) {
        out->ptr[kept] = out->ptr[i];
        kept += out->ptr[i] != '\n';
    }
    out->len = kept;
}

static void
broken_case(const struct xd_slice *cells, const char *where)
{
    struct xd_slice limits = cells[2];
    struct xd_buf got;
    struct run run;
    uint64_t rows;

    open_run(&run);
    xd_buf_init(&got, 1 << 20);
    if (limits.len) {
        char assignment[100];
        (void)snprintf(assignment, sizeof(assignment), "%.*s", XD_FMT(limits));
        assert_true(xd_limits_set(&run.limits, assignment, &run.err));
    }
    read_text(&run, edit(&run, load(&run, cells[0]), cells[1]));
    put_findings(&run, &got);
    expect_text(where, "findings", &got, cells[3]);
    got.len = 0;
    put_verdicts(&run, &got);
    expect_text(where, "verdicts", &got, cells[4]);
    assert_true(xd_slice_u64(cells[5], &rows));
    if (run.rows != rows) {
        fail_msg("%s: %u rows", where, run.rows);
    }
    got.len = 0;
    put_acks(&run, &got);
    if (cells[6].len && !memmem(got.ptr, got.len, cells[6].ptr, cells[6].len)) {
        fail_msg("%s: the acknowledgement lacks %.*s:\n%.*s", where, XD_FMT(cells[6]), (int)got.len,
                 got.ptr);
    }
    xd_buf_free(&got);
    close_run(&run);
}

static void
test_broken_twins(void **state)
{
    static const char *const COLUMNS[] = {"sample",   "edits", "limit",          "findings",
                                          "verdicts", "rows",  "acknowledgement"};

    (void)state;
    each_table_row("edi_broken", COLUMNS, 7, broken_case);
}

/* --- properties --- */

/* A sample cut at any byte gives no row: its trailer would have to be whole. */
static void
test_cut_anywhere_gives_no_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct run run;
        open_run(&run);
        struct xd_slice text = load(&run, xd_slice_str(SAMPLES[i]));
        size_t whole = xd_slice_trim(text).len;
        for (size_t len = 110; len + 1 < whole; len += 1 + len % 7) {
            run.interchanges = NULL;
            run.findings.count = 0;
            read_text(&run, xd_slice_sub(text, 0, len));
            assert_true(run.refused);
            assert_int_equal(run.rows, 0);
            assert_true(run.findings.count > 0);
        }
        close_run(&run);
    }
}

/* One byte in a hundred becomes another: whatever that makes, rows come from accepted messages
 * only, and a text that is refused says why. */
static void
test_mutations_are_told(void **state)
{
    uint64_t seed = 20261122;

    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        struct run run;
        open_run(&run);
        struct xd_slice text = load(&run, xd_slice_str(SAMPLES[round % 6]));
        char *copy = xd_arena_alloc(&run.arena, text.len);
        memcpy(copy, text.ptr, text.len);
        for (size_t i = 0; i < text.len / 100; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            copy[106 + (seed >> 33) % (text.len - 106)] = (char)(seed >> 24);
        }
        read_text(&run, xd_slice_of(copy, text.len));
        uint32_t rows = 0;
        for (const struct xd_interchange *i = run.interchanges; i; i = i->next) {
            for (const struct xd_edi_group *group = i->first; group; group = group->next) {
                for (const struct xd_edi_message *m = group->first; m; m = m->next) {
                    assert_true(m->rows == 0 || m->verdict != XD_EDI_REJECTED);
                    rows += m->rows;
                }
            }
        }
        assert_int_equal(rows, run.rows);
        assert_true(!run.refused || run.findings.count > 0);
        close_run(&run);
    }
}

/* --- large interchanges --- */

struct plan {
    unsigned messages;
    unsigned lines;       /* of each message */
    unsigned wrong_count; /* message whose UNT counts wrong; 0: none */
    unsigned groups;      /* UNG around that many messages each; 0: none */
    unsigned wrong_group; /* group whose UNE counts wrong; 0: none */
    bool wrong_end;       /* UNZ counts wrong */
};

/* A line's description is its number in the interchange, with a release character in it. */
static void
make_large(struct xd_buf *out, const struct plan *plan)
{
    unsigned line = 0;

    out->len = 0;
    xd_buf_str(out, "UNB+UNOC:3+SENDER:ZZ+RECIPIENT:ZZ+261122:0615+LARGE'");
    for (unsigned m = 1; m <= plan->messages; m++) {
        if (plan->groups && (m - 1) % plan->groups == 0) {
            xd_buf_printf(out, "UNG+DESADV+A+B+261122:0615+G%u+UN+D:96A'", m / plan->groups + 1);
        }
        xd_buf_printf(out, "UNH+%u+DESADV:D:96A:UN'BGM+351+DA-%u+9'RFF+ON:SO-%u'CPS+1'", m, m, m);
        for (unsigned i = 1; i <= plan->lines; i++) {
            xd_buf_printf(out, "LIN+%u++TEE:SA'IMD+F++:::it?'s %u'QTY+12:1:PCE'", i, ++line);
        }
        xd_buf_printf(out, "UNT+%u+%u'", 5 + 3 * plan->lines + (m == plan->wrong_count), m);
        if (plan->groups && m % plan->groups == 0) {
            unsigned group = m / plan->groups;
            xd_buf_printf(out, "UNE+%u+G%u'", plan->groups + (group == plan->wrong_group), group);
        }
    }
    xd_buf_printf(out, "UNZ+%u+LARGE'",
                  (plan->groups ? plan->messages / plan->groups : plan->messages) +
                      plan->wrong_end);
    assert_false(out->failed);
}

static struct xd_slice
description(struct run *run, uint32_t number)
{
    size_t batch = 0;

    while (number >= run->batches[batch].count) {
        number -= run->batches[batch++].count;
        assert_true(batch < run->batch_count);
    }
    return xd_rows_get(&run->batches[batch], number, XD_FIELD_DESCRIPTION, &run->arena);
}

/* The rows that are left are the lines outside [from, to), in order, and nothing of them changed
 * when their batch was divided. */
static void
expect_lines(struct run *run, uint32_t lines, uint32_t from, uint32_t to)
{
    uint32_t row = 0;

    assert_int_equal(run->rows, lines - (to - from));
    for (uint32_t line = 0; line < lines; line++) {
        char due[40];
        if (line >= from && line < to) {
            continue;
        }
        int len = snprintf(due, sizeof(due), "it's %u", line + 1);
        struct xd_slice is = description(run, row++);
        if (!xd_slice_eq(is, xd_slice_of(due, (size_t)len))) {
            fail_msg("row %u is \"%.*s\", not \"%s\"", row, XD_FMT(is), due);
        }
    }
}

static void
large_case(const struct plan *plan, uint32_t from, uint32_t to, bool recalls)
{
    struct xd_buf text;
    struct run run;

    xd_buf_init(&text, 1 << 24);
    make_large(&text, plan);
    open_run(&run);
    read_text(&run, xd_buf_slice(&text));
    expect_lines(&run, plan->messages * plan->lines, from, to);
    assert_int_equal(run.recalled > 0, recalls);
    assert_int_equal(run.refused, run.rows == 0);
    xd_buf_free(&text);
    close_run(&run);
}

static void
test_rows_are_called_back(void **state)
{
    (void)state;
    /* Nothing is refused: one message of many batches, and many messages in one batch. */
    large_case(&(struct plan){.messages = 1, .lines = 9999}, 0, 0, false);
    large_case(&(struct plan){.messages = 99, .lines = 101}, 0, 0, false);
    /* A message that is larger than a batch, between small and between large ones. */
    large_case(&(struct plan){.messages = 3, .lines = 6000, .wrong_count = 2}, 6000, 12000, true);
    large_case(&(struct plan){.messages = 50, .lines = 300, .wrong_count = 14}, 3900, 4200, false);
    large_case(&(struct plan){.messages = 50, .lines = 300, .wrong_count = 1}, 0, 300, false);
    /* A group of many batches, the others stay. */
    large_case(&(struct plan){.messages = 12, .lines = 2000, .groups = 4, .wrong_group = 2}, 8000,
               16000, true);
    large_case(&(struct plan){.messages = 12, .lines = 300, .groups = 4, .wrong_group = 3}, 2400,
               3600, false);
    /* The interchange. */
    large_case(&(struct plan){.messages = 12, .lines = 2000, .wrong_end = true}, 0, 24000, true);
    large_case(&(struct plan){.messages = 12, .lines = 20, .wrong_end = true}, 0, 240, false);
}

/* Two interchanges: the refused one takes nothing of the good one with it, whichever comes first.
 */
static void
test_a_refused_interchange_leaves_the_others(void **state)
{
    (void)state;
    for (unsigned bad = 0; bad < 2; bad++) {
        struct xd_buf text;
        struct xd_buf both;
        struct run run;
        xd_buf_init(&text, 1 << 24);
        xd_buf_init(&both, 1 << 24);
        for (unsigned i = 0; i < 2; i++) {
            make_large(&text, &(struct plan){.messages = 3, .lines = 3000, .wrong_end = i == bad});
            /* Another reference: a duplicate would be refused for that. */
            memcpy(memmem(text.ptr, text.len, "LARGE", 5), i ? "OTHER" : "FIRST", 5);
            memcpy(text.ptr + text.len - 6, i ? "OTHER" : "FIRST", 5);
            xd_buf_put(&both, xd_buf_slice(&text));
        }
        open_run(&run);
        read_text(&run, xd_buf_slice(&both));
        expect_lines(&run, 9000, 0, 0);
        assert_int_equal(run.interchanges->verdict == XD_EDI_REJECTED, bad == 0);
        assert_int_equal(run.interchanges->next->verdict == XD_EDI_REJECTED, bad == 1);
        xd_buf_free(&text);
        xd_buf_free(&both);
        close_run(&run);
    }
}

/* Counts the rows and forgets them; notes how much of the heap is in use. */
static bool
take_and_forget(void *taker, struct xd_rows *rows)
{
    struct run *run = taker;
    size_t used = mallinfo2().uordblks + mallinfo2().hblkhd;

    run->rows += rows->count;
    run->heap_most = used > run->heap_most ? used : run->heap_most;
    return true;
}

/* Bytes of heap that reading the interchange took at most, beside its text. */
static size_t
heap_of(const struct plan *plan)
{
    struct xd_buf text;
    struct run run;
    size_t before;

    xd_buf_init(&text, 1 << 26);
    make_large(&text, plan);
    open_run(&run);
    run.forgets = true;
    before = mallinfo2().uordblks + mallinfo2().hblkhd;
    read_text(&run, xd_buf_slice(&text));
    assert_int_equal(run.rows, plan->messages * plan->lines);
    xd_buf_free(&text);
    close_run(&run);
    return run.heap_most > before ? run.heap_most - before : 0;
}

/* Ten times the lines take not a byte more; a message takes what its answer needs. */
static void
test_memory_does_not_grow(void **state)
{
    size_t small = heap_of(&(struct plan){.messages = 10, .lines = 900});
    size_t longer = heap_of(&(struct plan){.messages = 10, .lines = 9000});
    size_t more = heap_of(&(struct plan){.messages = 100, .lines = 900});

    (void)state;
    print_message("heap beside the text: %zu bytes, ten times the lines %zu, the messages %zu\n",
                  small, longer, more);
    assert_true(longer <= small + 4096);
    assert_true(more <= small + 90 * 512 + 4096);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_give_the_same_rows),
        cmocka_unit_test(test_wrapped_samples_give_the_same_rows),
        cmocka_unit_test(test_broken_twins),
        cmocka_unit_test(test_cut_anywhere_gives_no_rows),
        cmocka_unit_test(test_mutations_are_told),
        cmocka_unit_test(test_rows_are_called_back),
        cmocka_unit_test(test_a_refused_interchange_leaves_the_others),
        cmocka_unit_test(test_memory_does_not_grow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
