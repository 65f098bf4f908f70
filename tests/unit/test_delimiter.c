/* The shape of a CSV from its first bytes, from tests/tables/delimiter.tsv. */
#include "table_test.h"

#include "reader/delimiter.h"

static struct xd_arena g_arena;
static struct xd_dialects g_dialects;

static int
set_up(void **state)
{
    struct xd_tables tables = {NULL, &g_arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&g_arena, 1 << 16, 0);
    return xd_dialects_load(&g_dialects, &tables, &g_arena, &err) ? 0 : 1;
}

static int
tear_down(void **state)
{
    (void)state;
    xd_arena_free(&g_arena);
    return 0;
}

static struct xd_slice
unescape(struct xd_slice cell, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.ptr[i];
        if (c == '\\' && i + 1 < cell.len) {
            c = cell.ptr[++i];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
        }
        out[len++] = c;
    }
    return xd_slice_of(out, len);
}

static void
shape_row(const struct xd_slice *cells, const char *where)
{
    char text[1024];
    char got[64];
    char room[8];
    char wanted[64];
    struct xd_csv_shape shape;

    xd_csv_shape_find(&g_dialects, unescape(cells[0], text), &shape);
    (void)snprintf(got, sizeof(got), "%s %zu %u %s", xd_delimiter_name(shape.delimiter, room),
                   shape.header_at, shape.header_row, shape.mixed_ends ? "yes" : "no");
    (void)snprintf(wanted, sizeof(wanted), "%.*s %.*s %.*s %.*s", XD_FMT(cells[1]),
                   XD_FMT(cells[2]), XD_FMT(cells[3]), XD_FMT(cells[4]));
    if (strcmp(got, wanted) != 0) {
        fail_msg("%s: got %s", where, got);
    }
    (void)snprintf(wanted, sizeof(wanted), "%.*s", XD_FMT(cells[5]));
    if (!strstr(shape.reason, wanted)) {
        fail_msg("%s: reason is \"%s\"", where, shape.reason);
    }
}

static void
test_delimiter_table(void **state)
{
    static const char *const COLUMNS[] = {"text",       "delimiter", "header_at",
                                          "header_row", "mixed",     "reason"};

    (void)state;
    each_table_row("delimiter", COLUMNS, 6, shape_row);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_delimiter_table)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
