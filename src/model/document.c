/*
 * Lines are counted when a finding is shown and not while parcels are read: a clean manifest never pays for it.
 */
#include "model/document.h"

static bool
ends_line(struct xd_slice text, uint64_t at)
{
    char c = text.ptr[at];

    return c == '\n' || (c == '\r' && (at + 1 == text.len || text.ptr[at + 1] != '\n'));
}

struct xd_place
xd_document_place(const struct xd_document *document, struct xd_place from, uint64_t from_offset,
                  uint64_t offset)
{
    if (offset > document->text.len) {
        offset = document->text.len;
    }
    for (uint64_t at = from_offset; at < offset; at++) {
        if (ends_line(document->text, at)) {
            from.line++;
            from.column = 1;
        } else if (((unsigned char)document->text.ptr[at] & 0xc0) != 0x80) {
            from.column++;
        }
    }
    return from;
}
