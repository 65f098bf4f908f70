/*
 * Hashing of keys and a map from text to a small number: what every reference table and the order
 * book look things up with. Not cryptographic; content hashes are libsodium's business.
 */
#ifndef XD_BASE_HASH_H
#define XD_BASE_HASH_H

#include "base/arena.h"
#include "base/slice.h"

/* 64 bits that depend on every byte and on the length. The same on every run and machine of the
 * same byte order. */
uint64_t xd_hash(struct xd_slice key);

#define XD_MAP_NONE UINT32_MAX

struct xd_map_entry {
    struct xd_slice key;
    uint64_t hash;
    uint32_t value;
};

/* Open addressing, never more than half full; keys are borrowed and must outlive the map. */
struct xd_map {
    struct xd_map_entry *entries;
    size_t mask;
    size_t count;
    bool nocase; /* ASCII letters of either case are one key */
    struct xd_arena *arena;
};

/* Room for `expected` keys without growing. False when memory ran out. */
bool xd_map_init(struct xd_map *map, struct xd_arena *arena, size_t expected, bool nocase);

/* Adds the key or overwrites its value; tells the earlier value in *old (XD_MAP_NONE if new), which
 * may be NULL. */
bool xd_map_put(struct xd_map *map, struct xd_slice key, uint32_t value, uint32_t *old);

/* The value, or XD_MAP_NONE. */
uint32_t xd_map_get(const struct xd_map *map, struct xd_slice key);

#endif
