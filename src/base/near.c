/*
 * Levenshtein's distance with one row of the table: words are short, and a distance that is no slip
 * any more need not be known.
 */
#include "base/near.h"

#define LONGEST 32

unsigned
xd_near_distance(struct xd_slice a, struct xd_slice b)
{
    unsigned row[LONGEST + 1];

    if (a.len > LONGEST || b.len > LONGEST || a.len > b.len + 2 || b.len > a.len + 2) {
        return XD_NEAR_NOT;
    }
    for (size_t j = 0; j <= b.len; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned replaced = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
            diagonal = row[j];
            row[j] = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = row[j] < replaced ? row[j] : replaced;
        }
    }
    return row[b.len] < XD_NEAR_NOT ? row[b.len] : XD_NEAR_NOT;
}
