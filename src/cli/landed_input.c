/*
 * Values are judged where they are read, so that a row with a letter in its price costs one finding
 * and not the file.
 */
#include "cli/landed_input.h"

#include <stdlib.h>
#include <sysexits.h>

#define COLUMNS(X)                                                                                 \
    X(CONSIGNMENT_ID, "consignment_id")                                                            \
    X(LINE_ID, "line_id")                                                                          \
    X(DESTINATION, "destination")                                                                  \
    X(REGION, "region")                                                                            \
    X(POSTAL_CODE, "postal_code")                                                                  \
    X(DISPATCH_COUNTRY, "dispatch_country")                                                        \
    X(ORIGIN, "origin")                                                                            \
    X(HS_CODE, "hs_code")                                                                          \
    X(DESCRIPTION, "description")                                                                  \
    X(QUANTITY, "quantity")                                                                        \
    X(UNIT_PRICE, "unit_price")                                                                    \
    X(CURRENCY, "currency")                                                                        \
    X(WEIGHT_G, "weight_g")                                                                        \
    X(NET_MASS_KG, "net_mass_kg")                                                                  \
    X(SUPPLEMENTARY_QUANTITY, "supplementary_quantity")                                            \
    X(SUPPLEMENTARY_UNIT, "supplementary_unit")                                                    \
    X(FREIGHT, "freight")                                                                          \
    X(INSURANCE, "insurance")                                                                      \
    X(INCOTERM, "incoterm")                                                                        \
    X(CHANNEL, "channel")                                                                          \
    X(REGISTRATION_NUMBER, "registration_number")                                                  \
    X(PREFERENCE, "preference")                                                                    \
    X(COLLECTED_DUTY, "collected_duty")                                                            \
    X(COLLECTED_TAX, "collected_tax")

enum column {
#define X(upper, lower) C_##upper,
    COLUMNS(X)
#undef X
        C_COUNT
};

static const char *const NAMES[C_COUNT] = {
#define X(upper, lower) lower,
    COLUMNS(X)
#undef X
};

struct reading {
    const struct xd_csv_input *csv;
    const struct xd_landed_tables *tables;
    struct xd_arena *arena;
    struct xd_landed_input *out;
    int columns[C_COUNT];
    uint32_t row;
    uint32_t group;
    uint32_t line;
    size_t problem_room;
    bool failed;
};

static struct xd_slice
get(const struct reading *r, enum column column)
{
    return xd_csv_input_value(r->csv, r->row, r->columns[column], r->arena);
}

static void
complain(struct reading *r, enum xd_finding_code code, enum column column, uint32_t line,
         bool fatal)
{
    struct xd_landed_input *out = r->out;

    if (out->problem_count == r->problem_room) {
        size_t room = r->problem_room ? r->problem_room * 2 : 64;
        struct xd_landed_problem *grown = xd_arena_array(r->arena, room, sizeof(*grown));
        if (!grown) {
            r->failed = true;
            return;
        }
        if (out->problem_count) {
            memcpy(grown, out->problems, out->problem_count * sizeof(*grown));
        }
        out->problems = grown;
        r->problem_room = room;
    }
    out->problems[out->problem_count++] =
        (struct xd_landed_problem){code, r->group, line, NAMES[column], get(r, column), fatal};
}

/* Reads a decimal that is not negative; empty stays unknown. */
static struct xd_maybe
get_number(struct reading *r, enum column column, uint32_t line)
{
    struct xd_slice text = get(r, column);
    struct xd_maybe number = {0};

    if (text.len == 0) {
        return number;
    }
    enum xd_decimal_status status = xd_decimal_parse(text, 6, &number.value);
    if (status == XD_DECIMAL_TOO_LARGE) {
        complain(r, XD_F_NUMBER_OUT_OF_RANGE, column, line, true);
    } else if (status != XD_DECIMAL_OK || text.ptr[0] == '-' || text.ptr[0] == '+') {
        complain(r, XD_F_NUMBER_MALFORMED, column, line, true);
    } else {
        number.known = true;
    }
    return number;
}

static struct xd_decimal
get_amount(struct reading *r, enum column column, uint32_t line, bool required)
{
    struct xd_maybe number = get_number(r, column, line);

    if (required && get(r, column).len == 0) {
        complain(r, XD_F_REQUIRED_MISSING, column, line, true);
    }
    return number.known ? number.value : (struct xd_decimal){0, 0};
}

/* A market of its own (XI, IC) or a country however it is written; 0 when neither. */
static xd_alpha
find_place(const struct reading *r, struct xd_slice text)
{
    xd_alpha code = text.len == 2 ? xd_alpha_of(text) : 0;

    for (size_t i = 0; code && i < r->tables->markets->count; i++) {
        if (r->tables->markets->rules[i].market == code) {
            return code;
        }
    }
    struct xd_country_guess guess = xd_country_guess(r->tables->countries, text);
    return guess.country == XD_COUNTRY_NONE
               ? 0
               : xd_alpha_of(r->tables->countries->of[guess.country].alpha2);
}

static xd_alpha
get_country(struct reading *r, enum column column, uint32_t line, bool required)
{
    struct xd_slice text = get(r, column);
    xd_alpha code = text.len ? find_place(r, text) : 0;

    if (text.len == 0 && required) {
        complain(r, XD_F_REQUIRED_MISSING, column, line, true);
    } else if (text.len && code == 0) {
        complain(r, XD_F_COUNTRY_UNKNOWN, column, line, required);
    }
    return code;
}

static xd_alpha
get_currency(struct reading *r, uint32_t line)
{
    struct xd_slice text = get(r, C_CURRENCY);
    uint16_t at = xd_currency_guess(r->tables->currencies, text);

    if (text.len == 0) {
        complain(r, XD_F_REQUIRED_MISSING, C_CURRENCY, line, true);
        return 0;
    }
    if (at == XD_CURRENCY_NONE) {
        complain(r, XD_F_CURRENCY_UNKNOWN, C_CURRENCY, line, true);
        return 0;
    }
    return xd_alpha_of(r->tables->currencies->of[at].code);
}

/* Digits only; dots and blanks are how tariffs print codes. Empty when it is no code. */
static struct xd_slice
get_hs_code(struct reading *r, uint32_t line)
{
    struct xd_slice text = get(r, C_HS_CODE);
    char *digits = text.len ? xd_arena_alloc(r->arena, text.len) : NULL;
    size_t len = 0;

    if (!digits) {
        return XD_NONE;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' || c == ' ') {
            continue;
        }
        if (!xd_is_digit(c)) {
            complain(r, XD_F_HS_CODE_SHAPE, C_HS_CODE, line, false);
            return XD_NONE;
        }
        digits[len++] = c;
    }
    if (len < 2 || len > XD_HS_DIGITS_MAX) {
        complain(r, XD_F_HS_CODE_SHAPE, C_HS_CODE, line, false);
        return XD_NONE;
    }
    return xd_slice_of(digits, len);
}

static struct xd_slice
get_preference(const struct reading *r)
{
    static const char *const NO[] = {"no", "n", "none", "0", "false"};
    struct xd_slice text = get(r, C_PREFERENCE);

    for (size_t i = 0; i < sizeof(NO) / sizeof(NO[0]); i++) {
        if (xd_slice_ieq(text, xd_slice_str(NO[i]))) {
            return XD_NONE;
        }
    }
    return text;
}

static void
get_supplementary(struct reading *r, struct xd_duty_line *line, uint32_t at)
{
    struct xd_slice unit = get(r, C_SUPPLEMENTARY_UNIT);
    struct xd_decimal per = {1, 0};
    xd_amount amount;

    line->supplementary = get_number(r, C_SUPPLEMENTARY_QUANTITY, at);
    if (unit.len && !xd_unit_find(unit, &line->supplementary_unit, &per)) {
        complain(r, XD_F_DT_UNIT_UNKNOWN, C_SUPPLEMENTARY_UNIT, at, false);
    }
    if (line->supplementary.known && xd_amount_product(line->supplementary.value, per, &amount)) {
        line->supplementary.value = xd_amount_decimal(amount, 6);
    }
}

static void
read_line(struct reading *r, struct xd_duty_line *line, uint32_t at)
{
    struct xd_slice line_id = get(r, C_LINE_ID);
    struct xd_maybe grams = get_number(r, C_WEIGHT_G, at);
    uint64_t number;

    *line = (struct xd_duty_line){.number = at + 1};
    if (xd_slice_u64(line_id, &number) && number <= UINT32_MAX) {
        line->number = (uint32_t)number;
    }
    line->quantity = get_amount(r, C_QUANTITY, at, true);
    line->unit_price = get_amount(r, C_UNIT_PRICE, at, true);
    if (get(r, C_QUANTITY).len && line->quantity.units == 0) {
        complain(r, XD_F_NUMBER_OUT_OF_RANGE, C_QUANTITY, at, true);
    }
    line->currency = get_currency(r, at);
    line->hs_code = get_hs_code(r, at);
    line->description = get(r, C_DESCRIPTION);
    line->origin = get_country(r, C_ORIGIN, at, false);
    line->preference = get_preference(r);
    line->net_kg = get_number(r, C_NET_MASS_KG, at);
    line->gross_kg = grams;
    line->gross_kg.value.scale = (uint8_t)(grams.value.scale + 3);
    get_supplementary(r, line, at);
}

/* "ON" of "CA-ON" too. */
static struct xd_slice
get_region(const struct reading *r)
{
    struct xd_slice text = get(r, C_REGION);

    return text.len > 3 && text.ptr[2] == '-' ? xd_slice_sub(text, 3, SIZE_MAX) : text;
}

/* The postal code may say that the place is treated under a code of its own, or not at all as its
 * country is. */
static void
find_territory(struct reading *r, struct xd_consignment *c)
{
    struct xd_slice code = get(r, C_POSTAL_CODE);
    struct xd_country_guess guess = xd_country_guess(r->tables->countries, get(r, C_DESTINATION));
    char *letters = code.len ? xd_arena_alloc(r->arena, code.len) : NULL;

    if (!letters || guess.country == XD_COUNTRY_NONE) {
        return;
    }
    for (size_t i = 0; i < code.len; i++) {
        letters[i] = xd_to_upper(code.ptr[i]);
    }
    const struct xd_territory *territory =
        xd_territory_find(r->tables->territories, guess.country,
                          xd_packed_code(xd_slice_of(letters, code.len)), XD_NONE, c->date);
    if (!territory) {
        return;
    }
    if (territory->code.len && xd_alpha_of(territory->code) != c->destination) {
        c->destination = xd_alpha_of(territory->code);
        return;
    }
    c->outside_customs = territory->customs == XD_EU_NO;
    c->outside_tax = territory->vat == XD_EU_NO;
    if (c->region.len == 0) {
        c->region = territory->name;
    }
}

static void
read_consignment(struct reading *r, xd_date date, struct xd_consignment *c)
{
    c->date = date;
    c->destination = get_country(r, C_DESTINATION, XD_DUTY_WHOLE, true);
    c->region = get_region(r);
    if (c->destination) {
        find_territory(r, c);
    }
    c->dispatch = get_country(r, C_DISPATCH_COUNTRY, XD_DUTY_WHOLE, false);
    c->freight = get_amount(r, C_FREIGHT, XD_DUTY_WHOLE, false);
    c->insurance = get_amount(r, C_INSURANCE, XD_DUTY_WHOLE, false);
    c->registration_number = get(r, C_REGISTRATION_NUMBER);
    c->collected_duty = get_number(r, C_COLLECTED_DUTY, XD_DUTY_WHOLE);
    c->collected_tax = get_number(r, C_COLLECTED_TAX, XD_DUTY_WHOLE);
    if (!xd_incoterm_parse(get(r, C_INCOTERM), &c->incoterm)) {
        complain(r, XD_F_DT_INCOTERM_UNKNOWN, C_INCOTERM, XD_DUTY_WHOLE, false);
    }
    /* A carrier's name is a courier with fees of its own. */
    if (!xd_channel_parse(get(r, C_CHANNEL), &c->channel, &c->by_air)) {
        c->channel = XD_CHANNEL_COURIER;
        c->carrier = get(r, C_CHANNEL);
    }
}

/* What a later row says of the consignment otherwise than its first one does: the first counts. */
static void
compare_rows(struct reading *r, uint32_t first, uint32_t at)
{
    static const enum column OF_CONSIGNMENT[] = {
        C_DESTINATION,  C_REGION,   C_POSTAL_CODE, C_DISPATCH_COUNTRY,    C_FREIGHT,
        C_INSURANCE,    C_INCOTERM, C_CHANNEL,     C_REGISTRATION_NUMBER, C_COLLECTED_DUTY,
        C_COLLECTED_TAX};

    for (size_t i = 0; i < sizeof(OF_CONSIGNMENT) / sizeof(OF_CONSIGNMENT[0]); i++) {
        enum column column = OF_CONSIGNMENT[i];
        struct xd_slice here = get(r, column);
        if (here.len &&
            !xd_slice_eq(here, xd_csv_input_value(r->csv, first, r->columns[column], r->arena))) {
            complain(r, XD_F_PARCEL_ROWS_DIFFER, column, at, false);
        }
    }
}

static bool
find_columns(struct reading *r, struct xd_error *err)
{
    static const enum column REQUIRED[] = {C_DESTINATION, C_QUANTITY, C_UNIT_PRICE, C_CURRENCY};

    for (unsigned i = 0; i < C_COUNT; i++) {
        r->columns[i] = xd_csv_input_column(r->csv, NAMES[i]);
    }
    for (size_t i = 0; i < sizeof(REQUIRED) / sizeof(REQUIRED[0]); i++) {
        if (r->columns[REQUIRED[i]] < 0) {
            return xd_error_set(err, EX_DATAERR, "%.*s: the column %s is missing",
                                XD_FMT(r->csv->document.file), NAMES[REQUIRED[i]]);
        }
    }
    return true;
}

static struct xd_slice
row_number(const struct reading *r)
{
    char digits[XD_DECIMAL_TEXT];
    size_t len = xd_decimal_format((struct xd_decimal){r->row + 1, 0}, digits);

    return xd_arena_copy(r->arena, xd_slice_of(digits, len));
}

/* Which consignment each row belongs to, and how many rows each has. A row without an id is a
 * consignment by itself. */
static bool
group_rows(struct reading *r, uint32_t *group_of)
{
    struct xd_landed_input *out = r->out;
    uint32_t rows = r->csv->rows.count;
    struct xd_map map;

    if (!xd_map_init(&map, r->arena, 64, false)) {
        return false;
    }
    for (r->row = 0; r->row < rows; r->row++) {
        struct xd_slice id = get(r, C_CONSIGNMENT_ID);
        uint32_t at = id.len ? xd_map_get(&map, id) : XD_MAP_NONE;
        if (at == XD_MAP_NONE) {
            at = (uint32_t)out->count++;
            out->groups[at].id = id.len ? id : row_number(r);
            if (id.len && !xd_map_put(&map, id, at, NULL)) {
                return false;
            }
        }
        group_of[r->row] = at;
        out->groups[at].consignment.line_count++;
    }
    return true;
}

/* Gives each consignment its run of the line and id arrays. */
static void
lay_out(struct xd_landed_input *out, struct xd_duty_line *lines, struct xd_slice *ids)
{
    size_t at = 0;

    for (size_t i = 0; i < out->count; i++) {
        out->groups[i].consignment.lines = lines + at;
        out->groups[i].line_ids = ids + at;
        at += out->groups[i].consignment.line_count;
        out->groups[i].consignment.line_count = 0;
    }
}

static int
compare_problems(const void *left, const void *right)
{
    const struct xd_landed_problem *a = left;
    const struct xd_landed_problem *b = right;

    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return (a->code > b->code) - (a->code < b->code);
}

static void
assign_problems(struct xd_landed_input *out)
{
    if (out->problem_count > 1) {
        qsort(out->problems, out->problem_count, sizeof(*out->problems), compare_problems);
    }
    for (size_t i = 0; i < out->problem_count; i++) {
        struct xd_landed_group *group = &out->groups[out->problems[i].group];
        if (group->problem_count++ == 0) {
            group->first_problem = (uint32_t)i;
        }
        group->refused |= out->problems[i].fatal;
    }
}

bool
xd_landed_input_read(const struct xd_csv_input *csv, const struct xd_landed_tables *tables,
                     xd_date date, struct xd_arena *arena, struct xd_landed_input *out,
                     struct xd_error *err)
{
    struct reading r = {.csv = csv, .tables = tables, .arena = arena, .out = out};
    size_t rows = csv->rows.count;

    *out = (struct xd_landed_input){0};
    if (!find_columns(&r, err)) {
        return false;
    }
    uint32_t *group_of = xd_arena_array(arena, rows + 1, sizeof(*group_of));
    struct xd_duty_line *lines = xd_arena_array(arena, rows + 1, sizeof(*lines));
    struct xd_slice *ids = xd_arena_array(arena, rows + 1, sizeof(*ids));
    out->groups = xd_arena_array(arena, rows + 1, sizeof(*out->groups));
    if (!group_of || !lines || !ids || !out->groups || !group_rows(&r, group_of)) {
        return xd_error_set(err, EX_OSERR, "no memory for %zu rows", rows);
    }
    lay_out(out, lines, ids);
    for (r.row = 0; r.row < rows; r.row++) {
        struct xd_landed_group *group = &out->groups[group_of[r.row]];
        struct xd_consignment *c = &group->consignment;
        uint32_t at = (uint32_t)c->line_count++;
        size_t place = (size_t)(c->lines - lines) + at;
        r.group = group_of[r.row];
        if (at == 0) {
            group->first_row = r.row;
            read_consignment(&r, date, c);
        } else {
            compare_rows(&r, group->first_row, at);
        }
        read_line(&r, &lines[place], at);
        if (at == 0) {
            c->currency = lines[place].currency;
        }
        ids[place] = get(&r, C_LINE_ID);
    }
    assign_problems(out);
    return !r.failed || xd_error_set(err, EX_OSERR, "no memory for the findings");
}
