/*
 * Partners compute with these codes, and code lists grow; so they are a table and not a switch.
 */
#include "reference/edi_codes.h"

#include "base/tsv.h"
#include "reference/finding_text.h"

static bool
load_rows(struct xd_edi_codes *codes, const struct xd_finding_texts *texts, struct xd_slice text,
          struct xd_error *err)
{
    static const char *const COLUMNS[] = {"finding", "contrl", "segment", "element",
                                          "set",     "group",  "ta1"};
    struct xd_slice cells[7];
    struct xd_tsv tsv;

    if (!xd_tsv_open(&tsv, "edi/errors.tsv", text, COLUMNS, 7, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        enum xd_finding_code code = xd_finding_text_find(texts, cells[0]);
        if (code == XD_F_NONE) {
            return xd_tsv_fail(&tsv, err, "there is no finding", cells[0]);
        }
        codes->of[code] =
            (struct xd_edi_code){cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]};
    }
    return err->status == 0;
}

bool
xd_edi_codes_load(struct xd_edi_codes *codes, const struct xd_tables *tables, struct xd_error *err)
{
    struct xd_finding_texts texts;
    struct xd_slice text;

    *codes = (struct xd_edi_codes){0};
    if (!xd_finding_texts_load(&texts, tables, err) ||
        !xd_tables_get(tables, "edi/errors.tsv", &text, err) ||
        !load_rows(codes, &texts, text, err)) {
        return false;
    }
    for (size_t i = 0; i < XD_F_COUNT; i++) {
        codes->reject[i] = texts.of[i].effect == XD_EFFECT_REJECT;
    }
    return true;
}
