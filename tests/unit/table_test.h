/*
 * Reads the rows of tests/tables/NAME.tsv for a cmocka test: one line a case, a header line, '#'
 * comments.
 */
#ifndef XD_TABLE_TEST_H
#define XD_TABLE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/tsv.h"

/* Calls `one` for each row with its cells in the order of `columns`; the row's "NAME:LINE" is for
 * messages. Fails when the table is missing, malformed or empty. */
static inline void
each_table_row(const char *name, const char *const *columns, size_t count,
               void (*one)(const struct xd_slice *cells, const char *where))
{
    const char *root = getenv("XD_ROOT");
    struct xd_slice cells[XD_TSV_COLUMNS_MAX];
    struct xd_error err = {0};
    struct xd_arena arena;
    struct xd_slice text;
    struct xd_tsv tsv;
    char path[1024];
    char where[1100];
    size_t rows = 0;

    xd_arena_init(&arena, 1 << 16, 0);
    (void)snprintf(path, sizeof(path), "%s/tests/tables/%s.tsv", root ? root : ".", name);
    if (!xd_file_read(path, &arena, 64 << 20, &text, &err) ||
        !xd_tsv_open(&tsv, path, text, columns, count, &err)) {
        fail_msg("%s", err.text);
    }
    while (xd_tsv_next(&tsv, cells, &err)) {
        (void)snprintf(where, sizeof(where), "%s:%zu", path, tsv.line);
        one(cells, where);
        rows++;
    }
    if (err.status != 0) {
        fail_msg("%s", err.text);
    }
    assert_true(rows > 0);
    xd_arena_free(&arena);
}

#endif
