/*
 * Orders are decided in ranges by all workers, and what they came to is taken up in the order of
 * the manifest: the same bytes leave, however many workers there were.
 */
#ifndef XD_PIPELINE_RANGES_H
#define XD_PIPELINE_RANGES_H

#include "pipeline/decide.h"

struct xd_ranges {
    const struct xd_deciding *deciding;
    unsigned threads;
    size_t keep; /* findings to keep of all ranges together */
    /* Takes what a range came to; one call at a time, in order. False: our surroundings failed,
     * stop. */
    bool (*take)(void *taker, struct xd_decided *decided);
    void *taker;
};

/* Decides all orders. False when memory ran out or `take` said so. */
bool xd_ranges_run(struct xd_ranges *ranges);

#endif
