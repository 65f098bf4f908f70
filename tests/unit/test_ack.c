/*
 * What business answers must hold however many parcels they tell of: APERAK and 824 go on in
 * further messages where one is full, every count in them is right, and answers to interchanges
 * that follow each other have references of their own.
 */
#include "edi_test.h"

#define DESADV                                                                                     \
    "UNB+%s:3+A:14+B:14+261122:0615+%s'UNH+1+DESADV:D:96A:UN'BGM+351+DA-1+9'CPS+1'LIN+1++A:SA'"    \
    "QTY+12:1'UNT+6+1'UNZ+1+%s'"
#define ISA                                                                                        \
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261122*0615*U*00401*"   \
    "000000042*0*P*>~"
#define NOTICE                                                                                     \
    ISA "GS*SH*AA*BB*20261122*0615*7*X*004010~ST*856*0001~BSN*00*ASN-1*20261122*0615*0001~"        \
        "HL*1**S*1~HL*2*1*P*0~SN1**1*EA~SE*6*0001~GE*1*7~IEA*1*000000042~"

static const struct xd_slice CODE = {"340123450000000017", 18};
static struct xd_slice code = {"340123450000000017", 18}; /* of every parcel */

/* The answer of that name to `text`, of which `held` parcels wait and as many ship. */
static struct xd_slice
answer(struct run *run, const char *name, const char *text, size_t held)
{
    struct xd_ack_parcel *parcels =
        xd_arena_array(&run->arena, held * 2 + 1, sizeof(struct xd_ack_parcel));
    struct xd_ack_in in;
    struct xd_buf out;
    const struct xd_ack *ack = NULL;

    read_text(run, xd_slice_str(text));
    assert_int_equal(run->rows, 1);
    for (size_t i = 0; xd_ack_at(i); i++) {
        ack = strcmp(xd_ack_at(i)->name, name) == 0 ? xd_ack_at(i) : ack;
    }
    assert_non_null(ack);
    for (size_t i = 0; i < held * 2; i++) {
        parcels[i] = (struct xd_ack_parcel){.row = 1,
                                            .code = code,
                                            .order = XD_LIT("SO+1"),
                                            .disposition = i % 2 ? XD_HOLD : XD_HANDOFF,
                                            .reason = i % 2 ? XD_F_CARRIER_UNKNOWN : XD_F_NONE};
    }
    in = (struct xd_ack_in){.interchange = run->interchanges,
                            .codes = &run->codes,
                            .texts = &run->texts,
                            .tables = &run->tables,
                            .parcels = parcels,
                            .parcel_count = held * 2};
    assert_true(xd_date_parse(XD_LIT("2026-11-22"), &in.as_of));
    xd_buf_init(&out, (size_t)64 << 20);
    assert_true(xd_ack_write(ack, &in, &out, &run->err));
    struct xd_slice copy = xd_arena_copy(&run->arena, xd_buf_slice(&out));
    xd_buf_free(&out);
    return copy;
}

/* --- counts --- */

struct message {
    uint64_t segments; /* so far */
    uint64_t told;     /* exceptions in it */
};

struct counts {
    uint64_t messages;
    uint64_t told;
    uint64_t most; /* told in one message */
};

static uint64_t
number_at(struct xd_slice segment, char separator, unsigned element)
{
    struct xd_slice part = XD_NONE;
    uint64_t number;

    for (unsigned i = 0; i <= element; i++) {
        assert_true(xd_slice_next(&segment, separator, &part));
    }
    assert_true(xd_slice_u64(part, &number));
    return number;
}

/* Holds the trailers of every message, and of the whole, against what is there. `tags` are those of
 * header, exception, trailer and the trailer that counts messages. */
static struct counts
count(struct xd_slice text, const char *const *tags, char terminator, char separator)
{
    struct counts counts = {0};
    struct message open = {0};
    struct xd_slice segment;

    while (xd_slice_next(&text, terminator, &segment)) {
        segment = xd_slice_trim(segment);
        open.segments++;
        if (xd_slice_starts(segment, xd_slice_str(tags[0]))) {
            open = (struct message){.segments = 1};
            counts.messages++;
        } else if (xd_slice_starts(segment, xd_slice_str(tags[1]))) {
            open.told++;
        } else if (xd_slice_starts(segment, xd_slice_str(tags[2]))) {
            assert_int_equal(number_at(segment, separator, 1), open.segments);
            assert_int_equal(number_at(segment, separator, 2), counts.messages);
            counts.told += open.told;
            counts.most = open.told > counts.most ? open.told : counts.most;
        } else if (xd_slice_starts(segment, xd_slice_str(tags[3]))) {
            assert_int_equal(number_at(segment, separator, 1), counts.messages);
        }
    }
    return counts;
}

static void
expect_counts(const char *name, const char *text, const char *const *tags, size_t held,
              uint64_t messages, uint64_t most)
{
    bool x12 = tags[0][0] == 'S';
    struct run run;

    open_run(&run);
    struct counts counts =
        count(answer(&run, name, text, held), tags, x12 ? '~' : '\'', x12 ? '*' : '+');
    assert_int_equal(counts.messages, messages);
    assert_int_equal(counts.told, held);
    assert_true(counts.most <= most);
    close_run(&run);
}

static void
test_aperak_goes_on(void **state)
{
    static const char *const TAGS[] = {"UNH+", "ERC+", "UNT+", "UNZ+"};
    static const struct {
        size_t held;
        uint64_t messages;
    } CASES[] = {{0, 1}, {998, 1}, {999, 1}, {1000, 2}, {1998, 2}, {1999, 3}};
    char text[400];

    (void)state;
    (void)snprintf(text, sizeof(text), DESADV, "UNOC", "R1", "R1");
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        expect_counts("aperak", text, TAGS, CASES[i].held, CASES[i].messages, 999);
    }
}

static void
test_824_goes_on(void **state)
{
    static const char *const TAGS[] = {"ST*", "TED*", "SE*", "GE*"};

    (void)state;
    expect_counts("824", NOTICE, TAGS, 0, 1, 0);
    expect_counts("824", NOTICE, TAGS, 99998, 1, 99998);
    expect_counts("824", NOTICE, TAGS, 99999, 2, 99998);
}

/* --- references --- */

static void
expect_reference(const char *reference, const char *due)
{
    struct run run;
    char text[400];
    char unz[40];

    (void)snprintf(text, sizeof(text), DESADV, "UNOC", reference, reference);
    (void)snprintf(unz, sizeof(unz), "UNZ+1+%s'", due);
    open_run(&run);
    struct xd_slice got = answer(&run, "aperak", text, 0);
    if (!memmem(got.ptr, got.len, unz, strlen(unz))) {
        fail_msg("%s: no %s in %.*s", reference, unz, XD_FMT(got));
    }
    close_run(&run);
}

static void
test_references_differ(void **state)
{
    (void)state;
    expect_reference("R1", "R1A");
    expect_reference("2026112206150", "2026112206150A");
    expect_reference("20261122061501", "0261122061501A");
    expect_reference("20261122061502", "0261122061502A");
    expect_reference("?+026112206150", "?+026112206150A");
    expect_reference("?+0261122061501", "0261122061501A");
}

static void
test_parcel_without_number_is_told_by_its_order(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *numbered;
        const char *ordered;
    } CASES[] = {{"aperak", NULL, "RFF+AAS:340123450000000017'", "RFF+ON:SO?+1'"},
                 {"824", NOTICE, "OTI*IE*2I*340123450000000017*", "OTI*IE*PO*SO+1*"}};
    char desadv[400];

    (void)state;
    (void)snprintf(desadv, sizeof(desadv), DESADV, "UNOC", "R1", "R1");
    for (size_t i = 0; i < 4; i++) {
        const char *due = i % 2 ? CASES[i / 2].ordered : CASES[i / 2].numbered;
        struct run run;
        open_run(&run);
        code = i % 2 ? XD_NONE : CODE;
        struct xd_slice got =
            answer(&run, CASES[i / 2].name, CASES[i / 2].text ? CASES[i / 2].text : desadv, 1);
        code = CODE;
        assert_non_null(memmem(got.ptr, got.len, due, strlen(due)));
        close_run(&run);
    }
}

/* --- level A --- */

static void
test_level_a_has_no_small_letters(void **state)
{
    static const char *const LEVELS[] = {"UNOA", "UNOB"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct run run;
        char text[400];
        size_t small = 0;

        (void)snprintf(text, sizeof(text), DESADV, LEVELS[i], "R1", "R1");
        open_run(&run);
        struct xd_slice got = answer(&run, "aperak", text, 1);
        for (size_t at = 0; at < got.len; at++) {
            small += xd_is_lower(got.ptr[at]);
        }
        assert_true(i == 0 ? small == 0 : small > 0);
        close_run(&run);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aperak_goes_on),
        cmocka_unit_test(test_824_goes_on),
        cmocka_unit_test(test_references_differ),
        cmocka_unit_test(test_parcel_without_number_is_told_by_its_order),
        cmocka_unit_test(test_level_a_has_no_small_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
