/*
 * Six small tables, read the same way: rows that are not in force on the day of the run do not
 * exist, so the code behind them never asks for a date.
 */
#include "reference/routing.h"

#include "base/tsv.h"
#include "reference/finding_text.h"

#define COLUMNS_MOST 12

/* What the six loaders share. */
struct loading {
    struct xd_routing *routing;
    const struct xd_tables *tables;
    const struct xd_countries *countries;
    xd_date as_of;
    struct xd_arena *arena;
    struct xd_error *err;
    struct xd_tsv tsv;
    struct xd_slice cells[COLUMNS_MOST];
};

static bool
open_table(struct loading *loading, const char *path, const char *const *columns, size_t count,
           size_t size, void **rows)
{
    struct xd_slice text;

    if (!xd_tables_get(loading->tables, path, &text, loading->err) ||
        !xd_tsv_open(&loading->tsv, path, text, columns, count, loading->err)) {
        return false;
    }
    *rows = xd_arena_array(loading->arena, xd_tsv_count(text), size);
    return *rows ? true : xd_tsv_fail(&loading->tsv, loading->err, "not enough memory", XD_NONE);
}

/* Whether the row whose from and until stand in the last two cells asked counts on the day of the
 * run. */
static bool
in_force(struct loading *loading, size_t from_cell)
{
    xd_date from = XD_DATE_MIN;
    xd_date until = XD_DATE_MAX;
    struct xd_slice first = loading->cells[from_cell];
    struct xd_slice last = loading->cells[from_cell + 1];

    if (!xd_date_parse(first, &from)) {
        return xd_tsv_fail(&loading->tsv, loading->err, "not a date:", first);
    }
    if (last.len && !xd_date_parse(last, &until)) {
        return xd_tsv_fail(&loading->tsv, loading->err, "not a date:", last);
    }
    return from <= loading->as_of && loading->as_of <= until;
}

/* The place of a cell among the words of `words` ("a|b|c"), or fails. "*" gives -1 where the list
 * starts with it. */
static int
word(struct loading *loading, struct xd_slice cell, const char *words)
{
    struct xd_slice rest = xd_slice_str(words);
    struct xd_slice one;
    int at = words[0] == '*' ? -1 : 0;

    for (; xd_slice_next(&rest, '|', &one); at++) {
        if (xd_slice_eq(one, cell)) {
            return at;
        }
    }
    xd_tsv_fail(&loading->tsv, loading->err, words, cell);
    return 0;
}

static bool
index_row(struct loading *loading, struct xd_map *map, struct xd_slice key, uint32_t at)
{
    uint32_t old;

    if (!xd_map_put(map, key, at, &old) || old != XD_MAP_NONE) {
        return xd_tsv_fail(&loading->tsv, loading->err, "a second row in force for", key);
    }
    return true;
}

static bool
load_merchants(struct loading *loading)
{
    static const char *const COLUMNS[] = {"merchant_id",    "model",          "hub_code",
                                          "documents_by",   "software",       "conflict",
                                          "effective_from", "effective_until"};
    struct xd_routing *routing = loading->routing;
    struct xd_slice *cells = loading->cells;

    if (!open_table(loading, "reference/merchants.tsv", COLUMNS, 8, sizeof(struct xd_merchant),
                    (void **)&routing->merchants)) {
        return false;
    }
    while (xd_tsv_next(&loading->tsv, cells, loading->err)) {
        if (!in_force(loading, 6)) {
            continue;
        }
        routing->merchants[routing->merchant_count] = (struct xd_merchant){
            .id = cells[0],
            .model = (enum xd_model)word(loading, cells[1], "hub|merchant-hub|hybrid"),
            .hub_code = cells[2],
            .makes_documents = word(loading, cells[3], "platform|merchant") == 1,
            .custom_software = word(loading, cells[4], "fixed|custom") == 1,
            .manifest_wins = word(loading, cells[5], "order|manifest") == 1,
        };
        index_row(loading, &routing->merchant_by_id, cells[0], routing->merchant_count++);
    }
    if (xd_map_get(&routing->merchant_by_id, XD_LIT("*")) == XD_MAP_NONE) {
        return xd_tsv_fail(&loading->tsv, loading->err, "the table lacks the row", XD_LIT("*"));
    }
    return loading->err->status == 0;
}

static bool
parse_country(struct loading *loading, struct xd_slice cell, uint16_t *country)
{
    *country = xd_country_find(loading->countries, cell);
    if (*country == XD_COUNTRY_NONE && !xd_slice_eq(cell, XD_LIT("*"))) {
        return xd_tsv_fail(&loading->tsv, loading->err, "not a country:", cell);
    }
    return true;
}

static bool
load_lanes(struct loading *loading)
{
    static const char *const COLUMNS[] = {"merchant_id", "country", "side", "effective_from",
                                          "effective_until"};
    struct xd_routing *routing = loading->routing;
    struct xd_slice *cells = loading->cells;

    if (!open_table(loading, "reference/lanes.tsv", COLUMNS, 5, sizeof(struct xd_lane),
                    (void **)&routing->lanes)) {
        return false;
    }
    while (xd_tsv_next(&loading->tsv, cells, loading->err)) {
        struct xd_lane *lane = &routing->lanes[routing->lane_count];
        if (!in_force(loading, 3) || !parse_country(loading, cells[1], &lane->country)) {
            continue;
        }
        lane->merchant_id = cells[0];
        lane->from_merchant = word(loading, cells[2], "hub|merchant-hub") == 1;
        routing->lane_count++;
    }
    return loading->err->status == 0;
}

static bool
load_hubs(struct loading *loading)
{
    static const char *const COLUMNS[] = {
        "hub_code", "name", "country", "cut_off", "time_zone", "effective_from", "effective_until"};
    struct xd_routing *routing = loading->routing;
    struct xd_slice *cells = loading->cells;

    if (!open_table(loading, "reference/hubs.tsv", COLUMNS, 7, sizeof(struct xd_hub),
                    (void **)&routing->hubs)) {
        return false;
    }
    while (xd_tsv_next(&loading->tsv, cells, loading->err)) {
        struct xd_hub *hub = &routing->hubs[routing->hub_count];
        if (!in_force(loading, 5) || !parse_country(loading, cells[2], &hub->country)) {
            continue;
        }
        hub->code = cells[0];
        hub->name = cells[1];
        hub->cut_off = cells[3];
        hub->time_zone = cells[4];
        index_row(loading, &routing->hub_by_code, cells[0], routing->hub_count++);
    }
    return loading->err->status == 0;
}

static bool
load_methods(struct loading *loading)
{
    static const char *const COLUMNS[] = {"method",  "wyol",           "store",
                                          "carrier", "effective_from", "effective_until"};
    struct xd_routing *routing = loading->routing;
    struct xd_slice *cells = loading->cells;

    if (!open_table(loading, "reference/methods.tsv", COLUMNS, 6, sizeof(struct xd_method),
                    (void **)&routing->methods)) {
        return false;
    }
    while (xd_tsv_next(&loading->tsv, cells, loading->err)) {
        if (!in_force(loading, 4)) {
            continue;
        }
        routing->methods[routing->method_count] =
            (struct xd_method){cells[0], word(loading, cells[1], "no|yes") == 1,
                               word(loading, cells[2], "no|yes") == 1, cells[3]};
        index_row(loading, &routing->method_by_code, cells[0], routing->method_count++);
    }
    return loading->err->status == 0;
}

/* The finding of a slug; an empty cell is none. */
static bool
parse_finding(struct loading *loading, struct xd_slice slug, enum xd_finding_code *code)
{
    *code = slug.len ? xd_finding_code_of(slug) : XD_F_NONE;
    if (slug.len && *code == XD_F_NONE) {
        return xd_tsv_fail(&loading->tsv, loading->err, "there is no finding", slug);
    }
    return true;
}

#define STATUS_MAX 80

/* Letters and digits only, small: "On-Hold by Hub " and "on hold by hub" are one status. */
static struct xd_slice
fold_status(struct xd_slice text, char *room)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len && len < STATUS_MAX; i++) {
        if (xd_is_alpha(text.ptr[i]) || xd_is_digit(text.ptr[i])) {
            room[len++] = xd_to_lower(text.ptr[i]);
        }
    }
    return xd_slice_of(room, len);
}

static bool
load_statuses(struct loading *loading)
{
    static const char *const COLUMNS[] = {"status", "finding"};
    struct xd_routing *routing = loading->routing;
    struct xd_slice *cells = loading->cells;
    char room[STATUS_MAX];

    if (!open_table(loading, "reference/order_statuses.tsv", COLUMNS, 2,
                    sizeof(struct xd_order_status), (void **)&routing->statuses)) {
        return false;
    }
    while (xd_tsv_next(&loading->tsv, cells, loading->err)) {
        struct xd_order_status *status = &routing->statuses[routing->status_count];
        status->text = cells[0];
        if (parse_finding(loading, cells[1], &status->finding)) {
            index_row(loading, &routing->status_by_text,
                      xd_arena_copy(loading->arena, fold_status(cells[0], room)),
                      routing->status_count++);
        }
    }
    return loading->err->status == 0;
}

static bool
load_rules(struct loading *loading)
{
    static const char *const COLUMNS[] = {"store", "wyol", "integrated", "documents_by", "software",
                                          "model", "side", "route",      "finding",      "reason"};
    struct xd_routing *routing = loading->routing;
    struct xd_slice *cells = loading->cells;

    if (!open_table(loading, "reference/routes.tsv", COLUMNS, 10, sizeof(struct xd_route_rule),
                    (void **)&routing->rules)) {
        return false;
    }
    while (xd_tsv_next(&loading->tsv, cells, loading->err)) {
        struct xd_route_rule *rule = &routing->rules[routing->rule_count++];
        *rule = (struct xd_route_rule){
            .store = (int8_t)word(loading, cells[0], "*|no|yes"),
            .wyol = (int8_t)word(loading, cells[1], "*|no|yes"),
            .integrated = (int8_t)word(loading, cells[2], "*|no|yes"),
            .makes_documents = (int8_t)word(loading, cells[3], "*|platform|merchant"),
            .custom_software = (int8_t)word(loading, cells[4], "*|fixed|custom"),
            .model = (int8_t)word(loading, cells[5], "*|hub|merchant-hub|hybrid"),
            .from_merchant = (int8_t)word(loading, cells[6], "*|hub|merchant-hub"),
            .route = cells[7],
            .reason = cells[9],
        };
        parse_finding(loading, cells[8], &rule->finding);
    }
    return loading->err->status == 0;
}

bool
xd_routing_load(struct xd_routing *routing, const struct xd_tables *tables,
                const struct xd_countries *countries, xd_date as_of, struct xd_arena *arena,
                struct xd_error *err)
{
    struct loading loading = {.routing = routing,
                              .tables = tables,
                              .countries = countries,
                              .as_of = as_of,
                              .arena = arena,
                              .err = err};

    *routing = (struct xd_routing){0};
    return xd_map_init(&routing->merchant_by_id, arena, 64, false) &&
           xd_map_init(&routing->hub_by_code, arena, 16, true) &&
           xd_map_init(&routing->method_by_code, arena, 32, true) &&
           xd_map_init(&routing->status_by_text, arena, 64, false) && load_merchants(&loading) &&
           load_lanes(&loading) && load_hubs(&loading) && load_methods(&loading) &&
           load_statuses(&loading) && load_rules(&loading);
}

const struct xd_merchant *
xd_merchant_find(const struct xd_routing *routing, struct xd_slice id)
{
    uint32_t at = xd_map_get(&routing->merchant_by_id, id);

    if (at == XD_MAP_NONE) {
        at = xd_map_get(&routing->merchant_by_id, XD_LIT("*"));
    }
    return &routing->merchants[at];
}

const struct xd_hub *
xd_hub_find(const struct xd_routing *routing, struct xd_slice code)
{
    uint32_t at = xd_map_get(&routing->hub_by_code, code);

    return at == XD_MAP_NONE ? NULL : &routing->hubs[at];
}

const struct xd_method *
xd_method_find(const struct xd_routing *routing, struct xd_slice code)
{
    uint32_t at = xd_map_get(&routing->method_by_code, code);

    return at == XD_MAP_NONE ? NULL : &routing->methods[at];
}

const struct xd_order_status *
xd_order_status_find(const struct xd_routing *routing, struct xd_slice text)
{
    char room[STATUS_MAX];
    uint32_t at = xd_map_get(&routing->status_by_text, fold_status(text, room));

    return at == XD_MAP_NONE ? NULL : &routing->statuses[at];
}

bool
xd_lane_from_merchant(const struct xd_routing *routing, struct xd_slice merchant_id,
                      uint16_t country)
{
    bool otherwise = false;

    for (uint32_t i = 0; i < routing->lane_count; i++) {
        const struct xd_lane *lane = &routing->lanes[i];
        if (!xd_slice_eq(lane->merchant_id, merchant_id)) {
            continue;
        }
        if (lane->country == country) {
            return lane->from_merchant;
        }
        otherwise |= lane->country == XD_COUNTRY_NONE && lane->from_merchant;
    }
    return otherwise;
}
