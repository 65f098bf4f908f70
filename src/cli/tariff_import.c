/*
 * Importers of the UK tariff's table of measures and of the EU's TARIC export. Both hang measures
 * on any ancestor of a code; what is no duty on every parcel (quotas, end use, company rates of
 * anti-dumping, VAT and excise) is left out and counted.
 */
#include "cli/tariff_import.h"

#include <sysexits.h>

#include "reference/rate_expression.h"

void
xd_tariff_import_begin(struct xd_tariff_import *import, const char *what)
{
    xd_buf_printf(
        &import->out,
        "# Duty rates in crossdock's own layout, made by `crossdock tariff import` from %s.\n"
        "market\ths_code\torigin\tvalid_from\tvalid_until\tmeasure\texpression\tpriority"
        "\tsource\n",
        what);
}

void
xd_tariff_import_row(struct xd_tariff_import *import, const struct xd_tariff_out *row)
{
    struct xd_rate_term terms[XD_RATE_TERMS_MAX];
    struct xd_rate_expression rate;
    struct xd_buf *out = &import->out;
    size_t bad;

    if (!xd_rate_expression_parse(row->expression, terms, &rate, &bad)) {
        import->unreadable++;
    }
    xd_buf_printf(out, "%s\t%.*s\t%.*s\t%.*s\t%.*s\t%s\t", row->market, XD_FMT(row->hs_code),
                  XD_FMT(row->origin), XD_FMT(row->from), XD_FMT(row->until), row->measure);
    for (size_t i = 0; i < row->expression.len; i++) {
        char c = row->expression.ptr[i];
        xd_buf_char(out, xd_is_blank(c) ? ' ' : c);
    }
    xd_buf_printf(out, "\t\t%.*s\n", XD_FMT(import->source));
    import->rows++;
}

struct xd_slice
xd_hts_digits(struct xd_arena *arena, struct xd_slice code)
{
    char *digits = code.len ? xd_arena_alloc(arena, code.len) : NULL;
    size_t len = 0;

    for (size_t i = 0; digits && i < code.len; i++) {
        if (xd_is_digit(code.ptr[i])) {
            digits[len++] = code.ptr[i];
        } else if (code.ptr[i] != '.' && code.ptr[i] != ' ') {
            return XD_NONE;
        }
    }
    return xd_slice_of(digits, len);
}

struct xd_slice
xd_import_date(struct xd_arena *arena, struct xd_slice text)
{
    char iso[XD_DATE_TEXT];
    xd_date date;

    text = xd_slice_sub(text, 0, XD_DATE_TEXT);
    if (text.len != XD_DATE_TEXT) {
        return XD_NONE;
    }
    if (xd_is_digit(text.ptr[2])) {
        return xd_date_parse(text, &date) ? text : XD_NONE;
    }
    memcpy(iso, text.ptr + 6, 4);
    iso[4] = '-';
    memcpy(iso + 5, text.ptr + 3, 2);
    iso[7] = '-';
    memcpy(iso + 8, text.ptr, 2);
    struct xd_slice turned = xd_arena_copy(arena, xd_slice_of(iso, sizeof(iso)));
    return xd_date_parse(turned, &date) ? turned : XD_NONE;
}

/* The measure of ours that a UK/EU measure type number is, or NULL: no duty on every parcel. */
static const char *
measure_of(struct xd_slice type)
{
    static const struct {
        const char *type;
        const char *measure;
    } TYPES[] = {
        {"103", "mfn"},
        {"142", "preference"},
        {"106", "preference"},
        {"551", "anti-dumping"},
        {"552", "anti-dumping"},
        {"553", "countervailing"},
        {"554", "countervailing"},
        {"695", "safeguard"},
        {"696", "safeguard"},
    };

    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        if (xd_slice_eq(type, xd_slice_str(TYPES[i].type))) {
            return TYPES[i].measure;
        }
    }
    return NULL;
}

/* Geographical areas: 1011 is everybody, 1013 the EU, letters a country; other groups have no
 * single origin. */
static bool
origin_of(struct xd_slice area, struct xd_slice *origin)
{
    if (area.len == 0 || xd_slice_eq(area, XD_LIT("1011"))) {
        *origin = XD_NONE;
        return true;
    }
    if (xd_slice_eq(area, XD_LIT("1013"))) {
        *origin = XD_LIT("EU");
        return true;
    }
    *origin = area;
    return area.len == 2 && xd_is_alpha(area.ptr[0]);
}

/* Where the columns of the two layouts stand. */
struct measure_columns {
    const char *market;
    int code;
    int type;
    int duty;
    int start;
    int end;
    int area;
    int additional_code; /* a company's own rate; may be missing (-1) */
    int order_number;    /* of a quota; may be missing */
};

static bool
need(int column, const char *name, const struct xd_csv_input *csv, struct xd_error *err)
{
    return column >= 0 || xd_error_set(err, EX_DATAERR, "%.*s: the column %s is missing",
                                       XD_FMT(csv->document.file), name);
}

/* A rate of one company, or of one quota, is not what a parcel pays; the residual code of the EU
 * (999) is. */
static bool
is_special(const struct xd_tariff_import *import, const struct xd_csv_input *csv, uint32_t row,
           const struct measure_columns *at)
{
    struct xd_slice code = xd_csv_input_value(csv, row, at->additional_code, import->arena);

    return (code.len && !xd_slice_ends(code, XD_LIT("999"))) ||
           xd_csv_input_value(csv, row, at->order_number, import->arena).len > 0;
}

static void
import_measures(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                const struct measure_columns *at)
{
    for (uint32_t row = 0; row < csv->rows.count; row++) {
        struct xd_slice code = xd_csv_input_value(csv, row, at->code, import->arena);
        struct xd_tariff_out out = {
            .market = at->market,
            .measure = measure_of(xd_csv_input_value(csv, row, at->type, import->arena)),
            .expression = xd_csv_input_value(csv, row, at->duty, import->arena),
            .from = xd_import_date(import->arena,
                                   xd_csv_input_value(csv, row, at->start, import->arena)),
            .until =
                xd_import_date(import->arena, xd_csv_input_value(csv, row, at->end, import->arena)),
        };
        /* TARIC puts a two-digit suffix behind a blank. */
        size_t blank = xd_slice_find(code, ' ');
        out.hs_code = xd_hts_digits(import->arena, xd_slice_sub(code, 0, blank));
        struct xd_slice area = xd_csv_input_value(csv, row, at->area, import->arena);
        if (!out.measure || out.hs_code.len < 2 || out.expression.len == 0 ||
            is_special(import, csv, row, at) || !origin_of(area, &out.origin)) {
            import->skipped++;
            continue;
        }
        xd_tariff_import_row(import, &out);
    }
}

bool
xd_tariff_from_uk_csv(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                      struct xd_error *err)
{
    struct measure_columns at = {
        .market = "GB",
        .code = xd_csv_input_column(csv, "commodity__code"),
        .type = xd_csv_input_column(csv, "measure__type__id"),
        .duty = xd_csv_input_column(csv, "measure__duty_expression"),
        .start = xd_csv_input_column(csv, "measure__effective_start_date"),
        .end = xd_csv_input_column(csv, "measure__effective_end_date"),
        .area = xd_csv_input_column(csv, "measure__geographical_area__id"),
        .additional_code = xd_csv_input_column(csv, "measure__additional_code__code"),
        .order_number = xd_csv_input_column(csv, "measure__quota__order_number"),
    };

    if (!need(at.code, "commodity__code", csv, err) ||
        !need(at.type, "measure__type__id", csv, err) ||
        !need(at.duty, "measure__duty_expression", csv, err)) {
        return false;
    }
    import->source = XD_LIT("UK Trade Tariff, Open Government Licence v3.0");
    xd_tariff_import_begin(import, "the UK Trade Tariff (Department for Business and Trade)");
    import_measures(import, csv, &at);
    return true;
}

bool
xd_tariff_from_taric_csv(struct xd_tariff_import *import, const struct xd_csv_input *csv,
                         struct xd_error *err)
{
    struct measure_columns at = {
        .market = "EU",
        .code = xd_csv_input_column(csv, "Goods code"),
        .type = xd_csv_input_column(csv, "Meas. type code"),
        .duty = xd_csv_input_column(csv, "Duty"),
        .start = xd_csv_input_column(csv, "Start date"),
        .end = xd_csv_input_column(csv, "End date"),
        .area = xd_csv_input_column(csv, "Origin code"),
        .additional_code = xd_csv_input_column(csv, "Add code"),
        .order_number = xd_csv_input_column(csv, "Order No."),
    };

    if (!need(at.code, "Goods code", csv, err) || !need(at.type, "Meas. type code", csv, err) ||
        !need(at.duty, "Duty", csv, err)) {
        return false;
    }
    import->source = XD_LIT("TARIC, European Commission");
    xd_tariff_import_begin(import, "TARIC (European Commission, DG TAXUD)");
    import_measures(import, csv, &at);
    return true;
}
