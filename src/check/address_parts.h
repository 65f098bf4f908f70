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
    bool odd[XD_ADDRESS_COUNT]; /* perhaps more than printable ASCII without question marks */
    struct xd_packed_code code;
    struct xd_address_result *result;
};

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
