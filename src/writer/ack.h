/*
 * What goes back to an EDI partner by itself: that the interchange came, what was wrong with its
 * syntax, and what becomes of the parcels in it. An acknowledgement is one file that defines one of
 * these and one row in ack.c. It is made from the interchange and the as-of date alone, with the
 * partner's own separators, identifiers and control number: the same input gives the same bytes.
 */
#ifndef XD_WRITER_ACK_H
#define XD_WRITER_ACK_H

#include "base/buf.h"
#include "base/date.h"
#include "model/disposition.h"
#include "model/finding.h"
#include "model/interchange.h"
#include "reference/edi_codes.h"
#include "reference/finding_text.h"
#include "writer/edi_text.h"

/* What became of a parcel, for the business acknowledgements. */
struct xd_ack_parcel {
    uint16_t document;
    uint32_t row; /* of its first line */
    struct xd_slice code;
    struct xd_slice order;
    enum xd_disposition disposition;
    enum xd_finding_code reason; /* XD_F_NONE when it is handed off */
    struct xd_slice detail;      /* completes the reason's sentence; may be empty */
};

struct xd_ack_in {
    const struct xd_interchange *interchange;
    const struct xd_edi_codes *codes;
    const struct xd_finding_texts *texts;
    const struct xd_tables *tables;
    xd_date as_of;
    const struct xd_ack_parcel
        *parcels; /* in the order of document and row; NULL: business is not reported */
    size_t parcel_count;
};

struct xd_ack {
    const char *name;  /* "contrl" */
    const char *file;  /* file name it goes to: "ack-contrl.edi" */
    const char *title; /* "CONTRL, syntax and service report" */
    bool business;     /* reports on parcels; else on syntax */
    enum xd_edi_syntax syntax;
    /* Appends the answer to one interchange; nothing when it needs none. False with *err set when a
     * table is wrong. */
    bool (*write)(const struct xd_ack_in *in, struct xd_buf *out, struct xd_error *err);
};

/* The parcels of a message: `*count` of them in a row. */
const struct xd_ack_parcel *xd_ack_parcels_of(const struct xd_ack_in *in,
                                              const struct xd_edi_message *message, size_t *count);

/* Opens a business answer; false when nothing can be said about parcels of the interchange. */
bool xd_ack_open_business(const struct xd_ack_in *in, struct xd_edi_out *out, struct xd_buf *buf);

/* Of a group's messages from `message` on, the first whose parcels are reported on: what the syntax
 * answer refused is not told again. NULL when there is none. */
const struct xd_edi_message *xd_ack_next_reported(const struct xd_edi_message *message);

/* The first parcel at or behind `at` that does not ship, or `count`. */
size_t xd_ack_next_exception(const struct xd_ack_parcel *parcels, size_t count, size_t at);

/* How many of the parcels do not ship. */
size_t xd_ack_count_exceptions(const struct xd_ack_parcel *parcels, size_t count);

/* The acknowledgement at `index` of the table, or NULL behind the last. */
const struct xd_ack *xd_ack_at(size_t index);

/*
 * Appends the answers of `ack` to all interchanges of the list (in->interchange and what follows
 * it) to `out`. False with *err set; out->failed tells when the text grew beyond the buffer's
 * maximum.
 */
bool xd_ack_write(const struct xd_ack *ack, const struct xd_ack_in *in, struct xd_buf *out,
                  struct xd_error *err);

/* Appends the syntax acknowledgements of all interchanges: what `validate` prints. */
bool xd_ack_write_all(const struct xd_ack_in *in, struct xd_buf *out, struct xd_error *err);

#endif
