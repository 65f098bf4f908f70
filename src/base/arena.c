/*
 * Blocks in a list, the newest first. A request larger than a block gets a block of its own, so
 * that one long field does not waste the rest of a block. Such requests, when they are large, are
 * pages of their own: they are taken at once, come zeroed and are written soon. An arena that has
 * become large takes its blocks as large pages.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/region.h"

/* A request of a block of its own is pages from this size on; the sanitizers watch what lies around
 * a malloc, so theirs never is. */
#ifdef __has_feature
#define WATCHED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#else
#define WATCHED 0
#endif
#define PAGES_LEAST (WATCHED ? SIZE_MAX : (size_t)64 << 10)
#define GROWN       ((size_t)4 << 20) /* bytes in an arena from which on its blocks are large */
#define KEPT_MOST   ((size_t)8 << 20) /* bytes that a reset makes one block of */

struct xd_arena_block {
    struct xd_arena_block *next;
    size_t size;
    size_t used;
    bool pages;  /* by itself, and zero where nothing was written yet */
    bool reused; /* no longer zero */
    alignas(max_align_t) char bytes[];
};

void
xd_arena_init(struct xd_arena *arena, size_t block_size, size_t limit)
{
    *arena = (struct xd_arena){.block_size = block_size, .limit = limit ? limit : SIZE_MAX};
}

/* Bytes of the next block: what is left of a large one is for what comes next. */
static size_t
next_size(const struct xd_arena *arena, size_t least)
{
    size_t size = least > arena->block_size ? least : arena->block_size;
    size_t large = GROWN - sizeof(struct xd_arena_block);

    return !WATCHED && arena->total >= GROWN && size < large && large <= arena->limit - arena->total
               ? large
               : size;
}

static struct xd_arena_block *
add_block(struct xd_arena *arena, size_t least)
{
    size_t size = next_size(arena, least);
    bool large = size > arena->block_size && size >= PAGES_LEAST;
    struct xd_arena_block *block;
    bool pages;

    if (size > arena->limit - arena->total || size > SIZE_MAX - sizeof(*block)) {
        return NULL;
    }
    block = large ? xd_pages_take(sizeof(*block) + size) : NULL;
    pages = block != NULL;
    if (!block) {
        block = malloc(sizeof(*block) + size);
    }
    if (!block) {
        return NULL;
    }
    block->pages = pages;
    block->reused = false;
    block->size = size;
    block->used = 0;
    block->next = arena->head;
    arena->head = block;
    arena->total += size;
    return block;
}

void *
xd_arena_room(struct xd_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct xd_arena_block *block = arena->head;
    void *out;

    if (size > SIZE_MAX - align) {
        return NULL;
    }
    size = (size + align - 1) & ~(align - 1);
    if (!block || block->size - block->used < size) {
        block = add_block(arena, size);
        if (!block) {
            return NULL;
        }
    }
    out = block->bytes + block->used;
    block->used += size;
    return out;
}

void *
xd_arena_alloc(struct xd_arena *arena, size_t size)
{
    void *out = xd_arena_room(arena, size);
    bool fresh = out && arena->head->pages && !arena->head->reused;

    return out && !fresh ? memset(out, 0, size) : out;
}

void *
xd_arena_array(struct xd_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return xd_arena_alloc(arena, count * size);
}

struct xd_slice
xd_arena_copy(struct xd_arena *arena, struct xd_slice s)
{
    char *copy = xd_arena_alloc(arena, s.len + 1);

    if (!copy) {
        return XD_NONE;
    }
    if (s.len) {
        memcpy(copy, s.ptr, s.len);
    }
    return xd_slice_of(copy, s.len);
}

void
xd_arena_reset(struct xd_arena *arena)
{
    struct xd_arena_block *keep = arena->head;

    if (!keep) {
        return;
    }
    if (keep->next && arena->total <= KEPT_MOST) {
        arena->block_size = arena->total; /* from the next use on one block is enough, and stays */
        xd_arena_free(arena);
        return;
    }
    arena->head = keep->next;
    xd_arena_free(arena);
    keep->next = NULL;
    keep->used = 0;
    keep->reused = true;
    arena->head = keep;
    arena->total = keep->size;
}

void
xd_arena_free(struct xd_arena *arena)
{
    while (arena->head) {
        struct xd_arena_block *block = arena->head;
        arena->head = block->next;
        if (block->pages) {
            xd_pages_give(block, sizeof(*block) + block->size);
        } else {
            free(block);
        }
    }
    arena->total = 0;
}
