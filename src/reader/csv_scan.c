/*
 * Three quarters of the time that a clean manifest takes would go into handing every byte to
 * libcsv's state machine. Strict RFC 4180 needs no state machine but for parity: a byte lies
 * between quotes when an odd number of quotes stands in front of it, and the quotes are right when
 * each that opens stands behind a separator or a quote and each that closes stands before one. Both
 * are a few bit operations on 64 bytes; tests/unit/test_csv_scan.c holds the outcome against
 * libcsv.
 */
#include "reader/csv_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct masks {
    uint64_t stops; /* delimiters and line ends */
    uint64_t quotes;
};

#ifdef __SSE2__
static inline struct masks
classify(const char *block, char delimiter)
{
    const __m128i comma = _mm_set1_epi8(delimiter);
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n');
    const __m128i cr = _mm_set1_epi8('\r');
    struct masks masks = {0, 0};

    for (unsigned i = 0; i < XD_CSV_BLOCK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr));
        __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(bytes, comma), ends);
        masks.stops |= (uint64_t)(unsigned)_mm_movemask_epi8(stops) << i;
        masks.quotes |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)) << i;
    }
    return masks;
}
#else
static inline struct masks
classify(const char *block, char delimiter)
{
    struct masks masks = {0, 0};

    for (unsigned i = 0; i < XD_CSV_BLOCK; i++) {
        char c = block[i];
        masks.stops |= (uint64_t)(c == delimiter || c == '\n' || c == '\r') << i;
        masks.quotes |= (uint64_t)(c == '"') << i;
    }
    return masks;
}
#endif

/* Bit i of the result is the parity of bits 0 to i. */
static inline uint64_t
parities(uint64_t bits)
{
    for (unsigned shift = 1; bits && shift < XD_CSV_BLOCK; shift *= 2) {
        bits ^= bits << shift;
    }
    return bits;
}

void
xd_csv_scan_init(struct xd_csv_scan *scan, struct xd_slice text, char delimiter)
{
    *scan = (struct xd_csv_scan){.text = text, .delimiter = delimiter, .border = 1};
}

/* The next block; behind the end of the text it is filled up with line ends, which stop a value as
 * the end does and are not given as marks. */
static struct masks
next_block(struct xd_csv_scan *scan, uint64_t *real)
{
    size_t left = scan->text.len - scan->at;
    const char *from = scan->text.ptr + scan->at;
    char padded[XD_CSV_BLOCK];

    scan->at += left < XD_CSV_BLOCK ? left : XD_CSV_BLOCK;
    *real = UINT64_MAX;
    if (left >= XD_CSV_BLOCK) {
        return classify(from, scan->delimiter);
    }
    *real = ((uint64_t)1 << left) - 1;
    memset(padded, '\n', sizeof(padded));
    memcpy(padded, from, left);
    return classify(padded, scan->delimiter);
}

bool
xd_csv_scan_block(struct xd_csv_scan *scan, uint64_t *marks)
{
    uint64_t real;
    struct masks masks = next_block(scan, &real);
    uint64_t inside = parities(masks.quotes) ^ scan->inside;
    uint64_t opens = masks.quotes & inside;
    uint64_t closes = masks.quotes & ~inside;
    uint64_t borders = masks.stops | masks.quotes;
    bool wrong = opens & ~(borders << 1 | scan->border);

    wrong |= (closes << 1 | scan->closed) & ~borders;
    *marks = masks.stops & ~inside & real;
    scan->inside = inside >> (XD_CSV_BLOCK - 1) ? UINT64_MAX : 0;
    scan->border = borders >> (XD_CSV_BLOCK - 1);
    scan->closed = closes >> (XD_CSV_BLOCK - 1);
    return !wrong;
}
