/*
 * The rules about words. Each begins with a question that costs next to nothing (which kinds of
 * bytes are in the value, how long is it) and goes on only for the few values that make it worth
 * while. Such a question may say yes for a value that is fine, never no for one that is not: the
 * verdict is always the rule's own.
 */
#include "check/address_parts.h"

#include "base/fold.h"
#include "check/po_box.h"
#include "check/text.h"
#include "model/address_lines.h"

#define KEY_MAX 64

static struct xd_span
whole(struct xd_slice value)
{
    return (struct xd_span){0, (uint32_t)value.len};
}

static bool
may_hold_box(const struct address_check *check, enum xd_address_field field)
{
    return !is_surveyed(check, field) ||
           xd_box_possible(&check->ctx->letters, check->result->country, check->of[field],
                           &check->kinds[field]);
}

static void
check_boxes(struct address_check *check)
{
    static const enum xd_address_field LINES[] = {XD_ADDRESS_ADDRESS1, XD_ADDRESS_ADDRESS2,
                                                  XD_ADDRESS_ADDRESS3, XD_ADDRESS_CITY};
    uint16_t country = check->result->country;
    struct xd_box_hit hit;

    for (unsigned i = 0; i < 4 && country != XD_COUNTRY_NONE; i++) {
        struct xd_slice line = check->of[LINES[i]];
        if (!is_filled(check, LINES[i]) || !may_hold_box(check, LINES[i]) ||
            !xd_box_find(&check->tables->words, country, line, &hit) || hit.kind == XD_BOX_CEDEX) {
            continue;
        }
        bool fine = check->options->boxes_served ||
                    (hit.kind == XD_BOX_PO_BOX && check->tables->postal.of[country].po_box_normal);
        xd_address_report(check, LINES[i], fine ? XD_PROBLEM_NOTE : XD_PROBLEM_PO_BOX,
                          fine                        ? XD_F_ADDRESS_PO_BOX_USUAL
                          : hit.kind == XD_BOX_LOCKER ? XD_F_ADDRESS_LOCKER
                                                      : XD_F_ADDRESS_PO_BOX,
                          hit.span, "%.*s", (int)hit.span.len, line.ptr + hit.span.off);
        return;
    }
}

/* In which fields placeholders are looked for. */
static const uint8_t PLACEHOLDER_BITS[XD_ADDRESS_COUNT] = {
    [XD_ADDRESS_NAME] = XD_PLACEHOLDER_NAME,        [XD_ADDRESS_COMPANY] = XD_PLACEHOLDER_COMPANY,
    [XD_ADDRESS_ADDRESS1] = XD_PLACEHOLDER_ADDRESS, [XD_ADDRESS_ADDRESS2] = XD_PLACEHOLDER_ADDRESS,
    [XD_ADDRESS_ADDRESS3] = XD_PLACEHOLDER_ADDRESS, [XD_ADDRESS_CITY] = XD_PLACEHOLDER_CITY,
    [XD_ADDRESS_PHONE] = XD_PLACEHOLDER_PHONE,      [XD_ADDRESS_EMAIL] = XD_PLACEHOLDER_EMAIL,
};

static bool
in_table(const struct xd_address_words *words, struct xd_slice value, uint8_t bit)
{
    char folded[KEY_MAX];
    struct xd_slice key;
    uint32_t fields;

    key = xd_slice_of(folded, xd_fold_key(value, folded, sizeof(folded)));
    if (key.len == 0) {
        return false;
    }
    fields = xd_map_get(&words->placeholders, key);
    if (fields != XD_MAP_NONE && (fields & bit)) {
        return true;
    }
    for (unsigned i = 0; i < words->start_count; i++) {
        if ((words->start_fields[i] & bit) && xd_slice_starts(key, words->starts[i])) {
            return true;
        }
    }
    return false;
}

/* One character again and again: xxxx, ....., 11111. */
static bool
is_repeated(struct xd_slice value)
{
    for (size_t i = 1; i < value.len; i++) {
        if (value.ptr[i] != value.ptr[0]) {
            return false;
        }
    }
    return value.len > 2;
}

static bool
has_digit(struct xd_slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (xd_is_digit(value.ptr[i])) {
            return true;
        }
    }
    return false;
}

static bool
has_letter(struct xd_slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (xd_is_alpha(value.ptr[i]) || (unsigned char)value.ptr[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* What no table can list: one letter, no letter at all where one is needed, one character repeated.
 */
static bool
is_empty_talk(struct xd_slice value, enum xd_address_field field)
{
    bool flat = field == XD_ADDRESS_ADDRESS2 || field == XD_ADDRESS_ADDRESS3;

    if (!has_letter(value)) {
        /* "12" or "B" is a flat, and a street line may be a house number alone. */
        return !has_digit(value) || (!flat && (field != XD_ADDRESS_ADDRESS1 || value.len < 2 ||
                                               value.ptr[0] == '0' || is_repeated(value)));
    }
    if (flat) {
        return false;
    }
    return value.len == 1 || is_repeated(value) ||
           (field == XD_ADDRESS_NAME && xd_slice_find(value, '@') < value.len);
}

static bool
is_contact(enum xd_address_field field)
{
    return field == XD_ADDRESS_PHONE || field == XD_ADDRESS_EMAIL;
}

static void
check_placeholder(struct address_check *check, enum xd_address_field field)
{
    struct xd_slice value = check->of[field];
    uint8_t bit = PLACEHOLDER_BITS[field];

    if (bit && (in_table(&check->tables->words, value, bit) ||
                (is_contact(field) ? is_repeated(value) : is_empty_talk(value, field)))) {
        xd_address_report(check, field, XD_PROBLEM_PLACEHOLDER, XD_F_ADDRESS_PLACEHOLDER,
                          whole(value), "%.*s", (int)(value.len < 60 ? value.len : 60), value.ptr);
    }
}

/* The length in letters and digits is compared only where no letter may fold to none or to two. */
static bool
may_be_in_table(struct address_check *check, enum xd_address_field field)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    uint64_t plain = kinds->letters | kinds->digits;
    uint64_t words = plain | kinds->high;
    int start = words ? xd_word_start(&check->ctx->letters, check->of[field], kinds,
                                      (size_t)__builtin_ctzll(words))
                      : XD_START_NONE;
    unsigned sizes;
    unsigned size;

    if (start < 0) {
        return start == XD_START_ANY;
    }
    sizes = check->tables->words.placeholder_sizes[is_contact(field)][start];
    if (sizes == 0 || kinds->high) {
        return sizes != 0;
    }
    size = (unsigned)__builtin_popcountll(plain);
    return (sizes >> (size < XD_SIZE_MOST ? size : XD_SIZE_MOST)) & 1;
}

static bool
may_be_placeholder(struct address_check *check, enum xd_address_field field)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    struct xd_slice value = check->of[field];

    if (!PLACEHOLDER_BITS[field]) {
        return false;
    }
    if (value.len < 2 || value.ptr[0] == value.ptr[1] || may_be_in_table(check, field)) {
        return true;
    }
    if (field == XD_ADDRESS_NAME && xd_bytes_equal(value, '@')) {
        return true;
    }
    return !is_contact(field) && !(kinds->letters | kinds->high);
}

/* All scripts that are read at the destination, or all there are while nobody knows it. */
static uint32_t
scripts_of(const struct address_check *check)
{
    uint16_t country = check->result->country;

    return country == XD_COUNTRY_NONE ? UINT32_MAX : check->tables->postal.of[country].scripts;
}

static void
check_text(struct address_check *check, enum xd_address_field field)
{
    static const enum xd_finding_code CODES[XD_TEXT_FAULTS] = {
        [XD_TEXT_GARBLED] = XD_F_TEXT_GARBLED,
        [XD_TEXT_INVISIBLE] = XD_F_TEXT_INVISIBLE,
        [XD_TEXT_MIXED] = XD_F_TEXT_MIXED_SCRIPTS,
        [XD_TEXT_FOREIGN] = XD_F_TEXT_FOREIGN_SCRIPT,
        [XD_TEXT_NOT_NORMALIZED] = XD_F_TEXT_NOT_NORMALIZED,
    };
    struct xd_text_report report;

    xd_text_check(check->of[field], scripts_of(check), &report);
    for (unsigned i = 0; i < XD_TEXT_FAULTS; i++) {
        /* A word of two scripts is foreign too: one finding is enough. */
        if (!report.found[i] || (i == XD_TEXT_FOREIGN && report.found[XD_TEXT_MIXED])) {
            continue;
        }
        xd_address_report(check, field,
                          i == XD_TEXT_NOT_NORMALIZED ? XD_PROBLEM_NOTE : XD_PROBLEM_UNSUPPORTED,
                          CODES[i], report.span[i], "%s", "");
    }
}

/* A value of one script, which is read at the destination, without a character worth a word. East
 * Asian scripts stand beside any other. */
static bool
is_sound(const struct address_check *check, const struct xd_byte_kinds *kinds,
         struct xd_letter_sum sum)
{
    static const uint32_t NO_LETTERS = 1U << XD_SCRIPT_OTHER;
    static const uint32_t EAST_ASIAN =
        1U << XD_SCRIPT_HANI | 1U << XD_SCRIPT_KANA | 1U << XD_SCRIPT_HANG;
    uint32_t scripts = sum.scripts | (kinds->letters ? 1U << XD_SCRIPT_LATN : 0);
    uint32_t others = scripts & ~NO_LETTERS & ~EAST_ASIAN;

    return !(kinds->odd & ~kinds->high) && !(sum.flags & (XD_LETTER_TROUBLE | XD_LETTER_GARBLES)) &&
           !(others & (others - 1)) && !(scripts & ~NO_LETTERS & ~scripts_of(check));
}

/* Which of the carrier's widths holds for a field; -1: none. */
static const int8_t WIDTHS[XD_ADDRESS_COUNT] = {
    [XD_ADDRESS_NAME] = XD_WIDTH_NAME,
    [XD_ADDRESS_COMPANY] = XD_WIDTH_COMPANY,
    [XD_ADDRESS_ADDRESS1] = XD_WIDTH_ADDRESS,
    [XD_ADDRESS_ADDRESS2] = XD_WIDTH_ADDRESS,
    [XD_ADDRESS_ADDRESS3] = XD_WIDTH_ADDRESS,
    [XD_ADDRESS_CITY] = XD_WIDTH_CITY,
    [XD_ADDRESS_REGION] = XD_WIDTH_REGION,
    [XD_ADDRESS_POSTAL_CODE] = XD_WIDTH_POSTAL_CODE,
    [XD_ADDRESS_COUNTRY] = -1,
    [XD_ADDRESS_PHONE] = -1,
    [XD_ADDRESS_EMAIL] = XD_WIDTH_EMAIL,
};

/* Says how the value could be spread over the carrier's lines, or that it cannot. */
static void
report_too_long(struct address_check *check, enum xd_address_field field, struct xd_slice latin,
                const struct xd_carrier_limit *limit)
{
    struct xd_slice parts[8];
    size_t chars = limit->chars[WIDTHS[field]];
    bool line = WIDTHS[field] == XD_WIDTH_ADDRESS;
    size_t count = line ? xd_address_wrap(latin, chars, limit->lines, parts) : 0;

    if (count) {
        xd_address_report(check, field, XD_PROBLEM_TOO_LONG, XD_F_ADDRESS_LINE_TOO_LONG,
                          whole(check->of[field]), "%zu of %zu characters; would fit on %zu lines",
                          latin.len, chars, count);
    } else {
        xd_address_report(check, field, XD_PROBLEM_TOO_LONG, XD_F_ADDRESS_LINE_TOO_LONG,
                          whole(check->of[field]), "%zu of %zu characters", latin.len, chars);
    }
}

/* Counts the letters that the carrier prints, where there may be more or fewer of them than bytes.
 */
static void
check_latin_width(struct address_check *check, enum xd_address_field field,
                  const struct xd_carrier_limit *limit, size_t chars)
{
    struct xd_slice value = check->of[field];
    char latin[2048];
    size_t len;

    len = xd_transliterate(&check->tables->transliteration, check->result->country, value, latin,
                           sizeof(latin), NULL);
    if (len > chars) {
        report_too_long(check, field, xd_slice_of(latin, len), limit);
    }
}

static void
check_field(struct address_check *check, enum xd_address_field field,
            const struct xd_carrier_limit *limit)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    bool surveyed = is_surveyed(check, field);
    size_t chars = WIDTHS[field] < 0 ? 0 : limit->chars[WIDTHS[field]];
    size_t len = check->of[field].len;
    struct xd_letter_sum sum = {0, XD_LETTER_TROUBLE | XD_LETTER_GROWS};

    if (!surveyed || may_be_placeholder(check, field)) {
        check_placeholder(check, field);
    }
    if (surveyed && !kinds->odd) {
        if (chars && len > chars) {
            report_too_long(check, field, check->of[field], limit);
        }
        return;
    }
    if (surveyed) {
        sum = xd_letters_sum(&check->ctx->letters, check->of[field], kinds->high);
    }
    if (!surveyed || !is_sound(check, kinds, sum)) {
        check_text(check, field);
    }
    if (chars && ((sum.flags & XD_LETTER_GROWS) || len > chars)) {
        check_latin_width(check, field, limit, chars);
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
                                     : has_digit(check->of[field]);
}

static void
check_house_number(struct address_check *check)
{
    static const struct xd_slice NO_NUMBER[] = {
        {"s/n", 3}, {"sn", 2}, {"bb", 2}, {"b.b.", 4}, {"zgrada", 6}, {"lot", 3}, {"no number", 9},
    };
    struct xd_slice street = check->of[XD_ADDRESS_ADDRESS1];

    if (!check->tables->postal.of[check->result->country].house_number || street.len == 0 ||
        holds_digit(check, XD_ADDRESS_ADDRESS1) || holds_digit(check, XD_ADDRESS_ADDRESS2) ||
        holds_digit(check, XD_ADDRESS_ADDRESS3) || has_problem(check, XD_ADDRESS_ADDRESS1)) {
        return;
    }
    for (size_t i = 0; i < sizeof(NO_NUMBER) / sizeof(NO_NUMBER[0]); i++) {
        struct xd_slice end = street.len > NO_NUMBER[i].len
                                  ? xd_slice_sub(street, street.len - NO_NUMBER[i].len, SIZE_MAX)
                                  : street;
        if (xd_slice_ieq(end, NO_NUMBER[i])) {
            return;
        }
    }
    xd_address_report(check, XD_ADDRESS_ADDRESS1, XD_PROBLEM_FORMAT, XD_F_HOUSE_NUMBER_MISSING,
                      whole(street), "%s", "no digit in any line");
}

static void
check_contacts(struct address_check *check)
{
    struct xd_slice phone = check->of[XD_ADDRESS_PHONE];
    struct xd_slice email = check->of[XD_ADDRESS_EMAIL];
    struct xd_span span;

    if (phone.len && !has_problem(check, XD_ADDRESS_PHONE) &&
        !xd_phone_check(&check->tables->calling, check->result->country, phone,
                        &check->result->phone)) {
        check->result->phone.len = 0;
        xd_address_report(check, XD_ADDRESS_PHONE, XD_PROBLEM_FORMAT, XD_F_PHONE_FORMAT,
                          check->result->phone.span, "%s", "");
    }
    if (email.len && !has_problem(check, XD_ADDRESS_EMAIL) && !xd_email_check(email, &span)) {
        xd_address_report(check, XD_ADDRESS_EMAIL, XD_PROBLEM_FORMAT, XD_F_EMAIL_FORMAT, span, "%s",
                          "");
    }
}

static void
check_repetition(struct address_check *check)
{
    struct xd_slice first = check->of[XD_ADDRESS_ADDRESS1];
    struct xd_slice second = check->of[XD_ADDRESS_ADDRESS2];

    if (second.len && first.len == second.len && xd_slice_ieq(first, second)) {
        xd_address_report(check, XD_ADDRESS_ADDRESS2, XD_PROBLEM_NOTE, XD_F_ADDRESS_LINE_TWICE,
                          whole(second), "%s", "as address1");
    }
}

/* A shop that asks for a name where a firm orders gets the firm's again: nobody to ask for. */
static void
check_name_is_company(struct address_check *check)
{
    struct xd_slice name = check->of[XD_ADDRESS_NAME];
    struct xd_slice company = check->of[XD_ADDRESS_COMPANY];

    if (name.len && name.len == company.len && xd_slice_ieq(name, company)) {
        xd_address_report(check, XD_ADDRESS_NAME, XD_PROBLEM_PLACEHOLDER, XD_F_ADDRESS_PLACEHOLDER,
                          whole(name), "%s", "it is the company's");
    }
}

/* A hub has a handful of carriers: the last ones are found without folding their names. */
static const struct xd_carrier_limit *
limit_of(const struct address_check *check)
{
    struct xd_slice carrier = check->options->carrier;
    struct xd_limit_memo *memo;
    struct xd_bytes16 name;

    if (carrier.len == 0 || carrier.len > 16 || check->ctx->thorough) {
        return xd_carrier_limit_find(&check->tables->limits, carrier);
    }
    name = xd_bytes16(carrier);
    memo = &check->ctx->limits[(name.low * UINT64_C(0x9e3779b97f4a7c15) + carrier.len) >> 60];
    if (memo->len != carrier.len || memo->name.low != name.low || memo->name.high != name.high) {
        *memo = (struct xd_limit_memo){name, carrier.len,
                                       xd_carrier_limit_find(&check->tables->limits, carrier)};
    }
    return memo->limit;
}

void
xd_address_check_words(struct address_check *check)
{
    const struct xd_carrier_limit *limit = limit_of(check);

    for (unsigned left = check->filled; left; left &= left - 1) {
        check_field(check, (enum xd_address_field)__builtin_ctz(left), limit);
    }
    check_contacts(check);
    check_repetition(check);
    check_name_is_company(check);
    if (check->result->country != XD_COUNTRY_NONE) {
        check_boxes(check);
        check_house_number(check);
    }
}
