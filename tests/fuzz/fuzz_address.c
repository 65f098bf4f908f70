/*
 * Bytes as an address, one field a line: whatever they are, the check ends, its spans lie inside
 * the values, its short cuts change nothing, and a canonical postal code is canonical when it is
 * checked again.
 */
#include <assert.h>
#include <stdint.h>

#include "check/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct xd_address_ctx *ctx, struct xd_address_ctx *thorough, const struct xd_address *address)
{
    struct xd_address_options options = {.as_of = 20779}; /* 2026-11-22 */
    struct xd_address_result result;
    struct xd_address_result again;
    struct xd_address second = *address;

    xd_address_check(ctx, address, &options, &result);
    xd_address_check(thorough, address, &options, &again);
    assert(result.verdict == again.verdict && result.count == again.count);
    for (size_t i = 0; i < result.count; i++) {
        const struct xd_address_problem *problem = &result.problems[i];
        assert(problem->diagnosis.span.off + (size_t)problem->diagnosis.span.len <=
               address->of[problem->field].len);
    }
    if (result.postal.len && result.postal.status == XD_POSTAL_STATUS_OK) {
        second.of[XD_ADDRESS_POSTAL_CODE] = xd_address_postal_code(&result);
        xd_address_check(ctx, &second, &options, &again);
        assert(again.postal.status == XD_POSTAL_STATUS_OK);
        assert(xd_slice_eq(xd_address_postal_code(&again), xd_address_postal_code(&result)));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct xd_arena arena;
    static struct xd_address_ctx ctx;
    static struct xd_address_ctx thorough;
    struct xd_slice rest = {(const char *)data, size};
    struct xd_address address = {0};

    if (!ctx.tables) {
        struct xd_tables tables = {NULL, &arena};
        struct xd_error err = {0};
        xd_arena_init(&arena, 1 << 18, 0);
        const struct xd_address_tables *all = xd_address_tables_load(&tables, &arena, &err);
        assert(all);
        xd_address_ctx_init(&ctx, all);
        xd_address_ctx_init(&thorough, all);
        thorough.thorough = true;
        thorough.postal.thorough = true;
    }
    for (unsigned field = 0; field < XD_ADDRESS_COUNT; field++) {
        if (!xd_slice_next(&rest, '\n', &address.of[field])) {
            break;
        }
    }
    check(&ctx, &thorough, &address);
    return 0;
}
