/*
 * Which numbers a carrier uses stands in the one table of carriers, beside how it is spelled and
 * served; here its rows are turned into what the check of a number asks: a carrier's schemes. A
 * brand of several networks ("dhl") has numbers of all of them, its networks only their own.
 */
#include "reference/identifier_carrier.h"

#include <sysexits.h>

#include "base/tsv.h"

#define NAME_MAX_BYTES 64

static const char *const TABLE = "reference/carriers.tsv";

struct loader {
    struct xd_identifiers *ids;
    struct xd_arena *arena;
    struct xd_tsv tsv;
    struct xd_error *err;
};

static struct xd_slice
key_of(struct xd_slice name, char *out, size_t cap)
{
    size_t len = 0;

    for (size_t i = 0; i < name.len && len < cap; i++) {
        if (xd_is_digit(name.ptr[i]) || xd_is_alpha(name.ptr[i])) {
            out[len++] = xd_to_lower(name.ptr[i]);
        }
    }
    return xd_slice_of(out, len);
}

/* The slot that holds the code, or the free one where it belongs: at least half of them are free.
 */
static const struct xd_carrier_slot *
slot_of(const struct xd_carrier_slot *slots, struct xd_bytes16 code)
{
    size_t at = (code.low ^ code.high) * UINT64_C(0x9e3779b97f4a7c15) >> 56;

    while (slots[at].carrier &&
           (slots[at].code.low != code.low || slots[at].code.high != code.high)) {
        at = (at + 1) % XD_CARRIER_SLOTS;
    }
    return &slots[at];
}

/* A code without a slot is found by the map. */
static void
fill_slot(struct xd_identifiers *ids, struct xd_slice code, uint16_t index)
{
    if (code.len <= 16 && index < XD_CARRIER_SLOTS / 2) {
        struct xd_bytes16 bytes = xd_bytes16(code);
        size_t at = (size_t)(slot_of(ids->carrier_slots, bytes) - ids->carrier_slots);
        ids->carrier_slots[at] = (struct xd_carrier_slot){bytes, index + 1U};
    }
}

static bool
add_name(struct loader *l, struct xd_slice name, uint16_t index)
{
    char buffer[NAME_MAX_BYTES];
    struct xd_slice key = xd_arena_copy(l->arena, key_of(name, buffer, sizeof(buffer)));

    return key.ptr && xd_map_put(&l->ids->carrier_map, name, index, NULL) &&
           xd_map_put(&l->ids->carrier_map, key, index, NULL);
}

/* The carrier of that code; a row of other dates may have made it already. NULL: no memory. */
static struct xd_identifier_carrier *
carrier_of(struct loader *l, struct xd_slice code)
{
    char buffer[NAME_MAX_BYTES];
    struct xd_slice key = key_of(code, buffer, sizeof(buffer));
    uint16_t index = l->ids->carrier_count;
    struct xd_identifier_carrier *carrier = &l->ids->carriers[index];

    for (uint16_t i = 0; i < index; i++) {
        if (xd_slice_eq(l->ids->carriers[i].code, code)) {
            return &l->ids->carriers[i];
        }
    }
    carrier->code = code;
    carrier->key = xd_arena_copy(l->arena, key);
    l->ids->carrier_count++;
    fill_slot(l->ids, code, index);
    return carrier->key.ptr && add_name(l, code, index) ? carrier : NULL;
}

static bool
add_scheme(struct loader *l, struct xd_identifier_carrier *carrier, struct xd_slice name)
{
    uint16_t scheme = xd_scheme_find(l->ids, name);

    if (!carrier) {
        return xd_error_set(l->err, EX_OSERR, "no memory for the table %s", TABLE);
    }
    if (scheme == XD_SCHEME_NONE) {
        return xd_tsv_fail(&l->tsv, l->err, "there is no such tracking scheme:", name);
    }
    if (carrier->uses[scheme]) {
        return true;
    }
    if (carrier->count == XD_CARRIER_SCHEMES) {
        return xd_tsv_fail(&l->tsv, l->err, "too many tracking schemes, from", name);
    }
    carrier->schemes[carrier->count++] = scheme;
    carrier->uses[scheme] = true;
    return true;
}

/* The schemes of one cell that are of `alias`: those that name none, and those that name it. */
static bool
add_schemes(struct loader *l, struct xd_identifier_carrier *carrier, struct xd_slice cell,
            struct xd_slice alias)
{
    struct xd_slice word;

    while (xd_slice_next(&cell, '|', &word)) {
        size_t colon = xd_slice_find(word, ':');
        if (colon < word.len && !xd_slice_eq(xd_slice_sub(word, 0, colon), alias)) {
            continue;
        }
        word = colon < word.len ? xd_slice_sub(word, colon + 1, SIZE_MAX) : word;
        if (!add_scheme(l, carrier, word)) {
            return false;
        }
    }
    return true;
}

/* Whether the cell has schemes of this alias alone. */
static bool
is_brand(struct xd_slice cell, struct xd_slice alias)
{
    struct xd_slice word;

    while (xd_slice_next(&cell, '|', &word)) {
        size_t colon = xd_slice_find(word, ':');
        if (colon < word.len && xd_slice_eq(xd_slice_sub(word, 0, colon), alias)) {
            return true;
        }
    }
    return false;
}

static bool
add_row(struct loader *l, struct xd_slice code, struct xd_slice aliases, struct xd_slice tracking)
{
    struct xd_identifier_carrier *carrier = carrier_of(l, code);
    struct xd_slice alias;

    if (!add_schemes(l, carrier, tracking, XD_NONE)) {
        return false;
    }
    while (xd_slice_next(&aliases, '|', &alias)) {
        if (is_brand(tracking, alias)) {
            if (!add_schemes(l, carrier_of(l, alias), tracking, alias)) {
                return false;
            }
        } else if (!add_name(l, alias, (uint16_t)(carrier - l->ids->carriers))) {
            return xd_error_set(l->err, EX_OSERR, "no memory for the table %s", TABLE);
        }
    }
    return true;
}

/* Codes and aliases of all rows, and a few words of other cells. */
static size_t
count_names(struct xd_slice text)
{
    size_t names = xd_tsv_count(text);

    for (struct xd_slice rest = text; rest.len; names++) {
        rest = xd_slice_sub(rest, xd_slice_find(rest, '|') + 1, SIZE_MAX);
    }
    return names + 1;
}

bool
xd_identifier_carriers_load(struct xd_identifiers *ids, const struct xd_tables *tables,
                            struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"code", "aliases", "tracking"};
    struct loader l = {.ids = ids, .arena = arena, .err = err};
    struct xd_slice cells[3];
    struct xd_slice text;
    size_t names;

    if (!xd_tables_get(tables, TABLE, &text, err) ||
        !xd_tsv_open(&l.tsv, TABLE, text, COLUMNS, 3, err)) {
        return false;
    }
    names = count_names(text);
    /* a row makes one carrier, and one more for each brand among its aliases; a name has two keys
     */
    ids->carriers = xd_arena_array(arena, names, sizeof(*ids->carriers));
    if (!ids->carriers || !xd_map_init(&ids->carrier_map, arena, names * 2, false)) {
        return xd_error_set(err, EX_OSERR, "no memory for the table %s", TABLE);
    }
    while (xd_tsv_next(&l.tsv, cells, err)) {
        if (cells[2].len && !add_row(&l, cells[0], cells[1], cells[2])) {
            return false;
        }
    }
    return err->status == 0;
}

static uint16_t
find_written(const struct xd_identifiers *ids, struct xd_slice carrier)
{
    char buffer[NAME_MAX_BYTES];
    uint32_t at = xd_map_get(&ids->carrier_map, carrier);
    size_t longest = 0;
    uint16_t found = XD_ID_CARRIER_NONE;

    if (at != XD_MAP_NONE) {
        return (uint16_t)at;
    }
    struct xd_slice key = key_of(carrier, buffer, sizeof(buffer));
    at = xd_map_get(&ids->carrier_map, key);
    if (at != XD_MAP_NONE) {
        return (uint16_t)at;
    }
    for (uint16_t i = 0; i < ids->carrier_count; i++) {
        struct xd_slice known = ids->carriers[i].key;
        if (known.len > longest && xd_slice_starts(key, known)) {
            longest = known.len;
            found = i;
        }
    }
    return found;
}

uint16_t
xd_identifier_carrier_find(const struct xd_identifiers *ids, struct xd_slice carrier)
{
    const struct xd_carrier_slot *slot;
    struct xd_bytes16 code;

    if (carrier.len == 0 || carrier.len > 16) {
        return carrier.len ? find_written(ids, carrier) : XD_ID_CARRIER_NONE;
    }
    code = xd_bytes16(carrier);
    slot = slot_of(ids->carrier_slots, code);
    return slot->carrier ? (uint16_t)(slot->carrier - 1) : find_written(ids, carrier);
}
