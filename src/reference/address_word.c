/*
 * Every line of every address is searched for some hundred phrases, and nearly none holds one. A
 * bit set over the first three characters of the phrases says so for most words at the price of one
 * bit test.
 */
#include "reference/address_word.h"

#include <sysexits.h>

#include "base/fold.h"
#include "base/tsv.h"

#define X 0xff

const uint8_t XD_LETTER_INDEX[256] = {
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  X,  X,  X,  X,  X,  X,  X,  10, 11, 12, 13, 14, 15, 16,
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, X,  X,  X,  X,  X,
    X,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
    33, 34, 35, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
};

const char XD_LATIN_1_LETTER[64] = {
    'a', 'a', 'a', 'a', 'a', 'a', 0,   'c', 'e', 'e', 'e', 'e', 'i', 'i', 'i', 'i',
    'd', 'n', 'o', 'o', 'o', 'o', 'o', 0,   'o', 'u', 'u', 'u', 'u', 'y', 0,   0,
    'a', 'a', 'a', 'a', 'a', 'a', 0,   'c', 'e', 'e', 'e', 'e', 'i', 'i', 'i', 'i',
    'd', 'n', 'o', 'o', 'o', 'o', 'o', 0,   'o', 'u', 'u', 'u', 'u', 'y', 0,   'y',
};

static void
set_bit(uint64_t *bits, size_t at)
{
    bits[at / 64] |= 1ULL << (at % 64);
}

/* Marks every start that a key can have. A box word of two characters is followed by a number, or
 * by the n of "no". */
static void
mark_starts(uint64_t *bits, struct xd_slice key, bool number)
{
    size_t base;

    if (key.len < 2 || (unsigned char)key.ptr[0] >= 0x80) {
        return;
    }
    base = ((size_t)XD_LETTER_INDEX[(unsigned char)key.ptr[0]] * 36 +
            XD_LETTER_INDEX[(unsigned char)key.ptr[1]]) *
           36;
    if (key.len == 2) {
        for (size_t i = 0; i < 36; i++) {
            if (!number || i < 10 || i == XD_LETTER_INDEX['n']) {
                set_bit(bits, base + i);
            }
        }
        return;
    }
    set_bit(bits, base + XD_LETTER_INDEX[(unsigned char)key.ptr[2]]);
}

static bool
parse_countries(const struct xd_countries *countries, struct xd_slice text, uint64_t *bits)
{
    struct xd_slice word;

    if (xd_slice_eq(text, XD_LIT("*"))) {
        memset(bits, 0xff, XD_COUNTRY_MAX / 8);
        return true;
    }
    while (xd_slice_next(&text, ' ', &word)) {
        uint16_t country = xd_country_find(countries, word);
        if (country == XD_COUNTRY_NONE) {
            return false;
        }
        set_bit(bits, country);
    }
    return true;
}

static bool
parse_kind(struct xd_slice text, enum xd_box_kind *kind)
{
    static const char *const KINDS[] = {"", "box", "locker", "military", "cedex"};

    for (int i = XD_BOX_PO_BOX; i <= XD_BOX_CEDEX; i++) {
        if (xd_slice_eq(text, xd_slice_str(KINDS[i]))) {
            *kind = (enum xd_box_kind)i;
            return true;
        }
    }
    return false;
}

/* From Thai on through CJK and Hangul, text is set without blanks between words. */
static bool
sets_no_blanks(struct xd_slice key)
{
    return (unsigned char)key.ptr[0] >= 0xe3 ||
           ((unsigned char)key.ptr[0] == 0xe0 && (unsigned char)key.ptr[1] >= 0xb8);
}

static bool
load_box(struct xd_address_words *words, const struct xd_countries *countries,
         const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_arena *arena,
         struct xd_error *err)
{
    struct xd_box_word *row = &words->boxes[words->box_count];
    char folded[128];
    uint8_t first;

    row->key =
        xd_arena_copy(arena, xd_slice_of(folded, xd_fold_key(cells[1], folded, sizeof(folded))));
    row->number = xd_slice_eq(cells[2], XD_LIT("digit"));
    if (row->key.len < 2 || !parse_kind(cells[3], &row->kind) ||
        !parse_countries(countries, cells[4], row->countries)) {
        return xd_tsv_fail(tsv, err,
                           "the phrase is too short, or its kind or a country unknown:", cells[1]);
    }
    row->anywhere = sets_no_blanks(row->key);
    mark_starts(words->box_starts, row->key, row->number);
    first = (uint8_t)row->key.ptr[0];
    row->next = words->box_by_byte[first];
    words->box_by_byte[first] = words->box_count++;
    return true;
}

static bool
load_boxes(struct xd_address_words *words, const struct xd_countries *countries,
           const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"language", "phrase", "follow", "kind", "countries"};
    struct xd_slice cells[5];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t rows;

    if (!xd_tables_get(tables, "reference/po_box.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/po_box.tsv", text, COLUMNS, 5, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    words->boxes = xd_arena_array(arena, rows + 1, sizeof(*words->boxes));
    if (!words->boxes || rows >= UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the words of boxes");
    }
    memset(words->box_by_byte, 0xff, sizeof(words->box_by_byte));
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_box(words, countries, &tsv, cells, arena, err)) {
            return false;
        }
    }
    return err->status == 0;
}

static bool
parse_fields(struct xd_slice text, uint8_t *fields)
{
    static const struct {
        const char *name;
        uint8_t bits;
    } NAMES[] = {
        {"*", XD_PLACEHOLDER_NAME | XD_PLACEHOLDER_COMPANY | XD_PLACEHOLDER_ADDRESS |
                  XD_PLACEHOLDER_CITY},
        {"name", XD_PLACEHOLDER_NAME},
        {"company", XD_PLACEHOLDER_COMPANY},
        {"address", XD_PLACEHOLDER_ADDRESS},
        {"city", XD_PLACEHOLDER_CITY},
        {"phone", XD_PLACEHOLDER_PHONE},
        {"email", XD_PLACEHOLDER_EMAIL},
    };
    struct xd_slice word;

    *fields = 0;
    while (xd_slice_next(&text, ' ', &word)) {
        size_t i = 0;
        while (i < 7 && !xd_slice_eq(word, xd_slice_str(NAMES[i].name))) {
            i++;
        }
        if (i == 7) {
            return false;
        }
        *fields = (uint8_t)(*fields | NAMES[i].bits);
    }
    return *fields != 0;
}

static bool
load_placeholder(struct xd_address_words *words, const struct xd_tsv *tsv,
                 const struct xd_slice *cells, struct xd_arena *arena, struct xd_error *err)
{
    char folded[128];
    struct xd_slice key =
        xd_arena_copy(arena, xd_slice_of(folded, xd_fold_key(cells[2], folded, sizeof(folded))));
    uint8_t fields;
    uint32_t old;

    if (key.len < 2 || !parse_fields(cells[0], &fields)) {
        return xd_tsv_fail(tsv, err, "the word is too short or its fields unknown:", cells[2]);
    }
    if (fields & (XD_PLACEHOLDER_PHONE | XD_PLACEHOLDER_EMAIL)) {
        mark_starts(words->placeholder_starts[1], key, false);
    }
    if (fields & ~(XD_PLACEHOLDER_PHONE | XD_PLACEHOLDER_EMAIL)) {
        mark_starts(words->placeholder_starts[0], key, false);
    }
    if (xd_slice_eq(cells[1], XD_LIT("starts"))) {
        words->starts[words->start_count] = key;
        words->start_fields[words->start_count++] = fields;
        return true;
    }
    old = xd_map_get(&words->placeholders, key);
    if (!xd_map_put(&words->placeholders, key, fields | (old == XD_MAP_NONE ? 0 : old), NULL)) {
        return xd_tsv_fail(tsv, err, "memory ran out at", cells[2]);
    }
    return true;
}

static bool
load_placeholders(struct xd_address_words *words, const struct xd_tables *tables,
                  struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"fields", "how", "word"};
    struct xd_slice cells[3];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t rows;

    if (!xd_tables_get(tables, "reference/placeholders.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/placeholders.tsv", text, COLUMNS, 3, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    words->starts = xd_arena_array(arena, rows + 1, sizeof(*words->starts));
    words->start_fields = xd_arena_array(arena, rows + 1, sizeof(*words->start_fields));
    if (!words->starts || !words->start_fields ||
        !xd_map_init(&words->placeholders, arena, rows, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the placeholders");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_placeholder(words, &tsv, cells, arena, err)) {
            return false;
        }
    }
    return err->status == 0;
}

bool
xd_address_words_load(struct xd_address_words *words, const struct xd_countries *countries,
                      const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    *words = (struct xd_address_words){0};
    return load_boxes(words, countries, tables, arena, err) &&
           load_placeholders(words, tables, arena, err);
}
