/*
 * The address checks as a C library: plain strings in, a plain struct out, so that no caller needs
 * our slices, arenas or table types, and none of them becomes an interface that we could not
 * change.
 */
#include "crossdock/address.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/utf8.h"
#include "check/address.h"

struct crossdock_addresses {
    struct xd_arena arena; /* holds this struct and the tables */
    const struct xd_address_tables *tables;
    const char *codes[XD_F_COUNT]; /* of the findings, NUL-terminated */
    const char *texts[XD_F_COUNT];
};

struct crossdock_address_checker {
    struct xd_arena arena; /* holds this struct */
    const struct crossdock_addresses *tables;
    struct xd_address_ctx ctx;
};

static bool
copy_findings(struct crossdock_addresses *all)
{
    for (unsigned i = 0; i < XD_F_COUNT; i++) {
        const struct xd_finding_text *text = &all->tables->findings.of[i];
        struct xd_slice code = xd_arena_copy(&all->arena, text->code);
        struct xd_slice sentence = xd_arena_copy(&all->arena, text->text);
        if ((text->code.len && !code.ptr) || (text->text.len && !sentence.ptr)) {
            return false;
        }
        all->codes[i] = code.ptr ? code.ptr : "";
        all->texts[i] = sentence.ptr ? sentence.ptr : "";
    }
    return true;
}

int
crossdock_addresses_open(const char *reference_dir, struct crossdock_addresses **tables,
                         char *message, size_t message_size)
{
    struct xd_error err = {0};
    struct crossdock_addresses *all;
    struct xd_arena arena;

    *tables = NULL;
    xd_arena_init(&arena, 1 << 18, 0);
    all = xd_arena_alloc(&arena, sizeof(*all));
    if (!all) {
        (void)snprintf(message, message_size, "not enough memory for the address tables");
        return EX_OSERR;
    }
    all->arena = arena;
    struct xd_tables source = {reference_dir, &all->arena};
    all->tables = !reference_dir || xd_tables_check(reference_dir, &err)
                      ? xd_address_tables_load(&source, &all->arena, &err)
                      : NULL;
    if (!all->tables || !copy_findings(all)) {
        (void)snprintf(message, message_size, "%s",
                       err.status ? err.text : "not enough memory for the address tables");
        crossdock_addresses_close(all);
        return err.status ? err.status : EX_OSERR;
    }
    *tables = all;
    return EX_OK;
}

void
crossdock_addresses_close(struct crossdock_addresses *tables)
{
    struct xd_arena arena;

    if (tables) {
        arena = tables->arena; /* the struct lies in what is freed */
        xd_arena_free(&arena);
    }
}

struct crossdock_address_checker *
crossdock_address_checker_new(const struct crossdock_addresses *tables)
{
    struct crossdock_address_checker *checker;
    struct xd_arena arena;

    xd_arena_init(&arena, sizeof(*checker) + 256, 0);
    checker = xd_arena_alloc(&arena, sizeof(*checker));
    if (checker) {
        checker->arena = arena;
        checker->tables = tables;
        xd_address_ctx_init(&checker->ctx, tables->tables);
    }
    return checker;
}

void
crossdock_address_checker_free(struct crossdock_address_checker *checker)
{
    struct xd_arena arena;

    if (checker) {
        xd_address_ctx_free(&checker->ctx);
        arena = checker->arena;
        xd_arena_free(&arena);
    }
}

/* Copies what fits, cut at a whole character, and ends it with NUL. */
static void
put(char *out, size_t size, struct xd_slice text)
{
    size_t len = xd_utf8_cut(text, size - 1).len;

    if (len) {
        memcpy(out, text.ptr, len);
    }
    out[len] = '\0';
}

static void
put_problem(const struct crossdock_addresses *tables, const struct xd_address_problem *from,
            struct crossdock_address_problem *to)
{
    to->field = xd_address_field_name(from->field);
    to->problem = xd_address_problem_name(from->kind);
    to->code = tables->codes[from->diagnosis.code];
    to->text = tables->texts[from->diagnosis.code];
    to->span_offset = from->diagnosis.span.off;
    to->span_length = from->diagnosis.span.len;
    put(to->detail, sizeof(to->detail), xd_slice_str(from->diagnosis.detail));
}

int
crossdock_address_check(struct crossdock_address_checker *checker,
                        const struct crossdock_address *address, const char *as_of,
                        const char *carrier, struct crossdock_address_result *result)
{
    struct xd_address_options options = {.carrier = xd_slice_str(carrier)};
    struct xd_address_result found;
    struct xd_address own = {{
        xd_slice_str(address->name),
        xd_slice_str(address->company),
        xd_slice_str(address->address1),
        xd_slice_str(address->address2),
        xd_slice_str(address->address3),
        xd_slice_str(address->city),
        xd_slice_str(address->region),
        xd_slice_str(address->postal_code),
        xd_slice_str(address->country),
        xd_slice_str(address->phone),
        xd_slice_str(address->email),
    }};

    if (!xd_date_parse(xd_slice_str(as_of), &options.as_of)) {
        return EX_USAGE;
    }
    result->verdict =
        (enum crossdock_address_verdict)xd_address_check(&checker->ctx, &own, &options, &found);
    put(result->country, sizeof(result->country),
        found.country == XD_COUNTRY_NONE ? XD_NONE
                                         : checker->ctx.tables->countries.of[found.country].alpha2);
    put(result->postal_code, sizeof(result->postal_code), xd_address_postal_code(&found));
    put(result->region, sizeof(result->region), xd_address_region(&checker->ctx, &found));
    put(result->territory, sizeof(result->territory), xd_address_territory(&checker->ctx, &found));
    put(result->phone, sizeof(result->phone), xd_slice_of(found.phone.text, found.phone.len));
    result->problem_count = found.count;
    for (size_t i = 0; i < found.count; i++) {
        put_problem(checker->tables, &found.problems[i], &result->problems[i]);
    }
    return EX_OK;
}
