/*
 * The order of the rules is the order in which an address is understood: the country first, because
 * every other rule is the country's; then postal code and region, which must agree; then what
 * follows from both, territory and embargo; the words last. Nothing stops at the first fault: a
 * merchant wants all of them at once.
 */
#include "check/address.h"

#include <stdarg.h>
#include <stdio.h>

#include "check/address_parts.h"

void
xd_address_ctx_init(struct xd_address_ctx *ctx, const struct xd_address_tables *tables)
{
    *ctx = (struct xd_address_ctx){.tables = tables};
    xd_postal_ctx_init(&ctx->postal, &tables->postal);
    xd_letters_init(&ctx->letters, tables);
}

void
xd_address_ctx_free(struct xd_address_ctx *ctx)
{
    xd_postal_ctx_free(&ctx->postal);
    xd_letters_free(&ctx->letters);
}

const char *
xd_address_problem_name(enum xd_address_problem_kind kind)
{
    static const char *const NAMES[] = {
        "",       "missing",     "unexpected",  "unknown",  "format",  "mismatch",
        "po_box", "unsupported", "placeholder", "too_long", "embargo",
    };

    return NAMES[kind];
}

/* An error makes the address invalid; what holds the parcel without being an error makes it one for
 * review. */
static enum xd_address_verdict
weight_of(const struct xd_finding_texts *texts, enum xd_finding_code code)
{
    if (xd_slice_eq(texts->of[code].severity, XD_LIT("error"))) {
        return XD_ADDRESS_INVALID;
    }
    return texts->of[code].effect == XD_EFFECT_NONE ? XD_ADDRESS_VALID : XD_ADDRESS_REVIEW;
}

void
xd_address_report(struct address_check *check, enum xd_address_field field,
                  enum xd_address_problem_kind kind, enum xd_finding_code code, struct xd_span span,
                  const char *format, ...)
{
    struct xd_address_result *result = check->result;
    struct xd_address_problem *problem = &result->problems[result->count];
    enum xd_address_verdict weight = weight_of(&check->tables->findings, code);
    size_t lead =
        check->of[field].len ? (size_t)(check->of[field].ptr - check->written->of[field].ptr) : 0;
    va_list arguments;

    result->verdict = weight > result->verdict ? weight : result->verdict;
    if (result->count == XD_ADDRESS_PROBLEMS) {
        return;
    }
    result->count++;
    problem->field = field;
    problem->kind = kind;
    problem->diagnosis.code = code;
    problem->diagnosis.span = (struct xd_span){span.off + (uint32_t)lead, span.len};
    problem->diagnosis.detail[0] = '\0';
    if (check->options->wordless) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(problem->diagnosis.detail, sizeof(problem->diagnosis.detail), format,
                    arguments);
    va_end(arguments);
}

/* What is known to be two capitals, or a canonical code, is nothing that the rules about words
 * would object to; only its width may be. */
static void
note_fine(struct address_check *check, enum xd_address_field field)
{
    size_t chars = width_of(check, field);

    if (!check->ctx->thorough && (chars == 0 || check->of[field].len <= chars)) {
        check->fine |= 1U << field;
    }
}

/* Fills the country in; false when nothing can be said of the rest without it. */
static bool
check_country(struct address_check *check)
{
    struct xd_slice written = check->of[XD_ADDRESS_COUNTRY];
    const struct xd_countries *countries = &check->tables->countries;
    struct xd_country_guess guess;

    check->result->country = xd_country_find(countries, written);
    if (check->result->country != XD_COUNTRY_NONE) {
        note_fine(check, XD_ADDRESS_COUNTRY);
        return true;
    }
    if (written.len == 0) {
        xd_address_report(check, XD_ADDRESS_COUNTRY, XD_PROBLEM_MISSING, XD_F_ADDRESS_FIELD_MISSING,
                          whole(written), "the country");
        return false;
    }
    guess = xd_country_guess(countries, written);
    check->result->country = guess.country;
    if (guess.country == XD_COUNTRY_NONE) {
        xd_address_report(check, XD_ADDRESS_COUNTRY, XD_PROBLEM_UNKNOWN, XD_F_COUNTRY_UNKNOWN,
                          whole(written), "%.*s", XD_FMT(guess.note));
        return false;
    }
    if (guess.match != XD_COUNTRY_CASE) {
        xd_address_report(check, XD_ADDRESS_COUNTRY, XD_PROBLEM_NOTE, XD_F_COUNTRY_REWRITTEN,
                          whole(written), "read as %.*s%s%.*s",
                          XD_FMT(countries->of[guess.country].alpha2), guess.note.len ? "; " : "",
                          XD_FMT(guess.note));
    }
    return true;
}

static const struct xd_postal_rule *
rule_of(const struct address_check *check)
{
    return &check->tables->postal.of[check->result->country];
}

/* Of a region that was found and is printable ASCII. */
#define PLAIN_REGION (UINT32_C(1) << 31)

static uint32_t
ask_region(const struct address_check *check, struct xd_slice written)
{
    const struct xd_address_tables *tables = check->tables;
    uint32_t region =
        xd_subregion_find(&tables->subregions, &tables->countries, check->result->country, written);

    return region != XD_SUBREGION_NONE && !xd_bytes_kinds(written).odd ? region | PLAIN_REGION
                                                                       : region;
}

static uint32_t
find_region(struct address_check *check, struct xd_slice written)
{
    const struct xd_address_tables *tables = check->tables;
    uint16_t country = check->result->country;
    bool known = false;
    uint32_t *answer;

    if (check->ctx->thorough || !xd_memo_takes(written)) {
        return xd_subregion_find(&tables->subregions, &tables->countries, country, written);
    }
    answer = xd_memo_find(check->ctx->regions, written, country, &known);
    if (!known) {
        *answer = ask_region(check, written);
    }
    if (*answer == XD_SUBREGION_NONE || !(*answer & PLAIN_REGION)) {
        return *answer;
    }
    note_fine(check, XD_ADDRESS_REGION);
    return *answer & ~PLAIN_REGION;
}

/* Where there are no postal codes the city is often the region as well: Dubai, Kowloon. Elsewhere
 * only one that is a country of its own is taken for it: Hong Kong in CN. */
static uint32_t
region_in_city(const struct address_check *check)
{
    const struct xd_subregions *regions = &check->tables->subregions;
    const struct xd_postal_rule *rule = rule_of(check);
    uint32_t region;

    if (!(rule->required & XD_PART_REGION) || !is_filled(check, XD_ADDRESS_CITY)) {
        return XD_SUBREGION_NONE;
    }
    region = xd_subregion_find(regions, &check->tables->countries, check->result->country,
                               check->of[XD_ADDRESS_CITY]);
    if (region != XD_SUBREGION_NONE && rule->need == XD_POSTAL_REQUIRED &&
        regions->of[region].own_country == XD_COUNTRY_NONE) {
        return XD_SUBREGION_NONE;
    }
    return region;
}

/* A region that the country does not list is unknown; one that it does not use at all is only
 * unexpected. */
static void
check_region(struct address_check *check)
{
    struct xd_slice written = check->of[XD_ADDRESS_REGION];
    const struct xd_address_tables *tables = check->tables;
    uint16_t country = check->result->country;

    if (written.len == 0) {
        check->result->region = region_in_city(check);
        return;
    }
    check->result->region = find_region(check, written);
    if (check->result->region != XD_SUBREGION_NONE) {
        return;
    }
    check->area = xd_subregion_area_find(&tables->subregions, &tables->countries, country, written);
    if (check->area) {
        return; /* the postal code will tell */
    }
    if (tables->subregions.number[country]) {
        xd_address_report(check, XD_ADDRESS_REGION, XD_PROBLEM_UNKNOWN, XD_F_REGION_UNKNOWN,
                          whole(written), "%.*s has no %.*s of that name",
                          XD_FMT(tables->countries.of[country].alpha2),
                          XD_FMT(rule_of(check)->region_name));
    } else if (rule_of(check)->known && !(rule_of(check)->used & XD_PART_REGION)) {
        xd_address_report(check, XD_ADDRESS_REGION, XD_PROBLEM_UNEXPECTED, XD_F_REGION_UNEXPECTED,
                          whole(written), "%.*s", XD_FMT(tables->countries.of[country].alpha2));
    }
}

/* The code with the zeros that its country's first shape has room for, up to two; empty when it is
 * long enough, or no number. */
static struct xd_slice
with_zeros(const struct xd_postal_rule *rule, struct xd_slice written, char *padded)
{
    size_t len = rule->shape_count ? rule->shapes[0].len : 0;
    size_t zeros = len - written.len;

    if (written.len >= len || zeros > 2 || !xd_slice_digits(written)) {
        return XD_NONE;
    }
    memset(padded, '0', zeros);
    memcpy(padded + zeros, written.ptr, written.len);
    return xd_slice_of(padded, len);
}

/*
 * A spreadsheet turns 08540 into 8540. When the zeros put back give a code that lies in the region
 * of the address, that is what was meant.
 */
static bool
restore_zeros(struct address_check *check)
{
    struct xd_address_result *result = check->result;
    char padded[XD_POSTAL_CHARS];
    struct xd_slice code = with_zeros(rule_of(check), check->of[XD_ADDRESS_POSTAL_CODE], padded);
    struct xd_postal_result again;

    if (result->region == XD_SUBREGION_NONE || code.len == 0 ||
        xd_postal_check(&check->ctx->postal, result->country, code, &again) !=
            XD_POSTAL_STATUS_OK ||
        !xd_prefixes_match(&check->tables->subregions.of[result->region].prefixes,
                           xd_packed_code(code))) {
        return false;
    }
    again.status = XD_POSTAL_STATUS_CORRECTED;
    again.span = whole(check->of[XD_ADDRESS_POSTAL_CODE]);
    result->postal = again;
    return true;
}

static void
check_postal_code(struct address_check *check)
{
    static const enum xd_address_problem_kind KINDS[] = {
        [XD_POSTAL_STATUS_MISSING] = XD_PROBLEM_MISSING,
        [XD_POSTAL_STATUS_UNEXPECTED] = XD_PROBLEM_UNEXPECTED,
        [XD_POSTAL_STATUS_CORRECTED] = XD_PROBLEM_FORMAT,
        [XD_POSTAL_STATUS_FORMAT] = XD_PROBLEM_FORMAT,
        [XD_POSTAL_STATUS_AREA] = XD_PROBLEM_FORMAT,
    };
    struct xd_address_result *result = check->result;
    struct xd_postal_result *postal = &result->postal;
    struct xd_diagnosis diagnosis;

    xd_postal_check(&check->ctx->postal, result->country, check->of[XD_ADDRESS_POSTAL_CODE],
                    postal);
    if (postal->status == XD_POSTAL_STATUS_FORMAT) {
        (void)restore_zeros(check);
    }
    check->code = postal->code;
    if (postal->canonical) {
        note_fine(check, XD_ADDRESS_POSTAL_CODE);
    }
    if (postal->status == XD_POSTAL_STATUS_OK || postal->status == XD_POSTAL_STATUS_ABSENT) {
        return;
    }
    xd_postal_diagnose(&check->tables->postal, result->country, postal, &diagnosis);
    xd_address_report(check, XD_ADDRESS_POSTAL_CODE, KINDS[postal->status], diagnosis.code,
                      diagnosis.span, "%s", diagnosis.detail);
}

/* Lombardia is no region that addresses want, but with the code of Milano it says as much. */
static void
check_area(struct address_check *check)
{
    struct xd_slice code = check->of[XD_ADDRESS_POSTAL_CODE];
    struct xd_slice area = check->of[XD_ADDRESS_REGION];
    bool apart;

    check->result->region =
        xd_subregion_of_area(&check->tables->subregions, check->area, check->code, &apart);
    if (apart) {
        xd_address_report(check, XD_ADDRESS_POSTAL_CODE, XD_PROBLEM_MISMATCH,
                          XD_F_POSTAL_CODE_REGION, whole(code), "%.*s does not lie in %.*s",
                          (int)check->result->postal.len, check->result->postal.text,
                          (int)(area.len < 60 ? area.len : 60), area.ptr);
    }
}

/* Code and region must agree where the region's codes are known. */
static void
check_agreement(struct address_check *check)
{
    struct xd_address_result *result = check->result;
    const struct xd_subregions *regions = &check->tables->subregions;
    const struct xd_subregion *region;
    const struct xd_subregion *other;

    if (check->area) {
        check_area(check);
        return;
    }
    if (result->region == XD_SUBREGION_NONE || check->code.len == 0) {
        return;
    }
    region = &regions->of[result->region];
    if (region->prefixes.count == 0 || xd_prefixes_match(&region->prefixes, check->code)) {
        return;
    }
    result->region_of_code = xd_subregion_of_code(regions, result->country, check->code);
    other =
        result->region_of_code == XD_SUBREGION_NONE ? NULL : &regions->of[result->region_of_code];
    if (!other && xd_territory_find(&check->tables->territories, result->country, check->code,
                                    check->of[XD_ADDRESS_CITY], check->options->as_of)) {
        return; /* of a territory that is no region there: Mersin 10 of Northern Cyprus */
    }
    xd_address_report(check, XD_ADDRESS_POSTAL_CODE, XD_PROBLEM_MISMATCH, XD_F_POSTAL_CODE_REGION,
                      whole(check->of[XD_ADDRESS_POSTAL_CODE]), "%.*s does not lie in %.*s%s%.*s",
                      (int)result->postal.len, result->postal.text, XD_FMT(region->name),
                      other ? " but in " : "", other ? (int)other->name.len : 0,
                      other ? other->name.ptr : "");
}

/* The part named by `bit` is required by the country; is its field filled in? */
static void
check_required(struct address_check *check, uint8_t bit, enum xd_address_field field,
               struct xd_slice name)
{
    if ((rule_of(check)->required & bit) && check->of[field].len == 0) {
        xd_address_report(check, field, XD_PROBLEM_MISSING, XD_F_ADDRESS_FIELD_MISSING,
                          whole(XD_NONE), "the %.*s", XD_FMT(name));
    }
}

/* Those of the parts that have a field of their own. */
static unsigned
filled_parts(const struct address_check *check)
{
    return (is_filled(check, XD_ADDRESS_ADDRESS1) ? XD_PART_ADDRESS1 : 0U) |
           (is_filled(check, XD_ADDRESS_CITY) ? XD_PART_CITY : 0U) |
           (is_filled(check, XD_ADDRESS_REGION) ? XD_PART_REGION : 0U) | XD_PART_POSTAL_CODE;
}

static void
check_all_required(struct address_check *check)
{
    const struct xd_postal_rule *rule = rule_of(check);

    if (!rule->known || !(rule->required & ~filled_parts(check))) {
        return;
    }
    if (check->of[XD_ADDRESS_ADDRESS2].len == 0 && check->of[XD_ADDRESS_ADDRESS3].len == 0) {
        check_required(check, XD_PART_ADDRESS1, XD_ADDRESS_ADDRESS1, XD_LIT("street address"));
    }
    check_required(check, XD_PART_CITY, XD_ADDRESS_CITY, rule->city_name);
    if (check->result->region != XD_SUBREGION_NONE && !is_filled(check, XD_ADDRESS_REGION)) {
        xd_address_report(check, XD_ADDRESS_REGION, XD_PROBLEM_MISSING, XD_F_REGION_FROM_CITY,
                          whole(XD_NONE), "read as %.*s",
                          XD_FMT(check->tables->subregions.of[check->result->region].name));
        return;
    }
    check_required(check, XD_PART_REGION, XD_ADDRESS_REGION, rule->region_name);
    if ((rule->required & XD_PART_REGION) && check->of[XD_ADDRESS_REGION].len == 0 &&
        check->code.len) {
        check->result->region_of_code =
            xd_subregion_of_code(&check->tables->subregions, check->result->country, check->code);
    }
}

static void
trim_all(struct address_check *check)
{
    check->filled = 0;
    for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
        check->trimmed.of[i] = xd_slice_trim(check->written->of[i]);
        check->filled |= (unsigned)(check->trimmed.of[i].len != 0) << i;
    }
    check->of = check->trimmed.of;
}

/* Which fields there are. Few manifests have blanks around their values: `low` has its sign when a
 * first or last byte is one, or a control character. */
static void
find_values(struct address_check *check)
{
    const struct xd_slice *of = check->written->of;
    unsigned filled = 0;
    int low = 0;

#pragma GCC unroll 16
    for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
        if (of[i].len) {
            filled |= 1U << i;
            low |= (unsigned char)of[i].ptr[0] - (' ' + 1);
            low |= (unsigned char)of[i].ptr[of[i].len - 1] - (' ' + 1);
        }
    }
    check->of = of;
    check->filled = filled;
    if (low < 0) {
        trim_all(check);
    }
}

/* A hub has a handful of carriers: their names are looked up once. */
static const struct xd_carrier_limit *
find_limit(const struct address_check *check)
{
    const struct xd_carrier_limits *limits = &check->tables->limits;
    struct xd_slice carrier = check->options->carrier;
    bool known = false;
    uint32_t *answer;

    if (check->ctx->thorough || !xd_memo_takes(carrier)) {
        return xd_carrier_limit_find(limits, carrier);
    }
    answer = xd_memo_find(check->ctx->carriers, carrier, 0, &known);
    if (!known) {
        *answer = (uint32_t)(xd_carrier_limit_find(limits, carrier) - limits->of);
    }
    return &limits->of[*answer];
}

/* A city that was seen before in this country, and in which there was nothing for the rules about
 * words. */
static bool
is_usual_city(struct address_check *check)
{
    struct xd_slice city = check->of[XD_ADDRESS_CITY];
    bool known = false;
    uint32_t *answer;

    if (check->ctx->thorough || !xd_memo_takes(city)) {
        return false;
    }
    answer = xd_memo_find(check->ctx->cities, city, check->result->country, &known);
    if (!known) {
        *answer = xd_address_is_plain(check, XD_ADDRESS_CITY);
    }
    return *answer != 0;
}

/* Does an address, as nearly all do, lie in its country and nowhere else, which no embargo names?
 */
static inline bool
lies_within(const struct address_check *check)
{
    const struct xd_territories *territories = &check->tables->territories;
    uint16_t country = check->result->country;
    uint32_t region = check->result->region;

    return ((check->fine >> XD_ADDRESS_COUNTRY) & 1) &&
           !xd_territory_possible(territories, country, check->code) &&
           !xd_embargo_possible(territories, country) &&
           (region == XD_SUBREGION_NONE ||
            check->tables->subregions.of[region].own_country == XD_COUNTRY_NONE);
}

enum xd_address_verdict
xd_address_check(struct xd_address_ctx *ctx, const struct xd_address *address,
                 const struct xd_address_options *options, struct xd_address_result *result)
{
    struct address_check check;

    check.ctx = ctx;
    check.tables = ctx->tables;
    check.options = options;
    check.written = address;
    check.result = result;
    check.fine = 0;
    check.surveyed = 0;
    check.anywhere = 0;
    check.unspelt = 0;
    check.area = NULL;
    check.limit = find_limit(&check);
    check.code = (struct xd_packed_code){0, 0};
    result->verdict = XD_ADDRESS_VALID;
    result->count = 0;
    result->region = XD_SUBREGION_NONE;
    result->region_of_code = XD_SUBREGION_NONE;
    result->postal.len = 0;
    result->territory = NULL;
    result->embargo = NULL;
    result->phone.len = 0;
    find_values(&check);
    if (check_country(&check)) {
        result->effective_country = result->country;
        check_region(&check);
        check_postal_code(&check);
        check_agreement(&check);
        check_all_required(&check);
        if (ctx->thorough || !lies_within(&check)) {
            xd_address_check_territory(&check);
        }
    } else {
        result->effective_country = XD_COUNTRY_NONE;
    }
    if (is_filled(&check, XD_ADDRESS_CITY) && is_usual_city(&check)) {
        note_fine(&check, XD_ADDRESS_CITY);
    }
    xd_address_check_words(&check);
    return result->verdict;
}

struct xd_slice
xd_address_postal_code(const struct xd_address_result *result)
{
    return xd_slice_of(result->postal.text, result->postal.len);
}

struct xd_slice
xd_address_region(const struct xd_address_ctx *ctx, const struct xd_address_result *result)
{
    return result->region == XD_SUBREGION_NONE ? XD_NONE
                                               : ctx->tables->subregions.of[result->region].code;
}

struct xd_slice
xd_address_territory(const struct xd_address_ctx *ctx, const struct xd_address_result *result)
{
    if (!result->territory) {
        return XD_NONE;
    }
    if (xd_slice_eq(result->territory->code, ctx->tables->countries.of[result->country].alpha2) &&
        result->territory->prefixes.count) {
        return result->territory->name;
    }
    return result->territory->code;
}
