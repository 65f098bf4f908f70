/*
 * A letter is looked up in the table first, then taken apart by Unicode: é is e and a mark, and the
 * mark falls away. A capital is written by its small letter's row with the first letter large, so
 * the table needs each once.
 */
#include "reference/transliteration.h"

#include <sysexits.h>
#include <utf8proc.h>

#include "base/tsv.h"

static bool
add_rule(struct xd_transliteration *table, const struct xd_countries *countries,
         const struct xd_tsv *tsv, const struct xd_slice *cells, struct xd_error *err)
{
    struct xd_transliteration_rule *rule = &table->rules[table->count];
    struct xd_slice words = cells[2];
    struct xd_slice word;
    utf8proc_int32_t letter;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)cells[0].ptr,
                                            (utf8proc_ssize_t)cells[0].len, &letter);

    if (len < 1 || (size_t)len != cells[0].len) {
        return xd_tsv_fail(tsv, err, "one letter was expected, not", cells[0]);
    }
    rule->letter = letter;
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
        if (rule->letter != letter) {
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
    /* An accented letter of another script: its base letter may have a row. */
    utf8proc_int32_t parts[4];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(small, parts, 4, UTF8PROC_DECOMPOSE, &boundary);
    rule = count > 1 ? find(table, country, parts[0]) : NULL;
    if (rule) {
        return put(rule->to, small != letter, out, room);
    }
    *lost += 1;
    return put(XD_LIT("?"), false, out, room);
}

size_t
xd_transliterate(const struct xd_transliteration *table, uint16_t country, struct xd_slice text,
                 char *out, size_t cap, size_t *lost)
{
    size_t misses = 0;
    size_t len = 0;

    for (size_t at = 0; at < text.len && len < cap;) {
        utf8proc_int32_t letter;
        utf8proc_ssize_t step;
        if ((unsigned char)text.ptr[at] < 0x80) {
            out[len++] = text.ptr[at++];
            continue;
        }
        step = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at,
                                (utf8proc_ssize_t)(text.len - at), &letter);
        if (step > 0) {
            len += put_letter(table, country, letter, out + len, cap - len, &misses);
        } else {
            out[len++] = '?';
            misses++;
        }
        at += step > 0 ? (size_t)step : 1;
    }
    if (lost) {
        *lost = misses;
    }
    return len;
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
        bool used = rule->letter == small || rule->letter == letter || rule->letter == parts[0];
        most = used && rule->to.len > most ? rule->to.len : most;
    }
    return most;
}
