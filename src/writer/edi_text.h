/*
 * Writes segments with the separators of the interchange that is answered: what is mirrored from it
 * needs no escaping then, and what is new is escaped or cleaned of them.
 */
#ifndef XD_WRITER_EDI_TEXT_H
#define XD_WRITER_EDI_TEXT_H

#include "base/buf.h"
#include "base/date.h"
#include "model/interchange.h"

/* A message being written: counts its segments for the trailer. */
struct xd_edi_out {
    const struct xd_interchange *interchange;
    struct xd_buf *buf;
    struct xd_slice reference; /* control reference of the answer, see xd_edi_out_open */
    char reference_room[32];
    uint32_t segments;   /* since UNH or ST */
    uint32_t separators; /* element separators owed: trailing ones are never written */
    uint32_t components;
};

/* Prepares an answer to `interchange`. The syntax report has the interchange's own control
 * reference; a business answer goes to the same partner and needs another: `A` is added to that of
 * EDIFACT, half of all numbers to that of X12. */
void xd_edi_out_open(struct xd_edi_out *out, const struct xd_interchange *interchange,
                     struct xd_buf *buf, bool business);

/* Starts a segment. */
void xd_edi_out_tag(struct xd_edi_out *out, const char *tag);

/* Adds an element as the partner sent it. Empty ones are left out when nothing follows them. */
void xd_edi_out_raw(struct xd_edi_out *out, struct xd_slice raw);
void xd_edi_out_number(struct xd_edi_out *out, uint64_t number);

/* Adds a control reference as the partner sent it; `missing` where it was missing, since it must
 * not be missing in the answer. */
void xd_edi_out_reference(struct xd_edi_out *out, struct xd_slice reference, const char *missing);

/* Adds an element, or a component of the element begun last, of our own text: `most` characters
 * (not bytes) of it; separators are escaped, in X12 replaced by a blank. */
void xd_edi_out_text(struct xd_edi_out *out, struct xd_slice text, size_t most);
void xd_edi_out_component(struct xd_edi_out *out, struct xd_slice text, size_t most);

/* Ends the segment. */
void xd_edi_out_end(struct xd_edi_out *out);

/* YYMMDD (6) or CCYYMMDD (8) of a date as an element's text; `room` holds 8 bytes. */
struct xd_slice xd_edi_out_date(xd_date date, unsigned digits, char *room);

/* UNB of the answer: sender and recipient exchanged, the same control reference and level. And UNZ
 * for `messages`. */
void xd_edi_out_unb(struct xd_edi_out *out, xd_date as_of);
void xd_edi_out_unz(struct xd_edi_out *out, uint32_t messages);

/* True when the interchange says enough of itself that it can be answered, and is not itself an
 * answer, broken or not: else two programs would answer each other for ever. */
bool xd_edi_answerable(const struct xd_interchange *interchange);

/* ISA of the answer, and IEA for `groups`. */
void xd_edi_out_isa(struct xd_edi_out *out, xd_date as_of);
void xd_edi_out_iea(struct xd_edi_out *out, uint32_t groups);

/* GS with the group's sender and recipient exchanged; `number` is its control number. */
void xd_edi_out_gs(struct xd_edi_out *out, const struct xd_edi_group *group, const char *function,
                   struct xd_slice version, uint32_t number, xd_date as_of);

/* Syntax version 4 of EDIFACT. */
bool xd_edi_version_4(const struct xd_interchange *interchange);

#endif
