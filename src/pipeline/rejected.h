/*
 * The rows that did not ship, given back as the merchant wrote them with what is wrong beside each,
 * so that they can be corrected in place and sent again.
 */
#ifndef XD_PIPELINE_REJECTED_H
#define XD_PIPELINE_REJECTED_H

#include "pipeline/run.h"

/* Adds rejected.csv to the outputs when rows of a CSV manifest were held or rejected;
 * rejected-2.csv and so on for further manifests of the run. False with *err set. */
bool xd_rejected_publish(struct xd_run *run);

#endif
