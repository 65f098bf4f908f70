/*
 * The main of a fuzz target where no fuzzer is linked: feeds it the files named on the command
 * line, so that every ordinary test run, with any compiler and sanitizer, replays the inputs that
 * once were interesting.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct xd_error err = {0};
        struct xd_input input;

        if (xd_input_open(&input, argv[i], 1 << 26, &err) != XD_INPUT_OK) {
            (void)fprintf(stderr, "%s: %s\n", argv[i], err.text);
            return 1;
        }
        (void)LLVMFuzzerTestOneInput((const uint8_t *)input.bytes.ptr, input.bytes.len);
        xd_input_close(&input);
    }
    printf("%d inputs\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
