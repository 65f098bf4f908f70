/*
 * The order of the questions is the order in which a dispatcher would ask them: which method, which
 * carrier, which hub, and only then which row of the table fits. The first question without an
 * answer is the finding.
 */
#include "route/route.h"

#include "model/summary.h"

static bool
fail(struct xd_route_decision *out, enum xd_finding_code finding, enum xd_field field)
{
    out->finding = finding;
    out->field = field;
    return false;
}

/* The method that counts: the order's, or the manifest's where both are own-logistics methods. */
static bool
choose_method(const struct xd_routing *routing, const struct xd_carriers *carriers,
              const struct xd_route_case *in, const struct xd_method **method,
              struct xd_route_decision *out)
{
    const struct xd_method *wanted = NULL;

    *method = NULL;
    if (in->order_method.len) {
        *method = xd_method_find(routing, in->order_method);
        out->carrier = xd_carrier_find(carriers, in->order_method);
        if (!*method && out->carrier == XD_CARRIER_NONE) {
            return fail(out, XD_F_ROUTE_METHOD_UNKNOWN, XD_FIELD_SHIPPING_METHOD);
        }
    }
    if (in->manifest_method.len == 0 || xd_slice_ieq(in->manifest_method, in->order_method)) {
        return true;
    }
    wanted = xd_method_find(routing, in->manifest_method);
    if (!wanted) {
        return fail(out, XD_F_ROUTE_METHOD_UNKNOWN, XD_FIELD_SHIPPING_METHOD);
    }
    if (*method && !((*method)->wyol && wanted->wyol)) {
        return fail(out, XD_F_ROUTE_METHOD_OVERRIDE, XD_FIELD_SHIPPING_METHOD);
    }
    *method = wanted;
    return true;
}

static bool
choose_carrier(const struct xd_carriers *carriers, const struct xd_route_case *in,
               const struct xd_method *method, struct xd_route_decision *out)
{
    struct xd_slice name = in->carrier.len || !method ? in->carrier : method->carrier;

    if (name.len == 0 && !method && out->carrier != XD_CARRIER_NONE) {
        return true; /* the order names the carrier where others name a method */
    }
    if (name.len == 0) {
        return fail(out, XD_F_CARRIER_MISSING, XD_FIELD_CARRIER);
    }
    out->carrier = xd_carrier_find(carriers, name);
    return out->carrier != XD_CARRIER_NONE ? true
                                           : fail(out, XD_F_CARRIER_UNKNOWN, XD_FIELD_CARRIER);
}

static bool
choose_hub(const struct xd_routing *routing, const struct xd_route_case *in,
           struct xd_route_decision *out)
{
    struct xd_slice code = in->hub_code.len ? in->hub_code : in->merchant->hub_code;

    out->hub = code.len ? xd_hub_find(routing, code) : NULL;
    return !code.len || out->hub ? true : fail(out, XD_F_HUB_UNKNOWN, XD_FIELD_HUB_CODE);
}

static bool
fits(int8_t wanted, int actual)
{
    return wanted < 0 || wanted == actual;
}

static enum xd_route
route_of(struct xd_slice name)
{
    for (unsigned i = XD_ROUTE_NONE + 1; i < XD_ROUTE_COUNT; i++) {
        if (xd_slice_eq(name, xd_slice_str(xd_route_name((enum xd_route)i)))) {
            return (enum xd_route)i;
        }
    }
    return XD_ROUTE_NONE;
}

void
xd_route_decide(const struct xd_routing *routing, const struct xd_carriers *carriers,
                const struct xd_route_case *in, struct xd_route_decision *out)
{
    const struct xd_method *method;

    *out = (struct xd_route_decision){.carrier = XD_CARRIER_NONE, .field = XD_FIELD_NONE};
    if (!choose_method(routing, carriers, in, &method, out) ||
        !choose_carrier(carriers, in, method, out) || !choose_hub(routing, in, out)) {
        return;
    }
    bool from_merchant = in->merchant->model == XD_MODEL_HYBRID &&
                         xd_lane_from_merchant(routing, in->merchant_id, in->country);
    for (uint32_t i = 0; i < routing->rule_count; i++) {
        const struct xd_route_rule *rule = &routing->rules[i];
        if (fits(rule->store, method && method->store) &&
            fits(rule->wyol, method && method->wyol) &&
            fits(rule->integrated, carriers->list[out->carrier].integrated) &&
            fits(rule->makes_documents, in->merchant->makes_documents) &&
            fits(rule->custom_software, in->merchant->custom_software) &&
            fits(rule->model, (int)in->merchant->model) &&
            fits(rule->from_merchant, from_merchant)) {
            out->route = route_of(rule->route);
            out->finding = rule->finding;
            out->reason = rule->reason;
            return;
        }
    }
    out->finding = XD_F_ROUTE_UNDECIDED;
}
