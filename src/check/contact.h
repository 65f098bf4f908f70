/* Telephone numbers and e-mail addresses of recipients: the shape that couriers need to call and to
 * write. */
#ifndef XD_CHECK_CONTACT_H
#define XD_CHECK_CONTACT_H

#include "base/bytes.h"
#include "reference/calling_code.h"

#define XD_PHONE_TEXT 20

struct xd_phone {
    uint8_t len;              /* of text */
    char text[XD_PHONE_TEXT]; /* E.164, "+493012345678", no NUL; the digits alone when the country
                                 is unknown */
    struct xd_span span;      /* the faulty bytes */
};

/*
 * Reads a number as in ITU-T E.123: international with + or 00, or national of `country` (index or
 * XD_COUNTRY_NONE). Blanks, dots, hyphens, slashes and brackets may stand in it. False with a span
 * when it has letters, an extension, or fewer or more digits than E.164 allows.
 */
bool xd_phone_check(const struct xd_calling_codes *codes, uint16_t country, struct xd_slice written,
                    struct xd_phone *phone);

/* "+4930123456", as shops' forms send most numbers: it is E.164 already and was copied to *phone.
 * False when this is not seen at a glance. */
bool xd_phone_is_e164(struct xd_slice text, struct xd_phone *phone);

/* One @, a local part of RFC 5321's length without blanks, double or outer dots, and a domain of
 * labels with a dot in it; letters beyond ASCII may stand in both (RFC 6531). False with the faulty
 * bytes in *span. */
bool xd_email_check(struct xd_slice written, struct xd_span *span);

/* True only of addresses of 64 bytes at most that xd_email_check() finds right, and of nearly all
 * of these: of ASCII letters, digits and a few signs. *plain gets a bit for each letter or digit.
 */
bool xd_email_is_plain(struct xd_slice text, uint64_t *plain);

#endif
