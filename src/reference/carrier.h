/*
 * Carriers by the code or any spelling a merchant uses. Every parcel is looked up once and from
 * then on carries a small number, so that totals and files are arrays and not maps.
 */
#ifndef XD_REFERENCE_CARRIER_H
#define XD_REFERENCE_CARRIER_H

#include "base/date.h"
#include "base/hash.h"
#include "reference/embedded.h"

#define XD_CARRIER_NONE     UINT32_MAX
#define XD_CARRIER_NAME_MAX 63 /* bytes of a code or alias */

struct xd_carrier {
    struct xd_slice
        code; /* "dhl-express": lower case, digits and '-' only, so it is safe in a file name */
    struct xd_slice name;    /* "DHL Express" */
    struct xd_slice channel; /* "post" or "courier" */
    struct xd_slice layout;  /* name of a row of handoff/layouts.tsv */
    bool integrated;         /* the platform makes its label and papers */
    bool consolidated;       /* parcels of one order travel as one shipment */
    bool po_box;             /* delivers to PO boxes */
};

struct xd_carriers {
    struct xd_carrier *list;
    uint32_t count;
    struct xd_map by_name; /* canonical code or alias -> index into list */
};

/* Loads the rows of schemas/reference/carriers.tsv in force on `as_of`, in the table's order. False
 * with *err (EX_CONFIG, file and line) when a row is malformed or a name stands for two carriers.
 */
bool xd_carriers_load(struct xd_carriers *carriers, const struct xd_tables *tables, xd_date as_of,
                      struct xd_arena *arena, struct xd_error *err);

/* Index of the carrier that `name` stands for: code, name or alias; case does not count, and blank,
 * '_', '.' and '-' are one character. XD_CARRIER_NONE when there is none. Takes about 20 ns and no
 * memory. */
uint32_t xd_carrier_find(const struct xd_carriers *carriers, struct xd_slice name);

#endif
