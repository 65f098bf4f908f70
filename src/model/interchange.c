/*
 * What becomes of interchanges whose document is refused after it was read.
 */
#include "model/interchange.h"

static void
refuse(struct xd_interchange *interchange, enum xd_finding_code code, struct xd_arena *arena)
{
    struct xd_edi_fault *fault = xd_arena_alloc(arena, sizeof(*fault));
    struct xd_edi_faults *faults = &interchange->faults;

    interchange->verdict = XD_EDI_REJECTED;
    for (struct xd_edi_group *group = interchange->first; group; group = group->next) {
        for (struct xd_edi_message *message = group->first; message; message = message->next) {
            message->rows = 0;
        }
    }
    faults->count++;
    if (!fault) {
        return;
    }
    *fault = (struct xd_edi_fault){.code = code};
    *(faults->last ? &faults->last->next : &faults->first) = fault;
    faults->last = fault;
    faults->kept++;
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
