/*
 * Numbers of traders and buyers: VAT, EORI, IOSS, VOEC, GST and their kin. One row a shape, so a
 * new country is a row; a new way of computing a check digit is a function in check/tax_digit.c.
 */
#ifndef XD_REFERENCE_TAX_NUMBER_H
#define XD_REFERENCE_TAX_NUMBER_H

#include "reference/country.h"

#define XD_TAX_WEIGHTS 16

#define XD_TAX_CHECKS(X)                                                                           \
    X(NONE, "none")                                                                                \
    X(LUHN, "luhn")                                                                                \
    X(DIRECT, "direct")                                                                            \
    X(DIRECT_STRICT, "direct-strict")                                                              \
    X(COMPLEMENT, "complement")                                                                    \
    X(COMPLEMENT_STRICT, "complement-strict")                                                      \
    X(COMPLEMENT_NO_ZERO, "complement-no-zero")                                                    \
    X(TWO_STAGE, "two-stage")                                                                      \
    X(WHOLE, "whole")                                                                              \
    X(ISO7064, "iso7064-11-10")                                                                    \
    X(MOD97_BE, "mod97-be")                                                                        \
    X(MOD97_GB, "mod97-gb")                                                                        \
    X(MOD89_LU, "mod89-lu")                                                                        \
    X(MOD37_MT, "mod37-mt")                                                                        \
    X(AT, "at")                                                                                    \
    X(BG, "bg")                                                                                    \
    X(CY, "cy")                                                                                    \
    X(CZ, "cz")                                                                                    \
    X(ES, "es")                                                                                    \
    X(FR, "fr")                                                                                    \
    X(IE, "ie")                                                                                    \
    X(LV, "lv")                                                                                    \
    X(NL, "nl")                                                                                    \
    X(RO, "ro")                                                                                    \
    X(ABN, "abn")                                                                                  \
    X(NZ, "nz")                                                                                    \
    X(CPF, "cpf")                                                                                  \
    X(CNPJ, "cnpj")                                                                                \
    X(TCKN, "tckn")                                                                                \
    X(RUT, "rut")

enum xd_tax_check {
#define X(upper, name) XD_TAX_##upper,
    XD_TAX_CHECKS(X)
#undef X
        XD_TAX_CHECK_COUNT,
};

struct xd_tax_scheme {
    uint16_t country; /* XD_COUNTRY_NONE: of no country (IOSS) */
    struct xd_slice kind;
    struct xd_slice prefix;
    struct xd_slice shapes;
    struct xd_slice example;
    enum xd_tax_check check;
    uint16_t weights[XD_TAX_WEIGHTS];
    uint8_t weight_count;
    uint16_t modulus;
};

struct xd_tax_schemes {
    struct xd_tax_scheme *of;
    size_t count;
};

/* Loads reference/tax_numbers.tsv. */
bool xd_tax_schemes_load(struct xd_tax_schemes *schemes, const struct xd_countries *countries,
                         const struct xd_tables *tables, struct xd_arena *arena,
                         struct xd_error *err);

#endif
