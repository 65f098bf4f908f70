/*
 * What ISA-L makes of deflate data, held against zlib: the same bytes, the same end, the same
 * verdict on streams that are damaged in every way. Where they differ is written down here: a table
 * of codes with gaps, which zlib refuses, is taken while no gap is met.
 */
#include "table_test.h"
#include "zip_maker.h"

#include "source/inflate.h"
#include "source/unzip.h"

#define OUT_MOST 400000u

static unsigned long long seed = 88172645463325252ull;

static unsigned
any(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % below);
}

struct verdict {
    bool ended;
    size_t used;
    size_t len;
    const char *why; /* zlib's word for what is wrong */
    char *out;       /* OUT_MOST bytes */
};

static void
by_zlib(struct xd_slice packed, struct verdict *verdict)
{
    static z_stream stream;
    static bool open;
    int status;

    assert_int_equal(open ? inflateReset(&stream) : inflateInit2(&stream, -15), Z_OK);
    open = true;
    stream.next_in = (Bytef *)(uintptr_t)packed.ptr;
    stream.avail_in = (uInt)packed.len;
    stream.next_out = (Bytef *)verdict->out;
    stream.avail_out = OUT_MOST;
    stream.msg = NULL;
    status = inflate(&stream, Z_FINISH);
    verdict->ended = status == Z_STREAM_END;
    verdict->used = stream.total_in;
    verdict->len = stream.total_out;
    verdict->why = stream.msg ? stream.msg : "";
}

/* In steps of that many bytes. */
static enum xd_inflate_status
by_ourselves(struct xd_inflate *inflate, struct xd_slice packed, size_t step,
             struct verdict *verdict)
{
    enum xd_inflate_status status = XD_INFLATE_FULL;

    xd_inflate_start(inflate, packed);
    verdict->len = 0;
    while (status == XD_INFLATE_FULL && verdict->len < OUT_MOST) {
        size_t room = OUT_MOST - verdict->len < step ? OUT_MOST - verdict->len : step;
        size_t got = 0;
        char guard = verdict->out[verdict->len + room];
        status = xd_inflate(inflate, verdict->out + verdict->len, room, &got);
        assert_true(got <= room);
        assert_int_equal(verdict->out[verdict->len + room], guard);
        verdict->len += got;
    }
    verdict->ended = status == XD_INFLATE_ENDED;
    verdict->used = verdict->ended ? xd_inflate_used(inflate) : 0;
    return status;
}

static bool
is_gap(const char *why)
{
    return strcmp(why, "invalid distances set") == 0 ||
           strcmp(why, "invalid literal/lengths set") == 0 ||
           strcmp(why, "invalid code lengths set") == 0;
}

struct bench {
    struct xd_arena arena;
    struct xd_inflate *inflate;
    struct verdict zlib;
    struct verdict own;
    unsigned both;    /* taken by both */
    unsigned neither; /* and by neither */
    unsigned gaps;    /* by us alone */
};

static void
bench_init(struct bench *b)
{
    *b = (struct bench){.both = 0};
    xd_arena_init(&b->arena, 1 << 20, 0);
    b->inflate = xd_inflate_new(&b->arena);
    b->zlib.out = xd_arena_alloc(&b->arena, OUT_MOST + 1);
    b->own.out = xd_arena_alloc(&b->arena, OUT_MOST + 1);
    assert_true(b->inflate && b->zlib.out && b->own.out);
}

static void
compare(struct bench *b, struct xd_slice packed, size_t step)
{
    by_zlib(packed, &b->zlib);
    (void)by_ourselves(b->inflate, packed, step, &b->own);
    if (b->zlib.ended != b->own.ended) {
        if (b->zlib.ended || !is_gap(b->zlib.why)) {
            fail_msg("zlib %s (%s), we %s", b->zlib.ended ? "takes it" : "refuses it", b->zlib.why,
                     b->own.ended ? "take it" : "refuse it");
        }
        b->gaps++;
        return;
    }
    if (!b->zlib.ended) {
        b->neither++;
        return;
    }
    b->both++;
    assert_int_equal(b->own.len, b->zlib.len);
    assert_int_equal(b->own.used, b->zlib.used);
    assert_memory_equal(b->own.out, b->zlib.out, b->zlib.len);
    assert_int_equal(xd_inflate_crc(b->inflate),
                     crc32(0, (const Bytef *)b->zlib.out, (uInt)b->zlib.len));
}

/* A text that is much like a manifest, one of noise, or one that repeats itself; at most `most`
 * bytes. */
static size_t
make_text(char *text, size_t most)
{
    static const char LETTERS[] = "abc,\"12\n";
    size_t len = any((unsigned)most) + 1;
    unsigned kind = any(3);

    for (size_t i = 0; i < len; i++) {
        text[i] = kind == 0   ? LETTERS[any(8)]
                  : kind == 1 ? (char)any(256)
                              : (char)("ORD-1"[i % 5] + (any(16) == 0));
    }
    return len;
}

static void
pack(struct xd_buf *out, const char *text, size_t len)
{
    z_stream stream = {0};
    size_t room = len + len / 10 + 4096;

    out->len = 0;
    assert_int_equal(
        deflateInit2(&stream, (int)any(10), Z_DEFLATED, -15, 1 + (int)any(9), (int)any(5)), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)text;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)xd_buf_reserve(out, room);
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out->len = stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
}

/* What is right comes out whole, in any steps, and its end is found among the bytes behind it. */
static void
test_right_streams(void **state)
{
    static const size_t STEPS[] = {1, 7, 4096, 65536, 262144, 262145, OUT_MOST};
    static char text[300000];
    struct bench b;
    struct xd_buf packed;

    (void)state;
    bench_init(&b);
    xd_buf_init(&packed, 1 << 20);
    for (unsigned round = 0; round < 60; round++) {
        size_t len = make_text(text, sizeof(text));
        pack(&packed, text, len);
        xd_buf_str(&packed, "PK behind it");
        for (size_t i = round % 10 ? 2 : 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
            compare(&b, xd_buf_slice(&packed), STEPS[i]);
            assert_true(b.own.ended);
            assert_int_equal(b.own.used, packed.len - 12);
            assert_int_equal(b.own.len, len);
            assert_memory_equal(b.own.out, text, len);
        }
    }
    xd_buf_free(&packed);
    xd_arena_free(&b.arena);
}

/* Flips up to three bits, mostly where the tables of codes are. */
static void
spoil(struct xd_buf *packed)
{
    size_t reach = any(2) && packed->len > 90 ? 90 : packed->len;

    for (unsigned flips = 1 + any(3); flips > 0; flips--) {
        packed->ptr[any((unsigned)reach)] ^= (char)(1u << any(8));
    }
}

static void
test_spoilt_streams(void **state)
{
    static char text[3000];
    const char *level = getenv("XD_TEST_LEVEL");
    unsigned rounds = level && strcmp(level, "slow") == 0 ? 8000 : 400;
    struct bench b;
    struct xd_buf good;
    struct xd_buf bad;

    (void)state;
    bench_init(&b);
    xd_buf_init(&good, 1 << 20);
    xd_buf_init(&bad, 1 << 20);
    for (unsigned round = 0; round < rounds; round++) {
        pack(&good, text, make_text(text, sizeof(text)));
        for (unsigned i = 0; i < 50; i++) {
            bad.len = 0;
            xd_buf_put(&bad, xd_buf_slice(&good));
            spoil(&bad);
            if (any(8) == 0) {
                bad.len -= any((unsigned)bad.len);
            }
            compare(&b, xd_buf_slice(&bad), 1 + any(5000));
        }
    }
    assert_true(b.both > rounds && b.neither > rounds && b.gaps > 0 && b.gaps < rounds);
    xd_buf_free(&bad);
    xd_buf_free(&good);
    xd_arena_free(&b.arena);
}

/* A stream that breaks off anywhere is cut off, and never anything else. */
static void
test_cut_streams(void **state)
{
    static char text[3000];
    struct bench b;
    struct xd_buf packed;

    (void)state;
    bench_init(&b);
    xd_buf_init(&packed, 1 << 20);
    for (unsigned round = 0; round < 12; round++) {
        pack(&packed, text, make_text(text, sizeof(text)));
        for (size_t len = 0; len < packed.len; len++) {
            assert_int_equal(by_ourselves(b.inflate, xd_slice_sub(xd_buf_slice(&packed), 0, len),
                                          OUT_MOST, &b.own),
                             XD_INFLATE_CUT);
        }
    }
    xd_buf_free(&packed);
    xd_arena_free(&b.arena);
}

/* The bits of a stream by hand, the first one first. */
static size_t
put_bits(unsigned char *bytes, const char *bits)
{
    size_t count = 0;

    for (; *bits; bits++) {
        if (*bits != ' ') {
            bytes[count / 8] |= (unsigned char)((*bits == '1') << count % 8);
            count++;
        }
    }
    return count / 8 + 1;
}

static void
test_what_no_stream_may_hold(void **state)
{
    static const struct {
        const char *what;
        const char *bits;
    } CASES[] = {
        {"a block of type 3", "1 11"},
        {"a stored block whose lengths disagree",
         "1 00 00000 10000000 00000000 10111111 11111111 10000110"},
        {"a distance beyond the start", "1 10 0000001 00000 0000000"},
        {"distance code 30", "1 10 10010001 0000001 11110 0000000"},
        {"length code 286", "1 10 11000110 00000 0000000"},
        {"287 codes for lengths", "1 01 01111 00000 0000 000 000 000 000"},
        {"31 codes for distances", "1 01 00000 01111 0000 000 000 000 000"},
        {"a repetition of nothing", "1 01 00000 00000 0000 100 100 000 000 0 00 0 00 0 00 0 00"},
        {"no end of a block", "1 01 00000 00000 0000 000 000 000 000"},
        {"more codes than fit", "1 01 00000 00000 0000 100 100 100 000 0 00 0 00"},
    };
    struct bench b;

    (void)state;
    bench_init(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        unsigned char bytes[64] = {0};
        (void)put_bits(bytes, CASES[i].bits);
        struct xd_slice packed = xd_slice_of((const char *)bytes, sizeof(bytes));
        by_zlib(packed, &b.zlib);
        if (b.zlib.why[0] == '\0') {
            fail_msg("%s: the case is wrong, zlib says nothing", CASES[i].what);
        }
        if (by_ourselves(b.inflate, packed, OUT_MOST, &b.own) != XD_INFLATE_BROKEN) {
            fail_msg("%s: zlib says %s, we say nothing", CASES[i].what, b.zlib.why);
        }
    }
    xd_arena_free(&b.arena);
}

/* Distances stay right where the count of 32 bits that ISA-L keeps runs over. */
static void
test_beyond_4_gib(void **state)
{
    static char text[16384];
    static char out[1 << 20];
    const char *level = getenv("XD_TEST_LEVEL");
    uint64_t wanted = ((uint64_t)1 << 32) + (1 << 20);
    z_stream stream = {0};
    size_t room = 1 << 16;
    struct xd_buf packed;
    struct bench b;

    (void)state;
    if (!level || strcmp(level, "slow") != 0) {
        return; /* six seconds */
    }
    bench_init(&b);
    xd_buf_init(&packed, 1 << 30);
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = (char)any(256);
    }
    /* Once in full, and then a block that repeats it, as often as it takes. */
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t ends[2];
    stream.next_out = (Bytef *)xd_buf_reserve(&packed, room);
    stream.avail_out = (uInt)room;
    for (unsigned i = 0; i < 2; i++) {
        stream.next_in = (Bytef *)text;
        stream.avail_in = sizeof(text);
        assert_int_equal(deflate(&stream, Z_SYNC_FLUSH), Z_OK);
        ends[i] = stream.total_out;
    }
    packed.len = ends[1];
    (void)deflateEnd(&stream);
    struct xd_slice again =
        xd_arena_copy(&b.arena, xd_slice_sub(xd_buf_slice(&packed), ends[0], ends[1] - ends[0]));
    for (uint64_t len = 2 * sizeof(text); len < wanted; len += sizeof(text)) {
        xd_buf_put(&packed, again);
    }
    xd_buf_put(&packed, XD_LIT("\3\0"));
    uint64_t total = 0;
    enum xd_inflate_status status = XD_INFLATE_FULL;
    xd_inflate_start(b.inflate, xd_buf_slice(&packed));
    while (status == XD_INFLATE_FULL) {
        size_t got = 0;
        status = xd_inflate(b.inflate, out, sizeof(out), &got);
        total += got;
    }
    assert_int_equal(status, XD_INFLATE_ENDED);
    assert_int_equal(total, wanted);
    assert_memory_equal(out, text, sizeof(text));
    xd_buf_free(&packed);
    xd_arena_free(&b.arena);
}

/* Whatever is spoilt in an entry, what comes out as whole is what was packed. */
static void
test_spoilt_entries(void **state)
{
    static char text[3000];
    static char out[3001];
    struct xd_arena arena;
    struct xd_buf good;
    struct xd_buf bad;
    unsigned refused = 0;

    (void)state;
    xd_arena_init(&arena, 1 << 20, 0);
    xd_buf_init(&good, 1 << 20);
    xd_buf_init(&bad, 1 << 20);
    for (unsigned round = 0; round < 200; round++) {
        size_t len = make_text(text, sizeof(text));
        pack(&good, text, len);
        xd_arena_reset(&arena);
        for (unsigned i = 0; i < 50; i++) {
            bad.len = 0;
            xd_buf_put(&bad, xd_buf_slice(&good));
            spoil(&bad);
            struct xd_refusal refusal = {.code = XD_F_NONE};
            struct xd_zip_entry entry = {.packed = bad.len,
                                         .size = len,
                                         .method = XD_ZIP_DEFLATED,
                                         .crc = (uint32_t)crc32(0, (const Bytef *)text, (uInt)len)};
            struct xd_unzip *unzip = xd_unzip_new(xd_buf_slice(&bad), &arena);
            size_t have = 0;
            size_t got = 1;
            assert_non_null(unzip);
            xd_unzip_start(unzip, &entry);
            while (got > 0 && xd_unzip_read(unzip, out + have, len + 1 - have, &got, &refusal)) {
                have += got;
            }
            if (refusal.code == XD_F_NONE) {
                assert_int_equal(have, len);
                assert_memory_equal(out, text, len);
            }
            refused += refusal.code != XD_F_NONE;
        }
    }
    assert_true(refused > 5000 && refused < 10000); /* bits that nobody reads may be flipped */
    xd_buf_free(&bad);
    xd_buf_free(&good);
    xd_arena_free(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_streams), cmocka_unit_test(test_spoilt_streams),
        cmocka_unit_test(test_cut_streams),   cmocka_unit_test(test_what_no_stream_may_hold),
        cmocka_unit_test(test_beyond_4_gib),  cmocka_unit_test(test_spoilt_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
