/*
 * Prefixes of one list differ in length, so they are kept as written instead of in a tree: a region
 * has two or three, and comparing those is quicker than walking anything.
 */
#include "reference/prefix.h"

#define PREFIX_MAX 8

static bool
parse_one(struct xd_slice word, struct xd_prefix *out)
{
    size_t dash;
    struct xd_slice low;
    struct xd_slice high;

    *out = (struct xd_prefix){.whole = word.len > 0 && word.ptr[0] == '='};
    word = xd_slice_sub(word, out->whole, SIZE_MAX);
    dash = xd_slice_find(word, '-');
    low = xd_slice_sub(word, 0, dash);
    high = dash < word.len ? xd_slice_sub(word, dash + 1, SIZE_MAX) : low;
    if (low.len == 0 || low.len > PREFIX_MAX || high.len != low.len) {
        return false;
    }
    out->len = (uint8_t)low.len;
    for (size_t i = 0; i < low.len; i++) {
        out->low = (out->low << 8) | (unsigned char)low.ptr[i];
        out->high = (out->high << 8) | (unsigned char)high.ptr[i];
    }
    return out->low <= out->high;
}

bool
xd_prefixes_parse(struct xd_slice text, struct xd_arena *arena, struct xd_prefixes *out)
{
    struct xd_prefix *list;
    struct xd_slice word;
    size_t count = 1;

    *out = (struct xd_prefixes){NULL, 0};
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == ' ';
    }
    list = xd_arena_array(arena, count, sizeof(*list));
    if (!list || count > UINT16_MAX) {
        return false;
    }
    out->list = list;
    while (xd_slice_next(&text, ' ', &word)) {
        if (!parse_one(word, &list[out->count++])) {
            return false;
        }
    }
    return true;
}

struct xd_packed_code
xd_packed_code(struct xd_slice canonical)
{
    struct xd_packed_code code = {0, 0};

    for (size_t i = 0; i < canonical.len; i++) {
        char c = canonical.ptr[i];
        if (c == ' ' || c == '-') {
            continue;
        }
        if (code.len < PREFIX_MAX) {
            code.packed |= (uint64_t)(unsigned char)c << (8 * (PREFIX_MAX - 1 - code.len));
        }
        code.len++;
    }
    return code;
}
