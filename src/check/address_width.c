/*
 * What a carrier prints of a value is counted in the letters that are left of it in Latin, because
 * "Müller" takes seven of them in Germany and six in France.
 */
#include "check/address_parts.h"

#include "model/address_lines.h"

const uint8_t XD_ADDRESS_WIDTHS[XD_ADDRESS_COUNT] = {
    [XD_ADDRESS_NAME] = XD_WIDTH_NAME,        [XD_ADDRESS_COMPANY] = XD_WIDTH_COMPANY,
    [XD_ADDRESS_ADDRESS1] = XD_WIDTH_ADDRESS, [XD_ADDRESS_ADDRESS2] = XD_WIDTH_ADDRESS,
    [XD_ADDRESS_ADDRESS3] = XD_WIDTH_ADDRESS, [XD_ADDRESS_CITY] = XD_WIDTH_CITY,
    [XD_ADDRESS_REGION] = XD_WIDTH_REGION,    [XD_ADDRESS_POSTAL_CODE] = XD_WIDTH_POSTAL_CODE,
    [XD_ADDRESS_COUNTRY] = XD_WIDTH_COUNT,    [XD_ADDRESS_PHONE] = XD_WIDTH_COUNT,
    [XD_ADDRESS_EMAIL] = XD_WIDTH_EMAIL,
};

void
xd_address_report_too_long(struct address_check *check, enum xd_address_field field,
                           struct xd_slice latin)
{
    struct xd_span all = whole(check->of[field]);
    struct xd_slice parts[8];
    size_t chars = width_of(check, field);
    bool line = XD_ADDRESS_WIDTHS[field] == XD_WIDTH_ADDRESS;
    size_t count = line ? xd_address_wrap(latin, chars, check->limit->lines, parts) : 0;

    if (count) {
        xd_address_report(check, field, XD_PROBLEM_TOO_LONG, XD_F_ADDRESS_LINE_TOO_LONG, all,
                          "%zu of %zu characters; would fit on %zu lines", latin.len, chars, count);
    } else {
        xd_address_report(check, field, XD_PROBLEM_TOO_LONG, XD_F_ADDRESS_LINE_TOO_LONG, all,
                          "%zu of %zu characters", latin.len, chars);
    }
}

void
xd_address_check_latin_width(struct address_check *check, enum xd_address_field field)
{
    struct xd_slice value = check->of[field];
    char latin[2048];
    size_t len;

    len = xd_transliterate(&check->tables->transliteration, check->result->country, value, latin,
                           sizeof(latin), NULL);
    if (len > width_of(check, field)) {
        xd_address_report_too_long(check, field, xd_slice_of(latin, len));
    }
}
