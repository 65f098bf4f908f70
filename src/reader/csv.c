/*
 * CSV: placeholder bid until the reader lands in the next commit.
 */
#include "reader/reader.h"

static struct xd_bid
bid(struct xd_slice head)
{
    return (struct xd_bid){memchr(head.ptr, ',', head.len) ? 20u : 0u, "its first line has commas"};
}

const struct xd_reader xd_reader_csv = {"csv", "comma-separated values (RFC 4180)", bid, NULL};
