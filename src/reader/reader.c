/*
 * The table of formats. Content decides, never the file name: merchants rename files more often
 * than they change them.
 */
#include "reader/reader.h"

/* Every format defines one struct in its own file. */
#define READERS(X)                                                                                 \
    X(xd_reader_csv)                                                                               \
    X(xd_reader_xml)                                                                               \
    X(xd_reader_json)                                                                              \
    X(xd_reader_edifact)                                                                           \
    X(xd_reader_x12)

#define X(name) extern const struct xd_reader name;
READERS(X)
#undef X

static const struct xd_reader *const TABLE[] = {
#define X(name) &name,
    READERS(X)
#undef X
};

const struct xd_reader *
xd_reader_at(size_t index)
{
    return index < sizeof(TABLE) / sizeof(TABLE[0]) ? TABLE[index] : NULL;
}

const struct xd_reader *
xd_reader_choose(struct xd_slice head, const char **reason)
{
    const struct xd_reader *best = NULL;
    unsigned sure = 0;

    head = xd_slice_sub(head, 0, 4096);
    for (size_t i = 0; xd_reader_at(i); i++) {
        struct xd_bid bid = xd_reader_at(i)->bid(head);
        if (bid.sure > sure) {
            best = xd_reader_at(i);
            sure = bid.sure;
            *reason = bid.reason;
        }
    }
    return best;
}

const struct xd_reader *
xd_reader_find(struct xd_slice name)
{
    for (size_t i = 0; xd_reader_at(i); i++) {
        if (xd_slice_eq(xd_slice_str(xd_reader_at(i)->name), name)) {
            return xd_reader_at(i);
        }
    }
    return NULL;
}
