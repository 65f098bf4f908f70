/*
 * Where a value stands as a person looks for it: an editor shows lines and columns, a spreadsheet
 * rows and letters. A line break inside a quoted cell makes the two differ, so a finding gives both
 * and says which is which.
 */
#ifndef XD_MODEL_PLACE_H
#define XD_MODEL_PLACE_H

#include "model/document.h"
#include "model/finding.h"

#define XD_LETTERS_MAX 4 /* "IV" is column 256; three letters and a NUL reach 18278 */

/* "A" for column 1, "Z" for 26, "AA" for 27; empty for 0 and for columns beyond ZZZ. */
void xd_column_letters(unsigned column, char letters[XD_LETTERS_MAX]);

/* Everything that helps a person to find the value. */
struct xd_finding_place {
    struct xd_place editor;       /* line and column of the faulty span, from 1 */
    uint64_t byte;                /* of the faulty span, counted in the file as it was sent */
    uint32_t row;                 /* spreadsheet row; 0 when the finding is about the document */
    char letters[XD_LETTERS_MAX]; /* spreadsheet column; empty when it is not about one */
    struct xd_slice header;       /* name of that column as spelled; may be empty */
};

/*
 * The place of a finding in its document. `from` is a place known before (line 1, column 1 and byte
 * 0 to begin with): lines are counted on from there, so findings in input order cost one pass over
 * the text together.
 */
struct xd_finding_place xd_finding_place(const struct xd_finding *finding,
                                         const struct xd_document *document, struct xd_place from,
                                         uint64_t from_offset);

#endif
