/*
 * Which bytes of a short value are letters, digits and so on, as bits of one number: sixteen bytes
 * are looked at in one step, and what a rule asks of a value becomes a few operations on the bits.
 * SSE2 is part of every x86-64; elsewhere a loop gives the same bits. Nothing outside the value is
 * read: the last sixteen bytes overlap those before them, and a shorter value is put together from
 * two loads that overlap.
 */
#ifndef XD_BASE_BYTES_H
#define XD_BASE_BYTES_H

#include "base/slice.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define XD_BYTES_MAX 64 /* one bit each */

/* Bit i speaks of byte i. */
struct xd_byte_kinds {
    uint64_t letters; /* A-Z and a-z */
    uint64_t digits;
    uint64_t high; /* beyond ASCII */
    uint64_t odd;  /* beyond ASCII, control character, DEL, question mark or @ */
};

/* The numbers of two, four and eight bytes at `at`, the lowest byte first, as zip and gzip have
 * them. */
static inline uint16_t
xd_little16(struct xd_slice bytes, uint64_t at)
{
    const unsigned char *s = (const unsigned char *)bytes.ptr + at;

    return (uint16_t)(s[0] | s[1] << 8);
}

static inline uint32_t
xd_little32(struct xd_slice bytes, uint64_t at)
{
    return (uint32_t)xd_little16(bytes, at) | (uint32_t)xd_little16(bytes, at + 2) << 16;
}

static inline uint64_t
xd_little64(struct xd_slice bytes, uint64_t at)
{
    return (uint64_t)xd_little32(bytes, at) | (uint64_t)xd_little32(bytes, at + 4) << 32;
}

/* Sixteen bytes of which the first in memory are the lowest. */
struct xd_bytes16 {
    uint64_t low;
    uint64_t high;
};

static inline uint64_t
xd_load8(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

static inline uint32_t
xd_load4(const char *bytes)
{
    uint32_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

/* A value of 0 to 16 bytes with zeros behind it. */
static inline struct xd_bytes16
xd_bytes16(struct xd_slice text)
{
    const char *p = text.ptr;
    size_t len = text.len;

    if (len >= 8) { /* a shift by all 64 bits is not defined */
        return (struct xd_bytes16){xd_load8(p),
                                   len == 8 ? 0 : xd_load8(p + len - 8) >> 8 * (16 - len)};
    }
    if (len >= 4) {
        return (struct xd_bytes16){
            (uint64_t)xd_load4(p) | (uint64_t)xd_load4(p + len - 4) << 8 * (len - 4), 0};
    }
    if (len == 0) {
        return (struct xd_bytes16){0, 0};
    }
    return (struct xd_bytes16){(uint64_t)(unsigned char)p[0] |
                                   (uint64_t)(unsigned char)p[len / 2] << 8 * (len / 2) |
                                   (uint64_t)(unsigned char)p[len - 1] << 8 * (len - 1),
                               0};
}

/* A bit for each of the first `len` bytes, 1 to 64. */
static inline uint64_t
xd_bytes_all(size_t len)
{
    return UINT64_MAX >> (XD_BYTES_MAX - len);
}

#ifdef __SSE2__
typedef __m128i xd_lanes;

static inline xd_lanes
xd_lanes_load(const char *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

static inline xd_lanes
xd_lanes_of(struct xd_bytes16 bytes)
{
    return _mm_set_epi64x((long long)bytes.high, (long long)bytes.low);
}

static inline uint64_t
xd_lanes_bits(__m128i mask)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(mask);
}

/* Bytes from `first` on, `count` of them in the code. */
static inline __m128i
xd_lanes_range(__m128i block, char first, char count)
{
    __m128i from = _mm_sub_epi8(block, _mm_set1_epi8(first));

    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8((char)(count - 1))), from);
}

static inline struct xd_byte_kinds
xd_lanes_kinds(xd_lanes block)
{
    __m128i small = _mm_or_si128(block, _mm_set1_epi8(0x20));
    __m128i sign =
        _mm_or_si128(xd_lanes_range(block, '?', 2), _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f)));
    /* Bytes beyond ASCII are negative here, and so less than a blank as well. */
    __m128i less = _mm_cmplt_epi8(block, _mm_set1_epi8(' '));

    return (struct xd_byte_kinds){
        .letters = xd_lanes_bits(xd_lanes_range(small, 'a', 26)),
        .digits = xd_lanes_bits(xd_lanes_range(block, '0', 10)),
        .high = xd_lanes_bits(block),
        .odd = xd_lanes_bits(_mm_or_si128(sign, less)),
    };
}

/* Letters and digits as bits. */
static inline uint64_t
xd_lanes_plain(xd_lanes block)
{
    __m128i small = _mm_or_si128(block, _mm_set1_epi8(0x20));

    return xd_lanes_bits(
        _mm_or_si128(xd_lanes_range(small, 'a', 26), xd_lanes_range(block, '0', 10)));
}

/* Bytes of a range as bits, as xd_lanes_kinds() has them of its kinds. */
static inline uint64_t
xd_lanes_within(xd_lanes block, char first, char count)
{
    return xd_lanes_bits(xd_lanes_range(block, first, count));
}

static inline uint64_t
xd_lanes_equal(xd_lanes block, char c)
{
    return xd_lanes_bits(_mm_cmpeq_epi8(block, _mm_set1_epi8(c)));
}

/* Is each byte between those of `low` and `high` in the same place? */
static inline bool
xd_bytes16_within(struct xd_bytes16 bytes, const uint8_t *low, const uint8_t *high)
{
    __m128i block = xd_lanes_of(bytes);
    __m128i raised = _mm_max_epu8(block, xd_lanes_load((const char *)low));
    __m128i lowered = _mm_min_epu8(raised, xd_lanes_load((const char *)high));

    return xd_lanes_bits(_mm_cmpeq_epi8(lowered, block)) == 0xffff;
}
#else
typedef struct xd_lanes {
    unsigned char of[16];
} xd_lanes;

static inline xd_lanes
xd_lanes_load(const char *bytes)
{
    xd_lanes block;

    memcpy(block.of, bytes, sizeof(block.of));
    return block;
}

static inline xd_lanes
xd_lanes_of(struct xd_bytes16 bytes)
{
    xd_lanes block;

    memcpy(block.of, &bytes.low, 8);
    memcpy(block.of + 8, &bytes.high, 8);
    return block;
}

static inline struct xd_byte_kinds
xd_lanes_kinds(xd_lanes block)
{
    struct xd_byte_kinds kinds = {0};

    for (unsigned i = 0; i < 16; i++) {
        unsigned char c = block.of[i];
        kinds.letters |= (uint64_t)xd_is_alpha((char)c) << i;
        kinds.digits |= (uint64_t)xd_is_digit((char)c) << i;
        kinds.high |= (uint64_t)(c >= 0x80) << i;
        kinds.odd |= (uint64_t)(c < ' ' || c >= 0x7f || c == '?' || c == '@') << i;
    }
    return kinds;
}

static inline uint64_t
xd_lanes_plain(xd_lanes block)
{
    struct xd_byte_kinds kinds = xd_lanes_kinds(block);

    return kinds.letters | kinds.digits;
}

static inline uint64_t
xd_lanes_within(xd_lanes block, char first, char count)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < 16; i++) {
        bits |= (uint64_t)(block.of[i] - (unsigned)first < (unsigned)count) << i;
    }
    return bits;
}

static inline uint64_t
xd_lanes_equal(xd_lanes block, char c)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < 16; i++) {
        bits |= (uint64_t)(block.of[i] == (unsigned char)c) << i;
    }
    return bits;
}

static inline bool
xd_bytes16_within(struct xd_bytes16 bytes, const uint8_t *low, const uint8_t *high)
{
    xd_lanes block = xd_lanes_of(bytes);

    for (unsigned i = 0; i < 16; i++) {
        if (block.of[i] < low[i] || block.of[i] > high[i]) {
            return false;
        }
    }
    return true;
}
#endif

static inline void
xd_kinds_add(struct xd_byte_kinds *to, struct xd_byte_kinds more, size_t at)
{
    to->letters |= more.letters << at;
    to->digits |= more.digits << at;
    to->high |= more.high << at;
    to->odd |= more.odd << at;
}

/* The kinds of the bytes of a value of 1 to 64 bytes. */
static inline struct xd_byte_kinds __attribute__((always_inline))
xd_bytes_kinds(struct xd_slice text)
{
    struct xd_byte_kinds kinds;

    if (text.len <= 16) {
        kinds = xd_lanes_kinds(xd_lanes_of(xd_bytes16(text)));
        kinds.odd &= xd_bytes_all(text.len);
        return kinds;
    }
    kinds = xd_lanes_kinds(xd_lanes_load(text.ptr));
    for (size_t at = 16; at + 16 < text.len; at += 16) {
        xd_kinds_add(&kinds, xd_lanes_kinds(xd_lanes_load(text.ptr + at)), at);
    }
    xd_kinds_add(&kinds, xd_lanes_kinds(xd_lanes_load(text.ptr + text.len - 16)), text.len - 16);
    return kinds;
}

/* Where `c`, which is not NUL, stands in a value of 1 to 64 bytes. */
static inline uint64_t
xd_bytes_equal(struct xd_slice text, char c)
{
    uint64_t bits;

    if (text.len <= 16) {
        return xd_lanes_equal(xd_lanes_of(xd_bytes16(text)), c);
    }
    bits = xd_lanes_equal(xd_lanes_load(text.ptr), c);
    for (size_t at = 16; at + 16 < text.len; at += 16) {
        bits |= xd_lanes_equal(xd_lanes_load(text.ptr + at), c) << at;
    }
    return bits | xd_lanes_equal(xd_lanes_load(text.ptr + text.len - 16), c) << (text.len - 16);
}

#endif
