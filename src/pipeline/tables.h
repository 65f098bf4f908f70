/*
 * Every table that a run looks things up in, loaded once before any thread starts and constant from
 * then on.
 */
#ifndef XD_PIPELINE_TABLES_H
#define XD_PIPELINE_TABLES_H

#include "check/row.h"
#include "duty/quote.h"
#include "reader/dialect_table.h"
#include "reference/address_tables.h"
#include "reference/carrier.h"
#include "reference/customs_rule.h"
#include "reference/identifier.h"
#include "reference/limits.h"
#include "reference/registration.h"
#include "reference/routing.h"
#include "reference/tax_number.h"
#include "writer/layout.h"

struct xd_run_tables {
    struct xd_tables source;
    struct xd_arena arena; /* owns what the tables hold */
    const struct xd_address_tables *addresses;
    const struct xd_finding_texts *texts; /* of the address tables, as the next */
    const struct xd_countries *countries;
    struct xd_limits limits;
    struct xd_currencies currencies;
    struct xd_carriers carriers;
    struct xd_routing routing;
    struct xd_dialects dialects;
    struct xd_identifiers identifiers;
    struct xd_layouts layouts;
    struct xd_customs_rules customs;
    struct xd_tax_schemes tax_numbers;
    struct xd_registrations registrations;
    struct xd_duty_rules duty;
};

/* Loads all of them as in force on `as_of`, from `dir` where it has them (NULL: the built-in ones).
 * The tables are large: keep them off the stack. False with *err; the caller frees either way. */
bool xd_run_tables_load(struct xd_run_tables *tables, const char *dir, xd_date as_of,
                        struct xd_error *err);
void xd_run_tables_free(struct xd_run_tables *tables);

#endif
