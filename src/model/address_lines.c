/*
 * "Flat 4" and "12 B" are one piece each: a word with a digit in it stays with the short words
 * around it, so a number is never alone on the next label line, where a courier would miss it.
 */
#include "model/address_lines.h"

#define SHORT_WORD                                                                                 \
    4 /* letters of a word that belongs to the number beside it: Apt., No, bis, B                  \
       */

static struct xd_slice
next_word(struct xd_slice *rest)
{
    struct xd_slice word;
    size_t end;

    *rest = xd_slice_trim(*rest);
    end = xd_slice_find(*rest, ' ');
    word = xd_slice_sub(*rest, 0, end);
    *rest = xd_slice_sub(*rest, end, SIZE_MAX);
    return word;
}

/* May a line end between these two words? */
static bool
may_cut(struct xd_slice left, struct xd_slice right)
{
    bool comma = left.len && left.ptr[left.len - 1] == ',';

    if (comma) {
        return true;
    }
    if (xd_slice_has_digit(right)) {
        return left.len > SHORT_WORD && !xd_slice_has_digit(left);
    }
    return !xd_slice_has_digit(left) || right.len > SHORT_WORD;
}

/* The words from the start of `rest` up to where a line may end. */
static struct xd_slice
next_piece(struct xd_slice *rest)
{
    struct xd_slice piece = next_word(rest);
    struct xd_slice last = piece;

    while (rest->len) {
        struct xd_slice ahead = *rest;
        struct xd_slice word = next_word(&ahead);
        if (word.len == 0 || may_cut(last, word)) {
            break;
        }
        piece.len = (size_t)(word.ptr + word.len - piece.ptr);
        last = word;
        *rest = ahead;
    }
    return piece;
}

size_t
xd_address_wrap(struct xd_slice text, size_t chars, size_t lines, struct xd_slice *parts)
{
    struct xd_slice rest = xd_slice_trim(text);
    size_t count = 0;

    while (rest.len) {
        struct xd_slice piece = next_piece(&rest);
        struct xd_slice *line = count ? &parts[count - 1] : NULL;
        size_t joined = line ? (size_t)(piece.ptr + piece.len - line->ptr) : 0;
        if (line && joined <= chars) {
            line->len = joined;
        } else if (count == lines || piece.len > chars) {
            return 0;
        } else {
            parts[count++] = piece;
        }
    }
    return count;
}
