/*
 * The bits of base/bytes.h against a look at every byte, for each length and every value of a byte.
 * The values end where their memory ends, so that a sanitizer sees any byte read behind them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"

static void
check(struct xd_slice text)
{
    struct xd_byte_kinds kinds = xd_bytes_kinds(text);
    struct xd_byte_kinds expected = {0};
    uint64_t sevens = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        expected.letters |= (uint64_t)xd_is_alpha((char)c) << i;
        expected.digits |= (uint64_t)xd_is_digit((char)c) << i;
        expected.high |= (uint64_t)(c >= 0x80) << i;
        expected.odd |= (uint64_t)(c < 0x20 || c >= 0x7f || c == '?' || c == '@') << i;
        sevens |= (uint64_t)(c == '7') << i;
    }
    assert_true(kinds.letters == expected.letters);
    assert_true(kinds.digits == expected.digits);
    assert_true(kinds.high == expected.high);
    assert_true(kinds.odd == expected.odd);
    assert_true(xd_bytes_equal(text, '7') == sevens);
}

static void
test_kinds(void **state)
{
    (void)state;
    for (size_t len = 1; len <= XD_BYTES_MAX; len++) {
        char *memory = malloc(len);
        assert_non_null(memory);
        for (unsigned start = 0; start < 256; start++) {
            for (size_t i = 0; i < len; i++) {
                memory[i] = (char)(start + i * 37);
            }
            check(xd_slice_of(memory, len));
        }
        free(memory);
    }
}

static void
test_sixteen(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 16; len++) {
        char *memory = malloc(len + 1);
        char padded[16] = {0};
        assert_non_null(memory);
        for (size_t i = 0; i < len; i++) {
            memory[i + 1] = (char)(0x80 + i);
            padded[i] = memory[i + 1];
        }
        struct xd_bytes16 bytes = xd_bytes16(xd_slice_of(memory + 1, len));
        assert_memory_equal(&bytes, padded, 16);
        free(memory);
    }
}

static void
test_within(void **state)
{
    const uint8_t low[16] = {'A', '0', '-'};
    const uint8_t high[16] = {'Z', '9', '-'};

    (void)state;
    assert_true(xd_bytes16_within(xd_bytes16(XD_LIT("A0-")), low, high));
    assert_true(xd_bytes16_within(xd_bytes16(XD_LIT("Z9-")), low, high));
    assert_false(xd_bytes16_within(xd_bytes16(XD_LIT("@0-")), low, high));
    assert_false(xd_bytes16_within(xd_bytes16(XD_LIT("[9-")), low, high));
    assert_false(xd_bytes16_within(xd_bytes16(XD_LIT("A9")), low, high));
    assert_false(xd_bytes16_within(xd_bytes16(XD_LIT("A9-1")), low, high));
    assert_false(xd_bytes16_within(xd_bytes16(XD_LIT("A\xb9-")), low, high));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_sixteen),
        cmocka_unit_test(test_within),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
