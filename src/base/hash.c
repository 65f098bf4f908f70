/*
 * Multiply and fold, eight bytes a step: short keys (order ids, country codes) are hashed in a few
 * nanoseconds, and the order book holds a million of them.
 */
#include "base/hash.h"

#include "base/bytes.h"

static const uint64_t SEED = 0x9e3779b97f4a7c15u;
static const uint64_t STEP = 0xbf58476d1ce4e5b9u;

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The last 1 to 7 bytes, as if zeros followed them; bytes that are read twice fall on themselves.
 */
static inline uint64_t
load_rest(const char *bytes, size_t len)
{
    uint32_t first;
    uint32_t last;

    if (len < 4) {
        return (uint64_t)(unsigned char)bytes[0] |
               (uint64_t)(unsigned char)bytes[len / 2] << (8 * (len / 2)) |
               (uint64_t)(unsigned char)bytes[len - 1] << (8 * (len - 1));
    }
    memcpy(&first, bytes, sizeof(first));
    memcpy(&last, bytes + len - sizeof(last), sizeof(last));
    return (uint64_t)first | (uint64_t)last << (8 * (len - sizeof(last)));
}

/* Sets the bit that makes an ASCII capital small in every byte; collisions this adds are settled by
 * comparing. */
static const uint64_t FOLD_CASE = 0x2020202020202020u;

static inline uint64_t
hash_with(struct xd_slice key, uint64_t fold)
{
    uint64_t state = SEED ^ (key.len * STEP);
    const char *at = key.ptr;
    size_t left = key.len;

    for (; left >= 8; at += 8, left -= 8) {
        state = mix(state ^ (xd_load8(at) | fold), STEP);
        state ^= state >> 29;
    }
    if (left) {
        state = mix(state ^ (load_rest(at, left) | fold), STEP);
    }
    return mix(state ^ SEED, STEP);
}

uint64_t
xd_hash(struct xd_slice key)
{
    return hash_with(key, 0);
}

static uint64_t
key_hash(const struct xd_map *map, struct xd_slice key)
{
    return hash_with(key, map->nocase ? FOLD_CASE : 0);
}

static bool
same_key(const struct xd_map *map, struct xd_slice a, struct xd_slice b)
{
    return map->nocase ? xd_slice_ieq(a, b) : xd_slice_eq(a, b);
}

static struct xd_map_entry *
find(const struct xd_map *map, struct xd_slice key, uint64_t hash)
{
    for (size_t at = hash & map->mask;; at = (at + 1) & map->mask) {
        struct xd_map_entry *entry = &map->entries[at];
        if (entry->value == XD_MAP_NONE) {
            return entry;
        }
        if (entry->hash == hash && same_key(map, entry->key, key)) {
            return entry;
        }
    }
}

static bool
allocate(struct xd_map *map, size_t slots)
{
    map->entries = xd_arena_array(map->arena, slots, sizeof(*map->entries));
    if (!map->entries) {
        return false;
    }
    for (size_t i = 0; i < slots; i++) {
        map->entries[i].value = XD_MAP_NONE;
    }
    map->mask = slots - 1;
    return true;
}

bool
xd_map_init(struct xd_map *map, struct xd_arena *arena, size_t expected, bool nocase)
{
    size_t slots = 16;

    while (slots < expected * 2) {
        slots *= 2;
    }
    *map = (struct xd_map){.arena = arena, .nocase = nocase};
    return allocate(map, slots);
}

static bool
grow(struct xd_map *map)
{
    struct xd_map_entry *old = map->entries;
    size_t slots = map->mask + 1;

    if (!allocate(map, slots * 2)) {
        return false;
    }
    for (size_t i = 0; i < slots; i++) {
        if (old[i].value != XD_MAP_NONE) {
            *find(map, old[i].key, old[i].hash) = old[i];
        }
    }
    return true;
}

bool
xd_map_put(struct xd_map *map, struct xd_slice key, uint32_t value, uint32_t *old)
{
    uint64_t hash = key_hash(map, key);
    struct xd_map_entry *entry;

    if (map->count * 2 >= map->mask && !grow(map)) {
        return false;
    }
    entry = find(map, key, hash);
    if (old) {
        *old = entry->value;
    }
    if (entry->value == XD_MAP_NONE) {
        map->count++;
        entry->key = key;
        entry->hash = hash;
    }
    entry->value = value;
    return true;
}

uint32_t
xd_map_get(const struct xd_map *map, struct xd_slice key)
{
    return find(map, key, key_hash(map, key))->value;
}
