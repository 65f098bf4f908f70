/*
 * The output set: all files or none, whatever fails; a second run replaces the first and cleans up
 * after it, and a crash between two steps is made good by the next run.
 */
#include "table_test.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <jansson.h>

#include "base/hash.h"
#include "writer/output.h"
#include "writer/totals.h"

struct folder {
    char dir[64];
    struct xd_arena arena;
};

static int
make_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));

    assert_non_null(folder);
    (void)snprintf(folder->dir, sizeof(folder->dir), "/tmp/xd-output-XXXXXX");
    assert_non_null(mkdtemp(folder->dir));
    xd_arena_init(&folder->arena, 1 << 16, 0);
    *state = folder;
    return 0;
}

/* The names in the folder, sorted, each with a blank behind it; removes them when asked. */
static const char *
names(const struct folder *folder, bool and_remove)
{
    static char text[4096];
    struct dirent **entries;
    int count = scandir(folder->dir, &entries, NULL, alphasort);

    assert_true(count >= 2);
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s ", name);
            if (and_remove) {
                struct xd_error err = {0};
                assert_true(xd_file_remove(folder->dir, name, &err));
            }
        }
        free(entries[i]);
    }
    free(entries);
    return text;
}

static int
remove_folder(void **state)
{
    struct folder *folder = *state;

    (void)chmod(folder->dir, 0700);
    (void)names(folder, true);
    assert_int_equal(rmdir(folder->dir), 0);
    xd_arena_free(&folder->arena);
    free(folder);
    return 0;
}

static struct xd_output *
add(struct xd_output_set *set, const char *name, const char *text)
{
    struct xd_error err = {0};
    struct xd_output *output = xd_output_add(set, xd_slice_str(name), &err);

    if (!output || !xd_output_write(output, xd_slice_str(text), &err)) {
        fail_msg("%s", err.text);
    }
    return output;
}

static void
open_set(struct xd_output_set *set, struct folder *folder)
{
    struct xd_error err = {0};

    if (!xd_output_open(set, folder->dir, &folder->arena, &err)) {
        fail_msg("%s", err.text);
    }
}

static void
run(struct folder *folder, const char *const *files, const char *text)
{
    struct xd_output_set set;
    struct xd_error err = {0};

    open_set(&set, folder);
    for (; *files; files++) {
        (void)add(&set, *files, text);
    }
    if (!xd_output_commit(&set, &err)) {
        fail_msg("%s", err.text);
    }
}

static void
take_away(struct folder *folder, const char *name)
{
    struct xd_error err = {0};

    assert_true(xd_file_remove(folder->dir, name, &err));
}

/* A run that is refused because of `name`. */
static void
run_refused(struct folder *folder, const char *const *files, const char *name)
{
    struct xd_output_set set;
    struct xd_error err = {0};

    open_set(&set, folder);
    for (; *files; files++) {
        (void)add(&set, *files, "refused");
    }
    assert_false(xd_output_commit(&set, &err));
    assert_int_equal(err.status, EX_CANTCREAT);
    assert_non_null(strstr(err.text, name));
}

static void
put_file(struct folder *folder, const char *name, const char *text)
{
    struct xd_outfile file;
    struct xd_error err = {0};

    assert_true(xd_outfile_open(&file, folder->dir, name, &err));
    assert_true(xd_outfile_write(&file, xd_slice_str(text), &err));
    assert_true(xd_outfile_finish(&file, &err) && xd_outfile_publish(&file, &err));
}

static void
assert_content(struct folder *folder, const char *name, const char *expected)
{
    char path[256];
    struct xd_slice text;
    struct xd_error err = {0};

    (void)snprintf(path, sizeof(path), "%s/%s", folder->dir, name);
    if (!xd_file_read(path, &folder->arena, 1 << 20, &text, &err)) {
        fail_msg("%s", err.text);
    }
    assert_true(xd_slice_eq(text, xd_slice_str(expected)));
}

static const char *const TWO[] = {"dpd.csv", "ups.csv", NULL};
static const char *const ONE[] = {"ups.csv", NULL};

static void
test_commit(void **state)
{
    run(*state, TWO, "one");
    assert_string_equal(names(*state, false), "crossdock.run.json dpd.csv ups.csv ");
    assert_content(*state, "dpd.csv", "one");
}

static void
test_nothing_seen_before_commit(void **state)
{
    struct xd_output_set set;

    open_set(&set, *state);
    (void)add(&set, "ups.csv", "half");
    assert_true(names(*state, false)[0] == '.');
    xd_output_abort(&set);
    assert_string_equal(names(*state, false), "");
}

static void
test_rerun_removes_stale(void **state)
{
    run(*state, TWO, "one");
    run(*state, ONE, "two");
    assert_string_equal(names(*state, false), "crossdock.run.json ups.csv ");
    assert_content(*state, "ups.csv", "two");
}

static void
test_changed_or_foreign_file_is_kept(void **state)
{
    struct folder *folder = *state;

    run(folder, TWO, "one");
    put_file(folder, "dpd.csv", "two"); /* same size, other content */
    run(folder, ONE, "two");
    assert_string_equal(names(folder, false), "crossdock.run.json dpd.csv ups.csv ");
    run(folder, ONE, "three");
    assert_string_equal(names(folder, false), "crossdock.run.json dpd.csv ups.csv ");
}

/* A manifest may be named as a carrier's file is. */
static void
test_foreign_file_is_not_replaced(void **state)
{
    struct folder *folder = *state;

    put_file(folder, "ups.csv", "somebody's manifest");
    run_refused(folder, TWO, "ups.csv");
    assert_string_equal(names(folder, false), "ups.csv ");
    assert_content(folder, "ups.csv", "somebody's manifest");
    take_away(folder, "ups.csv");
    run(folder, TWO, "one");
    put_file(folder, "dpd.csv", "one, and a row added by hand");
    run_refused(folder, TWO, "dpd.csv");
    assert_content(folder, "dpd.csv", "one, and a row added by hand");
    assert_content(folder, "ups.csv", "one");
}

/* Two runs that crash one behind the other in step 3: what the first put there is still known. */
static void
test_two_crashes(void **state)
{
    struct folder *folder = *state;
    static const char *const TEXTS[] = {"the second", "the third one"};
    char path[128];
    char next[128];

    run(folder, TWO, "one");
    for (size_t i = 0; i < 2; i++) {
        struct xd_output_set set;
        struct xd_error err = {0};
        open_set(&set, folder);
        (void)add(&set, "dpd.csv", TEXTS[i]);
        (void)add(&set, "ups.csv", TEXTS[i]);
        /* the folder in the way stops the renaming behind dpd.csv or at once */
        (void)snprintf(path, sizeof(path), "%s/%s", folder->dir, i ? "dpd.csv" : "ups.csv");
        (void)snprintf(next, sizeof(next), "%s/aside", folder->dir);
        assert_int_equal(rename(path, next), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_false(xd_output_commit(&set, &err));
        assert_int_equal(rmdir(path), 0);
        assert_int_equal(rename(next, path), 0);
    }
    assert_content(folder, "dpd.csv", "the second");
    assert_content(folder, "ups.csv", "one");
    run(folder, TWO, "four");
    assert_string_equal(names(folder, false), "crossdock.run.json dpd.csv ups.csv ");
    assert_content(folder, "dpd.csv", "four");
}

/* A crash behind step 4: the stale file is still there and the run file lists it as removed. */
static void
test_crash_before_cleaning(void **state)
{
    struct folder *folder = *state;
    char stale[128];
    char hidden[128];

    run(folder, TWO, "one");
    (void)snprintf(stale, sizeof(stale), "%s/dpd.csv", folder->dir);
    (void)snprintf(hidden, sizeof(hidden), "%s/hidden", folder->dir);
    assert_int_equal(link(stale, hidden), 0);
    run(folder, ONE, "two");
    assert_int_equal(rename(hidden, stale), 0);
    run(folder, ONE, "three");
    assert_string_equal(names(folder, false), "crossdock.run.json ups.csv ");
}

/* A crash in step 3: some names of a first run are published, and only the hidden list of the next
 * set knows them. */
static void
test_crash_while_publishing(void **state)
{
    struct folder *folder = *state;
    char from[128];
    char to[128];

    run(folder, TWO, "one");
    (void)snprintf(from, sizeof(from), "%s/%s", folder->dir, XD_OUTPUT_RUN_FILE);
    (void)snprintf(to, sizeof(to), "%s/%s", folder->dir, XD_OUTPUT_NEXT_FILE);
    assert_int_equal(rename(from, to), 0);
    run(folder, ONE, "two");
    assert_string_equal(names(folder, false), "crossdock.run.json ups.csv ");
}

static void
test_removed_list_does_not_grow(void **state)
{
    struct folder *folder = *state;
    static const char *const DAYS[][2] = {{"a1.csv", NULL}, {"a2.csv", NULL}, {"a3.csv", NULL}};
    struct xd_slice text;
    struct xd_error err = {0};
    char path[128];

    for (size_t i = 0; i < 3; i++) {
        run(folder, DAYS[i], "x");
    }
    (void)snprintf(path, sizeof(path), "%s/%s", folder->dir, XD_OUTPUT_RUN_FILE);
    assert_true(xd_file_read(path, &folder->arena, 1 << 20, &text, &err));
    json_t *run_file = json_loadb(text.ptr, text.len, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(run_file, "files")), 1);
    assert_int_equal(json_array_size(json_object_get(run_file, "removed")), 1);
    json_decref(run_file);
}

static void
test_hash(void **state)
{
    struct xd_output_set set;
    struct xd_error err = {0};

    open_set(&set, *state);
    struct xd_output *output = add(&set, "ups.csv", "abc");
    assert_true(xd_output_finish(&set, output, &err));
    assert_int_equal(output->bytes, 3);
    /* BLAKE2b-256 of "abc": b2sum -l 256 */
    assert_string_equal(
        output->hash,
        "blake2b-256:bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_false(xd_output_write(output, XD_LIT("more"), &err));
    assert_int_equal(err.status, EX_SOFTWARE);
    xd_output_abort(&set);
}

static void
test_bad_names(void **state)
{
    static const char *const BAD[] = {
        "", "a/b", "../a", ".hidden", "a b", "a\nb", "crossdock.run.json", "ups.csv"};
    struct xd_output_set set;

    open_set(&set, *state);
    (void)add(&set, "ups.csv", "x");
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct xd_error err = {0};
        assert_null(xd_output_add(&set, xd_slice_str(BAD[i]), &err));
        assert_int_equal(err.status, EX_SOFTWARE);
    }
    xd_output_abort(&set);
}

/* The disk is full in the middle of a file: the write fails, the run is given up, the earlier set
 * stays. */
static void
test_full_disk(void **state)
{
    struct folder *folder = *state;
    struct rlimit old;
    struct xd_output_set set;
    struct xd_error err = {0};
    char block[8192] = {0};

    run(folder, TWO, "one");
    open_set(&set, folder);
    struct xd_output *output = add(&set, "dpd.csv", "two");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    struct rlimit small = {4096, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool written = xd_output_write(output, xd_slice_of(block, sizeof(block)), &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_false(written);
    assert_int_equal(err.status, EX_IOERR);
    xd_output_abort(&set);
    assert_string_equal(names(folder, false), "crossdock.run.json dpd.csv ups.csv ");
    assert_content(folder, "dpd.csv", "one");
}

/* A name that cannot be given (a folder stands there) stops the commit; no temporary file is left.
 */
static void
test_rename_fails(void **state)
{
    struct folder *folder = *state;
    struct xd_output_set set;
    struct xd_error err = {0};
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/ups.csv", folder->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    open_set(&set, folder);
    (void)add(&set, "ups.csv", "x");
    (void)add(&set, "usps.csv", "x");
    assert_false(xd_output_commit(&set, &err));
    assert_int_equal(err.status, EX_CANTCREAT);
    assert_string_equal(names(folder, false), ".crossdock.run.next.json ups.csv ");
    assert_int_equal(rmdir(path), 0);
    run(folder, ONE, "two");
    assert_string_equal(names(folder, false), "crossdock.run.json ups.csv ");
}

/* What a killed run left is gone with the next one; what only looks like it stays. */
static void
test_sweep(void **state)
{
    static const char *const LEFT[] = {".ups.csv.4711.tmp", ".x.tmp", ".12.tmp", ".a.12b.tmp",
                                       "b.12.tmp"};
    struct folder *folder = *state;

    for (size_t i = 0; i < sizeof(LEFT) / sizeof(LEFT[0]); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s/%s", folder->dir, LEFT[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fclose(file), 0);
    }
    run(folder, ONE, "x");
    assert_string_equal(names(folder, false),
                        ".12.tmp .a.12b.tmp .x.tmp b.12.tmp crossdock.run.json ups.csv ");
}

static void
test_two_runs_at_once(void **state)
{
    struct folder *folder = *state;
    struct xd_output_set first;
    struct xd_output_set second;
    struct xd_error err = {0};

    open_set(&first, folder);
    (void)add(&first, "ups.csv", "first");
    assert_false(xd_output_open(&second, folder->dir, &folder->arena, &err));
    assert_int_equal(err.status, EX_TEMPFAIL);
    err = (struct xd_error){0};
    assert_true(xd_output_commit(&first, &err));
    open_set(&second, folder);
    xd_output_abort(&second);
    open_set(&second, folder);
    xd_output_abort(&second);
    assert_content(folder, "ups.csv", "first");
}

static void
test_no_folder(void **state)
{
    struct folder *folder = *state;
    struct xd_output_set set;
    struct xd_error err = {0};
    char path[128];

    run(folder, ONE, "x");
    (void)snprintf(path, sizeof(path), "%s/ups.csv/below", folder->dir);
    assert_false(xd_output_open(&set, path, &folder->arena, &err));
    assert_int_equal(err.status, EX_CANTCREAT);
}

static void
test_garbled_run_file(void **state)
{
    static const char *const TEXTS[] = {
        "",
        "{",
        "[]",
        "{\"files\": 3}",
        "{\"files\": [{\"name\": \"../x\", \"bytes\": 1, \"hash\": \"h\"}]}",
        "{\"files\": [{\"name\": \"ups.csv\", \"bytes\": -1, \"hash\": \"h\"}, {\"name\": 4}, 5]}"};
    struct folder *folder = *state;

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        put_file(folder, XD_OUTPUT_RUN_FILE, TEXTS[i]);
        run(folder, ONE, "x");
        assert_string_equal(names(folder, false), "crossdock.run.json ups.csv ");
        take_away(folder, "ups.csv"); /* nobody knows any more whose it is */
    }
}

static void
test_totals(void **state)
{
    static const char EXPECTED[] =
        "{\n  \"format\": \"crossdock-totals/1\",\n  \"carrier\": \"ups\",\n"
        "  \"file\": \"ups.csv\",\n  \"layout\": \"crossdock\",\n  \"layout_version\": \"1.0.0\",\n"
        "  \"as_of\": \"2026-11-22\",\n  \"bytes\": 812,\n  \"hash\": \"blake2b-256:00\",\n"
        "  \"rows\": 2,\n  \"lines\": 3,\n  \"parcels\": 2,\n  \"pieces\": 5,\n  \"weight_g\": "
        "1830,\n"
        "  \"values\": [\n    {\n      \"currency\": \"GBP\",\n      \"amount\": \"128.90\"\n    "
        "},\n"
        "    {\n      \"currency\": \"JPY\",\n      \"amount\": \"12000\"\n    }\n  ],\n"
        "  \"parcel_code_hash_total\": \"00000000000000ff\"\n}\n";
    struct xd_layout layout = {.name = XD_LIT("crossdock"), .version = XD_LIT("1.0.0")};
    struct xd_totals_file file = {
        &layout, XD_LIT("ups"), XD_LIT("ups.csv"), XD_LIT("blake2b-256:00"), 812, 0};
    struct xd_totals_value values[] = {{"GBP", 2, 12890}, {"JPY", 0, 12000}};
    struct xd_totals totals = {.rows = 2,
                               .lines = 3,
                               .parcels = 2,
                               .pieces = 5,
                               .weight_g = 1830,
                               .code_hash = 255,
                               .values = values,
                               .currencies = 2};
    struct xd_buf buf;

    (void)state;
    assert_true(xd_date_parse(XD_LIT("2026-11-22"), &file.as_of));
    xd_buf_init(&buf, 1 << 16);
    xd_totals_json(&file, &totals, &buf);
    xd_buf_char(&buf, '\0');
    assert_string_equal(buf.ptr, EXPECTED);
    xd_buf_free(&buf);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_commit),
        IN_FOLDER(test_nothing_seen_before_commit),
        IN_FOLDER(test_rerun_removes_stale),
        IN_FOLDER(test_changed_or_foreign_file_is_kept),
        IN_FOLDER(test_foreign_file_is_not_replaced),
        IN_FOLDER(test_two_crashes),
        IN_FOLDER(test_crash_before_cleaning),
        IN_FOLDER(test_crash_while_publishing),
        IN_FOLDER(test_removed_list_does_not_grow),
        IN_FOLDER(test_hash),
        IN_FOLDER(test_bad_names),
        IN_FOLDER(test_full_disk),
        IN_FOLDER(test_rename_fails),
        IN_FOLDER(test_sweep),
        IN_FOLDER(test_two_runs_at_once),
        IN_FOLDER(test_no_folder),
        IN_FOLDER(test_garbled_run_file),
        cmocka_unit_test(test_totals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
