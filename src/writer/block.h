/*
 * Sixteen bytes of a value at a time, in the vector type that GCC and clang share. Short values are
 * loaded as two words that overlap, so no byte outside the value is ever read and every byte of the
 * block is one of the value's.
 */
#ifndef XD_WRITER_BLOCK_H
#define XD_WRITER_BLOCK_H

#include "base/bytes.h"

typedef unsigned char xd_block __attribute__((vector_size(16)));
typedef uint64_t xd_block_words __attribute__((vector_size(16)));

static inline xd_block
xd_block_all(unsigned char b)
{
    return (xd_block){b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
}

static inline bool
xd_block_any(xd_block block)
{
    xd_block_words words = (xd_block_words)block;

    return (words[0] | words[1]) != 0;
}

static inline xd_block
xd_block_load(const char *in)
{
    xd_block block;

    memcpy(&block, in, sizeof(block));
    return block;
}

/* A value of 1 to 15 bytes, some of them more than once. */
static inline xd_block
xd_block_short(const char *in, size_t len)
{
    uint64_t first;
    uint64_t last;

    if (len >= 8) {
        first = xd_load8(in);
        last = xd_load8(in + len - 8);
    } else if (len >= 4) {
        first = (uint64_t)xd_load4(in) | (uint64_t)xd_load4(in + len - 4) << 32;
        last = first;
    } else {
        first = (uint64_t)(unsigned char)in[0] | (uint64_t)(unsigned char)in[len / 2] << 8 |
                (uint64_t)(unsigned char)in[len - 1] << 16 | (uint64_t)(unsigned char)in[0] << 24;
        first |= first << 32;
        last = first;
    }
    return (xd_block)(xd_block_words){first, last};
}

#endif
