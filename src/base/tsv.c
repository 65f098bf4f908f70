/*
 * A table is cut line by line without being copied. Every complaint names the file and the line,
 * because the person who refreshes a rate table at night needs the place, not a guess.
 */
#include "base/tsv.h"

#include <sysexits.h>

static bool
next_line(struct xd_tsv *tsv, struct xd_slice *line)
{
    while (xd_slice_next(&tsv->rest, '\n', line)) {
        tsv->line++;
        if (line->len && line->ptr[line->len - 1] == '\r') {
            line->len--;
        }
        if (line->len && line->ptr[0] != '#') {
            return true;
        }
    }
    return false;
}

static size_t
split(struct xd_slice line, struct xd_slice *cells)
{
    size_t count = 0;

    while (count < XD_TSV_COLUMNS_MAX) {
        size_t cut = xd_slice_find(line, '\t');
        cells[count++] = xd_slice_sub(line, 0, cut);
        if (cut == line.len) {
            return count;
        }
        line = xd_slice_sub(line, cut + 1, SIZE_MAX);
    }
    return count + 1;
}

bool
xd_tsv_fail(const struct xd_tsv *tsv, struct xd_error *err, const char *message,
            struct xd_slice value)
{
    return xd_error_set(err, EX_CONFIG, "%s:%zu: %s \"%.*s\"", tsv->name, tsv->line, message,
                        XD_FMT(value));
}

static bool
find_column(const struct xd_slice *header, size_t width, struct xd_slice name, uint8_t *at)
{
    for (size_t i = 0; i < width; i++) {
        if (xd_slice_eq(header[i], name)) {
            *at = (uint8_t)i;
            return true;
        }
    }
    return false;
}

bool
xd_tsv_open(struct xd_tsv *tsv, const char *name, struct xd_slice text, const char *const *columns,
            size_t count, struct xd_error *err)
{
    struct xd_slice header[XD_TSV_COLUMNS_MAX];
    struct xd_slice line = XD_NONE;

    *tsv = (struct xd_tsv){.name = name, .rest = text, .asked = count};
    if (!next_line(tsv, &line)) {
        return xd_tsv_fail(tsv, err, "the table has no header line", XD_NONE);
    }
    tsv->width = split(line, header);
    if (tsv->width > XD_TSV_COLUMNS_MAX || count > XD_TSV_COLUMNS_MAX) {
        return xd_tsv_fail(tsv, err, "the table has too many columns", XD_NONE);
    }
    for (size_t i = 0; i < count; i++) {
        bool optional = columns[i][0] == '?';
        struct xd_slice wanted = xd_slice_str(columns[i] + optional);
        if (find_column(header, tsv->width, wanted, &tsv->pick[i])) {
            continue;
        }
        if (!optional) {
            return xd_tsv_fail(tsv, err, "the table lacks the column", wanted);
        }
        tsv->pick[i] = UINT8_MAX;
    }
    return true;
}

bool
xd_tsv_next(struct xd_tsv *tsv, struct xd_slice *cells, struct xd_error *err)
{
    struct xd_slice all[XD_TSV_COLUMNS_MAX];
    struct xd_slice line;

    if (!next_line(tsv, &line)) {
        return false;
    }
    if (split(line, all) != tsv->width) {
        return xd_tsv_fail(tsv, err, "the row has another number of columns than the header", line);
    }
    for (size_t i = 0; i < tsv->asked; i++) {
        cells[i] = tsv->pick[i] == UINT8_MAX ? XD_NONE : all[tsv->pick[i]];
    }
    return true;
}

size_t
xd_tsv_count(struct xd_slice text)
{
    struct xd_tsv tsv = {.rest = text};
    struct xd_slice line;
    size_t count = 0;

    while (next_line(&tsv, &line)) {
        count++;
    }
    return count ? count - 1 : 0;
}
