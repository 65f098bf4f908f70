/* What is said of a value that failed its check, from tests/tables/hint.tsv. */
#include "table_test.h"

#include "check/hint.h"

static const char *const SLUGS[] = {
#include "finding_slugs.h"
};

/* The cell with the characters that its U+xxxx stand for. */
static struct xd_slice
unescape(struct xd_slice cell, char *room)
{
    size_t len = 0;

    for (size_t i = 0; i < cell.len;) {
        struct xd_slice rest = xd_slice_sub(cell, i, SIZE_MAX);
        bool blank = xd_slice_starts(rest, XD_LIT("U+00A0"));
        bool nothing = xd_slice_starts(rest, XD_LIT("U+200B"));
        struct xd_slice piece = blank     ? XD_LIT("\xc2\xa0")
                                : nothing ? XD_LIT("\xe2\x80\x8b")
                                          : xd_slice_sub(rest, 0, 1);
        memcpy(room + len, piece.ptr, piece.len);
        len += piece.len;
        i += blank || nothing ? 6 : 1;
    }
    return xd_slice_of(room, len);
}

static enum xd_finding_code
code_of(struct xd_slice slug)
{
    unsigned code = XD_F_NONE;

    while (code < XD_F_COUNT && !xd_slice_eq(slug, xd_slice_str(SLUGS[code]))) {
        code++;
    }
    assert_true(code < XD_F_COUNT);
    return (enum xd_finding_code)code;
}

static void
hint_row(const struct xd_slice *cells, const char *where)
{
    enum xd_field field = xd_field_find(cells[0]);
    char room[2][128];
    struct xd_slice value = unescape(cells[1], room[0]);
    struct xd_slice wanted = unescape(cells[3], room[1]);
    struct xd_diagnosis diagnosis;

    assert_int_not_equal(field, XD_FIELD_NONE);
    xd_hint(field, value, code_of(cells[2]), &diagnosis);
    struct xd_slice faulty = xd_slice_sub(value, diagnosis.span.off, diagnosis.span.len);
    if (diagnosis.code != code_of(cells[2]) || !xd_slice_eq(faulty, wanted) ||
        !xd_slice_eq(cells[4], xd_slice_str(diagnosis.detail))) {
        fail_msg("%s: got \"%.*s\": %s", where, XD_FMT(faulty), diagnosis.detail);
    }
}

static void
test_hint_table(void **state)
{
    static const char *const COLUMNS[] = {"field", "value", "finding", "faulty", "detail"};

    (void)state;
    each_table_row("hint", COLUMNS, 5, hint_row);
}

/* The decimals of a currency, and the thousand that a point may stand for. */
static void
test_decimals(void **state)
{
    struct xd_diagnosis diagnosis;

    (void)state;
    xd_hint_decimals(XD_LIT("1.234"), 2, XD_LIT("GBP"), &diagnosis);
    assert_string_equal(diagnosis.detail, "GBP has 2; write 1234 if the point groups thousands");
    assert_int_equal(diagnosis.code, XD_F_CURRENCY_DECIMALS);
    xd_hint_decimals(XD_LIT("0.005"), 2, XD_LIT("GBP"), &diagnosis);
    assert_string_equal(diagnosis.detail, "GBP has 2");
    xd_hint_decimals(XD_LIT("100.50"), 0, XD_LIT("JPY"), &diagnosis);
    assert_string_equal(diagnosis.detail, "JPY has 0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hint_table),
        cmocka_unit_test(test_decimals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
