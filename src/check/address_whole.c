/*
 * The rules about an address as a whole, when its values have been looked at one by one: boxes, a
 * house number in any line, telephone and e-mail, values that repeat each other, and what the
 * carrier cannot print.
 */
#include "check/address_parts.h"

#include "check/excel.h"
#include "check/po_box.h"

bool
xd_address_may_hold_box(const struct address_check *check, enum xd_address_field field)
{
    return !is_surveyed(check, field) || ((check->anywhere >> field) & 1) ||
           xd_box_possible(&check->ctx->letters, check->result->country, check->of[field],
                           &check->kinds[field]);
}

static void
check_boxes(struct address_check *check)
{
    static const unsigned LINES = 1U << XD_ADDRESS_ADDRESS1 | 1U << XD_ADDRESS_ADDRESS2 |
                                  1U << XD_ADDRESS_ADDRESS3 | 1U << XD_ADDRESS_CITY;
    uint16_t country = check->result->country;
    struct xd_box_hit hit;

    for (unsigned left = check->filled & ~check->fine & LINES; left; left &= left - 1) {
        enum xd_address_field field = (enum xd_address_field)__builtin_ctz(left);
        struct xd_slice line = check->of[field];
        if (!xd_address_may_hold_box(check, field) ||
            !xd_box_find(&check->tables->words, country, line, &hit) || hit.kind == XD_BOX_CEDEX) {
            continue;
        }
        bool fine = check->options->boxes_served ||
                    (hit.kind == XD_BOX_PO_BOX && check->tables->postal.of[country].po_box_normal);
        xd_address_report(check, field, fine ? XD_PROBLEM_NOTE : XD_PROBLEM_PO_BOX,
                          fine                        ? XD_F_ADDRESS_PO_BOX_USUAL
                          : hit.kind == XD_BOX_LOCKER ? XD_F_ADDRESS_LOCKER
                                                      : XD_F_ADDRESS_PO_BOX,
                          hit.span, "%.*s", (int)hit.span.len, line.ptr + hit.span.off);
        return;
    }
}

static bool
has_problem(const struct address_check *check, enum xd_address_field field)
{
    for (size_t i = 0; i < check->result->count; i++) {
        if (check->result->problems[i].field == field) {
            return true;
        }
    }
    return false;
}

static bool
holds_digit(const struct address_check *check, enum xd_address_field field)
{
    return is_surveyed(check, field) ? check->kinds[field].digits != 0
                                     : xd_slice_has_digit(check->of[field]);
}

/* A byte that is no part of a word. */
static bool
is_gap(char c)
{
    return (unsigned char)c < 0x80 && !xd_is_alpha(c) && !xd_is_digit(c);
}

/* Does `word` stand at `at`, and no letter or digit beside it? */
static bool
stands_alone(struct xd_slice line, size_t at, struct xd_slice word)
{
    size_t end = at + word.len;

    return xd_slice_ieq(xd_slice_sub(line, at, word.len), word) &&
           (at == 0 || is_gap(line.ptr[at - 1])) && (end == line.len || is_gap(line.ptr[end]));
}

/* Does the street line say that there is no number? */
static bool
says_no_number(const struct xd_address_words *words, struct xd_slice street)
{
    for (unsigned i = 0; i < words->no_number_count; i++) {
        struct xd_slice word = words->no_number[i];
        for (size_t at = 0; at + word.len <= street.len; at++) {
            if (stands_alone(street, at, word)) {
                return true;
            }
        }
    }
    return false;
}

static void
check_house_number(struct address_check *check)
{
    struct xd_slice street = check->of[XD_ADDRESS_ADDRESS1];

    if (street.len == 0 || holds_digit(check, XD_ADDRESS_ADDRESS1) ||
        !check->tables->postal.of[check->result->country].house_number ||
        holds_digit(check, XD_ADDRESS_ADDRESS2) || holds_digit(check, XD_ADDRESS_ADDRESS3) ||
        has_problem(check, XD_ADDRESS_ADDRESS1) || says_no_number(&check->tables->words, street)) {
        return;
    }
    xd_address_report(check, XD_ADDRESS_ADDRESS1, XD_PROBLEM_FORMAT, XD_F_HOUSE_NUMBER_MISSING,
                      whole(street), "%s", "no digit in any line");
}

static bool
needs_check(const struct address_check *check, enum xd_address_field field)
{
    return ((check->filled & ~check->fine) >> field & 1) && !has_problem(check, field);
}

static void
check_contacts(struct address_check *check)
{
    struct xd_slice phone = check->of[XD_ADDRESS_PHONE];
    struct xd_slice email = check->of[XD_ADDRESS_EMAIL];
    struct xd_diagnosis damage;
    struct xd_span span;

    if (needs_check(check, XD_ADDRESS_PHONE) &&
        !xd_phone_check(&check->tables->calling, check->result->country, phone,
                        &check->result->phone)) {
        check->result->phone.len = 0;
        xd_address_report(check, XD_ADDRESS_PHONE, XD_PROBLEM_FORMAT, XD_F_PHONE_FORMAT,
                          check->result->phone.span, "%s",
                          xd_excel_check(XD_FIELD_PHONE, phone, 0, &damage)
                              ? "a spreadsheet took it for a number or a formula"
                              : "");
    }
    if (needs_check(check, XD_ADDRESS_EMAIL) && !xd_email_check(email, &span)) {
        xd_address_report(check, XD_ADDRESS_EMAIL, XD_PROBLEM_FORMAT, XD_F_EMAIL_FORMAT, span, "%s",
                          "");
    }
}

/* Does a field say just what another one says? */
static bool
repeats(const struct address_check *check, enum xd_address_field field, enum xd_address_field other)
{
    struct xd_slice value = check->of[field];

    return value.len && value.len == check->of[other].len && xd_slice_ieq(value, check->of[other]);
}

/* A shop that asks for a name where a firm orders gets the firm's again: nobody to ask for, but the
 * parcel finds the firm. */
static void
check_repetition(struct address_check *check)
{
    if (repeats(check, XD_ADDRESS_ADDRESS2, XD_ADDRESS_ADDRESS1)) {
        xd_address_report(check, XD_ADDRESS_ADDRESS2, XD_PROBLEM_NOTE, XD_F_ADDRESS_LINE_TWICE,
                          whole(check->of[XD_ADDRESS_ADDRESS2]), "%s", "as address1");
    }
    if (repeats(check, XD_ADDRESS_NAME, XD_ADDRESS_COMPANY)) {
        xd_address_report(check, XD_ADDRESS_NAME, XD_PROBLEM_PLACEHOLDER, XD_F_NAME_IS_COMPANY,
                          whole(check->of[XD_ADDRESS_NAME]), "%s", "it is the company's");
    }
}

/* The characters of a value without a Latin form by themselves: how many. */
static size_t
count_unspelt(struct address_check *check, enum xd_address_field field)
{
    char latin[2048];
    size_t lost = 0;

    if (is_surveyed(check, field)) {
        struct xd_letter_sum sum =
            xd_letters_sum(&check->ctx->letters, check->of[field], check->kinds[field].high);
        if (!(sum.flags & XD_LETTER_UNSURE)) {
            return sum.unspelt;
        }
    }
    (void)xd_transliterate(&check->tables->transliteration, check->result->country,
                           check->of[field], latin, sizeof(latin), &lost);
    return lost;
}

/* What a carrier of the table of limits cannot print; others may be posts of the country. */
static void
check_latin_forms(struct address_check *check)
{
    static const unsigned PRINTED = 1U << XD_ADDRESS_NAME | 1U << XD_ADDRESS_COMPANY |
                                    1U << XD_ADDRESS_ADDRESS1 | 1U << XD_ADDRESS_ADDRESS2 |
                                    1U << XD_ADDRESS_ADDRESS3 | 1U << XD_ADDRESS_CITY;
    unsigned left = check->limit == check->tables->limits.of ? 0 : check->unspelt & PRINTED;

    for (; left; left &= left - 1) {
        enum xd_address_field field = (enum xd_address_field)__builtin_ctz(left);
        size_t lost = has_problem(check, field) ? 0 : count_unspelt(check, field);
        if (lost) {
            xd_address_report(check, field, XD_PROBLEM_UNSUPPORTED, XD_F_TEXT_NO_LATIN,
                              whole(check->of[field]), "%zu of them", lost);
        }
    }
}

void
xd_address_check_whole(struct address_check *check)
{
    check_contacts(check);
    check_repetition(check);
    check_latin_forms(check);
    if (check->result->country != XD_COUNTRY_NONE) {
        check_boxes(check);
        check_house_number(check);
    }
}
