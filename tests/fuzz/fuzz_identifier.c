/*
 * Fuzz target of the identifier room. The first byte picks the way in, the rest is the number.
 * Beyond not crashing: the input is not altered, spans lie inside it, and a canonical form is its
 * own canonical form.
 */
#include <stdlib.h>

#include "check/identifier.h"
#include "check/parcel_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct xd_identifiers ids;

static void
require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void
load_once(void)
{
    static struct xd_arena arena;
    static bool loaded;
    struct xd_tables tables = {NULL, &arena};
    struct xd_error err = {0};

    if (!loaded) {
        xd_arena_init(&arena, 1 << 18, 0);
        require(xd_identifiers_load(&ids, &tables, &arena, &err));
        loaded = true;
    }
}

static void
check_result(const struct xd_identifier_result *result, size_t len)
{
    require((size_t)result->diagnosis.span.off + result->diagnosis.span.len <= len);
    require(result->canonical_len <= sizeof(result->canonical));
    require((result->verdict == XD_VALID) == (result->canonical_len > 0));
}

static void
check_stable(const struct xd_identifier_result *result)
{
    struct xd_identifier_result again;

    if (result->verdict == XD_VALID) {
        xd_identifier_read(&ids, result->scheme,
                           xd_slice_of(result->canonical, result->canonical_len), &again);
        require(again.verdict == XD_VALID);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct xd_identifier_result result;
    char buffer[4097];
    struct xd_slice code;

    load_once();
    if (size == 0 || size > 4096) {
        return 0;
    }
    struct xd_slice value = {(const char *)data + 1, size - 1};
    xd_identifier_detect(&ids, value, &result);
    check_result(&result, value.len);
    xd_identifier_read(&ids, (uint16_t)(data[0] % ids.scheme_count), value, &result);
    check_result(&result, value.len);
    check_stable(&result);
    xd_tracking_read(&ids, (uint16_t)(data[0] % ids.carrier_count), value, &result);
    check_result(&result, value.len);
    require(xd_parcel_code_canonical(&ids, value, buffer, sizeof(buffer), &code));
    require(code.len <= value.len + 1);
    return 0;
}
