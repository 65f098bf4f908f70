/*
 * Sixteen bytes a step. The counters of a step are single bytes, so they are emptied before they
 * can overflow.
 */
#include "base/scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

size_t
xd_scan_count(struct xd_slice text, char c)
{
    size_t count = 0;
    size_t at = 0;

#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi8(c);
    while (text.len - at >= 16) {
        size_t steps = (text.len - at) / 16;
        __m128i sums = _mm_setzero_si128();
        steps = steps > 255 ? 255 : steps;
        for (size_t i = 0; i < steps; i++, at += 16) {
            __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(text.ptr + at));
            sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(block, wanted));
        }
        sums = _mm_sad_epu8(sums, _mm_setzero_si128());
        count += (size_t)_mm_cvtsi128_si64(sums) +
                 (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
    }
#endif
    for (; at < text.len; at++) {
        count += text.ptr[at] == c;
    }
    return count;
}
