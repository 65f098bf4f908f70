/*
 * The yardstick of a zipped manifest: libarchive hands out everything that is in the archive, and
 * nobody looks at it. inflate_bare FILE
 */
#include <stdio.h>

#include <archive.h>
#include <archive_entry.h>

int
main(int argc, char **argv)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    const void *block;
    la_int64_t offset;
    size_t len;
    int status = ARCHIVE_OK;

    if (argc != 2 || !archive || archive_read_support_format_zip_seekable(archive) != ARCHIVE_OK ||
        archive_read_open_filename(archive, argv[1], 1 << 16) != ARCHIVE_OK) {
        (void)fprintf(stderr, "usage: inflate_bare FILE\n");
        return 64;
    }
    while (status == ARCHIVE_OK && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        do {
            status = archive_read_data_block(archive, &block, &len, &offset);
        } while (status == ARCHIVE_OK);
        status = status == ARCHIVE_EOF ? ARCHIVE_OK : status;
    }
    if (status != ARCHIVE_OK) {
        (void)fprintf(stderr, "%s: %s\n", argv[1], archive_error_string(archive));
    }
    (void)archive_read_free(archive);
    return status == ARCHIVE_OK ? 0 : 1;
}
