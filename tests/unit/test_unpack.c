/* gzip and tar, and texts that are read while they are unpacked. */
#include "archive_test.h"

static void
test_gzip(void **state)
{
    struct xd_buf gzip;
    struct xd_buf bad;
    struct opened o;
    size_t len;

    (void)state;
    xd_buf_init(&gzip, 1 << 20);
    xd_buf_init(&bad, 1 << 20);
    put_deflated(&gzip, XML, 31);
    len = gzip.len;
    opened_init(&o);
    open_bytes(&o, "a.xml.gz", xd_buf_slice(&gzip));
    assert_string_equal(found(&o), "");
    assert_int_equal(o.row_count, 1);
    opened_free(&o);
    for (size_t cut = 2; cut < len; cut++) {
        opened_init(&o);
        open_bytes(&o, "a.gz", xd_slice_sub(xd_buf_slice(&gzip), 0, cut));
        assert_int_equal(o.row_count, 0);
        assert_int_equal(o.findings.count, 1);
        opened_free(&o);
    }
    gzip.ptr[len - 5] ^= 1; /* checksum */
    expect(xd_buf_slice(&gzip), "archive-damaged@94");
    gzip.ptr[len - 5] ^= 1;
    gzip.ptr[len - 4]++; /* length, one more */
    expect(xd_buf_slice(&gzip), "archive-damaged@98");
    gzip.ptr[len - 4]--;
    gzip.ptr[len - 4]--; /* one less */
    expect(xd_buf_slice(&gzip), "archive-size@98");
    gzip.ptr[len - 4]++;
    xd_buf_put(&bad, xd_buf_slice(&gzip));
    put_deflated(&bad, XML, 31);
    expect(xd_buf_slice(&bad), "archive-junk@102"); /* a second member */
    bad.len = len;
    xd_buf_str(&bad, "tail");
    expect(xd_buf_slice(&bad), "archive-junk@102");
    xd_buf_free(&bad);
    xd_buf_free(&gzip);
}

static void
test_tar(void **state)
{
    static const struct {
        const char *name;
        char type;
        const char *findings;
    } CASES[] = {
        {"../b.xml", '0', "archive-name@1024"},
        {"/b.xml", '0', "archive-name@1024"},
        {"a.xml", '0', "archive-name-twice@1024"},
        {"link", '2', "archive-entry-kind@1024"},
        {"hard", '1', "archive-entry-kind@1024"},
        {"dev", '3', "archive-entry-kind@1024"},
        {"fifo", '6', "archive-entry-kind@1024"},
        {"b.jpg", '0', "input-member-listed@0"},
        {"folder/", '5', ""},
    };
    struct xd_buf tar;
    struct xd_buf gzip;

    (void)state;
    xd_buf_init(&tar, 1 << 20);
    xd_buf_init(&gzip, 1 << 20);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        tar.len = 0;
        tar_add(&tar, "a.xml", '0', XML);
        tar_add(&tar, CASES[i].name, CASES[i].type, CASES[i].type == '0' ? PHOTO : XD_NONE);
        tar_end(&tar);
        expect(xd_buf_slice(&tar), CASES[i].findings);
        gzip.len = 0;
        put_deflated(&gzip, xd_buf_slice(&tar), 31);
        expect(xd_buf_slice(&gzip), CASES[i].findings);
    }
    tar.len = 1024; /* cut off between two entries */
    expect(xd_buf_slice(&tar), "archive-damaged@1024");
    tar.len = 700; /* in an entry */
    expect(xd_buf_slice(&tar), "archive-damaged@0");
    tar.len = 1024;
    tar_end(&tar);
    tar_add(&tar, "c.xml", '0', XML);
    tar_end(&tar);
    expect(xd_buf_slice(&tar), "archive-junk@2048");
    xd_buf_free(&gzip);
    xd_buf_free(&tar);
}

struct follower {
    const struct xd_document *document;
    const char *text;
    size_t len;
    unsigned calls;
};

static bool
follow(void *ctx, const struct xd_document *document, struct xd_slice text)
{
    struct follower *f = ctx;

    assert_true(f->document == NULL || f->document == document);
    assert_true(f->text == NULL || f->text == text.ptr);
    assert_true(text.len >= f->len);
    f->document = document;
    f->text = text.ptr;
    f->len = text.len;
    f->calls++;
    return true;
}

static bool
any_head(void *ctx, struct xd_slice head)
{
    (void)ctx;
    return head.len > 0;
}

/* A text that is read while it is unpacked grows where it stands and ends as what it is. */
static void
test_progress(void **state)
{
    struct xd_buf text;
    struct zip_maker zip;
    struct follower f = {0};
    struct opened o;

    (void)state;
    xd_buf_init(&text, 64 << 20);
    xd_buf_str(&text, "\xef\xbb\xbf");
    for (unsigned i = 0; i < 600000; i++) {
        xd_buf_printf(&text, "%u,%u\n", i * 2654435761u, i);
    }
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.csv"), xd_buf_slice(&text), LIE_NONE);
    opened_init(&o);
    struct xd_source_options options = opened_options(&o, XD_ENCODING_NONE);
    options.is_manifest = any_head;
    options.progress = follow;
    options.follower = &f;
    assert_true(xd_source_read(&o.source, &options, "a.zip", zip_end(&zip, 1, XD_NONE), &o.err));
    assert_true(f.calls > 8);
    assert_true(f.text == o.source.documents[0].text.ptr);
    assert_int_equal(f.len, o.source.documents[0].text.len);
    assert_int_equal(f.len, text.len - 3);
    assert_memory_equal(f.text, text.ptr + 3, f.len);
    assert_string_equal(found(&o), "input-bom@0");
    opened_free(&o);
    zip_free(&zip);
    xd_buf_free(&text);
}

/* One byte more than the limit is not even opened; the finding names the setting. */
static void
test_input_too_large(void **state)
{
    char limit[64];
    size_t size;

    (void)state;
    {
        struct opened o;
        opened_init(&o);
        open_file(&o, "samples/manifest.xml");
        size = o.source.input.bytes.len;
        opened_free(&o);
    }
    for (size_t allowed = size - 1; allowed <= size + 1; allowed++) {
        struct opened o;
        opened_init(&o);
        (void)snprintf(limit, sizeof(limit), "input-bytes=%zu", allowed);
        assert_true(xd_limits_set(&o.limits, limit, &o.err));
        open_file(&o, "samples/manifest.xml");
        assert_string_equal(found(&o), allowed < size ? "input-too-large@0" : "");
        assert_int_equal(o.row_count, allowed < size ? 0 : 11);
        assert_true(allowed >= size ||
                    strstr(o.findings.list[0].detail.ptr, "--limit input-bytes=N") != NULL);
        opened_free(&o);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_tar),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_input_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
