/*
 * Where a parcel goes in the eyes of customs and of the law: special VAT and customs territories,
 * and embargoes. Both are read off the postal code, sometimes with the town, and both change by
 * date.
 */
#ifndef XD_REFERENCE_TERRITORY_H
#define XD_REFERENCE_TERRITORY_H

#include "base/date.h"
#include "reference/country.h"
#include "reference/prefix.h"

/* Is the place part of the EU's territory for a purpose? */
enum xd_eu_part {
    XD_EU_NOT_ASKED, /* the row is not about the EU */
    XD_EU_NO,
    XD_EU_YES,
    XD_EU_GOODS, /* for goods only: Northern Ireland */
    XD_EU_UNION, /* by a customs union: San Marino */
};

struct xd_territory {
    struct xd_slice name; /* "Canary Islands (Las Palmas)" */
    struct xd_slice code; /* under which the parcel is treated: IC, XI, AX, or the country itself */
    struct xd_slice town; /* folded; empty when the postal code is enough */
    struct xd_slice note;
    struct xd_prefixes prefixes; /* none: all of the country */
    enum xd_eu_part customs;
    enum xd_eu_part vat;
    enum xd_eu_part excise;
    xd_date from;
    xd_date until;
};

enum xd_embargo_effect {
    XD_EMBARGO_NONE,
    XD_EMBARGO_REVIEW, /* a person must look */
    XD_EMBARGO_REJECT,
};

struct xd_embargo {
    struct xd_slice region;
    struct xd_slice regime;      /* the law */
    struct xd_prefixes prefixes; /* of a row by postal code */
    struct xd_prefixes except;   /* postal codes for which a name does not count */
    bool by_name;
    enum xd_embargo_effect effect;
    xd_date from;
    xd_date until;
};

struct xd_row_range {
    uint16_t first;
    uint16_t count;
    uint64_t starts[2]; /* bit set over the first two characters of the rows' postal codes; all bits
                           when a row needs no code */
};

/* The bit of two characters packed as in a postal code: two digits have one of their own. */
static inline unsigned
xd_territory_start(uint64_t two)
{
    return (unsigned)((two >> 8) * 10 + (two & 0xff)) % 128;
}

struct xd_territories {
    struct xd_territory *of;
    uint16_t count;
    struct xd_row_range rows[XD_COUNTRY_MAX]; /* of a country; they stand together */
    struct xd_embargo *embargoes;
    uint16_t embargo_count;
    struct xd_row_range embargo_rows[XD_COUNTRY_MAX];
    struct xd_map embargo_names; /* alpha-2 and folded name -> embargo */
};

/* Loads reference/territories.tsv and reference/embargoes.tsv. */
bool xd_territories_load(struct xd_territories *territories, const struct xd_countries *countries,
                         const struct xd_tables *tables, struct xd_arena *arena,
                         struct xd_error *err);

/* False where xd_territory_find() would find nothing, as it does for nearly all codes. */
static inline bool
xd_territory_possible(const struct xd_territories *territories, uint16_t country,
                      struct xd_packed_code code)
{
    unsigned start = xd_territory_start(code.packed >> 48);

    return (territories->rows[country].starts[start / 64] >> (start % 64)) & 1;
}

/* The most specific territory in force on `day`, or NULL. `city` is as written; it is looked at
 * only where needed. */
const struct xd_territory *xd_territory_find(const struct xd_territories *territories,
                                             uint16_t country, struct xd_packed_code code,
                                             struct xd_slice city, xd_date day);

/* The territory that the code stood for until a day before `day`, or NULL. */
const struct xd_territory *xd_territory_ended(const struct xd_territories *territories,
                                              uint16_t country, struct xd_packed_code code,
                                              struct xd_slice city, xd_date day);

/* The strictest embargo in force on `day`, or NULL. City and region are as written. */
const struct xd_embargo *xd_embargo_find(const struct xd_territories *territories,
                                         const struct xd_countries *countries, uint16_t country,
                                         struct xd_packed_code code, struct xd_slice city,
                                         struct xd_slice region, xd_date day);

/* Has the country any embargo row at all? Nearly none has, and the question is asked for every
 * parcel. */
static inline bool
xd_embargo_possible(const struct xd_territories *territories, uint16_t country)
{
    return territories->embargo_rows[country].count != 0;
}

#endif
