/*
 * A name is read from its end: the point in time is fixed in length, and the merchant's name in
 * front of it may hold anything, the fixed word included.
 */
#include "reader/file_name.h"

#include "base/date.h"

#define STAMP_LEN 12

static int
two_digits(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* ddmmyyyyhhmm */
static bool
real_moment(struct xd_slice digits)
{
    const char *at = digits.ptr;
    xd_date day;

    return xd_date_make(two_digits(at + 4) * 100 + two_digits(at + 6), two_digits(at + 2),
                        two_digits(at), &day) &&
           two_digits(at + 8) < 24 && two_digits(at + 10) < 60;
}

/* The word between {merchant} and the point in time. */
static struct xd_slice
fixed_word(struct xd_slice pattern)
{
    size_t begin = xd_slice_find(pattern, '}');
    struct xd_slice rest = xd_slice_sub(pattern, begin + 1, SIZE_MAX);

    return xd_slice_sub(rest, 0, xd_slice_find(rest, '{'));
}

enum xd_finding_code
xd_file_name_check(struct xd_slice pattern, struct xd_slice name, struct xd_span *span)
{
    struct xd_slice word = fixed_word(pattern);
    size_t base = name.len;
    size_t end;

    while (base > 0 && name.ptr[base - 1] != '/' && name.ptr[base - 1] != '\\') {
        base--;
    }
    end = base + xd_slice_find(xd_slice_sub(name, base, SIZE_MAX), '.');
    *span = (struct xd_span){(uint32_t)base, (uint32_t)(end - base)};
    if (end - base <= STAMP_LEN + word.len) {
        return XD_F_CSV_FILE_NAME;
    }
    struct xd_slice stamp = xd_slice_sub(name, end - STAMP_LEN, STAMP_LEN);
    struct xd_slice before = xd_slice_sub(name, base, end - STAMP_LEN - base);
    if (!xd_slice_digits(stamp) || !xd_slice_ends(before, word)) {
        return XD_F_CSV_FILE_NAME;
    }
    *span = (struct xd_span){(uint32_t)(end - STAMP_LEN), STAMP_LEN};
    return real_moment(stamp) ? XD_F_NONE : XD_F_CSV_FILE_NAME_DATE;
}
