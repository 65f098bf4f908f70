/*
 * The smallest program on libcrossdock: checks the numbers of its command line and exits with 1 if
 * one is not valid.
 *
 *     cc check_barcode.c $(pkg-config --cflags --libs --static crossdock) -o check_barcode
 *     ./check_barcode 1Z999AA10123456784
 */
#include <crossdock/identifier.h>

#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
    static const char *const VERDICTS[] = {"valid", "invalid", "unknown"};
    struct crossdock_identifiers *tables;
    struct crossdock_identifier_result result;
    char message[512];
    int status = 0;

    if (crossdock_identifiers_open(NULL, &tables, message, sizeof(message)) != 0) {
        fprintf(stderr, "%s\n", message);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        if (crossdock_identifier_check(tables, NULL, NULL, argv[i], strlen(argv[i]), &result) !=
            CROSSDOCK_IDENTIFIER_VALID) {
            status = 1;
        }
        printf("%s: %s %s %s%s%s\n", argv[i], VERDICTS[result.verdict], result.scheme,
               result.verdict == CROSSDOCK_IDENTIFIER_VALID ? result.canonical : result.text,
               result.detail[0] ? " " : "", result.detail);
    }
    crossdock_identifiers_close(tables);
    return status;
}
