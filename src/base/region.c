/*
 * Anonymous pages instead of malloc: a size that an archive merely claims costs no memory until
 * bytes arrive, and a gibibyte is really returned when the document is done.
 */
#include "base/region.h"

#include <sys/mman.h>
#include <unistd.h>

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
    region->map =
        mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region->map == MAP_FAILED) {
        region->map = NULL;
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
