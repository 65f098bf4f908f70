/*
 * The published patterns of postal codes, through PCRE2. They are compiled when first needed, by
 * each worker for itself, with limits: a pattern comes from a table that an operator may replace,
 * the subject from a merchant.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "check/postal.h"
#include "check/postal_pattern.h"

static const uint32_t MATCH_LIMIT = 100000;
static const uint32_t DEPTH_LIMIT = 1000;
static const uint32_t HEAP_LIMIT_KIB = 8192;

struct xd_postal_patterns {
    struct xd_arena arena; /* holds this struct */
    pcre2_compile_context *compile;
    pcre2_match_context *limits;
    pcre2_match_data *match;
    pcre2_code *of[XD_COUNTRY_MAX];
    bool tried[XD_COUNTRY_MAX];
};

static struct xd_postal_patterns *
create(void)
{
    struct xd_arena arena;
    struct xd_postal_patterns *patterns;

    xd_arena_init(&arena, sizeof(*patterns) + 256, 0);
    patterns = xd_arena_alloc(&arena, sizeof(*patterns));
    if (!patterns) {
        return NULL;
    }
    patterns->arena = arena;
    patterns->compile = pcre2_compile_context_create(NULL);
    patterns->limits = pcre2_match_context_create(NULL);
    patterns->match = pcre2_match_data_create(1, NULL);
    if (!patterns->compile || !patterns->limits || !patterns->match) {
        xd_postal_patterns_free(patterns);
        return NULL;
    }
    pcre2_set_match_limit(patterns->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(patterns->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(patterns->limits, HEAP_LIMIT_KIB);
    return patterns;
}

void
xd_postal_patterns_free(struct xd_postal_patterns *patterns)
{
    struct xd_arena arena;

    if (!patterns) {
        return;
    }
    for (size_t i = 0; i < XD_COUNTRY_MAX; i++) {
        pcre2_code_free(patterns->of[i]);
    }
    pcre2_match_data_free(patterns->match);
    pcre2_match_context_free(patterns->limits);
    pcre2_compile_context_free(patterns->compile);
    arena = patterns->arena;
    xd_arena_free(&arena);
}

static pcre2_code *
compiled(struct xd_postal_patterns *patterns, uint16_t country, struct xd_slice pattern)
{
    PCRE2_SIZE where;
    int error;

    if (!patterns->tried[country]) {
        patterns->tried[country] = true;
        patterns->of[country] =
            pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, PCRE2_ANCHORED | PCRE2_ENDANCHORED,
                          &error, &where, patterns->compile);
        if (patterns->of[country]) {
            /* Where the machine forbids JIT the interpreter gives the same answers. */
            (void)pcre2_jit_compile(patterns->of[country], PCRE2_JIT_COMPLETE);
        }
    }
    return patterns->of[country];
}

bool
xd_postal_pattern_match(struct xd_postal_ctx *ctx, uint16_t country, struct xd_slice canonical)
{
    struct xd_slice pattern = ctx->rules->of[country].pattern;
    pcre2_code *code;

    if (pattern.len == 0) {
        return true;
    }
    if (!ctx->patterns) {
        ctx->patterns = create();
    }
    if (!ctx->patterns) {
        return false;
    }
    code = compiled(ctx->patterns, country, pattern);
    return code && pcre2_match(code, (PCRE2_SPTR)canonical.ptr, canonical.len, 0, 0,
                               ctx->patterns->match, ctx->patterns->limits) >= 0;
}
