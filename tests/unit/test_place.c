/* Columns as spreadsheets name them, and lines as an editor counts them. */
#include "table_test.h"

#include "model/document.h"
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

/* One character after the other: LF, CR and CR LF end a line. */
static struct xd_place
count_to(struct xd_slice text, size_t offset)
{
    struct xd_place place = {1, 1};

    for (size_t i = 0; i < offset; i++) {
        bool ends = text.ptr[i] == '\n' ||
                    (text.ptr[i] == '\r' && (i + 1 == text.len || text.ptr[i + 1] != '\n'));
        if (ends) {
            place = (struct xd_place){place.line + 1, 1};
        } else {
            place.column += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
        }
    }
    return place;
}

/* Asked onwards, backwards and in leaps, the answer is that of counting from the start. */
static void
test_places_in_any_order(void **state)
{
    static const char PIECES[] = "ab\n\r\r\n\xc3\xa4\n";
    static char text[20000];
    struct xd_document document = {.text = xd_slice_of(text, sizeof(text))};
    static struct xd_places places;
    uint32_t seed = 7;
    size_t offset = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = PIECES[(seed >> 16) % (sizeof(PIECES) - 1)];
    }
    xd_places_start(&places, &document);
    for (int i = 0; i < 5000; i++) {
        seed = seed * 1664525 + 1013904223;
        offset = i % 16 ? offset + (seed >> 16) % 40 : (seed >> 8) % sizeof(text);
        offset = offset < sizeof(text) ? offset : sizeof(text);
        struct xd_place found = xd_places_find(&places, offset);
        struct xd_place expected = count_to(document.text, offset);
        assert_int_equal(found.line, expected.line);
        assert_int_equal(found.column, expected.column);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_letters_ascend),
        cmocka_unit_test(test_places_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
