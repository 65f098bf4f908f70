/*
 * What the two ways to read GS1 data (element string and Digital Link URI) share. Inside check/
 * only.
 */
#ifndef XD_CHECK_GS1_READ_H
#define XD_CHECK_GS1_READ_H

#include "check/gs1.h"

struct xd_gs1_reader {
    const struct xd_gs1_ais *ais;
    const struct xd_code_lists *codes;
    struct xd_slice given; /* the whole text: spans count from its start */
    struct xd_gs1 *out;
    struct xd_diagnosis *diagnosis;
};

/* Sets the diagnosis for bytes `at` (a part of reader->given). Always false. */
bool xd_gs1_fail(struct xd_gs1_reader *reader, enum xd_finding_code code, struct xd_slice at,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds an element; `value` lies in reader->given, `unescaped` is what it stands for. False with a
 * diagnosis. */
bool xd_gs1_add(struct xd_gs1_reader *reader, uint16_t ai, struct xd_slice code,
                struct xd_slice value, struct xd_slice unescaped);

/* Replaces %XX, and + by a blank when `plus`; `out` holds text.len bytes. The length. */
size_t xd_percent_decode(struct xd_slice text, bool plus, char *out);

/* Reads a GS1 Digital Link URI. */
bool xd_gs1_read_link(struct xd_gs1_reader *reader, struct xd_slice uri);

#endif
