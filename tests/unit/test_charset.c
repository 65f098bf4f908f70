/* Encodings: what becomes UTF-8, what is refused and at which byte, from a table; and the
 * vectorised check against a slow one on random bytes. */
#include "table_test.h"

#include "base/region.h"
#include "source/charset.h"

static const char *const FAULTS[] = {"fine",     "nul",     "control", "invalid",
                                     "unmarked", "unknown", "lie",     "memory"};

static size_t
from_hex(struct xd_slice hex, char *out)
{
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        unsigned value = 0;
        char digits[3] = {hex.ptr[i], hex.ptr[i + 1], '\0'};
        (void)sscanf(digits, "%2x", &value);
        out[i / 2] = (char)value;
    }
    out[hex.len / 2] = '\0';
    return hex.len / 2;
}

static void
charset_row(const struct xd_slice *cells, const char *where)
{
    char bytes[512];
    char text[512];
    struct xd_slice in = xd_slice_of(bytes, from_hex(cells[0], bytes));
    struct xd_slice expected = xd_slice_of(text, from_hex(cells[4], text));
    enum xd_encoding declared = XD_ENCODING_NONE;
    struct xd_charset_fault fault;
    struct xd_text out;
    uint64_t offset = 0;
    bool fine;

    assert_true(xd_slice_u64(cells[3], &offset));
    assert_true(cells[1].len == 0 || xd_encoding_find(cells[1], &declared));
    fine = xd_charset_prepare(in, declared, &out, &fault);
    if (fine) {
        fine = xd_charset_check(out.bytes, 0, out.bytes.len, &fault);
        fault.offset += out.skipped;
    }
    if (!xd_slice_eq(cells[2], xd_slice_str(FAULTS[fault.kind]))) {
        fail_msg("%s: got %s", where, FAULTS[fault.kind]);
    }
    if (fine && !xd_slice_eq(out.bytes, expected)) {
        fail_msg("%s: got %.*s", where, XD_FMT(out.bytes));
    }
    if (!fine && fault.offset != offset) {
        fail_msg("%s: at %llu", where, (unsigned long long)fault.offset);
    }
    xd_region_close(&out.region);
}

static void
test_charset_table(void **state)
{
    static const char *const COLUMNS[] = {"bytes", "declared", "fault", "offset", "text"};

    (void)state;
    each_table_row("charset", COLUMNS, 5, charset_row);
}

/* Bytes of a character by the definition of RFC 3629 section 4, one code point at a time. */
static unsigned
slow_character(const unsigned char *s, size_t room, uint32_t *point)
{
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned len = s[0] < 0x80       ? 1
                   : s[0] >> 5 == 6  ? 2
                   : s[0] >> 4 == 14 ? 3
                   : s[0] >> 3 == 30 ? 4
                                     : 0;

    if (len == 0 || len > room) {
        return 0;
    }
    *point = len == 1 ? s[0] : s[0] & (0xffu >> (len + 1));
    for (unsigned i = 1; i < len; i++) {
        if (s[i] >> 6 != 2) {
            return 0;
        }
        *point = *point << 6 | (s[i] & 0x3f);
    }
    return *point >= LEAST[len] && *point <= 0x10ffff && !(*point >= 0xd800 && *point <= 0xdfff)
               ? len
               : 0;
}

static uint64_t
slow_first_fault(const unsigned char *s, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t point = 0;
        unsigned step = slow_character(s + at, len - at, &point);
        bool control = (point < 0x20 && point != '\t' && point != '\n' && point != '\r') ||
                       (point >= 0x7f && point < 0xa0);
        if (step == 0 || control) {
            return at;
        }
        at += step;
    }
    return len;
}

static void
test_check_equals_definition(void **state)
{
    static const unsigned char BYTES[] = {'a',  '\n', 0xc2, 0x80, 0x85, 0xa0, 0xe0, 0xe2,
                                          0x82, 0xac, 0xed, 0x9f, 0xbf, 0xf0, 0x90, 0x9f,
                                          0xf4, 0x8f, 0xc3, 0xab, 0x7f, 0x1f, 0,    0xff};
    unsigned char text[80];
    uint64_t seed = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        struct xd_charset_fault fault = {0};
        struct xd_slice slice = xd_slice_of((const char *)text, (size_t)(round % 80));
        for (size_t i = 0; i < slice.len; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            /* Mostly letters, so that faults lie at every place of a vector. */
            text[i] =
                seed % 8 ? (unsigned char)('a' + seed % 26) : BYTES[(seed >> 32) % sizeof(BYTES)];
        }
        uint64_t expected = slow_first_fault(text, slice.len);
        bool fine = xd_charset_check(slice, 0, slice.len, &fault);
        assert_int_equal(fine, expected == slice.len);
        assert_true(fine || fault.offset == expected);
    }
}

/* A range in the middle says what the whole says there, with offsets of the whole. */
static void
test_check_ranges(void **state)
{
    struct xd_slice text = XD_LIT("a\xc3\xab,b\nc\x01,d\ne,\xe2\x82\xac\n");
    struct xd_charset_fault fault;

    (void)state;
    assert_true(xd_charset_check(text, 0, 6, &fault));
    assert_false(xd_charset_check(text, 6, 11, &fault));
    assert_int_equal(fault.offset, 7);
    assert_true(xd_charset_check(text, 8, text.len, &fault));
    assert_true(xd_charset_check(text, text.len, text.len, &fault));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_charset_table),
        cmocka_unit_test(test_check_equals_definition),
        cmocka_unit_test(test_check_ranges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
