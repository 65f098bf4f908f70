/*
 * Anonymous pages instead of malloc: a size that an archive merely claims costs no memory until
 * bytes arrive, and a gibibyte is really returned when the document is done.
 */
#include "base/region.h"

#include <sys/mman.h>
#include <unistd.h>

#define LARGE_PAGE ((size_t)2 << 20)

static size_t
whole_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    return (size + page - 1) / page * page;
}

/* NULL when the system has none. */
static void *
map_pages(size_t len, int when)
{
    void *map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | when, -1, 0);

    /* cppcheck-suppress memleak ; the caller has it */
    return map == MAP_FAILED ? NULL : map;
}

/* Large pages lie at multiples of their size: more is mapped, and what hangs over is given back. */
static void *
take_large(size_t len)
{
    char *map = map_pages(len + LARGE_PAGE, MAP_NORESERVE);
    size_t front;

    if (!map) {
        return NULL;
    }
    front = (LARGE_PAGE - (uintptr_t)map % LARGE_PAGE) % LARGE_PAGE;
    if (front) {
        (void)munmap(map, front);
    }
    if (front < LARGE_PAGE) {
        (void)munmap(map + front + len, LARGE_PAGE - front);
    }
    (void)madvise(map + front, len, MADV_HUGEPAGE); /* without them it is merely slower */
    /* cppcheck-suppress deallocret ; only what lay in front of it is given back */
    return map + front;
}

void *
xd_pages_take(size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    return size >= LARGE_PAGE ? take_large(whole_pages(size))
                              : map_pages(whole_pages(size), MAP_POPULATE);
}

void
xd_pages_give(void *pages, size_t size)
{
    (void)munmap(pages, whole_pages(size));
}

void
xd_pages_want(struct xd_slice text)
{
    size_t over = (uintptr_t)text.ptr % (size_t)sysconf(_SC_PAGESIZE);

    /* Older kernels do not know it; the pages come by themselves then. */
    (void)madvise((char *)(uintptr_t)text.ptr - over, text.len + over, MADV_POPULATE_READ);
}

bool
xd_region_open(struct xd_region *region, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t len;

    *region = (struct xd_region){0};
    if (size > SIZE_MAX / 2) {
        return false;
    }
    len = (size / page + 1) * page;
    region->map = len >= LARGE_PAGE ? take_large(len) : map_pages(len, MAP_NORESERVE);
    if (!region->map) {
        return false;
    }
    region->map_len = len;
    region->ptr = region->map;
    region->size = size;
    return true;
}

bool
xd_region_reserve(struct xd_region *region, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t len = (size < SIZE_MAX / 2 ? size / page + 1 : SIZE_MAX / 2 / page) * page;

    *region = (struct xd_region){0};
    for (; len >= page; len = len / 2 / page * page) {
        region->map =
            mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (region->map != MAP_FAILED) {
            region->map_len = len;
            region->ptr = region->map;
            return true;
        }
    }
    region->map = NULL;
    return false;
}

bool
xd_region_grow(struct xd_region *region, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t len = (size / page + 1) * page;

    if (size >= region->map_len || mprotect(region->map, len, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    region->size = size;
    return true;
}

void
xd_region_close(struct xd_region *region)
{
    if (region->map) {
        (void)munmap(region->map, region->map_len);
    }
    *region = (struct xd_region){0};
}
