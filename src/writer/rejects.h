/*
 * The rows that did not pass, as the merchant wrote them, with what is wrong beside each: to be
 * corrected in place and sent again. The original bytes are not touched; the added columns begin
 * with _xd_ and are ignored when they come back.
 */
#ifndef XD_WRITER_REJECTS_H
#define XD_WRITER_REJECTS_H

#include "base/buf.h"
#include "model/finding.h"
#include "reference/finding_text.h"

struct xd_rejects {
    const struct xd_finding_texts *texts;
    char delimiter; /* of the document */
};

/* Appends the header: `raw` is the document's own header line, with or without its line end. */
void xd_rejects_header(const struct xd_rejects *rejects, struct xd_slice raw, struct xd_buf *buf);

/*
 * Appends one row: `raw` is the record as it stands in the document, quotes and all, with or
 * without its line end; `line` is the editor line at which it starts; `findings` are those of this
 * row, not none. A record whose own quoting is broken cannot be carried this way and must not be
 * given.
 */
void xd_rejects_row(const struct xd_rejects *rejects, struct xd_slice raw, uint64_t line,
                    const struct xd_finding *findings, size_t count, struct xd_buf *buf);

#endif
