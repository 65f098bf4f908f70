/*
 * Counting bytes at memory speed: where records end and how many lines passed. SSE2 is part of
 * every x86-64 and already waits for memory, so there is one path beside the portable one and no
 * choice at run time.
 */
#ifndef XD_BASE_SCAN_H
#define XD_BASE_SCAN_H

#include "base/slice.h"

/* How often `c` occurs. */
size_t xd_scan_count(struct xd_slice text, char c);

#endif
