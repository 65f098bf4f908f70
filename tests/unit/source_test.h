/*
 * Opens bytes as the pipeline does and lets the surest reader turn each document into text: one
 * line a row, "field=value" for each that is said, so that a test compares what was understood and
 * not how it is stored.
 */
#ifndef XD_SOURCE_TEST_H
#define XD_SOURCE_TEST_H

#include "table_test.h"

#include "base/buf.h"
#include "reader/reader.h"
#include "reference/finding_text.h"
#include "source/source.h"

struct opened {
    struct xd_arena arena;
    struct xd_error err;
    struct xd_tables tables;
    struct xd_limits limits;
    struct xd_finding_texts texts;
    struct xd_findings findings;
    struct xd_source source;
    struct xd_buf dump;
    const struct xd_rows *rows[64]; /* batches taken */
    size_t batches;
    uint32_t row_count;
    bool readable;
};

static inline void
opened_init(struct opened *o)
{
    memset(o, 0, sizeof(*o));
    xd_arena_init(&o->arena, 1 << 16, 0);
    o->tables.arena = &o->arena;
    xd_buf_init(&o->dump, 64 << 20);
    xd_findings_init(&o->findings, &o->arena, 1000);
    assert_true(xd_limits_load(&o->limits, &o->tables, &o->err));
    assert_true(xd_finding_texts_load(&o->texts, &o->tables, &o->err));
}

static inline void
opened_free(struct opened *o)
{
    xd_source_close(&o->source);
    xd_buf_free(&o->dump);
    xd_arena_free(&o->arena);
}

static inline bool
reader_bids(void *ctx, struct xd_slice head)
{
    const char *reason = "";
    const struct xd_reader *reader = xd_reader_choose(head, &reason);

    (void)ctx;
    return reader && reader->read; /* not the CSV, which any text could be */
}

static inline bool
dump_rows(void *taker, struct xd_rows *rows)
{
    struct opened *o = taker;

    if (o->batches < sizeof(o->rows) / sizeof(o->rows[0])) {
        o->rows[o->batches++] = rows;
    }
    o->row_count += rows->count;
    for (uint32_t row = 0; row < rows->count && o->row_count < 10000; row++) {
        for (unsigned field = 0; field < XD_FIELD_COUNT; field++) {
            struct xd_slice value = xd_rows_get(rows, row, (enum xd_field)field, &o->arena);
            if (value.len) {
                xd_buf_printf(&o->dump, "%s=%.*s ", xd_field_name((enum xd_field)field),
                              XD_FMT(value));
            }
        }
        xd_buf_char(&o->dump, '\n');
    }
    return true;
}

/* Reads every document that is to be read and has a reader of its own; false when our surroundings
 * failed. */
static inline bool
opened_read(struct opened *o)
{
    for (size_t i = 0; i < o->source.count; i++) {
        const char *reason = "";
        struct xd_document *document = &o->source.documents[i];
        const struct xd_reader *reader =
            document->use == XD_DOCUMENT_READ ? xd_reader_choose(document->text, &reason) : NULL;
        struct xd_reading reading = {.document = document,
                                     .limits = &o->limits,
                                     .tables = &o->tables,
                                     .findings = &o->findings,
                                     .arena = &o->arena,
                                     .err = &o->err,
                                     .take = dump_rows,
                                     .taker = o};
        if (reader && reader->read) {
            document->format = xd_slice_str(reader->name);
            if (!reader->read(&reading)) {
                return false;
            }
            document->use = reading.refused ? XD_DOCUMENT_REFUSED : document->use;
        }
    }
    return true;
}

static inline struct xd_source_options
opened_options(struct opened *o, enum xd_encoding encoding)
{
    return (struct xd_source_options){.limits = &o->limits,
                                      .encoding = encoding,
                                      .arena = &o->arena,
                                      .findings = &o->findings,
                                      .is_manifest = reader_bids,
                                      .ctx = o};
}

/* Bytes to rows and findings. The bytes are copied, with a zero behind them, and the copy is
 * checked not to change. */
static inline void
open_bytes(struct opened *o, const char *name, struct xd_slice bytes)
{
    struct xd_source_options options = opened_options(o, XD_ENCODING_NONE);
    struct xd_slice copy = xd_arena_copy(&o->arena, bytes);

    assert_true(xd_source_read(&o->source, &options, name, copy, &o->err));
    o->readable = opened_read(o);
    assert_true(bytes.len == 0 || memcmp(copy.ptr, bytes.ptr, bytes.len) == 0);
}

/* The same for a file of the project, named from its root. */
static inline void
open_file(struct opened *o, const char *path)
{
    struct xd_source_options options = opened_options(o, XD_ENCODING_NONE);
    const char *root = getenv("XD_ROOT");
    char full[1024];

    (void)snprintf(full, sizeof(full), "%s/%s", root ? root : ".", path);
    if (!xd_source_open(&o->source, &options, full, &o->err)) {
        fail_msg("%s", o->err.text);
    }
    o->readable = opened_read(o);
}

/* "slug@offset slug@offset ...": what was found and where. */
static inline const char *
found(struct opened *o)
{
    struct xd_buf text;
    struct xd_slice kept;

    xd_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < o->findings.count; i++) {
        const struct xd_finding *finding = &o->findings.list[i];
        xd_buf_printf(&text, "%s%.*s@%llu", i ? " " : "", XD_FMT(o->texts.of[finding->code].slug),
                      (unsigned long long)finding->offset);
    }
    kept = xd_arena_copy(&o->arena, xd_buf_slice(&text));
    xd_buf_free(&text);
    return kept.ptr ? kept.ptr : "";
}

static inline const char *
dumped(struct opened *o)
{
    xd_buf_char(&o->dump, '\0');
    return o->dump.ptr;
}

#endif
