/*
 * What the tariff importers share: a row of somebody's tariff becomes rows of ours.
 */
#ifndef XD_CLI_TARIFF_IMPORT_H
#define XD_CLI_TARIFF_IMPORT_H

#include "base/buf.h"
#include "base/date.h"
#include "cli/csv_input.h"

struct xd_tariff_import {
    struct xd_buf out;
    struct xd_arena *arena;
    xd_date valid_from; /* for publishers without dates; XD_DATE_MIN: open */
    struct xd_slice source;
    uint64_t rows;       /* written */
    uint64_t skipped;    /* of measures that are no duty on a parcel: quotas, end use, VAT ... */
    uint64_t unreadable; /* written, but their words are no expression: the line that meets one gets
                            a finding */
};

/* One row of our table; empty slices stay empty. */
struct xd_tariff_out {
    const char *market;
    struct xd_slice hs_code;
    struct xd_slice origin;
    struct xd_slice from;
    struct xd_slice until;
    const char *measure;
    struct xd_slice expression;
};

/* The header line and the comment in front of it. */
void xd_tariff_import_begin(struct xd_tariff_import *import, const char *what);
void xd_tariff_import_row(struct xd_tariff_import *import, const struct xd_tariff_out *row);

/* Each reads all of a publisher's file. False with *err set (EX_DATAERR) when it is not of that
 * layout. */
bool xd_tariff_from_uk_csv(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                           struct xd_error *err);
bool xd_tariff_from_taric_csv(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                              struct xd_error *err);
bool xd_tariff_from_usitc_csv(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                              struct xd_error *err);
bool xd_tariff_from_usitc_json(struct xd_tariff_import *import, struct xd_slice text,
                               struct xd_error *err);

/* Digits of a code with dots and blanks. */
struct xd_slice xd_hts_digits(struct xd_arena *arena, struct xd_slice code);

/* "31/12/2026", "31-12-2026" or "2026-12-31" as the last of them; empty when it is none. */
struct xd_slice xd_import_date(struct xd_arena *arena, struct xd_slice text);

#endif
