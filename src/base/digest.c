/*
 * libsodium picks the fastest code for the machine when it is initialised; without that it still
 * gives the same digits, only slower, so nothing here can fail.
 */
#include "base/digest.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

static_assert(sizeof(struct xd_digest) >= sizeof(crypto_generichash_state), "room for the state");
static_assert(alignof(struct xd_digest) >= alignof(crypto_generichash_state), "aligned for it");

static crypto_generichash_state *
state_of(struct xd_digest *digest)
{
    return (crypto_generichash_state *)(void *)digest->state;
}

void
xd_digest_start(struct xd_digest *digest)
{
    int ready = sodium_init(); /* negative without a random source, which a digest does not need */

    (void)ready;
    (void)crypto_generichash_init(state_of(digest), NULL, 0, XD_DIGEST_BYTES);
}

void
xd_digest_add(struct xd_digest *digest, struct xd_slice bytes)
{
    (void)crypto_generichash_update(state_of(digest), (const unsigned char *)bytes.ptr, bytes.len);
}

void
xd_digest_finish(struct xd_digest *digest, char text[XD_DIGEST_TEXT])
{
    unsigned char bytes[XD_DIGEST_BYTES];

    (void)crypto_generichash_final(state_of(digest), bytes, sizeof(bytes));
    (void)snprintf(text, XD_DIGEST_TEXT, "blake2b-256:");
    (void)sodium_bin2hex(text + 12, 2 * XD_DIGEST_BYTES + 1, bytes, sizeof(bytes));
}

void
xd_digest_of(struct xd_slice bytes, char text[XD_DIGEST_TEXT])
{
    struct xd_digest digest = {{0}};

    xd_digest_start(&digest);
    xd_digest_add(&digest, bytes);
    xd_digest_finish(&digest, text);
}
