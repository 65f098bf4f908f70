/* Archives: what a right one gives, and what each lie, trick and bomb of a hostile one is refused
 * as. */
#include "archive_test.h"

/* One entry that lies in some way. */
static void
expect_entry(struct xd_slice name, struct xd_slice data, unsigned lies, const char *findings)
{
    struct zip_maker zip;

    zip_init(&zip);
    (void)zip_add(&zip, name, data, lies);
    expect(zip_end(&zip, 1, XD_NONE), findings);
    zip_free(&zip);
}

static void
test_good(void **state)
{
    struct zip_maker zip;
    struct opened o;

    (void)state;
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("day/"), XD_NONE, LIE_STORED);
    (void)zip_add(&zip, XD_LIT("day/one.xml"), XML, LIE_NONE);
    (void)zip_add(&zip, XD_LIT("day/photo.jpg"), PHOTO, LIE_STORED);
    (void)zip_add(&zip, XD_LIT("two.xml"), XML, LIE_DESCRIPTOR);
    (void)zip_add(&zip, XD_LIT("drei \xc3\xbc.xml"), XML, LIE_ZIP64);
    (void)zip_add(&zip, XD_LIT("-"), XML, LIE_PIPE | LIE_STORED);
    (void)zip_add(&zip, XD_LIT("four.xml"), XML, LIE_DESCRIPTOR | LIE_KNOWN_SIZE);
    opened_init(&o);
    open_bytes(&o, "day.zip", zip_end(&zip, 7, XD_LIT("made by hand")));
    assert_string_equal(found(&o), "input-member-listed@0");
    assert_string_equal(dumped(&o), "order_id=A parcel_code=P \norder_id=A parcel_code=P \n"
                                    "order_id=A parcel_code=P \norder_id=A parcel_code=P \n"
                                    "order_id=A parcel_code=P \n");
    assert_int_equal(o.source.count, 6);
    assert_int_equal(o.source.documents[1].use, XD_DOCUMENT_LISTED);
    assert_true(xd_slice_eq(o.source.documents[3].member, XD_LIT("drei \xc3\xbc.xml")));
    assert_true(xd_slice_eq(o.source.documents[0].file, XD_LIT("day.zip")));
    opened_free(&o);
    zip_free(&zip);
}

static void
test_entry_lies(void **state)
{
    static const struct {
        unsigned lies;
        const char *findings;
    } CASES[] = {
        {LIE_ENCRYPTED, "archive-encrypted"},
        {LIE_LOCAL_NAME, "archive-disagrees"},
        {LIE_LOCAL_SIZE, "archive-disagrees"},
        {LIE_LOCAL_METHOD, "archive-disagrees"},
        {LIE_LOCAL_CRC, "archive-disagrees"},
        {LIE_LOCAL_FLAGS, "archive-disagrees"},
        {LIE_METHOD, "archive-method"},
        {LIE_SYMLINK, "archive-entry-kind"},
        {LIE_DEVICE, "archive-entry-kind"},
        {LIE_BAD_DESCRIPTOR, "archive-junk"},
        {LIE_CRC, "archive-damaged"},
        {LIE_SIZE, "archive-size"},
        {LIE_STORED | LIE_SIZE, "archive-size"},
        {LIE_LARGE, "archive-size"},
        {LIE_DESCRIPTOR | LIE_CRC, "archive-damaged"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct zip_maker zip;
        struct opened o;
        zip_init(&zip);
        (void)zip_add(&zip, XD_LIT("good.xml"), XML, LIE_NONE);
        (void)zip_add(&zip, XD_LIT("bad.xml"), XML, CASES[i].lies);
        opened_init(&o);
        open_bytes(&o, "x.zip", zip_end(&zip, 2, XD_NONE));
        assert_int_equal(o.findings.count, 1);
        if (!xd_slice_starts(xd_slice_str(found(&o)), xd_slice_str(CASES[i].findings))) {
            fail_msg("case %zu: found %s (%.*s)", i, found(&o), XD_FMT(o.findings.list[0].detail));
        }
        assert_int_equal(o.row_count, 0); /* the good one in front is not committed either */
        opened_free(&o);
        zip_free(&zip);
    }
}

static void
test_names(void **state)
{
    static const struct xd_slice BAD[] = {
        {"../evil.csv", 11},
        {"/etc/evil.csv", 13},
        {"C:\\evil.csv", 11},
        {"a\\b.csv", 7},
        {"a:b", 3},
        {"a\0b.csv", 7},
        {"a\nb.csv", 7},
        {"\xff\xfe.csv", 6},
        {"", 0},
        {".", 1},
        {"..", 2},
        {"a/../b.csv", 10},
        {"a/./b.csv", 9},
        {"a//b.csv", 8},
        {"a//", 3},
        {"/", 1},
        {"a\x7f.csv", 6},
        {"\xc2\x85.csv", 6},
    };
    char name[202];

    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct zip_maker zip;
        char finding[64];
        zip_init(&zip);
        (void)zip_add(&zip, BAD[i], XML, LIE_NONE);
        (void)snprintf(finding, sizeof(finding), "archive-name@%zu", zip.file.len);
        expect(zip_end(&zip, 1, XD_NONE), finding);
        zip_free(&zip);
    }
    memset(name, 'a', sizeof(name));
    expect_entry(xd_slice_of(name, 199), XML, LIE_NONE, "");
    expect_entry(xd_slice_of(name, 200), XML, LIE_NONE, "");
    expect_entry(xd_slice_of(name, 201), XML, LIE_STORED, "archive-name@367");
}

static void
test_names_twice(void **state)
{
    struct zip_maker zip;
    uint64_t second;
    char finding[64];

    (void)state;
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    second = zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    (void)snprintf(finding, sizeof(finding), "archive-name-twice@%llu", (unsigned long long)second);
    expect(zip_end(&zip, 2, XD_NONE), finding);
    zip_free(&zip);
}

/* Fifield's quoted overlap: each entry's data holds the next entry's header as a stored deflate
 * block. Here the simpler form that any overlap has: an entry that claims the bytes of its
 * neighbour. */
static void
test_overlap(void **state)
{
    struct zip_maker zip;
    uint64_t packed = XML.len + 30 + 5 + XML.len; /* the first claims the second as its own data */

    (void)state;
    zip_init(&zip);
    put_local(&zip.file, XD_LIT("a.xml"), LIE_STORED, 1, packed, packed);
    put_central(&zip.directory, XD_LIT("a.xml"), LIE_STORED, 1, packed, packed, 0);
    xd_buf_put(&zip.file, XML);
    (void)zip_add(&zip, XD_LIT("b.xml"), XML, LIE_STORED);
    expect(zip_end(&zip, 2, XD_NONE), "archive-overlap@0");
    zip_free(&zip);
}

/* Many directory entries for one local header: libarchive would silently give one. */
static void
test_full_overlap(void **state)
{
    struct zip_maker zip;
    uint64_t crc = crc32(0, (const Bytef *)XML.ptr, (uInt)XML.len);

    (void)state;
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_STORED);
    put_central(&zip.directory, XD_LIT("a.xml"), LIE_STORED, crc, XML.len, XML.len, 0);
    expect(zip_end(&zip, 2, XD_NONE), "archive-overlap@0");
    zip_free(&zip);
}

static void
test_junk(void **state)
{
    struct zip_maker zip;
    struct xd_buf file;
    struct xd_slice good;

    (void)state;
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    good = zip_end(&zip, 1, XD_NONE);
    xd_buf_init(&file, 1 << 20);
    xd_buf_str(&file, "MZ stub");
    xd_buf_put(&file, good);
    expect(xd_buf_slice(&file), "archive-junk@177"); /* in front */
    file.len = 0;
    xd_buf_put(&file, good);
    xd_buf_str(&file, "tail");
    expect(xd_buf_slice(&file), "archive-junk@170"); /* behind */
    file.len = 0;
    xd_buf_put(&file, good);
    xd_buf_put(&file, good);
    expect(xd_buf_slice(&file), "archive-junk@362"); /* a second archive */
    xd_buf_free(&file);
    zip_free(&zip);
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    xd_buf_str(&zip.file, "gap");
    (void)zip_add(&zip, XD_LIT("b.xml"), XML, LIE_NONE);
    expect(zip_end(&zip, 2, XD_NONE), "archive-junk@119");
    zip_free(&zip);
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    expect(zip_end(&zip, 1, XD_LIT("PK\5\6 and more")), "archive-junk@170");
    zip_free(&zip);
}

static void
test_counts(void **state)
{
    struct zip_maker zip;
    char name[16];

    (void)state;
    for (unsigned count = 999; count <= 1001; count++) {
        struct opened o;
        zip_init(&zip);
        for (unsigned i = 0; i < count; i++) {
            (void)snprintf(name, sizeof(name), "%u.jpg", i);
            (void)zip_add(&zip, xd_slice_str(name), XML, LIE_STORED);
        }
        opened_init(&o);
        open_bytes(&o, "x.zip", zip_end(&zip, count, XD_NONE));
        if (count <= 1000) {
            assert_int_equal(o.row_count, count);
            assert_int_equal(o.findings.count, 0);
        } else {
            assert_true(xd_slice_starts(xd_slice_str(found(&o)), XD_LIT("archive-entries@")));
            assert_non_null(strstr(o.findings.list[0].detail.ptr, "--limit archive-entries=N"));
        }
        opened_free(&o);
        zip_free(&zip);
    }
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_STORED);
    expect(zip_end(&zip, 2, XD_NONE), "archive-damaged@222"); /* fewer than it says */
    zip_free(&zip);
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_STORED);
    (void)zip_add(&zip, XD_LIT("b.xml"), XML, LIE_STORED);
    expect(zip_end(&zip, 1, XD_NONE), "archive-damaged@393"); /* more than it says */
    zip_free(&zip);
    zip_init(&zip);
    expect(zip_end(&zip, 0, XD_NONE), "input-no-manifest@0");
    zip_free(&zip);
}

/* Far too many are refused by their number, before memory is taken for them. */
static void
test_great_counts(void **state)
{
    static const uint64_t COUNTS[] = {70000, 1000000};

    (void)state;
    for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++) {
        struct zip_maker zip;
        char name[32];
        zip_init(&zip);
        for (uint64_t entry = 0; entry < COUNTS[i]; entry++) {
            uint64_t offset = zip.file.len;
            (void)snprintf(name, sizeof(name), "%llu.csv", (unsigned long long)entry);
            put_local(&zip.file, xd_slice_str(name), LIE_STORED, 0, 0, 0);
            put_central(&zip.directory, xd_slice_str(name), LIE_STORED, 0, 0, 0, offset);
        }
        size_t files = zip.file.len;
        struct opened o;
        opened_init(&o);
        open_bytes(&o, "x.zip", zip_end64(&zip, COUNTS[i], true));
        assert_true(xd_slice_starts(xd_slice_str(found(&o)), XD_LIT("archive-entries@")));
        opened_free(&o);
        zip.file.len = files; /* the same, and 1000 are admitted */
        opened_init(&o);
        open_bytes(&o, "x.zip", zip_end(&zip, 1000, XD_NONE));
        assert_true(xd_slice_starts(xd_slice_str(found(&o)), XD_LIT("archive-damaged@")));
        opened_free(&o);
        zip_free(&zip);
    }
}

/* A 64-bit end record counts whether it is needed or not, and says what the classic one says. */
static void
test_wide_end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct zip_maker zip;
        struct xd_slice whole;
        zip_init(&zip);
        (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
        whole = zip_end64(&zip, 1, i != 1);
        char *end = zip.file.ptr + whole.len - 22;
        if (i == 2) {
            end[12]++; /* another size of the directory */
        } else if (i == 3) {
            end[-20 + 16]++; /* a second disk */
        }
        char finding[64] = "";
        if (i > 1) {
            (void)snprintf(finding, sizeof(finding), "archive-damaged@%zu", whole.len - 22);
        }
        expect(whole, finding);
        zip_free(&zip);
    }
}

static void
test_bombs(void **state)
{
    struct xd_buf zeros;
    struct xd_buf gzip;

    (void)state;
    xd_buf_init(&zeros, 64 << 20);
    (void)memset(xd_buf_reserve(&zeros, 32 << 20), ' ', 32 << 20);
    zeros.len = 32 << 20;
    expect_entry(XD_LIT("blank.xml"), xd_buf_slice(&zeros), LIE_NONE, "archive-ratio@32657");
    xd_buf_init(&gzip, 64 << 20);
    put_deflated(&gzip, xd_buf_slice(&zeros), 31);
    expect(xd_buf_slice(&gzip), "archive-ratio@0");
    zeros.len = 1 << 20; /* within the grace: only what is in it counts */
    expect_entry(XD_LIT("blank.xml"), xd_buf_slice(&zeros), LIE_NONE,
                 "input-member-listed@0 input-no-manifest@0");
    xd_buf_free(&gzip);
    xd_buf_free(&zeros);
}

static void
test_nested(void **state)
{
    struct zip_maker inner;
    struct zip_maker outer;
    struct xd_slice bytes;
    struct xd_buf gzip;

    (void)state;
    zip_init(&inner);
    (void)zip_add(&inner, XD_LIT("a.xml"), XML, LIE_NONE);
    bytes = zip_end(&inner, 1, XD_NONE);
    zip_init(&outer);
    (void)zip_add(&outer, XD_LIT("a.xml"), XML, LIE_NONE);
    (void)zip_add(&outer, XD_LIT("inner.csv"), bytes, LIE_NONE);
    expect(zip_end(&outer, 2, XD_NONE), "archive-nested@0");
    zip_free(&outer);
    xd_buf_init(&gzip, 1 << 20);
    put_deflated(&gzip, bytes, 31);
    expect(xd_buf_slice(&gzip), "archive-nested@0");
    expect_entry(XD_LIT("x.gz"), xd_buf_slice(&gzip), LIE_STORED, "archive-nested@0");
    xd_buf_free(&gzip);
    zip_free(&inner);
    expect(XD_LIT("7z\xbc\xaf\x27\x1c and so on"), "input-archive-refused@0");
}

/* A spreadsheet beside the manifest is a zip, but nobody's nest. */
static void
test_office_file_is_listed(void **state)
{
    struct zip_maker inner;
    struct zip_maker outer;

    (void)state;
    zip_init(&inner);
    (void)zip_add(&inner, XD_LIT("[Content_Types].xml"), XML, LIE_NONE);
    zip_init(&outer);
    (void)zip_add(&outer, XD_LIT("a.xml"), XML, LIE_NONE);
    (void)zip_add(&outer, XD_LIT("list.xlsx"), zip_end(&inner, 1, XD_NONE), LIE_STORED);
    expect(zip_end(&outer, 2, XD_NONE), "input-member-listed@0");
    zip_free(&outer);
    zip_free(&inner);
}

/* Cut at every byte, a zip is never taken for whole. */
static void
test_truncated(void **state)
{
    struct zip_maker zip;
    struct xd_slice whole;

    (void)state;
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    (void)zip_add(&zip, XD_LIT("b.xml"), XML, LIE_STORED);
    whole = zip_end(&zip, 2, XD_NONE);
    for (size_t len = 4; len < whole.len; len++) {
        struct opened o;
        opened_init(&o);
        open_bytes(&o, "x.zip", xd_slice_sub(whole, 0, len));
        assert_true(o.findings.count >= 1);
        assert_int_equal(o.row_count, 0);
        opened_free(&o);
    }
    zip_free(&zip);
}

/* Whatever single bit is changed, either nothing is found and the rows are the same, or nothing is
 * committed. */
static void
flip_every_bit(struct zip_maker *zip, struct xd_slice whole)
{
    for (size_t at = 0; at < whole.len; at++) {
        for (unsigned flip = 1; flip < 256; flip <<= 1) {
            struct opened o;
            zip->file.ptr[at] ^= (char)flip;
            opened_init(&o);
            open_bytes(&o, "x.zip", whole);
            if (o.row_count == 2) {
                assert_string_equal(dumped(&o),
                                    "order_id=A parcel_code=P \norder_id=A parcel_code=P \n");
            } else {
                assert_int_equal(o.row_count, 0);
                assert_true(o.findings.count >= 1);
            }
            opened_free(&o);
            zip->file.ptr[at] ^= (char)flip;
        }
    }
}

static void
test_every_bit_changed(void **state)
{
    static const unsigned KINDS[][2] = {{LIE_NONE, LIE_DESCRIPTOR}, {LIE_ZIP64, LIE_STORED}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zip_maker zip;
        zip_init(&zip);
        (void)zip_add(&zip, XD_LIT("a.xml"), XML, KINDS[i][0]);
        (void)zip_add(&zip, XD_LIT("b.xml"), XML, KINDS[i][1]);
        flip_every_bit(&zip, i ? zip_end64(&zip, 2, true) : zip_end(&zip, 2, XD_NONE));
        zip_free(&zip);
    }
}

static void
test_names_that_mislead(void **state)
{
    struct zip_maker zip;
    struct opened o;

    (void)state;
    zip_init(&zip);
    (void)zip_add(&zip, XD_LIT("a.xml"), XML, LIE_NONE);
    opened_init(&o);
    open_bytes(&o, "a.csv", zip_end(&zip, 1, XD_NONE));
    assert_string_equal(found(&o), "input-name-misleads@0");
    assert_int_equal(o.row_count, 1);
    opened_free(&o);
    opened_init(&o);
    open_bytes(&o, "a.ZIP", XML);
    assert_string_equal(found(&o), "input-name-misleads@0");
    assert_int_equal(o.row_count, 1);
    opened_free(&o);
    zip_free(&zip);
}

/* A file, and what comes of it when no more than 10,000 bytes may come out of an archive. */
static void
expect_within(struct xd_slice file, bool within)
{
    static const char *const LIMITS[] = {"archive-entry-bytes=10000", "archive-bytes=10000"};

    for (size_t i = 0; i < sizeof(LIMITS) / sizeof(LIMITS[0]); i++) {
        struct opened o;
        opened_init(&o);
        assert_true(xd_limits_set(&o.limits, LIMITS[i], &o.err));
        open_bytes(&o, "a", file);
        assert_int_equal(o.row_count, within);
        assert_int_equal(xd_slice_starts(xd_slice_str(found(&o)), XD_LIT("archive-too-large@")),
                         !within);
        opened_free(&o);
    }
}

static void
test_limits(void **state)
{
    struct xd_buf text;
    struct xd_buf gzip;
    struct zip_maker zip;

    (void)state;
    xd_buf_init(&text, 1 << 20);
    xd_buf_init(&gzip, 1 << 20);
    for (size_t size = 9999; size <= 10001; size++) {
        text.len = 0;
        xd_buf_put(&text, XML);
        while (text.len < size) {
            xd_buf_char(&text, '\n');
        }
        zip_init(&zip);
        (void)zip_add(&zip, XD_LIT("a.xml"), xd_buf_slice(&text), LIE_NONE);
        expect_within(zip_end(&zip, 1, XD_NONE), size <= 10000);
        gzip.len = 0;
        put_deflated(&gzip, xd_buf_slice(&text), 31);
        expect_within(xd_buf_slice(&gzip), size <= 10000);
        zip_free(&zip);
    }
    xd_buf_free(&gzip);
    xd_buf_free(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_entry_lies),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_names_twice),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_full_overlap),
        cmocka_unit_test(test_junk),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_great_counts),
        cmocka_unit_test(test_wide_end),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_office_file_is_listed),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_every_bit_changed),
        cmocka_unit_test(test_names_that_mislead),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
