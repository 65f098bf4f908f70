/*
 * The table of acknowledgements.
 */
#include "writer/ack.h"

#define ACKS(X) X(xd_ack_contrl) X(xd_ack_x12) X(xd_ack_aperak) X(xd_ack_824)

#define X(name) extern const struct xd_ack name;
ACKS(X)
#undef X

static const struct xd_ack *const TABLE[] = {
#define X(name) &name,
    ACKS(X)
#undef X
};

const struct xd_ack *
xd_ack_at(size_t index)
{
    return index < sizeof(TABLE) / sizeof(TABLE[0]) ? TABLE[index] : NULL;
}

/* The first parcel at or behind a row of a document. */
static size_t
lower_bound(const struct xd_ack_in *in, uint16_t document, uint32_t row)
{
    size_t low = 0;
    size_t high = in->parcel_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct xd_ack_parcel *parcel = &in->parcels[middle];
        if (parcel->document < document || (parcel->document == document && parcel->row < row)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct xd_ack_parcel *
xd_ack_parcels_of(const struct xd_ack_in *in, const struct xd_edi_message *message, size_t *count)
{
    uint16_t document = in->interchange->document;
    size_t first = lower_bound(in, document, message->first_row);

    *count = lower_bound(in, document, message->first_row + message->rows) - first;
    return in->parcels + first;
}

bool
xd_ack_open_business(const struct xd_ack_in *in, struct xd_edi_out *out, struct xd_buf *buf)
{
    if (!xd_edi_answerable(in->interchange) || in->interchange->verdict == XD_EDI_REJECTED ||
        !in->parcels) {
        return false;
    }
    xd_edi_out_open(out, in->interchange, buf, true);
    return true;
}

const struct xd_edi_message *
xd_ack_next_reported(const struct xd_edi_message *message)
{
    while (message && (message->verdict == XD_EDI_REJECTED || message->rows == 0)) {
        message = message->next;
    }
    return message;
}

size_t
xd_ack_next_exception(const struct xd_ack_parcel *parcels, size_t count, size_t at)
{
    while (at < count && parcels[at].disposition == XD_HANDOFF) {
        at++;
    }
    return at;
}

size_t
xd_ack_count_exceptions(const struct xd_ack_parcel *parcels, size_t count)
{
    size_t exceptions = 0;

    for (size_t i = 0; i < count; i++) {
        exceptions += parcels[i].disposition != XD_HANDOFF;
    }
    return exceptions;
}

bool
xd_ack_write(const struct xd_ack *ack, const struct xd_ack_in *in, struct xd_buf *out,
             struct xd_error *err)
{
    struct xd_ack_in one = *in;

    for (; one.interchange; one.interchange = one.interchange->next) {
        if (one.interchange->syntax == ack->syntax && !ack->write(&one, out, err)) {
            return false;
        }
    }
    return true;
}

bool
xd_ack_write_all(const struct xd_ack_in *in, struct xd_buf *out, struct xd_error *err)
{
    for (size_t i = 0; xd_ack_at(i); i++) {
        if (!xd_ack_at(i)->business && !xd_ack_write(xd_ack_at(i), in, out, err)) {
            return false;
        }
    }
    return true;
}
