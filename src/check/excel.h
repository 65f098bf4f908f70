/*
 * What a spreadsheet does to a manifest between the export and the upload: numbers in scientific
 * notation, zeros that are gone, dates turned round. Each has a finding of its own, because
 * "malformed" would send the merchant to look at data that was right before the file was opened.
 */
#ifndef XD_CHECK_EXCEL_H
#define XD_CHECK_EXCEL_H

#include "model/field.h"
#include "model/finding.h"

/*
 * Diagnoses a value of the field. Call it when the field's own check has failed, and for
 * identifiers without a check digit when xd_excel_suspect says so. `expected_digits` is the length
 * that a postal code of all digits must have in its country, 0 when not known. True when *diagnosis
 * was filled: its span is the faulty part, its detail what the value may have been.
 *
 * Identifiers and codes: an error of a formula; scientific notation, certain (decimal mantissa or
 * signed exponent) or only alike (219E01); more than 15 digits with nothing but zeros, two at
 * least, behind the 15th; a decimal part or grouped digits; a curly quote in front; a postal code
 * that is one or two digits short. Numbers: digits of another script; grouping or a decimal comma.
 * Dates: day and month that can be either; a day number (1900 date system); a day in another order
 * than ISO 8601, or with a time behind, which is XD_F_DATE_MALFORMED with the ISO date.
 */
bool xd_excel_check(enum xd_field field, struct xd_slice value, unsigned expected_digits,
                    struct xd_diagnosis *diagnosis);

/* False for nearly every undamaged identifier, at the cost of a few byte compares: what is damaged
 * starts with a digit, with one of # ' = or with a curly quote. */
static inline bool
xd_excel_suspect(struct xd_slice value)
{
    const uint64_t marks = UINT64_C(1) << '#' | UINT64_C(1) << '\'' | UINT64_C(1) << '=';
    const char *end = value.ptr + value.len;
    unsigned char first = value.len ? (unsigned char)value.ptr[0] : 'A';

    if (first >= 64) {
        return first == 0xe2;
    }
    if (!xd_is_digit((char)first) || value.len < 4) {
        return marks >> first & 1;
    }
    return xd_is_digit(end[-1]) &&
           ((value.len > 16 && end[-1] == '0' && end[-2] == '0') || (end[-2] | 0x20) == 'e' ||
            (end[-3] | 0x20) == 'e' || (end[-4] | 0x20) == 'e' || end[-2] == '.' || end[-4] == ',');
}

#endif
