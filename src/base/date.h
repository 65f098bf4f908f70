/*
 * Dates as days since 1970-01-01 in the proleptic Gregorian calendar. A rate is in force on a day,
 * not at an instant, so nothing below the command line knows a clock or a time zone.
 */
#ifndef XD_BASE_DATE_H
#define XD_BASE_DATE_H

#include "base/slice.h"

typedef int32_t xd_date; /* a plain number: compared and subtracted as such */

#define XD_DATE_MIN  ((xd_date)-719162) /* 0001-01-01 */
#define XD_DATE_MAX  ((xd_date)2932896) /* 9999-12-31: "until further notice" */
#define XD_DATE_TEXT 10                 /* bytes of YYYY-MM-DD */

/* False when there is no such day (month 13, 30 February, year 0). */
bool xd_date_make(int year, int month, int day, xd_date *out);

/* Reads exactly YYYY-MM-DD (ISO 8601 extended calendar date). */
bool xd_date_parse(struct xd_slice text, xd_date *out);

/*
 * Reads three numbers with '-', '/' or '.' between them, each of one to four digits; which is the
 * day is for the caller to say. The bytes read, 0 when there are not three. A time of day may
 * follow them: xd_date_ends tells whether nothing else does.
 */
size_t xd_date_numbers(struct xd_slice text, int numbers[3], size_t digits[3]);

static inline bool
xd_date_ends(struct xd_slice text, size_t at)
{
    return at == text.len || text.ptr[at] == ' ' || text.ptr[at] == 'T';
}

/* Writes the ten bytes YYYY-MM-DD, no NUL. */
void xd_date_format(xd_date date, char *out);

#endif
