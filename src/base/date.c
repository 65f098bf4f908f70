/*
 * The civil-calendar arithmetic counts years from March, which puts the leap day last and makes
 * both directions a handful of integer divisions.
 */
#include "base/date.h"

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
    static const int DAYS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return DAYS[month - 1] + (month == 2 && is_leap(year));
}

bool
xd_date_make(int year, int month, int day, xd_date *out)
{
    int shifted;
    int era_year;
    int day_of_year;

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month)) {
        return false;
    }
    shifted = year - (month <= 2);
    era_year = shifted % 400;
    day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    *out = shifted / 400 * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + day_of_year -
           719468;
    return true;
}

static void
split(xd_date date, int *year, int *month, int *day)
{
    int days = date + 719468;
    int era = days / 146097;
    int day_of_era = days - era * 146097;
    int era_year =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * era_year + era_year / 4 - era_year / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = era_year + era * 400 + (*month <= 2);
}

bool
xd_date_parse(struct xd_slice text, xd_date *out)
{
    uint64_t year;
    uint64_t month;
    uint64_t day;

    if (text.len != XD_DATE_TEXT || text.ptr[4] != '-' || text.ptr[7] != '-') {
        return false;
    }
    return xd_slice_u64(xd_slice_sub(text, 0, 4), &year) &&
           xd_slice_u64(xd_slice_sub(text, 5, 2), &month) &&
           xd_slice_u64(xd_slice_sub(text, 8, 2), &day) &&
           xd_date_make((int)year, (int)month, (int)day, out);
}

static void
put_digits(char *out, int value, size_t width)
{
    while (width > 0) {
        out[--width] = (char)('0' + value % 10);
        value /= 10;
    }
}

void
xd_date_format(xd_date date, char *out)
{
    int year;
    int month;
    int day;

    split(date, &year, &month, &day);
    put_digits(out, year, 4);
    out[4] = '-';
    put_digits(out + 5, month, 2);
    out[7] = '-';
    put_digits(out + 8, day, 2);
}

size_t
xd_date_numbers(struct xd_slice text, int numbers[3], size_t digits[3])
{
    size_t at = 0;

    for (unsigned i = 0; i < 3; i++) {
        numbers[i] = 0;
        digits[i] = 0;
        for (; at < text.len && xd_is_digit(text.ptr[at]) && digits[i] < 4; at++, digits[i]++) {
            numbers[i] = numbers[i] * 10 + (text.ptr[at] - '0');
        }
        if (digits[i] == 0 || (i < 2 && (at == text.len || !memchr("-/.", text.ptr[at++], 3)))) {
            return 0;
        }
    }
    return at;
}
