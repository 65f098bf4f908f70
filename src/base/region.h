/*
 * One large piece of memory of a size known beforehand, taken from the system when it is touched
 * and given back at once: what an inflated member or a transcoded file lives in. It never moves, so
 * a reader may follow a writer through it.
 */
#ifndef XD_BASE_REGION_H
#define XD_BASE_REGION_H

#include "base/slice.h"

struct xd_region {
    char *ptr;   /* page-aligned, zeroed */
    size_t size; /* bytes that may be written */
    void *map;   /* private */
    size_t map_len;
};

/* Room for `size` bytes with at least one zero byte behind them. False when the system has none to
 * give. */
bool xd_region_open(struct xd_region *region, size_t size);

/* Room for at most `size` bytes of which none may be touched yet: costs no memory. Less is reserved
 * when the system has no room for that many; region->size is 0 until it grows. */
bool xd_region_reserve(struct xd_region *region, size_t size);

/* Lets the first `size` bytes be written, and one zero byte behind them. False when that is more
 * than was reserved or than the system has. */
bool xd_region_grow(struct xd_region *region, size_t size);

/* Gives it back; harmless for a zeroed struct. */
void xd_region_close(struct xd_region *region);

/* Zeroed pages for `size` bytes that are written soon: taken at once, or as large pages, because a
 * page taken at its first touch is a trap of its own, which costs a virtual machine more than what
 * is done with the page. NULL when the system has none to give. */
void *xd_pages_take(size_t size);

/* Says that the text is about to be read: its pages are brought in at once, and not each at its
 * first touch. */
void xd_pages_want(struct xd_slice text);

/* Gives back what xd_pages_take gave for the same size. */
void xd_pages_give(void *pages, size_t size);

#endif
