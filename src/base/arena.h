/*
 * Memory that is taken piece by piece and given back at once. A chunk of a manifest, a reference
 * table or an order has one arena; nothing inside it is freed by itself, so nothing inside it can
 * leak.
 */
#ifndef XD_BASE_ARENA_H
#define XD_BASE_ARENA_H

#include "base/slice.h"

struct xd_arena_block;

struct xd_arena {
    struct xd_arena_block *head;
    size_t block_size; /* bytes asked of the system at a time */
    size_t limit;      /* bytes in all; an allocation beyond it gives NULL */
    size_t total;      /* bytes held */
};

/* `limit` 0 means none. Takes no memory yet. */
void xd_arena_init(struct xd_arena *arena, size_t block_size, size_t limit);

/* Zeroed memory aligned for any object; NULL when the limit or the machine's memory is reached. */
void *xd_arena_alloc(struct xd_arena *arena, size_t size);

/* The same, but what is in it is undefined: for large room that is written before it is read. */
void *xd_arena_room(struct xd_arena *arena, size_t size);

/* `count` objects of `size` bytes; NULL also when the product overflows. */
void *xd_arena_array(struct xd_arena *arena, size_t count, size_t size);

/* A copy of `s` that lives as long as the arena, with a NUL behind it that its length does not
 * count. An empty slice with ptr NULL and len 0 when memory ran out and `s` was not empty. */
struct xd_slice xd_arena_copy(struct xd_arena *arena, struct xd_slice s);

/* Forgets everything inside but keeps one block for the next use; where several were needed, the
 * next use begins with one as large as all of them, up to a few MiB. */
void xd_arena_reset(struct xd_arena *arena);

void xd_arena_free(struct xd_arena *arena);

#endif
