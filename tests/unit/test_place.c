/* Columns as spreadsheets name them. */
#include "table_test.h"

#include "model/place.h"

static void
test_letters(void **state)
{
    static const struct {
        unsigned column;
        const char *letters;
    } CASES[] = {{0, ""},     {1, "A"},    {26, "Z"},    {27, "AA"},     {52, "AZ"}, {53, "BA"},
                 {256, "IV"}, {702, "ZZ"}, {703, "AAA"}, {18278, "ZZZ"}, {18279, ""}};

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char letters[XD_LETTERS_MAX];
        xd_column_letters(CASES[i].column, letters);
        assert_string_equal(letters, CASES[i].letters);
    }
}

/* Each column has letters of its own, in the order of columns: shorter first, then by alphabet. */
static void
test_letters_ascend(void **state)
{
    char before[XD_LETTERS_MAX] = "";

    (void)state;
    for (unsigned column = 1; column <= 18278; column++) {
        char letters[XD_LETTERS_MAX];
        xd_column_letters(column, letters);
        assert_true(strlen(before) < strlen(letters) ||
                    (strlen(before) == strlen(letters) && strcmp(before, letters) < 0));
        memcpy(before, letters, sizeof(before));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_letters_ascend),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
