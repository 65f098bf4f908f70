/* Any bytes as whatever they are: zip, gzip, tar or text, down to the rows of what is inside. */
#include "fuzz_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes(xd_slice_of((const char *)data, size), NULL);
    return 0;
}
