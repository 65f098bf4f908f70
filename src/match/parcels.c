/*
 * A parcel code belongs to one order: the hub scans it and must know whose goods it holds. Codes
 * are compared by hash first and as text only where two orders meet; a second pass is needed only
 * when that happened.
 */
#include "base/hash.h"
#include "check/parcel_code.h"
#include "match/groups.h"

#define AHEAD 12

struct code {
    uint64_t hash;
    struct xd_row_ref first;
    bool shared; /* two orders use it */
};

struct codes {
    struct xd_batch *const *batches;
    const struct xd_identifiers *identifiers;
    struct code *list;
    uint32_t *slots; /* place in list plus 1; 0: free */
    size_t mask;
    uint32_t count;
    bool any_shared;
};

static struct xd_slice
code_of(const struct codes *codes, struct xd_row_ref ref)
{
    struct xd_batch *batch = codes->batches[ref.batch];

    struct xd_slice code =
        xd_slice_trim(xd_rows_get(&batch->rows, ref.row, XD_FIELD_PARCEL_CODE, &batch->scratch));

    return xd_parcel_code_key(codes->identifiers, code, &batch->scratch);
}

/* The entry of the code of a row; made when there is none. */
static struct code *
entry_of(struct codes *codes, uint64_t hash, struct xd_row_ref ref)
{
    for (size_t at = hash & codes->mask;; at = (at + 1) & codes->mask) {
        if (codes->slots[at] == 0) {
            codes->list[codes->count] = (struct code){hash, ref, false};
            codes->slots[at] = ++codes->count;
            return &codes->list[codes->count - 1];
        }
        struct code *known = &codes->list[codes->slots[at] - 1];
        bool same_row = known->first.batch == ref.batch && known->first.row == ref.row;
        if (known->hash == hash &&
            (same_row || xd_slice_eq(code_of(codes, known->first), code_of(codes, ref)))) {
            return known;
        }
    }
}

static void
enter_batch(struct codes *codes, uint32_t index)
{
    const struct xd_batch *batch = codes->batches[index];

    for (uint32_t row = 0; row < batch->rows.count; row++) {
        const struct xd_row_fact *fact = &batch->facts[row];
        if (row + AHEAD < batch->rows.count) {
            __builtin_prefetch(&codes->slots[fact[AHEAD].parcel_hash & codes->mask], 1);
        }
        if (fact->parcel_hash == 0 || fact->order_hash == 0) {
            continue;
        }
        struct code *code = entry_of(codes, fact->parcel_hash, (struct xd_row_ref){index, row});
        const struct xd_row_fact *first =
            &codes->batches[code->first.batch]->facts[code->first.row];
        if (first->order_hash != fact->order_hash) {
            code->shared = true;
            codes->any_shared = true;
        }
    }
}

static void
report_batch(struct codes *codes, uint32_t index, const struct xd_reporter *reporter)
{
    const struct xd_batch *batch = codes->batches[index];

    for (uint32_t row = 0; row < batch->rows.count; row++) {
        const struct xd_row_fact *fact = &batch->facts[row];
        if (fact->parcel_hash && fact->order_hash &&
            entry_of(codes, fact->parcel_hash, (struct xd_row_ref){index, row})->shared) {
            xd_report_code(reporter, batch, row, XD_FIELD_PARCEL_CODE, XD_F_PARCEL_CODE_TWICE);
        }
    }
}

bool
xd_parcels_check(struct xd_batch *const *batches, size_t count, size_t rows,
                 const struct xd_identifiers *identifiers, const struct xd_reporter *reporter,
                 struct xd_arena *arena)
{
    struct codes codes = {.batches = batches, .identifiers = identifiers, .mask = 63};

    while (codes.mask < rows * 2) {
        codes.mask = codes.mask * 2 + 1;
    }
    codes.list = xd_arena_room(arena, rows * sizeof(*codes.list)); /* made one by one */
    codes.slots = xd_arena_array(arena, codes.mask + 1, sizeof(*codes.slots));
    if (!codes.list || !codes.slots) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        enter_batch(&codes, (uint32_t)i);
    }
    for (size_t i = 0; codes.any_shared && i < count; i++) {
        report_batch(&codes, (uint32_t)i, reporter);
    }
    return true;
}
