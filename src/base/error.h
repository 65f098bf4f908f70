/*
 * An error is a failure of our surroundings (disk, memory, permission, a broken reference table),
 * never of the merchant's data: that is a finding. It carries the exit status of sysexits.h and one
 * sentence for a person.
 */
#ifndef XD_BASE_ERROR_H
#define XD_BASE_ERROR_H

#include <stdbool.h>

struct xd_error {
    int status; /* 0 none, else EX_USAGE .. EX_CONFIG of <sysexits.h> */
    char text[512];
};

/* Records the first error and keeps it: the cause is worth more than what follows from it. Always
 * false. */
bool xd_error_set(struct xd_error *err, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with ": " and the text of `error_number` (an errno value) behind it. A full disk is
 * EX_TEMPFAIL, a missing permission EX_NOPERM and missing memory EX_OSERR whatever the status.
 * Always false. */
bool xd_error_errno(struct xd_error *err, int status, int error_number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
