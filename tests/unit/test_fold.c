/*
 * Folding has a short way for Latin-1. Each of its letters must give what the same letter gives in
 * its decomposed spelling, which takes the long way through the Unicode tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/fold.h"

static void
test_latin_1_as_unicode(void **state)
{
    (void)state;
    for (utf8proc_int32_t letter = 0xc0; letter <= 0xff; letter++) {
        utf8proc_uint8_t composed[5] = {0};
        utf8proc_uint8_t *decomposed;
        char got[16];
        char wanted[16];
        size_t got_len;
        size_t wanted_len;

        (void)utf8proc_encode_char(letter, composed);
        (void)utf8proc_map(composed, 0, &decomposed,
                           UTF8PROC_NULLTERM | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
        assert_non_null(decomposed);
        got_len = xd_fold_key(xd_slice_str((char *)composed), got, sizeof(got));
        wanted_len = xd_fold_key(xd_slice_str((char *)decomposed), wanted, sizeof(wanted));
        assert_int_equal(got_len, wanted_len);
        assert_memory_equal(got, wanted, wanted_len);
        free(decomposed);
    }
}

static void
test_words(void **state)
{
    static const char *const WORDS[][2] = {
        {"M\xc3\xbcnchen", "munchen"},
        {"Stra\xc3\x9f"
         "e",
         "strasse"},
        {"\xc3\x86r\xc3\xb8 \xc3\x97 \xc3\xbe", "aeroth"},
        {"\xc5\x81\xc3\xb3"
         "d\xc5\xba",
         "lodz"},
        {"\xc3", ""},
        {"a\xc3z", "az"},
    };
    char key[32];

    (void)state;
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        size_t len = xd_fold_key(xd_slice_str(WORDS[i][0]), key, sizeof(key));
        assert_int_equal(len, strlen(WORDS[i][1]));
        assert_memory_equal(key, WORDS[i][1], len);
    }
}

/* A key that does not fit ends before the letter that is too long. */
static void
test_room(void **state)
{
    char key[4] = "....";

    (void)state;
    assert_int_equal(xd_fold_key(xd_slice_str("ab\xc3\x86"), key, 3), 2);
    assert_int_equal(key[2], '.');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latin_1_as_unicode),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
