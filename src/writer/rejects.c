/*
 * Several findings of a row share its cells, joined by " | " in the same order in each, so that the
 * first code belongs to the first message and the first fix.
 */
#include "writer/rejects.h"

enum part { CODE, MESSAGE, EXPECTED, FIX };

static struct xd_slice
without_line_end(struct xd_slice raw)
{
    while (raw.len > 0 && (raw.ptr[raw.len - 1] == '\n' || raw.ptr[raw.len - 1] == '\r')) {
        raw.len--;
    }
    return raw;
}

void
xd_rejects_header(const struct xd_rejects *rejects, struct xd_slice raw, struct xd_buf *buf)
{
    static const char *const NAMES[] = {"_xd_line", "_xd_code", "_xd_message", "_xd_expected",
                                        "_xd_fix"};

    xd_buf_put(buf, without_line_end(raw));
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        xd_buf_char(buf, rejects->delimiter);
        xd_buf_str(buf, NAMES[i]);
    }
    xd_buf_char(buf, '\n');
}

/* Quotes doubled, line ends and other controls as blanks: the cell stands inside quotes on one
 * line. */
static void
put_inside_quotes(struct xd_slice s, struct xd_buf *buf)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '"') {
            xd_buf_char(buf, '"');
        }
        xd_buf_char(buf, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
    }
}

static void
put_part(const struct xd_rejects *rejects, const struct xd_finding *finding, enum part part,
         struct xd_buf *buf)
{
    const struct xd_finding_text *text = &rejects->texts->of[finding->code];

    switch (part) {
    case CODE:
        put_inside_quotes(text->code, buf);
        return;
    case EXPECTED:
        put_inside_quotes(text->expected, buf);
        return;
    case FIX:
        put_inside_quotes(text->fix, buf);
        return;
    case MESSAGE:
        break;
    }
    if (finding->field < XD_FIELD_COUNT) {
        xd_buf_str(buf, xd_field_name((enum xd_field)finding->field));
        xd_buf_str(buf, ": ");
    }
    put_inside_quotes(text->text, buf);
    if (finding->detail.len > 0) {
        xd_buf_str(buf, " (");
        put_inside_quotes(finding->detail, buf);
        xd_buf_char(buf, ')');
    }
}

void
xd_rejects_row(const struct xd_rejects *rejects, struct xd_slice raw, uint64_t line,
               const struct xd_finding *findings, size_t count, struct xd_buf *buf)
{
    xd_buf_put(buf, without_line_end(raw));
    xd_buf_char(buf, rejects->delimiter);
    xd_buf_u64(buf, line);
    for (unsigned part = CODE; part <= FIX; part++) {
        xd_buf_char(buf, rejects->delimiter);
        xd_buf_char(buf, '"');
        for (size_t i = 0; i < count; i++) {
            xd_buf_str(buf, i > 0 ? " | " : "");
            put_part(rejects, &findings[i], (enum part)part, buf);
        }
        xd_buf_char(buf, '"');
    }
    xd_buf_char(buf, '\n');
}
