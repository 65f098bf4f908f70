/*
 * The structure of a message as places and steps. Segment groups nest and repeat, but where a tag
 * leads from a place depends on nothing else than the two, so all steps are worked out when the
 * table is loaded: 80 places and 50 tags are four thousand bytes.
 */
#include "base/tsv.h"
#include "reference/edi_table.h"

#include <stdio.h>
#include <sysexits.h>

struct search {
    const struct xd_edi_message_table *message;
    uint8_t segment;
    uint8_t barred;
    void (*missing)(void *context, uint8_t node);
    void *context;
};

/* From node `at` to the end of its group (`end`): the node that the segment is, or XD_EDI_NONE. */
static uint8_t
search_level(const struct search *search, uint8_t at, uint8_t end)
{
    const struct xd_edi_node *nodes = search->message->nodes;

    while (at < end) {
        if (nodes[at].segment == search->segment && at != search->barred) {
            return at;
        }
        at = nodes[at].end;
    }
    return XD_EDI_NONE;
}

static void
tell_missing(const struct search *search, uint8_t at, uint8_t end)
{
    const struct xd_edi_node *nodes = search->message->nodes;

    for (; at < end; at = nodes[at].end) {
        if (nodes[at].mandatory && search->missing) {
            search->missing(search->context, at);
        }
    }
}

/* Tells first what the way passes only once the way is known to lead somewhere. */
static uint8_t
climb(const struct search *search, uint8_t group, uint8_t at, bool tell)
{
    const struct xd_edi_node *nodes = search->message->nodes;

    for (;;) {
        uint8_t end = group == XD_EDI_NONE ? search->message->node_count : nodes[group].end;
        uint8_t found = search_level(search, at, end);
        if (tell) {
            tell_missing(search, at, found == XD_EDI_NONE ? end : found);
        }
        if (found != XD_EDI_NONE || group == XD_EDI_NONE) {
            return found;
        }
        if (nodes[group].segment == search->segment && group != search->barred) {
            return group;
        }
        at = nodes[group].end;
        group = nodes[group].parent;
    }
}

uint8_t
xd_edi_follow(const struct xd_edi_message_table *message, uint8_t node, uint8_t segment,
              uint8_t barred, void (*missing)(void *context, uint8_t node), void *context)
{
    const struct search search = {message, segment, barred, missing, context};
    const struct xd_edi_node *from = &message->nodes[node];
    uint8_t group = from->trigger ? node : from->parent;
    uint8_t at = from->trigger ? (uint8_t)(node + 1) : from->end;
    uint8_t found;

    if (!from->trigger && from->segment == segment && node != barred) {
        return node;
    }
    found = climb(&search, group, at, false);
    if (found != XD_EDI_NONE && missing) {
        (void)climb(&search, group, at, true);
    }
    return found;
}

static void
note_missing(void *context, uint8_t node)
{
    (void)node;
    *(uint8_t *)context = 1;
}

static bool
compile(struct xd_edi_message_table *message, struct xd_arena *arena)
{
    size_t segments = message->directory->segment_count;
    size_t size = message->node_count * segments;

    message->follow = xd_arena_alloc(arena, size);
    message->skips = xd_arena_alloc(arena, size);
    if (!message->follow || !message->skips) {
        return false;
    }
    for (uint8_t node = 0; node < message->node_count; node++) {
        for (uint8_t segment = 0; segment < segments; segment++) {
            size_t at = node * segments + segment;
            message->follow[at] = xd_edi_follow(message, node, segment, XD_EDI_NONE, note_missing,
                                                &message->skips[at]);
        }
    }
    return true;
}

/* Groups still open at the row being read, by depth. */
struct nesting {
    uint8_t trigger[16];
    size_t depth;
};

static void
close_groups(struct xd_edi_message_table *message, struct nesting *nesting, size_t depth)
{
    while (nesting->depth > depth) {
        nesting->depth--;
        message->nodes[nesting->trigger[nesting->depth]].end = message->node_count;
    }
}

/* depth, group, status, most, segment. A sentence on what is wrong, or NULL. */
static const char *
add_node(struct xd_edi_message_table *message, struct nesting *nesting,
         const struct xd_slice *cells)
{
    struct xd_edi_node *node = &message->nodes[message->node_count];
    uint64_t depth;
    uint64_t most;

    if (!xd_slice_u64(cells[0], &depth) || depth > nesting->depth || depth >= 16) {
        return "the depth of a row is at most one more than that of its group:";
    }
    if (!xd_slice_u64(cells[3], &most) || most == 0 || most > UINT32_MAX) {
        return "not a number of repeats:";
    }
    close_groups(message, nesting, depth);
    node->segment =
        xd_edi_segment_find(message->directory, xd_edi_tag_key(cells[4].ptr, cells[4].len));
    node->mandatory = xd_slice_eq(cells[2], XD_LIT("M"));
    node->most = (uint32_t)most;
    node->parent = depth ? nesting->trigger[depth - 1] : XD_EDI_NONE;
    node->trigger = cells[1].len > 0;
    node->end = (uint8_t)(message->node_count + 1);
    if (node->segment == XD_EDI_NONE) {
        return "the segment table lacks the segment";
    }
    if (node->trigger) {
        nesting->trigger[nesting->depth++] = message->node_count;
    }
    message->node_count++;
    return NULL;
}

static bool
read_structure(struct xd_edi_message_table *message, struct xd_edi_tables *edi,
               struct xd_slice name, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"depth", "group", "status", "most", "segment"};
    struct nesting nesting = {0};
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;
    char path[256];

    (void)snprintf(path, sizeof(path), "edi/%.*s", XD_FMT(name));
    if (!xd_tables_get(edi->tables, path, &text, err) ||
        !xd_tsv_open(&tsv, path, text, COLUMNS, 5, err)) {
        return false;
    }
    message->nodes = xd_arena_array(edi->arena, XD_EDI_NODES_MAX, sizeof(*message->nodes));
    if (!message->nodes) {
        return xd_error_set(err, EX_OSERR, "memory ran out while reading %s", path);
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        const char *wrong = message->node_count < XD_EDI_NODES_MAX
                                ? add_node(message, &nesting, cells)
                                : "too many rows at";
        if (wrong) {
            return xd_tsv_fail(&tsv, err, wrong, cells[4]);
        }
    }
    close_groups(message, &nesting, 0);
    if (err->status == 0 && message->node_count == 0) {
        return xd_tsv_fail(&tsv, err, "the table is empty:", name);
    }
    if (err->status == 0 && !compile(message, edi->arena)) {
        return xd_error_set(err, EX_OSERR, "memory ran out while reading %s", path);
    }
    return err->status == 0;
}

/* The row of messages.tsv: function, structure, segments. False when there is none or, with *err
 * set, no table. */
static bool
find_row(const struct xd_edi_tables *edi, const struct xd_slice key[3], struct xd_slice out[3],
         struct xd_error *err)
{
    static const char *const COLUMNS[] = {"syntax",   "type",      "version",
                                          "function", "structure", "segments"};
    struct xd_slice cells[6];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(edi->tables, "edi/messages.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "edi/messages.tsv", text, COLUMNS, 6, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (xd_slice_eq(cells[0], key[0]) && xd_slice_eq(cells[1], key[1]) &&
            xd_slice_eq(cells[2], key[2])) {
            memcpy(out, cells + 3, 3 * sizeof(*out));
            return true;
        }
    }
    return false;
}

bool
xd_edi_message_get(struct xd_edi_tables *edi, enum xd_edi_syntax syntax, struct xd_slice service,
                   struct xd_slice type, struct xd_slice version,
                   const struct xd_edi_message_table **out, struct xd_error *err)
{
    const struct xd_slice key[3] = {xd_edi_syntax_name(syntax), type, version};
    struct xd_edi_message_table *message = edi->messages;
    struct xd_slice row[3];

    *out = NULL;
    for (; message; message = message->next) {
        if (xd_slice_eq(message->type, type) && xd_slice_eq(message->version, version) &&
            xd_slice_eq(message->directory->service, service)) {
            *out = message;
            return true;
        }
    }
    if (!find_row(edi, key, row, err)) {
        return err->status == 0;
    }
    message = xd_arena_alloc(edi->arena, sizeof(*message));
    if (!message) {
        return xd_error_set(err, EX_OSERR, "memory ran out while reading the EDI tables");
    }
    message->type = xd_arena_copy(edi->arena, type);
    message->version = xd_arena_copy(edi->arena, version);
    message->function = row[0];
    message->directory = xd_edi_directory_get(edi, service, row[2], err);
    if (!message->directory || !read_structure(message, edi, row[1], err)) {
        return false;
    }
    message->next = edi->messages;
    edi->messages = message;
    *out = message;
    return true;
}
