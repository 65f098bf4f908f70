/*
 * The arithmetic of check characters, each as its publisher words it. Nothing is shared between
 * families that only happen to agree for one length: whoever compares a function with its
 * specification finds the same steps.
 */
#include "check/check_digit.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "digits are taken eight at a time");

static unsigned
digit(char c)
{
    return (unsigned)(c - '0');
}

static char
tens_complement(unsigned sum)
{
    return (char)('0' + (10 - sum % 10) % 10);
}

/* Adds the digits of eight characters, the last of them weighing three. */
static inline void
add_eight(uint64_t word, unsigned *threes, unsigned *ones)
{
    const uint64_t every_second = 0x000f000f000f000fu;
    const uint64_t sum = 0x0001000100010001u;

    *threes += (unsigned)(((word >> 8 & every_second) * sum) >> 48);
    *ones += (unsigned)(((word & every_second) * sum) >> 48);
}

/* Every SSCC, GTIN and half of the carriers come here, so digits are taken eight at a time (first
 * character lowest, as little-endian machines load them; the build refuses others). */
char
xd_check_gs1(struct xd_slice body)
{
    unsigned threes = 0;
    unsigned ones = 0;
    size_t left = body.len;
    uint64_t word;

    if (left < 8) {
        for (size_t i = left; i > 0; i--) {
            *((left - i) % 2 ? &ones : &threes) += digit(body.ptr[i - 1]);
        }
        return tens_complement(3 * threes + ones);
    }
    for (; left >= 8; left -= 8) {
        memcpy(&word, body.ptr + left - 8, sizeof(word));
        add_eight(word, &threes, &ones);
    }
    if (left) {
        memcpy(&word, body.ptr, sizeof(word));
        add_eight(word << (64 - 8 * left), &threes, &ones);
    }
    return tens_complement(3 * threes + ones);
}

/* UPS: weights 1, 2 from the left, modulo 10, letters as (code - 63) modulo 10. */
static char
check_ups(struct xd_slice body)
{
    unsigned sum = 0;

    for (size_t i = 0; i < body.len; i++) {
        char c = body.ptr[i];
        unsigned value = xd_is_digit(c) ? digit(c) : (unsigned)(c - 63) % 10;
        sum += i % 2 ? 2 * value : value;
    }
    return tens_complement(sum);
}

/* FedEx: weights 1, 3, 7 from the right, modulo 11, 10 becomes 0. */
static char
check_fedex(struct xd_slice body)
{
    static const unsigned WEIGHTS[] = {1, 3, 7};
    unsigned sum = 0;

    for (size_t i = 0, w = 0; i < body.len; i++, w = w == 2 ? 0 : w + 1) {
        sum += WEIGHTS[w] * digit(body.ptr[body.len - 1 - i]);
    }
    return (char)('0' + sum % 11 % 10);
}

/* 11 minus the remainder, where 10 becomes 0 and 11 becomes 5, as the UPU and those who follow it
 * do. */
static char
postal_mod11(struct xd_slice body, const unsigned *weights, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < body.len && i < count; i++) {
        sum += weights[i] * digit(body.ptr[i]);
    }
    unsigned check = 11 - sum % 11;
    return check == 10 ? '0' : check == 11 ? '5' : (char)('0' + check);
}

/* UPU S10-12: eight digits, weights 8 6 4 2 3 5 9 7, 11 minus the remainder, 10 becomes 0, 11
 * becomes 5. */
static char
check_s10(struct xd_slice body)
{
    static const unsigned WEIGHTS[] = {8, 6, 4, 2, 3, 5, 9, 7};

    return postal_mod11(body, WEIGHTS, 8);
}

/* Parcelforce consignment: six digits, weights 4 2 3 5 9 7, else as S10. */
static char
check_parcelforce(struct xd_slice body)
{
    static const unsigned WEIGHTS[] = {4, 2, 3, 5, 9, 7};

    return postal_mod11(body, WEIGHTS, 6);
}

/* The number modulo 7: air waybills, DHL Express, Japanese parcels. Never 7, 8 or 9. */
static char
check_mod7(struct xd_slice body)
{
    uint64_t number = 0;

    for (size_t i = 0; i < body.len; i++) {
        number = number * 10 + digit(body.ptr[i]);
        if (i % 16 == 15) {
            number %= 7; /* never more than 18 digits, so that 64 bits hold them */
        }
    }
    return (char)('0' + number % 7);
}

/* ISO 7064 mod 37,36: DPD. */
static char
check_mod37_36(struct xd_slice body)
{
    unsigned product = 36;

    for (size_t i = 0; i < body.len; i++) {
        char c = body.ptr[i];
        unsigned value = xd_is_digit(c) ? digit(c) : (unsigned)(c - 'A') + 10;
        product += value;
        product = product > 36 ? product - 36 : product;
        product *= 2;
        product = product > 36 ? product - 37 : product;
    }
    unsigned check = (37 - product) % 36;
    return (char)(check < 10 ? '0' + check : 'A' + check - 10);
}

/* ISO/IEC 7812 annex B: doubles every second digit from the right. */
static char
check_luhn(struct xd_slice body)
{
    unsigned sum = 0;

    for (size_t i = 0; i < body.len; i++) {
        unsigned value = digit(body.ptr[body.len - 1 - i]);
        unsigned twice = 2 * value;
        sum += i % 2 ? value : twice > 9 ? twice - 9 : twice;
    }
    return tens_complement(sum);
}

/* Deutsche Post Identcode and Leitcode: weights 4, 9 from the left, modulo 10. */
static char
check_deutsche_post(struct xd_slice body)
{
    unsigned sum = 0;

    for (size_t i = 0; i < body.len; i++) {
        sum += (i % 2 ? 9 : 4) * digit(body.ptr[i]);
    }
    return tens_complement(sum);
}

/* GLS: weights 3, 1 from the left, plus one, modulo 10. */
static char
check_gls(struct xd_slice body)
{
    unsigned sum = 1;

    for (size_t i = 0; i < body.len; i++) {
        sum += (i % 2 ? 1 : 3) * digit(body.ptr[i]);
    }
    return tens_complement(sum);
}

/* Colissimo: weights 1, 3 from the left, modulo 10. */
static char
check_colissimo(struct xd_slice body)
{
    unsigned sum = 0;

    for (size_t i = 0; i < body.len; i++) {
        sum += (i % 2 ? 3 : 1) * digit(body.ptr[i]);
    }
    return tens_complement(sum);
}

/* Mondial Relay: weights 2..7 in turn from the right, 11 minus the remainder, 10 and 11 become 0.
 */
static char
check_mondial_relay(struct xd_slice body)
{
    unsigned weight = 2;
    unsigned sum = 0;

    for (size_t i = body.len; i > 0; i--) {
        sum += weight * digit(body.ptr[i - 1]);
        weight = weight == 7 ? 2 : weight + 1;
    }
    unsigned check = 11 - sum % 11;
    return check >= 10 ? '0' : (char)('0' + check);
}

/* ISO 6346: letters 10..38 without the multiples of 11, weights 1, 2, 4 ..., modulo 11, modulo 10.
 */
static char
check_iso6346(struct xd_slice body)
{
    unsigned sum = 0;

    for (size_t i = 0; i < body.len && i < 16; i++) {
        char c = body.ptr[i];
        unsigned place = (unsigned)(c - 'A');
        /* A is 10; 11, 22 and 33 are skipped, so that no letter counts as 0 modulo 11 */
        unsigned value = xd_is_digit(c) ? digit(c) : 10 + place + (place + 9) / 10;
        sum += value << i;
    }
    return (char)('0' + sum % 11 % 10);
}

char
xd_check_digit(enum xd_check_family family, struct xd_slice body)
{
    static char (*const FUNCTIONS[XD_CHECK_FAMILY_COUNT])(struct xd_slice) = {
        [XD_CHECK_GS1] = xd_check_gs1,
        [XD_CHECK_UPS] = check_ups,
        [XD_CHECK_FEDEX] = check_fedex,
        [XD_CHECK_S10] = check_s10,
        [XD_CHECK_MOD7] = check_mod7,
        [XD_CHECK_MOD37_36] = check_mod37_36,
        [XD_CHECK_LUHN] = check_luhn,
        [XD_CHECK_DEUTSCHE_POST] = check_deutsche_post,
        [XD_CHECK_GLS] = check_gls,
        [XD_CHECK_COLISSIMO] = check_colissimo,
        [XD_CHECK_MONDIAL_RELAY] = check_mondial_relay,
        [XD_CHECK_ISO6346] = check_iso6346,
        [XD_CHECK_PARCELFORCE] = check_parcelforce,
    };

    return FUNCTIONS[family](body);
}
