/*
 * ISA-L checks what it must to be safe, but does not say everything: that a stream goes nowhere is
 * found out here. It takes a table of codes that is not complete as long as no code is met that has
 * no meaning; zlib does not. The checksum and the size that are declared beside the data decide
 * then.
 */
#include "source/inflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#define OUT_STEP ((size_t)1 << 18) /* inflated, and then summed up, at once: fits the cache */
#define IN_STEP  ((size_t)1 << 30) /* its counts of input have 32 bits */

struct xd_inflate {
    struct inflate_state state;
    struct xd_slice packed;
    uint64_t fed; /* of the packed bytes, given to ISA-L */
};

struct xd_inflate *
xd_inflate_new(struct xd_arena *arena)
{
    return xd_arena_alloc(arena, sizeof(struct xd_inflate));
}

void
xd_inflate_start(struct xd_inflate *inflate, struct xd_slice packed)
{
    isal_inflate_init(&inflate->state);
    inflate->state.crc_flag = ISAL_GZIP_NO_HDR; /* raw data, with the checksum of gzip */
    inflate->packed = packed;
    inflate->fed = 0;
}

static void
feed(struct xd_inflate *inflate)
{
    struct xd_slice piece = xd_slice_sub(inflate->packed, inflate->fed, IN_STEP);

    if (inflate->state.avail_in > 0 || piece.len == 0) {
        return;
    }
    /* ISA-L does not write through next_in: the cast only satisfies its prototype. */
    inflate->state.next_in = (uint8_t *)(uintptr_t)piece.ptr;
    inflate->state.avail_in = (uint32_t)piece.len;
    inflate->fed += piece.len;
}

static bool
is_stuck(const struct inflate_state *state, const uint8_t *in, uint32_t avail_in, size_t got)
{
    return got == 0 && state->next_in == in && state->avail_in == avail_in;
}

enum xd_inflate_status
xd_inflate(struct xd_inflate *inflate, char *out, size_t room, size_t *got)
{
    struct inflate_state *state = &inflate->state;

    *got = 0;
    while (*got < room) {
        uint32_t step = (uint32_t)(room - *got < OUT_STEP ? room - *got : OUT_STEP);
        feed(inflate);
        const uint8_t *in = state->next_in;
        uint32_t avail_in = state->avail_in;
        state->next_out = (uint8_t *)out + *got;
        state->avail_out = step;
        if (isal_inflate(state) != ISAL_DECOMP_OK) {
            return XD_INFLATE_BROKEN;
        }
        *got += step - state->avail_out;
        if (state->block_state == ISAL_BLOCK_FINISH) {
            return XD_INFLATE_ENDED;
        }
        if (is_stuck(state, in, avail_in, step - state->avail_out)) {
            return inflate->fed == inflate->packed.len ? XD_INFLATE_CUT : XD_INFLATE_BROKEN;
        }
    }
    return XD_INFLATE_FULL;
}

uint64_t
xd_inflate_used(const struct xd_inflate *inflate)
{
    /* What it has taken in beyond the end are whole bytes of its 64-bit buffer. */
    return inflate->fed - inflate->state.avail_in - (uint64_t)(inflate->state.read_in_length / 8);
}

uint32_t
xd_inflate_crc(const struct xd_inflate *inflate)
{
    return inflate->state.crc;
}

uint32_t
xd_crc32(uint32_t crc, struct xd_slice bytes)
{
    return bytes.len ? crc32_gzip_refl(crc, (const unsigned char *)bytes.ptr, bytes.len) : crc;
}
