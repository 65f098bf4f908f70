/*
 * The rules that duty tests quote with: the tables of the program, with or without the tariff and
 * rates of tests/tables.
 */
#ifndef XD_DUTY_FIXTURE_H
#define XD_DUTY_FIXTURE_H

#include "duty/quote.h"
#include "table_test.h"

struct duty_fixture {
    struct xd_arena arena;
    struct xd_arena scratch;
    struct xd_duty_rules rules;
    struct xd_duty_ctx ctx;
};

static inline struct xd_slice
duty_table(struct duty_fixture *fixture, const char *name)
{
    const char *root = getenv("XD_ROOT");
    struct xd_error err = {0};
    struct xd_slice text;
    char path[1024];

    (void)snprintf(path, sizeof(path), "%s/tests/tables/%s.tsv", root ? root : ".", name);
    if (!xd_file_read(path, &fixture->arena, 64 << 20, &text, &err)) {
        fail_msg("%s", err.text);
    }
    return text;
}

static inline void
duty_fixture_open(struct duty_fixture *fixture, bool own_tables)
{
    struct xd_error err = {0};
    struct xd_duty_tables given = {.tariff_name = "tariff", .fx_name = "fx"};

    *fixture = (struct duty_fixture){0};
    xd_arena_init(&fixture->arena, 1 << 20, 0);
    xd_arena_init(&fixture->scratch, 1 << 16, 0);
    fixture->ctx.arena = &fixture->scratch;
    if (own_tables) {
        given.tariff = duty_table(fixture, "landed_cost_tariff");
        given.fx = duty_table(fixture, "landed_cost_fx");
    }
    struct xd_tables tables = {NULL, &fixture->arena};
    if (!xd_duty_rules_load(&fixture->rules, &tables, &given, &err)) {
        fail_msg("%s", err.text);
    }
}

static inline void
duty_fixture_close(struct duty_fixture *fixture)
{
    xd_arena_free(&fixture->scratch);
    xd_arena_free(&fixture->arena);
}

#endif
