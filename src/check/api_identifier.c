/*
 * The public functions for identifiers: plain C strings outside, slices inside. Nothing is decided
 * here, so that the library and the program cannot answer differently.
 */
#include "crossdock/identifier.h"

#include <stdio.h>
#include <sysexits.h>

#include "check/gs1.h"
#include "check/identifier.h"
#include "check/parcel_code.h"
#include "model/field.h"
#include "reference/finding_text.h"

/* Lives in its own arena, which it holds: freeing the arena frees all. */
struct crossdock_identifiers {
    struct xd_arena arena;
    struct xd_identifiers ids;
    struct xd_finding_texts texts;
    const char *scheme_names[XD_SCHEMES_MAX]; /* NUL-terminated copies */
    const char **titles;                      /* of the application identifiers */
    const char *codes[XD_F_COUNT];
    const char *sentences[XD_F_COUNT];
};

/* A NUL-terminated copy in *out, "" of nothing. False when memory runs out. */
static bool
copy_text(struct xd_arena *arena, struct xd_slice text, const char **out)
{
    const char *copy = xd_arena_copy(arena, text).ptr;

    *out = copy ? copy : "";
    return copy || text.len == 0;
}

static bool
copy_names(struct crossdock_identifiers *tables)
{
    const struct xd_gs1_ais *ais = &tables->ids.gs1;
    bool ok = true;

    tables->titles = xd_arena_array(&tables->arena, ais->count, sizeof(*tables->titles));
    for (size_t i = 0; tables->titles && i < ais->count; i++) {
        ok &= copy_text(&tables->arena, ais->list[i].title, &tables->titles[i]);
    }
    for (size_t i = 0; i < tables->ids.scheme_count; i++) {
        ok &= copy_text(&tables->arena, tables->ids.schemes[i].name, &tables->scheme_names[i]);
    }
    for (size_t i = 0; i < XD_F_COUNT; i++) {
        ok &= copy_text(&tables->arena, tables->texts.of[i].code, &tables->codes[i]) &&
              copy_text(&tables->arena, tables->texts.of[i].text, &tables->sentences[i]);
    }
    return ok && tables->titles;
}

int
crossdock_identifiers_open(const char *reference_dir, struct crossdock_identifiers **tables,
                           char *message, size_t message_size)
{
    struct crossdock_identifiers *made;
    struct xd_error err = {0};
    struct xd_arena arena;

    *tables = NULL;
    xd_arena_init(&arena, 1 << 18, 0);
    made = xd_arena_alloc(&arena, sizeof(*made));
    if (!made) {
        (void)snprintf(message, message_size, "no memory for the tables");
        return EX_OSERR;
    }
    made->arena = arena;
    struct xd_tables source = {reference_dir, &made->arena};
    if ((reference_dir && !xd_tables_check(reference_dir, &err)) ||
        !xd_identifiers_load(&made->ids, &source, &made->arena, &err) ||
        !xd_finding_texts_load(&made->texts, &source, &err)) {
        (void)snprintf(message, message_size, "%s", err.text);
        crossdock_identifiers_close(made);
        return err.status;
    }
    if (!copy_names(made)) {
        (void)snprintf(message, message_size, "no memory for the tables");
        crossdock_identifiers_close(made);
        return EX_OSERR;
    }
    *tables = made;
    return 0;
}

void
crossdock_identifiers_close(struct crossdock_identifiers *tables)
{
    if (tables) {
        struct xd_arena arena = tables->arena;
        xd_arena_free(&arena);
    }
}

static void
run_check(const struct crossdock_identifiers *tables, const char *scheme, const char *carrier,
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

enum crossdock_identifier_verdict
crossdock_identifier_check(const struct crossdock_identifiers *tables, const char *scheme,
                           const char *carrier, const char *number, size_t length,
                           struct crossdock_identifier_result *result)
{
    static const enum crossdock_identifier_verdict VERDICTS[] = {
        [XD_VALID] = CROSSDOCK_IDENTIFIER_VALID,
        [XD_INVALID] = CROSSDOCK_IDENTIFIER_INVALID,
        [XD_UNKNOWN] = CROSSDOCK_IDENTIFIER_UNKNOWN,
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
    for (size_t i = 0; i < found.match_count && i < CROSSDOCK_IDENTIFIER_MATCHES; i++) {
        result->matches[i] = (struct crossdock_identifier_match){
            tables->scheme_names[found.matches[i].scheme], found.matches[i].score};
    }
    (void)snprintf(result->detail, sizeof(result->detail), "%s",
                   found.diagnosis.code == XD_F_NONE ? "" : found.diagnosis.detail);
    (void)snprintf(result->canonical, sizeof(result->canonical), "%.*s", (int)found.canonical_len,
                   found.canonical);
    return result->verdict;
}

long
crossdock_parcel_code(const struct crossdock_identifiers *tables, const char *code, size_t length,
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
crossdock_scheme_name(const struct crossdock_identifiers *tables, size_t index)
{
    return index < tables->ids.scheme_count ? tables->scheme_names[index] : NULL;
}

/* Which field of the ship-to block becomes which member. */
static const struct place {
    enum xd_field field;
    size_t at;
    size_t size;
} PLACES[] = {
#define PLACE(field, member)                                                                       \
    {                                                                                              \
        field, offsetof(struct crossdock_ship_to, member),                                         \
            sizeof(((struct crossdock_ship_to *)0)->member)                                        \
    }
    PLACE(XD_FIELD_RECIPIENT_NAME, name), PLACE(XD_FIELD_COMPANY, company),
    PLACE(XD_FIELD_ADDRESS1, address1),   PLACE(XD_FIELD_ADDRESS2, address2),
    PLACE(XD_FIELD_ADDRESS3, address3),   PLACE(XD_FIELD_CITY, city),
    PLACE(XD_FIELD_REGION, region),       PLACE(XD_FIELD_POSTAL_CODE, postal_code),
    PLACE(XD_FIELD_COUNTRY, country),     PLACE(XD_FIELD_PHONE, phone),
#undef PLACE
};

static bool
copy_ship_to(const struct crossdock_identifiers *tables, const struct xd_gs1 *read,
             struct crossdock_ship_to *out)
{
    struct xd_slice fields[XD_FIELD_COUNT];
    struct xd_arena arena;

    xd_arena_init(&arena, 4096, 0);
    bool ok = xd_gs1_ship_to(&tables->ids.gs1, read, &arena, fields);
    for (size_t i = 0; ok && i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
        (void)snprintf((char *)out + PLACES[i].at, PLACES[i].size, "%.*s",
                       XD_FMT(fields[PLACES[i].field]));
    }
    xd_arena_free(&arena);
    return ok;
}

int
crossdock_gs1_read(const struct crossdock_identifiers *tables, const char *text, size_t length,
                   struct crossdock_elements *elements)
{
    struct xd_diagnosis diagnosis;
    struct xd_gs1 read;

    _Static_assert(CROSSDOCK_ELEMENTS == XD_GS1_ELEMENTS, "the public struct holds all elements");
    if (!xd_gs1_parse(&tables->ids.gs1, &tables->ids.codes, xd_slice_of(text, length), &read,
                      &diagnosis)) {
        return EX_DATAERR;
    }
    elements->count = read.count;
    for (size_t i = 0; i < read.count; i++) {
        const struct xd_gs1_element *from = &read.element[i];
        struct crossdock_element *to = &elements->element[i];
        (void)snprintf(to->code, sizeof(to->code), "%.*s", XD_FMT(from->code));
        (void)snprintf(to->value, sizeof(to->value), "%.*s", XD_FMT(from->value));
        to->title = tables->titles[from->ai];
        to->span_offset = from->span.off;
        to->span_length = from->span.len;
    }
    return copy_ship_to(tables, &read, &elements->ship_to) ? 0 : EX_OSERR;
}
