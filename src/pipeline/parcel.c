/*
 * The questions a dispatcher asks of a parcel, in his order: what does it weigh and hold, where
 * does it go, who takes it, what is due, and would the carrier's program accept what we say of it.
 */
#include "pipeline/parcel.h"

#include "check/identifier.h"

static const enum xd_field OF_PARCEL[] = {
    XD_FIELD_TRACKING_NUMBER, XD_FIELD_WEIGHT_G,       XD_FIELD_CARRIER, XD_FIELD_SERVICE,
    XD_FIELD_SHIP_DATE,       XD_FIELD_RECIPIENT_NAME, XD_FIELD_COMPANY, XD_FIELD_ADDRESS1,
    XD_FIELD_ADDRESS2,        XD_FIELD_ADDRESS3,       XD_FIELD_CITY,    XD_FIELD_REGION,
    XD_FIELD_POSTAL_CODE,     XD_FIELD_COUNTRY,        XD_FIELD_PHONE,   XD_FIELD_EMAIL,
};

static bool
fill_lines(struct xd_decider *decider, struct xd_parcel *parcel)
{
    uint32_t count = 0;

    parcel->lines = xd_arena_array(&decider->arena, parcel->match->lines, sizeof(*parcel->lines));
    parcel->sources =
        xd_arena_array(&decider->arena, parcel->match->lines, sizeof(*parcel->sources));
    if (!parcel->lines || !parcel->sources) {
        decider->failed = true;
        return false;
    }
    for (uint32_t at = parcel->match->first; at != XD_LINE_NONE;) {
        const struct xd_match_line *line = &decider->match.lines[at];
        parcel->sources[count] = line;
        xd_match_values(&decider->match_ctx, &decider->match, line, &parcel->lines[count++]);
        at = line->next;
    }
    return true;
}

/* What belongs to the parcel must be the same in all its rows; the first one that says it counts.
 */
static void
agree_on(struct xd_decider *decider, struct xd_parcel *parcel, enum xd_field field)
{
    struct xd_slice said = XD_NONE;

    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        struct xd_slice value = parcel->lines[i].value[field];
        if (said.len && value.len && !xd_slice_eq(said, value)) {
            xd_parcel_report_code(decider, parcel->sources[i], field, XD_F_PARCEL_ROWS_DIFFER);
        }
        said = said.len ? said : value;
    }
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        parcel->lines[i].value[field] = said;
    }
}

/* XD_F_NONE says nothing. */
static void
say(struct xd_decider *decider, const struct xd_parcel *parcel, enum xd_field field,
    const struct xd_diagnosis *diagnosis)
{
    if (diagnosis->code != XD_F_NONE) {
        xd_parcel_report(decider, parcel->sources[0], field, diagnosis,
                         &parcel->lines[0].value[field]);
    }
}

void
xd_parcel_say_code(struct xd_decider *decider, const struct xd_parcel *parcel, enum xd_field field,
                   enum xd_finding_code code)
{
    struct xd_diagnosis diagnosis = {.code = code};

    say(decider, parcel, field, &diagnosis);
}

static struct xd_slice
of_parcel(const struct xd_parcel *parcel, enum xd_field field)
{
    return parcel->lines[0].value[field];
}

static void
set_all(struct xd_parcel *parcel, unsigned value, struct xd_slice text)
{
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        parcel->lines[i].value[value] = text;
    }
}

/* Which country was meant; the address check says what is wrong with how it was written. */
static void
find_country(struct xd_decider *decider, struct xd_parcel *parcel)
{
    parcel->country =
        xd_country_guess(decider->shared->tables->countries, of_parcel(parcel, XD_FIELD_COUNTRY))
            .country;
}

/* The forms that carriers want, where the address was right enough to have them. */
static void
use_address(struct xd_decider *decider, struct xd_parcel *parcel,
            const struct xd_address_result *result)
{
    const struct xd_countries *countries = decider->shared->tables->countries;
    struct xd_slice postal = xd_address_postal_code(result);

    parcel->country = result->country;
    parcel->destination = XD_NONE;
    if (result->country == XD_COUNTRY_NONE) {
        return;
    }
    parcel->destination = countries->of[result->country].alpha2;
    set_all(parcel, XD_FIELD_COUNTRY, parcel->destination);
    set_all(parcel, XD_VALUE_COUNTRY_ALPHA3, countries->of[result->country].alpha3);
    if (postal.len) {
        set_all(parcel, XD_FIELD_POSTAL_CODE, xd_arena_copy(&decider->arena, postal));
    }
    parcel->territory = result->territory;
    parcel->region = xd_address_region(&decider->address, result);
    parcel->region = xd_slice_sub(parcel->region, xd_slice_find(parcel->region, '-') + 1, SIZE_MAX);
    if (result->territory) {
        set_all(parcel, XD_VALUE_TERRITORY, xd_address_territory(&decider->address, result));
        if (result->territory->code.len) {
            parcel->destination = result->territory->code;
        }
    }
}

static void
check_address(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_run_tables *tables = decider->shared->tables;
    struct xd_address_options options = {.as_of = decider->shared->as_of,
                                         .carrier = of_parcel(parcel, XD_FIELD_CARRIER),
                                         .wordless =
                                             xd_report_counts_only(&decider->match_ctx.reporter)};
    struct xd_address_result result;
    struct xd_address address;
    size_t said = 0;

    for (unsigned i = 0; i < XD_ADDRESS_COUNT; i++) {
        address.of[i] = of_parcel(parcel, xd_address_field_of((enum xd_address_field)i));
        said += address.of[i].len;
    }
    if (said == 0 && !xd_decider_ships(decider)) {
        return; /* the manifest leaves the address to the order, and there is none here */
    }
    if (parcel->route.carrier != XD_CARRIER_NONE) {
        options.boxes_served = tables->carriers.list[parcel->route.carrier].po_box;
    }
    xd_address_check(&decider->address, &address, &options, &result);
    for (size_t i = 0; i < result.count && i < XD_ADDRESS_PROBLEMS; i++) {
        say(decider, parcel, xd_address_field_of(result.problems[i].field),
            &result.problems[i].diagnosis);
    }
    use_address(decider, parcel, &result);
}

/* `written` is the carrier before the route was chosen: a brand such as DHL has more kinds of
 * numbers than the network that takes the parcel. */
static void
check_tracking(struct xd_decider *decider, struct xd_parcel *parcel, struct xd_slice written)
{
    struct xd_slice number = of_parcel(parcel, XD_FIELD_TRACKING_NUMBER);
    struct xd_slice carrier = written.len ? written : of_parcel(parcel, XD_FIELD_CARRIER);
    struct xd_diagnosis diagnosis = {.code = XD_F_NONE};

    if (number.len && carrier.len) {
        (void)xd_tracking_check(&decider->shared->tables->identifiers, carrier, number, &diagnosis);
        say(decider, parcel, XD_FIELD_TRACKING_NUMBER, &diagnosis);
    }
}

static void
choose_route(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_run_tables *tables = decider->shared->tables;
    const struct xd_match *match = &decider->match;
    struct xd_route_case in = {
        .merchant_id = match->merchant_id,
        .merchant = match->merchant,
        .manifest_method = of_parcel(parcel, XD_FIELD_SHIPPING_METHOD),
        .carrier = of_parcel(parcel, XD_FIELD_CARRIER),
        .hub_code = of_parcel(parcel, XD_FIELD_HUB_CODE),
        .country = parcel->country,
    };

    if (match->order_batch) {
        in.order_method = xd_slice_trim(xd_rows_get(&match->order_batch->rows, match->order_row,
                                                    XD_FIELD_SHIPPING_METHOD, &decider->arena));
    }
    xd_route_decide(&tables->routing, &tables->carriers, &in, &parcel->route);
    xd_parcel_say_code(decider, parcel, parcel->route.field, parcel->route.finding);
    if (parcel->route.carrier != XD_CARRIER_NONE) {
        set_all(parcel, XD_FIELD_CARRIER, tables->carriers.list[parcel->route.carrier].code);
        set_all(parcel, XD_VALUE_CARRIER_NAME, tables->carriers.list[parcel->route.carrier].name);
    }
    if (parcel->route.hub) {
        set_all(parcel, XD_FIELD_HUB_CODE, parcel->route.hub->code);
    }
    set_all(parcel, XD_VALUE_ROUTE, xd_slice_str(xd_route_name(parcel->route.route)));
}

/* What the carrier's program would refuse is found here and not by the carrier. */
static void
write_rows(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_layout *layout = decider->shared->layouts[parcel->route.carrier];

    xd_parcel_use_latin(decider, parcel);
    parcel->rows_from = decider->rows.len;
    parcel->totals.rows = layout->per_parcel ? 1 : parcel->match->lines;
    for (uint32_t i = 0; i < parcel->match->lines; i++) {
        struct xd_layout_doubt doubt;
        struct xd_diagnosis diagnosis;
        xd_layout_row(layout, &parcel->lines[i], &decider->rows, &doubt);
        for (size_t at = 0; (at = xd_layout_check(layout, &parcel->lines[i], &doubt, at,
                                                  &diagnosis)) < layout->count;
             at++) {
            unsigned value = layout->columns[at].value;
            xd_parcel_report(decider, parcel->sources[i],
                             value < XD_FIELD_COUNT ? (enum xd_field)value : XD_FIELD_NONE,
                             &diagnosis,
                             value < XD_VALUE_COUNT ? &parcel->lines[i].value[value] : NULL);
        }
    }
    parcel->rows_to = decider->rows.len;
    decider->failed |= decider->rows.failed;
}

/* The place of the parcel among those of its order. */
static void
number_parcel(struct xd_decider *decider, struct xd_parcel *parcel)
{
    const struct xd_match *match = &decider->match;
    struct xd_slice number;
    struct xd_slice count;

    xd_parcel_number(decider, &number, (uint64_t)(parcel->match - match->parcels) + 1);
    xd_parcel_number(decider, &count, match->parcel_count);
    set_all(parcel, XD_VALUE_PARCEL_NUMBER, number);
    set_all(parcel, XD_VALUE_ORDER_PARCELS, count);
}

bool
xd_parcel_examine(struct xd_decider *decider, struct xd_parcel *parcel)
{
    struct xd_slice carrier;

    parcel->route.carrier = XD_CARRIER_NONE;
    if (!fill_lines(decider, parcel)) {
        return false;
    }
    for (size_t i = 0; parcel->match->lines > 1 && i < sizeof(OF_PARCEL) / sizeof(OF_PARCEL[0]);
         i++) {
        agree_on(decider, parcel, OF_PARCEL[i]);
    }
    find_country(decider, parcel);
    carrier = of_parcel(parcel, XD_FIELD_CARRIER);
    if (xd_decider_ships(decider)) {
        choose_route(decider, parcel);
    }
    check_address(decider, parcel);
    check_tracking(decider, parcel, carrier);
    xd_parcel_check_numbers(decider, parcel);
    if (xd_decider_ships(decider)) {
        if (parcel->country != XD_COUNTRY_NONE) {
            xd_parcel_check_goods(decider, parcel);
        }
        number_parcel(decider, parcel);
        xd_parcel_measure(decider, parcel);
        xd_parcel_check_windsor(decider, parcel);
    }
    return true;
}

void
xd_parcel_ship(struct xd_decider *decider, struct xd_parcel *parcel)
{
    if (parcel->destination.len && parcel->goods_milli > 0) {
        xd_parcel_quote(decider, parcel);
    }
    if (parcel->route.carrier != XD_CARRIER_NONE) {
        write_rows(decider, parcel);
    }
}
