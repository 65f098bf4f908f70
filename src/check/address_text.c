/*
 * The rules about words. Each begins with a question that costs next to nothing (which kinds of
 * bytes are in the value, how long is it) and goes on only for the few values that make it worth
 * while. Such a question may say yes for a value that is fine, never no for one that is not: the
 * verdict is always the rule's own.
 */
#include "check/address_parts.h"

#include "base/fold.h"
#include "check/text.h"

#define KEY_MAX 64

/* Flags of letters that a carrier may not be able to print. */
#define NO_LATIN (XD_LETTER_UNSPELT | XD_LETTER_UNSURE)

/* In which fields placeholders are looked for. */
static const uint8_t PLACEHOLDER_BITS[XD_ADDRESS_COUNT] = {
    [XD_ADDRESS_NAME] = XD_PLACEHOLDER_NAME,        [XD_ADDRESS_COMPANY] = XD_PLACEHOLDER_COMPANY,
    [XD_ADDRESS_ADDRESS1] = XD_PLACEHOLDER_ADDRESS, [XD_ADDRESS_ADDRESS2] = XD_PLACEHOLDER_ADDRESS,
    [XD_ADDRESS_ADDRESS3] = XD_PLACEHOLDER_ADDRESS, [XD_ADDRESS_CITY] = XD_PLACEHOLDER_CITY,
    [XD_ADDRESS_PHONE] = XD_PLACEHOLDER_PHONE,      [XD_ADDRESS_EMAIL] = XD_PLACEHOLDER_EMAIL,
};

static bool
in_table(const struct xd_address_words *words, uint16_t country, struct xd_slice value, uint8_t bit)
{
    char folded[KEY_MAX];
    struct xd_slice key;
    uint32_t fields;

    key = xd_slice_of(folded, xd_fold_key(value, folded, sizeof(folded)));
    if (key.len == 0) {
        return false;
    }
    fields = xd_map_get(&words->placeholders, key);
    if (fields != XD_MAP_NONE && (xd_placeholder_fields(fields, country) & bit)) {
        return true;
    }
    for (unsigned i = 0; i < words->start_count; i++) {
        const struct xd_placeholder_start *start = &words->starts[i];
        if ((start->fields & bit) && xd_slice_starts(key, start->key) &&
            (!start->number || xd_slice_digits(xd_slice_sub(key, start->key.len, SIZE_MAX)))) {
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
        return !xd_slice_has_digit(value) ||
               (!flat && (field != XD_ADDRESS_ADDRESS1 || value.len < 2 || value.ptr[0] == '0' ||
                          is_repeated(value)));
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

    if (bit && (in_table(&check->tables->words, check->result->country, value, bit) ||
                (is_contact(field) ? is_repeated(value) : is_empty_talk(value, field)))) {
        xd_address_report(check, field, XD_PROBLEM_PLACEHOLDER, XD_F_ADDRESS_PLACEHOLDER,
                          whole(value), "%.*s", (int)(value.len < 60 ? value.len : 60), value.ptr);
    }
}

/* A value and what its bytes are. `sum` is of the letters beyond ASCII. */
struct look {
    enum xd_address_field field;
    struct xd_slice value;
    struct xd_byte_kinds kinds;
    struct xd_letter_sum sum;
};

/* Has a placeholder that starts so as many letters and digits? Where a letter may fold to none or
 * to two nobody counts them. */
static inline bool __attribute__((always_inline))
has_size_of(unsigned sizes, const struct look *look)
{
    uint64_t plain = look->kinds.letters | look->kinds.digits;
    unsigned size = (unsigned)__builtin_popcountll(plain) + look->sum.count;

    return (look->sum.flags & (XD_LETTER_SEVERAL | XD_LETTER_SILENT)) ||
           ((sizes >> (size < XD_SIZE_MOST ? size : XD_SIZE_MOST)) & 1);
}

/* Of a value that does not start with three ASCII letters or digits. */
static int __attribute__((noinline))
first_word_start(struct address_check *check, bool contact, struct xd_slice value,
                 const struct xd_byte_kinds *kinds)
{
    uint64_t words = kinds->letters | kinds->digits | kinds->high;

    if (words == 0 ||
        (!check->tables->words.placeholder_digits[contact] && (kinds->digits & words & -words))) {
        return XD_START_NONE;
    }
    return xd_word_start_of(&check->ctx->letters, value, kinds, (size_t)__builtin_ctzll(words));
}

/* Is there a placeholder of such a start and size? */
static inline bool __attribute__((always_inline))
has_placeholder(const struct address_check *check, const struct look *look, unsigned start)
{
    const struct xd_address_words *words = &check->tables->words;
    bool contact = is_contact(look->field);
    unsigned sizes = words->placeholder_sizes[contact][xd_start_slot(start)];

    if ((PLACEHOLDER_BITS[look->field] & words->number_fields) &&
        (look->kinds.digits | look->kinds.high)) {
        sizes |= words->placeholder_sizes[2][xd_start_slot(start)];
    }
    return sizes &&
           (words->placeholder_fields[xd_start_slot(start)] & PLACEHOLDER_BITS[look->field]) &&
           has_size_of(sizes, look);
}

static inline bool __attribute__((always_inline))
may_be_in_table(struct address_check *check, const struct look *look)
{
    unsigned start;
    int found;

    if (xd_word_start_plain(look->value, look->kinds.letters | look->kinds.digits, 0, &start)) {
        return has_placeholder(check, look, start);
    }
    found =
        first_word_start(check, is_contact(look->field), look->value, &check->kinds[look->field]);
    return found < 0 ? found == XD_START_ANY : has_placeholder(check, look, (unsigned)found);
}

static inline bool __attribute__((always_inline))
may_be_placeholder(struct address_check *check, const struct look *look)
{
    struct xd_slice value = look->value;

    if (!PLACEHOLDER_BITS[look->field]) {
        return false;
    }
    return value.len < 2 ||
           (value.ptr[0] == value.ptr[1] && value.ptr[0] == value.ptr[value.len - 1]) ||
           may_be_in_table(check, look) ||
           (!(look->kinds.letters | look->kinds.high) && !is_contact(look->field)) ||
           (look->field == XD_ADDRESS_NAME && (look->kinds.odd & ~look->kinds.high)); /* an @ */
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
is_sound(const struct address_check *check, const struct look *look)
{
    static const uint32_t NO_LETTERS = 1U << XD_SCRIPT_OTHER;
    static const uint32_t EAST_ASIAN =
        1U << XD_SCRIPT_HANI | 1U << XD_SCRIPT_KANA | 1U << XD_SCRIPT_HANG;
    uint32_t scripts = look->sum.scripts | (look->kinds.letters ? 1U << XD_SCRIPT_LATN : 0);
    uint32_t others = scripts & ~NO_LETTERS & ~EAST_ASIAN;

    return !(look->kinds.odd & ~look->kinds.high) &&
           !(look->sum.flags & (XD_LETTER_TROUBLE | XD_LETTER_GARBLES)) &&
           !(others & (others - 1)) && !(scripts & ~NO_LETTERS & ~scripts_of(check));
}

/* What a value is made of decides which rules have a closer look at it. Of 1 to 64 bytes. */
static inline struct look __attribute__((always_inline))
survey(struct address_check *check, enum xd_address_field field)
{
    struct look look = {.field = field, .value = check->of[field]};

    look.kinds = xd_bytes_kinds(look.value);
    check->kinds[field] = look.kinds;
    check->surveyed |= 1U << field;
    return look;
}

static inline bool
is_short(struct xd_slice value)
{
    return value.len - 1 < XD_BYTES_MAX;
}

/* A number or an address that is right as it is needs no look, unless it is one of those that are
 * written in place of the true one. */
static inline void
note_phone(struct address_check *check)
{
    struct look look = {.field = XD_ADDRESS_PHONE, .value = check->of[XD_ADDRESS_PHONE]};

    if (!is_filled(check, XD_ADDRESS_PHONE) ||
        !xd_phone_is_e164(look.value, &check->result->phone)) {
        return;
    }
    look.kinds.digits = xd_bytes_all(look.value.len) ^ 1;
    if (has_placeholder(check, &look, xd_start_hash(xd_load4(look.value.ptr + 1)))) {
        check->result->phone.len = 0;
    } else {
        check->fine |= 1U << XD_ADDRESS_PHONE;
    }
}

static inline void
note_email(struct address_check *check)
{
    struct look look = {.field = XD_ADDRESS_EMAIL, .value = check->of[XD_ADDRESS_EMAIL]};
    size_t chars = width_of(check, XD_ADDRESS_EMAIL);

    /* A placeholder is looked for by letters and digits alike: both are `letters` here. */
    if (!is_filled(check, XD_ADDRESS_EMAIL) || (chars && look.value.len > chars) ||
        !xd_email_is_plain(look.value, &look.kinds.letters)) {
        return;
    }
    check->kinds[XD_ADDRESS_EMAIL] = look.kinds;
    check->fine |= (unsigned)!may_be_in_table(check, &look) << XD_ADDRESS_EMAIL;
}

static struct xd_letter_sum
sum_of(struct address_check *check, const struct look *look)
{
    return xd_letters_sum(&check->ctx->letters, look->value, look->kinds.high);
}

bool
xd_address_is_plain(struct address_check *check, enum xd_address_field field)
{
    struct look look;

    if (check->result->country == XD_COUNTRY_NONE || !is_short(check->of[field])) {
        return false;
    }
    look = survey(check, field);
    look.sum = sum_of(check, &look);
    return !may_be_placeholder(check, &look) &&
           !(look.sum.flags & (XD_LETTER_GROWS | XD_LETTER_ANYWHERE | NO_LATIN)) &&
           is_sound(check, &look) && !xd_address_may_hold_box(check, field);
}

/* A value with more than printable ASCII in it. */
static void __attribute__((noinline))
check_odd_field(struct address_check *check, enum xd_address_field field)
{
    struct look look = {.field = field, .value = check->of[field], .kinds = check->kinds[field]};
    size_t chars = width_of(check, field);

    look.sum = sum_of(check, &look);
    if (may_be_placeholder(check, &look)) {
        check_placeholder(check, field);
    }
    if (!is_sound(check, &look)) {
        check_text(check, field);
    }
    if (chars && ((look.sum.flags & XD_LETTER_GROWS) || look.value.len > chars)) {
        xd_address_check_latin_width(check, field);
    }
    check->anywhere |= (unsigned)((look.sum.flags & XD_LETTER_ANYWHERE) != 0) << field;
    check->unspelt |= (unsigned)((look.sum.flags & NO_LATIN) != 0) << field;
}

static inline void __attribute__((always_inline))
check_field(struct address_check *check, enum xd_address_field field)
{
    struct look look = survey(check, field);
    size_t chars = width_of(check, field);

    if (look.kinds.odd) {
        check_odd_field(check, field);
        return;
    }
    if (may_be_placeholder(check, &look)) {
        check_placeholder(check, field);
    }
    if (chars && look.value.len > chars) {
        xd_address_report_too_long(check, field, look.value);
    }
}

/* As struct xd_byte_kinds has it, of a value of any length. */
static bool
is_odd(struct xd_slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < ' ' || c >= 0x7f || c == '?' || c == '@') {
            return true;
        }
    }
    return false;
}

/* The same without a short cut: for what is longer than the bits, and for the test. */
static void __attribute__((noinline))
check_thoroughly(struct address_check *check, enum xd_address_field field)
{
    struct xd_slice value = check->of[field];
    size_t chars = width_of(check, field);

    check->unspelt |= 1U << field;
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

void
xd_address_check_words(struct address_check *check)
{
    bool thorough = check->ctx->thorough;

    if (!thorough) {
        note_phone(check);
        note_email(check);
    }
    for (unsigned left = check->filled & ~check->fine; left; left &= left - 1) {
        enum xd_address_field field = (enum xd_address_field)__builtin_ctz(left);
        if (!thorough && is_short(check->of[field])) {
            check_field(check, field);
        } else {
            check_thoroughly(check, field);
        }
    }
    xd_address_check_whole(check);
}
