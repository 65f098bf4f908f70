/* Any bytes to UTF-8, the first byte choosing what is declared: what comes out is valid, and cut
 * anywhere between two characters it is judged as it is in one piece. */
#include <stdlib.h>

#include "fuzz_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_pieces(struct xd_slice text)
{
    struct xd_charset_fault fault = {0};
    struct xd_charset_fault piece = {0};
    bool fine = xd_charset_check(text, 0, text.len, &fault);
    uint64_t cut = text.len / 2;

    while (cut < text.len && ((unsigned char)text.ptr[cut] & 0xc0) == 0x80) {
        cut++;
    }
    if (!fine && fault.offset < cut) {
        return;
    }
    fuzz_require(xd_charset_check(text, 0, cut, &piece));
    fuzz_require(xd_charset_check(text, cut, text.len, &piece) == fine);
    fuzz_require(fine || piece.offset == fault.offset);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xd_charset_fault fault;
    struct xd_text text;
    struct xd_slice copy;
    struct xd_arena arena;

    if (size == 0) {
        return 0;
    }
    xd_arena_init(&arena, 1 << 12, 0);
    copy = xd_arena_copy(&arena, xd_slice_of((const char *)data + 1, size - 1));
    if (xd_charset_prepare(copy, (enum xd_encoding)(data[0] % XD_ENCODING_COUNT), &text, &fault)) {
        fuzz_require(!text.transcoded || xd_charset_check(text.bytes, 0, text.bytes.len, &fault) ||
                     fault.kind != XD_CHARSET_INVALID);
        check_pieces(text.bytes);
    } else {
        fuzz_require(fault.kind != XD_CHARSET_FINE && fault.offset <= copy.len + text.bytes.len);
    }
    xd_region_close(&text.region);
    xd_arena_free(&arena);
    return 0;
}
