/*
 * The rules of content of the GS1 General Specifications (sections 3 and 7), each a pure function
 * on one component. A table at the end gives every rule its function and the words for what it
 * expects.
 */
#include "check/gs1_rule.h"

#include "base/date.h"
#include "check/check_digit.h"

typedef bool (*rule_fn)(struct xd_slice value, struct xd_span *bad);

static bool
fail_at(struct xd_span *bad, size_t off, size_t len)
{
    *bad = (struct xd_span){(uint32_t)off, (uint32_t)len};
    return false;
}

static unsigned
two(struct xd_slice value, size_t at)
{
    return (unsigned)(value.ptr[at] - '0') * 10 + (unsigned)(value.ptr[at + 1] - '0');
}

static bool
is_check(struct xd_slice value, struct xd_span *bad)
{
    struct xd_slice body = xd_slice_sub(value, 0, value.len - 1);

    return xd_check_gs1(body) == value.ptr[value.len - 1] || fail_at(bad, value.len - 1, 1);
}

/* Place of a character in CSET 82, or -1. The order of the set gives the weights of check-pair. */
static int
cset82(char c)
{
    static const char SET[] = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                              "abcdefghijklmnopqrstuvwxyz";
    const char *hit = c ? strchr(SET, c) : NULL;

    return hit ? (int)(hit - SET) : -1;
}

static bool
is_prime(unsigned number)
{
    for (unsigned i = 2; i * i <= number; i++) {
        if (number % i == 0) {
            return false;
        }
    }
    return true;
}

/* GS1 General Specifications 7.9.5: places in CSET 82 weighted with rising primes from the right,
 * modulo 1021, told by two characters of 32. */
static bool
is_check_pair(struct xd_slice value, struct xd_span *bad)
{
    static const char SET32[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    unsigned prime = 1;
    unsigned sum = 0;

    if (value.len < 2) {
        return fail_at(bad, 0, value.len);
    }
    for (size_t i = value.len - 2; i > 0; i--) {
        do {
            prime++;
        } while (!is_prime(prime));
        sum += prime * (unsigned)cset82(value.ptr[i - 1]);
    }
    sum %= 1021;
    return (value.ptr[value.len - 2] == SET32[sum >> 5] &&
            value.ptr[value.len - 1] == SET32[sum & 31]) ||
           fail_at(bad, value.len - 2, 2);
}

static bool
has_prefix_at(struct xd_slice value, size_t at, struct xd_span *bad)
{
    for (size_t i = at; i < at + 4; i++) {
        if (i >= value.len) {
            return fail_at(bad, 0, value.len);
        }
        if (!xd_is_digit(value.ptr[i])) {
            return fail_at(bad, i, 1);
        }
    }
    return true;
}

static bool
is_prefix1(struct xd_slice value, struct xd_span *bad)
{
    return has_prefix_at(value, 0, bad);
}

static bool
is_prefix2(struct xd_slice value, struct xd_span *bad)
{
    return has_prefix_at(value, 1, bad);
}

/* ISO 13616: the first four characters moved behind the others, letters as 10..35, modulo 97 is 1.
 */
static bool
is_iban(struct xd_slice value, struct xd_span *bad)
{
    unsigned rest = 0;

    if (value.len < 5) {
        return fail_at(bad, 0, value.len);
    }
    for (size_t i = 0; i < value.len; i++) {
        size_t at = (i + 4) % value.len;
        char c = value.ptr[at];
        if (!xd_is_digit(c) && !xd_is_upper(c)) {
            return fail_at(bad, at, 1);
        }
        rest = xd_is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97
                              : (rest * 100 + (unsigned)(c - 'A' + 10)) % 97;
    }
    return rest == 1 || fail_at(bad, 2, 2);
}

/* YYMMDD; a year of two digits is one of this century. */
static bool
is_short_date(struct xd_slice value, bool day_zero, struct xd_span *bad)
{
    unsigned month = two(value, 2);
    unsigned day = two(value, 4);
    xd_date date;

    if (month < 1 || month > 12) {
        return fail_at(bad, 2, 2);
    }
    if (day == 0 && day_zero) {
        return true;
    }
    return xd_date_make(2000 + (int)two(value, 0), (int)month, (int)day, &date) ||
           fail_at(bad, 4, 2);
}

static bool
is_date(struct xd_slice value, struct xd_span *bad)
{
    return is_short_date(value, false, bad);
}

static bool
is_date0(struct xd_slice value, struct xd_span *bad)
{
    return is_short_date(value, true, bad);
}

static bool
is_day(struct xd_slice value, struct xd_span *bad)
{
    int year = (int)(two(value, 0) * 100 + two(value, 2));
    xd_date date;

    return xd_date_make(year, (int)two(value, 4), (int)two(value, 6), &date) || fail_at(bad, 0, 8);
}

static bool
is_hour(struct xd_slice value, struct xd_span *bad)
{
    return two(value, 0) < 24 || fail_at(bad, 0, 2);
}

static bool
is_minute(struct xd_slice value, struct xd_span *bad)
{
    return two(value, 0) < 60 || fail_at(bad, 0, 2);
}

static bool
is_time(struct xd_slice value, struct xd_span *bad)
{
    return is_hour(value, bad) && (two(value, 2) < 60 || fail_at(bad, 2, 2));
}

static bool
is_flag(struct xd_slice value, struct xd_span *bad)
{
    return value.ptr[0] <= '1' || fail_at(bad, 0, 1);
}

static bool
is_minus(struct xd_slice value, struct xd_span *bad)
{
    return value.ptr[0] == '-' || fail_at(bad, 0, 1);
}

static bool
is_within(struct xd_slice value, uint64_t most, struct xd_span *bad)
{
    uint64_t number = 0;

    return (xd_slice_u64(value, &number) && number <= most) || fail_at(bad, 0, value.len);
}

static bool
is_latitude(struct xd_slice value, struct xd_span *bad)
{
    return is_within(value, 1800000000, bad);
}

static bool
is_longitude(struct xd_slice value, struct xd_span *bad)
{
    return is_within(value, 3600000000, bad);
}

static bool
is_piece(struct xd_slice value, struct xd_span *bad)
{
    unsigned piece = two(value, 0);
    unsigned total = two(value, 2);

    if (piece == 0 || total == 0) {
        return fail_at(bad, piece ? 2 : 0, 2);
    }
    return piece <= total || fail_at(bad, 0, 4);
}

static bool
is_sequence(struct xd_slice value, struct xd_span *bad)
{
    const char *p = value.ptr;

    return (value.len == 3 && p[1] == '/' && p[0] >= '1' && p[0] <= '9' && p[2] >= p[0] &&
            p[2] <= '9') ||
           fail_at(bad, 0, value.len);
}

static bool
is_winding(struct xd_slice value, struct xd_span *bad)
{
    return memchr("019", value.ptr[0], 3) || fail_at(bad, 0, 1);
}

static bool
is_sex(struct xd_slice value, struct xd_span *bad)
{
    return memchr("0129", value.ptr[0], 4) || fail_at(bad, 0, 1);
}

static bool
is_zero(struct xd_slice value, struct xd_span *bad)
{
    return value.ptr[0] == '0' || fail_at(bad, 0, 1);
}

static bool
is_nonzero(struct xd_slice value, struct xd_span *bad)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] != '0') {
            return true;
        }
    }
    return fail_at(bad, 0, value.len);
}

static bool
is_no_lead_zero(struct xd_slice value, struct xd_span *bad)
{
    return value.ptr[0] != '0' || value.len == 1 || fail_at(bad, 0, 1);
}

static bool
has_nondigit(struct xd_slice value, struct xd_span *bad)
{
    return !xd_slice_digits(value) || fail_at(bad, 0, value.len);
}

static bool
is_importer(struct xd_slice value, struct xd_span *bad)
{
    char c = value.ptr[0];

    return xd_is_digit(c) || xd_is_alpha(c) || c == '-' || c == '_' || fail_at(bad, 0, 1);
}

static bool
is_hex(char c)
{
    return xd_is_digit(c) || (xd_to_lower(c) >= 'a' && xd_to_lower(c) <= 'f');
}

static bool
is_percent(struct xd_slice value, struct xd_span *bad)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] != '%') {
            continue;
        }
        if (i + 2 >= value.len || !is_hex(value.ptr[i + 1]) || !is_hex(value.ptr[i + 2])) {
            return fail_at(bad, i, value.len - i < 3 ? value.len - i : 3);
        }
        i += 2;
    }
    return true;
}

struct rule {
    rule_fn check; /* or NULL for a code list */
    const char *expected;
    enum xd_code_list list;
};

static const struct rule RULES[XD_GS1_RULE_COUNT] = {
    [XD_GS1_RULE_CHECK] = {is_check, "a right check digit", 0},
    [XD_GS1_RULE_CHECK_PAIR] = {is_check_pair, "a right pair of check characters", 0},
    [XD_GS1_RULE_PREFIX1] = {is_prefix1, "a GS1 company prefix at the start", 0},
    [XD_GS1_RULE_PREFIX2] = {is_prefix2, "a GS1 company prefix from the second digit", 0},
    [XD_GS1_RULE_COUNTRY] = {NULL, "an ISO 3166 numeric country", XD_CODES_COUNTRY_NUMERIC},
    [XD_GS1_RULE_COUNTRY_OR_999] = {NULL, "an ISO 3166 numeric country or 999",
                                    XD_CODES_COUNTRY_NUMERIC},
    [XD_GS1_RULE_COUNTRY2] = {NULL, "an ISO 3166 alpha-2 country", XD_CODES_COUNTRY_ALPHA2},
    [XD_GS1_RULE_CURRENCY] = {NULL, "an ISO 4217 numeric currency", XD_CODES_CURRENCY_NUMERIC},
    [XD_GS1_RULE_IBAN] = {is_iban, "an IBAN", 0},
    [XD_GS1_RULE_DATE] = {is_date, "a day that exists, YYMMDD", 0},
    [XD_GS1_RULE_DATE0] = {is_date0, "a day that exists, YYMMDD, or DD 00", 0},
    [XD_GS1_RULE_DAY] = {is_day, "a day that exists, YYYYMMDD", 0},
    [XD_GS1_RULE_HOUR] = {is_hour, "an hour 00 to 23", 0},
    [XD_GS1_RULE_MINUTE] = {is_minute, "a minute 00 to 59", 0},
    [XD_GS1_RULE_SECOND] = {is_minute, "a second 00 to 59", 0},
    [XD_GS1_RULE_TIME] = {is_time, "a time hhmm", 0},
    [XD_GS1_RULE_FLAG] = {is_flag, "0 or 1", 0},
    [XD_GS1_RULE_MINUS] = {is_minus, "a minus sign", 0},
    [XD_GS1_RULE_LATITUDE] = {is_latitude, "a latitude up to 1800000000", 0},
    [XD_GS1_RULE_LONGITUDE] = {is_longitude, "a longitude up to 3600000000", 0},
    [XD_GS1_RULE_MEDIA] = {NULL, "an AIDC media type", XD_CODES_MEDIA_TYPE},
    [XD_GS1_RULE_PACKAGE] = {NULL, "a UN/ECE package type", XD_CODES_PACKAGE_TYPE},
    [XD_GS1_RULE_PIECE] = {is_piece, "a piece and a total not below it", 0},
    [XD_GS1_RULE_SEQUENCE] = {is_sequence, "a position of a total, such as 1/3", 0},
    [XD_GS1_RULE_WINDING] = {is_winding, "a winding direction 0, 1 or 9", 0},
    [XD_GS1_RULE_SEX] = {is_sex, "an ISO 5218 code 0, 1, 2 or 9", 0},
    [XD_GS1_RULE_ZERO] = {is_zero, "a zero", 0},
    [XD_GS1_RULE_NONZERO] = {is_nonzero, "a number above zero", 0},
    [XD_GS1_RULE_NO_LEAD_ZERO] = {is_no_lead_zero, "no leading zero", 0},
    [XD_GS1_RULE_NONDIGIT] = {has_nondigit, "at least one character that is no digit", 0},
    [XD_GS1_RULE_IMPORTER] = {is_importer, "a letter, digit, hyphen or underscore", 0},
    [XD_GS1_RULE_PERCENT] = {is_percent, "two hexadecimal digits behind each %", 0},
    [XD_GS1_RULE_COUPON] = {NULL, NULL, 0},
    [XD_GS1_RULE_COUPON_OFFER] = {NULL, NULL, 0},
};

const char *
xd_gs1_rule_check(const struct xd_code_lists *codes, enum xd_gs1_rule rule, struct xd_slice value,
                  struct xd_span *bad)
{
    const struct rule *row = &RULES[rule];

    if (rule == XD_GS1_RULE_COUPON) {
        return xd_gs1_coupon(value, bad);
    }
    if (rule == XD_GS1_RULE_COUPON_OFFER) {
        return xd_gs1_coupon_offer(value, bad);
    }
    if (row->check) {
        return row->check(value, bad) ? NULL : row->expected;
    }
    if (xd_code_list_has(codes, row->list, value) ||
        (rule == XD_GS1_RULE_COUNTRY_OR_999 && xd_slice_eq(value, XD_LIT("999")))) {
        return NULL;
    }
    (void)fail_at(bad, 0, value.len);
    return row->expected;
}

bool
xd_gs1_characters(char type, struct xd_slice value, size_t *at)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool fits = type == 'n'   ? xd_is_digit(c)
                    : type == 'x' ? cset82(c) >= 0
                    : type == 'y'
                        ? xd_is_digit(c) || xd_is_upper(c) || c == '#' || c == '-' || c == '/'
                        : xd_is_digit(c) || xd_is_alpha(c) || c == '-' || c == '_' || c == '=';
        if (!fits) {
            *at = i;
            return false;
        }
    }
    return true;
}
