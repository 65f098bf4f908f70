/* Numbers of traders and buyers: shape, prefix and check digit. */
#ifndef XD_CHECK_TAX_NUMBER_H
#define XD_CHECK_TAX_NUMBER_H

#include "model/finding.h"
#include "reference/tax_number.h"

#define XD_TAX_TEXT 24

enum xd_tax_status {
    XD_TAX_STATUS_OK,
    XD_TAX_STATUS_NO_SCHEME, /* the table knows no number of that kind in that country: nothing is
                                said */
    XD_TAX_STATUS_FORMAT,
    XD_TAX_STATUS_CHECK_DIGIT,
};

struct xd_tax_result {
    enum xd_tax_status status;
    uint8_t len;
    char text[XD_TAX_TEXT];             /* canonical: prefix and capitals, no separators; no NUL */
    const struct xd_tax_scheme *scheme; /* that fits, or the nearest; NULL without one */
    bool prefixed;                      /* the number starts with the prefix of that scheme */
    struct xd_span span;                /* the faulty bytes */
};

/*
 * Checks `written` as a number of one of `kinds` ("eori", "ioss|vat"; empty: any kind) of the
 * country with that index (XD_COUNTRY_NONE: any, told by the prefix). Blanks, dots, hyphens and
 * slashes do not count.
 */
enum xd_tax_status xd_tax_number_check(const struct xd_tax_schemes *schemes, struct xd_slice kinds,
                                       uint16_t country, struct xd_slice written,
                                       struct xd_tax_result *result);

/* Says in a diagnosis what `result` means; code XD_F_NONE when nothing is wrong. */
void xd_tax_number_diagnose(const struct xd_tax_result *result, struct xd_diagnosis *out);

/*
 * Checks what a manifest or an order says in REGISTRATION_NUMBER, CUSTOMER_TAX_ID, SENDER_EORI or
 * RECIPIENT_EORI of a parcel to `destination` (XD_COUNTRY_NONE: not known). XD_F_NONE when it is
 * right, or when no number is known that it could be meant to be.
 */
void xd_tax_field_check(const struct xd_tax_schemes *schemes, enum xd_field field,
                        uint16_t destination, struct xd_slice written, struct xd_diagnosis *out);

#endif
