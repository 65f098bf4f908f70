/*
 * JSON through jansson, one order at a time: a whole manifest as jansson's tree would need ten
 * times its text. A walk through the text beside the tree gives each value its place in the file,
 * and each number as it was written: a price of 18.50 never becomes a binary fraction.
 *
 * Three documents are told apart by their keys: crossdock's manifest, its orders, and Global-e's
 * dispatch request.
 */
#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/hash.h"
#include "reader/json_scan.h"
#include "reader/shape.h"
#include "source/source.h"

#define LOOK_BYTES ((size_t)256 << 10) /* of the text, to tell what it is */

struct json {
    struct xd_reading *reading;
    struct xd_slice text;
    struct xd_shape shape;
    struct xd_shaping shaping;
    struct xd_shape_tape tape;
    struct xd_map unknown;
    bool stopped;
};

static uint64_t
offset_of(const struct json *j, struct xd_slice inside)
{
    return (uint64_t)(inside.ptr - j->text.ptr);
}

static void
report(struct json *j, enum xd_finding_code code, uint64_t offset, struct xd_slice value,
       struct xd_slice detail)
{
    xd_findings_add(j->reading->findings,
                    &(struct xd_finding){.code = code,
                                         .document = j->reading->document->index,
                                         .field = XD_FIELD_NONE,
                                         .placed = true,
                                         .offset = offset,
                                         .value = value,
                                         .detail = detail});
}

/* Always false: the document is refused and nothing more is read. `value` is the key at fault, or
 * empty. */
static bool
refuse(struct json *j, enum xd_finding_code code, uint64_t offset, struct xd_slice value,
       const char *what)
{
    const char *quote = value.len ? "\"" : "";
    char detail[240];

    value = xd_slice_sub(value, 0, 64);
    (void)snprintf(detail, sizeof(detail), "%s%.*s%s%s", quote, XD_FMT(value),
                   value.len ? "\": " : "", what);
    if (!j->stopped) {
        report(j, code, offset, value, xd_slice_str(detail));
    }
    j->stopped = true;
    j->reading->refused = true;
    return false;
}

static bool
refuse_limit(struct json *j, uint64_t offset, enum xd_limit limit)
{
    const struct xd_limit_row *row = &j->reading->limits->of[limit];
    char detail[120];

    (void)snprintf(detail, sizeof(detail), "the limit is %" PRIu64 " %.*s (--limit %.*s=N)",
                   row->value, XD_FMT(row->unit), XD_FMT(row->name));
    return refuse(j, XD_F_JSON_LIMIT, offset, XD_NONE, detail);
}

/* What a step of the scan that failed means. */
static bool
refuse_scan(struct json *j, const struct xd_json_scan *scan, const char *expected)
{
    uint64_t offset = offset_of(j, xd_slice_sub(scan->text, scan->at, 0));

    if (scan->too_deep) {
        return refuse_limit(j, offset, XD_LIMIT_JSON_DEPTH);
    }
    return refuse(j, XD_F_JSON_MALFORMED, offset, XD_NONE,
                  scan->at == scan->text.len ? "the text ends too early" : expected);
}

static json_t *
load(struct json *j, struct xd_slice bytes)
{
    json_error_t error;
    json_t *value;

    if (bytes.len > xd_limit(j->reading->limits, XD_LIMIT_JSON_ITEM_BYTES)) {
        (void)refuse_limit(j, offset_of(j, bytes), XD_LIMIT_JSON_ITEM_BYTES);
        return NULL;
    }
    value = json_loadb(bytes.ptr, bytes.len,
                       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
    if (!value) {
        uint64_t at = error.position > 0 ? (uint64_t)error.position : 0;
        (void)refuse(j, XD_F_JSON_MALFORMED, offset_of(j, bytes) + at, XD_NONE, error.text);
    }
    return value;
}

static void
report_unknown(struct json *j, struct xd_slice key)
{
    uint32_t old = XD_MAP_NONE;

    if (xd_map_put(&j->unknown, xd_arena_copy(j->reading->arena, key), 0, &old) &&
        old == XD_MAP_NONE) {
        char detail[80];
        (void)snprintf(detail, sizeof(detail), "\"%.*s\"", (int)(key.len < 64 ? key.len : 64),
                       key.ptr);
        report(j, XD_F_XML_ELEMENT_UNKNOWN, offset_of(j, key), key, xd_slice_str(detail));
    }
}

/* A scalar as text: strings decoded, numbers as written. False when it is an object or an array. */
static bool
scalar(const json_t *value, struct xd_slice raw, struct xd_slice *out)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        *out = xd_slice_of(json_string_value(value), json_string_length(value));
        return true;
    case JSON_TRUE:
        *out = XD_LIT("1");
        return true;
    case JSON_FALSE:
        *out = XD_LIT("0");
        return true;
    case JSON_NULL:
        *out = XD_NONE;
        return true;
    case JSON_INTEGER:
    case JSON_REAL:
        *out = raw;
        return true;
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return false;
}

static bool record_object(struct json *j, const struct xd_shape_entry *entry, json_t *object,
                          struct xd_slice raw);

static bool
record_list(struct json *j, const struct xd_shape_entry *entry, json_t *array, struct xd_slice raw)
{
    struct xd_json_scan scan = {.text = raw, .at = 1, .depth_limit = SIZE_MAX};
    struct xd_slice item;
    size_t i;
    json_t *value;

    json_array_foreach(array, i, value)
    {
        if (!xd_json_value(&scan, &item)) {
            return refuse_scan(j, &scan, "an item is expected");
        }
        (void)xd_json_char(&scan, ',');
        if (!json_is_object(value)) {
            return refuse(j, XD_F_JSON_INVALID, offset_of(j, item), XD_NONE,
                          "an object is expected");
        }
        if (!record_object(j, entry, value, item)) {
            return false;
        }
    }
    return true;
}

static bool
record_entry(struct json *j, const struct xd_shape_entry *entry, json_t *value, struct xd_slice raw)
{
    struct xd_slice text;

    switch (entry->kind) {
    case XD_SHAPE_IGNORE:
        return true;
    case XD_SHAPE_VALUE:
        if (!scalar(value, raw, &text)) {
            return refuse(j, XD_F_JSON_INVALID, offset_of(j, raw), entry->key,
                          "a text or a number is expected");
        }
        xd_tape_value(&j->tape, entry, text, offset_of(j, raw) + (json_is_string(value) ? 1 : 0));
        return true;
    case XD_SHAPE_ITEM:
    case XD_SHAPE_OBJECT:
        if (json_is_null(value)) {
            return true;
        }
        return json_is_object(value) ? record_object(j, entry, value, raw)
                                     : refuse(j, XD_F_JSON_INVALID, offset_of(j, raw), entry->key,
                                              "an object is expected");
    case XD_SHAPE_LIST:
        if (json_is_null(value)) {
            return true;
        }
        return json_is_array(value) ? record_list(j, entry, value, raw)
                                    : refuse(j, XD_F_JSON_INVALID, offset_of(j, raw), entry->key,
                                             "an array is expected");
    }
    return false;
}

static bool
check_least(struct json *j, unsigned node, uint64_t seen, struct xd_slice raw)
{
    const struct xd_shape_node *in = &j->shape.nodes[node];

    for (size_t i = 0; i < in->count; i++) {
        if (in->entries[i].least && !(seen >> i & 1)) {
            return refuse(j, XD_F_JSON_INVALID, offset_of(j, raw), in->entries[i].key,
                          "the object must have this key");
        }
    }
    return true;
}

/* Two spellings of one key (the case of letters) are as ambiguous as the same key twice. */
static bool
note_seen(struct json *j, const struct xd_shape_entry *entry, struct xd_slice key, uint64_t *seen)
{
    if (*seen >> entry->number & 1) {
        return refuse(j, XD_F_XML_VALUE_TWICE, offset_of(j, key), key, "it came before");
    }
    *seen |= (uint64_t)1 << entry->number;
    return true;
}

/* Tree and text side by side: jansson keeps the keys in the order of the text. */
static bool
record_members(struct json *j, unsigned node, json_t *object, struct xd_slice raw)
{
    struct xd_json_scan scan = {.text = raw, .at = 1, .depth_limit = SIZE_MAX};
    uint64_t seen = 0;
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        const struct xd_shape_entry *entry = xd_shape_find(&j->shape, node, xd_slice_str(name));
        struct xd_slice key;
        struct xd_slice bytes;
        if (!xd_json_key(&scan, &key) || !xd_json_value(&scan, &bytes)) {
            return refuse_scan(j, &scan, "a key is expected");
        }
        (void)xd_json_char(&scan, ',');
        if (!entry) {
            report_unknown(j, key);
        } else if (!note_seen(j, entry, key, &seen) || !record_entry(j, entry, value, bytes)) {
            return false;
        }
    }
    return check_least(j, node, seen, raw);
}

static bool
record_object(struct json *j, const struct xd_shape_entry *entry, json_t *object,
              struct xd_slice raw)
{
    xd_tape_enter(&j->tape, entry, offset_of(j, raw));
    if (j->tape.failed) {
        return xd_error_set(j->reading->err, EX_OSERR, "not enough memory to read JSON");
    }
    if (!record_members(j, entry->node, object, raw)) {
        return false;
    }
    xd_tape_leave(&j->tape);
    return true;
}

/* One order from its text to rows. */
static bool
read_item(struct json *j, const struct xd_shape_entry *entry, struct xd_slice raw)
{
    json_t *object = load(j, raw);
    bool good;

    if (!object) {
        return false;
    }
    good = json_is_object(object)
               ? record_object(j, entry, object, raw)
               : refuse(j, XD_F_JSON_INVALID, offset_of(j, raw), XD_NONE, "an object is expected");
    good = good && xd_tape_play(&j->tape, &j->shaping);
    json_decref(object);
    return good && !j->shaping.stopped;
}

/* The items of the array that is next in the scan. */
static bool
read_items(struct json *j, const struct xd_shape_entry *entry, struct xd_json_scan *scan)
{
    struct xd_slice item;

    if (!xd_json_char(scan, '[')) {
        return refuse_scan(j, scan, "an array is expected");
    }
    if (xd_json_char(scan, ']')) {
        return true;
    }
    do {
        if (!xd_json_value(scan, &item)) {
            return refuse_scan(j, scan, "a value is expected");
        }
        if (!read_item(j, entry, item)) {
            return false;
        }
    } while (xd_json_char(scan, ','));
    return xd_json_char(scan, ']') || refuse_scan(j, scan, "a comma or ] is expected");
}

/* A value of the outermost object. It is copied, because the tree it comes from is not kept. */
static bool
read_outer_value(struct json *j, const struct xd_shape_entry *entry, struct xd_slice raw)
{
    json_t *value = load(j, raw);
    struct xd_slice text = XD_NONE;
    bool good;

    if (!value) {
        return false;
    }
    good = !entry || entry->kind != XD_SHAPE_VALUE || scalar(value, raw, &text);
    if (entry && good) {
        xd_shaping_value(&j->shaping, entry, xd_arena_copy(j->reading->arena, text),
                         offset_of(j, raw) + (json_is_string(value) ? 1 : 0));
    }
    json_decref(value);
    return good || refuse(j, XD_F_JSON_INVALID, offset_of(j, raw), entry->key,
                          "a text or a number is expected");
}

/* One member of the outermost object; the list of orders is only noted: values behind it count for
 * it too. */
static bool
read_outer_member(struct json *j, unsigned node, struct xd_json_scan *scan, uint64_t *seen,
                  const struct xd_shape_entry **list, struct xd_slice *orders)
{
    const struct xd_shape_entry *entry;
    struct xd_slice key;
    struct xd_slice raw;

    if (!xd_json_key(scan, &key) || !xd_json_value(scan, &raw)) {
        return refuse_scan(j, scan, "a key and a value are expected");
    }
    entry = xd_shape_find(&j->shape, node, key);
    if (!entry) {
        report_unknown(j, key);
    } else if (!note_seen(j, entry, key, seen)) {
        return false;
    }
    if (entry && entry->kind == XD_SHAPE_LIST) {
        *list = entry;
        *orders = raw;
        return true;
    }
    return read_outer_value(j, entry, raw);
}

/* An outermost object that wraps a list of orders. */
static bool
read_outer(struct json *j, const struct xd_shape_entry *root, struct xd_json_scan *scan)
{
    const struct xd_shape_entry *list = NULL;
    struct xd_slice orders = XD_NONE;
    struct xd_json_scan inner = {.depth_limit = scan->depth_limit};
    uint64_t seen = 0;

    (void)xd_shaping_enter(&j->shaping, root, scan->at);
    (void)xd_json_char(scan, '{');
    do {
        if (!read_outer_member(j, root->node, scan, &seen, &list, &orders)) {
            return false;
        }
    } while (xd_json_char(scan, ','));
    if (!xd_json_char(scan, '}')) {
        return refuse_scan(j, scan, "a comma or } is expected");
    }
    if (!check_least(j, root->node, seen, xd_slice_sub(scan->text, 0, 0))) {
        return false;
    }
    inner.text = orders;
    if (list && !read_items(j, list, &inner)) {
        return false;
    }
    xd_shaping_leave(&j->shaping);
    return true;
}

/* The list that the outermost object wraps, or NULL when it is an order itself. */
static const struct xd_shape_entry *
wrapped_list(const struct json *j, const struct xd_shape_entry *root)
{
    const struct xd_shape_node *node = &j->shape.nodes[root->node];

    for (size_t i = 0; node->role == XD_SHAPE_PLAIN && i < node->count; i++) {
        if (node->entries[i].kind == XD_SHAPE_LIST) {
            return &node->entries[i];
        }
    }
    return NULL;
}

static bool
read_root(struct json *j)
{
    const struct xd_shape_entry *root = xd_shape_find(&j->shape, 0, XD_NONE);
    const struct xd_shape_entry *list = wrapped_list(j, root);
    struct xd_json_scan scan = {.text = j->text};
    struct xd_slice item;
    bool good;

    xd_json_blanks(&scan);
    /* What is scanned as one value lies inside of the outermost bracket, unless it is all. */
    scan.depth_limit = xd_limit(j->reading->limits, XD_LIMIT_JSON_DEPTH) - 1;
    if (scan.at < j->text.len && j->text.ptr[scan.at] == '[') {
        good = read_items(j, list ? list : root, &scan);
    } else if (list) {
        good = read_outer(j, root, &scan);
    } else {
        scan.depth_limit++;
        good = xd_json_value(&scan, &item) ? read_item(j, root, item)
                                           : refuse_scan(j, &scan, "a value is expected");
    }
    xd_json_blanks(&scan);
    if (good && scan.at != j->text.len) {
        return refuse(j, XD_F_JSON_MALFORMED, scan.at, XD_NONE, "something follows the end");
    }
    return good;
}

/* Which of the three documents it is. */
static bool
choose_shape(struct json *j)
{
    struct xd_reading *r = j->reading;
    struct xd_slice head = xd_slice_sub(j->text, 0, LOOK_BYTES);
    const char *path = "manifest/shape_orders.tsv";
    bool dispatch =
        xd_json_has_key(head, "OrderId", true) || xd_json_has_key(head, "MerchantOrderId", true);

    r->document->dialect = XD_LIT("crossdock-orders");
    if (dispatch) {
        path = "manifest/mapping_dispatch.tsv";
        r->document->dialect = XD_LIT("global-e-dispatch");
    } else if (xd_json_has_key(head, "parcels", false)) {
        path = "manifest/shape_manifest.tsv";
        r->document->dialect = XD_LIT("crossdock");
    }
    return xd_shape_load(&j->shape, path, XD_SHAPE_JSON, dispatch, r->tables, r->arena, r->err);
}

static bool
read_json(struct xd_reading *reading)
{
    struct json *j = xd_arena_alloc(reading->arena, sizeof(*j));
    const struct xd_document *document = reading->document;

    if (!j || !xd_map_init(&j->unknown, reading->arena, 16, false)) {
        return xd_error_set(reading->err, EX_OSERR, "not enough memory to read JSON");
    }
    j->reading = reading;
    j->text = document->text;
    j->tape.arena = reading->arena;
    if (!reading->checked && !xd_source_check(document, 0, document->text.len, reading->findings)) {
        reading->refused = true;
        return true;
    }
    if (!choose_shape(j)) {
        return false;
    }
    xd_shaping_start(&j->shaping, reading, &j->shape);
    (void)read_root(j);
    return reading->err->status == 0 && xd_shaping_finish(&j->shaping);
}

/* An object of a name or nothing, an array of any value: not the [section] of settings, nor the {
 * of a text document. */
static bool
starts_json(struct xd_slice text)
{
    struct xd_slice inside = xd_slice_trim(xd_slice_sub(text, 1, SIZE_MAX));
    char first = inside.len ? inside.ptr[0] : '\0';

    if (xd_slice_starts(text, XD_LIT("{"))) {
        return inside.len == 0 || first == '"' || first == '}';
    }
    return xd_slice_starts(text, XD_LIT("[")) &&
           (inside.len == 0 || memchr("{[]\"-0123456789", first, 15) ||
            xd_slice_starts(inside, XD_LIT("true")) || xd_slice_starts(inside, XD_LIT("false")) ||
            xd_slice_starts(inside, XD_LIT("null")));
}

static struct xd_bid
bid(struct xd_slice head)
{
    if (starts_json(xd_slice_trim(head))) {
        return (struct xd_bid){80, "it starts as JSON does"};
    }
    return (struct xd_bid){0, ""};
}

const struct xd_reader xd_reader_json = {
    .name = "json",
    .title = "JSON (crossdock's manifest and orders, Global-e dispatch)",
    .bid = bid,
    .read = read_json,
    .checks = true,
};
