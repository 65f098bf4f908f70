/*
 * One fault, told twice: to the merchant as a finding with the byte and the place in words, and to
 * the partner as an entry of the syntax report. What is kept of either is bounded, so a message in
 * which every segment is wrong costs no memory.
 */
#include <stdarg.h>
#include <stdio.h>

#include "reader/edi.h"

#define FAULTS_OF_MESSAGE  99 /* UCS occurs at most 999 times, AK4 99 times */
#define FAULTS_OF_DOCUMENT 10000
#define VALUE_BYTES        99 /* AK404, the longest copy of bad data that is sent back */

static struct xd_slice
tag_in_hand(const struct xd_edi *edi)
{
    if (edi->missing) {
        return xd_slice_str(edi->missing);
    }
    return edi->scan.count ? xd_slice_sub(xd_edi_part(&edi->scan, 0), 0, 3) : XD_NONE;
}

static void
keep_fault(struct xd_edi *edi, struct xd_edi_faults *faults, const struct xd_edi_fault *fault)
{
    struct xd_edi_fault *kept;

    faults->count++;
    if (faults->kept >= FAULTS_OF_MESSAGE || edi->faults_kept >= FAULTS_OF_DOCUMENT) {
        return;
    }
    kept = xd_arena_alloc(edi->reading->arena, sizeof(*kept));
    if (!kept) {
        return;
    }
    *kept = *fault;
    kept->value = xd_arena_copy(edi->reading->arena, xd_slice_sub(fault->value, 0, VALUE_BYTES));
    xd_edi_faults_add(faults, kept);
    edi->faults_kept++;
}

static void
judge(struct xd_edi *edi, enum xd_edi_verdict *verdict, enum xd_finding_code code)
{
    if (edi->codes.reject[code]) {
        *verdict = XD_EDI_REJECTED;
    } else if (*verdict == XD_EDI_ACCEPTED) {
        *verdict = XD_EDI_ACCEPTED_WITH_ERRORS;
    }
}

static void
report(struct xd_edi *edi, enum xd_edi_level level, const struct xd_edi_fault *fault)
{
    if (level == XD_EDI_LEVEL_MESSAGE && edi->message) {
        keep_fault(edi, &edi->message->faults, fault);
        judge(edi, &edi->message->verdict, fault->code);
    } else if (level == XD_EDI_LEVEL_GROUP && edi->group) {
        keep_fault(edi, &edi->group->faults, fault);
        judge(edi, &edi->group->verdict, fault->code);
    } else if (edi->interchange) {
        keep_fault(edi, &edi->interchange->faults, fault);
        judge(edi, &edi->interchange->verdict, fault->code);
    }
}

/* "message 2, segment 17 (NAD), element 3, component 2"; returns its length. */
static size_t
place(const struct xd_edi *edi, const struct xd_edi_fault *fault, char *out, size_t size)
{
    int len = 0;

    if (edi->message) {
        len = snprintf(out, size, "message %u (%.*s), segment %u", edi->interchange->messages,
                       (int)(edi->message->reference.len > 35 ? 35 : edi->message->reference.len),
                       edi->message->reference.len ? edi->message->reference.ptr : "",
                       fault->segment);
    } else {
        len = snprintf(out, size, fault->tag[0] ? "segment" : "interchange");
    }
    len += snprintf(out + len, size - (size_t)len, fault->tag[0] ? " %s" : "%s", fault->tag);
    if (fault->element) {
        len += snprintf(out + len, size - (size_t)len, ", element %u", fault->element);
    }
    if (fault->component) {
        len += snprintf(out + len, size - (size_t)len, ", component %u", fault->component);
    }
    return (size_t)len;
}

static bool
finding_is_kept(const struct xd_findings *findings)
{
    return findings->count < findings->keep;
}

__attribute__((format(printf, 4, 0))) static void
add_finding(struct xd_edi *edi, const struct xd_edi_fault *fault, size_t offset, const char *format,
            va_list args)
{
    struct xd_findings *findings = edi->reading->findings;
    struct xd_finding finding = {
        .code = fault->code,
        .document = edi->reading->document->index,
        .field = XD_FIELD_NONE,
        .placed = true,
        .offset = offset,
        .value = fault->value,
    };
    char detail[600];
    size_t len;

    if (finding_is_kept(findings)) {
        len = place(edi, fault, detail, 300);
        if (format) {
            len += (size_t)snprintf(detail + len, 3, ": ");
            (void)vsnprintf(detail + len, sizeof(detail) - len, format, args);
        }
        finding.detail = xd_slice_str(detail);
    }
    xd_findings_add(findings, &finding);
}

/* Number of the level of the hierarchy in which the segment in hand stands; 0 when it stands in
 * front of the levels or behind them. */
static uint32_t
level_in_hand(const struct xd_edi *edi)
{
    const struct xd_edi_message_table *table = edi->table;
    uint8_t node = edi->node;
    uint8_t segment;

    if (!table || edi->scan.count == 0) {
        return 0;
    }
    segment = xd_edi_segment_find(table->directory, xd_edi_key(edi));
    if (segment != XD_EDI_NONE && table->nodes[node].segment != segment) {
        node = table->follow[(size_t)node * table->directory->segment_count + segment];
    }
    if (node != XD_EDI_NONE && table->nodes[node].parent == XD_EDI_NONE &&
        !table->nodes[node].trigger) {
        return 0;
    }
    return edi->map.nodes;
}

void
xd_edi_tell(struct xd_edi *edi, enum xd_edi_level level, enum xd_finding_code code,
            unsigned element, unsigned component, const char *format, ...)
{
    struct xd_slice tag = tag_in_hand(edi);
    struct xd_edi_fault fault = {
        .code = code,
        .segment = edi->message ? edi->position : 0,
        .node = level_in_hand(edi),
        .element = (uint16_t)element,
        .component = (uint16_t)component,
    };
    size_t offset = edi->scan.offset;
    va_list args;

    if (tag.len) {
        memcpy(fault.tag, tag.ptr, tag.len);
    }
    if (element && element <= edi->scan.elements) {
        fault.value = xd_edi_raw(edi, element, component ? component : 1);
        offset = fault.value.ptr
                     ? xd_edi_part_offset(&edi->scan, edi->scan.element_part[element] +
                                                          (component ? component - 1 : 0))
                     : offset;
    }
    report(edi, level, &fault);
    va_start(args, format);
    add_finding(edi, &fault, offset, format, args);
    va_end(args);
}

void
xd_edi_tell_earlier(struct xd_edi *edi, const struct xd_edi_spot *spot, enum xd_finding_code code,
                    const char *format, ...)
{
    struct xd_edi_fault fault = {
        .code = code,
        .segment = spot->position,
        .element = spot->element,
        .value = spot->value,
    };
    va_list args;

    memcpy(fault.tag, spot->tag, sizeof(fault.tag));
    report(edi, XD_EDI_LEVEL_MESSAGE, &fault);
    va_start(args, format);
    add_finding(edi, &fault, spot->offset, format, args);
    va_end(args);
}

struct xd_edi_spot
xd_edi_spot(const struct xd_edi *edi, unsigned element)
{
    struct xd_slice tag = tag_in_hand(edi);
    struct xd_edi_spot spot = {
        .position = edi->position,
        .element = (uint16_t)element,
        .offset = edi->scan.offset,
        .value = xd_edi_raw(edi, element, 1),
    };

    memcpy(spot.tag, tag.ptr, tag.len);
    if (spot.value.len) {
        spot.offset = xd_edi_part_offset(&edi->scan, edi->scan.element_part[element]);
        spot.value = xd_slice_of(edi->scan.text + spot.offset, spot.value.len);
    }
    return spot;
}

void
xd_edi_tell_missing(struct xd_edi *edi, enum xd_edi_level level, enum xd_finding_code code,
                    const char *tag)
{
    edi->missing = tag;
    xd_edi_tell(edi, level, code, 0, 0, "%s is missing", tag);
    edi->missing = NULL;
}

void
xd_edi_note(struct xd_edi *edi, enum xd_finding_code code, const char *format, ...)
{
    struct xd_slice tag = tag_in_hand(edi);
    struct xd_edi_fault fault = {.code = code, .segment = edi->message ? edi->position : 0};
    va_list args;

    if (tag.len) {
        memcpy(fault.tag, tag.ptr, tag.len);
    }
    va_start(args, format);
    add_finding(edi, &fault, edi->scan.offset, format, args);
    va_end(args);
}
