/*
 * Spreadsheet columns count in letters without a zero: after Z comes AA, as after 9 would come 11
 * if there were no 0.
 */
#include "model/place.h"

#define LETTERS     26
#define LAST_COLUMN (LETTERS + LETTERS * LETTERS + LETTERS * LETTERS * LETTERS)

void
xd_column_letters(unsigned column, char letters[XD_LETTERS_MAX])
{
    char reversed[XD_LETTERS_MAX];
    size_t len = 0;

    for (; column > 0 && column <= LAST_COLUMN; column = (column - 1) / LETTERS) {
        reversed[len++] = (char)('A' + (column - 1) % LETTERS);
    }
    for (size_t i = 0; i < len; i++) {
        letters[i] = reversed[len - 1 - i];
    }
    letters[len] = '\0';
}

struct xd_finding_place
xd_finding_place(const struct xd_finding *finding, const struct xd_document *document,
                 struct xd_place from, uint64_t from_offset)
{
    uint64_t offset = finding->offset;
    struct xd_finding_place place = {.row = finding->row};

    /* The span counts from the value, and the value of a quoted cell stands behind its quote. */
    if (finding->span.len && offset < document->text.len) {
        offset += finding->span.off + (document->text.ptr[offset] == '"');
    }
    place.editor = xd_document_place(document, from, from_offset, offset);
    place.byte = offset + document->text_offset;
    xd_column_letters(finding->column, place.letters);
    if (finding->column && finding->column <= document->header_count) {
        place.header = document->header[finding->column - 1];
    }
    return place;
}
