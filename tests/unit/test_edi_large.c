/*
 * Interchanges of many batches: a refusal calls back what it is about and nothing else, what stays
 * is whole, and the reader's memory does not grow with what it reads.
 */
#include "edi_test.h"

struct plan {
    unsigned messages;
    unsigned lines;       /* of each message */
    unsigned wrong_count; /* message whose UNT counts wrong; 0: none */
    unsigned groups;      /* UNG around that many messages each; 0: none */
    unsigned wrong_group; /* group whose UNE counts wrong; 0: none */
    bool wrong_end;       /* UNZ counts wrong */
};

/* A line's description is its number in the interchange, with a release character in it. */
static void
make_large(struct xd_buf *out, const struct plan *plan)
{
    unsigned line = 0;

    out->len = 0;
    xd_buf_str(out, "UNB+UNOC:3+SENDER:ZZ+RECIPIENT:ZZ+261122:0615+LARGE'");
    for (unsigned m = 1; m <= plan->messages; m++) {
        if (plan->groups && (m - 1) % plan->groups == 0) {
            xd_buf_printf(out, "UNG+DESADV+A+B+261122:0615+G%u+UN+D:96A'", m / plan->groups + 1);
        }
        xd_buf_printf(out, "UNH+%u+DESADV:D:96A:UN'BGM+351+DA-%u+9'RFF+ON:SO-%u'CPS+1'", m, m, m);
        for (unsigned i = 1; i <= plan->lines; i++) {
            xd_buf_printf(out, "LIN+%u++TEE:SA'IMD+F++:::it?'s %u'QTY+12:1:PCE'", i, ++line);
        }
        xd_buf_printf(out, "UNT+%u+%u'", 5 + 3 * plan->lines + (m == plan->wrong_count), m);
        if (plan->groups && m % plan->groups == 0) {
            unsigned group = m / plan->groups;
            xd_buf_printf(out, "UNE+%u+G%u'", plan->groups + (group == plan->wrong_group), group);
        }
    }
    xd_buf_printf(out, "UNZ+%u+LARGE'",
                  (plan->groups ? plan->messages / plan->groups : plan->messages) +
                      plan->wrong_end);
    assert_false(out->failed);
}

static struct xd_slice
description(struct run *run, uint32_t number)
{
    size_t batch = 0;

    while (number >= run->batches[batch].count) {
        number -= run->batches[batch++].count;
        assert_true(batch < run->batch_count);
    }
    return xd_rows_get(&run->batches[batch], number, XD_FIELD_DESCRIPTION, &run->arena);
}

/* The rows that are left are the lines outside [from, to), in order, and nothing of them changed
 * when their batch was divided. */
static void
expect_lines(struct run *run, uint32_t lines, uint32_t from, uint32_t to)
{
    uint32_t row = 0;

    assert_int_equal(run->rows, lines - (to - from));
    for (uint32_t line = 0; line < lines; line++) {
        char due[40];
        if (line >= from && line < to) {
            continue;
        }
        int len = snprintf(due, sizeof(due), "it's %u", line + 1);
        struct xd_slice is = description(run, row++);
        if (!xd_slice_eq(is, xd_slice_of(due, (size_t)len))) {
            fail_msg("row %u is \"%.*s\", not \"%s\"", row, XD_FMT(is), due);
        }
    }
}

static void
large_case(const struct plan *plan, uint32_t from, uint32_t to, bool recalls)
{
    struct xd_buf text;
    struct run run;

    xd_buf_init(&text, 1 << 24);
    make_large(&text, plan);
    open_run(&run);
    read_text(&run, xd_buf_slice(&text));
    expect_lines(&run, plan->messages * plan->lines, from, to);
    assert_int_equal(run.recalled > 0, recalls);
    assert_int_equal(run.refused, run.rows == 0);
    xd_buf_free(&text);
    close_run(&run);
}

static void
test_rows_are_called_back(void **state)
{
    (void)state;
    /* Nothing is refused: one message of many batches, and many messages in one batch. */
    large_case(&(struct plan){.messages = 1, .lines = 9999}, 0, 0, false);
    large_case(&(struct plan){.messages = 99, .lines = 101}, 0, 0, false);
    /* A message that is larger than a batch, between small and between large ones. */
    large_case(&(struct plan){.messages = 3, .lines = 6000, .wrong_count = 2}, 6000, 12000, true);
    large_case(&(struct plan){.messages = 50, .lines = 300, .wrong_count = 14}, 3900, 4200, false);
    large_case(&(struct plan){.messages = 50, .lines = 300, .wrong_count = 1}, 0, 300, false);
    /* A group of many batches, the others stay. */
    large_case(&(struct plan){.messages = 12, .lines = 2000, .groups = 4, .wrong_group = 2}, 8000,
               16000, true);
    large_case(&(struct plan){.messages = 12, .lines = 300, .groups = 4, .wrong_group = 3}, 2400,
               3600, false);
    /* The interchange. */
    large_case(&(struct plan){.messages = 12, .lines = 2000, .wrong_end = true}, 0, 24000, true);
    large_case(&(struct plan){.messages = 12, .lines = 20, .wrong_end = true}, 0, 240, false);
}

/* Two interchanges: the refused one takes nothing of the good one with it, whichever comes first.
 */
static void
test_a_refused_interchange_leaves_the_others(void **state)
{
    (void)state;
    for (unsigned bad = 0; bad < 2; bad++) {
        struct xd_buf text;
        struct xd_buf both;
        struct run run;
        xd_buf_init(&text, 1 << 24);
        xd_buf_init(&both, 1 << 24);
        for (unsigned i = 0; i < 2; i++) {
            make_large(&text, &(struct plan){.messages = 3, .lines = 3000, .wrong_end = i == bad});
            /* Another reference: a duplicate would be refused for that. */
            memcpy(memmem(text.ptr, text.len, "LARGE", 5), i ? "OTHER" : "FIRST", 5);
            memcpy(text.ptr + text.len - 6, i ? "OTHER" : "FIRST", 5);
            xd_buf_put(&both, xd_buf_slice(&text));
        }
        open_run(&run);
        read_text(&run, xd_buf_slice(&both));
        expect_lines(&run, 9000, 0, 0);
        assert_int_equal(run.interchanges->verdict == XD_EDI_REJECTED, bad == 0);
        assert_int_equal(run.interchanges->next->verdict == XD_EDI_REJECTED, bad == 1);
        xd_buf_free(&text);
        xd_buf_free(&both);
        close_run(&run);
    }
}

/* Bytes of memory that reading the interchange took at most, beside its text. */
static size_t
heap_of(const struct plan *plan)
{
    struct xd_buf text;
    struct run run;
    size_t before;

    xd_buf_init(&text, 1 << 26);
    make_large(&text, plan);
    open_run(&run);
    run.forgets = true;
    before = memory_held();
    read_text(&run, xd_buf_slice(&text));
    assert_int_equal(run.rows, plan->messages * plan->lines);
    xd_buf_free(&text);
    close_run(&run);
    return run.heap_most > before ? run.heap_most - before : 0;
}

#define STEPS ((size_t)1 << 20) /* memory is taken in steps: the last one may be on either side */

/* Ten times the lines take no more; a message takes what its answer needs. */
static void
test_memory_does_not_grow(void **state)
{
    size_t small = heap_of(&(struct plan){.messages = 30, .lines = 900});
    size_t longer = heap_of(&(struct plan){.messages = 30, .lines = 9000});
    size_t more = heap_of(&(struct plan){.messages = 300, .lines = 900});

    (void)state;
    print_message("memory beside the text: %zu bytes, ten times the lines %zu, the messages %zu\n",
                  small, longer, more);
    assert_true(longer <= small + STEPS);
    assert_true(more <= small + 270 * 512 + STEPS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_called_back),
        cmocka_unit_test(test_a_refused_interchange_leaves_the_others),
        cmocka_unit_test(test_memory_does_not_grow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
