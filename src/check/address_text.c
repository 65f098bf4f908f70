/*
 * The rules about words. Each begins with a question that costs next to nothing (which kinds of
 * bytes are in the value, how long is it) and goes on only for the few values that make it worth
 * while. Such a question may say yes for a value that is fine, never no for one that is not: the
 * verdict is always the rule's own.
 */
#include "check/address_parts.h"

#include "base/fold.h"
#include "check/excel.h"
#include "check/po_box.h"
#include "check/text.h"

#define KEY_MAX 64

static struct xd_span
whole(struct xd_slice value)
{
    return (struct xd_span){0, (uint32_t)value.len};
}

static bool
may_hold_box(const struct address_check *check, enum xd_address_field field)
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
        if (!may_hold_box(check, field) ||
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

/* Has a placeholder that starts so as many letters and digits? Where a letter may fold to none or
 * to two nobody counts them. */
static bool
has_size_of(unsigned sizes, const struct xd_byte_kinds *kinds, struct xd_letter_sum sum)
{
    unsigned size = (unsigned)__builtin_popcountll(kinds->letters | kinds->digits) + sum.count;

    return (sum.flags & (XD_LETTER_SEVERAL | XD_LETTER_SILENT)) ||
           ((sizes >> (size < XD_SIZE_MOST ? size : XD_SIZE_MOST)) & 1);
}

/* Of a value that does not start with three ASCII letters or digits. */
static int __attribute__((noinline))
first_word_start(struct address_check *check, enum xd_address_field field)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    uint64_t words = kinds->letters | kinds->digits | kinds->high;

    if (words == 0 || (!check->tables->words.placeholder_digits[is_contact(field)] &&
                       (kinds->digits & words & -words))) {
        return XD_START_NONE;
    }
    return xd_word_start_of(&check->ctx->letters, check->of[field], kinds,
                            (size_t)__builtin_ctzll(words));
}

/* Is there a placeholder of such a start and size? `sum` is of the letters beyond ASCII. */
static inline bool
has_placeholder(const struct address_check *check, enum xd_address_field field, unsigned start,
                struct xd_letter_sum sum)
{
    unsigned sizes =
        check->tables->words.placeholder_sizes[is_contact(field)][xd_start_slot(start)];

    return sizes && has_size_of(sizes, &check->kinds[field], sum);
}

static inline bool
may_be_in_table(struct address_check *check, enum xd_address_field field, struct xd_letter_sum sum)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    unsigned start;
    int found;

    if (xd_word_start_plain(check->of[field], kinds->letters | kinds->digits, 0, &start)) {
        return has_placeholder(check, field, start, sum);
    }
    found = first_word_start(check, field);
    return found < 0 ? found == XD_START_ANY : has_placeholder(check, field, (unsigned)found, sum);
}

static inline bool
may_be_placeholder(struct address_check *check, enum xd_address_field field,
                   struct xd_letter_sum sum)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    const struct xd_slice *value = &check->of[field];

    if (!PLACEHOLDER_BITS[field]) {
        return false;
    }
    return value->len < 2 || value->ptr[0] == value->ptr[1] || may_be_in_table(check, field, sum) ||
           (!(kinds->letters | kinds->high) && !is_contact(field)) ||
           (field == XD_ADDRESS_NAME && xd_bytes_equal(*value, '@'));
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

/* What a value is made of decides which rules have a closer look at it. */
static bool
survey(struct address_check *check, enum xd_address_field field)
{
    if (check->ctx->thorough || check->of[field].len - 1 >= XD_BYTES_MAX) {
        return false;
    }
    check->kinds[field] = xd_bytes_kinds(check->of[field]);
    check->surveyed |= 1U << field;
    return true;
}

static struct xd_letter_sum
sum_of(struct address_check *check, enum xd_address_field field)
{
    uint64_t high = check->kinds[field].high;

    return high ? xd_letters_sum(&check->ctx->letters, check->of[field], high)
                : (struct xd_letter_sum){0};
}

/* A number or an address that is right as it is needs no look, unless it is one of those that are
 * written in place of the true one. */
static void
note_phone(struct address_check *check)
{
    static const struct xd_letter_sum ASCII = {0};
    struct xd_slice phone = check->of[XD_ADDRESS_PHONE];

    if (!is_filled(check, XD_ADDRESS_PHONE) ||
        !xd_phone_is_e164(phone, &check->result->phone, &check->kinds[XD_ADDRESS_PHONE])) {
        return;
    }
    if (has_placeholder(check, XD_ADDRESS_PHONE, xd_start_hash(xd_load4(phone.ptr + 1)), ASCII)) {
        check->result->phone.len = 0;
    } else {
        check->fine |= 1U << XD_ADDRESS_PHONE;
    }
}

static void
note_email(struct address_check *check)
{
    static const struct xd_letter_sum ASCII = {0};
    struct xd_slice email = check->of[XD_ADDRESS_EMAIL];
    size_t chars = width_of(check, XD_ADDRESS_EMAIL);

    if (is_filled(check, XD_ADDRESS_EMAIL) && (chars == 0 || email.len <= chars) &&
        xd_email_is_plain(email, &check->kinds[XD_ADDRESS_EMAIL]) &&
        !may_be_in_table(check, XD_ADDRESS_EMAIL, ASCII)) {
        check->fine |= 1U << XD_ADDRESS_EMAIL;
    }
}

bool
xd_address_is_plain(struct address_check *check, enum xd_address_field field)
{
    struct xd_letter_sum sum;

    if (check->result->country == XD_COUNTRY_NONE || !survey(check, field)) {
        return false;
    }
    sum = sum_of(check, field);
    return !may_be_placeholder(check, field, sum) &&
           !(sum.flags & (XD_LETTER_GROWS | XD_LETTER_ANYWHERE)) &&
           is_sound(check, &check->kinds[field], sum) && !may_hold_box(check, field);
}

static void
check_field(struct address_check *check, enum xd_address_field field)
{
    const struct xd_byte_kinds *kinds = &check->kinds[field];
    size_t chars = width_of(check, field);
    size_t len = check->of[field].len;
    struct xd_letter_sum sum = sum_of(check, field);

    if (may_be_placeholder(check, field, sum)) {
        check_placeholder(check, field);
    }
    if (!kinds->odd) {
        if (chars && len > chars) {
            xd_address_report_too_long(check, field, check->of[field]);
        }
        return;
    }
    if (!is_sound(check, kinds, sum)) {
        check_text(check, field);
    }
    if (chars && ((sum.flags & XD_LETTER_GROWS) || len > chars)) {
        xd_address_check_latin_width(check, field);
    }
    check->anywhere |= (unsigned)((sum.flags & XD_LETTER_ANYWHERE) != 0) << field;
}

/* As struct xd_byte_kinds has it, of a value of any length. */
static bool
is_odd(struct xd_slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < ' ' || c >= 0x7f || c == '?') {
            return true;
        }
    }
    return false;
}

/* The same without a short cut: for what is longer than the bits, and for the test. */
static void
check_thoroughly(struct address_check *check, enum xd_address_field field)
{
    struct xd_slice value = check->of[field];
    size_t chars = width_of(check, field);

    check_placeholder(check, field);
    if (is_odd(value)) {
        check_text(check, field);
        if (chars) {
            xd_address_check_latin_width(check, field);
        }
    } else if (chars && value.len > chars) {
        xd_address_report_too_long(check, field, value);
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

/* A shop that asks for a name where a firm orders gets the firm's again: nobody to ask for. */
static void
check_repetition(struct address_check *check)
{
    if (repeats(check, XD_ADDRESS_ADDRESS2, XD_ADDRESS_ADDRESS1)) {
        xd_address_report(check, XD_ADDRESS_ADDRESS2, XD_PROBLEM_NOTE, XD_F_ADDRESS_LINE_TWICE,
                          whole(check->of[XD_ADDRESS_ADDRESS2]), "%s", "as address1");
    }
    if (repeats(check, XD_ADDRESS_NAME, XD_ADDRESS_COMPANY)) {
        xd_address_report(check, XD_ADDRESS_NAME, XD_PROBLEM_PLACEHOLDER, XD_F_ADDRESS_PLACEHOLDER,
                          whole(check->of[XD_ADDRESS_NAME]), "%s", "it is the company's");
    }
}

/* Lead bytes of Hebrew and all scripts behind it; Latin, Greek and Cyrillic lie in front. */
#define LEAD_HEBREW 0xd6

/* The characters of `value` without a Latin form by themselves: how many. */
static size_t
count_not_latin(const struct address_check *check, struct xd_slice value)
{
    char latin[2048];
    size_t lost = 0;

    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] >= LEAD_HEBREW) {
            (void)xd_transliterate(&check->tables->transliteration, check->result->country, value,
                                   latin, sizeof(latin), &lost);
            break;
        }
    }
    return lost;
}

/* What a carrier of the table of limits cannot print; others may be posts of the country. */
static void
check_latin_forms(struct address_check *check)
{
    static const enum xd_address_field PRINTED[] = {XD_ADDRESS_NAME,     XD_ADDRESS_COMPANY,
                                                    XD_ADDRESS_ADDRESS1, XD_ADDRESS_ADDRESS2,
                                                    XD_ADDRESS_ADDRESS3, XD_ADDRESS_CITY};

    for (size_t i = 0; check->limit != check->tables->limits.of && i < 6; i++) {
        enum xd_address_field field = PRINTED[i];
        size_t lost = 0;
        if ((!is_surveyed(check, field) || check->kinds[field].high) &&
            !has_problem(check, field)) {
            lost = count_not_latin(check, check->of[field]);
        }
        if (lost) {
            xd_address_report(check, field, XD_PROBLEM_UNSUPPORTED, XD_F_TEXT_NO_LATIN,
                              whole(check->of[field]), "%zu of them", lost);
        }
    }
}

void
xd_address_check_words(struct address_check *check)
{
    if (!check->ctx->thorough) {
        note_phone(check);
        note_email(check);
    }
    for (unsigned left = check->filled & ~check->fine; left; left &= left - 1) {
        enum xd_address_field field = (enum xd_address_field)__builtin_ctz(left);
        if (survey(check, field)) {
            check_field(check, field);
        } else {
            check_thoroughly(check, field);
        }
    }
    check_contacts(check);
    check_repetition(check);
    check_latin_forms(check);
    if (check->result->country != XD_COUNTRY_NONE) {
        check_boxes(check);
        check_house_number(check);
    }
}
