/*
 * A table of our own instead of iconv: the converters of the C library are files outside the
 * program, which a sandboxed run cannot open, and eight half-pages of code points are all that is
 * needed.
 */
#include "reference/edi_charset.h"

#include "base/tsv.h"

/* "A0", "104" or "." for no character. */
static bool
read_code_point(struct xd_slice text, uint16_t *out)
{
    uint32_t value = 0;

    *out = 0;
    if (xd_slice_eq(text, XD_LIT("."))) {
        return true;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!xd_is_digit(c) && (c < 'A' || c > 'F')) {
            return false;
        }
        value = value * 16 + (uint32_t)(xd_is_digit(c) ? c - '0' : c - 'A' + 10);
    }
    *out = (uint16_t)value;
    return text.len >= 2 && text.len <= 4;
}

static bool
read_high(struct xd_slice cell, struct xd_edi_charset *charset)
{
    struct xd_slice part;
    size_t count = 0;

    charset->encoding = XD_EDI_SINGLE;
    if (cell.len == 0 || xd_slice_eq(cell, XD_LIT("utf-8"))) {
        charset->encoding = cell.len ? XD_EDI_UTF8 : XD_EDI_ASCII;
        return true;
    }
    while (xd_slice_next(&cell, ' ', &part)) {
        if (count == 96 || !read_code_point(part, &charset->high[count++])) {
            return false;
        }
    }
    return count == 96;
}

bool
xd_edi_charset_get(const struct xd_tables *tables, struct xd_slice level,
                   struct xd_edi_charset *charset, bool *found, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"level", "name", "repertoire", "high"};
    struct xd_slice cells[4];
    struct xd_slice text;
    struct xd_tsv tsv;

    *found = false;
    if (!xd_tables_get(tables, "edi/charsets.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "edi/charsets.tsv", text, COLUMNS, 4, err)) {
        return false;
    }
    while (!*found && xd_tsv_next(&tsv, cells, err)) {
        if (!xd_slice_eq(cells[0], level)) {
            continue;
        }
        *charset = (struct xd_edi_charset){.name = cells[1]};
        if (cells[2].len == 0 || !read_high(cells[3], charset)) {
            return xd_tsv_fail(&tsv, err, "not a repertoire and 96 code points:", cells[0]);
        }
        charset->repertoire = cells[2].ptr[0];
        *found = true;
    }
    return err->status == 0;
}
