/*
 * GS1 element strings: cut into application identifiers and values, each value checked, and all of
 * them against each other. Takes what people and scanners give: (00)..., [00]..., raw data with GS
 * or ^ for FNC1, a symbology identifier in front, or a GS1 Digital Link URI. GS1 General
 * Specifications 7; GS1 Digital Link 1.3.
 */
#ifndef XD_CHECK_GS1_H
#define XD_CHECK_GS1_H

#include "model/finding.h"
#include "reference/code_list.h"
#include "reference/gs1_ai.h"

#define XD_GS1_ELEMENTS 32
#define XD_GS1_TEXT     1024

struct xd_gs1_element {
    uint16_t ai;           /* index of xd_gs1_ais.list */
    struct xd_slice code;  /* "3102", in `text` */
    struct xd_slice value; /* in `text` */
    struct xd_span span;   /* of the value, in the text as given */
    bool plain; /* byte for byte as given: a span within the value can be told in the text as given
                 */
};

/* Not to be copied: the slices point into it. */
struct xd_gs1 {
    struct xd_gs1_element element[XD_GS1_ELEMENTS];
    size_t count;
    size_t text_len;
    char text[XD_GS1_TEXT]; /* identifiers and values, unescaped */
};

/* True when `value` announces itself as an element string: bracketed identifiers, a symbology
 * identifier or FNC1, an URI. */
bool xd_gs1_looks_like(struct xd_slice value);

/*
 * Reads and checks `value`. False with the first fault in *diagnosis, its span in bytes of `value`;
 * a fault between elements is reported at the one that asks for or forbids the other. *diagnosis
 * has the code XD_F_NONE when all is right.
 */
bool xd_gs1_parse(const struct xd_gs1_ais *ais, const struct xd_code_lists *codes,
                  struct xd_slice value, struct xd_gs1 *elements, struct xd_diagnosis *diagnosis);

/* Writes (AI)value... for all elements; returns the length, cut at `size`. */
size_t xd_gs1_format(const struct xd_gs1 *elements, char *out, size_t size);

/* The value of the application identifier `code`, or XD_NONE. */
struct xd_slice xd_gs1_value(const struct xd_gs1 *elements, struct xd_slice code);

/*
 * Reads the ship-to block (AI 4300-4308, 420, 421) into fields of a manifest row: percent-decoded
 * UTF-8 in `arena`. Fields that are not there are XD_NONE. `fields` holds XD_FIELD_COUNT slices.
 * False when memory ran out.
 */
bool xd_gs1_ship_to(const struct xd_gs1_ais *ais, const struct xd_gs1 *elements,
                    struct xd_arena *arena, struct xd_slice *fields);

#endif
