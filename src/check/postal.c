/*
 * A code is reduced to its letters and digits, which are held against the country's shapes bit by
 * bit; the shape that fits writes the canonical form. No pattern is run for the countries whose
 * shapes say all that it says (a test holds them to it), because every row of a manifest has a
 * postal code.
 */
#include "check/postal.h"

#include <assert.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "check/postal_pattern.h"
#include "reference/address_word.h"

#define LETTERS_MAX 20
#define CODE_O      24 /* of the letter O in a shape's set */
#define CODE_I      18

/* A code as written, without what does not count. */
struct reduced {
    uint8_t len;
    uint8_t codes[LETTERS_MAX]; /* 0-9 digits, 10-35 letters */
    uint16_t at[LETTERS_MAX];   /* byte where each stands */
    uint32_t gaps;              /* bit i: a separator stands before character i */
};

void
xd_postal_ctx_init(struct xd_postal_ctx *ctx, const struct xd_postal_rules *rules)
{
    *ctx = (struct xd_postal_ctx){.rules = rules};
}

void
xd_postal_ctx_free(struct xd_postal_ctx *ctx)
{
    xd_postal_patterns_free(ctx->patterns);
    ctx->patterns = NULL;
}

static bool
is_separator(char c)
{
    /* BFPO c/o 61, CEP 01.304-001 */
    return c == ' ' || c == '-' || c == '\t' || c == '/' || c == '.';
}

/* False when a byte has no place in any postal code, or there are too many; *bad is where. */
static bool
reduce(struct xd_slice text, struct reduced *out, size_t *bad)
{
    size_t at = text.len > 1 && text.ptr[0] == '\''; /* a spreadsheet's mark of text */

    *out = (struct reduced){.len = 0};
    while (at < text.len) {
        char c = text.ptr[at];
        size_t step = 1;
        uint8_t code;
        if ((unsigned char)c >= 0x80) {
            c = xd_utf8_narrow(text, at, &step);
        }
        code = XD_LETTER_INDEX[(unsigned char)c];
        if (code != 0xff && out->len < LETTERS_MAX) {
            out->at[out->len] = (uint16_t)at;
            out->codes[out->len++] = code;
        } else if (is_separator(c) && out->len < LETTERS_MAX) {
            out->gaps |= 1U << out->len;
        } else {
            *bad = at;
            return false;
        }
        at += step;
    }
    *bad = 0;
    out->gaps &= (1U << out->len) - 1; /* "08540-": ZIP+4 without the 4 */
    return out->len > 0;
}

/* True when `r` is what `shape` wants behind its first `skip` characters. */
static bool
fits(const struct reduced *r, const struct xd_postal_shape *shape, unsigned skip)
{
    if (r->len != shape->len - skip || (r->gaps & ~1U & ~(shape->gaps >> skip))) {
        return false;
    }
    for (unsigned i = 0; i < r->len; i++) {
        if (!((shape->sets[skip + i] >> r->codes[i]) & 1)) {
            return false;
        }
    }
    return true;
}

/* The first character at which no shape goes on; 0 when nothing fits or all do as far as they go.
 */
static unsigned
first_misfit(const struct xd_postal_rule *rule, const struct reduced *r)
{
    unsigned best = 0;

    for (unsigned s = 0; s < rule->shape_count; s++) {
        const struct xd_postal_shape *shape = &rule->shapes[s];
        unsigned i = 0;
        while (i < r->len && i < shape->len && ((shape->sets[i] >> r->codes[i]) & 1)) {
            i++;
        }
        best = i > best ? i : best;
    }
    return best < r->len ? best : 0;
}

static char
code_char(uint8_t code)
{
    return (char)(code < 10 ? '0' + code : 'A' + (code - 10));
}

/* The only character that a set of one allows. */
static uint8_t
only_code(uint64_t set)
{
    return (uint8_t)__builtin_ctzll(set);
}

static void
write_canonical(const struct reduced *r, const struct xd_postal_shape *shape, unsigned skip,
                struct xd_postal_result *result)
{
    uint8_t len = 0;

    assert(r->len + skip == shape->len); /* it fits */
    for (unsigned i = 0; i < shape->len; i++) {
        uint8_t code = i < skip ? only_code(shape->sets[i]) : r->codes[i - skip];
        if (shape->before[i] && len < XD_POSTAL_TEXT) {
            result->text[len++] = shape->before[i];
        }
        if (len < XD_POSTAL_TEXT) {
            result->text[len++] = code_char(code);
        }
    }
    result->len = len;
}

/* Tries every shape; the first that fits writes the canonical form. */
static bool
match_shapes(const struct xd_postal_rule *rule, const struct reduced *r,
             struct xd_postal_result *result)
{
    for (unsigned i = 0; i < rule->shape_count; i++) {
        const struct xd_postal_shape *shape = &rule->shapes[i];
        unsigned skip = r->len < shape->len ? shape->lead : 0;
        if (fits(r, shape, skip)) {
            write_canonical(r, shape, skip, result);
            return true;
        }
    }
    return false;
}

static bool
starts_with(const struct reduced *r, struct xd_slice word)
{
    if (word.len == 0 || word.len >= r->len) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        if (r->codes[i] != xd_postal_code_of(word.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* The code with its first `cut` characters replaced by those of `other`. */
static struct reduced
replaced(const struct reduced *r, size_t cut, struct xd_slice other)
{
    struct reduced copy = {0};

    for (size_t i = 0; i < other.len; i++) {
        copy.codes[copy.len++] = xd_postal_code_of(other.ptr[i]);
    }
    memcpy(copy.codes + copy.len, r->codes + cut, r->len - cut);
    copy.gaps = (r->gaps >> cut) << copy.len;
    copy.len = (uint8_t)(copy.len + r->len - cut);
    return copy;
}

/* The code without the country's own letters in front, or with what a FROM>TO word puts in their
 * place. */
static bool
match_stripped(const struct xd_postal_rules *rules, uint16_t country, const struct reduced *r,
               struct xd_postal_result *result)
{
    const struct xd_postal_rule *rule = &rules->of[country];
    struct xd_slice words = rule->strip;
    struct xd_slice word = rules->countries->of[country].alpha2;

    do {
        size_t cut = xd_slice_find(word, '>');
        if (starts_with(r, xd_slice_sub(word, 0, cut))) {
            struct reduced rest = replaced(r, cut, xd_slice_sub(word, cut + 1, XD_POSTAL_CHARS));
            if (match_shapes(rule, &rest, result)) {
                return true;
            }
        }
    } while (xd_slice_next(&words, ' ', &word));
    return false;
}

/* Replaces 0/O and 1/I where the shape leaves no other reading. */
static bool
match_corrected(const struct xd_postal_rule *rule, const struct reduced *r,
                struct xd_postal_result *result)
{
    static const uint8_t TWINS[][2] = {{CODE_O, 0}, {0, CODE_O}, {CODE_I, 1}, {1, CODE_I}};

    for (unsigned s = 0; s < rule->shape_count; s++) {
        const struct xd_postal_shape *shape = &rule->shapes[s];
        struct reduced copy = *r;
        uint16_t first = UINT16_MAX;
        uint16_t last = 0;
        if (shape->len != r->len) {
            continue;
        }
        for (unsigned i = 0; i < r->len; i++) {
            for (unsigned t = 0; t < 4 && !((shape->sets[i] >> copy.codes[i]) & 1); t++) {
                if (r->codes[i] == TWINS[t][0] && ((shape->sets[i] >> TWINS[t][1]) & 1)) {
                    copy.codes[i] = TWINS[t][1];
                    first = first == UINT16_MAX ? r->at[i] : first;
                    last = r->at[i];
                }
            }
        }
        if (first != UINT16_MAX && fits(&copy, shape, 0)) {
            write_canonical(&copy, shape, 0, result);
            result->span = (struct xd_span){first, (uint32_t)(last - first + 1)};
            return true;
        }
    }
    return false;
}

/*
 * Is the start of the code an area that was given out? Four letters in front, or GIR, stand only in
 * codes of their own (BFPO 61, ASCN 1ZZ), which the shapes hold letter by letter; a single code of
 * an area is listed whole.
 */
static bool
area_exists(const struct xd_postal_rules *rules, uint16_t country,
            const struct xd_postal_result *result)
{
    enum xd_postal_area kind = rules->of[country].area;
    const uint64_t *bits = rules->area_bits[country];
    uint8_t codes[3] = {0};
    char key[2 + XD_POSTAL_TEXT];
    size_t len = 0;
    size_t bit;

    if (kind == XD_AREA_NONE) {
        return true;
    }
    while (len < 3 && len < result->len &&
           (kind == XD_AREA_THREE || xd_is_alpha(result->text[len]))) {
        codes[len] = xd_postal_code_of(result->text[len]);
        len++;
    }
    if (kind == XD_AREA_LETTERS && len > 2) {
        return true;
    }
    bit = xd_area_bit(codes, len);
    if (bits && ((bits[bit / 64] >> (bit % 64)) & 1)) {
        return true;
    }
    memcpy(key, rules->countries->of[country].alpha2.ptr, 2);
    memcpy(key + 2, result->text, result->len);
    return xd_map_get(&rules->areas, xd_slice_of(key, 2 + (size_t)result->len)) != XD_MAP_NONE;
}

/* A country without shapes: the code is tidied, and the pattern, where there is one, decides. */
static enum xd_postal_status
check_free(struct xd_postal_ctx *ctx, uint16_t country, struct xd_slice text,
           struct xd_postal_result *result)
{
    size_t len = text.len < XD_POSTAL_TEXT ? text.len : XD_POSTAL_TEXT;

    bool plain = text.len <= XD_POSTAL_TEXT;

    for (size_t i = 0; i < len; i++) {
        plain &= xd_postal_code_of(text.ptr[i]) != 0xff || is_separator(text.ptr[i]);
        result->text[i] = text.ptr[i] == '\t' ? ' ' : xd_to_upper(text.ptr[i]);
    }
    result->len = (uint8_t)len;
    if (plain && xd_postal_pattern_match(ctx, country, xd_slice_of(result->text, len))) {
        result->span.len = 0;
        return XD_POSTAL_STATUS_OK;
    }
    result->len = 0;
    return XD_POSTAL_STATUS_FORMAT;
}

static enum xd_postal_status __attribute__((noinline))
check_written(struct xd_postal_ctx *ctx, uint16_t country, struct xd_slice text,
              struct xd_postal_result *result)
{
    const struct xd_postal_rule *rule = &ctx->rules->of[country];
    enum xd_postal_status status = XD_POSTAL_STATUS_OK;
    struct reduced r;
    size_t bad = 0;
    unsigned misfit;

    result->span = (struct xd_span){0, (uint32_t)text.len};
    if (rule->shape_count == 0) {
        return check_free(ctx, country, text, result);
    }
    if (!reduce(text, &r, &bad)) {
        result->span = (struct xd_span){(uint32_t)bad, (uint32_t)(text.len - bad)};
        return XD_POSTAL_STATUS_FORMAT;
    }
    if (!match_shapes(rule, &r, result) && !match_stripped(ctx->rules, country, &r, result)) {
        if (!match_corrected(rule, &r, result)) {
            misfit = first_misfit(rule, &r);
            if (misfit > 0) {
                result->span.off = r.at[misfit];
                result->span.len = (uint32_t)text.len - r.at[misfit];
            }
            return XD_POSTAL_STATUS_FORMAT;
        }
        status = XD_POSTAL_STATUS_CORRECTED;
    }
    if (!rule->exact &&
        !xd_postal_pattern_match(ctx, country, xd_slice_of(result->text, result->len))) {
        result->len = 0;
        return XD_POSTAL_STATUS_FORMAT;
    }
    if (!area_exists(ctx->rules, country, result)) {
        result->len = 0;
        result->span.len = rule->area == XD_AREA_THREE ? 3U : r.codes[1] >= 10 ? 2U : 1U;
        return XD_POSTAL_STATUS_AREA;
    }
    if (status == XD_POSTAL_STATUS_OK) {
        result->span.len = 0;
    }
    return status;
}

/* Are the bytes that a range does not describe among those that the shape allows? */
static bool
fits_gaps(const struct xd_postal_shape *shape, const struct xd_postal_form *form, const char *text)
{
    for (unsigned left = form->gappy; left; left &= left - 1) {
        unsigned at = (unsigned)__builtin_ctz(left);
        unsigned character = at - (at > form->separator);
        uint8_t code = XD_LETTER_INDEX[(unsigned char)text[at]];
        if (code == 0xff || !((shape->sets[character] >> code) & 1)) {
            return false;
        }
    }
    return true;
}

/* xd_packed_code() of a text with zeros behind it, of which one byte at most is a separator: what
 * stands before it, and what stands behind it moved by one. */
static struct xd_packed_code
pack(const char *text, const struct xd_postal_form *form, uint8_t len)
{
    uint64_t before = __builtin_bswap64(xd_load8(text));
    uint64_t behind = __builtin_bswap64(xd_load8(text + 1));
    uint64_t mask = form->separator < 8 ? UINT64_MAX >> 8 * form->separator : 0;

    return (struct xd_packed_code){(before & ~mask) | (behind & mask), len};
}

/*
 * Most codes are written as they should be: no letter is moved, sixteen bytes are held against the
 * shape at once. False when this is not seen at a glance.
 */
static bool
is_canonical(struct xd_postal_ctx *ctx, uint16_t country, struct xd_slice text,
             struct xd_postal_result *result)
{
    const struct xd_postal_rule *rule = &ctx->rules->of[country];
    struct xd_bytes16 bytes;

    if (text.len > 15 || !rule->exact || ctx->thorough) {
        return false;
    }
    bytes = xd_bytes16(text);
    for (unsigned i = 0; i < rule->shape_count; i++) {
        const struct xd_postal_form *form = &rule->forms[i];
        if (form->len != text.len || !form->usable ||
            !xd_bytes16_within(bytes, form->low, form->high) ||
            !fits_gaps(&rule->shapes[i], form, text.ptr)) {
            continue;
        }
        memcpy(result->text, &bytes.low, 8);
        memcpy(result->text + 8, &bytes.high, 8);
        result->len = (uint8_t)text.len;
        result->code = pack(result->text, form, rule->shapes[i].len);
        if (rule->area == XD_AREA_NONE || area_exists(ctx->rules, country, result)) {
            return true;
        }
        break;
    }
    result->len = 0;
    return false;
}

/* Zeros only stand for a code that nobody knew. */
static bool
is_nothing(struct xd_packed_code code)
{
    static const uint64_t ZEROS = UINT64_C(0x3030303030303030);
    unsigned unused = code.len < 8 ? 8U - code.len : 0;

    return code.len > 1 && code.packed == ZEROS << 8 * unused;
}

static void
refuse(struct xd_slice text, struct xd_postal_result *result)
{
    result->status = XD_POSTAL_STATUS_FORMAT;
    result->len = 0;
    result->code = (struct xd_packed_code){0, 0};
    result->span = (struct xd_span){0, (uint32_t)text.len};
}

enum xd_postal_status
xd_postal_check(struct xd_postal_ctx *ctx, uint16_t country, struct xd_slice written,
                struct xd_postal_result *result)
{
    struct xd_slice text = xd_slice_trim(written);
    enum xd_postal_need need = ctx->rules->of[country].need;

    result->len = 0;
    result->canonical = false;
    result->code = (struct xd_packed_code){0, 0};
    result->span = (struct xd_span){0, 0};
    if (text.len == 0) {
        result->status =
            need == XD_POSTAL_REQUIRED ? XD_POSTAL_STATUS_MISSING : XD_POSTAL_STATUS_ABSENT;
        return result->status;
    }
    if (need == XD_POSTAL_UNUSED && ctx->rules->of[country].known) {
        result->span = (struct xd_span){0, (uint32_t)written.len};
        return result->status = XD_POSTAL_STATUS_UNEXPECTED;
    }
    result->canonical = is_canonical(ctx, country, text, result);
    if (result->canonical && !is_nothing(result->code)) {
        return result->status = XD_POSTAL_STATUS_OK;
    }
    result->canonical = false;
    result->status = check_written(ctx, country, text, result);
    result->code = xd_packed_code(xd_slice_of(result->text, result->len));
    if (is_nothing(result->code)) {
        refuse(text, result);
    }
    if (result->status != XD_POSTAL_STATUS_OK) {
        result->span.off += (uint32_t)(text.ptr - written.ptr);
    }
    return result->status;
}

void
xd_postal_diagnose(const struct xd_postal_rules *rules, uint16_t country,
                   const struct xd_postal_result *result, struct xd_diagnosis *out)
{
    const struct xd_postal_rule *rule = &rules->of[country];
    struct xd_slice name = rules->countries->of[country].alpha2;
    struct xd_span span = result->span;

    *out = (struct xd_diagnosis){.code = XD_F_NONE};
    switch (result->status) {
    case XD_POSTAL_STATUS_OK:
    case XD_POSTAL_STATUS_ABSENT:
        break;
    case XD_POSTAL_STATUS_MISSING:
        xd_diagnose(out, XD_F_POSTAL_CODE_MISSING, 0, 0, "%.*s requires one, such as %.*s",
                    XD_FMT(name), XD_FMT(rule->example));
        break;
    case XD_POSTAL_STATUS_UNEXPECTED:
        xd_diagnose(out, XD_F_POSTAL_CODE_UNEXPECTED, span.off, span.len,
                    "%.*s has no postal codes", XD_FMT(name));
        break;
    case XD_POSTAL_STATUS_CORRECTED:
        xd_diagnose(out, XD_F_POSTAL_CODE_CORRECTED, span.off, span.len, "read as %.*s",
                    (int)result->len, result->text);
        break;
    case XD_POSTAL_STATUS_FORMAT:
        xd_diagnose(out, XD_F_POSTAL_CODE_FORMAT, span.off, span.len,
                    "a %.*s of %.*s looks like %.*s", XD_FMT(rule->postal_name), XD_FMT(name),
                    XD_FMT(rule->example));
        break;
    case XD_POSTAL_STATUS_AREA:
        xd_diagnose(out, XD_F_POSTAL_CODE_FORMAT, span.off, span.len,
                    "no %.*s of %.*s starts like this", XD_FMT(rule->postal_name), XD_FMT(name));
        break;
    }
}
