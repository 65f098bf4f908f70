/*
 * Postal codes: is this one of its country's, and how is it written there. What differs only in
 * case, separators, a country prefix or full-width characters is rewritten without complaint; what
 * is a look-alike (O for 0) is corrected where only one reading is possible, and reported.
 */
#ifndef XD_CHECK_POSTAL_H
#define XD_CHECK_POSTAL_H

#include "model/finding.h"
#include "reference/postal_rule.h"
#include "reference/prefix.h"

enum xd_postal_status {
    XD_POSTAL_STATUS_OK,
    XD_POSTAL_STATUS_ABSENT,     /* none given, none needed */
    XD_POSTAL_STATUS_MISSING,    /* none given, one required */
    XD_POSTAL_STATUS_UNEXPECTED, /* given where the country has none */
    XD_POSTAL_STATUS_CORRECTED,  /* a look-alike was replaced: the text is what it must be */
    XD_POSTAL_STATUS_FORMAT,     /* not a code of this country */
    XD_POSTAL_STATUS_AREA, /* the shape is right, but no such area or routing key was ever given out
                            */
};

struct xd_postal_result {
    enum xd_postal_status status;
    bool canonical;             /* seen at a glance to be written as it should be */
    uint8_t len;                /* of text; 0 when the code is wrong */
    char text[XD_POSTAL_TEXT];  /* canonical form, no NUL */
    struct xd_packed_code code; /* the same for comparing; len 0 when the code is wrong */
    struct xd_span span;        /* the faulty bytes of what was given */
};

struct xd_postal_patterns;

/* One per worker: patterns are compiled when a country first needs its own. */
struct xd_postal_ctx {
    const struct xd_postal_rules *rules;
    struct xd_postal_patterns *patterns; /* private; NULL until needed */
    bool thorough; /* takes no short cut for what is canonical already: for the test */
};

void xd_postal_ctx_init(struct xd_postal_ctx *ctx, const struct xd_postal_rules *rules);
void xd_postal_ctx_free(struct xd_postal_ctx *ctx);

/* Checks `written` as a postal code of the country with that index. An empty or blank one is judged
 * by the country's need. */
enum xd_postal_status xd_postal_check(struct xd_postal_ctx *ctx, uint16_t country,
                                      struct xd_slice written, struct xd_postal_result *result);

/* Says in a diagnosis what `result` means; code XD_F_NONE when nothing is wrong. */
void xd_postal_diagnose(const struct xd_postal_rules *rules, uint16_t country,
                        const struct xd_postal_result *result, struct xd_diagnosis *out);

/* True when the country's published pattern matches all of `canonical`; also when it has none. For
 * countries whose shapes say less than the pattern, and for the test that holds both equal. */
bool xd_postal_pattern_match(struct xd_postal_ctx *ctx, uint16_t country,
                             struct xd_slice canonical);

#endif
