/*
 * The schema is printed from the rows that write the file, so a carrier can load it into any
 * Frictionless tool and know that it describes what arrives.
 */
#include "base/json.h"
#include "writer/layout.h"

static const char *
type_name(const struct xd_layout *layout, enum xd_layout_type type)
{
    switch (type) {
    case XD_LAYOUT_INTEGER:
        return "integer";
    case XD_LAYOUT_NUMBER:
        return "number";
    case XD_LAYOUT_DATE:
        return "date";
    case XD_LAYOUT_WEIGHT:
        return layout->weight_in_kg ? "number" : "integer";
    case XD_LAYOUT_STRING:
    case XD_LAYOUT_TYPE_COUNT:
        break;
    }
    return "string";
}

static struct xd_slice
pattern_of(enum xd_layout_chars chars)
{
    switch (chars) {
    case XD_LAYOUT_ASCII:
        return XD_LIT("[ -~]*");
    case XD_LAYOUT_DIGITS:
        return XD_LIT("[0-9]*");
    case XD_LAYOUT_UPPER:
        return XD_LIT("[A-Z]*");
    case XD_LAYOUT_CODE:
        return XD_LIT("[A-Z0-9]*");
    case XD_LAYOUT_ANY:
    case XD_LAYOUT_CHARS_COUNT:
        break;
    }
    return XD_NONE;
}

/* Table Schema allows lengths and patterns on strings only. */
static void
put_constraints(const struct xd_layout_column *column, struct xd_json *json)
{
    struct xd_slice allowed = column->allowed;
    struct xd_slice pattern = pattern_of(column->chars);
    struct xd_slice one;

    xd_json_object(json, "constraints");
    xd_json_bool(json, "required", column->required);
    if (column->type == XD_LAYOUT_STRING && column->min_length > 0) {
        xd_json_u64(json, "minLength", column->min_length);
    }
    if (column->type == XD_LAYOUT_STRING && column->max_length != UINT32_MAX) {
        xd_json_u64(json, "maxLength", column->max_length);
    }
    if (column->type == XD_LAYOUT_STRING && pattern.len > 0) {
        xd_json_text(json, "pattern", pattern);
    }
    if (allowed.len > 0) {
        xd_json_array(json, "enum");
        while (xd_slice_next(&allowed, '|', &one)) {
            xd_json_text(json, NULL, one);
        }
        xd_json_end(json);
    }
    xd_json_end(json);
}

static void
put_field(const struct xd_layout *layout, const struct xd_layout_column *column,
          struct xd_json *json)
{
    xd_json_object(json, NULL);
    xd_json_text(json, "name", column->name);
    xd_json_text(json, "type", xd_slice_str(type_name(layout, column->type)));
    xd_json_text(json, "description", column->description);
    if (column->example.len > 0) {
        xd_json_text(json, "example", column->example);
    }
    put_constraints(column, json);
    xd_json_end(json);
}

static const struct xd_layout_column *
column_of(const struct xd_layout *layout, unsigned value)
{
    for (size_t i = 0; i < layout->count; i++) {
        if (layout->columns[i].value == value) {
            return &layout->columns[i];
        }
    }
    return NULL;
}

/* A row is known by its parcel, and by its line where a parcel has several rows; nothing is
 * promised without both. */
static void
put_primary_key(const struct xd_layout *layout, struct xd_json *json)
{
    const struct xd_layout_column *parcel = column_of(layout, XD_FIELD_PARCEL_CODE);
    const struct xd_layout_column *line = column_of(layout, XD_VALUE_LINE_NUMBER);

    if (!parcel || (!layout->per_parcel && !line)) {
        return;
    }
    xd_json_array(json, "primaryKey");
    xd_json_text(json, NULL, parcel->name);
    if (!layout->per_parcel) {
        xd_json_text(json, NULL, line->name);
    }
    xd_json_end(json);
}

static void
put_dialect(const struct xd_layout *layout, struct xd_json *json)
{
    bool quotes = layout->quoting != XD_LAYOUT_QUOTE_NONE;

    xd_json_object(json, "dialect");
    xd_json_text(json, "delimiter", xd_slice_of(&layout->delimiter, 1));
    xd_json_text(json, "lineTerminator", layout->line_end);
    if (quotes) {
        xd_json_text(json, "quoteChar", XD_LIT("\""));
    } else {
        xd_json_null(json, "quoteChar");
    }
    xd_json_bool(json, "doubleQuote", quotes);
    xd_json_bool(json, "header", layout->header);
    xd_json_end(json);
}

void
xd_layout_schema(const struct xd_layout *layout, struct xd_buf *buf)
{
    struct xd_json json;

    xd_json_init(&json, buf, false);
    xd_json_object(&json, NULL);
    xd_json_text(&json, "$schema", XD_LIT("https://datapackage.org/profiles/2.0/tableschema.json"));
    xd_json_text(&json, "name", layout->name);
    xd_json_text(&json, "version", layout->version);
    xd_json_text(&json, "description", layout->description);
    xd_json_text(&json, "encoding", layout->encoding);
    put_dialect(layout, &json);
    xd_json_array(&json, "fields");
    for (size_t i = 0; i < layout->count; i++) {
        put_field(layout, &layout->columns[i], &json);
    }
    xd_json_end(&json);
    xd_json_array(&json, "missingValues");
    xd_json_text(&json, NULL, XD_NONE);
    xd_json_end(&json);
    put_primary_key(layout, &json);
    xd_json_end(&json);
}
