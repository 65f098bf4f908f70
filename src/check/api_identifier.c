/*
 * The public functions for identifiers: plain C strings outside, slices inside. Nothing is decided
 * here, so that the library and the program cannot answer differently.
 */
#include "crossdock/identifier.h"

#include <stdio.h>
#include <sysexits.h>

#include "check/identifier.h"
#include "check/parcel_code.h"
#include "reference/finding_text.h"

/* Lives in its own arena, which it holds: freeing the arena frees all. */
struct xd_api_identifiers {
    struct xd_arena arena;
    struct xd_identifiers ids;
    struct xd_finding_texts texts;
    const char *scheme_names[XD_SCHEMES_MAX]; /* NUL-terminated copies */
    const char *codes[XD_F_COUNT];
    const char *sentences[XD_F_COUNT];
};

static const char *
copy_text(struct xd_arena *arena, struct xd_slice text)
{
    const char *copy = xd_arena_copy(arena, text).ptr;

    return copy ? copy : "";
}

static void
copy_names(struct xd_api_identifiers *tables)
{
    for (size_t i = 0; i < tables->ids.scheme_count; i++) {
        tables->scheme_names[i] = copy_text(&tables->arena, tables->ids.schemes[i].name);
    }
    for (size_t i = 0; i < XD_F_COUNT; i++) {
        tables->codes[i] = copy_text(&tables->arena, tables->texts.of[i].code);
        tables->sentences[i] = copy_text(&tables->arena, tables->texts.of[i].text);
    }
}

int
xd_api_identifiers_open(const char *reference_dir, struct xd_api_identifiers **tables,
                        char *message)
{
    struct xd_api_identifiers *made;
    struct xd_error err = {0};
    struct xd_arena arena;

    *tables = NULL;
    xd_arena_init(&arena, 1 << 18, 0);
    made = xd_arena_alloc(&arena, sizeof(*made));
    if (!made) {
        (void)snprintf(message, XD_API_MESSAGE, "no memory for the tables");
        return EX_OSERR;
    }
    made->arena = arena;
    struct xd_tables source = {reference_dir, &made->arena};
    if (!xd_identifiers_load(&made->ids, &source, &made->arena, &err) ||
        !xd_finding_texts_load(&made->texts, &source, &err)) {
        (void)snprintf(message, XD_API_MESSAGE, "%s", err.text);
        xd_api_identifiers_close(made);
        return err.status;
    }
    copy_names(made);
    *tables = made;
    return 0;
}

void
xd_api_identifiers_close(struct xd_api_identifiers *tables)
{
    if (tables) {
        struct xd_arena arena = tables->arena;
        xd_arena_free(&arena);
    }
}

static void
run_check(const struct xd_api_identifiers *tables, const char *scheme, const char *carrier,
          struct xd_slice number, struct xd_identifier_result *result)
{
    uint16_t found = XD_ID_CARRIER_NONE;

    if (scheme) {
        uint16_t at = xd_scheme_find(&tables->ids, xd_slice_str(scheme));
        if (at == XD_SCHEME_NONE) {
            *result =
                (struct xd_identifier_result){.verdict = XD_UNKNOWN, .scheme = XD_SCHEME_NONE};
            return;
        }
        xd_identifier_read(&tables->ids, at, number, result);
        return;
    }
    if (carrier) {
        found = xd_identifier_carrier_find(&tables->ids, xd_slice_str(carrier));
    }
    if (found != XD_ID_CARRIER_NONE) {
        xd_tracking_read(&tables->ids, found, number, result);
    } else {
        xd_identifier_detect(&tables->ids, number, result);
    }
}

enum xd_api_verdict
xd_api_identifier_check(const struct xd_api_identifiers *tables, const char *scheme,
                        const char *carrier, const char *number, size_t length,
                        struct xd_api_result *result)
{
    static const enum xd_api_verdict VERDICTS[] = {
        [XD_VALID] = XD_API_VALID,
        [XD_INVALID] = XD_API_INVALID,
        [XD_UNKNOWN] = XD_API_UNKNOWN,
    };
    struct xd_identifier_result found;

    run_check(tables, scheme, carrier, xd_slice_of(number, length), &found);
    result->verdict = VERDICTS[found.verdict];
    result->scheme = found.scheme == XD_SCHEME_NONE ? "" : tables->scheme_names[found.scheme];
    result->code = tables->codes[found.diagnosis.code];
    result->text = tables->sentences[found.diagnosis.code];
    result->span_offset = found.diagnosis.span.off;
    result->span_length = found.diagnosis.span.len;
    result->match_count = found.match_count;
    for (size_t i = 0; i < found.match_count && i < XD_API_MATCHES; i++) {
        result->matches[i] = (struct xd_api_match){tables->scheme_names[found.matches[i].scheme],
                                                   found.matches[i].score};
    }
    (void)snprintf(result->detail, sizeof(result->detail), "%s",
                   found.diagnosis.code == XD_F_NONE ? "" : found.diagnosis.detail);
    (void)snprintf(result->canonical, sizeof(result->canonical), "%.*s", (int)found.canonical_len,
                   found.canonical);
    return result->verdict;
}

long
xd_api_parcel_code(const struct xd_api_identifiers *tables, const char *code, size_t length,
                   char *out, size_t size)
{
    struct xd_slice canonical;

    if (size == 0 ||
        !xd_parcel_code_canonical(&tables->ids, xd_slice_of(code, length), out, size - 1,
                                  &canonical) ||
        canonical.len > size - 1) {
        return -1;
    }
    memmove(out, canonical.ptr ? canonical.ptr : "", canonical.len);
    out[canonical.len] = '\0';
    return (long)canonical.len;
}

const char *
xd_api_scheme_name(const struct xd_api_identifiers *tables, size_t index)
{
    return index < tables->ids.scheme_count ? tables->scheme_names[index] : NULL;
}
