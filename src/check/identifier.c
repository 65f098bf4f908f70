/*
 * The road of a number through the check: cleaned, held against the shapes of its scheme or
 * carrier, looked up where the scheme has a rule beyond its shape, and only if it is wrong handed
 * on to the diagnosis.
 */
#include "check/identifier.h"

#include <assert.h>

#include "check/gs1.h"
#include "check/identifier_diagnose.h"

/* A match below this decides nothing: digits without a check digit fit everything. */
#define WEAK_SCORE 15
/* From here on a shape is meant by whoever nearly has it, whatever else fits. */
#define TELLING_SCORE 80

static enum xd_clean_mode
mode_of(const struct xd_scheme *scheme)
{
    return scheme->rule == XD_RULE_KEEP_CASE ? XD_CLEAN_KEEP_CASE : XD_CLEAN_PLAIN;
}

/* The shape of the scheme that takes the text, best score first; NULL. */
static const struct xd_shape *
valid_shape(const struct xd_identifiers *ids, const struct xd_scheme *scheme,
            const struct xd_clean *clean)
{
    size_t len = clean->text.len;

    if (clean->cut || len > XD_IDENTIFIER_TEXT) {
        return NULL;
    }
    for (size_t i = scheme->key_from[len]; i < scheme->key_from[len + 1]; i++) {
        if (xd_shape_right(ids, &scheme->keys[i], clean)) {
            return &ids->shapes[scheme->keys[i].shape];
        }
    }
    return NULL;
}

/* Service indicator and country of an S10 identifier. */
static enum xd_verdict
judge_s10(const struct xd_identifiers *ids, const struct xd_clean *clean, struct xd_diagnosis *out)
{
    struct xd_slice text = clean->text;
    struct xd_slice country = xd_slice_sub(text, text.len - 2, 2);
    uint8_t status = ids->s10.status[text.ptr[0] - 'A'][text.ptr[1] - 'A'];

    if (!xd_code_list_has(&ids->codes, XD_CODES_COUNTRY_ALPHA2, country)) {
        xd_diagnose(out, XD_F_S10_COUNTRY_UNKNOWN, 0, 0, "%.*s is no country code.%s",
                    XD_FMT(country),
                    xd_slice_eq(country, XD_LIT("UK")) ? " The United Kingdom is GB." : "");
        out->span = xd_clean_span(clean, text.len - 2, text.len);
        return XD_INVALID;
    }
    if (status == XD_S10_UNASSIGNED || status == XD_S10_FORBIDDEN) {
        xd_diagnose(out, XD_F_S10_INDICATOR_UNASSIGNED, 0, 0, "%.*s %s.", 2, text.ptr,
                    status == XD_S10_FORBIDDEN ? "must not be used" : "is not assigned");
        out->span = xd_clean_span(clean, 0, 2);
    }
    return XD_VALID;
}

/* The text fits the shape: what else there is to say. */
static enum xd_verdict
judge_valid(const struct xd_identifiers *ids, const struct xd_scheme *scheme,
            const struct xd_clean *clean, struct xd_diagnosis *out)
{
    if (xd_may_be_rounded(clean->text) && xd_diagnose_rounded(clean, out)) {
        return XD_INVALID;
    }
    if (scheme->rule != XD_RULE_S10 && !clean->foreign) {
        return XD_VALID;
    }
    if (scheme->rule == XD_RULE_S10 && judge_s10(ids, clean, out) == XD_INVALID) {
        return XD_INVALID;
    }
    if (clean->foreign && out->code == XD_F_NONE) {
        uint32_t at = clean->foreign_at;
        xd_diagnose(out, XD_F_IDENTIFIER_FOREIGN_CHARACTER, 0, 0, "Character %u was read as %c.",
                    at + 1, clean->text.ptr[at]);
        out->span = xd_clean_span(clean, at, at + 1);
    }
    return XD_VALID;
}

static void
keep_canonical(const struct xd_shape *shape, struct xd_slice text,
               struct xd_identifier_result *result)
{
    result->canonical_len = xd_shape_canonical(shape, text, result->canonical);
}

static void
start_result(struct xd_identifier_result *result)
{
    result->verdict = XD_UNKNOWN;
    result->scheme = XD_SCHEME_NONE;
    result->diagnosis.code = XD_F_NONE;
    result->diagnosis.span = (struct xd_span){0, 0};
    result->diagnosis.detail[0] = '\0';
    result->match_count = 0;
    result->canonical_len = 0;
}

static void
add_match(struct xd_identifier_result *result, uint16_t scheme, uint16_t shape, uint8_t score)
{
    size_t at = result->match_count;

    for (size_t i = 0; i < result->match_count; i++) {
        if (result->matches[i].scheme == scheme) {
            return;
        }
    }
    if (at == XD_MATCHES_MAX) {
        return;
    }
    for (; at > 0 && result->matches[at - 1].score < score; at--) {
        result->matches[at] = result->matches[at - 1];
    }
    result->matches[at] = (struct xd_identifier_match){scheme, shape, score};
    result->match_count++;
}

/* The element string scheme of the table, or XD_SCHEME_NONE. */
static uint16_t
element_scheme(const struct xd_identifiers *ids)
{
    return xd_scheme_find(ids, XD_LIT("gs1"));
}

static void
read_elements(const struct xd_identifiers *ids, uint16_t scheme, struct xd_slice value,
              struct xd_identifier_result *result)
{
    struct xd_gs1 elements;

    result->scheme = scheme;
    result->verdict = xd_gs1_parse(&ids->gs1, &ids->codes, value, &elements, &result->diagnosis)
                          ? XD_VALID
                          : XD_INVALID;
    if (result->verdict == XD_VALID) {
        result->canonical_len =
            xd_gs1_format(&elements, result->canonical, sizeof(result->canonical));
        add_match(result, scheme, 0, ids->schemes[scheme].score);
    }
}

/* A wrong number of `scheme` that fits another one with a check character: worth saying when its
 * shape is no match at all. */
static void
name_other_scheme(const struct xd_identifiers *ids, uint16_t scheme, const struct xd_clean *clean,
                  struct xd_diagnosis *out)
{
    struct xd_shape_list list = xd_shapes_for(ids, clean->text);

    if (clean->cut || xd_diagnosis_weight(out) > 1) {
        return;
    }
    assert(ids->shapes); /* loaded: where there is a key there is its shape */
    for (size_t i = 0; i < list.count; i++) {
        const struct xd_shape *shape = &ids->shapes[list.keys[i].shape];
        if (shape->scheme != scheme && shape->score >= (shape->checks ? 2 : 4) * WEAK_SCORE &&
            xd_shape_valid(ids, shape, clean->text)) {
            const struct xd_scheme *other = &ids->schemes[shape->scheme];
            xd_diagnose(out, XD_F_IDENTIFIER_OTHER_SCHEME, 0, clean->raw.len,
                        "It is %s%.*s (%.*s).", shape->checks ? "a right " : "shaped as a ",
                        XD_FMT(other->title), XD_FMT(other->name));
            return;
        }
    }
}

void
xd_identifier_read(const struct xd_identifiers *ids, uint16_t scheme, struct xd_slice value,
                   struct xd_identifier_result *result)
{
    const struct xd_scheme *row = &ids->schemes[scheme];
    struct xd_clean clean;

    start_result(result);
    if (row->rule == XD_RULE_ELEMENT_STRING) {
        read_elements(ids, scheme, value, result);
        return;
    }
    xd_clean_text(&ids->look_alikes, value, mode_of(row), &clean);
    const struct xd_shape *shape = valid_shape(ids, row, &clean);
    result->scheme = scheme;
    if (!shape) {
        result->verdict = XD_INVALID;
        xd_diagnose_scheme(ids, row, &clean, &result->diagnosis);
        name_other_scheme(ids, scheme, &clean, &result->diagnosis);
        return;
    }
    result->verdict = judge_valid(ids, row, &clean, &result->diagnosis);
    if (result->verdict == XD_VALID) {
        keep_canonical(shape, clean.text, result);
        add_match(result, scheme, (uint16_t)(shape - ids->shapes), shape->score ? shape->score : 1);
    }
}

/* Everything but a plain right number; apart, so that those do not pay for the room it takes. */
static enum xd_verdict __attribute__((noinline))
check_slowly(const struct xd_identifiers *ids, uint16_t scheme, struct xd_slice value,
             struct xd_diagnosis *diagnosis)
{
    struct xd_identifier_result result;

    xd_identifier_read(ids, scheme, value, &result);
    *diagnosis = result.diagnosis;
    return result.verdict;
}

enum xd_verdict
xd_identifier_check(const struct xd_identifiers *ids, uint16_t scheme, struct xd_slice value,
                    struct xd_diagnosis *diagnosis)
{
    const struct xd_scheme *row = &ids->schemes[scheme];
    struct xd_clean clean;

    if (row->rule != XD_RULE_ELEMENT_STRING) {
        xd_clean_text(&ids->look_alikes, value, mode_of(row), &clean);
        diagnosis->code = XD_F_NONE;
        if (valid_shape(ids, row, &clean)) {
            return judge_valid(ids, row, &clean, diagnosis);
        }
    }
    return check_slowly(ids, scheme, value, diagnosis);
}

/* Matches of a cleaned text without declaration; *failing is the best shape that only its check
 * character rules out. */
static void
match_all(const struct xd_identifiers *ids, const struct xd_clean *clean,
          struct xd_identifier_result *result, const struct xd_shape **failing)
{
    struct xd_shape_list list = xd_shapes_for(ids, clean->text);
    const struct xd_shape_key *key = list.keys;

    *failing = NULL;
    for (size_t left = clean->cut ? 0 : list.count; left && key->score > 0; left--, key++) {
        if (!xd_shape_takes(ids, key, clean)) {
            continue;
        }
        if (xd_shape_checks_out(ids, key, clean->text)) {
            add_match(result, key->scheme, key->shape, key->score);
        } else if (!*failing) {
            *failing = &ids->shapes[key->shape];
        }
    }
}

/* True when the best match may decide: it is telling enough, and no far more telling shape fails by
 * its check character alone while the match has none. */
static bool
match_decides(const struct xd_identifiers *ids, const struct xd_identifier_result *result,
              const struct xd_shape *failing)
{
    const struct xd_identifier_match *best = &result->matches[0];

    if (result->match_count == 0 || best->score < WEAK_SCORE) {
        return false;
    }
    return !failing || ids->shapes[best->shape].checks > 0 || failing->score <= 2 * best->score;
}

/* A letter for a digit in a shape with a check character or a text of its own. */
static bool
explain_look_alike(const struct xd_identifiers *ids, struct xd_shape_list list,
                   const struct xd_clean *clean, struct xd_identifier_result *result)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct xd_shape *shape = &ids->shapes[list.keys[i].shape];
        if ((shape->checks > 0 || shape->score >= TELLING_SCORE) &&
            xd_diagnose_look_alike(ids, shape, clean, &result->diagnosis)) {
            result->verdict = XD_INVALID;
            result->scheme = shape->scheme;
            return true;
        }
    }
    return false;
}

/* Nothing fits: damage and look-alikes are still worth naming. The letter may be the first. */
static void
explain_unknown(const struct xd_identifiers *ids, const struct xd_clean *clean,
                struct xd_identifier_result *result)
{
    size_t len = clean->text.len;

    if (xd_diagnose_damage(clean, &result->diagnosis)) {
        result->verdict = len ? XD_INVALID : XD_UNKNOWN;
        return;
    }
    for (size_t begins = 0; begins < XD_BEGINS_COUNT && len <= XD_IDENTIFIER_TEXT; begins++) {
        if (!clean->cut && explain_look_alike(ids, ids->by_length[begins][len], clean, result)) {
            return;
        }
    }
    xd_diagnose(&result->diagnosis, XD_F_IDENTIFIER_UNKNOWN, 0, clean->raw.len, "%s",
                result->match_count ? "It has the shape of schemes without check digit." : "");
}

/* True when the shape that only its check character rules out may call the number wrong: it is
 * telling, or nothing else has that shape. Fourteen digits that are no GTIN may be a right number
 * of DPD. */
static bool
failing_decides(const struct xd_shape *failing, const struct xd_identifier_result *result)
{
    return failing && (result->match_count == 0 || result->matches[0].score >= WEAK_SCORE ||
                       failing->score >= TELLING_SCORE);
}

static void
decide(const struct xd_identifiers *ids, const struct xd_clean *clean,
       const struct xd_shape *failing, struct xd_identifier_result *result)
{
    if (match_decides(ids, result, failing)) {
        const struct xd_identifier_match *best = &result->matches[0];
        result->scheme = best->scheme;
        result->verdict = judge_valid(ids, &ids->schemes[best->scheme], clean, &result->diagnosis);
        if (result->verdict == XD_VALID) {
            keep_canonical(&ids->shapes[best->shape], clean->text, result);
        }
        return;
    }
    if (!failing_decides(failing, result)) {
        explain_unknown(ids, clean, result);
        return;
    }
    result->verdict = XD_INVALID;
    result->scheme = failing->scheme;
    if (!xd_diagnose_damage(clean, &result->diagnosis) &&
        !xd_diagnose_look_alike(ids, failing, clean, &result->diagnosis)) {
        xd_diagnose_check(ids, failing, clean, &result->diagnosis);
    }
}

/* Reads the value as an element string. False when it is a single key in brackets whose shape says
 * more of it. */
static bool
detect_elements(const struct xd_identifiers *ids, struct xd_slice value,
                const struct xd_shape *failing, struct xd_identifier_result *result)
{
    uint16_t scheme = element_scheme(ids);
    struct xd_identifier_result before = *result;

    if (scheme == XD_SCHEME_NONE) {
        return false;
    }
    start_result(result);
    read_elements(ids, scheme, value, result);
    if (result->verdict == XD_INVALID && failing && failing->keep_from > 0) {
        *result = before;
        return false;
    }
    return true;
}

void
xd_identifier_detect(const struct xd_identifiers *ids, struct xd_slice value,
                     struct xd_identifier_result *result)
{
    const struct xd_shape *failing;
    struct xd_clean clean;

    start_result(result);
    xd_clean_text(&ids->look_alikes, value, XD_CLEAN_PLAIN, &clean);
    match_all(ids, &clean, result, &failing);
    if (!match_decides(ids, result, NULL) && xd_gs1_looks_like(value) &&
        detect_elements(ids, value, failing, result)) {
        return;
    }
    decide(ids, &clean, failing, result);
}

/* Of the carrier's schemes the shape that takes the text with the best score; NULL. *failing is the
 * best one that only its check character rules out. */
static const struct xd_shape *
carrier_shape(const struct xd_identifiers *ids, const struct xd_identifier_carrier *carrier,
              const struct xd_clean *clean, const struct xd_shape **failing)
{
    struct xd_shape_list list = xd_shapes_for(ids, clean->text);
    const struct xd_shape_key *key = list.keys;

    *failing = NULL;
    for (size_t left = clean->cut ? 0 : list.count; left; left--, key++) {
        const struct xd_shape *shape = &ids->shapes[key->shape];
        if (!carrier->uses[key->scheme] || !xd_shape_takes(ids, key, clean)) {
            continue;
        }
        if (xd_shape_checks_out(ids, key, clean->text)) {
            return shape;
        }
        *failing = *failing ? *failing : shape;
    }
    return NULL;
}

/* The reason of the scheme that says most; a bare misfit of shape becomes a warning. */
static void
diagnose_carrier(const struct xd_identifiers *ids, const struct xd_identifier_carrier *carrier,
                 const struct xd_clean *clean, struct xd_identifier_result *result)
{
    int weight = 0;

    for (size_t i = 0; i < carrier->count; i++) {
        struct xd_diagnosis diagnosis = {0};
        uint16_t scheme = carrier->schemes[i];
        if (ids->schemes[scheme].rule == XD_RULE_ELEMENT_STRING) {
            continue;
        }
        xd_diagnose_scheme(ids, &ids->schemes[scheme], clean, &diagnosis);
        int found = xd_diagnosis_weight(&diagnosis) * 128 + ids->schemes[scheme].score;
        if (found > weight) {
            weight = found;
            result->diagnosis = diagnosis;
            result->scheme = scheme;
        }
    }
    if (weight < 256) {
        struct xd_diagnosis other = result->diagnosis;
        name_other_scheme(ids, XD_SCHEME_NONE, clean, &other);
        xd_diagnose(&result->diagnosis, XD_F_TRACKING_NOT_OF_CARRIER, other.span.off,
                    other.span.len, "%s", other.detail);
    }
}

/* Why a number is wrong for its carrier, `failing` being the shape that it nearly has or NULL. */
static void
explain_tracking(const struct xd_identifiers *ids, const struct xd_identifier_carrier *carrier,
                 const struct xd_shape *failing, const struct xd_clean *clean,
                 struct xd_identifier_result *result)
{
    result->verdict = XD_INVALID;
    if (xd_diagnose_damage(clean, &result->diagnosis)) {
        return;
    }
    if (!failing) {
        diagnose_carrier(ids, carrier, clean, result);
        return;
    }
    result->scheme = failing->scheme;
    if (!xd_diagnose_look_alike(ids, failing, clean, &result->diagnosis)) {
        xd_diagnose_check(ids, failing, clean, &result->diagnosis);
    }
}

void
xd_tracking_read(const struct xd_identifiers *ids, uint16_t carrier, struct xd_slice value,
                 struct xd_identifier_result *result)
{
    const struct xd_identifier_carrier *row = &ids->carriers[carrier];
    const struct xd_shape *failing;
    struct xd_clean clean;

    start_result(result);
    xd_clean_text(&ids->look_alikes, value, XD_CLEAN_PLAIN, &clean);
    const struct xd_shape *shape = carrier_shape(ids, row, &clean, &failing);
    if (!shape) {
        explain_tracking(ids, row, failing, &clean, result);
        return;
    }
    result->scheme = shape->scheme;
    result->verdict = judge_valid(ids, &ids->schemes[shape->scheme], &clean, &result->diagnosis);
    if (result->verdict == XD_VALID) {
        keep_canonical(shape, clean.text, result);
        add_match(result, shape->scheme, (uint16_t)(shape - ids->shapes),
                  shape->score ? shape->score : 1);
    }
}

static enum xd_verdict __attribute__((noinline))
track_slowly(const struct xd_identifiers *ids, const struct xd_identifier_carrier *carrier,
             const struct xd_shape *failing, const struct xd_clean *clean,
             struct xd_diagnosis *diagnosis)
{
    struct xd_identifier_result result;

    start_result(&result);
    explain_tracking(ids, carrier, failing, clean, &result);
    *diagnosis = result.diagnosis;
    return result.verdict;
}

enum xd_verdict
xd_tracking_check(const struct xd_identifiers *ids, struct xd_slice carrier, struct xd_slice value,
                  struct xd_diagnosis *diagnosis)
{
    uint16_t found = xd_identifier_carrier_find(ids, carrier);
    const struct xd_shape *failing;
    struct xd_clean clean;

    diagnosis->code = XD_F_NONE;
    if (found == XD_ID_CARRIER_NONE) {
        return XD_UNKNOWN;
    }
    xd_clean_text(&ids->look_alikes, value, XD_CLEAN_PLAIN, &clean);
    const struct xd_shape *shape = carrier_shape(ids, &ids->carriers[found], &clean, &failing);
    if (shape) {
        return judge_valid(ids, &ids->schemes[shape->scheme], &clean, diagnosis);
    }
    return track_slowly(ids, &ids->carriers[found], failing, &clean, diagnosis);
}
