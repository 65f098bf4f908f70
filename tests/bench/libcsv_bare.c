/*
 * The yardstick: one thread, libcsv as it comes, strict, and call-backs that do nothing. What
 * crossdock does beyond that, it must win back by its design. libcsv_bare FILE
 */
#include <stdio.h>

#include <csv.h>

static void
field(void *value, size_t len, void *data)
{
    (void)value;
    (void)len;
    (void)data;
}

static void
record(int end, void *data)
{
    (void)end;
    (void)data;
}

int
main(int argc, char **argv)
{
    static char block[1 << 16];
    struct csv_parser parser;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t got;

    if (!file || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        (void)fprintf(stderr, "usage: libcsv_bare FILE\n");
        return 64;
    }
    while ((got = fread(block, 1, sizeof(block), file)) > 0) {
        if (csv_parse(&parser, block, got, field, record, NULL) != got) {
            (void)fprintf(stderr, "%s: %s\n", argv[1], csv_strerror(csv_error(&parser)));
            return 1;
        }
    }
    if (csv_fini(&parser, field, record, NULL) != 0) {
        return 1;
    }
    csv_free(&parser);
    return fclose(file) == 0 ? 0 : 1;
}
