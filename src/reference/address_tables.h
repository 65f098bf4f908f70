/* All tables that an address is held against, loaded once and shared by all workers. */
#ifndef XD_REFERENCE_ADDRESS_TABLES_H
#define XD_REFERENCE_ADDRESS_TABLES_H

#include "reference/address_word.h"
#include "reference/calling_code.h"
#include "reference/carrier_limit.h"
#include "reference/country.h"
#include "reference/finding_text.h"
#include "reference/postal_rule.h"
#include "reference/subregion.h"
#include "reference/territory.h"
#include "reference/transliteration.h"

struct xd_address_tables {
    struct xd_countries countries;
    struct xd_postal_rules postal;
    struct xd_subregions subregions;
    struct xd_territories territories;
    struct xd_address_words words;
    struct xd_calling_codes calling;
    struct xd_carrier_limits limits;
    struct xd_transliteration transliteration;
    struct xd_finding_texts findings;
};

/* Loads all of them into `arena`; NULL with *err set when one cannot be trusted. */
const struct xd_address_tables *xd_address_tables_load(const struct xd_tables *tables,
                                                       struct xd_arena *arena,
                                                       struct xd_error *err);

#endif
