/*
 * The US schedule: rates are words ("2.4¢/kg + 5%"), a row without a rate inherits by indent, not
 * by prefix, and special rates name programmes by letters. Only programmes that are one country
 * each become preferences here.
 */
#include <sysexits.h>

#include <jansson.h>

#include "base/decimal.h"
#include "cli/tariff_import.h"

/* Programme symbols of general note 3(c) that stand for single countries. */
static const struct {
    const char *symbol;
    const char *origin;
} PROGRAMMES[] = {
    {"AU", "AU"}, {"BH", "BH"}, {"CL", "CL"}, {"CO", "CO"}, {"IL", "IL"}, {"JO", "JO"},
    {"JP", "JP"}, {"KR", "KR"}, {"MA", "MA"}, {"OM", "OM"}, {"PA", "PA"}, {"PE", "PE"},
    {"SG", "SG"}, {"S", "CA"},  {"S", "MX"},  {"S+", "CA"}, {"S+", "MX"},
};

/* A row of the Harmonized Tariff Schedule, in the order of the schedule. */
struct hts_row {
    struct xd_slice code; /* digits; empty for a superior heading */
    unsigned indent;
    struct xd_slice general;
    struct xd_slice special;
};

#define INDENT_MAX 32

/* What a row inherits from: the nearest row above it with a smaller indent. */
struct hts_state {
    struct hts_row at[INDENT_MAX];
};

/* A number of cents as dollars: "2.4" is "0.024". */
static void
put_cents(struct xd_buf *buf, struct xd_slice number)
{
    struct xd_decimal value;
    char digits[XD_DECIMAL_TEXT];

    if (xd_decimal_parse(number, 6, &value) == XD_DECIMAL_OK) {
        value.scale = (uint8_t)(value.scale + 2);
        xd_buf_put(buf, xd_slice_of(digits, xd_decimal_format(value, digits)));
    }
}

static size_t
number_len(struct xd_slice text)
{
    size_t len = 0;

    if (text.len == 0 || !xd_is_digit(text.ptr[0])) {
        return 0;
    }
    while (len < text.len && (xd_is_digit(text.ptr[len]) || text.ptr[len] == '.')) {
        len++;
    }
    return len;
}

/* "$1.53/kg", "2.4¢/kg + 5%", "44¢ each" in the words of our expressions; what is neither stays as
 * it is. */
static struct xd_slice
translate(struct xd_arena *arena, struct xd_slice text)
{
    struct xd_buf buf;

    xd_buf_init(&buf, 4096);
    while (text.len) {
        bool dollars = text.ptr[0] == '$';
        struct xd_slice rest = xd_slice_sub(text, dollars, SIZE_MAX);
        size_t len = number_len(rest);
        struct xd_slice number = xd_slice_sub(rest, 0, len);
        struct xd_slice behind = xd_slice_sub(rest, len, SIZE_MAX);
        if (len && dollars) {
            xd_buf_put(&buf, number);
            xd_buf_str(&buf, " USD");
            text = behind;
        } else if (len && xd_slice_starts(behind, XD_LIT("\xC2\xA2"))) {
            put_cents(&buf, number);
            xd_buf_str(&buf, " USD");
            text = xd_slice_sub(behind, 2, SIZE_MAX);
        } else if (len) {
            xd_buf_put(&buf, number);
            text = behind;
        } else if (xd_slice_starts(text, XD_LIT(" each"))) {
            xd_buf_str(&buf, "/item");
            text = xd_slice_sub(text, 5, SIZE_MAX);
        } else {
            /* Abbreviations end in a full stop: "/doz.", "/pr.". */
            if (text.ptr[0] != '.') {
                xd_buf_char(&buf, text.ptr[0]);
            }
            text = xd_slice_sub(text, 1, SIZE_MAX);
        }
    }
    struct xd_slice translated = xd_arena_copy(arena, xd_slice_trim(xd_buf_slice(&buf)));
    xd_buf_free(&buf);
    return translated;
}

static struct xd_slice
from_date(struct xd_tariff_import *import)
{
    char text[XD_DATE_TEXT];

    if (import->valid_from == XD_DATE_MIN) {
        return XD_NONE;
    }
    xd_date_format(import->valid_from, text);
    return xd_arena_copy(import->arena, xd_slice_of(text, sizeof(text)));
}

static void
put_preferences(struct xd_tariff_import *import, struct xd_slice code, struct xd_slice rate,
                struct xd_slice symbols)
{
    struct xd_slice symbol;

    while (xd_slice_next(&symbols, ',', &symbol)) {
        for (size_t i = 0; i < sizeof(PROGRAMMES) / sizeof(PROGRAMMES[0]); i++) {
            if (xd_slice_eq(xd_slice_trim(symbol), xd_slice_str(PROGRAMMES[i].symbol))) {
                xd_tariff_import_row(
                    import, &(struct xd_tariff_out){.market = "US",
                                                    .hs_code = code,
                                                    .origin = xd_slice_str(PROGRAMMES[i].origin),
                                                    .from = from_date(import),
                                                    .measure = "preference",
                                                    .expression = rate});
            }
        }
    }
}

/* "Free (A+,AU,BH) 3.2% (KR)": a rate and, in brackets, who has it; again and again. */
static void
put_special(struct xd_tariff_import *import, struct xd_slice code, struct xd_slice special)
{
    while (special.len) {
        size_t open = xd_slice_find(special, '(');
        size_t close = xd_slice_find(special, ')');
        if (open == special.len || close == special.len || close < open) {
            return;
        }
        struct xd_slice rate = xd_slice_trim(xd_slice_sub(special, 0, open));
        put_preferences(import, code, translate(import->arena, rate),
                        xd_slice_sub(special, open + 1, close - open - 1));
        special = xd_slice_sub(special, close + 1, SIZE_MAX);
    }
}

static void
take_row(struct xd_tariff_import *import, struct hts_state *state, const struct hts_row *given)
{
    struct hts_row row = *given;
    struct xd_slice heir = XD_NONE; /* code of the row that the rate was inherited from */

    if (row.indent >= INDENT_MAX) {
        import->skipped++;
        return;
    }
    if (row.general.len == 0 && row.indent > 0) {
        const struct hts_row *above = &state->at[row.indent - 1];
        row.general = above->general;
        row.special = above->special;
        heir = above->code;
    }
    for (unsigned i = row.indent; i < INDENT_MAX; i++) {
        state->at[i] = row;
    }
    /* A code below the one that carries the rate finds it by its digits. */
    if (row.code.len < 4 || row.general.len == 0 || (heir.len && xd_slice_starts(row.code, heir))) {
        return;
    }
    xd_tariff_import_row(
        import, &(struct xd_tariff_out){.market = "US",
                                        .hs_code = row.code,
                                        .from = from_date(import),
                                        .measure = "mfn",
                                        .expression = translate(import->arena, row.general)});
    put_special(import, row.code, row.special);
}

static void
begin(struct xd_tariff_import *import)
{
    import->source = XD_LIT("USITC, Harmonized Tariff Schedule of the United States");
    xd_tariff_import_begin(import, "the Harmonized Tariff Schedule (USITC)");
}

bool
xd_tariff_from_usitc_csv(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                         struct xd_error *err)
{
    int code = xd_csv_input_column(csv, "HTS Number");
    int indent = xd_csv_input_column(csv, "Indent");
    int general = xd_csv_input_column(csv, "General Rate of Duty");
    int special = xd_csv_input_column(csv, "Special Rate of Duty");
    struct hts_state state = {0};

    if (code < 0 || indent < 0 || general < 0) {
        return xd_error_set(
            err, EX_DATAERR,
            "%.*s: the columns HTS Number, Indent and General Rate of Duty are needed",
            XD_FMT(csv->document.file));
    }
    begin(import);
    for (uint32_t at = 0; at < csv->rows.count; at++) {
        uint64_t depth = 0;
        (void)xd_slice_u64(xd_csv_input_value(csv, at, indent, import->arena), &depth);
        take_row(import, &state,
                 &(struct hts_row){
                     xd_hts_digits(import->arena, xd_csv_input_value(csv, at, code, import->arena)),
                     depth > INDENT_MAX ? INDENT_MAX : (unsigned)depth,
                     xd_csv_input_value(csv, at, general, import->arena),
                     xd_csv_input_value(csv, at, special, import->arena)});
    }
    return true;
}

static struct xd_slice
member(struct xd_arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value)
               ? xd_slice_trim(xd_arena_copy(
                     arena, xd_slice_of(json_string_value(value), json_string_length(value))))
               : XD_NONE;
}

static unsigned
indent_of(struct xd_arena *arena, const json_t *object)
{
    uint64_t depth = 0;
    const json_t *value = json_object_get(object, "indent");

    if (json_is_integer(value) && json_integer_value(value) >= 0) {
        depth = (uint64_t)json_integer_value(value);
    } else {
        (void)xd_slice_u64(member(arena, object, "indent"), &depth);
    }
    return depth > INDENT_MAX ? INDENT_MAX : (unsigned)depth;
}

bool
xd_tariff_from_usitc_json(struct xd_tariff_import *import, struct xd_slice text,
                          struct xd_error *err)
{
    json_error_t why;
    json_t *root = json_loadb(text.len ? text.ptr : "", text.len, 0, &why);
    struct hts_state state = {0};

    if (!root) {
        return xd_error_set(err, EX_DATAERR, "line %d: the JSON cannot be read: %s", why.line,
                            why.text);
    }
    if (!json_is_array(root)) {
        json_decref(root);
        return xd_error_set(err, EX_DATAERR, "the export of the HTS is an array of rows");
    }
    begin(import);
    for (size_t i = 0; i < json_array_size(root); i++) {
        const json_t *object = json_array_get(root, i);
        take_row(import, &state,
                 &(struct hts_row){
                     xd_hts_digits(import->arena, member(import->arena, object, "htsno")),
                     indent_of(import->arena, object), member(import->arena, object, "general"),
                     member(import->arena, object, "special")});
    }
    json_decref(root);
    return true;
}
