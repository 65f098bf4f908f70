/*
 * A letter is looked up in the table first, then taken apart by Unicode: é is e and a mark, and the
 * mark falls away. A capital is written by its small letter's row with the first letter large, so
 * the table needs each once.
 */
#include "reference/transliteration.h"

#include <sysexits.h>
#include <utf8proc.h>

#include "base/tsv.h"

/* Up to `most` letters of `text`, small, and where each ends; how many. Stops at what is no UTF-8.
 */
static size_t
read_letters(struct xd_slice text, int32_t *letters, size_t *ends, size_t most)
{
    size_t count = 0;

    for (size_t at = 0; at < text.len && count < most; count++) {
        utf8proc_int32_t letter;
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at,
                                                 (utf8proc_ssize_t)(text.len - at), &letter);
        if (step <= 0) {
            break;
        }
        at += (size_t)step;
        letters[count] = utf8proc_tolower(letter);
        ends[count] = at;
    }
    return count;
}

static bool
add_rule(struct xd_transliteration *table, const struct xd_countries *countries,
         const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_error *err)
{
    struct xd_transliteration_rule *rule = &table->rules[table->count];
    struct xd_slice words = cells[2];
    struct xd_slice word;
    int32_t letters[XD_TRANSLITERATION_LETTERS + 1] = {0};
    size_t ends[XD_TRANSLITERATION_LETTERS + 1];
    size_t count = read_letters(cells[0], letters, ends, XD_TRANSLITERATION_LETTERS + 1);
    int32_t letter = letters[0];

    if (count == 0 || count > XD_TRANSLITERATION_LETTERS || ends[count - 1] != cells[0].len) {
        return xd_tsv_fail(tsv, err, "one to three letters were expected, not", cells[0]);
    }
    rule->letter = letter;
    memcpy(rule->behind, letters + 1, (count - 1) * sizeof(letter));
    table->joins[letter & 0xff] |= count > 1;
    rule->to = cells[1];
    rule->everywhere = true;
    while (!xd_slice_eq(cells[2], XD_LIT("*")) && xd_slice_next(&words, ' ', &word)) {
        uint16_t country = xd_country_find(countries, word);
        if (country == XD_COUNTRY_NONE) {
            return xd_tsv_fail(tsv, err, "the country is unknown:", word);
        }
        rule->everywhere = false;
        rule->countries[country / 64] |= 1ULL << (country % 64);
    }
    rule->next = table->first[letter & 0xff];
    table->first[letter & 0xff] = (uint16_t)table->count++;
    return true;
}

bool
xd_transliteration_load(struct xd_transliteration *table, const struct xd_countries *countries,
                        const struct xd_tables *tables, struct xd_arena *arena,
                        struct xd_error *err)
{
    static const char *const COLUMNS[] = {"from", "to", "countries"};
    struct xd_slice cells[3];
    struct xd_slice text;
    struct xd_tsv tsv;

    *table = (struct xd_transliteration){0};
    memset(table->first, 0xff, sizeof(table->first));
    if (!xd_tables_get(tables, "reference/transliteration.tsv", &text, err) ||
        !xd_tsv_open(&tsv, "reference/transliteration.tsv", text, COLUMNS, 3, err)) {
        return false;
    }
    table->rules = xd_arena_array(arena, xd_tsv_count(text) + 1, sizeof(*table->rules));
    if (!table->rules || xd_tsv_count(text) >= UINT16_MAX) {
        return xd_error_set(err, EX_OSERR, "not enough memory for the transliteration");
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!add_rule(table, countries, &tsv, cells, err)) {
            return false;
        }
    }
    return err->status == 0;
}

/* The row of the country, or the one for everywhere. The rows of a letter are met from the last. */
static const struct xd_transliteration_rule *
find(const struct xd_transliteration *table, uint16_t country, int32_t letter)
{
    const struct xd_transliteration_rule *general = NULL;
    const struct xd_transliteration_rule *own = NULL;

    for (uint16_t at = table->first[letter & 0xff]; at != UINT16_MAX; at = table->rules[at].next) {
        const struct xd_transliteration_rule *rule = &table->rules[at];
        if (rule->letter != letter || rule->behind[0]) {
            continue;
        }
        if (rule->everywhere) {
            general = general ? general : rule;
        } else if (country < XD_COUNTRY_MAX &&
                   (rule->countries[country / 64] >> (country % 64)) & 1) {
            own = rule;
        }
    }
    return own ? own : general;
}

static size_t
put(struct xd_slice text, bool capital, char *out, size_t room)
{
    size_t len = text.len < room ? text.len : room;

    for (size_t i = 0; i < len; i++) {
        out[i] = capital && i == 0 ? xd_to_upper(text.ptr[i]) : text.ptr[i];
    }
    return len;
}

/* The ASCII letters of what Unicode takes `letter` apart into; false when there is anything else
 * than marks. */
static bool
put_decomposed(int32_t letter, char *out, size_t room, size_t *len)
{
    utf8proc_int32_t parts[32];
    int boundary = 0;
    bool ascii = true;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(letter, parts, 32, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);

    *len = 0;
    for (utf8proc_ssize_t i = 0; i < count && i < 32; i++) {
        utf8proc_category_t category = utf8proc_category(parts[i]);
        if (parts[i] < 0x80) {
            out[*len] = (char)parts[i];
            *len += *len < room;
        } else if (category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_CF) {
            ascii = false;
        }
        if (*len == room) {
            break;
        }
    }
    return ascii;
}

/* What Unicode takes a letter of another script apart into, each by its own row: the letters of a
 * Hangul syllable, or a base letter whose marks fall away. False when a part has no row. */
static bool
put_parts(const struct xd_transliteration *table, uint16_t country, int32_t letter, bool capital,
          char *out, size_t room, size_t *len)
{
    utf8proc_int32_t parts[4];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(letter, parts, 4, UTF8PROC_DECOMPOSE, &boundary);

    *len = 0;
    for (utf8proc_ssize_t i = 0; i < count && i < 4; i++) {
        const struct xd_transliteration_rule *rule = find(table, country, parts[i]);
        if (rule) {
            *len += put(rule->to, capital && i == 0, out + *len, room - *len);
        } else if (i == 0 || utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN) {
            return false;
        }
    }
    return count > 1;
}

static size_t
put_letter(const struct xd_transliteration *table, uint16_t country, int32_t letter, char *out,
           size_t room, size_t *lost)
{
    utf8proc_int32_t small = utf8proc_tolower(letter);
    const struct xd_transliteration_rule *rule = find(table, country, small);
    size_t len = 0;

    if (!rule && small != letter) {
        rule = find(table, country, letter);
    }
    if (rule) {
        return put(rule->to, small != letter, out, room);
    }
    if (put_decomposed(letter, out, room, &len)) {
        return len;
    }
    if (put_parts(table, country, small, small != letter, out, room, &len)) {
        return len;
    }
    *lost += 1;
    return put(XD_LIT("?"), false, out, room);
}

static bool
is_used_in(const struct xd_transliteration_rule *rule, uint16_t country)
{
    return rule->everywhere ||
           (country < XD_COUNTRY_MAX && (rule->countries[country / 64] >> (country % 64)) & 1);
}

/* The longest row of several letters that `text` begins with, and where these end; NULL. */
static const struct xd_transliteration_rule *
find_joined(const struct xd_transliteration *table, uint16_t country, struct xd_slice text,
            size_t *end)
{
    const struct xd_transliteration_rule *found = NULL;
    int32_t letters[XD_TRANSLITERATION_LETTERS] = {0};
    size_t ends[XD_TRANSLITERATION_LETTERS];
    size_t count = read_letters(text, letters, ends, XD_TRANSLITERATION_LETTERS);

    if (count < 2 || !table->joins[letters[0] & 0xff]) {
        return NULL;
    }
    for (uint16_t at = table->first[letters[0] & 0xff]; at != UINT16_MAX;
         at = table->rules[at].next) {
        const struct xd_transliteration_rule *rule = &table->rules[at];
        bool three = rule->behind[1] != 0;
        if (rule->letter == letters[0] && rule->behind[0] && rule->behind[0] == letters[1] &&
            (!three || rule->behind[1] == letters[2]) && is_used_in(rule, country) &&
            (!found || three)) {
            found = rule;
            *end = ends[three ? 2 : 1];
        }
    }
    return found;
}

/* Kana in a row: what the last one was, for those that change what stands in front of them. */
struct kana {
    int32_t last;  /* the hiragana in front, or 0 */
    bool doubles;  /* a small tsu waits for its consonant */
    size_t vowels; /* bytes of `out` that were there when the last one was put */
};

#define HIRAGANA_FIRST 0x3041
#define HIRAGANA_LAST  0x3096
#define KATAKANA_FIRST 0x30a1
#define KATAKANA_LAST  0x30f6
#define SMALL_TSU      0x3063
#define LETTER_U       0x3046
#define LENGTH_MARK    0x30fc

/* A small kana joins the one in front: ki and a small yo are kyo, shi and it sho, fu and a small a
 * fa. Gives the bytes of `out` that stay, and cuts its own Latin form where it must. */
static size_t
join_small(const struct kana *kana, int32_t letter, char *out, size_t len, struct xd_slice *to)
{
    bool glide = letter == 0x3083 || letter == 0x3085 || letter == 0x3087;
    bool vowel = letter <= 0x3049 && letter % 2 == 1;

    if (!kana->last || len <= kana->vowels || to->len == 0) {
        return len;
    }
    if (glide && out[len - 1] == 'i') {
        bool hushed = len >= 2 && (out[len - 2] == 'h' || out[len - 2] == 'j');
        *to = xd_slice_sub(*to, hushed ? 1 : 0, SIZE_MAX);
        return len - 1;
    }
    if (vowel && kana->last == LETTER_U) {
        out[len - 1] = 'w';
    } else if (vowel) {
        return len - 1;
    }
    return len;
}

/* Puts a kana behind `len` bytes of `out`, which holds `cap`; the new length. */
static size_t
put_kana(const struct xd_transliteration *table, struct kana *kana, int32_t letter, char *out,
         size_t len, size_t cap)
{
    const struct xd_transliteration_rule *rule = find(table, XD_COUNTRY_NONE, letter);
    struct xd_slice to = rule ? rule->to : XD_NONE;

    if (letter == SMALL_TSU) {
        kana->doubles = true;
        kana->last = letter;
        return len;
    }
    len = join_small(kana, letter, out, len, &to);
    kana->vowels = len;
    if (kana->doubles && to.len && len < cap && !memchr("aiueon", to.ptr[0], 6)) {
        out[len++] = to.ptr[0] == 'c' ? 't' : to.ptr[0];
    }
    kana->doubles = false;
    kana->last = letter;
    return len + put(to, false, out + len, cap - len);
}

/* The hiragana of a kana, or 0 for any other letter. */
static int32_t
hiragana_of(int32_t letter)
{
    if (letter >= KATAKANA_FIRST && letter <= KATAKANA_LAST) {
        return letter - (KATAKANA_FIRST - HIRAGANA_FIRST);
    }
    return letter >= HIRAGANA_FIRST && letter <= HIRAGANA_LAST ? letter : 0;
}

static bool
is_capital(int32_t letter)
{
    return utf8proc_tolower(letter) != letter;
}

/* Whether a capital stands among capitals, so that all letters it becomes are: the one behind it
 * decides, and at the end of a word the one in front. */
static bool
among_capitals(struct xd_slice behind, bool after_capital)
{
    utf8proc_int32_t next = 0;
    utf8proc_category_t category;

    (void)utf8proc_iterate((const utf8proc_uint8_t *)behind.ptr, (utf8proc_ssize_t)behind.len,
                           &next);
    category = behind.len && next > 0 ? utf8proc_category(next) : UTF8PROC_CATEGORY_CN;
    return category == UTF8PROC_CATEGORY_LU || (after_capital && category != UTF8PROC_CATEGORY_LL);
}

/* Where the Latin form grows. */
struct latin {
    char *out;
    size_t len;
    size_t cap;
    size_t lost;
    bool after_capital;
    struct kana kana;
};

/* "12½" is 12 1/2 and not house number 121/2: what was put behind `from` stands apart from the
 * number in front of it, unless it was a digit of that. */
static void
part_from_number(struct latin *latin, size_t from, int32_t letter)
{
    if (from == 0 || latin->len == from || latin->len == latin->cap ||
        !xd_is_digit(latin->out[from - 1]) || !xd_is_digit(latin->out[from]) ||
        utf8proc_category(letter) == UTF8PROC_CATEGORY_ND) {
        return;
    }
    memmove(latin->out + from + 1, latin->out + from, latin->len - from);
    latin->out[from] = ' ';
    latin->len++;
}

/* Puts the letter that stands at `at`, which is not ASCII; the bytes that were read. */
static size_t
put_next(const struct xd_transliteration *table, uint16_t country, struct xd_slice text, size_t at,
         struct latin *latin)
{
    const struct xd_transliteration_rule *joined;
    struct xd_slice rest = xd_slice_sub(text, at, SIZE_MAX);
    utf8proc_int32_t letter = 0;
    utf8proc_ssize_t step =
        utf8proc_iterate((const utf8proc_uint8_t *)rest.ptr, (utf8proc_ssize_t)rest.len, &letter);
    size_t read = step > 0 ? (size_t)step : 1;
    size_t from = latin->len;
    int32_t hiragana = step > 0 ? hiragana_of(letter) : 0;

    if (hiragana) {
        latin->len = put_kana(table, &latin->kana, hiragana, latin->out, latin->len, latin->cap);
        return read;
    }
    latin->kana = (struct kana){0, false, 0};
    joined = step > 0 ? find_joined(table, country, rest, &read) : NULL;
    if (joined) {
        latin->len += put(joined->to, is_capital(letter), latin->out + from, latin->cap - from);
    } else if (step <= 0) {
        latin->out[latin->len++] = '?';
        latin->lost++;
    } else if (letter == LENGTH_MARK && from && xd_is_digit(latin->out[from - 1])) {
        latin->out[latin->len++] = '-'; /* between house numbers it was meant as a dash */
    } else {
        latin->len +=
            put_letter(table, country, letter, latin->out + from, latin->cap - from, &latin->lost);
        part_from_number(latin, from, letter);
    }
    if (is_capital(letter) &&
        among_capitals(xd_slice_sub(rest, read, SIZE_MAX), latin->after_capital)) {
        for (size_t i = from; i < latin->len; i++) {
            latin->out[i] = xd_to_upper(latin->out[i]);
        }
    }
    latin->after_capital = is_capital(letter);
    return read;
}

size_t
xd_transliterate(const struct xd_transliteration *table, uint16_t country, struct xd_slice text,
                 char *out, size_t cap, size_t *lost)
{
    struct latin latin = {.out = out, .cap = cap};

    for (size_t at = 0; at < text.len && latin.len < cap;) {
        if ((unsigned char)text.ptr[at] < 0x80) {
            latin.kana = (struct kana){0, false, 0};
            latin.after_capital = xd_is_upper(text.ptr[at]);
            out[latin.len++] = text.ptr[at++];
        } else {
            at += put_next(table, country, text, at, &latin);
        }
    }
    if (lost) {
        *lost = latin.lost;
    }
    return latin.len;
}

static bool
names_letter(const struct xd_transliteration_rule *rule, int32_t letter)
{
    return rule->letter == letter || rule->behind[0] == letter || rule->behind[1] == letter;
}

enum xd_latin_form
xd_latin_form(const struct xd_transliteration *table, int32_t letter)
{
    utf8proc_int32_t small = utf8proc_tolower(letter);
    utf8proc_int32_t parts[4] = {0};
    int boundary = 0;
    char out[64];
    size_t lost = 0;

    (void)put_letter(table, XD_COUNTRY_NONE, letter, out, sizeof(out), &lost);
    if (lost == 0 || hiragana_of(letter)) {
        return XD_LATIN_ALWAYS;
    }
    (void)utf8proc_decompose_char(small, parts, 4, UTF8PROC_DECOMPOSE, &boundary);
    for (size_t i = 0; i < table->count; i++) {
        const struct xd_transliteration_rule *rule = &table->rules[i];
        if (names_letter(rule, letter) || names_letter(rule, small) ||
            names_letter(rule, parts[0])) {
            return XD_LATIN_DEPENDS;
        }
    }
    return letter == LENGTH_MARK ? XD_LATIN_DEPENDS : XD_LATIN_NEVER;
}

size_t
xd_transliterated_most(const struct xd_transliteration *table, int32_t letter)
{
    utf8proc_int32_t parts[32] = {0};
    int boundary = 0;
    utf8proc_int32_t small = utf8proc_tolower(letter);
    char out[64];
    size_t lost = 0;
    size_t most = put_letter(table, XD_COUNTRY_NONE, letter, out, sizeof(out), &lost);

    (void)utf8proc_decompose_char(small, parts, 32, UTF8PROC_DECOMPOSE, &boundary);
    for (size_t i = 0; i < table->count; i++) {
        const struct xd_transliteration_rule *rule = &table->rules[i];
        bool used = rule->letter == small || rule->letter == letter || rule->letter == parts[0] ||
                    rule->letter == hiragana_of(letter);
        most = used && rule->to.len > most ? rule->to.len : most;
    }
    return most;
}
