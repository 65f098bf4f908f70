/*
 * The finding table in memory. The row number is the enum value, so the texts are looked up by
 * index; a newer table with other rows would mix up the sentences and is refused.
 */
#include "reference/finding_text.h"

#include "base/tsv.h"

static const char *const SLUGS[XD_F_COUNT] = {
#include "finding_slugs.h"
};

static bool
parse_effect(struct xd_slice text, enum xd_effect *effect)
{
    static const struct xd_slice NAMES[] = {{"none", 4}, {"hold", 4}, {"reject", 6}};

    for (unsigned i = 0; i < 3; i++) {
        if (xd_slice_eq(text, NAMES[i])) {
            *effect = (enum xd_effect)i;
            return true;
        }
    }
    return false;
}

bool
xd_finding_texts_load(struct xd_finding_texts *texts, const struct xd_tables *tables,
                      struct xd_error *err)
{
    static const char *const COLUMNS[] = {"code", "slug",     "severity", "effect",
                                          "text", "expected", "fix"};
    struct xd_slice cells[7];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t at = XD_F_NONE + 1;

    if (!xd_tables_get(tables, "reference/findings.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/findings.tsv", text, COLUMNS, 7, err)) {
        return false;
    }
    for (; xd_tsv_next(&tsv, cells, err); at++) {
        struct xd_finding_text *row = &texts->of[at < XD_F_COUNT ? at : 0];
        if (at >= XD_F_COUNT || !xd_slice_eq(cells[1], xd_slice_str(SLUGS[at]))) {
            return xd_tsv_fail(&tsv, err, "this build does not expect the finding here:", cells[1]);
        }
        *row = (struct xd_finding_text){cells[0], cells[1], cells[2], XD_EFFECT_NONE,
                                        cells[4], cells[5], cells[6]};
        if (!parse_effect(cells[3], &row->effect)) {
            return xd_tsv_fail(&tsv, err, "effect is none, hold or reject, not", cells[3]);
        }
    }
    if (err->status == 0 && at != XD_F_COUNT) {
        return xd_tsv_fail(&tsv, err, "the table ends before the finding", xd_slice_str(SLUGS[at]));
    }
    return err->status == 0;
}

enum xd_finding_code
xd_finding_code_of(struct xd_slice slug)
{
    for (unsigned i = XD_F_NONE + 1; i < XD_F_COUNT; i++) {
        if (xd_slice_eq(xd_slice_str(SLUGS[i]), slug)) {
            return (enum xd_finding_code)i;
        }
    }
    return XD_F_NONE;
}

enum xd_finding_code
xd_finding_text_find(const struct xd_finding_texts *texts, struct xd_slice name)
{
    for (unsigned i = XD_F_NONE + 1; i < XD_F_COUNT; i++) {
        if (xd_slice_ieq(texts->of[i].code, name) || xd_slice_ieq(texts->of[i].slug, name)) {
            return (enum xd_finding_code)i;
        }
    }
    return XD_F_NONE;
}
