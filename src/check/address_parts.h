/* What address.c and the other files of that name share: the state of one
 * check. Private to these. */
#ifndef XD_CHECK_ADDRESS_PARTS_H
#define XD_CHECK_ADDRESS_PARTS_H

#include "check/address.h"

struct address_check {
    struct xd_address_ctx *ctx;
    const struct xd_address_tables *tables;
    const struct xd_address_options *options;
    const struct xd_carrier_limit *limit;
    const struct xd_address *written;
    const struct xd_slice *of; /* the values without blanks around them */
    struct xd_address trimmed; /* where a value has some */
    unsigned filled;           /* bit of each field that is not empty */
    unsigned fine;             /* bit of each field whose words need no look at all */
    unsigned surveyed;         /* bit of each field whose kinds are known: no short cut without */
    unsigned anywhere;         /* bit of each field where a box may stand within a word */
    unsigned unspelt;          /* bit of each field that may hold letters without a Latin form */
    struct xd_byte_kinds kinds[XD_ADDRESS_COUNT];
    struct xd_packed_code code;
    const struct xd_subregion_area *area; /* written in place of a region, or NULL */
    struct xd_address_result *result;
};

static inline struct xd_span
whole(struct xd_slice value)
{
    return (struct xd_span){0, (uint32_t)value.len};
}

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

/* Which of the carrier's widths holds for a field; XD_WIDTH_COUNT: none. */
extern const uint8_t XD_ADDRESS_WIDTHS[XD_ADDRESS_COUNT];

/* The most characters that the carrier prints of a field; 0: any number. */
static inline size_t
width_of(const struct address_check *check, enum xd_address_field field)
{
    return check->limit->chars[XD_ADDRESS_WIDTHS[field]];
}

/* The diagnosis of a new problem to fill in, with its span moved from the trimmed to the written
 * value by the caller's `off`; never NULL. */
void xd_address_report(struct address_check *check, enum xd_address_field field,
                       enum xd_address_problem_kind kind, enum xd_finding_code code,
                       struct xd_span span, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Territory and embargo of the country, region and postal code that were found. */
void xd_address_check_territory(struct address_check *check);

/* Is there nothing in a value that a rule about words could object to, but for its width? */
bool xd_address_is_plain(struct address_check *check, enum xd_address_field field);

/* The rules about the words of an address: placeholders, text and widths of each value, then those
 * about all of them. */
void xd_address_check_words(struct address_check *check);
void xd_address_check_whole(struct address_check *check);

/* False when no word of a box stands in the value; cheap. */
bool xd_address_may_hold_box(const struct address_check *check, enum xd_address_field field);

/* Says that `latin`, what the carrier would print of the field, is too long, and how it could be
 * spread over the carrier's lines. */
void xd_address_report_too_long(struct address_check *check, enum xd_address_field field,
                                struct xd_slice latin);

/* Counts the letters that the carrier prints, where there may be more or fewer of them than bytes.
 * The field has a width. */
void xd_address_check_latin_width(struct address_check *check, enum xd_address_field field);

#endif
