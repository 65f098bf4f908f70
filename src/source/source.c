/*
 * One way in for every input, so that no reader ever opens a file, unpacks or converts. An archive
 * is refused as a whole or taken as a whole: half of a merchant's day is not a manifest.
 */
#include "source/source.h"

#include <stdio.h>
#include <sysexits.h>

#include "source/gzip.h"

#define HEAD_BYTES      4096u      /* of a member: what a reader bids on */
#define PULL_BYTES      (1u << 20) /* unpacked between two reports of progress */
#define DIRECTORY_BYTES 65536u     /* at the end of a zip, where its directory is looked for */

struct opening {
    struct xd_source *source;
    const struct xd_source_options *options;
    struct xd_error *err;
    struct xd_slice file;
    struct xd_refusal refusal;
};

static struct xd_document *
add_document(struct opening *o, struct xd_slice member)
{
    struct xd_source *source = o->source;
    struct xd_document *document = &source->documents[source->count];

    *document = (struct xd_document){.file = o->file, .member = member};
    document->index = (uint16_t)(o->options->first_document + source->count);
    source->count++;
    return document;
}

static bool
make_room(struct opening *o, size_t count)
{
    struct xd_source *source = o->source;

    source->capacity = count;
    source->documents = xd_arena_array(o->options->arena, count, sizeof(*source->documents));
    source->regions = xd_arena_array(o->options->arena, 2 * count, sizeof(*source->regions));
    return (source->documents && source->regions) ||
           xd_error_set(o->err, EX_OSERR, "not enough memory for the documents of %.*s",
                        XD_FMT(o->file));
}

static void
report(struct opening *o, const struct xd_document *document, enum xd_finding_code code,
       uint64_t offset, struct xd_slice value, struct xd_slice detail)
{
    xd_findings_add(o->options->findings, &(struct xd_finding){.code = code,
                                                               .document = document->index,
                                                               .field = XD_FIELD_NONE,
                                                               .offset = offset,
                                                               .value = value,
                                                               .detail = detail});
}

static void
refuse(struct opening *o, struct xd_document *document, enum xd_finding_code code, uint64_t offset,
       struct xd_slice value, struct xd_slice detail)
{
    document->use = XD_DOCUMENT_REFUSED;
    document->text = XD_NONE;
    report(o, document, code, offset, value, detail);
}

static enum xd_finding_code
fault_code(enum xd_charset_fault_kind kind)
{
    static const enum xd_finding_code CODES[] = {
        [XD_CHARSET_NUL] = XD_F_INPUT_NUL_BYTE,
        [XD_CHARSET_CONTROL] = XD_F_INPUT_CONTROL_CHARACTER,
        [XD_CHARSET_INVALID] = XD_F_INPUT_NOT_UTF8,
        [XD_CHARSET_UNMARKED] = XD_F_INPUT_ENCODING_UNMARKED,
        [XD_CHARSET_UNKNOWN] = XD_F_XML_ENCODING,
        [XD_CHARSET_LIE] = XD_F_XML_ENCODING,
        [XD_CHARSET_MEMORY] = XD_F_INPUT_TOO_LARGE,
    };

    return CODES[kind];
}

bool
xd_source_check(const struct xd_document *document, uint64_t from, uint64_t to,
                struct xd_findings *findings)
{
    struct xd_charset_fault fault;

    if (xd_charset_check(document->text, from, to, &fault)) {
        return true;
    }
    xd_findings_add(findings, &(struct xd_finding){.code = fault_code(fault.kind),
                                                   .document = document->index,
                                                   .field = XD_FIELD_NONE,
                                                   .placed = true,
                                                   .offset = fault.offset,
                                                   .detail = xd_slice_str(fault.detail)});
    return false;
}

static const char *const TEXT_ENDINGS[] = {".csv", ".tsv", ".txt", ".xml", ".json", ".edi", NULL};

static bool
ends_in(struct xd_slice name, const char *const *endings)
{
    for (; *endings; endings++) {
        struct xd_slice end = xd_slice_str(*endings);
        if (name.len >= end.len &&
            xd_slice_ieq(xd_slice_sub(name, name.len - end.len, end.len), end)) {
            return true;
        }
    }
    return false;
}

/* A merchant who renames a zip to .csv is served, and told. */
static void
report_name(struct opening *o, const struct xd_document *document, struct xd_slice name,
            enum xd_archive_kind kind)
{
    static const char *const ZIPS[] = {".zip", NULL};
    static const char *const GZIPS[] = {".gz", ".tgz", NULL};
    static const char *const TARS[] = {".tar", NULL};
    bool misleads = kind == XD_ARCHIVE_NOT
                        ? ends_in(name, ZIPS) || ends_in(name, GZIPS) || ends_in(name, TARS)
                        : ends_in(name, TEXT_ENDINGS) ||
                              (kind != XD_ARCHIVE_ZIP && ends_in(name, ZIPS)) ||
                              (kind != XD_ARCHIVE_GZIP && ends_in(name, GZIPS));

    if (misleads) {
        report(o, document, XD_F_INPUT_NAME_MISLEADS, 0, name,
               kind == XD_ARCHIVE_NOT ? XD_LIT("it is a text, not an archive")
                                      : XD_LIT("it is an archive"));
    }
}

/* Where the text can be shown it is kept, so that the finding has a line and a column. */
static void
refuse_fault(struct opening *o, struct xd_document *document, const struct xd_text *text,
             const struct xd_charset_fault *fault)
{
    bool shown = text->bytes.len > 0 && fault->offset >= text->skipped;

    document->use = XD_DOCUMENT_REFUSED;
    document->text = text->bytes;
    xd_findings_add(o->options->findings,
                    &(struct xd_finding){.code = fault_code(fault->kind),
                                         .document = document->index,
                                         .field = XD_FIELD_NONE,
                                         .placed = shown,
                                         .offset = fault->offset - (shown ? text->skipped : 0),
                                         .detail = xd_slice_str(fault->detail)});
}

/* Makes text of a document's bytes and says what was done to them. Always true: a fault is a
 * finding. */
static bool
settle_text(struct opening *o, struct xd_document *document, struct xd_slice bytes)
{
    struct xd_region *region = &o->source->regions[2 * (document - o->source->documents) + 1];
    struct xd_charset_fault fault;
    struct xd_text text;
    bool fine;

    if (bytes.len == 0) {
        refuse(o, document, XD_F_INPUT_EMPTY, 0, XD_NONE, XD_NONE);
        return true;
    }
    fine = xd_charset_prepare(bytes, o->options->encoding, &text, &fault);
    *region = text.region;
    document->encoding = xd_slice_str(xd_encoding_name(text.encoding));
    document->text_offset = text.skipped;
    if (!fine) {
        refuse_fault(o, document, &text, &fault);
        return true;
    }
    document->text = text.bytes;
    if (text.bytes.len == 0) {
        refuse(o, document, XD_F_INPUT_EMPTY, 0, XD_NONE, XD_LIT("it is a byte order mark alone"));
        return true;
    }
    if (text.transcoded) {
        char detail[64];
        (void)snprintf(detail, sizeof(detail), "it was %s", xd_encoding_name(text.encoding));
        report(o, document, XD_F_INPUT_TRANSCODED, 0, XD_NONE, xd_slice_str(detail));
    } else if (text.marked) {
        report(o, document, XD_F_INPUT_BOM, 0, XD_NONE, XD_NONE);
    }
    return true;
}

/* Spreadsheets and text documents are zips by trade, but nobody hides a manifest in one. */
static bool
is_office_file(struct xd_slice head)
{
    struct xd_slice first = xd_slice_sub(head, 30, SIZE_MAX);

    return xd_slice_starts(first, XD_LIT("[Content_Types].xml")) ||
           xd_slice_starts(first, XD_LIT("_rels/.rels")) ||
           xd_slice_starts(first, XD_LIT("docProps/")) || xd_slice_starts(first, XD_LIT("xl/")) ||
           xd_slice_starts(first, XD_LIT("mimetype"));
}

/* True when the text can be read while it is still unpacked: no conversion stands between. Moves
 * behind its mark. */
static bool
can_follow(const struct opening *o, struct xd_slice *text)
{
    if (!o->options->progress || o->options->encoding > XD_ENCODING_UTF8 ||
        xd_slice_starts(*text, XD_LIT("\xff\xfe")) || xd_slice_starts(*text, XD_LIT("\xfe\xff"))) {
        return false;
    }
    if (xd_slice_starts(*text, XD_LIT("\xef\xbb\xbf"))) {
        *text = xd_slice_sub(*text, 3, SIZE_MAX);
    }
    return true;
}

static bool
refuse_nested(struct opening *o, struct xd_slice name)
{
    const struct xd_limit_row *row = &o->options->limits->of[XD_LIMIT_ARCHIVE_NESTING];

    return xd_refuse(&o->refusal, XD_F_ARCHIVE_NESTED, name, 0,
                     "the limit %.*s is %llu and goes no higher", XD_FMT(row->name),
                     (unsigned long long)row->value);
}

/* Unpacks a manifest to its end, telling whoever follows how far it is. */
static bool
pull_manifest(struct opening *o, struct xd_archive *archive, struct xd_member *member,
              struct xd_document *document)
{
    struct xd_region *region = &o->source->regions[2 * (document - o->source->documents)];

    while (!member->ended) {
        struct xd_slice text;
        if (!xd_archive_pull(archive, member, region, member->bytes.len + PULL_BYTES)) {
            return false;
        }
        text = member->bytes;
        if (can_follow(o, &text)) {
            (void)o->options->progress(o->options->follower, document, text);
        }
    }
    return settle_text(o, document, member->bytes);
}

static bool
take_member(struct opening *o, struct xd_archive *archive, struct xd_member *member)
{
    struct xd_document *document;
    struct xd_region *region;

    if (member->folder) {
        return xd_archive_drain(archive, member);
    }
    document = add_document(o, member->name);
    region = &o->source->regions[2 * (document - o->source->documents)];
    if (!xd_archive_pull(archive, member, region, HEAD_BYTES)) {
        return false;
    }
    struct xd_slice head = xd_slice_sub(member->bytes, 0, HEAD_BYTES);
    if (xd_archive_kind(head) != XD_ARCHIVE_NOT && !is_office_file(head)) {
        return refuse_nested(o, member->name);
    }
    if (head.len ? o->options->is_manifest(o->options->ctx, head)
                 : ends_in(member->name, TEXT_ENDINGS)) {
        return pull_manifest(o, archive, member, document);
    }
    document->use = XD_DOCUMENT_LISTED;
    document->reason = XD_LIT("no format that crossdock reads");
    report(o, document, XD_F_INPUT_MEMBER_LISTED, 0, member->name, XD_NONE);
    if (!xd_archive_drain(archive, member)) {
        return false;
    }
    xd_region_close(region);
    return true;
}

/* Turns the archive's refusal into the finding of one document and takes the word back from all
 * others. */
static void
refuse_archive(struct opening *o)
{
    struct xd_source *source = o->source;
    struct xd_document *guilty = NULL;

    for (size_t i = 0; i < source->count; i++) {
        struct xd_document *document = &source->documents[i];
        document->use = XD_DOCUMENT_REFUSED;
        document->text = XD_NONE;
        if (xd_slice_eq(document->member, o->refusal.name)) {
            guilty = document;
        }
    }
    if (!guilty) {
        struct xd_slice name = xd_arena_copy(o->options->arena, o->refusal.name);
        guilty = add_document(o, name);
    }
    refuse(o, guilty, o->refusal.code, o->refusal.offset, XD_NONE, xd_slice_str(o->refusal.detail));
}

static bool
has_manifest(const struct xd_source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        if (source->documents[i].use != XD_DOCUMENT_LISTED) {
            return true;
        }
    }
    return false;
}

static bool
open_archive(struct opening *o, enum xd_archive_kind kind, enum xd_archive_kind outermost,
             struct xd_slice bytes)
{
    struct xd_member member;
    struct xd_archive *archive;
    bool opened;

    /* One more than there may be entries: a refusal may need a document of its own. */
    if (!make_room(o, xd_limit(o->options->limits, XD_LIMIT_ARCHIVE_ENTRIES) + 1)) {
        return false;
    }
    opened =
        xd_archive_open(&archive, kind, bytes, o->options->limits, o->options->arena, &o->refusal);
    while (opened && xd_archive_next(archive, &member) && take_member(o, archive, &member)) {
    }
    if (o->refusal.code != XD_F_NONE) {
        refuse_archive(o);
    } else if (!has_manifest(o->source)) {
        refuse(o, add_document(o, XD_NONE), XD_F_INPUT_NO_MANIFEST, 0, XD_NONE, XD_NONE);
    }
    if (opened) {
        xd_archive_close(archive); /* not before: the name of what was refused lies in it */
    }
    report_name(o, &o->source->documents[0], o->file, outermost);
    return true;
}

static void
follow_gzip(void *ctx, struct xd_slice have)
{
    struct opening *o = ctx;

    if (xd_archive_kind(have) == XD_ARCHIVE_NOT && can_follow(o, &have)) {
        (void)o->options->progress(o->options->follower, &o->source->documents[0], have);
    }
}

static bool
open_gzip(struct opening *o, struct xd_slice bytes)
{
    struct xd_document *document;
    struct xd_slice inner;

    if (!make_room(o, 1)) {
        return false;
    }
    document = add_document(o, XD_NONE);
    if (!xd_gzip_unpack(bytes, o->options->limits, o->options->arena, &o->source->unpacked, &inner,
                        follow_gzip, o, &o->refusal)) {
        refuse_archive(o);
        return true;
    }
    switch (xd_archive_kind(inner)) {
    case XD_ARCHIVE_TAR:
        o->source->count = 0;
        return open_archive(o, XD_ARCHIVE_TAR, XD_ARCHIVE_GZIP, inner);
    case XD_ARCHIVE_NOT:
        report_name(o, document, o->file, XD_ARCHIVE_GZIP);
        return settle_text(o, document, inner);
    default:
        (void)refuse_nested(o, XD_NONE);
        refuse_archive(o);
        return true;
    }
}

/* The one document of an input that is no archive. */
static bool
open_document(struct opening *o)
{
    if (o->source->count > 0) {
        return true; /* it came by a pipe and was opened with its first bytes */
    }
    if (!make_room(o, 1)) {
        return false;
    }
    (void)add_document(o, XD_NONE);
    return true;
}

static bool
follow_stream(void *ctx, struct xd_slice have)
{
    struct opening *o = ctx;

    if (xd_archive_kind(have) != XD_ARCHIVE_NOT || !can_follow(o, &have) || !open_document(o)) {
        return true;
    }
    return o->options->progress(o->options->follower, &o->source->documents[0], have);
}

/* What kind of office document it is, for a sentence; NULL when it is none. */
static const char *
office_document(enum xd_archive_kind kind, struct xd_slice bytes)
{
    struct xd_slice end = xd_slice_sub(
        bytes, bytes.len > DIRECTORY_BYTES ? bytes.len - DIRECTORY_BYTES : 0, SIZE_MAX);

    if (xd_slice_starts(bytes, XD_LIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))) {
        return "it is a workbook or text of Office before 2007";
    }
    if (xd_slice_starts(bytes, XD_LIT("%PDF-"))) {
        return "it is a PDF";
    }
    if (kind != XD_ARCHIVE_ZIP || !is_office_file(xd_slice_sub(bytes, 0, HEAD_BYTES))) {
        return NULL;
    }
    return memmem(end.ptr, end.len, "xl/workbook.xml", 15)
               ? "it is an Excel workbook"
               : "it is a document of an office program";
}

static bool
open_bytes(struct opening *o, struct xd_slice bytes)
{
    enum xd_archive_kind kind = xd_archive_kind(bytes);
    const char *office = office_document(kind, bytes);

    if (office) {
        if (!open_document(o)) {
            return false;
        }
        refuse(o, &o->source->documents[0], XD_F_INPUT_OFFICE_DOCUMENT, 0, XD_NONE,
               xd_slice_str(office));
        return true;
    }

    switch (kind) {
    case XD_ARCHIVE_ZIP:
    case XD_ARCHIVE_TAR:
        return open_archive(o, kind, kind, bytes);
    case XD_ARCHIVE_GZIP:
        return open_gzip(o, bytes);
    default:
        break;
    }
    if (!open_document(o)) {
        return false;
    }
    struct xd_document *document = &o->source->documents[0];
    if (kind == XD_ARCHIVE_OTHER) {
        refuse(o, document, XD_F_INPUT_ARCHIVE_REFUSED, 0, XD_NONE, XD_NONE);
        return true;
    }
    report_name(o, document, o->file, kind);
    return settle_text(o, document, bytes);
}

bool
xd_source_read(struct xd_source *source, const struct xd_source_options *options, const char *name,
               struct xd_slice bytes, struct xd_error *err)
{
    struct opening o = {.source = source, .options = options, .err = err};

    *source = (struct xd_source){.input = source->input};
    o.file = xd_arena_copy(options->arena, xd_slice_str(name));
    return open_bytes(&o, bytes);
}

static bool
refuse_too_large(struct opening *o)
{
    const struct xd_limits *limits = o->options->limits;

    xd_refuse_limit(&o->refusal, XD_F_INPUT_TOO_LARGE, XD_NONE, 0, limits, XD_LIMIT_INPUT_BYTES);
    if (!open_document(o)) {
        return false;
    }
    refuse(o, &o->source->documents[0], o->refusal.code, 0, XD_NONE,
           xd_slice_str(o->refusal.detail));
    return true;
}

bool
xd_source_open(struct xd_source *source, const struct xd_source_options *options, const char *path,
               struct xd_error *err)
{
    struct opening o = {.source = source, .options = options, .err = err};

    *source = (struct xd_source){0};
    o.file = xd_arena_copy(options->arena, xd_slice_str(path));
    switch (xd_input_follow(&source->input, path, xd_limit(options->limits, XD_LIMIT_INPUT_BYTES),
                            follow_stream, &o, err)) {
    case XD_INPUT_OK:
        return open_bytes(&o, source->input.bytes);
    case XD_INPUT_TOO_LARGE:
        return refuse_too_large(&o);
    default:
        return false;
    }
}

void
xd_source_release(const struct xd_source *source, struct xd_slice text)
{
    xd_input_release(&source->input, text);
}

void
xd_source_close(struct xd_source *source)
{
    for (size_t i = 0; i < 2 * source->capacity; i++) {
        xd_region_close(&source->regions[i]);
    }
    xd_region_close(&source->unpacked);
    xd_input_close(&source->input);
    source->capacity = 0;
}
