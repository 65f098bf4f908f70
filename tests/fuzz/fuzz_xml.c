/* Any bytes as XML: charset, structure, shape and rows. */
#include "fuzz_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes(xd_slice_of((const char *)data, size), xd_reader_find(XD_LIT("xml")));
    return 0;
}
