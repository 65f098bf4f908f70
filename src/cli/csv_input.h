/*
 * A whole CSV or tab-separated table as rows of cells, for commands whose input is a table of their
 * own rather than a manifest. The reading is the CSV reader's; a fault is one sentence with its
 * line.
 */
#ifndef XD_CLI_CSV_INPUT_H
#define XD_CLI_CSV_INPUT_H

#include "base/error.h"
#include "base/file.h"
#include "model/document.h"
#include "model/rows.h"
#include "reference/limits.h"

struct xd_csv_input {
    struct xd_input file;
    struct xd_document document;
    struct xd_columns columns;
    struct xd_rows rows;
    struct xd_slice header[XD_COLUMNS_MAX]; /* without quotes, trimmed */
    char delimiter;
    char fault[300]; /* why the table cannot be read; empty when it can */
};

/*
 * Opens and reads all of `path` ("-": standard input) into `arena`. False with *err set when the
 * file cannot be opened; a table that cannot be read has input->fault. Closed by the caller either
 * way.
 */
bool xd_csv_input_open(struct xd_csv_input *input, const char *path, struct xd_arena *arena,
                       struct xd_error *err);
void xd_csv_input_close(struct xd_csv_input *input);

/* The column of that name, letters of either case; -1 when there is none. */
int xd_csv_input_column(const struct xd_csv_input *input, const char *name);

/* The trimmed value; empty for column -1. */
struct xd_slice xd_csv_input_value(const struct xd_csv_input *input, uint32_t row, int column,
                                   struct xd_arena *arena);

/* Editor line of a row, from 1. */
uint64_t xd_csv_input_line(const struct xd_csv_input *input, uint32_t row);

/*
 * The text of a table in our own tab-separated form: as it is when its header has tabs, else
 * converted from CSV. False with *err set (EX_NOINPUT or EX_DATAERR).
 */
bool xd_table_text(const char *path, struct xd_arena *arena, struct xd_slice *text,
                   struct xd_error *err);

#endif
