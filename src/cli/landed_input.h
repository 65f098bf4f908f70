/*
 * The input of landed-cost: one row a line, rows of one consignment in any order. What is per
 * consignment is taken from its first row.
 */
#ifndef XD_CLI_LANDED_INPUT_H
#define XD_CLI_LANDED_INPUT_H

#include "cli/csv_input.h"
#include "duty/quote.h"
#include "reference/country.h"
#include "reference/currency.h"
#include "reference/territory.h"

/* What is wrong with a value of the input itself. */
struct xd_landed_problem {
    enum xd_finding_code code;
    uint32_t group;
    uint32_t line; /* index within the consignment, or XD_DUTY_WHOLE */
    const char *column;
    struct xd_slice value;
    bool fatal; /* no figure can be given for the consignment */
};

struct xd_landed_group {
    struct xd_slice id;
    struct xd_consignment consignment; /* its lines too */
    const struct xd_slice *line_ids;   /* empty: the ordinal of the line stands for it */
    uint32_t first_row;
    uint32_t first_problem; /* those of the group stand together */
    uint32_t problem_count;
    bool refused;
};

struct xd_landed_input {
    struct xd_landed_group *groups; /* in the order in which their first rows stand */
    size_t count;
    struct xd_landed_problem *problems;
    size_t problem_count;
};

struct xd_landed_tables {
    const struct xd_countries *countries;
    const struct xd_currencies *currencies;
    const struct xd_territories *territories;
    const struct xd_markets *markets;
};

/* Gathers the rows into consignments dated `date`. False with *err set: a required column is
 * missing (EX_DATAERR) or memory ran out. Slices point into `arena` and the input. */
bool xd_landed_input_read(const struct xd_csv_input *csv, const struct xd_landed_tables *tables,
                          xd_date date, struct xd_arena *arena, struct xd_landed_input *out,
                          struct xd_error *err);

#endif
