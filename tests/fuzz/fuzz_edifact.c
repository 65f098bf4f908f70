/* Any bytes as EDIFACT: tables, reader, mapping and acknowledgements. */
#include "edi_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_edi(xd_reader_find(XD_LIT("edifact")), data, size);
}
