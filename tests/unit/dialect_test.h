/*
 * What the tests of CSV layouts share: the real tables, loaded once for a driver, and the names of
 * findings.
 */
#ifndef XD_TESTS_DIALECT_TEST_H
#define XD_TESTS_DIALECT_TEST_H

#include "table_test.h"

#include "reader/header.h"

static struct xd_arena g_arena;
static struct xd_dialects g_dialects;
static struct xd_countries g_countries;
static struct xd_limits g_limits;

static int
set_up(void **state)
{
    struct xd_tables tables = {NULL, &g_arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&g_arena, 1 << 16, 0);
    if (!xd_countries_load(&g_countries, &tables, &g_arena, &err) ||
        !xd_dialects_load(&g_dialects, &tables, &g_countries, &g_arena, &err) ||
        !xd_limits_load(&g_limits, &tables, &err)) {
        print_error("%s\n", err.text);
        return 1;
    }
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    xd_arena_free(&g_arena);
    return 0;
}

/* The slug of a finding, as schemas/reference/findings.tsv has it. */
static inline const char *
slug_of(unsigned code)
{
    static const char *const SLUGS[] = {
#include "finding_slugs.h"
    };

    return SLUGS[code];
}

#endif
