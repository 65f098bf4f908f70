/*
 * One place turns a failure into a status and a sentence, so that the command line can say what
 * happened without any room below it writing to the terminal.
 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

bool
xd_error_set(struct xd_error *err, int status, const char *format, ...)
{
    va_list args;

    if (err->status != 0) {
        return false;
    }
    err->status = status;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return false;
}

/* What some failures mean wherever they happen. */
static int
status_of(int error_number, int otherwise)
{
    switch (error_number) {
    case ENOSPC:
    case EDQUOT:
        return EX_TEMPFAIL;
    case EACCES:
    case EPERM:
        return EX_NOPERM;
    case ENOMEM:
        return EX_OSERR;
    default:
        return otherwise;
    }
}

bool
xd_error_errno(struct xd_error *err, int status, int error_number, const char *format, ...)
{
    va_list args;
    char reason[128];
    size_t used;

    if (err->status != 0) {
        return false;
    }
    err->status = status_of(error_number, status);
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    used = strlen(err->text);
    (void)snprintf(err->text + used, sizeof(err->text) - used, ": %s",
                   strerror_r(error_number, reason, sizeof(reason)));
    return false;
}
