/*
 * Two open-addressing tables over 64-bit hashes, one of orders and one of parcel codes. A million
 * random look-ups wait for memory, not for the processor, so slots are fetched some rows ahead.
 * Equal hashes of rows that do not touch are compared as text: a forged collision must not merge
 * two orders.
 */
#include "match/groups.h"

#include "base/hash.h"

#define AHEAD 12

static size_t
total_rows(struct xd_batch *const *batches, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        total += batches[i]->rows.count;
    }
    return total;
}

static size_t
slots_for(size_t keys)
{
    size_t slots = 64;

    while (slots < keys * 2) {
        slots *= 2;
    }
    return slots;
}

static bool
same_order(struct xd_batch *const *batches, struct xd_row_ref a, struct xd_row_ref b)
{
    struct xd_batch *left = batches[a.batch];
    struct xd_batch *right = batches[b.batch];

    return xd_slice_eq(xd_row_order_id(&left->rows, a.row, &left->scratch),
                       xd_row_order_id(&right->rows, b.row, &right->scratch));
}

/* The group of a row with this hash, made if there is none. */
static struct xd_group *
group_of(struct xd_groups *groups, struct xd_batch *const *batches, uint64_t hash,
         struct xd_row_ref ref)
{
    uint32_t tag = (uint32_t)(hash >> 32);

    for (size_t at = hash & groups->mask;; at = (at + 1) & groups->mask) {
        struct xd_group_slot *slot = &groups->slots[at];
        if (slot->group == 0) {
            struct xd_group *fresh = &groups->list[groups->count++];
            *slot = (struct xd_group_slot){tag, groups->count};
            *fresh = (struct xd_group){.hash = hash, .first = ref, .hits = XD_HIT_NONE};
            return fresh;
        }
        struct xd_group *known = &groups->list[slot->group - 1];
        if (slot->tag == tag && known->hash == hash && same_order(batches, known->first, ref)) {
            return known;
        }
    }
}

static void
append_row(struct xd_group *group, struct xd_batch *const *batches, struct xd_row_ref ref)
{
    if (group->rows++) {
        batches[group->last.batch]->facts[group->last.row].next = ref;
    }
    group->last = ref;
}

static void
group_batch(struct xd_groups *groups, struct xd_batch *const *batches, uint32_t index)
{
    struct xd_batch *batch = batches[index];

    for (uint32_t row = 0; row < batch->rows.count; row++) {
        struct xd_row_fact *fact = &batch->facts[row];
        if (row + AHEAD < batch->rows.count) {
            __builtin_prefetch(&groups->slots[fact[AHEAD].order_hash & groups->mask], 1);
        }
        fact->next = XD_ROW_REF_NONE;
        if (fact->order_hash) {
            struct xd_row_ref ref = {index, row};
            append_row(group_of(groups, batches, fact->order_hash, ref), batches, ref);
        }
    }
}

bool
xd_groups_build(struct xd_groups *groups, struct xd_batch *const *batches, size_t count,
                struct xd_arena *arena)
{
    size_t rows = total_rows(batches, count);
    size_t slots = slots_for(rows);

    *groups = (struct xd_groups){.mask = slots - 1};
    groups->list = xd_arena_room(arena, rows * sizeof(*groups->list)); /* made one by one */
    groups->slots = xd_arena_array(arena, slots, sizeof(*groups->slots));
    if (!groups->list || !groups->slots) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        group_batch(groups, batches, (uint32_t)i);
    }
    return true;
}

/* Place of the group with this hash plus 1, or 0. Whether the ids are equal is settled by whoever
 * reads both. */
static uint32_t
look_up(const struct xd_groups *groups, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);

    for (size_t at = hash & groups->mask;; at = (at + 1) & groups->mask) {
        const struct xd_group_slot *slot = &groups->slots[at];
        if (slot->group == 0) {
            return 0;
        }
        if (slot->tag == tag && groups->list[slot->group - 1].hash == hash) {
            return slot->group;
        }
    }
}

static uint64_t
id_hash(const struct xd_rows *rows, uint32_t row, enum xd_field field, struct xd_arena *scratch)
{
    struct xd_slice id = xd_slice_trim(xd_rows_get(rows, row, field, scratch));

    return id.len ? xd_hash(id) : 0;
}

static void
answer(const struct xd_groups *groups, const uint64_t hashes[2], uint32_t row, struct xd_buf *found)
{
    uint32_t first = hashes[0] ? look_up(groups, hashes[0]) : 0;
    uint32_t second = hashes[1] && hashes[1] != hashes[0] ? look_up(groups, hashes[1]) : 0;
    struct xd_hit hit = {.order_row = {0, row}, .next = XD_HIT_NONE};

    if (first) {
        hit.group = first - 1;
        xd_buf_put(found, xd_slice_of((const char *)&hit, sizeof(hit)));
    }
    if (second && second != first) {
        hit.group = second - 1;
        hit.next = first ? first - 1 : XD_HIT_NONE; /* until linked: the other name of this order */
        xd_buf_put(found, xd_slice_of((const char *)&hit, sizeof(hit)));
    }
}

#define ASK_STEP 64

void
xd_groups_ask(const struct xd_groups *groups, struct xd_batch *orders)
{
    const struct xd_rows *rows = &orders->rows;
    struct xd_arena *scratch = &orders->scratch;
    uint64_t hashes[ASK_STEP][2];
    uint32_t ragged = 0;

    xd_buf_init(&orders->hits, SIZE_MAX);
    for (uint32_t from = 0; from < rows->count; from += ASK_STEP) {
        uint32_t step = rows->count - from < ASK_STEP ? rows->count - from : ASK_STEP;
        for (uint32_t i = 0; i < step; i++) {
            hashes[i][0] = id_hash(rows, from + i, XD_FIELD_ORDER_ID, scratch);
            hashes[i][1] = id_hash(rows, from + i, XD_FIELD_MERCHANT_ORDER_ID, scratch);
            __builtin_prefetch(&groups->slots[hashes[i][0] & groups->mask]);
            __builtin_prefetch(&groups->slots[hashes[i][1] & groups->mask]);
        }
        for (uint32_t i = 0; i < step; i++) {
            if (ragged < rows->ragged_count && rows->ragged[ragged].row == from + i) {
                ragged++;
                continue;
            }
            answer(groups, hashes[i], from + i, &orders->hits);
        }
    }
}

static void
link_hit(struct xd_groups *groups, uint32_t at)
{
    struct xd_hit *hit = &groups->hits[at];
    struct xd_group *group = &groups->list[hit->group];

    if (hit->next != XD_HIT_NONE) {
        groups->list[hit->next].two_names = true;
        group->two_names = true;
        hit->next = XD_HIT_NONE;
    }
    if (group->hits == XD_HIT_NONE) {
        group->hits = at;
    } else {
        groups->hits[group->last_hit].next = at;
    }
    group->last_hit = at;
}

static bool
gather_hits(struct xd_groups *groups, struct xd_batch *const *orders, size_t count,
            struct xd_arena *arena)
{
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        if (orders[i]->hits.failed) {
            return false;
        }
        bytes += orders[i]->hits.len;
    }
    groups->hits = xd_arena_alloc(arena, bytes);
    for (size_t i = 0; groups->hits && i < count; i++) {
        struct xd_buf *from = &orders[i]->hits;
        struct xd_hit *to = &groups->hits[groups->hit_count];
        uint32_t added = (uint32_t)(from->len / sizeof(*to));
        if (added) {
            memcpy(to, from->ptr, from->len);
        }
        for (uint32_t k = 0; k < added; k++) {
            to[k].order_row.batch = (uint32_t)i;
        }
        groups->hit_count += added;
        xd_buf_free(from);
    }
    return groups->hits;
}

bool
xd_groups_link(struct xd_groups *groups, struct xd_batch *const *orders, size_t count,
               struct xd_arena *arena)
{
    if (!gather_hits(groups, orders, count, arena)) {
        return false;
    }
    for (uint32_t i = 0; i < groups->hit_count; i++) {
        if (i + AHEAD < groups->hit_count) {
            __builtin_prefetch(&groups->list[groups->hits[i + AHEAD].group], 1);
        }
        link_hit(groups, i);
    }
    return true;
}
