/*
 * Lines are counted when a finding is shown and not while parcels are read: a clean manifest never
 * pays for it.
 */
#include "model/document.h"

#include "base/scan.h"

/* Lines end at every LF and at every CR that no LF follows; both are counted at memory speed. */
static uint64_t
line_ends(struct xd_slice text, uint64_t from, uint64_t to)
{
    struct xd_slice part = xd_slice_sub(text, from, to - from);
    uint64_t count = xd_scan_count(part, '\n');
    struct xd_slice rest = part;

    for (size_t cr = xd_slice_find(rest, '\r'); cr < rest.len; cr = xd_slice_find(rest, '\r')) {
        const char *behind = rest.ptr + cr + 1;
        count += behind == text.ptr + text.len || *behind != '\n';
        rest = xd_slice_sub(rest, cr + 1, SIZE_MAX);
    }
    return count;
}

struct xd_place
xd_document_place(const struct xd_document *document, struct xd_place from, uint64_t from_offset,
                  uint64_t offset)
{
    struct xd_slice text = document->text;
    uint64_t start;

    if (offset > text.len) {
        offset = text.len;
    }
    from.line += line_ends(text, from_offset, offset);
    for (start = offset; start > from_offset; start--) {
        if (text.ptr[start - 1] == '\n' ||
            (text.ptr[start - 1] == '\r' && (start == text.len || text.ptr[start] != '\n'))) {
            from.column = 1;
            break;
        }
    }
    for (; start < offset; start++) {
        from.column += ((unsigned char)text.ptr[start] & 0xc0) != 0x80;
    }
    return from;
}

void
xd_places_start(struct xd_places *places, const struct xd_document *document)
{
    places->document = document;
    places->stride = document->text.len / XD_PLACE_MARKS + 1;
    places->known = 1;
    places->marks[0] = (struct xd_place){1, 1};
    places->last_offset = 0;
    places->last = places->marks[0];
}

struct xd_place
xd_places_find(struct xd_places *places, uint64_t offset)
{
    const struct xd_document *document = places->document;
    uint64_t to = offset < document->text.len ? offset : document->text.len;
    size_t mark = (size_t)(to / places->stride);

    for (; places->known <= mark; places->known++) {
        uint64_t from = (places->known - 1) * places->stride;
        places->marks[places->known] = xd_document_place(document, places->marks[places->known - 1],
                                                         from, from + places->stride);
    }
    if (places->last_offset > to || places->last_offset < mark * places->stride) {
        places->last_offset = mark * places->stride;
        places->last = places->marks[mark];
    }
    places->last = xd_document_place(document, places->last, places->last_offset, to);
    places->last_offset = to;
    return places->last;
}
