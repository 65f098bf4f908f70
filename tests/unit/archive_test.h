/*
 * What the tests of archives share: a manifest and a file that is none, to be packed, and what
 * opening the result finds.
 */
#ifndef XD_ARCHIVE_TEST_H
#define XD_ARCHIVE_TEST_H

#include "source_test.h"

#include "zip_maker.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct xd_slice XML =
    TEXT("<manifest "
         "xmlns=\"urn:crossdock:manifest:1\"><order><order_id>A</order_id><parcel><parcel_code>P"
         "</parcel_code></parcel></order></manifest>");
static const struct xd_slice PHOTO = TEXT("\xff\xd8\xff\xe0 not a manifest but bytes \1\2\3");

/* What opening the bytes finds. */
static inline void
expect(struct xd_slice bytes, const char *findings)
{
    struct opened o;

    opened_init(&o);
    open_bytes(&o, "x.bin", bytes);
    assert_true(o.readable);
    if (strcmp(found(&o), findings) != 0) {
        fail_msg("found %s (%.*s), expected %s", found(&o),
                 XD_FMT(o.findings.count ? o.findings.list[0].detail : XD_NONE), findings);
    }
    if (strstr(findings, "archive-")) {
        assert_int_equal(o.row_count, 0);
        for (size_t i = 0; i < o.source.count; i++) {
            assert_int_equal(o.source.documents[i].use, XD_DOCUMENT_REFUSED);
        }
    }
    opened_free(&o);
}

#endif
