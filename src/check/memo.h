/*
 * Answers that were given before. A manifest asks for the same six carriers, the same hundred
 * regions and the same cities a million times; what a short text stood for is kept as it was
 * written, so that it is neither folded nor hashed again. An answer is overwritten by the next one
 * that falls on its place.
 */
#ifndef XD_CHECK_MEMO_H
#define XD_CHECK_MEMO_H

#include "base/bytes.h"

#define XD_MEMOS 256

struct xd_memo {
    struct xd_bytes16 text;
    uint32_t key; /* length and kind of the text; 0: nothing is kept here */
    uint32_t answer;
};

/* Texts that fit are kept with the country, or whatever else the answer depends on. */
static inline bool
xd_memo_takes(struct xd_slice text)
{
    return text.len > 0 && text.len <= 16;
}

/* Where the answer of a text that fits is, or is to be put. *known says which; when it is not, the
 * place is made ready and the caller writes the answer. */
static inline uint32_t *
xd_memo_find(struct xd_memo *memos, struct xd_slice text, uint16_t kind, bool *known)
{
    struct xd_bytes16 bytes = xd_bytes16(text);
    uint32_t key = (uint32_t)kind << 8 | (uint32_t)text.len;
    uint64_t mixed = (bytes.low ^ bytes.high << 1 ^ key) * UINT64_C(0x9e3779b97f4a7c15);
    struct xd_memo *memo = &memos[(mixed >> 32) % XD_MEMOS];

    *known = memo->key == key && memo->text.low == bytes.low && memo->text.high == bytes.high;
    if (!*known) {
        memo->text = bytes;
        memo->key = key;
    }
    return &memo->answer;
}

#endif
