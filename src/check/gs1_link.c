/*
 * GS1 Digital Link URIs: a key in the path, its qualifiers behind it in their order, attributes in
 * the query. Anything may stand in front of the key, so the first place from which the rest of the
 * path reads as key and qualifiers is it.
 */
#include "check/gs1_read.h"

#define SEGMENTS_MAX 32
#define GTIN_LENGTH  14

struct path {
    struct xd_slice segment[SEGMENTS_MAX];
    size_t count;
};

/* The identifier that a segment or a query key is as a whole, or XD_GS1_AI_NONE. */
static uint16_t
whole_ai(const struct xd_gs1_reader *reader, struct xd_slice text)
{
    size_t len = 0;
    uint16_t index = xd_gs1_ai_at(reader->ais, text, &len);

    return len == text.len ? index : XD_GS1_AI_NONE;
}

/* Shorter GTINs may stand in a path; as an element they have 14 digits. */
static struct xd_slice
pad_gtin(struct xd_slice code, char *value, size_t len)
{
    if (xd_slice_eq(code, XD_LIT("01")) && (len == 8 || len == 12 || len == 13)) {
        memmove(value + GTIN_LENGTH - len, value, len);
        memset(value, '0', GTIN_LENGTH - len);
        len = GTIN_LENGTH;
    }
    return xd_slice_of(value, len);
}

static bool
add_decoded(struct xd_gs1_reader *reader, uint16_t ai, struct xd_slice code, struct xd_slice value,
            bool plus)
{
    char buffer[XD_GS1_TEXT + GTIN_LENGTH];

    if (value.len > XD_GS1_TEXT) {
        return xd_gs1_fail(reader, XD_F_GS1_LENGTH, value, "%zu characters.", value.len);
    }
    size_t len = xd_percent_decode(value, plus, buffer);
    return xd_gs1_add(reader, ai, code, value, pad_gtin(code, buffer, len));
}

static bool
split_path(struct xd_gs1_reader *reader, struct xd_slice rest, struct path *path)
{
    struct xd_slice part;

    path->count = 0;
    while (xd_slice_next(&rest, '/', &part)) {
        if (path->count == SEGMENTS_MAX) {
            return xd_gs1_fail(reader, XD_F_GS1_LINK, part, "The path has more than %d parts.",
                               SEGMENTS_MAX);
        }
        path->segment[path->count++] = part;
    }
    return true;
}

/* True when the segments from `at` on, two by two, are identifiers in the order of `sequence`. */
static bool
in_order(const struct path *path, size_t at, struct xd_slice sequence)
{
    struct xd_slice qualifier;

    while (at < path->count && xd_slice_next(&sequence, ',', &qualifier)) {
        if (xd_slice_eq(path->segment[at], qualifier)) {
            at += 2;
        }
    }
    return at >= path->count;
}

static bool
begins_key(const struct xd_gs1_reader *reader, const struct path *path, size_t at, bool *is_key)
{
    uint16_t index = whole_ai(reader, path->segment[at]);

    *is_key = index != XD_GS1_AI_NONE && reader->ais->list[index].key;
    if (!*is_key || (path->count - at) % 2 != 0) {
        return false;
    }
    struct xd_slice sequences = reader->ais->list[index].qualifiers;
    struct xd_slice sequence = XD_NONE;
    if (path->count == at + 2) {
        return true;
    }
    while (xd_slice_next(&sequences, '|', &sequence)) {
        if (in_order(path, at + 2, sequence)) {
            return true;
        }
    }
    return false;
}

static bool
read_path(struct xd_gs1_reader *reader, const struct path *path, struct xd_slice whole)
{
    struct xd_slice seen = XD_NONE; /* a key behind which the rest does not read */
    bool is_key;

    for (size_t at = 0; at + 1 < path->count; at++) {
        if (!begins_key(reader, path, at, &is_key)) {
            seen = is_key && !seen.ptr ? path->segment[at] : seen;
            continue;
        }
        for (; at + 1 < path->count; at += 2) {
            struct xd_slice code = path->segment[at];
            if (!add_decoded(reader, whole_ai(reader, code), code, path->segment[at + 1], false)) {
                return false;
            }
        }
        return true;
    }
    if (seen.ptr) {
        return xd_gs1_fail(reader, XD_F_GS1_LINK, seen,
                           "What follows key %.*s is not its qualifiers in their order.",
                           XD_FMT(seen));
    }
    return xd_gs1_fail(reader, XD_F_GS1_LINK, whole, "The path holds no GS1 key.");
}

/* Attributes by number; other keys of the query (linkType, context) belong to the resolver. */
static bool
read_query(struct xd_gs1_reader *reader, struct xd_slice query)
{
    struct xd_slice pair;

    while (xd_slice_next(&query, '&', &pair)) {
        size_t cut = xd_slice_find(pair, '=');
        struct xd_slice code = xd_slice_sub(pair, 0, cut);
        struct xd_slice value = xd_slice_sub(pair, cut + 1, SIZE_MAX);
        if (!xd_slice_digits(code)) {
            continue;
        }
        uint16_t index = whole_ai(reader, code);
        if (index == XD_GS1_AI_NONE) {
            return xd_gs1_fail(reader, XD_F_GS1_AI_UNKNOWN, code, "\"%.*s\" is none.",
                               XD_FMT(code));
        }
        if (!reader->ais->list[index].attribute) {
            return xd_gs1_fail(reader, XD_F_GS1_LINK, code, "(%.*s) must not stand in the query.",
                               XD_FMT(code));
        }
        if (!add_decoded(reader, index, code, value, true)) {
            return false;
        }
    }
    return true;
}

bool
xd_gs1_read_link(struct xd_gs1_reader *reader, struct xd_slice uri)
{
    size_t start = xd_slice_find(uri, '/') + 2; /* behind "https://" */
    struct xd_slice rest = xd_slice_sub(uri, start, SIZE_MAX);
    struct path path;

    rest = xd_slice_sub(rest, 0, xd_slice_find(rest, '#'));
    size_t query = xd_slice_find(rest, '?');
    size_t slash = xd_slice_find(xd_slice_sub(rest, 0, query), '/');
    struct xd_slice whole = xd_slice_sub(rest, slash, query - slash);
    if (whole.len < 2) {
        return xd_gs1_fail(reader, XD_F_GS1_LINK, uri, "It has no path.");
    }
    return split_path(reader, xd_slice_sub(whole, 1, SIZE_MAX), &path) &&
           read_path(reader, &path, whole) &&
           read_query(reader, xd_slice_sub(rest, query + 1, SIZE_MAX));
}
