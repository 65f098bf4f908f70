/*
 * Rows and findings are both in the order of the document, so one walk over each finds what belongs
 * together. Only rows of which a finding was kept are given back: beyond the limit of findings a
 * person is not going to correct rows by hand.
 */
#include "pipeline/rejected.h"

#include <sysexits.h>

#include "reader/csv.h"
#include "writer/rejects.h"

#define REJECTED_MAX ((size_t)1 << 30)

struct walk {
    struct xd_run *run;
    const struct xd_document *document;
    struct xd_csv csv;
    struct xd_rejects rejects;
    struct xd_place place;
    uint64_t offset; /* byte that `place` stands at */
    size_t next;     /* finding to look at next */
    struct xd_buf buf;
};

static struct xd_slice
record_at(const struct walk *walk, uint64_t offset)
{
    return xd_slice_sub(walk->document->text, offset, xd_csv_cut(&walk->csv, offset, 1) - offset);
}

/* The findings of a row; those of earlier rows are passed over. */
static const struct xd_finding *
findings_of(struct walk *walk, uint32_t row, size_t *count)
{
    const struct xd_findings *all = &walk->run->findings;
    size_t first;

    while (walk->next < all->count && (all->list[walk->next].document < walk->document->index ||
                                       (all->list[walk->next].document == walk->document->index &&
                                        all->list[walk->next].row < row))) {
        walk->next++;
    }
    first = walk->next;
    while (walk->next < all->count && all->list[walk->next].document == walk->document->index &&
           all->list[walk->next].row == row) {
        walk->next++;
    }
    *count = walk->next - first;
    return all->list + first;
}

static void
add_row(struct walk *walk, const struct xd_batch *batch, uint32_t row)
{
    uint64_t offset = xd_rows_offset(&batch->rows, row);
    size_t count;
    const struct xd_finding *findings =
        findings_of(walk, xd_rows_number(&batch->rows, row), &count);

    if (count == 0) {
        return;
    }
    if (walk->buf.len == 0) {
        xd_rejects_header(&walk->rejects, record_at(walk, walk->document->header_offset),
                          &walk->buf);
    }
    walk->place = xd_document_place(walk->document, walk->place, walk->offset, offset);
    walk->offset = offset;
    xd_rejects_row(&walk->rejects, record_at(walk, offset), walk->place.line, findings, count,
                   &walk->buf);
}

static void
add_rows(struct walk *walk)
{
    const struct xd_intake *manifests = &walk->run->manifests;

    for (size_t i = 0; i < manifests->batch_count; i++) {
        const struct xd_batch *batch = manifests->batches[i];
        if (batch->rows.document->index != walk->document->index) {
            continue;
        }
        for (uint32_t row = 0; row < batch->rows.count; row++) {
            if (batch->facts[row].disposition != XD_HANDOFF) {
                add_row(walk, batch, row);
            }
        }
    }
}

static bool
publish(struct walk *walk, unsigned number)
{
    struct xd_run *run = walk->run;
    struct xd_output *output;
    struct xd_buf name;

    if (walk->buf.failed) {
        return xd_error_set(run->err, EX_OSERR, "not enough memory for the rejected rows");
    }
    xd_buf_init(&name, 64);
    xd_buf_str(&name, "rejected");
    if (number > 1) {
        xd_buf_char(&name, '-');
        xd_buf_u64(&name, number);
    }
    xd_buf_str(&name, ".csv");
    output = xd_output_add(&run->outputs, xd_buf_slice(&name), run->err);
    xd_buf_free(&name);
    return output && xd_output_write(output, xd_buf_slice(&walk->buf), run->err);
}

bool
xd_rejected_publish(struct xd_run *run)
{
    unsigned number = 0;
    size_t next = 0;
    bool ok = true;

    for (size_t i = 0; ok && i < run->manifests.document_count; i++) {
        const struct xd_document *document = run->manifests.documents[i];
        if (document->use != XD_DOCUMENT_READ || document->header_count == 0) {
            continue;
        }
        struct walk walk = {.run = run,
                            .document = document,
                            .csv = {.document = document,
                                    .limits = &run->tables->limits,
                                    .literal = document->literal_quotes},
                            .rejects = {run->tables->texts, document->delimiter},
                            .place = {1, 1},
                            .next = next};
        xd_buf_init(&walk.buf, REJECTED_MAX);
        add_rows(&walk);
        next = walk.next;
        ok = walk.buf.len == 0 || publish(&walk, ++number);
        xd_buf_free(&walk.buf);
    }
    return ok;
}
