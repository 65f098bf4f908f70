/*
 * A table for a file or for standard output: the file appears whole or not at all.
 */
#ifndef XD_CLI_OUT_FILE_H
#define XD_CLI_OUT_FILE_H

#include "base/buf.h"
#include "base/error.h"

/* Writes `buf` to `path`, or to standard output when it is NULL. False with *err set, also when the
 * buffer had failed. */
bool xd_out_file(const char *path, const struct xd_buf *buf, struct xd_error *err);

#endif
