/*
 * Findings are collected, not printed: the same list becomes the exception report, the JSON, the
 * terminal text and the acknowledgement.
 */
#include "model/finding.h"

#include <stdarg.h>
#include <stdio.h>

void
xd_findings_init(struct xd_findings *findings, struct xd_arena *arena, size_t keep)
{
    *findings = (struct xd_findings){.arena = arena, .keep = keep};
}

static bool
make_room(struct xd_findings *findings)
{
    size_t cap = findings->cap ? findings->cap * 2 : 32;
    struct xd_finding *list;

    if (findings->count < findings->cap) {
        return true;
    }
    list = xd_arena_array(findings->arena, cap, sizeof(*list));
    if (!list) {
        findings->failed = true;
        return false;
    }
    if (findings->count) {
        memcpy(list, findings->list, findings->count * sizeof(*list));
    }
    findings->list = list;
    findings->cap = cap;
    return true;
}

static struct xd_slice
keep_text(struct xd_arena *arena, struct xd_slice text)
{
    return text.len ? xd_arena_copy(arena, text) : XD_NONE;
}

static void
keep(struct xd_findings *findings, const struct xd_finding *finding)
{
    struct xd_finding *kept;

    if (findings->count >= findings->keep || !make_room(findings)) {
        return;
    }
    kept = &findings->list[findings->count++];
    *kept = *finding;
    kept->value = keep_text(findings->arena, finding->value);
    kept->detail = keep_text(findings->arena, finding->detail);
    kept->order = keep_text(findings->arena, finding->order);
    kept->parcel = keep_text(findings->arena, finding->parcel);
}

void
xd_findings_add(struct xd_findings *findings, const struct xd_finding *finding)
{
    findings->totals[finding->code]++;
    keep(findings, finding);
}

void
xd_findings_merge(struct xd_findings *to, const struct xd_findings *from)
{
    for (size_t i = 0; i < from->count; i++) {
        keep(to, &from->list[i]);
    }
    for (size_t i = 0; i < XD_F_COUNT; i++) {
        to->totals[i] += from->totals[i];
    }
    to->failed |= from->failed;
}

void
xd_diagnose(struct xd_diagnosis *out, enum xd_finding_code code, size_t off, size_t len,
            const char *format, ...)
{
    va_list args;

    out->code = code;
    out->span = (struct xd_span){(uint32_t)off, (uint32_t)len};
    va_start(args, format);
    (void)vsnprintf(out->detail, sizeof(out->detail), format, args);
    va_end(args);
}
