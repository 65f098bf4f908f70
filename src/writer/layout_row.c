/*
 * The hot end of the writer: a million rows of fifty values. A value is copied sixteen bytes at a
 * time, and in the same pass compared with the four bytes that demand quotes and with the bytes
 * that its column takes without a second look. Only a value that needs quotes is written again, and
 * only one that is in doubt is checked.
 */
#include "base/decimal.h"
#include "writer/block.h"
#include "writer/layout.h"

static inline xd_block
special(xd_block bytes, xd_block delimiter)
{
    return (xd_block)(bytes == delimiter) | (xd_block)(bytes == xd_block_all('"')) |
           (xd_block)(bytes == xd_block_all('\r')) | (xd_block)(bytes == xd_block_all('\n'));
}

/* Copies 1 to 15 bytes as two words that may overlap. */
static inline void
copy_short(char *out, const char *in, size_t len)
{
    if (len >= 8) {
        uint64_t first = xd_load8(in);
        uint64_t last = xd_load8(in + len - 8);
        memcpy(out, &first, 8);
        memcpy(out + len - 8, &last, 8);
    } else if (len >= 4) {
        uint64_t first = xd_load4(in);
        uint64_t last = xd_load4(in + len - 4);
        memcpy(out, &first, 4);
        memcpy(out + len - 4, &last, 4);
    } else {
        out[0] = in[0];
        out[len / 2] = in[len / 2];
        out[len - 1] = in[len - 1];
    }
}

/* What one pass over a value saw: bytes that demand quotes, bytes that the screen does not clear.
 */
struct seen {
    xd_block quotes;
    xd_block outside;
};

static inline void
look(struct seen *seen, const struct xd_layout_screen *screen, xd_block bytes, xd_block delimiter)
{
    seen->quotes |= special(bytes, delimiter);
    seen->outside |= (xd_block)((bytes - screen->low) > screen->span) |
                     (xd_block)(bytes == screen->except[0]) |
                     (xd_block)(bytes == screen->except[1]);
}

/* Copies a value that is not empty. */
static inline struct seen
copy_value(const struct xd_layout_screen *screen, char *out, struct xd_slice s, xd_block delimiter)
{
    struct seen seen = {0};
    xd_block bytes;
    size_t at = 0;

    if (s.len < 16) {
        copy_short(out, s.ptr, s.len);
        look(&seen, screen, xd_block_short(s.ptr, s.len), delimiter);
        return seen;
    }
    bytes = xd_block_load(s.ptr + s.len - 16);
    memcpy(out + s.len - 16, &bytes, 16);
    look(&seen, screen, bytes, delimiter);
    for (; at + 16 < s.len; at += 16) {
        bytes = xd_block_load(s.ptr + at);
        memcpy(out + at, &bytes, 16);
        look(&seen, screen, bytes, delimiter);
    }
    return seen;
}

static char *
put_quoted(char *out, struct xd_slice s)
{
    *out++ = '"';
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"') {
            *out++ = '"';
        }
        *out++ = s.ptr[i];
    }
    *out++ = '"';
    return out;
}

/*
 * Writes a value as the layout quotes and tells whether its bytes clear it. Letters beyond ASCII
 * count as several characters here, which only makes the answer "no" more often: min_length is at
 * most 1 where they pass.
 */
static inline char *
put_value(const struct xd_layout *layout, const struct xd_layout_screen *screen, char *out,
          struct xd_slice s, xd_block delimiter, bool *clear)
{
    struct seen seen;

    if (s.len == 0) {
        *clear = screen->may_miss;
        return layout->quoting == XD_LAYOUT_QUOTE_ALL ? put_quoted(out, s) : out;
    }
    seen = copy_value(screen, out, s, delimiter);
    *clear = screen->settles && s.len <= screen->max_length && s.len >= screen->min_length &&
             !xd_block_any(seen.outside);
    if (layout->quoting == XD_LAYOUT_QUOTE_ALL ||
        (layout->quoting == XD_LAYOUT_QUOTE_MINIMAL && xd_block_any(seen.quotes))) {
        return put_quoted(out, s);
    }
    return out + s.len;
}

/* Grams as kilograms with the layout's decimals, half away from zero, but never none: a carrier
 * refuses a parcel without weight. What is no number of grams stays as it is. */
static struct xd_slice
weight(const struct xd_layout *layout, struct xd_slice grams, char text[XD_DECIMAL_TEXT])
{
    struct xd_decimal value;
    int64_t units;

    if (xd_decimal_parse(grams, 3, &value) != XD_DECIMAL_OK) {
        return grams;
    }
    value.scale = (uint8_t)(value.scale + 3);
    if (!xd_decimal_rescale(value, layout->weight_decimals, XD_ROUND_HALF_UP, &units)) {
        return grams;
    }
    units = units == 0 && value.units > 0 ? 1 : units;
    return xd_slice_of(
        text, xd_decimal_format((struct xd_decimal){units, layout->weight_decimals}, text));
}

static inline struct xd_slice
value_of(const struct xd_layout *layout, size_t column, const struct xd_handoff *handoff)
{
    unsigned value = layout->screens[column].value;

    return value == XD_VALUE_COUNT ? layout->columns[column].constant : handoff->value[value];
}

/* Turns the UTF-8 of out..end into the layout's 8-bit encoding in place: it never grows. */
static char *
encode(const struct xd_layout *layout, char *out, const char *end)
{
    char *to = out;

    while (out < end) {
        unsigned char c = (unsigned char)*out;
        size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        uint32_t code_point = c < 0x80 ? c : c & (0xffu >> (len + 1));
        unsigned char byte = c;
        for (size_t i = 1; i < len && out + i < end; i++) {
            code_point = code_point << 6 | ((unsigned char)out[i] & 0x3f);
        }
        if (c >= 0x80) {
            byte = xd_code_page_byte(&layout->page, code_point);
        }
        *to++ = byte ? (char)byte : '?';
        out += len;
    }
    return to;
}

/* Room for every value quoted and doubled, separators and line end. */
static size_t
most_bytes(const struct xd_layout *layout, const struct xd_handoff *handoff)
{
    size_t bytes = layout->line_end.len + layout->count * (3 + XD_DECIMAL_TEXT);

    for (size_t i = 0; i < layout->count; i++) {
        bytes += 2 * value_of(layout, i, handoff).len;
    }
    return bytes;
}

/* Writes the values with a separator behind each. */
static char *
put_values(const struct xd_layout *layout, const struct xd_handoff *handoff, char *out,
           struct xd_layout_doubt *doubt)
{
    xd_block delimiter = xd_block_all((unsigned char)layout->delimiter);
    char kilograms[XD_DECIMAL_TEXT];

    for (size_t i = 0; i < layout->count; i++) {
        const struct xd_layout_screen *screen = &layout->screens[i];
        struct xd_slice value = value_of(layout, i, handoff);
        bool clear;
        char *end = put_value(layout, screen, out, value, delimiter, &clear);
        doubt->columns[i / 64] |= (uint64_t)!clear << i % 64;
        if (screen->weight && layout->weight_in_kg) {
            value = weight(layout, value, kilograms);
            end = put_value(layout, screen, out, value, delimiter, &clear);
        }
        *end = layout->delimiter;
        out = end + 1;
    }
    return out;
}

void
xd_layout_row(const struct xd_layout *layout, const struct xd_handoff *handoff, struct xd_buf *buf,
              struct xd_layout_doubt *doubt)
{
    char *start;
    char *out;

    if (layout->per_parcel && !xd_slice_eq(handoff->value[XD_VALUE_LINE_NUMBER], XD_LIT("1"))) {
        *doubt = XD_LAYOUT_DOUBT_ALL;
        return;
    }
    *doubt = (struct xd_layout_doubt){0};
    start = xd_buf_reserve(buf, most_bytes(layout, handoff));
    if (!start) {
        return;
    }
    out = put_values(layout, handoff, start, doubt) - 1;
    if (!layout->utf8) {
        out = encode(layout, start, out);
    }
    memcpy(out, layout->line_end.ptr, layout->line_end.len);
    buf->len += (size_t)(out - start) + layout->line_end.len;
}

void
xd_layout_header(const struct xd_layout *layout, struct xd_buf *buf)
{
    xd_block delimiter = xd_block_all((unsigned char)layout->delimiter);

    for (size_t i = 0; layout->header && i < layout->count; i++) {
        struct xd_slice name = layout->columns[i].name;
        bool clear; /* a name was checked when the layout was loaded */
        char *out = xd_buf_reserve(buf, 2 * name.len + 3 + layout->line_end.len);
        if (!out) {
            return;
        }
        buf->len +=
            (size_t)(put_value(layout, &layout->screens[i], out, name, delimiter, &clear) - out);
        if (i + 1 < layout->count) {
            xd_buf_char(buf, layout->delimiter);
        } else {
            xd_buf_put(buf, layout->line_end);
        }
    }
}

static void
put_placeholder(struct xd_buf *buf, struct xd_slice name, struct xd_slice carrier, xd_date day,
                unsigned part)
{
    char date[XD_DATE_TEXT];

    if (xd_slice_eq(name, XD_LIT("carrier"))) {
        xd_buf_put(buf, carrier);
    } else if (xd_slice_eq(name, XD_LIT("date"))) {
        xd_date_format(day, date);
        xd_buf_printf(buf, "%.4s%.2s%.2s", date, date + 5, date + 8);
    } else if (xd_slice_eq(name, XD_LIT("part"))) {
        xd_buf_printf(buf, "%03u", part);
    }
}

void
xd_layout_file_name(const struct xd_layout *layout, struct xd_slice carrier, xd_date day,
                    unsigned part, struct xd_buf *buf)
{
    struct xd_slice rest = layout->file_name;

    while (rest.len > 0) {
        size_t open = xd_slice_find(rest, '{');
        struct xd_slice name = xd_slice_sub(rest, open + 1, SIZE_MAX);
        size_t close = xd_slice_find(name, '}');
        xd_buf_put(buf, xd_slice_sub(rest, 0, open));
        put_placeholder(buf, xd_slice_sub(name, 0, close), carrier, day, part);
        rest = xd_slice_sub(name, close + 1, SIZE_MAX);
    }
}
