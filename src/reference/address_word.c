/*
 * Every line of every address is searched for some hundred phrases, and nearly none holds one. The
 * phrases are found by their first three letters, so that for most words one look at a table of
 * four kilobytes says so.
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

static void
set_bit(uint64_t *bits, size_t at)
{
    bits[at / 64] |= 1ULL << (at % 64);
}

/* The first code point of a key beyond ASCII; 0 when it starts with ASCII. */
static unsigned
first_code(struct xd_slice key)
{
    unsigned code = (unsigned char)key.ptr[0];
    unsigned trails = code < 0x80 ? 0 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : 3;

    code = code < 0x80 ? 0 : code & (0x3fU >> trails);
    for (unsigned i = 1; i <= trails && i < key.len; i++) {
        code = code << 6 | ((unsigned char)key.ptr[i] & 0x3fU);
    }
    return code;
}

static void
mark_other(uint64_t *bits, struct xd_slice key)
{
    unsigned code = first_code(key);

    if (code) {
        set_bit(bits, code % (XD_OTHER_STARTS * 64));
    }
}

/* Are the first `count` characters of a key, or as many as it has, ASCII? Then they are letters and
 * digits: folding leaves nothing else of it. */
static bool
starts_ascii(struct xd_slice key, size_t count)
{
    for (size_t i = 0; i < key.len && i < count; i++) {
        if ((unsigned char)key.ptr[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* The first three characters of a key, of which there may be two only: then `third` is the last. */
static unsigned
start_of(struct xd_slice key, char third)
{
    return xd_start_hash((uint32_t)(unsigned char)key.ptr[0] |
                         (uint32_t)(unsigned char)key.ptr[1] << 8 |
                         (uint32_t)(unsigned char)(key.len > 2 ? key.ptr[2] : third) << 16);
}

static void
add_start(struct xd_address_words *words, struct xd_slice key, char third)
{
    unsigned hash = start_of(key, third);
    uint16_t *first = &words->box_by_start[xd_start_slot(hash)];
    struct xd_box_start start = {.box = words->box_count, .next = *first};

    while (start.known < 8 && start.known < key.len && (unsigned char)key.ptr[start.known] < 0x80) {
        start.head |= (uint64_t)(unsigned char)key.ptr[start.known] << 8 * start.known;
        start.mask |= UINT64_C(0xff) << 8 * start.known++;
    }
    start.whole = start.known == key.len;
    words->starts_of_boxes[words->start_total] = start;
    *first = words->start_total++;
    set_bit(words->box_starts, hash);
}

/* What may follow a word of two characters that counts only with a number: a digit, the n of "no",
 * or the end of the line, which is read as a zero. */
#define BEHIND_TWO "0123456789n"
#define ANY_THIRD  "0123456789abcdefghijklmnopqrstuvwxyz"

/* Lists every start that the key of a box can have. */
static void
mark_box(struct xd_address_words *words, const struct xd_box_word *row)
{
    struct xd_slice key = row->key;
    struct xd_slice thirds = row->number ? XD_LIT(BEHIND_TWO) : XD_LIT(ANY_THIRD);

    mark_other(words->other_starts, key);
    if (row->anywhere) {
        mark_other(words->anywhere_starts, key);
    }
    if (!starts_ascii(key, 3)) {
        return; /* a text in which such a word could stand is always folded */
    }
    words->digit_starts |= xd_is_digit(key.ptr[0]);
    for (size_t i = 0; i < (key.len > 2 ? 1 : thirds.len); i++) {
        add_start(words, key, thirds.ptr[i]);
    }
}

/* Notes how long a value that is this placeholder, or starts with it, can be, and in which fields.
 */
static void
mark_placeholder(uint16_t *sizes, uint8_t *fields, struct xd_slice key, bool starts, uint8_t bits)
{
    struct xd_slice thirds = starts && key.len == 2 ? XD_LIT(ANY_THIRD) : XD_LIT("0");
    unsigned size = 1U << (key.len < XD_SIZE_MOST ? key.len : XD_SIZE_MOST);

    if (!starts_ascii(key, 3)) {
        return; /* such a value is always looked up */
    }
    if (!starts_ascii(key, key.len)) {
        size = UINT16_MAX; /* its letters are no bytes */
        starts = false;
    }
    for (size_t i = 0; i < thirds.len; i++) {
        unsigned slot = xd_start_slot(start_of(key, thirds.ptr[i]));
        sizes[slot] |= (uint16_t)(starts ? ~(size - 1) : size);
        fields[slot] |= bits;
    }
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
    static const char *const KINDS[] = {"", "box", "locker", "military", "cedex", "route"};

    for (int i = XD_BOX_PO_BOX; i <= XD_BOX_ROUTE; i++) {
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
    mark_box(words, row);
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
    words->starts_of_boxes =
        xd_arena_array(arena, rows * strlen(ANY_THIRD) + 1, sizeof(*words->starts_of_boxes));
    if (!words->boxes || !words->starts_of_boxes || rows * strlen(ANY_THIRD) >= UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the words of boxes");
    }
    memset(words->box_by_byte, 0xff, sizeof(words->box_by_byte));
    memset(words->box_by_start, 0xff, sizeof(words->box_by_start));
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

/* How much of a value a placeholder is: all of it, its beginning, or all but a number behind. */
enum placeholder_how {
    PLACEHOLDER_WHOLE,
    PLACEHOLDER_STARTS,
    PLACEHOLDER_NUMBER,
};

/* Keeps a placeholder of the whole value. A word may stand in several rows, for several fields, but
 * with one exception in all. */
static bool
keep_whole(struct xd_address_words *words, const struct xd_countries *countries,
           struct xd_slice key, uint8_t fields, struct xd_slice except)
{
    uint16_t country = except.len ? xd_country_find(countries, except) : XD_COUNTRY_NONE;
    uint32_t kept = except.len ? (country + 1U) << 8 : 0;
    uint32_t old = xd_map_get(&words->placeholders, key);

    old = old == XD_MAP_NONE ? 0 : old;
    if ((except.len && country == XD_COUNTRY_NONE) || (kept && old >> 8 && old >> 8 != kept >> 8)) {
        return false;
    }
    return xd_map_put(&words->placeholders, key, kept | fields | old, NULL);
}

/* Notes where a placeholder may be met: in the values of people, and in telephone numbers and
 * e-mail addresses. */
static void
mark_fields(struct xd_address_words *words, struct xd_slice key, uint8_t fields,
            enum placeholder_how how)
{
    static const uint8_t CONTACTS = XD_PLACEHOLDER_PHONE | XD_PLACEHOLDER_EMAIL;
    bool starts = how != PLACEHOLDER_WHOLE;

    mark_other(words->other_starts, key);
    words->placeholder_digits[0] |= (fields & ~CONTACTS) && xd_is_digit(key.ptr[0]);
    words->placeholder_digits[1] |= (fields & CONTACTS) && xd_is_digit(key.ptr[0]);
    if (how == PLACEHOLDER_NUMBER) {
        mark_placeholder(words->placeholder_sizes[2], words->placeholder_fields, key, starts,
                         fields);
        words->number_fields |= fields;
        return;
    }
    if (fields & CONTACTS) {
        mark_placeholder(words->placeholder_sizes[1], words->placeholder_fields, key, starts,
                         fields);
    }
    if (fields & ~CONTACTS) {
        mark_placeholder(words->placeholder_sizes[0], words->placeholder_fields, key, starts,
                         fields);
    }
}

static bool
load_placeholder(struct xd_address_words *words, const struct xd_countries *countries,
                 const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_arena *arena,
                 struct xd_error *err)
{
    static const char *const HOWS[] = {"whole", "starts", "number"};
    char folded[128];
    struct xd_slice key =
        xd_arena_copy(arena, xd_slice_of(folded, xd_fold_key(cells[2], folded, sizeof(folded))));
    unsigned how = PLACEHOLDER_WHOLE;
    uint8_t fields;

    if (key.len < 2 || !parse_fields(cells[0], &fields)) {
        return xd_tsv_fail(tsv, err, "the word is too short or its fields unknown:", cells[2]);
    }
    while (how <= PLACEHOLDER_NUMBER && !xd_slice_eq(cells[1], xd_slice_str(HOWS[how]))) {
        how++;
    }
    if (how > PLACEHOLDER_NUMBER) {
        return xd_tsv_fail(tsv, err, "whole, starts or number was expected, not", cells[1]);
    }
    mark_fields(words, key, fields, (enum placeholder_how)how);
    if (how != PLACEHOLDER_WHOLE) {
        words->starts[words->start_count++] =
            (struct xd_placeholder_start){key, fields, how == PLACEHOLDER_NUMBER};
        return true;
    }
    return keep_whole(words, countries, key, fields, cells[3]) ||
           xd_tsv_fail(tsv, err, "no country, a second exception, or memory ran out at", cells[2]);
}

static bool
load_placeholders(struct xd_address_words *words, const struct xd_countries *countries,
                  const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"fields", "how", "word", "except"};
    struct xd_slice cells[4];
    struct xd_slice text;
    struct xd_tsv tsv;
    size_t rows;

    if (!xd_tables_get(tables, "reference/placeholders.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/placeholders.tsv", text, COLUMNS, 4, err)) {
        return false;
    }
    rows = xd_tsv_count(text);
    words->starts = xd_arena_array(arena, rows + 1, sizeof(*words->starts));
    if (!words->starts || !xd_map_init(&words->placeholders, arena, rows, false)) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the placeholders");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!load_placeholder(words, countries, &tsv, cells, arena, err)) {
            return false;
        }
    }
    return err->status == 0;
}

static bool
load_no_number(struct xd_address_words *words, const struct xd_tables *tables,
               struct xd_arena *arena, struct xd_error *err)
{
    static const char *const COLUMNS[] = {"language", "word"};
    struct xd_slice cells[2];
    struct xd_slice text;
    struct xd_tsv tsv;

    if (!xd_tables_get(tables, "reference/no_number.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/no_number.tsv", text, COLUMNS, 2, err)) {
        return false;
    }
    words->no_number = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*words->no_number));
    if (!words->no_number || xd_tsv_count(text) >= UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the words without a number");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (cells[1].len < 2) {
            return xd_tsv_fail(&tsv, err, "the word is too short:", cells[1]);
        }
        words->no_number[words->no_number_count++] = cells[1];
    }
    return err->status == 0;
}

bool
xd_address_words_load(struct xd_address_words *words, const struct xd_countries *countries,
                      const struct xd_tables *tables, struct xd_arena *arena, struct xd_error *err)
{
    *words = (struct xd_address_words){0};
    return load_boxes(words, countries, tables, arena, err) &&
           load_placeholders(words, countries, tables, arena, err) &&
           load_no_number(words, tables, arena, err);
}
