/*
 * GS1 element strings: the table, the ship-to block, and that the table of application identifiers
 * is whole. What was read and formatted reads the same again; the input is never altered.
 */
#include "marked.h"
#include "table_test.h"

#include "check/gs1.h"
#include "check/gs1_rule.h"
#include "model/field.h"
#include "reference/finding_text.h"

static struct xd_gs1_ais ais;
static struct xd_code_lists codes;
static struct xd_finding_texts texts;
static struct xd_arena arena;

static int
load_tables(void **state)
{
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    (void)state;
    xd_arena_init(&arena, 1 << 18, 0);
    if (!xd_gs1_ais_load(&ais, &tables, &arena, &err) ||
        !xd_code_lists_load(&codes, &tables, &arena, &err) ||
        !xd_finding_texts_load(&texts, &tables, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int
free_tables(void **state)
{
    (void)state;
    xd_arena_free(&arena);
    return 0;
}

static void
element_row(const struct xd_slice *cells, const char *where)
{
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;
    struct marked marked;
    char out[XD_GS1_TEXT];

    marked_read(&marked, cells[0]);
    bool right = xd_gs1_parse(&ais, &codes, marked.value, &elements, &diagnosis);
    struct xd_slice finding = texts.of[diagnosis.code].slug;
    struct xd_slice formatted = {out, right ? xd_gs1_format(&elements, out, sizeof(out)) : 0};
    if (right != (cells[1].len == 0) || !xd_slice_eq(finding, cells[1]) ||
        !xd_slice_eq(formatted, cells[2])) {
        fail_msg("%s: got %.*s %.*s (%s)", where, XD_FMT(finding), XD_FMT(formatted),
                 diagnosis.detail);
    }
    if (marked.has_span &&
        (diagnosis.span.off != marked.span.off || diagnosis.span.len != marked.span.len)) {
        fail_msg("%s: got the span %u+%u (%s)", where, diagnosis.span.off, diagnosis.span.len,
                 diagnosis.detail);
    }
}

static void
test_elements(void **state)
{
    static const char *const COLUMNS[] = {"text", "finding", "canonical"};

    (void)state;
    each_table_row("gs1", COLUMNS, 3, element_row);
}

/* --- what the table of rows covers --- */

static bool shown[4096]; /* rows of gs1_ai.tsv that a right string holds */
static bool passed[XD_GS1_RULE_COUNT];
static bool failed[XD_GS1_RULE_COUNT];

/* Notes every rule that the parts of an element are held to, right or wrong. */
static void
note_rules(const struct xd_gs1_element *element)
{
    const struct xd_gs1_ai *ai = &ais.list[element->ai];
    struct xd_slice rest = element->value;
    struct xd_span bad;

    for (size_t i = 0; i < ai->components && rest.len; i++) {
        const struct xd_gs1_component *component = &ai->component[i];
        struct xd_slice part = xd_slice_sub(rest, 0, component->longest);
        size_t at;
        if (part.len < component->shortest || !xd_gs1_characters(component->type, part, &at)) {
            return;
        }
        for (size_t k = 0; k < component->rules; k++) {
            enum xd_gs1_rule rule = (enum xd_gs1_rule)component->rule[k];
            bool right = !xd_gs1_rule_check(&codes, rule, part, &bad);
            passed[rule] |= right;
            failed[rule] |= !right;
        }
        rest = xd_slice_sub(rest, part.len, SIZE_MAX);
    }
}

static void
covered_row(const struct xd_slice *cells, const char *where)
{
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;
    struct marked marked;

    (void)where;
    marked_read(&marked, cells[0]);
    bool right = xd_gs1_parse(&ais, &codes, marked.value, &elements, &diagnosis);
    for (size_t i = 0; i < elements.count; i++) {
        shown[elements.element[i].ai] |= right;
        note_rules(&elements.element[i]);
    }
}

/* Each identifier stands in a right string, and each rule of content passes and fails in one. */
static void
test_rows_cover_all(void **state)
{
    static const char *const COLUMNS[] = {"text", "finding", "canonical"};

    (void)state;
    assert_true(ais.count <= sizeof(shown) / sizeof(shown[0]));
    each_table_row("gs1", COLUMNS, 3, covered_row);
    for (uint16_t i = 0; i < ais.count; i++) {
        if (!shown[i]) {
            fail_msg("no right string holds (%.*s)", XD_FMT(ais.list[i].from));
        }
    }
    for (unsigned i = 0; i < XD_GS1_RULE_COUNT; i++) {
        /* prefix2 stands on digits only, which are always a prefix */
        if (!passed[i] || (!failed[i] && i != XD_GS1_RULE_PREFIX2)) {
            fail_msg("rule %u %s in no string", i, passed[i] ? "fails" : "passes");
        }
    }
}

/* --- every element of a right string, spoilt --- */

/* The string with the value of one element replaced is wrong. */
static void
expect_wrong(const struct xd_gs1 *elements, size_t at, struct xd_slice value, const char *where)
{
    char text[XD_GS1_TEXT + 256];
    struct xd_diagnosis diagnosis;
    struct xd_gs1 again;
    size_t len = 0;

    for (size_t i = 0; i < elements->count; i++) {
        const struct xd_gs1_element *element = &elements->element[i];
        struct xd_slice part = i == at ? value : element->value;
        if (xd_slice_find(part, '(') < part.len) {
            return; /* brackets in data have their own rows */
        }
        len += (size_t)snprintf(text + len, sizeof(text) - len, "(%.*s)%.*s", XD_FMT(element->code),
                                XD_FMT(part));
    }
    if (xd_gs1_parse(&ais, &codes, xd_slice_of(text, len), &again, &diagnosis)) {
        fail_msg("%s: %.*s is taken as right", where, (int)len, text);
    }
}

static void
spoil_element(const struct xd_gs1 *elements, size_t at, const char *where)
{
    const struct xd_gs1_element *element = &elements->element[at];
    const struct xd_gs1_ai *ai = &ais.list[element->ai];
    struct xd_slice value = element->value;
    char text[256];

    memset(text, '1', sizeof(text));
    memcpy(text, value.ptr, value.len);
    expect_wrong(elements, at, xd_slice_sub(value, 0, ai->shortest - 1u), where);
    expect_wrong(elements, at, xd_slice_of(text, ai->longest + 1u), where);
    memcpy(text, "\xc3\xa9", 2); /* no GS1 character set has it */
    expect_wrong(elements, at, xd_slice_of(text, value.len < 2 ? 2 : value.len), where);
    if (ai->component[0].rules == 0 || ai->component[0].rule[0] != XD_GS1_RULE_CHECK) {
        return;
    }
    for (size_t i = 0; i < ai->component[0].longest; i++) {
        memcpy(text, value.ptr, value.len);
        for (char c = '0'; c <= '9'; c++) {
            text[i] = c;
            if (c != value.ptr[i]) {
                expect_wrong(elements, at, xd_slice_of(text, value.len), where);
            }
        }
    }
}

static void
spoilt_row(const struct xd_slice *cells, const char *where)
{
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;
    struct marked marked;

    marked_read(&marked, cells[0]);
    if (!xd_gs1_parse(&ais, &codes, marked.value, &elements, &diagnosis)) {
        return;
    }
    for (size_t i = 0; i < elements.count; i++) {
        spoil_element(&elements, i, where);
    }
}

/* A character too few, one too many, one of no GS1 set, each digit under a check digit changed. */
static void
test_spoilt_elements(void **state)
{
    static const char *const COLUMNS[] = {"text", "finding", "canonical"};

    (void)state;
    each_table_row("gs1", COLUMNS, 3, spoilt_row);
}

static void
test_ship_to(void **state)
{
    struct xd_slice fields[XD_FIELD_COUNT];
    struct xd_slice text =
        XD_LIT("(00)340123451234567895(4300)ACME+Ltd(4301)Zo%C3%AB+Q(4302)1%20High%20St(4303)Flat+2"
               "(4304)Soho(4305)London(4306)ENG(4307)GB(4308)442012345678(420)SW1A1AA");
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;

    (void)state;
    assert_true(xd_gs1_parse(&ais, &codes, text, &elements, &diagnosis));
    assert_true(xd_gs1_ship_to(&ais, &elements, &arena, fields));
    assert_true(xd_slice_eq(fields[XD_FIELD_COMPANY], XD_LIT("ACME Ltd")));
    assert_true(xd_slice_eq(fields[XD_FIELD_RECIPIENT_NAME], XD_LIT("Zo\xc3\xab Q")));
    assert_true(xd_slice_eq(fields[XD_FIELD_ADDRESS1], XD_LIT("1 High St")));
    assert_true(xd_slice_eq(fields[XD_FIELD_ADDRESS2], XD_LIT("Flat 2")));
    assert_true(xd_slice_eq(fields[XD_FIELD_ADDRESS3], XD_LIT("Soho")));
    assert_true(xd_slice_eq(fields[XD_FIELD_CITY], XD_LIT("London")));
    assert_true(xd_slice_eq(fields[XD_FIELD_REGION], XD_LIT("ENG")));
    assert_true(xd_slice_eq(fields[XD_FIELD_COUNTRY], XD_LIT("GB")));
    assert_true(xd_slice_eq(fields[XD_FIELD_PHONE], XD_LIT("442012345678")));
    assert_true(xd_slice_eq(fields[XD_FIELD_POSTAL_CODE], XD_LIT("SW1A1AA")));
    assert_true(fields[XD_FIELD_EMAIL].ptr == NULL);
    assert_true(xd_slice_eq(xd_gs1_value(&elements, XD_LIT("00")), XD_LIT("340123451234567895")));
    assert_true(xd_gs1_value(&elements, XD_LIT("01")).ptr == NULL);
}

/* Postal code with the country in front: two components, two fields. */
static void
test_ship_to_421(void **state)
{
    struct xd_slice fields[XD_FIELD_COUNT];
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;

    (void)state;
    assert_true(xd_gs1_parse(&ais, &codes, XD_LIT("(421)27650667"), &elements, &diagnosis));
    assert_true(xd_gs1_ship_to(&ais, &elements, &arena, fields));
    assert_true(xd_slice_eq(fields[XD_FIELD_COUNTRY], XD_LIT("276")));
    assert_true(xd_slice_eq(fields[XD_FIELD_POSTAL_CODE], XD_LIT("50667")));
}

/* Every pattern of needs and not_with names an identifier that exists, and every measure is there.
 */
static void
test_table_is_closed(void **state)
{
    size_t found = 0;
    size_t len;

    (void)state;
    for (uint16_t i = 0; i < ais.count; i++) {
        struct xd_slice rest = ais.list[i].not_with;
        struct xd_slice part;
        while (xd_slice_next(&rest, ',', &part)) {
            char code[8];
            assert_in_range(part.len, 2, 4);
            for (size_t k = 0; k < part.len; k++) {
                code[k] = part.ptr[k] == 'n' ? '0' : part.ptr[k];
            }
            assert_int_not_equal(xd_gs1_ai_at(&ais, xd_slice_of(code, part.len), &len),
                                 XD_GS1_AI_NONE);
            assert_int_equal(len, part.len);
        }
    }
    for (unsigned number = 0; number < 10000; number++) {
        found += ais.four[number] != XD_GS1_AI_NONE;
        found += number < 1000 && ais.three[number] != XD_GS1_AI_NONE;
        found += number < 100 && ais.two[number] != XD_GS1_AI_NONE;
    }
    assert_int_equal(found, 536);
}

static void
test_limits(void **state)
{
    char text[2000];
    size_t len = 0;
    struct xd_diagnosis diagnosis;
    struct xd_gs1 elements;

    (void)state;
    while (len + 6 < sizeof(text)) {
        memcpy(text + len, "(99)xy", 6);
        len += 6;
    }
    assert_false(xd_gs1_parse(&ais, &codes, xd_slice_of(text, len), &elements, &diagnosis));
    assert_int_equal(diagnosis.code, XD_F_GS1_MALFORMED);
    assert_true(
        xd_gs1_parse(&ais, &codes, xd_slice_of(text, 6 * XD_GS1_ELEMENTS), &elements, &diagnosis));
    assert_int_equal(elements.count, XD_GS1_ELEMENTS);
    memset(text, '1', sizeof(text));
    memcpy(text, "(99)", 4);
    assert_false(
        xd_gs1_parse(&ais, &codes, xd_slice_of(text, sizeof(text)), &elements, &diagnosis));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements),        cmocka_unit_test(test_rows_cover_all),
        cmocka_unit_test(test_spoilt_elements), cmocka_unit_test(test_ship_to),
        cmocka_unit_test(test_ship_to_421),     cmocka_unit_test(test_table_is_closed),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, load_tables, free_tables);
}
