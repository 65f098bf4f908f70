/*
 * One place turns a failure into a status and a sentence, so that the command line can say what
 * happened without any room below it writing to the terminal.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

bool
xd_error_errno(struct xd_error *err, int status, int error_number, const char *format, ...)
{
    va_list args;
    char reason[128];
    size_t used;

    if (err->status != 0) {
        return false;
    }
    err->status = status;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    used = strlen(err->text);
    (void)snprintf(err->text + used, sizeof(err->text) - used, ": %s",
                   strerror_r(error_number, reason, sizeof(reason)));
    return false;
}
