/* Damage that spreadsheets do, from tests/tables/excel.tsv, and the guards that merchants set
 * against it. */
#include "table_test.h"

#include "check/excel.h"

static const char *const SLUGS[] = {
#include "finding_slugs.h"
};

static void
excel_row(const struct xd_slice *cells, const char *where)
{
    enum xd_field field = xd_field_find(cells[0]);
    struct xd_diagnosis diagnosis;
    uint64_t expected;

    assert_int_not_equal(field, XD_FIELD_NONE);
    assert_true(xd_slice_u64(cells[2], &expected));
    bool found = xd_excel_check(field, cells[1], (unsigned)expected, &diagnosis);
    struct xd_slice faulty =
        found ? xd_slice_sub(cells[1], diagnosis.span.off, diagnosis.span.len) : XD_NONE;
    if (found != (diagnosis.code != XD_F_NONE) ||
        !xd_slice_eq(cells[3], xd_slice_str(SLUGS[diagnosis.code])) ||
        !xd_slice_eq(cells[4], faulty) || !xd_slice_eq(cells[5], xd_slice_str(diagnosis.detail))) {
        fail_msg("%s: got %s at \"%.*s\": %s", where, SLUGS[diagnosis.code], XD_FMT(faulty),
                 diagnosis.detail);
    }
    /* The quick test may never rule out what the full one finds in an identifier. */
    if (found && field != XD_FIELD_POSTAL_CODE &&
        (field == XD_FIELD_PARCEL_CODE || field == XD_FIELD_SKU || field == XD_FIELD_ORDER_ID ||
         field == XD_FIELD_TRACKING_NUMBER) &&
        !xd_excel_suspect(cells[1])) {
        fail_msg("%s: not suspected", where);
    }
}

static void
test_excel_table(void **state)
{
    static const char *const COLUMNS[] = {"field",   "value",  "expected",
                                          "finding", "faulty", "detail"};

    (void)state;
    each_table_row("excel", COLUMNS, 6, excel_row);
}

static void
test_undamaged_is_not_suspected(void **state)
{
    static const char *const GOOD[] = {"340123450000000017",
                                       "SO-1001",
                                       "1Z5R89390357567127",
                                       "TEE-M-BLU",
                                       "RB123456785GB",
                                       "10969",
                                       "00340434292135100186",
                                       "1",
                                       ""};

    (void)state;
    for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
        assert_false(xd_excel_suspect(xd_slice_str(GOOD[i])));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_excel_table),
        cmocka_unit_test(test_undamaged_is_not_suspected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
