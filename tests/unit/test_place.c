/* Places as editors and spreadsheets name them. */
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

static void
test_place_behind_a_line_break(void **state)
{
    static const char TEXT[] = "order_id,name\r\n1,\"a\r\nb\"\r\n2,\"Mül?ler\"\r\n";
    const struct xd_slice header[] = {XD_LIT("order_id"), XD_LIT("name")};
    struct xd_document document = {
        .text = XD_LIT(TEXT), .text_offset = 3, .header = header, .header_count = 2};
    uint64_t value = (uint64_t)(strstr(TEXT, "\"M") - TEXT);
    struct xd_finding finding = {.row = 3, .column = 2, .offset = value, .span = {4, 1}};
    struct xd_finding_place place =
        xd_finding_place(&finding, &document, (struct xd_place){1, 1}, 0);

    (void)state;
    assert_int_equal(place.editor.line, 4); /* the spreadsheet says row 3 */
    assert_int_equal(place.editor.column, 7);
    assert_int_equal(place.row, 3);
    assert_int_equal(place.byte, value + 1 + 4 + 3);
    assert_int_equal(TEXT[place.byte - 3], '?');
    assert_string_equal(place.letters, "B");
    assert_true(xd_slice_eq(place.header, XD_LIT("name")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_letters_ascend),
        cmocka_unit_test(test_place_behind_a_line_break),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
