/*
 * The tables that the program carries inside itself: every file under schemas/, as the build found
 * it. A folder given at run time takes precedence, file by file.
 */
#ifndef XD_REFERENCE_EMBEDDED_H
#define XD_REFERENCE_EMBEDDED_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

struct xd_tables {
    const char *dir; /* --reference DIR, laid out as schemas/; NULL for the built-in tables alone */
    struct xd_arena *arena; /* holds what was read from `dir` */
};

/*
 * The text of a table by its path under schemas/, such as "reference/markets.tsv". False with *err
 * set (EX_CONFIG) when neither the folder nor the program has it.
 */
bool xd_tables_get(const struct xd_tables *tables, const char *path, struct xd_slice *text,
                   struct xd_error *err);

/* Whether `dir` holds at least one table under its path. False with *err, EX_NOINPUT: a name that
 * was mistyped must not mean the built-in tables. */
bool xd_tables_check(const char *dir, struct xd_error *err);

#endif
