/*
 * The parity of quotes tells where records end, as for the cutting into chunks: where a quote is
 * wrong both are, and the document is refused for that quote anyway.
 */
#include "reader/csv_watch.h"

#include "reader/dialect_table.h"

/* Byte behind the last line end of text[from, to), or 0. */
static size_t
last_border(struct xd_slice text, size_t from, size_t to)
{
    const char *lf = memrchr(text.ptr + from, '\n', to - from);
    const char *cr = memrchr(text.ptr + from, '\r', to - from);
    const char *last = lf && (!cr || lf > cr) ? lf : cr;

    return last ? (size_t)(last - text.ptr) + 1 : 0;
}

bool
xd_csv_watch(struct xd_csv_watch *watch, struct xd_slice text, uint64_t most)
{
    while (watch->at < text.len) {
        const char *quote = memchr(text.ptr + watch->at, '"', text.len - watch->at);
        size_t to = quote ? (size_t)(quote - text.ptr) : text.len;
        size_t border = watch->inside ? 0 : last_border(text, watch->at, to);

        watch->border = border ? border : watch->border;
        watch->inside ^= quote != NULL;
        watch->at = to + (quote != NULL);
    }
    return text.len - watch->border <= most;
}

bool
xd_csv_watch_field(struct xd_csv_watch *watch, struct xd_slice text, uint64_t most)
{
    static const char BREAKS[] = "\" \r\n" XD_DELIMITERS;
    size_t at = text.len;

    /* From the end: in a text of fields a break is near. */
    while (at > watch->seen && !memchr(BREAKS, text.ptr[at - 1], sizeof(BREAKS))) {
        at--;
    }
    watch->field = at > watch->seen ? at : watch->field;
    watch->seen = text.len;
    return text.len - watch->field <= most;
}
