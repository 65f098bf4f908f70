/* What address.c and address_text.c share: the state of one check. Private to these two. */
#ifndef XD_CHECK_ADDRESS_PARTS_H
#define XD_CHECK_ADDRESS_PARTS_H

#include "check/address.h"

struct address_check {
    struct xd_address_ctx *ctx;
    const struct xd_address_tables *tables;
    const struct xd_address_options *options;
    struct xd_slice of[XD_ADDRESS_COUNT]; /* trimmed */
    const struct xd_address *written;
    unsigned filled;   /* bit of each field that is not empty */
    unsigned surveyed; /* bit of each field whose `kinds` are known: for the others no short cut */
    struct xd_byte_kinds kinds[XD_ADDRESS_COUNT];
    struct xd_packed_code code;
    struct xd_address_result *result;
};

static inline bool
is_filled(const struct address_check *check, enum xd_address_field field)
{
    return (check->filled >> field) & 1;
}

static inline bool
is_surveyed(const struct address_check *check, enum xd_address_field field)
{
    return (check->surveyed >> field) & 1;
}

/* The diagnosis of a new problem to fill in, with its span moved from the trimmed to the written
 * value by the caller's `off`; never NULL. */
void xd_address_report(struct address_check *check, enum xd_address_field field,
                       enum xd_address_problem_kind kind, enum xd_finding_code code,
                       struct xd_span span, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The rules about the words of an address: boxes, placeholders, text, widths, house number, phone,
 * e-mail. */
void xd_address_check_words(struct address_check *check);

#endif
