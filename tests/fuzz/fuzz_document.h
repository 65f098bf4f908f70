/*
 * Any bytes through source and readers. Beyond "no crash": the input is not altered, every finding
 * points into its document, and a document that was refused has made no row count. Tables are
 * loaded once; everything else is new each time.
 */
#ifndef XD_FUZZ_DOCUMENT_H
#define XD_FUZZ_DOCUMENT_H

#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "reader/reader.h"
#include "source/source.h"

struct fuzz_run {
    struct xd_arena arena;
    struct xd_tables tables;
    struct xd_limits limits;
    struct xd_findings findings;
    struct xd_error err;
    struct xd_source source;
    uint64_t rows;
};

static inline void
fuzz_require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static inline bool
fuzz_take(void *taker, struct xd_rows *rows)
{
    struct fuzz_run *run = taker;
    struct xd_arena scratch;

    xd_arena_init(&scratch, 1 << 12, 0);
    for (uint32_t row = 0; row < rows->count; row++) {
        for (unsigned column = 0; column < rows->columns->count; column++) {
            struct xd_slice value = xd_rows_value(rows, row, column, &scratch);
            fuzz_require(value.len == 0 || xd_hash(value) != 1); /* reads every byte */
            fuzz_require(xd_rows_value_offset(rows, row, column) <= rows->document->text.len);
        }
    }
    xd_arena_free(&scratch);
    run->rows += rows->count;
    return true;
}

static inline bool
fuzz_is_manifest(void *ctx, struct xd_slice head)
{
    const char *reason = "";

    (void)ctx;
    return xd_reader_choose(head, &reason) != NULL;
}

static inline void
fuzz_read(struct fuzz_run *run, struct xd_document *document, const struct xd_reader *only)
{
    const char *reason = "";
    const struct xd_reader *reader = only ? only : xd_reader_choose(document->text, &reason);
    struct xd_reading reading = {.document = document,
                                 .limits = &run->limits,
                                 .tables = &run->tables,
                                 .findings = &run->findings,
                                 .arena = &run->arena,
                                 .err = &run->err,
                                 .take = fuzz_take,
                                 .taker = run};

    if (document->use == XD_DOCUMENT_READ && reader && reader->read) {
        fuzz_require(reader->read(&reading));
        fuzz_require(!reading.refused || run->findings.count > 0);
    }
}

/* Bytes to documents to rows; `only` reads them all when it is not NULL. */
static inline void
fuzz_bytes(struct xd_slice bytes, const struct xd_reader *only)
{
    struct fuzz_run run = {.rows = 0};
    struct xd_source_options options = {.limits = &run.limits,
                                        .arena = &run.arena,
                                        .findings = &run.findings,
                                        .is_manifest = fuzz_is_manifest};
    struct xd_slice copy;
    uint64_t before;

    xd_arena_init(&run.arena, 1 << 16, 0);
    run.tables.arena = &run.arena;
    xd_findings_init(&run.findings, &run.arena, 1000);
    fuzz_require(xd_limits_load(&run.limits, &run.tables, &run.err));
    run.limits.of[XD_LIMIT_ARCHIVE_BYTES].value = 1 << 24;
    run.limits.of[XD_LIMIT_ARCHIVE_ENTRY_BYTES].value = 1 << 24;
    copy = xd_arena_copy(&run.arena, bytes);
    before = xd_hash(copy);
    fuzz_require(xd_source_read(&run.source, &options, "fuzz", copy, &run.err));
    fuzz_require(run.source.count > 0);
    for (size_t i = 0; i < run.source.count; i++) {
        fuzz_read(&run, &run.source.documents[i], only);
    }
    for (size_t i = 0; i < run.findings.count; i++) {
        const struct xd_finding *finding = &run.findings.list[i];
        fuzz_require(finding->document < run.source.count);
        fuzz_require(!finding->placed ||
                     finding->offset <= run.source.documents[finding->document].text.len);
    }
    fuzz_require(xd_hash(copy) == before);
    xd_source_close(&run.source);
    xd_arena_free(&run.arena);
}

#endif
