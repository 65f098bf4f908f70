/*
 * What an EDI partner must be told: which interchange came, which messages were in it, and what
 * became of each. The reader fills it; the acknowledgement writers turn it into CONTRL, TA1, 997 or
 * 999.
 */
#ifndef XD_MODEL_INTERCHANGE_H
#define XD_MODEL_INTERCHANGE_H

#include "base/slice.h"

struct xd_interchange;

#endif
