/* Three small tables; the row of lengths that holds everywhere must be there, so that a look-up
 * never fails. */
#include "reference/customs_rule.h"

#include <sysexits.h>

#include "base/fold.h"
#include "base/tsv.h"

/* Where the first word of a phrase ends; words are parted as those of a description are. */
static size_t
first_word(struct xd_slice phrase)
{
    size_t at = 0;

    while (at < phrase.len && xd_description_letter(phrase.ptr[at])) {
        at++;
    }
    return at;
}

static bool
add_word(struct xd_map *words, struct xd_arena *arena, struct xd_slice text, unsigned bit)
{
    char folded[96];
    size_t len = xd_fold_key(text, folded, sizeof(folded));
    struct xd_slice key = xd_arena_copy(arena, xd_slice_of(folded, len));
    uint32_t bits = xd_map_get(words, key);

    return key.len > 0 && xd_map_put(words, key, (bits == XD_MAP_NONE ? 0 : bits) | bit, NULL);
}

static bool
load_vague(struct xd_customs_rules *rules, const struct xd_tables *tables, struct xd_arena *arena,
           struct xd_error *err)
{
    static const char *const COLUMNS[] = {"phrase", "kind"};
    struct xd_slice cells[2];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "reference/vague_descriptions.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/vague_descriptions.tsv", text, COLUMNS, 2, err)) {
        return false;
    }
    if (!xd_map_init(&rules->vague, arena, xd_tsv_count(text), false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the vague descriptions");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        bool filler = xd_slice_eq(cells[1], XD_LIT("filler"));
        size_t word = first_word(cells[0]);
        if (!filler && !xd_slice_eq(cells[1], XD_LIT("vague"))) {
            return xd_tsv_fail(&tsv, err, "a phrase is vague or filler:", cells[1]);
        }
        if (!add_word(&rules->vague, arena, cells[0], filler ? XD_WORD_FILLER : XD_WORD_VAGUE) ||
            (word < cells[0].len &&
             !add_word(&rules->vague, arena, xd_slice_sub(cells[0], 0, word), XD_WORD_BEGINS))) {
            return xd_tsv_fail(&tsv, err, "the phrase is empty, or memory ran out:", cells[0]);
        }
    }
    return err->status == 0;
}

static bool
parse_length(struct xd_hs_length *row, const struct xd_countries *countries,
             const struct xd_slice *cells)
{
    uint64_t least = 0;
    uint64_t full = 0;

    row->destination = xd_country_find(countries, cells[0]);
    row->from = XD_DATE_MIN;
    row->until = XD_DATE_MAX;
    if ((row->destination == XD_COUNTRY_NONE && !xd_slice_eq(cells[0], XD_LIT("*"))) ||
        !xd_slice_u64(cells[1], &least) || !xd_slice_u64(cells[2], &full) || least < 4 ||
        full < least || full > 14 || (cells[3].len && !xd_date_parse(cells[3], &row->from)) ||
        (cells[4].len && !xd_date_parse(cells[4], &row->until))) {
        return false;
    }
    row->least = (uint8_t)least;
    row->full = (uint8_t)full;
    return true;
}

static bool
load_lengths(struct xd_customs_rules *rules, const struct xd_countries *countries,
             const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"destination", "least", "full", "effective_from",
                                          "effective_until"};
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "reference/hs_lengths.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/hs_lengths.tsv", text, COLUMNS, 5, err)) {
        return false;
    }
    rules->lengths = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*rules->lengths));
    if (!rules->lengths) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the lengths of HS codes");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        struct xd_hs_length *row = &rules->lengths[rules->length_count];
        if (!parse_length(row, countries, cells) ||
            (rules->length_count == 0 && row->destination != XD_COUNTRY_NONE)) {
            return xd_tsv_fail(&tsv, err,
                               "\"*\" comes first, and this row cannot be read:", cells[0]);
        }
        rules->length_count++;
    }
    if (err->status == 0 && rules->length_count == 0) {
        return xd_tsv_fail(&tsv, err, "the row \"*\" is missing", XD_NONE);
    }
    return err->status == 0;
}

static bool
load_plausible(struct xd_customs_rules *rules, const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"what", "low", "high"};
    static const char *const NAMES[XD_PLAUSIBLE_COUNT] = {
        "item_value_minor",   "item_weight_g",     "parcel_weight_g",
        "value_minor_per_kg", "description_chars",
    };
    struct xd_slice cells[3];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t at = 0;

    if (!xd_tables_get(tables, "reference/plausibility.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/plausibility.tsv", text, COLUMNS, 3, err)) {
        return false;
    }
    for (; xd_tsv_next(&tsv, cells, err); at++) {
        if (at == XD_PLAUSIBLE_COUNT || !xd_slice_eq(cells[0], xd_slice_str(NAMES[at])) ||
            !xd_slice_u64(cells[1], &rules->plausible[at].low) ||
            !xd_slice_u64(cells[2], &rules->plausible[at].high)) {
            return xd_tsv_fail(&tsv, err, "this row is not expected here:", cells[0]);
        }
    }
    if (err->status == 0 && at != XD_PLAUSIBLE_COUNT) {
        return xd_tsv_fail(&tsv, err, "the row is missing:", xd_slice_str(NAMES[at]));
    }
    return err->status == 0;
}

static unsigned
windsor_value(struct xd_slice word)
{
    static const char *const NAMES[] = {"description", "weight",      "value",         "hs_code",
                                        "ukims",       "sender_eori", "receiver_eori", "origin"};

    for (unsigned i = 0; i < 8; i++) {
        if (xd_slice_eq(word, xd_slice_str(NAMES[i]))) {
            return 1U << i;
        }
    }
    return 0;
}

static bool
parse_windsor(struct xd_windsor_rule *rule, const struct xd_slice *cells)
{
    struct xd_slice words = cells[1];
    struct xd_slice word;

    *rule = (struct xd_windsor_rule){.business = xd_slice_eq(cells[0], XD_LIT("business")),
                                     .text = cells[2],
                                     .until = XD_DATE_MAX};
    while (xd_slice_next(&words, '|', &word)) {
        unsigned value = windsor_value(word);
        if (!value) {
            return false;
        }
        rule->wanted |= value;
    }
    return rule->wanted && (rule->business || xd_slice_eq(cells[0], XD_LIT("consumer"))) &&
           xd_date_parse(cells[3], &rule->from) &&
           (cells[4].len == 0 || xd_date_parse(cells[4], &rule->until));
}

static bool
load_windsor(struct xd_customs_rules *rules, const struct xd_tables *tables, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"receiver", "wanted", "text", "effective_from",
                                          "effective_until"};
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "reference/windsor.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/windsor.tsv", text, COLUMNS, 5, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (rules->windsor_count == XD_WINDSOR_MAX ||
            !parse_windsor(&rules->windsor[rules->windsor_count++], cells)) {
            return xd_tsv_fail(&tsv, err,
                               "the receiver, a value or a day cannot be read:", cells[1]);
        }
    }
    return err->status == 0;
}

bool
xd_customs_rules_load(struct xd_customs_rules *rules, const struct xd_countries *countries,
                      const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    *rules = (struct xd_customs_rules){0};
    return load_vague(rules, tables, arena, err) &&
           load_lengths(rules, countries, tables, arena, err) &&
           load_plausible(rules, tables, err) && load_windsor(rules, tables, err);
}

const struct xd_hs_length *
xd_hs_length_find(const struct xd_customs_rules *rules, uint16_t destination, xd_date day)
{
    for (size_t i = 1; i < rules->length_count; i++) {
        const struct xd_hs_length *row = &rules->lengths[i];
        if (row->destination == destination && row->from <= day && day <= row->until) {
            return row;
        }
    }
    return &rules->lengths[0];
}
