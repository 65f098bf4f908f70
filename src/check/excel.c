/*
 * Nothing here repairs: a lost digit cannot be guessed, and a date that can be two days must not
 * become one of them by itself. What the value may have been is offered in words, for a person to
 * decide.
 */
#include "check/excel.h"

#include "base/date.h"
#include "check/check_digit.h"

#define EXACT_DIGITS 15 /* a double holds so many decimal digits of any integer */
#define CODE_LEAST   6  /* digits of a code that nobody would write with a decimal part */

/* Day numbers of the 1900 date system: 1970-01-01, and the years that a ship or order date can
 * have. */
#define SERIAL_1970 25569
#define SERIAL_LOW  36526 /* 2000-01-01 */
#define SERIAL_HIGH 73050 /* 2099-12-31 */

enum kind { KIND_TEXT, KIND_CODE, KIND_NUMBER, KIND_DATE };

static enum kind
kind_of(enum xd_field field)
{
    switch (field) {
    case XD_FIELD_MANIFEST_ID:
    case XD_FIELD_ORDER_ID:
    case XD_FIELD_MERCHANT_ORDER_ID:
    case XD_FIELD_PARCEL_CODE:
    case XD_FIELD_TRACKING_NUMBER:
    case XD_FIELD_SKU:
    case XD_FIELD_GTIN:
    case XD_FIELD_HS_CODE:
    case XD_FIELD_POSTAL_CODE:
    case XD_FIELD_PHONE:
    case XD_FIELD_CUSTOMER_TAX_ID:
    case XD_FIELD_REGISTRATION_NUMBER:
    case XD_FIELD_STORE_CODE:
        return KIND_CODE;
    case XD_FIELD_SHIP_DATE:
    case XD_FIELD_ORDER_DATE:
    case XD_FIELD_BACKORDER_DATE:
        return KIND_DATE;
    default:
        return xd_field_is_number(field) ? KIND_NUMBER : KIND_TEXT;
    }
}

static size_t
digits_at(struct xd_slice value, size_t at)
{
    size_t count = 0;

    while (at + count < value.len && xd_is_digit(value.ptr[at + count])) {
        count++;
    }
    return count;
}

static bool
check_error_value(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    static const char *const ERRORS[] = {"#N/A",  "#REF!",   "#VALUE!", "#NAME?",
                                         "#NUM!", "#DIV/0!", "#NULL!",  "#SPILL!"};
    size_t hashes = 0;

    for (size_t i = 0; i < sizeof(ERRORS) / sizeof(ERRORS[0]); i++) {
        if (xd_slice_ieq(value, xd_slice_str(ERRORS[i]))) {
            xd_diagnose(diagnosis, XD_F_EXCEL_ERROR_VALUE, 0, value.len, "%s", ERRORS[i]);
            return true;
        }
    }
    while (hashes < value.len && value.ptr[hashes] == '#') {
        hashes++;
    }
    if (value.len >= 3 && hashes == value.len) {
        xd_diagnose(diagnosis, XD_F_EXCEL_ERROR_VALUE, 0, value.len,
                    "the column was too narrow to show the number");
        return true;
    }
    return false;
}

/* 1.23E+17: digits, a point or comma, digits, E, a sign, digits. Certain with a fraction or a sign;
 * 219E01 is a code too. */
static bool
check_scientific(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    size_t at = digits_at(value, 0);
    size_t fraction = 0;
    bool sign;

    if (at == 0) {
        return false;
    }
    if (at < value.len && (value.ptr[at] == '.' || value.ptr[at] == ',')) {
        fraction = digits_at(value, at + 1);
        at += 1 + fraction;
    }
    if (at >= value.len || xd_to_upper(value.ptr[at]) != 'E') {
        return false;
    }
    sign = at + 1 < value.len && (value.ptr[at + 1] == '+' || value.ptr[at + 1] == '-');
    at += 1u + sign;
    if (at == value.len || at + digits_at(value, at) != value.len) {
        return false;
    }
    if (fraction || sign) {
        xd_diagnose(diagnosis, XD_F_EXCEL_SCIENTIFIC, 0, value.len, "digits left: %zu",
                    fraction + digits_at(value, 0));
    } else {
        xd_diagnose(diagnosis, XD_F_EXCEL_SCIENTIFIC_LIKE, 0, value.len, "%s", "");
    }
    return true;
}

/* An SSCC, with or without its application identifier 00, whose check digit is right has lost
 * nothing. */
static bool
is_sscc(struct xd_slice value)
{
    if (value.len == 20 && xd_slice_starts(value, XD_LIT("00"))) {
        value = xd_slice_sub(value, 2, SIZE_MAX);
    }
    return value.len == 18 && xd_check_gs1(xd_slice_sub(value, 0, 17)) == value.ptr[17];
}

static bool
check_digits_lost(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    size_t zeros = 0;

    if (value.len < EXACT_DIGITS + 2 || !xd_slice_digits(value)) {
        return false;
    }
    while (zeros < value.len && value.ptr[value.len - 1 - zeros] == '0') {
        zeros++;
    }
    if (zeros < value.len - EXACT_DIGITS || zeros == value.len || is_sscc(value)) {
        return false;
    }
    xd_diagnose(diagnosis, XD_F_EXCEL_DIGITS_LOST, EXACT_DIGITS, value.len - EXACT_DIGITS,
                "the last %zu digits may have been others", value.len - EXACT_DIGITS);
    return true;
}

static bool
check_zeros_lost(struct xd_slice value, unsigned expected, struct xd_diagnosis *diagnosis)
{
    if (value.len >= expected || value.len + 2 < expected || expected > 12 ||
        !xd_slice_digits(value)) {
        return false;
    }
    xd_diagnose(diagnosis, XD_F_EXCEL_LEADING_ZEROS, 0, value.len, "%.*s%.*s would have %u digits",
                (int)(expected - value.len), "000", XD_FMT(value), expected);
    return true;
}

/* Groups of three digits between commas, two at least. */
static bool
is_grouped(struct xd_slice value)
{
    size_t at = digits_at(value, 0);
    size_t groups = 0;

    while (at < value.len && value.ptr[at] == ',' && digits_at(value, at + 1) == 3) {
        at += 4;
        groups++;
    }
    return at == value.len && groups >= 2;
}

/* 340123450000000079.0 and 340,123,450,000: programs that take a code for a number write it so.
 * Short codes may well be made like that. */
static bool
check_code_as_number(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    size_t whole = digits_at(value, 0);

    if (whole >= CODE_LEAST && whole + 2 == value.len && xd_slice_ends(value, XD_LIT(".0"))) {
        xd_diagnose(diagnosis, XD_F_EXCEL_CODE_AS_NUMBER, whole, 2, "perhaps %.*s", (int)whole,
                    value.ptr);
        return true;
    }
    if (whole == 0 || whole > 3 || !is_grouped(value)) {
        return false;
    }
    xd_diagnose(diagnosis, XD_F_EXCEL_CODE_AS_NUMBER, 0, value.len,
                "commas stand between groups of three digits");
    return true;
}

/* Word processors turn quotes round; a CSV knows only straight ones, so these are part of the code.
 */
static bool
check_curly_quotes(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    static const char *const CURLY[] = {"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e",
                                        "\xe2\x80\x98", "\xe2\x80\x99"};

    for (size_t i = 0; i < sizeof(CURLY) / sizeof(CURLY[0]); i++) {
        if (xd_slice_starts(value, xd_slice_str(CURLY[i]))) {
            xd_diagnose(diagnosis, XD_F_EXCEL_QUOTES_CURLY, 0, strlen(CURLY[i]), "%s", "");
            return true;
        }
    }
    return false;
}

/* Digits of another script in UTF-8: lead bytes, and the last byte of their zero. */
static const struct script {
    const char *lead;
    unsigned char zero;
} SCRIPTS[] = {
    {"\xef\xbc", 0x90}, /* full-width */
    {"\xd9", 0xa0},     /* Arabic-Indic */
    {"\xdb", 0xb0},     /* extended Arabic-Indic */
    {"\xe0\xa5", 0xa6}, /* Devanagari */
    {"\xe0\xa7", 0xa6}, /* Bengali */
    {"\xe0\xb9", 0x90}, /* Thai */
};

/* The digit of another script at the start of `text`, and its bytes; 0 when there is none. */
static size_t
foreign_digit(struct xd_slice text, char *digit)
{
    for (size_t i = 0; i < sizeof(SCRIPTS) / sizeof(SCRIPTS[0]); i++) {
        struct xd_slice lead = xd_slice_str(SCRIPTS[i].lead);
        if (text.len > lead.len && xd_slice_starts(text, lead)) {
            unsigned number = (unsigned)(unsigned char)text.ptr[lead.len] - SCRIPTS[i].zero;
            *digit = (char)('0' + number % 10);
            if (number < 10) {
                return lead.len + 1;
            }
        }
    }
    return 0;
}

static bool
check_foreign_digits(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    char plain[32];
    size_t len = 0;
    size_t first = value.len;
    size_t behind = 0;

    for (size_t at = 0; at < value.len;) {
        char digit = value.ptr[at];
        size_t bytes = foreign_digit(xd_slice_sub(value, at, SIZE_MAX), &digit);
        if (bytes) {
            first = first == value.len ? at : first;
            behind = at + bytes;
        }
        if (len < sizeof(plain)) {
            plain[len++] = digit;
        }
        at += bytes ? bytes : 1;
    }
    if (behind == 0) {
        return false;
    }
    xd_diagnose(diagnosis, XD_F_EXCEL_DIGITS_FOREIGN, first, behind - first, "%.*s in plain digits",
                (int)len, plain);
    return true;
}

/* How a number is cut by points, commas, blanks and apostrophes. */
struct cuts {
    char digits[40]; /* without them */
    size_t len;
    size_t first; /* byte of the first cut */
    size_t last;  /* byte of the last cut */
    size_t count;
    size_t kinds;  /* different cuts */
    char last_cut; /* ' ' for every kind of blank */
    size_t behind; /* digits behind the last cut */
    bool even;     /* three digits between all cuts and, but for the last, behind them */
};

/* Bytes of a cut at the start of `text`: ASCII, no-break space, narrow no-break space. */
static size_t
cut_at(struct xd_slice text, char *cut)
{
    *cut = text.ptr[0];
    if (memchr(".,' ", *cut, 4)) {
        return 1;
    }
    *cut = ' ';
    if (xd_slice_starts(text, XD_LIT("\xc2\xa0"))) {
        return 2;
    }
    return xd_slice_starts(text, XD_LIT("\xe2\x80\xaf")) ? 3 : 0;
}

static bool
read_cuts(struct xd_slice value, struct cuts *cuts)
{
    size_t run = digits_at(value, 0);
    size_t at = run;

    *cuts = (struct cuts){.even = run >= 1 && run <= 3};
    if (run == 0 || value.len > sizeof(cuts->digits)) {
        return false;
    }
    memcpy(cuts->digits, value.ptr, run);
    cuts->len = run;
    while (at < value.len) {
        char cut;
        size_t bytes = cut_at(xd_slice_sub(value, at, SIZE_MAX), &cut);
        run = digits_at(value, at + bytes);
        if (bytes == 0 || run == 0) {
            return false;
        }
        cuts->even &= cuts->count == 0 || cuts->behind == 3;
        cuts->kinds += cuts->count == 0 || cut != cuts->last_cut;
        cuts->first = cuts->count ? cuts->first : at;
        cuts->last = at;
        cuts->count++;
        cuts->last_cut = cut;
        cuts->behind = run;
        memcpy(cuts->digits + cuts->len, value.ptr + at + bytes, run);
        cuts->len += run;
        at += bytes + run;
    }
    return cuts->count > 0;
}

/* 1,234: a thousand and more, or a decimal comma. Nobody can know. */
static bool
is_either(const struct cuts *cuts)
{
    return cuts->count == 1 && cuts->last_cut == ',' && cuts->behind == 3 && cuts->even;
}

/* The last cut is a decimal sign: another than those before it, or a lone comma. */
static bool
ends_in_decimals(const struct cuts *cuts)
{
    return (cuts->last_cut == ',' && (cuts->kinds == 2 || cuts->count == 1)) ||
           (cuts->last_cut == '.' && cuts->kinds == 2);
}

/* 1,234 and 1.234.567 and 1.000,00 and 1 000: numbers of a person's country. */
static bool
check_grouping(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    struct cuts cuts;
    size_t whole;

    if (!read_cuts(value, &cuts) || (cuts.count == 1 && cuts.last_cut == '.')) {
        return false;
    }
    whole = cuts.len - cuts.behind;
    if (is_either(&cuts)) {
        xd_diagnose(diagnosis, XD_F_EXCEL_NUMBER_AMBIGUOUS, cuts.first, value.len - cuts.first,
                    "%.*s or %.*s.%.*s", (int)cuts.len, cuts.digits, (int)whole, cuts.digits,
                    (int)cuts.behind, cuts.digits + whole);
        return true;
    }
    if (ends_in_decimals(&cuts)) {
        xd_diagnose(diagnosis, XD_F_EXCEL_NUMBER_AMBIGUOUS, cuts.first, value.len - cuts.first,
                    "probably %.*s.%.*s", (int)whole, cuts.digits, (int)cuts.behind,
                    cuts.digits + whole);
        return true;
    }
    if (!cuts.even || cuts.behind != 3) {
        return false;
    }
    xd_diagnose(diagnosis, XD_F_EXCEL_NUMBER_AMBIGUOUS, cuts.first, value.len - cuts.first,
                "probably %.*s", (int)cuts.len, cuts.digits);
    return true;
}

/* A day that was told in full but not as ISO 8601 writes it. */
static void
say_iso(xd_date day, struct xd_slice value, size_t read, struct xd_diagnosis *diagnosis)
{
    char text[XD_DATE_TEXT];

    xd_date_format(day, text);
    xd_diagnose(diagnosis, XD_F_DATE_MALFORMED, 0, value.len, "%.10s %s", text,
                read < value.len ? "without the time of day" : "in ISO order");
}

/* 20261122. */
static bool
check_date_compact(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    uint64_t number;
    xd_date day;

    if (value.len != 8 || !xd_slice_u64(value, &number) || number < 20000101 ||
        !xd_date_make((int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100),
                      &day)) {
        return false;
    }
    say_iso(day, value, value.len, diagnosis);
    return true;
}

/* The year first, with other signs, without zeros, or with a time of day behind: one day only. */
static bool
check_date_year_first(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    int numbers[3];
    size_t digits[3];
    size_t read = xd_date_numbers(value, numbers, digits);
    xd_date day;

    if (read == 0 || xd_date_parse(value, &day) || digits[0] != 4 || digits[1] > 2 ||
        digits[2] > 2 || !xd_date_ends(value, read) ||
        !xd_date_make(numbers[0], numbers[1], numbers[2], &day)) {
        return false;
    }
    say_iso(day, value, read, diagnosis);
    return true;
}

/* The year last, of four digits or of two: then it is taken for one of this century. */
static bool
check_date_order(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    int numbers[3];
    size_t digits[3];
    size_t read = xd_date_numbers(value, numbers, digits);
    char first[XD_DATE_TEXT];
    char second[XD_DATE_TEXT];
    xd_date day_first;
    xd_date month_first;
    bool is_day_first;
    bool is_month_first;

    if (read == 0 || digits[0] > 2 || digits[1] > 2 || (digits[2] != 4 && digits[2] != 2) ||
        !xd_date_ends(value, read)) {
        return false;
    }
    numbers[2] += digits[2] == 2 ? 2000 : 0;
    is_day_first = xd_date_make(numbers[2], numbers[1], numbers[0], &day_first);
    is_month_first = xd_date_make(numbers[2], numbers[0], numbers[1], &month_first);
    if (!is_day_first && !is_month_first) {
        return false;
    }
    if (is_day_first && is_month_first && day_first != month_first) {
        xd_date_format(day_first, first);
        xd_date_format(month_first, second);
        xd_diagnose(diagnosis, XD_F_EXCEL_DATE_AMBIGUOUS, 0, value.len, "%.10s or %.10s", first,
                    second);
    } else {
        say_iso(is_day_first ? day_first : month_first, value, read, diagnosis);
    }
    return true;
}

static bool
check_date_serial(struct xd_slice value, struct xd_diagnosis *diagnosis)
{
    char text[XD_DATE_TEXT];
    uint64_t serial;

    if (value.len != 5 || !xd_slice_u64(value, &serial) || serial < SERIAL_LOW ||
        serial > SERIAL_HIGH) {
        return false;
    }
    xd_date_format((xd_date)serial - SERIAL_1970, text);
    xd_diagnose(diagnosis, XD_F_EXCEL_DATE_SERIAL, 0, value.len, "it stands for %.10s", text);
    return true;
}

bool
xd_excel_check(enum xd_field field, struct xd_slice value, unsigned expected_digits,
               struct xd_diagnosis *diagnosis)
{
    *diagnosis = (struct xd_diagnosis){.code = XD_F_NONE};
    if (value.len == 0) {
        return false;
    }
    if (value.ptr[0] == '#' && check_error_value(value, diagnosis)) {
        return true;
    }
    switch (kind_of(field)) {
    case KIND_CODE:
        return check_scientific(value, diagnosis) || check_digits_lost(value, diagnosis) ||
               check_code_as_number(value, diagnosis) || check_curly_quotes(value, diagnosis) ||
               check_zeros_lost(value, expected_digits, diagnosis);
    case KIND_NUMBER:
        return check_foreign_digits(value, diagnosis) || check_grouping(value, diagnosis);
    case KIND_DATE:
        return check_foreign_digits(value, diagnosis) || check_date_order(value, diagnosis) ||
               check_date_year_first(value, diagnosis) || check_date_compact(value, diagnosis) ||
               check_date_serial(value, diagnosis);
    default:
        return false;
    }
}
