/* Country calling codes and trunk prefixes: what makes an international number of a national one.
 */
#ifndef XD_REFERENCE_CALLING_CODE_H
#define XD_REFERENCE_CALLING_CODE_H

#include "reference/country.h"

struct xd_calling_code {
    struct xd_slice code;  /* "49"; empty where unknown */
    struct xd_slice trunk; /* "0": falls away behind the country code; empty where nothing does */
};

struct xd_calling_codes {
    struct xd_calling_code of[XD_COUNTRY_MAX];
};

/* Loads reference/calling_codes.tsv. */
bool xd_calling_codes_load(struct xd_calling_codes *codes, const struct xd_countries *countries,
                           const struct xd_tables *tables, struct xd_error *err);

#endif
