/*
 * The output of landed-cost: rows for a spreadsheet, JSON for a program, and the steps of every sum
 * for a person who wants to redo it on paper.
 */
#ifndef XD_CLI_LANDED_OUTPUT_H
#define XD_CLI_LANDED_OUTPUT_H

#include "base/buf.h"
#include "base/json.h"
#include "cli/landed_input.h"
#include "reference/finding_text.h"

struct xd_landed_output {
    struct xd_buf *buf;
    struct xd_json json;
    const struct xd_finding_texts *texts;
    bool as_json;
    bool explain;
    bool errors; /* a finding of severity error was written */
};

void xd_landed_output_begin(struct xd_landed_output *output, xd_date date);

/* One consignment with its lines. `quoted` is what xd_duty_quote said; false also for a refused
 * group. */
void xd_landed_output_put(struct xd_landed_output *output, const struct xd_landed_input *input,
                          const struct xd_landed_group *group, const struct xd_landed_cost *cost,
                          bool quoted);

void xd_landed_output_end(struct xd_landed_output *output);

#endif
