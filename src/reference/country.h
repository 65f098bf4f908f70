/*
 * Countries: the ISO 3166-1 list that the build takes from iso-codes, and our own list of what
 * people write instead. A country is a small dense number everywhere inside, so that other tables
 * are arrays by it.
 */
#ifndef XD_REFERENCE_COUNTRY_H
#define XD_REFERENCE_COUNTRY_H

#include "base/hash.h"
#include "reference/embedded.h"

#define XD_COUNTRY_NONE ((uint16_t)0xffff)
#define XD_COUNTRY_MAX  320 /* a table with more rows is refused */

struct xd_country {
    struct xd_slice alpha2;  /* "DE" */
    struct xd_slice alpha3;  /* "DEU"; empty for a code outside ISO 3166-1 */
    struct xd_slice numeric; /* "276"; the same */
    struct xd_slice name;    /* English short name */
};

/* How a country was written. */
enum xd_country_match {
    XD_COUNTRY_UNKNOWN,   /* nothing fits */
    XD_COUNTRY_EXACT,     /* alpha-2 in capitals: what the hub wants */
    XD_COUNTRY_CASE,      /* alpha-2 with small letters or blanks around it */
    XD_COUNTRY_ALPHA3,    /* DEU */
    XD_COUNTRY_NUMERIC,   /* 276 */
    XD_COUNTRY_NAME,      /* Germany, Deutschland */
    XD_COUNTRY_WRONG,     /* a usual wrong code: UK, EL, XI, ROM */
    XD_COUNTRY_TERRITORY, /* a code of a part that is no ISO country: IC, EA */
    XD_COUNTRY_WITHDRAWN, /* a code that ISO withdrew, with or without one successor: AN, YU */
};

/* One way to write a country that the standard does not know. */
struct xd_country_alias {
    struct xd_slice written;
    uint16_t country; /* XD_COUNTRY_NONE when a withdrawn code has no single successor */
    enum xd_country_match match;
    struct xd_slice note; /* for the finding: "AN was split in 2010 into BQ, CW and SX" */
};

struct xd_countries {
    uint16_t by_alpha2[26 * 26]; /* dense index or XD_COUNTRY_NONE */
    struct xd_country of[XD_COUNTRY_MAX];
    uint16_t count;
    struct xd_country_alias *aliases; /* all other spellings, by the value of `names` */
    size_t alias_count;
    struct xd_map names; /* folded spelling -> alias */
};

/* Loads reference/countries.tsv (made by the build) and reference/country_aliases.tsv. */
bool xd_countries_load(struct xd_countries *countries, const struct xd_tables *tables,
                       struct xd_arena *arena, struct xd_error *err);

/* The index of exactly an ISO 3166-1 alpha-2 code in capitals, or XD_COUNTRY_NONE. */
static inline uint16_t
xd_country_find(const struct xd_countries *countries, struct xd_slice alpha2)
{
    unsigned first;
    unsigned second;

    if (alpha2.len != 2) {
        return XD_COUNTRY_NONE;
    }
    first = (unsigned)(unsigned char)alpha2.ptr[0] - 'A';
    second = (unsigned)(unsigned char)alpha2.ptr[1] - 'A';
    return first < 26 && second < 26 ? countries->by_alpha2[first * 26 + second] : XD_COUNTRY_NONE;
}

struct xd_country_guess {
    enum xd_country_match match;
    uint16_t country;     /* XD_COUNTRY_NONE when unknown or without a single successor */
    struct xd_slice note; /* of a wrong, territory or withdrawn code; else empty */
};

/* Whatever was written: codes of either case, alpha-3, numeric with or without leading zeros, names
 * in English and in the country's own language, usual wrong codes. */
struct xd_country_guess xd_country_guess(const struct xd_countries *countries,
                                         struct xd_slice written);

#endif
