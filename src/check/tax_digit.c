/*
 * Most offices weigh the digits, take a remainder and differ only in what they do with it; the
 * weights are in the table and the endings are here. The others have a function each, named after
 * the country.
 */
#include "check/tax_digit.h"

#define DIGITS_MAX 20

struct digits {
    unsigned of[DIGITS_MAX];
    size_t count;
};

static struct digits
digits_of(struct xd_slice number)
{
    struct digits digits = {{0}, 0};

    for (size_t i = 0; i < number.len && digits.count < DIGITS_MAX; i++) {
        if (xd_is_digit(number.ptr[i])) {
            digits.of[digits.count++] = (unsigned)(number.ptr[i] - '0');
        }
    }
    return digits;
}

/* Every character by its ASCII code less 48, as the alphanumeric CNPJ counts: A is 17. */
static struct digits
ascii_of(struct xd_slice number)
{
    struct digits digits = {{0}, 0};

    for (size_t i = 0; i < number.len && digits.count < DIGITS_MAX; i++) {
        digits.of[digits.count++] = (unsigned)(unsigned char)number.ptr[i] - '0';
    }
    return digits;
}

static uint64_t
value_of(const unsigned *digits, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++) {
        value = value * 10 + digits[i];
    }
    return value;
}

static unsigned
weigh(const struct xd_tax_scheme *scheme, const unsigned *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count && i < scheme->weight_count; i++) {
        sum += scheme->weights[i] * digits[i];
    }
    return sum;
}

/* The weighted sum over all digits but the last that the scheme weighs, and that last one. */
static bool
check_weighted(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    size_t count = scheme->weight_count;
    unsigned rest;
    unsigned given;
    unsigned back;

    if (digits->count <= count || scheme->modulus == 0) {
        return false;
    }
    rest = weigh(scheme, digits->of, count) % scheme->modulus;
    given = digits->of[count];
    back = rest == 0 ? 0 : scheme->modulus - rest;
    switch (scheme->check) {
    case XD_TAX_DIRECT:
        return given == (rest == 10 ? 0 : rest);
    case XD_TAX_DIRECT_STRICT:
        return given == rest;
    case XD_TAX_COMPLEMENT:
        return given == (back == 10 ? 0 : back);
    case XD_TAX_COMPLEMENT_STRICT:
        return given == back;
    case XD_TAX_COMPLEMENT_NO_ZERO:
        return rest != 0 && given == (back == 10 ? 0 : back);
    default:
        return false;
    }
}

static bool
luhn(const unsigned *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned digit = digits[count - 1 - i] * (i % 2 ? 2 : 1);
        sum += digit / 10 + digit % 10;
    }
    return sum % 10 == 0;
}

/* ISO 7064 mod 11,10, the last digit being the check digit. */
static bool
iso7064_11_10(const struct digits *digits)
{
    unsigned product = 10;

    for (size_t i = 0; i + 1 < digits->count; i++) {
        unsigned sum = (digits->of[i] + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (product + digits->of[digits->count - 1]) % 10 == 1;
}

/* Weights 1, 2, 3 ..; when the remainder is 10, again from the third weight on; then 10 counts as
 * 0. */
static bool
check_two_stage(const struct digits *digits)
{
    size_t count = digits->count - 1;
    unsigned rest = 10;

    for (unsigned start = 0; start <= 2 && rest == 10; start += 2) {
        unsigned sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += ((unsigned)(i + start) % 9 + 1) * digits->of[i];
        }
        rest = sum % 11;
    }
    return digits->of[count] == rest % 10;
}

/* Legal entities; the ten digits of persons have no rule of their own here. */
static bool
check_bg(const struct digits *digits)
{
    unsigned rest = 10;

    if (digits->count != 9) {
        return true;
    }
    for (unsigned start = 1; start <= 3 && rest == 10; start += 2) {
        unsigned sum = 0;
        for (unsigned i = 0; i < 8; i++) {
            sum += (i + start) * digits->of[i];
        }
        rest = sum % 11;
    }
    return digits->of[8] == rest % 10;
}

static bool
check_at(const struct digits *digits)
{
    unsigned sum = 4;

    for (unsigned i = 0; i < 7; i++) {
        unsigned digit = digits->of[i] * (i % 2 ? 2 : 1);
        sum += digit / 10 + digit % 10;
    }
    return digits->of[7] == (10 - sum % 10) % 10;
}

static bool
check_cy(const struct digits *digits, char letter)
{
    static const unsigned ODD[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
    unsigned sum = 0;

    for (unsigned i = 0; i < 8; i++) {
        sum += i % 2 ? digits->of[i] : ODD[digits->of[i]];
    }
    return letter == (char)('A' + sum % 26);
}

/* Legal entities have eight digits; nine and ten are persons', whose rules depend on the year of
 * birth. */
static bool
check_cz(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    unsigned rest = weigh(scheme, digits->of, 7) % 11;

    return digits->count != 8 || digits->of[7] == (11 - rest) % 10;
}

/* NIF of persons (letter by mod 23), NIE (X, Y, Z for 0, 1, 2), CIF of entities (digit or letter).
 */
static bool
check_es(struct xd_slice number)
{
    static const char PERSON[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    static const char ENTITY[] = "JABCDEFGHI";
    struct digits digits = digits_of(xd_slice_sub(number, 1, 7));
    char first = number.ptr[0];
    char last = number.ptr[8];
    unsigned sum = 0;

    if (xd_is_digit(first) || (first >= 'X' && first <= 'Z')) {
        uint64_t lead = xd_is_digit(first) ? (uint64_t)(first - '0') : (uint64_t)(first - 'X');
        return last == PERSON[(lead * 10000000 + value_of(digits.of, 7)) % 23];
    }
    if (first == 'K' || first == 'L' || first == 'M') {
        return last == PERSON[value_of(digits.of, 7) % 23];
    }
    for (unsigned i = 0; i < 7; i++) {
        unsigned digit = digits.of[i] * (i % 2 ? 1 : 2);
        sum += digit / 10 + digit % 10;
    }
    sum = (10 - sum % 10) % 10;
    return last == (char)('0' + sum) || last == ENTITY[sum];
}

/* The SIREN by Luhn, and a key of two digits over it; keys with letters are checked by the office
 * alone. */
static bool
check_fr(struct xd_slice number)
{
    struct digits siren = digits_of(xd_slice_sub(number, 2, 9));
    struct digits key = digits_of(xd_slice_sub(number, 0, 2));
    bool monaco = siren.of[0] == 0 && siren.of[1] == 0 && siren.of[2] == 0;

    if (!monaco && !luhn(siren.of, 9)) {
        return false;
    }
    return key.count < 2 || value_of(key.of, 2) == (12 + 3 * (value_of(siren.of, 9) % 97)) % 97;
}

/* Seven digits and a letter; a second letter counts nine times; the old shape has a letter or sign
 * in second place. */
static bool
check_ie(const struct xd_tax_scheme *scheme, struct xd_slice number)
{
    static const char LETTERS[] = "WABCDEFGHIJKLMNOPQRSTUV";
    struct digits digits = digits_of(number);
    unsigned sum;

    if (!xd_is_digit(number.ptr[1])) {
        /* 8Z49289F: a zero, the five digits behind the letter, and last the one in front of it */
        sum = 2 * digits.of[0];
        for (unsigned i = 1; i < 6; i++) {
            sum += scheme->weights[i] * digits.of[i];
        }
        return number.ptr[7] == LETTERS[sum % 23];
    }
    sum = weigh(scheme, digits.of, 7);
    if (number.len == 9) {
        sum += 9 * (number.ptr[8] == 'W' ? 0 : (unsigned)(number.ptr[8] - 'A' + 1));
    }
    return number.ptr[7] == LETTERS[sum % 23];
}

/* Entities start with 4 to 9; others are persons, whose number is a birthday. */
static bool
check_lv(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    int rest;

    if (digits->of[0] <= 3) {
        return true;
    }
    rest = 3 - (int)(weigh(scheme, digits->of, 10) % 11);
    return rest != -1 && digits->of[10] == (unsigned)(rest < -1 ? rest + 11 : rest);
}

/* Until 2019 the ninth digit was a check digit; since then sole traders have numbers whose whole
 * passes mod 97. */
static bool
check_nl(const struct xd_tax_scheme *scheme, struct xd_slice number)
{
    struct digits digits = digits_of(xd_slice_sub(number, 0, 9));
    unsigned rest = weigh(scheme, digits.of, 8) % 11;
    uint64_t whole = 2321; /* "NL" as ISO 7064 reads letters */

    if (digits.of[8] == rest) {
        return true;
    }
    for (size_t i = 0; i < number.len; i++) {
        bool digit = xd_is_digit(number.ptr[i]);
        uint64_t value =
            digit ? (uint64_t)(number.ptr[i] - '0') : (uint64_t)(number.ptr[i] - 'A') + 10;
        whole = (whole * (digit ? 10 : 100) + value) % 97;
    }
    return number.len == 12 && whole == 1;
}

/* The weights belong to the right end of the number. */
static bool
check_ro(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    size_t count = digits->count - 1;
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += scheme->weights[scheme->weight_count - count + i] * digits->of[i];
    }
    return digits->of[count] == sum * 10 % 11 % 10;
}

static bool
check_gb(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    unsigned sum = weigh(scheme, digits->of, 7) + (unsigned)value_of(digits->of + 7, 2);

    return sum % 97 == 0 || (sum + 55) % 97 == 0;
}

static bool
check_mt(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    return value_of(digits->of + 6, 2) == 37 - weigh(scheme, digits->of, 6) % 37;
}

static bool
check_abn(const struct xd_tax_scheme *scheme, struct digits digits)
{
    digits.of[0] -= 1; /* a shape without leading zero is certain here */
    return weigh(scheme, digits.of, 11) % 89 == 0;
}

/* Inland Revenue's rule: a second set of weights when the first gives no digit. */
static bool
check_nz(const struct xd_tax_scheme *scheme, const struct digits *digits)
{
    static const unsigned SECOND[] = {7, 4, 3, 2, 5, 2, 7, 6};
    unsigned padded[9] = {0};
    unsigned rest;
    unsigned sum = 0;

    memcpy(padded + (9 - digits->count), digits->of, digits->count * sizeof(*padded));
    rest = (11 - weigh(scheme, padded, 8) % 11) % 11;
    if (rest == 10) {
        for (unsigned i = 0; i < 8; i++) {
            sum += SECOND[i] * padded[i];
        }
        rest = (11 - sum % 11) % 11;
    }
    return padded[8] == rest;
}

/* Two check digits, each over all digits before it, weights 2, 3, 4 .. from the right, starting
 * anew above `top`. */
static bool
check_brazil(const struct digits *digits, unsigned top)
{
    for (size_t count = digits->count - 2; count < digits->count; count++) {
        unsigned sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += ((unsigned)(count - 1 - i) % (top - 1) + 2) * digits->of[i];
        }
        unsigned rest = sum % 11;
        if (digits->of[count] != (rest < 2 ? 0 : 11 - rest)) {
            return false;
        }
    }
    return true;
}

static bool
check_tckn(const struct digits *digits)
{
    unsigned odd = 0;
    unsigned even = 0;
    unsigned tenth;

    for (unsigned i = 0; i < 9; i++) {
        if (i % 2) {
            even += digits->of[i];
        } else {
            odd += digits->of[i];
        }
    }
    tenth = (odd * 7 + 100 - even) % 10;
    return digits->of[9] == tenth && digits->of[10] == (odd + even + tenth) % 10;
}

static bool
check_rut(struct xd_slice number)
{
    char last = number.ptr[number.len - 1];
    unsigned sum = 0;
    unsigned rest;

    for (size_t i = 0; i + 1 < number.len; i++) {
        sum += (unsigned)(number.ptr[number.len - 2 - i] - '0') * ((unsigned)i % 6 + 2);
    }
    rest = (11 - sum % 11) % 11;
    return rest == 10 ? last == 'K' : last == (char)('0' + rest);
}

/* The rules that one country or office has to itself. */
static bool
check_own(const struct xd_tax_scheme *scheme, struct xd_slice number, const struct digits *digits)
{
    switch (scheme->check) {
    case XD_TAX_AT:
        return check_at(digits);
    case XD_TAX_BG:
        return check_bg(digits);
    case XD_TAX_CY:
        return check_cy(digits, number.ptr[8]);
    case XD_TAX_CZ:
        return check_cz(scheme, digits);
    case XD_TAX_ES:
        return check_es(number);
    case XD_TAX_FR:
        return check_fr(number);
    case XD_TAX_IE:
        return check_ie(scheme, number);
    case XD_TAX_LV:
        return check_lv(scheme, digits);
    case XD_TAX_NL:
        return check_nl(scheme, number);
    case XD_TAX_RO:
        return check_ro(scheme, digits);
    case XD_TAX_NZ:
        return check_nz(scheme, digits);
    case XD_TAX_TCKN:
        return check_tckn(digits);
    case XD_TAX_RUT:
        return check_rut(number);
    default:
        return check_weighted(scheme, digits);
    }
}

bool
xd_tax_digit_fits(const struct xd_tax_scheme *scheme, struct xd_slice number)
{
    struct digits digits = digits_of(number);

    switch (scheme->check) {
    case XD_TAX_NONE:
        return true;
    case XD_TAX_LUHN:
        return luhn(digits.of, scheme->weights[0]);
    case XD_TAX_TWO_STAGE:
        return check_two_stage(&digits);
    case XD_TAX_WHOLE:
        return value_of(digits.of, digits.count) % scheme->modulus == 0;
    case XD_TAX_ISO7064:
        return iso7064_11_10(&digits);
    case XD_TAX_MOD97_BE:
        return value_of(digits.of + 8, 2) == 97 - value_of(digits.of, 8) % 97;
    case XD_TAX_MOD97_GB:
        return check_gb(scheme, &digits);
    case XD_TAX_MOD89_LU:
        return value_of(digits.of + 6, 2) == value_of(digits.of, 6) % 89;
    case XD_TAX_MOD37_MT:
        return check_mt(scheme, &digits);
    case XD_TAX_ABN:
        return check_abn(scheme, digits);
    case XD_TAX_CPF:
        return check_brazil(&digits, 12);
    case XD_TAX_CNPJ:
        digits = ascii_of(number);
        return check_brazil(&digits, 9);
    default:
        return check_own(scheme, number, &digits);
    }
}
