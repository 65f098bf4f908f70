/*
 * A carrier whose file knows no other letters gets a value in Latin ones, and the report says how
 * it was written. What cannot be written letter by letter (Han, Arabic, Hebrew, Thai) stays as it
 * is: the check of the layout holds it, because a guessed reading sends the parcel astray.
 */
#include "base/utf8.h"
#include "pipeline/parcel.h"
#include "reference/transliteration.h"

#define VALUE_MAX 1024 /* bytes in Latin letters: longer than any file takes */

static bool
is_kept(const struct xd_layout *layout, const struct xd_layout_column *column, uint32_t code_point)
{
    return code_point < 0x80 ||
           (column->chars == XD_LAYOUT_ANY &&
            (layout->utf8 || xd_code_page_byte(&layout->page, code_point) != 0));
}

/* Bytes from `at` on that are kept, or, when `kept` is false, that are not. */
static size_t
run_of(const struct xd_layout *layout, const struct xd_layout_column *column, struct xd_slice value,
       size_t at, bool kept)
{
    size_t end = at;

    while (end < value.len) {
        uint32_t code_point;
        size_t step = xd_utf8_at(value, end, &code_point);
        if (is_kept(layout, column, code_point) != kept) {
            break;
        }
        end += step;
    }
    return end - at;
}

/* The value with Latin letters in place of those that the column does not take, or itself where
 * that is nothing or not possible. */
static struct xd_slice
write_latin(struct xd_decider *decider, const struct xd_parcel *parcel,
            const struct xd_layout_column *column, struct xd_slice value)
{
    const struct xd_layout *layout = decider->shared->layouts[parcel->route.carrier];
    char out[VALUE_MAX];
    size_t len = 0;
    size_t lost = 0;
    bool changed = false;

    for (size_t at = 0; at < value.len;) {
        size_t kept = run_of(layout, column, value, at, true);
        if (kept > VALUE_MAX - len) {
            return value;
        }
        memcpy(out + len, value.ptr + at, kept);
        len += kept;
        at += kept;
        struct xd_slice foreign = xd_slice_sub(value, at, run_of(layout, column, value, at, false));
        if (foreign.len) {
            len += xd_transliterate(&decider->shared->tables->addresses->transliteration,
                                    parcel->country, foreign, out + len, VALUE_MAX - len, &lost);
            changed = true;
            at += foreign.len;
        }
        if (lost || len == VALUE_MAX) {
            return value;
        }
    }
    return changed ? xd_arena_copy(&decider->arena, xd_slice_of(out, len)) : value;
}

static void
report_latin(struct xd_decider *decider, const struct xd_match_line *line, unsigned value,
             struct xd_slice latin)
{
    struct xd_slice shown = xd_slice_sub(latin, 0, 60);
    struct xd_diagnosis diagnosis;

    xd_diagnose(&diagnosis, XD_F_HANDOFF_VALUE_LATIN, 0, 0, "as \"%.*s\"", XD_FMT(shown));
    xd_parcel_report(decider, line, value < XD_FIELD_COUNT ? (enum xd_field)value : XD_FIELD_NONE,
                     &diagnosis, NULL);
}

/* One column of all lines; what a line has in common with the first is written and told once. */
static void
use_latin(struct xd_decider *decider, struct xd_parcel *parcel,
          const struct xd_layout_column *column)
{
    struct xd_slice first = parcel->lines[0].value[column->value];
    struct xd_slice first_latin = XD_NONE;

    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        struct xd_slice *value = &parcel->lines[i].value[column->value];
        bool same = i > 0 && xd_slice_eq(*value, first);
        struct xd_slice latin = same ? first_latin : write_latin(decider, parcel, column, *value);
        if (!same && latin.ptr != value->ptr) {
            report_latin(decider, parcel->sources[i], column->value, latin);
        }
        first_latin = i == 0 ? latin : first_latin;
        *value = latin;
    }
}

void
xd_parcel_use_latin(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_layout *layout = decider->shared->layouts[parcel->route.carrier];

    for (size_t i = 0; layout->latin && i < layout->count; i++) {
        const struct xd_layout_column *column = &layout->columns[i];
        if (column->value < XD_VALUE_COUNT && column->type == XD_LAYOUT_STRING &&
            (!layout->utf8 || column->chars == XD_LAYOUT_ASCII)) {
            use_latin(decider, parcel, column);
        }
    }
}
