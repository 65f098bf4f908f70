/*
 * What is wrong with an interchange and its messages, in the order in which it is answered, and
 * what becomes of interchanges whose document is refused after it was read.
 */
#include "model/interchange.h"

void
xd_edi_faults_add(struct xd_edi_faults *faults, struct xd_edi_fault *fault)
{
    struct xd_edi_fault **at = &faults->first;

    if (faults->last && faults->last->segment <= fault->segment) {
        at = &faults->last->next;
    }
    while (*at && (*at)->segment <= fault->segment) {
        at = &(*at)->next;
    }
    fault->next = *at;
    *at = fault;
    if (!fault->next) {
        faults->last = fault;
    }
    faults->kept++;
}

static void
refuse(struct xd_interchange *interchange, enum xd_finding_code code, struct xd_arena *arena)
{
    struct xd_edi_fault *fault = xd_arena_alloc(arena, sizeof(*fault));

    interchange->verdict = XD_EDI_REJECTED;
    for (struct xd_edi_group *group = interchange->first; group; group = group->next) {
        for (struct xd_edi_message *message = group->first; message; message = message->next) {
            message->rows = 0;
        }
    }
    interchange->faults.count++;
    if (fault) {
        *fault = (struct xd_edi_fault){.code = code};
        xd_edi_faults_add(&interchange->faults, fault);
    }
}

void
xd_interchanges_refuse(struct xd_interchange *list, uint16_t document, enum xd_finding_code code,
                       struct xd_arena *arena)
{
    for (; list; list = list->next) {
        if (list->document == document && list->verdict != XD_EDI_REJECTED) {
            refuse(list, code, arena);
        }
    }
}
