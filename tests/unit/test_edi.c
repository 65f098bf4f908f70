/*
 * The EDIFACT and X12 readers and the syntax acknowledgements, driven directly: every sample gives
 * the same rows, and each row of edi_broken.tsv is a sample with one thing changed, the findings
 * that makes (place and faulty value included), what becomes of each message, and what the partner
 * is told.
 */
#include "edi_test.h"

static const char *const SAMPLES[] = {"edi/desadv_d96a.edi", "edi/desadv_d01b.edi",
                                      "edi/desadv_d04a.edi", "edi/856_4010.x12",
                                      "edi/856_5010.x12",    "edi/945_4010.x12"};

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

/* Element, component, release and segment. */
struct separators {
    char element;
    char component;
    char release;
    char segment;
};

/* The text with other separators. Where they can be released, data that looks like them is; else
 * the sample has no such data. */
static struct xd_slice
separate(struct run *run, struct xd_slice text, struct separators old, struct separators new)
{
    char *out = xd_arena_alloc(&run->arena, text.len * 2);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool data = old.release && c == old.release;
        if (c == '\n') {
            continue;
        }
        c = data ? text.ptr[++i] : c;
        if (!data && c == old.element) {
            out[len++] = new.element;
        } else if (!data && c == old.component) {
            out[len++] = new.component;
        } else if (!data && c == old.segment) {
            out[len++] = new.segment;
        } else {
            if (new.release && memchr(&new, c, sizeof(new))) {
                out[len++] = new.release;
            }
            out[len++] = c;
        }
    }
    return xd_slice_of(out, len);
}

static void
expect_same_rows(struct xd_slice text)
{
    read_text(&same, text);
    assert_int_equal(same.findings.count, 0);
    assert_int_equal(same.rows, 11);
    each_table_row("edi_rows", ROW_COLUMNS, 24, row_case);
    close_run(&same);
}

static void
test_any_separators_give_the_same_rows(void **state)
{
    static const struct separators X12[] = {{'~', '>', 0, '*'},          {'|', '^', 0, '\n'},
                                            {'\x1d', '\x1f', 0, '\x1c'}, {'!', '%', 0, '\r'},
                                            {'#', '$', 0, '&'},          {'\t', ';', 0, '\x7f'}};
    static const struct separators EDIFACT[] = {{'|', '^', '\\', '~'},
                                                {'\x1d', '\x1f', '?', '\x1c'},
                                                {'*', ',', '!', '\n'},
                                                {'-', '/', '@', '\r'},
                                                {'"', '(', ')', '&'}};

    (void)state;
    for (size_t i = 0; i < sizeof(X12) / sizeof(X12[0]); i++) {
        open_run(&same);
        expect_same_rows(separate(&same, load(&same, xd_slice_str(SAMPLES[3])),
                                  (struct separators){'*', '>', 0, '~'}, X12[i]));
    }
    for (size_t i = 0; i < sizeof(EDIFACT) / sizeof(EDIFACT[0]); i++) {
        const struct separators *new = &EDIFACT[i];
        struct xd_slice body;
        char *text;
        open_run(&same);
        body = xd_slice_sub(load(&same, xd_slice_str(SAMPLES[0])), 10, SIZE_MAX);
        body = separate(&same, body, (struct separators){'+', ':', '?', '\''}, *new);
        text = xd_arena_alloc(&same.arena, body.len + 10);
        (void)snprintf(text, 10, "UNA%c%c.%c %c", new->component, new->element, new->release,
                       new->segment);
        memcpy(text + 9, body.ptr, body.len);
        expect_same_rows(xd_slice_of(text, body.len + 9));
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

static void
same_case(const struct xd_slice *cells, const char *where)
{
    open_run(&same);
    read_text(&same, edit(&same, load(&same, cells[0]), cells[1]));
    if (same.rows != 11) {
        fail_msg("%s: %u rows", where, same.rows);
    }
    each_table_row("edi_rows", ROW_COLUMNS, 24, row_case);
    close_run(&same);
}

/* The same things said in another way that partners use. */
static void
test_other_ways_give_the_same_rows(void **state)
{
    static const char *const COLUMNS[] = {"sample", "edits"};

    (void)state;
    each_table_row("edi_same", COLUMNS, 2, same_case);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_give_the_same_rows),
        cmocka_unit_test(test_wrapped_samples_give_the_same_rows),
        cmocka_unit_test(test_any_separators_give_the_same_rows),
        cmocka_unit_test(test_other_ways_give_the_same_rows),
        cmocka_unit_test(test_broken_twins),
        cmocka_unit_test(test_cut_anywhere_gives_no_rows),
        cmocka_unit_test(test_mutations_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
