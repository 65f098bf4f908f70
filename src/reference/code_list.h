/*
 * Named sets of short codes (countries, currencies, package types) out of one table, for checks
 * that ask no more than whether a code exists.
 */
#ifndef XD_REFERENCE_CODE_LIST_H
#define XD_REFERENCE_CODE_LIST_H

#include "base/hash.h"
#include "reference/embedded.h"

#define XD_CODE_LISTS(X)                                                                           \
    X(COUNTRY_ALPHA2, "iso3166-alpha2")                                                            \
    X(COUNTRY_NUMERIC, "iso3166-numeric")                                                          \
    X(CURRENCY_NUMERIC, "iso4217-numeric")                                                         \
    X(MEDIA_TYPE, "gs1-media-type")                                                                \
    X(PACKAGE_TYPE, "gs1-package-type")                                                            \
    X(SYMBOLOGY, "gs1-symbology")

enum xd_code_list {
#define X(upper, lower) XD_CODES_##upper,
    XD_CODE_LISTS(X)
#undef X
        XD_CODE_LIST_COUNT
};

struct xd_code_lists {
    struct xd_map of[XD_CODE_LIST_COUNT];
};

/* Loads reference/code_lists.tsv; every list must be there. Codes are compared exactly. */
bool xd_code_lists_load(struct xd_code_lists *lists, const struct xd_tables *tables,
                        struct xd_arena *arena, struct xd_error *err);

bool xd_code_list_has(const struct xd_code_lists *lists, enum xd_code_list list,
                      struct xd_slice code);

#endif
