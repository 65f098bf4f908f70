/*
 * Memory of an arena is zero whether it comes from a block, from pages of its own or from a block
 * that was used before; a large page that is not there must not show either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/region.h"

static const size_t SIZES[] = {1,       100,     4096,    65535,         65536,
                               1 << 20, 2000003, 2 << 20, (2 << 20) + 1, 5 << 20};

static bool
is_zero(const char *bytes, size_t len)
{
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

static void
every_size_is_zero_and_writable(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        struct xd_arena arena;
        xd_arena_init(&arena, 1 << 12, 0);
        for (int round = 0; round < 3; round++) {
            for (int k = 0; k < 3; k++) {
                char *got = xd_arena_alloc(&arena, SIZES[i]);
                assert_non_null(got);
                assert_int_equal((uintptr_t)got % _Alignof(max_align_t), 0);
                assert_true(is_zero(got, SIZES[i]));
                memset(got, 0x5a, SIZES[i]);
            }
            xd_arena_reset(&arena);
        }
        xd_arena_free(&arena);
    }
}

static void
room_keeps_what_lies_beside_it(void **state)
{
    struct xd_arena arena;
    char *before;
    char *room;

    (void)state;
    xd_arena_init(&arena, 1 << 12, 0);
    before = xd_arena_alloc(&arena, 3 << 20);
    room = xd_arena_room(&arena, 100000);
    assert_non_null(before);
    assert_non_null(room);
    memset(room, 1, 100000);
    assert_true(is_zero(before, 3 << 20));
    xd_arena_free(&arena);
}

static void
a_limit_counts_pages_too(void **state)
{
    struct xd_arena arena;

    (void)state;
    xd_arena_init(&arena, 1 << 12, 4 << 20);
    assert_non_null(xd_arena_alloc(&arena, 3 << 20));
    assert_null(xd_arena_alloc(&arena, 3 << 20));
    assert_null(xd_arena_alloc(&arena, SIZE_MAX));
    assert_null(xd_arena_array(&arena, SIZE_MAX / 2, 4));
    xd_arena_free(&arena);
    assert_non_null(xd_arena_alloc(&arena, 3 << 20));
    xd_arena_free(&arena);
}

static void
pages_are_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        char *pages = xd_pages_take(SIZES[i]);
        assert_non_null(pages);
        assert_true(is_zero(pages, SIZES[i]));
        memset(pages, 1, SIZES[i]);
        xd_pages_want(xd_slice_of(pages + SIZES[i] / 2, SIZES[i] / 2));
        assert_int_equal(pages[SIZES[i] - 1], 1);
        xd_pages_give(pages, SIZES[i]);
    }
    assert_null(xd_pages_take(SIZE_MAX));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_is_zero_and_writable),
        cmocka_unit_test(room_keeps_what_lies_beside_it),
        cmocka_unit_test(a_limit_counts_pages_too),
        cmocka_unit_test(pages_are_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
