/*
 * Regions of countries: states, provinces, prefectures. Merchants write them as a code, in the
 * local script or in Latin letters; all of these lead to one ISO 3166-2 code, and from there to the
 * postal codes that lie in it.
 */
#ifndef XD_REFERENCE_SUBREGION_H
#define XD_REFERENCE_SUBREGION_H

#include "reference/country.h"
#include "reference/prefix.h"

#define XD_SUBREGION_NONE UINT32_MAX

struct xd_subregion {
    uint16_t country;
    uint16_t own_country; /* the ISO 3166-1 country that customs wants instead (CN-91 is HK), or
                             XD_COUNTRY_NONE */
    struct xd_slice code; /* ISO 3166-2; empty where ISO has none */
    struct xd_slice key;  /* as written on mail, perhaps in the local script */
    struct xd_slice name; /* in Latin letters */
    struct xd_slice keys; /* folded spellings, separated by blanks */
    struct xd_prefixes prefixes;
};

/* What people write instead of one of these regions: Lombardia, Cataluña, Leinster. */
struct xd_subregion_area {
    const uint32_t *members; /* indices of its regions */
    uint32_t count;
};

struct xd_subregions {
    struct xd_subregion *of;
    uint32_t count;
    uint32_t first[XD_COUNTRY_MAX];  /* the regions of a country stand together */
    uint32_t number[XD_COUNTRY_MAX]; /* 0: the country has no list */
    struct xd_map keys;              /* alpha-2 and folded spelling -> index */
    struct xd_subregion_area *areas;
    struct xd_map area_keys; /* alpha-2 and folded spelling -> index of `areas` */
};

/* Loads reference/subregions.tsv and reference/larger_areas.tsv. */
bool xd_subregions_load(struct xd_subregions *subregions, const struct xd_countries *countries,
                        const struct xd_tables *tables, struct xd_arena *arena,
                        struct xd_error *err);

/* The region of the country that `written` names, or XD_SUBREGION_NONE. */
uint32_t xd_subregion_find(const struct xd_subregions *subregions,
                           const struct xd_countries *countries, uint16_t country,
                           struct xd_slice written);

/* The larger area of the country that `written` names, or NULL. */
const struct xd_subregion_area *xd_subregion_area_find(const struct xd_subregions *subregions,
                                                       const struct xd_countries *countries,
                                                       uint16_t country, struct xd_slice written);

/* Of the regions of an area the one in which the postal code lies, XD_SUBREGION_NONE when none or
 * several claim it. *apart: it lies in none of them, and of all of them the codes are known. */
uint32_t xd_subregion_of_area(const struct xd_subregions *subregions,
                              const struct xd_subregion_area *area, struct xd_packed_code code,
                              bool *apart);

/* The region in which a postal code lies, by the longest prefix; XD_SUBREGION_NONE when none or
 * several claim it. */
uint32_t xd_subregion_of_code(const struct xd_subregions *subregions, uint16_t country,
                              struct xd_packed_code code);

#endif
