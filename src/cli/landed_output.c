/*
 * An amount that is not known is an empty cell or null, never a zero: a zero is a figure that
 * somebody may pay.
 */
#include "cli/landed_output.h"

static const struct xd_slice COLUMN_LINE =
    XD_LIT("consignment_id\tline_id\tcurrency\tcustoms_value\tduty\ttax\tfees\ttotal\tcollected_by"
           "\trule_ids\tfindings\n");

/* What is written of one line or, with line XD_DUTY_WHOLE, of the consignment. */
struct view {
    const struct xd_landed_input *input;
    const struct xd_landed_group *group;
    const struct xd_landed_cost *cost;
    uint32_t line;
    const struct xd_landed_amounts *amounts; /* NULL: not known */
    unsigned unknown;                        /* sums of them that could not be told */
    const struct xd_rule_ids *rules;
};

static void
put_amount(struct xd_buf *buf, int64_t units, uint8_t decimals)
{
    char digits[XD_DECIMAL_TEXT];
    size_t len = xd_decimal_format((struct xd_decimal){units, decimals}, digits);

    xd_buf_put(buf, xd_slice_of(digits, len));
}

/* Steps show what the figure is, not the twelve decimals that it is held with. */
static void
put_exact(struct xd_buf *buf, xd_amount amount)
{
    struct xd_decimal value = xd_amount_decimal(amount, 6);

    while (value.scale > 2 && value.units % 10 == 0) {
        value.units /= 10;
        value.scale--;
    }
    put_amount(buf, value.units, value.scale);
}

static void
put_cell(struct xd_buf *buf, struct xd_slice cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        xd_buf_char(buf, xd_is_blank(cell.ptr[i]) ? ' ' : cell.ptr[i]);
    }
}

/* The line's id as given, or its ordinal; "*" is the consignment. */
static void
put_line_id(struct xd_buf *buf, const struct xd_landed_group *group, uint32_t line)
{
    if (line == XD_DUTY_WHOLE) {
        xd_buf_char(buf, '*');
    } else if (group->line_ids[line].len) {
        put_cell(buf, group->line_ids[line]);
    } else {
        xd_buf_u64(buf, (uint64_t)line + 1);
    }
}

static void
put_collectors(struct xd_buf *buf, const struct view *view)
{
    const struct xd_landed_cost *cost = view->cost;
    enum xd_collector tax = view->amounts->tax != 0 ? cost->tax_collector : XD_COLLECTOR_NONE;
    enum xd_collector duty =
        view->amounts->duty + view->amounts->fees != 0 ? cost->duty_collector : XD_COLLECTOR_NONE;

    if (tax == XD_COLLECTOR_NONE || tax == duty) {
        xd_buf_str(buf, xd_collector_name(duty));
        return;
    }
    xd_buf_str(buf, xd_collector_name(tax));
    if (duty != XD_COLLECTOR_NONE) {
        xd_buf_char(buf, '+');
        xd_buf_str(buf, xd_collector_name(duty));
    }
}

static void
note_severity(struct xd_landed_output *output, enum xd_finding_code code)
{
    output->errors |= xd_slice_eq(output->texts->of[code].severity, XD_LIT("error"));
}

static void
separate(struct xd_buf *buf, bool *first)
{
    if (!*first) {
        xd_buf_char(buf, ',');
    }
    *first = false;
}

/* The same code about another row or rate: the report in JSON has each. */
static bool
said_before(const struct view *view, size_t at)
{
    const struct xd_duty_finding *findings = view->cost->findings;

    for (size_t i = 0; i < at; i++) {
        if (findings[i].code == findings[at].code && findings[i].line == findings[at].line) {
            return true;
        }
    }
    return false;
}

/* Codes, with the range behind where there is one: "XD-DT-003[0.00..4.80]". */
static void
put_finding_codes(struct xd_landed_output *output, const struct view *view)
{
    bool first = true;

    for (uint32_t i = 0; i < view->group->problem_count; i++) {
        const struct xd_landed_problem *problem =
            &view->input->problems[view->group->first_problem + i];
        if (problem->line == view->line) {
            separate(output->buf, &first);
            xd_buf_put(output->buf, output->texts->of[problem->code].code);
            note_severity(output, problem->code);
        }
    }
    for (size_t i = 0; i < view->cost->finding_count; i++) {
        const struct xd_duty_finding *finding = &view->cost->findings[i];
        if (finding->line != view->line || (!finding->has_range && said_before(view, i))) {
            continue;
        }
        separate(output->buf, &first);
        xd_buf_put(output->buf, output->texts->of[finding->code].code);
        note_severity(output, finding->code);
        if (finding->has_range) {
            xd_buf_char(output->buf, '[');
            put_amount(output->buf, finding->low, view->cost->decimals);
            if (finding->low != finding->high) {
                xd_buf_str(output->buf, "..");
                put_amount(output->buf, finding->high, view->cost->decimals);
            }
            xd_buf_char(output->buf, ']');
        }
    }
}

enum { SUMS = 5 };

/* The five sums in the order of the columns, and whether each could be told. */
static void
list_sums(const struct view *view, int64_t *figures, bool *known)
{
    const struct xd_landed_amounts *sums = view->amounts;
    bool duty = !(view->unknown & XD_UNKNOWN_DUTY);
    bool tax = !(view->unknown & XD_UNKNOWN_TAX);

    memcpy(
        figures,
        (const int64_t[SUMS]){sums->customs_value, sums->duty, sums->tax, sums->fees, sums->total},
        SUMS * sizeof(*figures));
    memcpy(known, (const bool[SUMS]){true, duty, tax, true, duty && tax}, SUMS * sizeof(*known));
}

static void
put_tsv_amounts(struct xd_buf *buf, const struct view *view)
{
    int64_t figures[SUMS];
    bool known[SUMS];

    if (!view->amounts) {
        xd_buf_str(buf, "\t\t\t\t\t\t\t");
        return;
    }
    list_sums(view, figures, known);
    for (size_t i = 0; i < SUMS; i++) {
        xd_buf_char(buf, '\t');
        if (known[i]) {
            put_amount(buf, figures[i], view->cost->decimals);
        }
    }
    xd_buf_char(buf, '\t');
    put_collectors(buf, view);
    xd_buf_char(buf, '\t');
}

static void
put_tsv(struct xd_landed_output *output, const struct view *view)
{
    struct xd_buf *buf = output->buf;
    char currency[XD_ALPHA_TEXT];

    put_cell(buf, view->group->id);
    xd_buf_char(buf, '\t');
    put_line_id(buf, view->group, view->line);
    xd_buf_char(buf, '\t');
    xd_alpha_text(view->cost->currency, currency);
    xd_buf_str(buf, currency);
    put_tsv_amounts(buf, view);
    for (uint8_t i = 0; view->amounts && i < view->rules->count; i++) {
        xd_buf_str(buf, i ? "," : "");
        put_cell(buf, view->rules->of[i]);
    }
    xd_buf_char(buf, '\t');
    put_finding_codes(output, view);
    xd_buf_char(buf, '\n');
}

static const char *
level_name(enum xd_round_level level)
{
    static const char *const NAMES[] = {"each line", "the total", "the total, for display only"};

    return NAMES[level];
}

static const char *
mode_name(enum xd_rounding mode)
{
    static const char *const NAMES[] = {"half up", "half to even", "down", "up"};

    return NAMES[mode];
}

static void
put_money(struct xd_buf *buf, xd_amount amount, xd_alpha currency)
{
    char text[XD_ALPHA_TEXT];

    put_exact(buf, amount);
    xd_alpha_text(currency, text);
    xd_buf_printf(buf, " %s", text);
}

/* "5 EUR": the step that a figure is rounded to. */
static void
put_rounding(struct xd_buf *buf, const struct xd_round_rule *rule)
{
    xd_buf_printf(buf, "%s %s to ", level_name(rule->level), mode_name(rule->mode));
    put_amount(buf, rule->step.units, rule->step.scale);
}

/* A sum on one line: base, rate, result, rounding, row, source. */
static void
put_step(struct xd_buf *buf, const struct xd_landed_group *group, const struct xd_duty_step *step)
{
    xd_buf_str(buf, "# ");
    put_cell(buf, group->id);
    xd_buf_char(buf, ' ');
    put_line_id(buf, group, step->line);
    xd_buf_printf(buf, " %s: ", step->what);
    put_money(buf, step->base, step->base_currency);
    xd_buf_str(buf, " | ");
    put_cell(buf, step->rate);
    xd_buf_str(buf, " | = ");
    put_money(buf, step->result, step->currency);
    if (step->rounding) {
        xd_buf_str(buf, " | rounded: ");
        put_rounding(buf, step->rounding);
    }
    if (step->rule_id.len) {
        xd_buf_str(buf, " | ");
        put_cell(buf, step->rule_id);
    }
    if (step->source.len) {
        xd_buf_str(buf, ", ");
        put_cell(buf, step->source);
        xd_buf_str(buf, step->source_date.len ? ", " : "");
        put_cell(buf, step->source_date);
    }
    xd_buf_char(buf, '\n');
}

/* A member whose value is built in the buffer's own text and escaped from a copy on the stack. */
static void
json_built(struct xd_landed_output *output, const char *name, const struct view *view,
           void (*put)(struct xd_buf *buf, const struct view *view))
{
    struct xd_buf text;

    xd_buf_init(&text, 4096);
    put(&text, view);
    xd_json_text(&output->json, name, xd_buf_slice(&text));
    xd_buf_free(&text);
}

static void
json_amount(struct xd_landed_output *output, const char *name, int64_t units, uint8_t decimals)
{
    char digits[XD_DECIMAL_TEXT];
    size_t len = xd_decimal_format((struct xd_decimal){units, decimals}, digits);

    xd_json_text(&output->json, name, xd_slice_of(digits, len));
}

static void
build_line_id(struct xd_buf *buf, const struct view *view)
{
    put_line_id(buf, view->group, view->line);
}

static void
json_amounts(struct xd_landed_output *output, const struct view *view)
{
    static const char *const NAMES[SUMS] = {"customs_value", "duty", "tax", "fees", "total"};
    int64_t figures[SUMS] = {0};
    bool known[SUMS] = {0};

    if (view->amounts) {
        list_sums(view, figures, known);
    }
    for (size_t i = 0; i < SUMS; i++) {
        if (known[i]) {
            json_amount(output, NAMES[i], figures[i], view->cost->decimals);
        } else {
            xd_json_null(&output->json, NAMES[i]);
        }
    }
    if (!view->amounts) {
        return;
    }
    json_built(output, "collected_by", view, put_collectors);
    xd_json_array(&output->json, "rule_ids");
    for (uint8_t i = 0; i < view->rules->count; i++) {
        xd_json_text(&output->json, NULL, view->rules->of[i]);
    }
    xd_json_end(&output->json);
}

static void
json_finding(struct xd_landed_output *output, const struct view *view, enum xd_finding_code code,
             struct xd_slice subject)
{
    const struct xd_finding_text *text = &output->texts->of[code];

    note_severity(output, code);
    xd_json_object(&output->json, NULL);
    xd_json_text(&output->json, "code", text->code);
    xd_json_text(&output->json, "finding", text->slug);
    xd_json_text(&output->json, "severity", text->severity);
    json_built(output, "line_id", view, build_line_id);
    xd_json_text(&output->json, "subject", subject);
    xd_json_text(&output->json, "text", text->text);
    xd_json_text(&output->json, "fix", text->fix);
}

static void
json_findings(struct xd_landed_output *output, const struct view *whole)
{
    struct view view = *whole;

    xd_json_array(&output->json, "findings");
    for (uint32_t i = 0; i < view.group->problem_count; i++) {
        const struct xd_landed_problem *problem =
            &view.input->problems[view.group->first_problem + i];
        view.line = problem->line;
        json_finding(output, &view, problem->code, problem->value);
        xd_json_text(&output->json, "column", xd_slice_str(problem->column));
        xd_json_end(&output->json);
    }
    for (size_t i = 0; i < view.cost->finding_count; i++) {
        const struct xd_duty_finding *finding = &view.cost->findings[i];
        view.line = finding->line;
        json_finding(output, &view, finding->code, finding->subject);
        if (finding->has_range) {
            json_amount(output, "low", finding->low, view.cost->decimals);
            json_amount(output, "high", finding->high, view.cost->decimals);
        }
        xd_json_end(&output->json);
    }
    xd_json_end(&output->json);
}

static void
json_money(struct xd_landed_output *output, const char *name, xd_amount amount)
{
    struct xd_buf text;

    xd_buf_init(&text, 64);
    put_exact(&text, amount);
    xd_json_text(&output->json, name, xd_buf_slice(&text));
    xd_buf_free(&text);
}

static void
json_alpha(struct xd_landed_output *output, const char *name, xd_alpha code)
{
    char text[XD_ALPHA_TEXT];
    size_t len = xd_alpha_text(code, text);

    xd_json_text(&output->json, name, xd_slice_of(text, len));
}

static void
json_steps(struct xd_landed_output *output, const struct view *whole)
{
    struct view view = *whole;

    xd_json_array(&output->json, "steps");
    for (size_t i = 0; i < view.cost->step_count; i++) {
        const struct xd_duty_step *step = &view.cost->steps[i];
        view.line = step->line;
        xd_json_object(&output->json, NULL);
        json_built(output, "line_id", &view, build_line_id);
        xd_json_text(&output->json, "what", xd_slice_str(step->what));
        json_money(output, "base", step->base);
        json_alpha(output, "base_currency", step->base_currency);
        xd_json_text(&output->json, "rate", step->rate);
        json_money(output, "result", step->result);
        json_alpha(output, "currency", step->currency);
        if (step->rounding) {
            struct xd_buf text;
            xd_buf_init(&text, 128);
            put_rounding(&text, step->rounding);
            xd_json_text(&output->json, "rounding", xd_buf_slice(&text));
            xd_buf_free(&text);
        }
        xd_json_text(&output->json, "rule_id", step->rule_id);
        xd_json_text(&output->json, "source", step->source);
        xd_json_text(&output->json, "source_date", step->source_date);
        xd_json_end(&output->json);
    }
    xd_json_end(&output->json);
}

/* What only the consignment has. */
static void
json_consignment(struct xd_landed_output *output, const struct view *view)
{
    const struct xd_landed_cost *cost = view->cost;

    if (view->amounts) {
        xd_json_text(&output->json, "scheme", cost->scheme ? cost->rule->scheme : XD_NONE);
        xd_json_text(&output->json, "ship_as",
                     cost->ship_ddu || view->group->consignment.incoterm == XD_INCOTERM_DDU
                         ? XD_LIT("DDU")
                         : XD_LIT("DDP"));
        xd_json_bool(&output->json, "combined_rate", cost->combined);
        json_amount(output, "seller_duty", cost->seller_duty, cost->decimals);
        json_amount(output, "seller_tax", cost->seller_tax, cost->decimals);
    }
    if (cost->has_subsidy) {
        json_amount(output, "subsidy", cost->subsidy, cost->decimals);
    }
}

static struct view
view_of(const struct view *whole, uint32_t line, bool quoted)
{
    struct view view = *whole;

    view.line = line;
    view.amounts = quoted ? &whole->cost->lines[line].amounts : NULL;
    view.unknown = quoted ? whole->cost->lines[line].unknown : 0;
    view.rules = quoted ? &whole->cost->lines[line].rules : NULL;
    return view;
}

static void
put_json(struct xd_landed_output *output, const struct view *whole, bool quoted)
{
    struct xd_json *json = &output->json;

    xd_json_object(json, NULL);
    xd_json_text(json, "consignment_id", whole->group->id);
    json_alpha(output, "market", whole->cost->market);
    json_alpha(output, "currency", whole->cost->currency);
    json_amounts(output, whole);
    json_consignment(output, whole);
    xd_json_array(json, "lines");
    for (uint32_t i = 0; i < whole->group->consignment.line_count; i++) {
        struct view view = view_of(whole, i, quoted);
        xd_json_object(json, NULL);
        json_built(output, "line_id", &view, build_line_id);
        json_amounts(output, &view);
        if (quoted && whole->cost->lines[i].duty_low != whole->cost->lines[i].duty_high) {
            json_amount(output, "duty_low", whole->cost->lines[i].duty_low, whole->cost->decimals);
            json_amount(output, "duty_high", whole->cost->lines[i].duty_high,
                        whole->cost->decimals);
        }
        xd_json_end(json);
    }
    xd_json_end(json);
    json_findings(output, whole);
    if (output->explain) {
        json_steps(output, whole);
    }
    xd_json_end(json);
}

void
xd_landed_output_begin(struct xd_landed_output *output, xd_date date)
{
    char text[XD_DATE_TEXT];

    if (!output->as_json) {
        xd_buf_put(output->buf, COLUMN_LINE);
        return;
    }
    xd_date_format(date, text);
    xd_json_init(&output->json, output->buf, false);
    xd_json_object(&output->json, NULL);
    xd_json_text(&output->json, "as_of", xd_slice_of(text, sizeof(text)));
    xd_json_array(&output->json, "consignments");
}

void
xd_landed_output_put(struct xd_landed_output *output, const struct xd_landed_input *input,
                     const struct xd_landed_group *group, const struct xd_landed_cost *cost,
                     bool quoted)
{
    struct view whole = {.input = input,
                         .group = group,
                         .cost = cost,
                         .line = XD_DUTY_WHOLE,
                         .amounts = quoted ? &cost->amounts : NULL,
                         .unknown = cost->unknown,
                         .rules = &cost->rules};

    if (output->as_json) {
        put_json(output, &whole, quoted);
        return;
    }
    for (uint32_t i = 0; i < group->consignment.line_count; i++) {
        struct view view = view_of(&whole, i, quoted);
        put_tsv(output, &view);
    }
    put_tsv(output, &whole);
    for (size_t i = 0; output->explain && i < cost->step_count; i++) {
        put_step(output->buf, group, &cost->steps[i]);
    }
}

void
xd_landed_output_end(struct xd_landed_output *output)
{
    if (output->as_json) {
        xd_json_end(&output->json);
        xd_json_end(&output->json);
    }
}
